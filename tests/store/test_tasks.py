"""One cause makes one task, and a task holds no words."""

import asyncio
from datetime import datetime

from sqlalchemy import select

from medvind.model import TaskKind
from medvind.store.database import Database
from medvind.store.tables import TaskRow
from medvind.store.tasks import raise_task
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
