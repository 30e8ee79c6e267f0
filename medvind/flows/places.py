"""The way out of one channel in this process: so many calls at once, and never faster than its allowance."""

import asyncio
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

    def taken(self, clock: Clock, weight: int) -> "Taken":
        """For a call that counts so much, from its turn to its end. Turns that were missed are not taken all at once."""
        return Taken(self, clock, weight)

    async def begin(self, clock: Clock, weight: int) -> float:
        """Waits for a free place and the turn; since when, on the monotonic clock, the call is under way."""
        await self._calls.acquire()
        try:
            await self._take_turn(clock, weight)
        except BaseException:
            self._calls.release()
            raise
        self._out += 1
        return clock.monotonic()

    def end(self, began: float | None, ended: float) -> None:
        """The place is free again. `began`: where the call came to an answer, when it was begun."""
        if began is not None:
            self._hear(began, ended)
        self._out -= 1
        self._calls.release()

    async def _take_turn(self, clock: Clock, weight: int) -> None:
        """Only the first in line sleeps: all that slept through a standstill would leave together.

        Where nobody stands there and the turn has come, there is nothing to stand in line for.
        """
        turn = self._turn(clock)
        if self._line.locked() or turn > clock.monotonic() + TOGETHER:
            async with self._line:
                turn = self._turn(clock)
                if (rest := turn - clock.monotonic()) > TOGETHER:
                    await clock.sleep_until(clock.now() + timedelta(seconds=rest))
                self._next = turn + weight / self._rate
        else:
            self._next = turn + weight / self._rate

    def _turn(self, clock: Clock) -> float:
        now = clock.monotonic()
        return now if self._next is None else max(self._next, now - CATCH_UP)

    def _hear(self, began: float, ended: float) -> None:
        """An answer that comes late says that one of us stood still. If it was the provider, it has taken at once what is out.

        So much less is caught up, for that would come on top of it.
        """
        took = ended - began
        if took > self._usual + CATCH_UP:
            at_once = max(CATCH_UP - self._out / self._rate, 0.0) - TOGETHER
            self._next = max(self._next or ended, ended - at_once)
        self._usual += LEARNS * (took - self._usual)


class Taken:
    """A place of `Place` that is held for one call; what ends without an answer says nothing of the provider's speed."""

    def __init__(self, place: Place, clock: Clock, weight: int) -> None:
        self._place, self._clock, self._weight = place, clock, weight
        self._began = 0.0

    async def __aenter__(self) -> None:
        self._began = await self._place.begin(self._clock, self._weight)

    async def __aexit__(self, kind: object, *_: object) -> None:
        self._place.end(self._began if kind is None else None, self._clock.monotonic())
