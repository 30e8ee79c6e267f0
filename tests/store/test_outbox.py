"""Planning twice is harmless; what is owed no longer is withdrawn, and what is owed again comes back."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from medvind.model import Ask, ChannelName, Doubt, Duty, GaveWay, RecipientType, State, Topic, Why
from medvind.store import listing, outbox
from medvind.store.database import Database
from medvind.store.tables import OutboxRow
from tests.claiming import claim
from tests.people import Person, add_duty, add_person

VALUES = {"deadline": "2026-12-01"}


def duty(now: datetime, **changes: Any) -> Duty:
    owed = Duty(
        kind="vat",
        key="vat:2026Q3:7d",
        chain="vat:2026Q3",
        when=now,
        valid_until=now + timedelta(days=7),
        text="vat_7",
        why=Why("why_vat", VALUES),
        doubt=Doubt.B,
        topic=Topic.DEADLINES,
        subject={"period": "2026Q3", **VALUES},
        asks=Ask.VAT,
        open_until=now + timedelta(days=8),
    )
    return replace(owed, **changes)


@pytest.fixture
async def maja(db: Database, now: datetime) -> Person:
    async with db.begin() as session:
        return await add_person(session, db.vault, now=now)


async def rows(db: Database) -> list[Any]:
    async with db.read() as session:
        return list(await session.execute(select(OutboxRow.__table__).order_by(OutboxRow.id)))


async def owe(db: Database, person: Person, *duties: Duty) -> int:
    async with db.begin() as session:
        return await outbox.owe(session, [(person.id, one) for one in duties], duties[0].when)


async def test_planning_twice_makes_one_row(db: Database, maja: Person, now: datetime) -> None:
    assert await owe(db, maja, duty(now)) == 1
    assert await owe(db, maja, duty(now + timedelta(hours=1))) == 0
    (row,) = await rows(db)
    assert (row.due_at, row.state, row.attempts, row.withdrawn) == (now, State.PLANNED, 0, False)


async def test_planning_by_three_processes_at_once_makes_one_row_each(db: Database, maja: Person, now: datetime) -> None:
    duties = [duty(now, key=f"vat:2026Q3:{lead}d") for lead in range(40)]
    added = await asyncio.gather(*(owe(db, maja, *duties) for _ in range(3)))
    assert sum(added) == len(await rows(db)) == 40


async def test_the_same_key_is_owed_to_everybody_and_by_every_kind(db: Database, maja: Person, now: datetime) -> None:
    async with db.begin() as session:
        bo = await add_person(session, db.vault, external_id="d-002", phone="+4501000002", now=now)
    assert await owe(db, maja, duty(now), duty(now, kind="b_tax")) == 2
    assert await owe(db, bo, duty(now)) == 1


async def test_the_row_says_what_the_rules_said(db: Database, maja: Person, now: datetime) -> None:
    owed = duty(now)
    await owe(db, maja, owed)
    async with db.read() as session:
        (kept,) = (await outbox.kept_for(session, [maja.id], now))[maja.id]
        assert await outbox.kept_for(session, [maja.id + 1], now) == {}
        assert await outbox.count_planned(session, [maja.id]) == 1
    assert (kept.kind, kept.key, kept.state, kept.withdrawn) == ("vat", owed.key, State.PLANNED, False)
    assert dict(kept.says) == outbox.as_columns(owed)


async def test_a_moved_duty_keeps_its_row(db: Database, maja: Person, now: datetime) -> None:
    await owe(db, maja, duty(now))
    (before,) = await rows(db)
    later = duty(now + timedelta(days=2), text="vat_2")
    async with db.begin() as session:
        await outbox.move(session, [(before.id, later)])
        await outbox.move(session, [])
    (after,) = await rows(db)
    assert (after.public_id, after.due_at, after.text) == (before.public_id, later.when, "vat_2")


async def test_what_is_owed_no_longer_is_cancelled_and_comes_back_when_owed_again(
    db: Database, maja: Person, now: datetime
) -> None:
    await owe(db, maja, duty(now))
    (row,) = await rows(db)
    async with db.begin() as session:
        await outbox.withdraw(session, [row.id], outbox.NO_LONGER_OWED)
        await outbox.withdraw(session, [], outbox.NO_LONGER_OWED)
    (gone,) = await rows(db)
    assert (gone.state, gone.reason) == (State.CANCELLED, "no longer owed")
    async with db.begin() as session:
        await outbox.move(session, [(row.id, duty(now))])
    (back,) = await rows(db)
    assert (back.id, back.state, back.reason, back.withdrawn) == (row.id, State.PLANNED, None, False)


async def test_what_is_just_being_sent_is_marked_for_the_gate(db: Database, maja: Person, now: datetime) -> None:
    await owe(db, maja, duty(now))
    async with db.begin() as session:
        (taken,) = await claim(session, "one", now, timedelta(seconds=40), 1)
        await outbox.withdraw(session, [taken.id], outbox.NO_LONGER_OWED)
    (row,) = await rows(db)
    assert (row.state, row.withdrawn) == (State.CLAIMED, True)


@pytest.mark.parametrize("state", [one for one in State if one not in {State.PLANNED, State.CANCELLED}])
async def test_what_has_left_or_ended_is_neither_moved_nor_withdrawn(
    db: Database, maja: Person, now: datetime, state: State
) -> None:
    async with db.begin() as session:
        made = await add_duty(session, db.vault, maja, state=state, due_at=now)
        await outbox.move(session, [(made.id, duty(now + timedelta(days=1)))])
        await outbox.withdraw(session, [made.id], outbox.NO_LONGER_OWED)
    (row,) = await rows(db)
    assert (row.state, row.due_at, row.reason) == (state, now, None)


async def test_of_what_waits_all_is_known_and_of_the_past_only_that_it_was(db: Database, maja: Person, now: datetime) -> None:
    await owe(
        db,
        maja,
        duty(now, key="t:1"),
        duty(now, key="t:2"),
        duty(now, key="t:3"),
        duty(now, key="t:4", gave_way=GaveWay.DAY_FULL),
    )
    async with db.begin() as session:
        for key, state in (("t:2", State.DELIVERED), ("t:3", State.CLAIMED)):
            await session.execute(update(OutboxRow).where(OutboxRow.key == key).values(state=state))
        await add_duty(session, db.vault, maja, kind="reply", key="r:1", due_at=now)
        kept = {row.key: row for row in (await outbox.kept_for(session, [maja.id], now))[maja.id]}
    assert kept.keys() == {"t:1", "t:2", "t:3", "t:4"}
    says = outbox.as_columns(duty(now))
    assert (kept["t:1"].says, kept["t:3"].says, kept["t:4"].says) == (says, says, says)
    assert (kept["t:2"].state, kept["t:2"].says) == (State.DELIVERED, {})
    assert kept["t:4"].gave_way


async def test_a_stop_cancels_everything_that_waits_for_this_person_alone(db: Database, maja: Person, now: datetime) -> None:
    async with db.begin() as session:
        bo = await add_person(session, db.vault, external_id="d-002", phone="+4501000002", now=now)
        for person in (maja, bo):
            for state in (State.PLANNED, State.CLAIMED, State.SENT):
                await add_duty(session, db.vault, person, state=state, due_at=now)
        await outbox.stop(session, maja.id, but="stop")
    found = [(row.recipient_id == maja.id, row.state, row.withdrawn, row.reason) for row in await rows(db)]
    assert found == [
        (True, State.CANCELLED, False, "stopped"),
        (True, State.CLAIMED, True, None),
        (True, State.SENT, False, None),
        (False, State.PLANNED, False, None),
        (False, State.CLAIMED, False, None),
        (False, State.SENT, False, None),
    ]


async def test_the_text_that_confirms_a_stop_is_spared_by_it(db: Database, maja: Person, now: datetime) -> None:
    async with db.begin() as session:
        await add_duty(session, db.vault, maja, text="stop", due_at=now)
        await add_duty(session, db.vault, maja, text="checkin", due_at=now)
        await outbox.stop(session, maja.id, but="stop")
    assert [(row.text, row.state) for row in await rows(db)] == [("stop", State.PLANNED), ("checkin", State.CANCELLED)]


async def test_an_answer_to_a_message_is_owed_once_and_before_all_else(db: Database, maja: Person, now: datetime) -> None:
    await owe(db, maja, duty(now - timedelta(hours=1), priority=1))
    async with db.begin() as session:
        for _ in range(2):
            to, until = (RecipientType.PARTICIPANT, maja.id), now + timedelta(hours=1)
            await outbox.reply(
                session, to, ChannelName.SMS, "reply:7", "receipt", now=now, valid_until=until, subject={"code": "x"}
            )
    assert len(await rows(db)) == 2
    async with db.begin() as session:
        (first,) = await claim(session, "one", now, timedelta(seconds=40), 10)
    assert (first.kind, first.channel, first.doubt, first.topic) == ("reply", ChannelName.SMS, Doubt.D, None)


async def test_the_list_shows_one_state_or_one_person(db: Database, maja: Person, now: datetime) -> None:
    async with db.begin() as session:
        bo = await add_person(session, db.vault, external_id="d-002", phone="+4501000002", now=now)
        await add_duty(session, db.vault, maja, key="b", due_at=now + timedelta(hours=1))
        await add_duty(session, db.vault, maja, key="a", state=State.SENT, sent_text="Hej Maja", due_at=now)
        await add_duty(session, db.vault, bo, key="c", due_at=now)
        assert [one.key for one in await listing.listed(session)] == ["a", "c", "b"]
        assert [one.key for one in await listing.listed(session, state=State.PLANNED)] == ["c", "b"]
        theirs = await listing.listed(session, participant_id=maja.id)
        assert [one.key for one in theirs] == ["a", "b"]
    assert "Hej Maja" not in repr(theirs)
