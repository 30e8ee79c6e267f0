"""A wall clock that leaps: ahead, nothing is done by it until the database's clock agrees; back, nothing waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from medvind.clock import Clock
from medvind.errors import ConflictError, DatabaseAwayError
from medvind.store.beats import database_time
from medvind.store.database import Database, Session
from medvind.store.leaps import bring_back

AHEAD = timedelta(minutes=10)
"""A clock that is put ahead by more is not believed unseen."""
BACK = timedelta(seconds=5)
"""Put back by less, nothing waits for long."""
NAP = timedelta(seconds=10)
"""Longer than a turn is ever waited for."""
Trust = Callable[[], Awaitable[bool]]

log = structlog.get_logger()


async def always() -> bool:
    """Whoever moves the clock on purpose believes it."""
    return True


def _is_usual(leap: timedelta) -> bool:
    return -BACK <= leap <= AHEAD


@dataclass(slots=True)
class Watch:
    """A clock that believes the wall as long as it goes on as the monotonic one does, else once the database's clock agrees.

    After a leap ahead it doubts for a `rest` of real time even where the database agrees: by the new wall the leases of calls
    that are still under way are over, and they would be sent again.
    """

    db: Database
    clock: Clock
    rest: timedelta
    theirs: Callable[[Session], Awaitable[datetime]] = database_time
    _seen: tuple[datetime, float] | None = None
    _leapt_at: float | None = None
    _said: bool = False
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self) -> datetime:
        """What the wall shows; after a leap what it would show without it, until that is looked into."""
        wall = self.clock.now()
        return wall - self._strange(wall)

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return self.clock.monotonic()

    async def sleep_until(self, moment: datetime) -> None:
        """However far the wall has leapt, it sleeps no longer for it: who waits for a turn waits for seconds."""
        await self.clock.sleep_until(min(moment, self.now() + NAP) + self._strange(self.clock.now()))

    async def believes(self) -> bool:
        """Whether what the wall shows may be acted upon."""
        if self._goes_on():
            return True
        async with self._asking:
            return self._goes_on() or await self._ask()

    def _strange(self, wall: datetime) -> timedelta:
        leap = self._leap(wall)
        return timedelta() if leap is None or _is_usual(leap) else leap

    def _leap(self, wall: datetime) -> timedelta | None:
        """How far the wall has moved on by more than time has passed; None before the first look."""
        if self._seen is None:
            return None
        seen, monotonic = self._seen
        return wall - seen - timedelta(seconds=self.clock.monotonic() - monotonic)

    def _goes_on(self) -> bool:
        leap = self._leap(self.clock.now())
        if leap is None or not _is_usual(leap):
            return False
        self._believe()
        return True

    def _believe(self) -> None:
        if self._said:
            log.info("clock_believed")
        self._seen = (self.clock.now(), self.clock.monotonic())
        self._leapt_at, self._said = None, False

    def _doubt(self, event: str, by: timedelta) -> None:
        """Said once a leap."""
        if not self._said:
            log.warning(event, seconds=round(by.total_seconds()))
        self._said = True

    async def _ask(self) -> bool:
        leap = self._leap(self.clock.now())
        if leap is not None:
            self._doubt("clock_leapt", leap)
        if leap is not None and leap > AHEAD and self._calls_under_way():
            return False
        try:
            async with self.db.read() as session:
                ahead = self.clock.now() - await self.theirs(session)
            if ahead > AHEAD:
                self._doubt("clock_ahead_of_database", ahead)
                return False
            if leap is not None and leap < -BACK:
                async with self.db.begin() as session:
                    await bring_back(session, self.clock.now())
        except (DatabaseAwayError, ConflictError):
            return False
        self._believe()
        return True

    def _calls_under_way(self) -> bool:
        now = self.clock.monotonic()
        if self._leapt_at is None:
            self._leapt_at = now
        return now - self._leapt_at < self.rest.total_seconds()
