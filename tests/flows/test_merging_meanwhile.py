"""Two records of one person become one while something arrives for them, or is planned."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text

from medvind.channels import Inbound, InboundKind
from medvind.flows import merging
from medvind.flows.plan import load_policy, plan_all, plan_people
from medvind.flows.receive import receive
from medvind.model import ChannelName
from medvind.store.tables import AnswerRow, InboxRow
from tests.fakes import Town
from tests.flows.records import NEW, two_records
from tests.flows.steering import local
from tests.people import add_question_and_answer

SMS = ChannelName.SMS
AFTER = local("2026-12-02 12:00")
LIMIT = 10.0
WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")


async def test_an_answer_that_comes_while_they_are_joined_is_one_persons(town: Town) -> None:
    """Whichever of the two is first."""
    records = await two_records(town)
    async with town.db.begin() as session:
        await add_question_and_answer(session, town.db.vault, records.other, value=None, asked_at=records.now)
    town.clock.pass_by(minutes=1)
    async with town.db.begin() as session:
        await receive(session, Inbound(SMS, "first", NEW, InboundKind.TEXT, "4", "raw"), records.now)
        joining = asyncio.create_task(records.merge())
        await _let_it_wait(town, joining)
    done = await joining
    assert done.look.moves["answers"] == 1
    async with town.db.read() as session:
        assert set(await session.scalars(select(InboxRow.participant_id))) == {records.kept.id}
        assert set(await session.scalars(select(AnswerRow.participant_id))) == {records.kept.id}


async def test_an_answer_that_comes_right_after_they_were_joined_is_that_persons(town: Town) -> None:
    records = await two_records(town)
    async with town.db.begin() as session:
        await add_question_and_answer(session, town.db.vault, records.other, value=None, asked_at=records.now)
    town.clock.pass_by(minutes=1)
    async with town.db.begin() as session:
        await merging.merge(session, records.viewer, records.kept.public_id, records.other.public_id, records.now)
        hearing = asyncio.create_task(town.hear("4", NEW))
        await _let_it_wait(town, hearing)
    assert await hearing
    async with town.db.read() as session:
        assert set(await session.scalars(select(InboxRow.participant_id))) == {records.kept.id}
        assert set(await session.scalars(select(AnswerRow.participant_id))) == {records.kept.id}


@pytest.mark.parametrize("first", ["plan", "merge"])
async def test_whoever_plans_at_the_same_time_makes_nobody_hear_a_thing_twice(town: Town, first: str) -> None:
    records = await two_records(town)
    await records.until(local("2026-11-18 12:00"))
    async with town.db.begin() as session:
        if first == "merge":
            await merging.merge(session, records.viewer, records.kept.public_id, records.other.public_id, records.now)
            other: asyncio.Task[Any] = asyncio.create_task(plan_all(town.db, town.clock, anew=True))
        else:
            await plan_people(session, [records.kept.id, records.other.id], await load_policy(session), records.now)
            other = asyncio.create_task(records.merge())
        await _let_it_wait(town, other)
    await other
    before = len(await records.left())
    await records.until(AFTER)
    keys = [key for _, key in (await records.left())[before:]]
    assert keys
    assert len(keys) == len(set(keys))


async def _let_it_wait(town: Town, task: asyncio.Task[Any]) -> None:
    """Until it waits for a row of ours. On SQLite it stands in line from its first step on, which it takes while we look."""
    async with asyncio.timeout(LIMIT):
        while not await _somebody_waits(town):
            assert not task.done()
    assert not task.done()


async def _somebody_waits(town: Town) -> bool:
    async with town.db.read() as session:
        return not town.db.side_by_side or bool(await session.scalar(WAITING))
