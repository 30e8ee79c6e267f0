"""The event loop that the processes run on, and how long work may hold it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

try:
    from uvloop import new_event_loop as _new
except ImportError:  # it is not made for every machine
    LOOP: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    LOOP = _new

T = TypeVar("T")
SWITCH = 0.001
"""Seconds after which a busy thread lets another one on (CPython's default is five times that).

SQLite's thread lets go of the interpreter at each row it reads, and waits as long as this to get it back.
"""
BREATH = 16
"""Letters written or people planned in one go: a few milliseconds."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, on uvloop where it installs: it takes about a twentieth less of the processor's time here."""
    sys.setswitchinterval(SWITCH)
    with asyncio.Runner(loop_factory=LOOP) as runner:
        return runner.run(main)


async def in_breaths(things: Iterable[T]) -> AsyncIterator[T]:
    """One after another. After every few of them whatever waits beside it has its turn: calls have their moments."""
    for number, one in enumerate(things):
        if number % BREATH == 0:
            await asyncio.sleep(0)
        yield one
