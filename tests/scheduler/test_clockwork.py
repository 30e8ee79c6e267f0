"""How often is looked, by what is set."""

from datetime import datetime, timedelta

import pytest

from medvind.flows.deliver import Machine
from medvind.flows.plan import Counts
from medvind.store.database import Database
from scheduler.clockwork import COURTESY, LATER, SHORTEST, Look, beats
from tests.fakes import HandClock
from tests.people import add_duty, add_person
from tests.scheduler.rig import HOUR, TwoHands


@pytest.mark.parametrize(
    ("lease", "ask_after", "sweep", "settle"),
    [(40, 120, 5, 10), (8, 20, 2, 5), (0.4, 0.4, 0.5, 0.5), (86_400, 86_400, 5, 10)],
)
async def test_doubts_are_looked_at_often_enough_that_the_settings_mean_what_they_say(
    sqlite_db: Database, now: datetime, lease: float, ask_after: float, sweep: float, settle: float
) -> None:
    machine = Machine("worker-1", {}, lease=timedelta(seconds=lease), ask_after=timedelta(seconds=ask_after))
    every = {beat.name: beat.every.total_seconds() for beat in beats(sqlite_db, machine, HandClock(now))}
    assert every == {"sweep": sweep, "settle": settle, "catch_up": 300, "unread": 300, "plan": 3600, "clear_up": 300}


async def test_the_beats_do_what_their_names_say(db: Database, now: datetime) -> None:
    for beat in beats(db, Machine("worker-1", {}), HandClock(now)):
        await beat.run()


async def test_planning_lets_what_is_due_leave_first_and_not_for_ever(db: Database, now: datetime) -> None:
    clock = TwoHands(now)
    (plan,) = (beat.run for beat in beats(db, Machine("worker-1", {}), clock) if beat.name == "plan")
    assert await plan() == Counts()
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        await add_duty(session, db.vault, maja, due_at=now)
    assert await plan() is LATER
    clock.seconds += COURTESY - 1
    assert await plan() is LATER
    clock.seconds += 1
    assert await plan() == Counts(withdrawn=1, people=1)


@pytest.mark.parametrize(
    ("wall", "seconds", "over"),
    [
        (timedelta(), 0, False),
        (HOUR - SHORTEST, 3599.5, False),
        (HOUR, 0, True),
        (timedelta(), 3600, True),
        (timedelta(days=9), 0, True),
        (timedelta(days=-9), 3599, False),
        (timedelta(days=-9), 3600, True),
    ],
)
def test_a_rest_is_over_by_either_clock(now: datetime, wall: timedelta, seconds: float, *, over: bool) -> None:
    clock = TwoHands(now + wall)
    clock.seconds = 100 + seconds
    assert Look(now, 100, HOUR).over(clock) is over
