"""APScheduler as a ticker: it says "look now" and carries no duty. The drain is our own, since its own cancels."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from medvind.clock import Clock
from medvind.errors import ConflictError, DatabaseAwayError
from medvind.store import beats as heartbeats
from medvind.store.database import Database
from scheduler.clockwork import LATER, SHORTEST, SOON, Beat, Look
from scheduler.leaps import Trust, always

TICK = SHORTEST / 2
"""A tick costs two looks at a clock, so a wall clock that was moved is noticed at once and not after a beat's whole hour."""
AGAIN = timedelta(seconds=30)
"""A beat that failed, or that did not believe the clock, rests no longer than this: the database may be back."""

log = structlog.get_logger()


class Ticker:
    """Runs beats until it is told to stop, and then waits for those under way."""

    def __init__(
        self, db: Database, worker: str, clock: Clock, beats: Iterable[Beat], *, tick: timedelta = TICK, trust: Trust = always
    ) -> None:
        self._db, self._worker, self._clock, self._every, self._trust = db, worker, clock, tick, trust
        self._beats = tuple(beats)
        self._last: dict[str, Look] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Looks at once, then ticks until then. A beat that fails is logged and comes again; it never ends the ticker."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(
            self._tick, "interval", args=(stop,), seconds=self._every.total_seconds(), misfire_grace_time=None, coalesce=True
        )
        await self._tick(stop)
        scheduler.start()
        try:
            await stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            await asyncio.gather(*self._under_way)

    async def _tick(self, stop: asyncio.Event) -> None:
        """Starts what is due; nothing once it is time to stop, since nobody would wait for it."""
        for beat in self._beats:
            last = self._last.get(beat.name)
            if not stop.is_set() and (last is None or last.over(self._clock)):
                self._start(beat)

    def _start(self, beat: Beat) -> None:
        """One look at a time: a beat that is still under way is passed by."""
        if any(task.get_name() == beat.name for task in self._under_way):
            return
        task = asyncio.create_task(self._look(beat), name=beat.name)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _look(self, beat: Beat) -> None:
        wall, monotonic = self._clock.now(), self._clock.monotonic()
        self._last[beat.name] = Look(wall, monotonic, min(beat.every, AGAIN))
        try:
            if not await self._trust():
                return
            if await beat.run() is LATER:
                self._last[beat.name] = Look(wall, monotonic, SOON)
                return
            async with self._db.begin() as session:
                await heartbeats.beat(session, beat.name, self._worker, self._clock.now())
        except (DatabaseAwayError, ConflictError) as error:
            log.warning("beat_missed", beat=beat.name, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the last stop: a broken beat must not end the others
            log.error("beat_failed", beat=beat.name, error=type(error).__name__)  # noqa: TRY400 - the text may hold values
        else:
            self._last[beat.name] = Look(wall, monotonic, beat.every)
