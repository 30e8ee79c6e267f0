"""The beats, as data: what is looked at again and again, and how often. A missed beat loses nothing; the rows are there."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from medvind.clock import Clock
from medvind.flows.catch_up import catch_up
from medvind.flows.copies import clear_up
from medvind.flows.deliver import Machine
from medvind.flows.plan import plan_all
from medvind.flows.settle import settle_doubts, sweep
from medvind.flows.unread import remind
from medvind.store import front
from medvind.store.database import Database

SHORTEST = timedelta(seconds=0.5)
CATCH_UP = timedelta(minutes=5)
"""Well within the quarter of an hour for which an answer to what somebody wrote is good."""
READING = timedelta(minutes=5)
"""Who is told after hours that something is unread does not miss five minutes."""
CLEAR_UP = timedelta(minutes=5)
"""Between two looks at what a provider keeps of people who were erased: few ever are."""
PLANNING = 30.0
"""Seconds that the plan of one batch of people may take: more than other transactions, and not for ever."""
COURTESY = 300.0
"""Seconds for which planning lets what is due leave first: nobody waits for a message because of next month's."""


class Later(Enum):
    """What a beat answers that will not run now: it is asked again soon, and has not come through."""

    LATER = auto()


LATER = Later.LATER
SOON = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Beat:
    """Something to look at, and the time between two looks."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Look:
    """When a beat last began, as both clocks showed it, and how long it may rest from then on."""

    wall: datetime
    monotonic: float
    rest: timedelta

    def over(self, clock: Clock) -> bool:
        """Whether it is time again by either clock: the wall may be moved on by days, and it may be put back."""
        passed = timedelta(seconds=clock.monotonic() - self.monotonic)
        return clock.now() - self.wall >= self.rest or passed >= self.rest


@dataclass(slots=True)
class _Planner:
    """Plans everybody, when nothing is due; where something always is, after a while all the same."""

    db: Database
    clock: Clock
    waits_since: float | None = None

    async def run(self) -> object:
        if await self._busy():
            return LATER
        self.waits_since = None
        return await plan_all(self.db, self.clock, limit=PLANNING)

    async def _busy(self) -> bool:
        async with self.db.read() as session:
            due = await front.next_due(session)
        if due is None or due > self.clock.now():
            return False
        now = self.clock.monotonic()
        self.waits_since = now if self.waits_since is None else self.waits_since
        return now - self.waits_since < COURTESY


def beats(db: Database, machine: Machine, clock: Clock, stop: asyncio.Event | None = None) -> tuple[Beat, ...]:
    """The beats of one worker; after `stop` a long one ends early.

    Doubts are looked at often enough that the set quiet time and lease mean what they say.
    """
    return (
        Beat("sweep", _part(machine.lease, timedelta(seconds=5)), lambda: sweep(db, clock)),
        Beat("settle", _part(machine.ask_after, timedelta(seconds=10)), lambda: settle_doubts(db, machine, clock, stop)),
        Beat("catch_up", CATCH_UP, lambda: catch_up(db, machine, clock)),
        Beat("unread", READING, lambda: remind(db, machine.worker, clock)),
        Beat("plan", timedelta(hours=1), _Planner(db, clock).run),
        Beat("clear_up", CLEAR_UP, lambda: clear_up(db, machine, clock, stop)),
    )


def _part(span: timedelta, longest: timedelta) -> timedelta:
    return max(SHORTEST, min(longest, span / 4))
