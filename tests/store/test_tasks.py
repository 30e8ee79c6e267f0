"""One cause makes one task, and a task holds no words."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import select

from medvind.model import CoachWarning, TaskKind, Why
from medvind.store.database import Database
from medvind.store.tables import TaskRow
from medvind.store.tasks import keep_warnings, on_the_list, raise_task
from tests.people import add_person


async def test_the_same_cause_stands_on_the_list_once(db: Database, now: datetime) -> None:
    async def find() -> bool:
        async with db.begin() as session:
            return await raise_task(session, TaskKind.MISSED, "missed:1", None, {"message": "1"}, now)

    assert sum(await asyncio.gather(*(find() for _ in range(5)))) == 1
    assert not await find()


async def test_a_task_that_was_done_does_not_come_back(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        assert await raise_task(session, TaskKind.CALL, "call:1", maja.id, {}, now, due_at=now)
        assert not await raise_task(session, TaskKind.CALL, "call:1", maja.id, {}, now)
        assert await raise_task(session, TaskKind.CALL, "call:2", maja.id, {}, now)
        rows = (await session.execute(select(TaskRow.kind, TaskRow.key, TaskRow.due_at).order_by(TaskRow.id))).all()
    assert [tuple(row) for row in rows] == [(TaskKind.CALL, "call:1", now), (TaskKind.CALL, "call:2", None)]


def ahead(now: datetime, days: int, *, key: str = "") -> CoachWarning:
    moment = now + timedelta(days=days)
    return CoachWarning(TaskKind.SUPPORT_ENDS, key or f"support:{days}d", moment, Why("why_support", {"days": str(days)}))


async def warned(db: Database) -> list[tuple[str, datetime]]:
    async with db.read() as session:
        rows = await session.execute(select(TaskRow.key, TaskRow.shows_at).order_by(TaskRow.shows_at))
        return [(key.split(":", 2)[2], shows_at) for key, shows_at in rows]


async def keep(db: Database, person: int, now: datetime, *warnings: CoachWarning) -> None:
    async with db.begin() as session:
        await keep_warnings(session, {person: warnings}, now)


async def test_a_warning_waits_for_its_day_and_stands_there_once(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
    for _ in range(2):
        await keep(db, maja.id, now, ahead(now, 30), ahead(now, 60))
    assert await warned(db) == [("support:30d", now + timedelta(days=30)), ("support:60d", now + timedelta(days=60))]


async def test_a_warning_of_an_end_that_is_another_now_goes_seen_or_not(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        bo = await add_person(session, db.vault, external_id="d-2", phone="+4501000002", now=now)
    for person in (maja, bo):
        await keep(db, person.id, now, ahead(now, 1), ahead(now, 60))
    later = now + timedelta(days=2)
    await keep(db, maja.id, later, ahead(now, 90))
    ones = [("support:1d", now + timedelta(days=1)), ("support:60d", now + timedelta(days=60))]
    assert await warned(db) == [*ones, ("support:90d", now + timedelta(days=90))]


async def test_that_somebody_could_not_be_told_stays_until_it_is_dealt_with(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
    await keep(db, maja.id, now, CoachWarning(TaskKind.NOT_REACHED, "meeting:m-1:not_told:2", now, Why("why_not_told")))
    await keep(db, maja.id, now)
    assert [key for key, _ in await warned(db)] == ["meeting:m-1:not_told:2"]


async def test_that_somebody_is_silent_is_over_by_itself_when_the_meeting_begins(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
    begins = now + timedelta(days=1)
    silent = CoachWarning(TaskKind.NO_REPLY, "meeting:m-1:no_reply:1", now, Why("why_meeting_no_reply"), until=begins)

    async def looked_at(moment: datetime) -> int:
        async with db.read() as session:
            return len((await session.scalars(select(TaskRow.id).where(on_the_list(moment)))).all())

    await keep(db, maja.id, now, silent)
    assert [await looked_at(moment) for moment in (now, begins - timedelta(seconds=1), begins)] == [1, 1, 0]
    await keep(db, maja.id, begins, silent)
    assert await warned(db) == []


async def test_of_several_warnings_whose_day_is_past_only_the_last_is_new(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
    for _ in range(3):
        await keep(db, maja.id, now, ahead(now, -60), ahead(now, -20), ahead(now, 10))
    assert await warned(db) == [("support:-20d", now), ("support:10d", now + timedelta(days=10))]


async def test_whoever_cannot_be_planned_keeps_what_there_was_until_it_is_mended(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
    await keep(db, maja.id, now, ahead(now, 30))
    await keep(db, maja.id, now, CoachWarning(TaskKind.NOT_PLANNED, "not_planned", now, Why("why_not_planned")))
    assert [key for key, _ in await warned(db)] == ["not_planned", "support:30d"]
    await keep(db, maja.id, now, ahead(now, 30))
    assert [key for key, _ in await warned(db)] == ["support:30d"]
