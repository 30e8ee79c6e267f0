"""How long the sending loop sleeps where it found nothing that it could take."""

from datetime import datetime, timedelta

import pytest

from medvind.store.database import Database
from scheduler.worker import BLOCKED, _until_next
from tests.fakes import HandClock
from tests.people import add_duty, add_person

LOOK = 5.0


@pytest.fixture
async def clock(db: Database, now: datetime) -> HandClock:
    """Shows a moment at which one duty has just fallen due, 20 milliseconds after the last look."""
    async with db.begin() as session:
        person = await add_person(session, db.vault, now=now)
        await add_duty(session, db.vault, person, due_at=now)
    return HandClock(now)


async def test_what_fell_due_while_it_looked_waits_no_longer(db: Database, clock: HandClock) -> None:
    looked = clock.now() - timedelta(milliseconds=20)
    assert await _until_next(db, clock, looked, LOOK) == 0


async def test_what_could_not_be_taken_is_tried_again_in_a_second(db: Database, clock: HandClock) -> None:
    assert await _until_next(db, clock, clock.now(), LOOK) == BLOCKED


async def test_it_sleeps_until_the_next_duty_and_never_longer_than_a_look(db: Database, clock: HandClock) -> None:
    due = clock.now()
    clock.moment = due - timedelta(seconds=2)
    assert await _until_next(db, clock, clock.moment, LOOK) == 2
    clock.moment = due - timedelta(hours=2)
    assert await _until_next(db, clock, clock.moment, LOOK) == LOOK
