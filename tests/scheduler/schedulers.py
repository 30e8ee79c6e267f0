"""A whole scheduler, beats and sending loop, on a clock that a test moves."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from medvind.clock import Clock
from medvind.flows.deliver import Machine
from medvind.store.database import Database
from medvind.texts import Catalogue
from scheduler.clockwork import Beat, beats
from scheduler.leaps import Trust, always
from scheduler.ticker import Ticker
from scheduler.worker import work
from tests.scheduler.rig import LIMIT, running

TICK = timedelta(seconds=0.02)
LOOK = 0.1


@dataclass
class Scheduler:
    """One worker's process; `looks` counts the beats that came through."""

    db: Database
    machine: Machine
    clock: Clock
    trust: Trust = always
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    looks: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    @asynccontextmanager
    async def under_way(self, catalogue: Catalogue) -> AsyncIterator[None]:
        """Beats and sends; stopped at the end."""
        counted = [replace(beat, run=partial(self._count, beat)) for beat in beats(self.db, self.machine, self.clock)]
        ticker = Ticker(self.db, self.machine.worker, self.clock, counted, tick=TICK, trust=self._believes)
        async with running(ticker.run), running(lambda stop: self._work(catalogue, stop)):
            yield

    async def _work(self, catalogue: Catalogue, stop: asyncio.Event) -> None:
        await work(self.db, self.machine, catalogue, self.clock, wake=self.wake, stop=stop, look=LOOK, trust=self._believes)

    async def _believes(self) -> bool:
        believed = await self.trust()
        self.refused += not believed
        return believed

    async def _count(self, beat: Beat) -> None:
        await beat.run()
        self.looks[beat.name] += 1

    async def until_looked(self, *names: str) -> None:
        """Each of these beats has come through once more."""
        before = Counter(self.looks)
        await self.until(lambda: all(self.looks[name] > before[name] for name in names))

    async def until_refused(self, times: int = 3) -> None:
        """So often once more the clock was not believed."""
        before = self.refused
        await self.until(lambda: self.refused >= before + times)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Asks the database between two looks, so that others have their turn."""
        async with asyncio.timeout(LIMIT):
            while not condition():
                async with self.db.read() as session:
                    await session.connection()
