"""A clock whose wall and monotonic sides move apart, and beats that are counted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scheduler.clockwork import Beat
from scheduler.ticker import Ticker
from tests.fakes import HandClock

LIMIT = 10.0
HOUR = timedelta(hours=1)


class TwoHands(HandClock):
    """The wall may be put anywhere; the other side only goes on."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Counted:
    """A beat that counts its looks, fails as it is told, and may be held in the middle of one."""

    name: str = "plan"
    every: timedelta = HOUR
    begun: int = 0
    done: int = 0
    fails_with: Exception | None = None
    answers: object = None
    open: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.open.set()

    @property
    def beat(self) -> Beat:
        return Beat(self.name, self.every, self._look)

    async def _look(self) -> object:
        await self._count(begun=1)
        await self.open.wait()
        if self.fails_with is not None:
            raise self.fails_with
        await self._count(done=1)
        return self.answers

    async def _count(self, *, begun: int = 0, done: int = 0) -> None:
        async with self.changed:
            self.begun += begun
            self.done += done
            self.changed.notify_all()

    async def until(self, condition: Callable[["Counted"], bool]) -> None:
        """Waits for it, with a limit."""
        async with asyncio.timeout(LIMIT), self.changed:
            await self.changed.wait_for(lambda: condition(self))


@dataclass(frozen=True)
class Running:
    """Something that goes on until it is told to stop."""

    stop: asyncio.Event
    task: asyncio.Task[None]


@asynccontextmanager
async def running(start: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> AsyncIterator[Running]:
    """Under way; stopped at the end, however it went."""
    stop = asyncio.Event()
    one = Running(stop, asyncio.create_task(start(stop)))
    try:
        yield one
    finally:
        stop.set()
        async with asyncio.timeout(LIMIT):
            await one.task


def ticking(ticker: Ticker) -> AbstractAsyncContextManager[Running]:
    """The ticker under way."""
    return running(ticker.run)


async def ticks(mark: Counted, times: int = 2) -> None:
    """Lets the ticker tick: `mark` is a beat without any rest, which counts the ticks."""
    seen = mark.done
    await mark.until(lambda one: one.done >= seen + times)
