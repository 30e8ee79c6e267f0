"""The beats, as data: what is looked at again and again, and how often. A missed beat loses nothing; the rows are there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from medvind.clock import Clock
from medvind.flows.deliver import Machine
from medvind.flows.plan import plan_all
from medvind.flows.settle import settle_doubts, sweep
from medvind.store.database import Database

SHORTEST = timedelta(seconds=0.5)
PLANNING = 30.0
"""Seconds that the plan of one batch of people may take: more than other transactions, and not for ever."""


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


def beats(db: Database, machine: Machine, clock: Clock) -> tuple[Beat, ...]:
    """The beats of one worker. Doubts are looked at often enough that the set quiet time and lease mean what they say."""
    return (
        Beat("sweep", _part(machine.lease, timedelta(seconds=5)), lambda: sweep(db, clock)),
        Beat("settle", _part(machine.ask_after, timedelta(seconds=10)), lambda: settle_doubts(db, machine, clock)),
        Beat("plan", timedelta(hours=1), lambda: plan_all(db, clock, limit=PLANNING)),
    )


def _part(span: timedelta, longest: timedelta) -> timedelta:
    return max(SHORTEST, min(longest, span / 4))
