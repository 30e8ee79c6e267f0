"""A question is the message that asks it: open from when that is about to leave, and once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from medvind.model import Ask, ChannelName, State
from medvind.store import outcomes, questions
from medvind.store.claims import Claimed, Result
from medvind.store.database import Database
from medvind.store.tables import OutboxRow
from tests.claiming import take
from tests.people import Made, Person, add_duty, add_person

LEASE = timedelta(seconds=40)


@pytest.fixture
async def maja(db: Database, now: datetime) -> Person:
    async with db.begin() as session:
        return await add_person(session, db.vault, now=now)


async def owe(db: Database, person: Made, now: datetime, **columns: Any) -> Made:
    async with db.begin() as session:
        return await add_duty(session, db.vault, person, due_at=now, **columns)


async def leave(db: Database, now: datetime) -> list[Claimed]:
    async with db.begin() as session:
        return await take(session, "one", now, LEASE, "Hej Maja")


async def not_taken(db: Database, claim: Claimed, at: datetime) -> None:
    """The provider did not take it: it is tried again."""
    async with db.begin() as session:
        again = Result(claim, State.PLANNED, "refused", at, "busy", at, channel=ChannelName.SMS)
        assert (await outcomes.record(session, [again]))[0] == [again]


async def is_open(db: Database, person: Made, at: datetime) -> list[tuple[str, Ask, datetime, datetime]]:
    async with db.read() as session:
        return [(one.id, one.ask, one.asked_at, one.open_until) for one in await questions.open_for(session, person.id, at)]


async def test_it_is_open_from_when_its_message_is_about_to_leave_until_its_time(
    db: Database, maja: Person, now: datetime
) -> None:
    week = now + timedelta(days=7)
    asked = await owe(db, maja, now, asks=Ask.CHECK_IN, open_until=week)
    assert await is_open(db, maja, now) == []
    await leave(db, now)
    assert await is_open(db, maja, week - timedelta(seconds=1)) == [(asked.public_id, Ask.CHECK_IN, now, week)]
    assert await is_open(db, maja, week) == []


async def test_without_a_time_of_its_own_it_is_open_as_long_as_its_message_is_of_use(
    db: Database, maja: Person, now: datetime
) -> None:
    await owe(db, maja, now, asks=Ask.VAT, valid_until=now + timedelta(hours=5))
    await leave(db, now)
    assert [until for *_, until in await is_open(db, maja, now)] == [now + timedelta(hours=5)]


async def test_what_asks_nothing_opens_nothing(db: Database, maja: Person, now: datetime) -> None:
    duty = await owe(db, maja, now)
    await leave(db, now)
    async with db.read() as session:
        columns = (OutboxRow.state, OutboxRow.opened_at, OutboxRow.closes_at)
        assert (await session.execute(select(*columns).where(OutboxRow.id == duty.id))).one() == (State.CLAIMED, None, None)
    assert await is_open(db, maja, now) == []


async def test_a_message_that_is_sent_again_neither_opens_what_was_closed_nor_lasts_longer(
    db: Database, maja: Person, now: datetime
) -> None:
    until, later = now + timedelta(hours=5), now + timedelta(minutes=10)
    duty = await owe(db, maja, now, asks=Ask.VAT, valid_until=until)
    (first,) = await leave(db, now)
    await not_taken(db, first, now)
    async with db.begin() as session:
        await session.execute(update(OutboxRow).where(OutboxRow.id == duty.id).values(valid_until=until + timedelta(days=1)))
    (second,) = await leave(db, later)
    assert await is_open(db, maja, later) == [(duty.public_id, Ask.VAT, now, until)]
    await not_taken(db, second, later)
    async with db.begin() as session:
        await questions.close(session, duty.public_id, later)
    assert len(await leave(db, later + timedelta(minutes=10))) == 1
    assert await is_open(db, maja, later + timedelta(minutes=10)) == []


async def test_what_is_planned_anew_before_it_leaves_again_is_about_the_new_facts(
    db: Database, maja: Person, now: datetime
) -> None:
    duty = await owe(db, maja, now, asks=Ask.VAT, subject={"period": "2026Q3"})
    (first,) = await leave(db, now)
    await not_taken(db, first, now)
    async with db.begin() as session:
        new = {"period": "2026H2", "seed": "of a code"}
        await session.execute(update(OutboxRow).where(OutboxRow.id == duty.id).values(subject=new))
    await leave(db, now + timedelta(minutes=5))
    async with db.read() as session:
        (opened,) = await questions.open_for(session, maja.id, now)
        assert await questions.asked(session, duty.public_id, maja.id) == questions.Asked(Ask.VAT, {"period": "2026H2"})
    assert opened.subject == {"period": "2026H2"}, "what a code is made of is no matter of the question"
