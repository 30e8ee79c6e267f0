"""The way out of one channel in this process: so many calls at once, and never faster than its allowance."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from medvind.clock import Clock

CATCH_UP = 0.03
"""Seconds of its allowance that a channel may use late, all at once: what a short standstill of the process has cost.

More at once a provider refuses, and then the whole channel rests.
"""
TOGETHER = 0.005
"""Seconds before its turn at which a call may begin already: to wake for each one costs more than to make it."""
LEARNS = 0.1
"""How much of what is usual the last call says."""


class Place:
    """Each channel has its own: one that is silent holds up no other."""

    def __init__(self, calls: int, rate: float) -> None:
        self._calls = asyncio.Semaphore(calls)
        self._line = asyncio.Lock()
        self._rate = rate
        self._next: float | None = None
        self._usual = 0.0
        self._out = 0

    @asynccontextmanager
    async def taken(self, clock: Clock, weight: int) -> AsyncIterator[None]:
        """For a call that counts so much, from its turn to its end. Turns that were missed are not taken all at once.

        Only the first in line sleeps: all that slept through a standstill would leave together.
        """
        async with self._calls:
            async with self._line:
                now = clock.monotonic()
                turn = now if self._next is None else max(self._next, now - CATCH_UP)
                if turn > now + TOGETHER:
                    await clock.sleep_until(clock.now() + timedelta(seconds=turn - now))
                self._next = turn + weight / self._rate
            began = clock.monotonic()
            self._out += 1
            try:
                yield
                self._hear(began, clock.monotonic())
            finally:
                self._out -= 1

    def _hear(self, began: float, ended: float) -> None:
        """An answer that comes late says that one of us stood still. If it was the provider, it has taken at once what is out.

        So much less is caught up, for that would come on top of it.
        """
        took = ended - began
        if took > self._usual + CATCH_UP:
            at_once = max(CATCH_UP - self._out / self._rate, 0.0) - TOGETHER
            self._next = max(self._next or ended, ended - at_once)
        self._usual += LEARNS * (took - self._usual)
