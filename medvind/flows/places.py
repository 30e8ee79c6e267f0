"""The way out of one channel in this process: so many calls at once, and never faster than its allowance."""

import asyncio
from datetime import timedelta

from medvind.clock import Clock

CATCH_UP = 0.03
"""Seconds of its allowance that a channel may use late, all at once: what a short standstill of the process has cost.

More at once a provider refuses, and then the whole channel rests.
"""


class Place:
    """Each channel has its own: one that is silent holds up no other."""

    def __init__(self, calls: int, rate: float) -> None:
        self._calls = asyncio.Semaphore(calls)
        self._line = asyncio.Lock()
        self._rate = rate
        self._next = 0.0

    async def take(self, clock: Clock, weight: int) -> None:
        """For a call that counts so much, to be left at its end. Turns that were missed are not taken all at once.

        Only the first in line sleeps: all that slept through a standstill would leave together.
        """
        await self._calls.acquire()
        try:
            async with self._line:
                now = clock.monotonic()
                turn = max(self._next, now - CATCH_UP)
                if turn > now:
                    await clock.sleep_until(clock.now() + timedelta(seconds=turn - now))
                self._next = turn + weight / self._rate
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """The call is over."""
        self._calls.release()
