"""An upgrade of a database in use: every row stays what it was, what is new has a sense, and nobody is kept from his work."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, ColumnElement, Connection, Date, Enum, Integer, LargeBinary, inspect, select, text

from medvind.errors import ConflictError, DatabaseAwayError
from medvind.model import Ask, PublicId
from medvind.rules.meanings import Yes
from medvind.rules.replies import read_tap
from medvind.store import questions, schema
from medvind.store.database import Database, Session
from medvind.store.schema import FIRST, REVISION, migrate, require_current
from medvind.store.tables import MergeRow, Row
from medvind.store.types import Utc, Wall
from medvind.store.vault import Vault
from tests.store.older import config, tables_there, upgrade_to

BEFORE = "0003"
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def _value(column: ColumnElement[Any], number: int) -> Any:
    """Something of the column's kind; where rows point to each other, the one with the same number."""
    kind = column.type
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
    by_kind: dict[type[Any], Any] = {
        Wall: MOMENT.replace(tzinfo=None),
        Utc: MOMENT + timedelta(hours=number),
        Boolean: number == 1,
        Integer: number,
        Date: date(2026, 11, number),
        LargeBinary: b"sealed %d" % number,
        JSON: {"number": str(number)},
    }
    return next((value for one, value in by_kind.items() if isinstance(kind, one)), f"{column.name} {number}")


def _is_known(table: str, column: str) -> bool:
    known = Row.metadata.tables.get(table)
    return known is not None and column in known.columns


async def test_an_upgrade_keeps_every_row_of_a_database_in_use(bare_url: str, vault: Vault) -> None:
    async with Database.open(bare_url, vault) as db:
        async with db.begin(limit=None) as session:
            connection = await session.connection()
            await connection.run_sync(upgrade_to, BEFORE)
            there = await connection.run_sync(tables_there)
            for table in there:
                for number in (1, 2):
                    row = {column.name: _value(column, number) for column in table.c}
                    await session.execute(table.insert().values(**row))
            still = {table.name: [one for one in table.c if _is_known(table.name, one.name)] for table in there}
            before = {name: (await session.execute(select(*columns))).all() for name, columns in still.items() if columns}
        assert await migrate(db) is True
        await require_current(db)
        async with db.read() as session:
            after = {name: (await session.execute(select(*columns))).all() for name, columns in still.items() if columns}
            rows: Any = {
                table: (await session.execute(select(Row.metadata.tables[table]))).all() for table in Row.metadata.tables
            }
        print(f"looked at {sum(map(len, before.values()))} rows in {len(before)} tables")
        assert {name: sorted(map(repr, some)) for name, some in after.items()} == {
            name: sorted(map(repr, some)) for name, some in before.items()
        }
        assert [row.cancelled for row in rows["meetings"]] == [False, False]
        assert [(row.meeting_id, row.sequence, row.place) for row in rows["meeting_versions"]] == [
            (row.id, row.sequence, row.place) for row in rows["meetings"]
        ]
        assert [row.shows_at for row in rows["tasks"]] == [row.created_at for row in rows["tasks"]]
        assert [row.sells_to_eu for row in rows["participants"]] == [False, False]
        assert [row.carried_by for row in rows["outbox"]] == [None, None]
        assert [(row.asked_as, row.opened_at, row.closes_at) for row in rows["outbox"]] == [
            (f"public_id {number}", MOMENT + timedelta(hours=number), MOMENT + timedelta(hours=number)) for number in (1, 2)
        ]
        assert [(row.id, row.outbox_id) for row in rows["answers"]] == [(1, 1), (2, 2)]
        assert [(row.read_at is None, row.read_by, row.waits_for) for row in rows["inbox"]] == [(False, None, None)] * 2


IN_0023: dict[str, dict[str, Any]] = {
    "outbox": {
        "public_id": "of-its-message",
        "recipient_type": "participant",
        "state": "sent",
        "asks": "rsvp",
        "subject": {"meeting": "m"},
    },
    "questions": {"public_id": "of-a-button", "ask": "rsvp"},
    "answers": {"value": "yes"},
    "merges": {"log": {"entries": [{"table": name, "new": {"id": 1}} for name in ("questions", "inbox")], "last": {}}},
}


async def test_what_was_asked_before_a_question_was_its_message_is_known_by_the_name_on_its_buttons(
    bare_url: str, vault: Vault
) -> None:
    async with Database.open(bare_url, vault) as db:
        async with db.begin(limit=None) as session:
            connection = await session.connection()
            await connection.run_sync(upgrade_to, "0023")
            for table in await connection.run_sync(tables_there):
                row = {column.name: _value(column, 1) for column in table.c}
                await session.execute(table.insert().values(**row | IN_0023.get(table.name, {})))
        await migrate(db)
        name, left = PublicId("of-a-button"), MOMENT + timedelta(hours=1)
        async with db.begin() as session:
            (opened,) = await questions.open_for(session, 1, MOMENT)
            assert (opened.id, opened.ask, opened.asked_at, opened.open_until) == (name, Ask.RSVP, left, left)
            assert await questions.asked(session, name, 1) == questions.Asked(Ask.RSVP, {"meeting": "m"})
            assert await questions.asked(session, name, 2) is None
            taps = [read_tap(f"q:{one}:yes", [opened]) for one in (name, "of-its-message")]
            assert taps == [Yes(opened)] * 2, "a message of before that leaves again has its own name on its buttons"
            assert await questions.last_answer(session, name) == ("yes", left)
            await questions.close(session, name, MOMENT)
            assert await questions.open_for(session, 1, MOMENT) == []
            (log,) = await session.scalars(select(MergeRow.log))
        assert [one["table"] for one in log["entries"]] == ["inbox"]


async def test_after_an_upgrade_nothing_points_to_a_row_that_is_not_there(bare_url: str, vault: Vault) -> None:
    async with Database.open(bare_url, vault) as db:
        async with db.begin(limit=None) as session:
            connection = await session.connection()
            await connection.run_sync(upgrade_to, BEFORE)
            for table in await connection.run_sync(tables_there):
                await session.execute(table.insert().values(**{column.name: _value(column, 1) for column in table.c}))
        await migrate(db)
        pointed_to = {key.column.table.name for table in Row.metadata.tables.values() for key in table.foreign_keys}
        filled = pointed_to - {"programmes"}
        print(f"looked at {len(filled)} tables")
        for name in sorted(filled):
            with pytest.raises(ConflictError):
                async with db.begin() as session:
                    await session.execute(text(f"delete from {name}"))  # noqa: S608 - our own tables


def _needs(connection: Connection) -> dict[str, Any]:
    """What code relies on in the tables that it knows: their columns, what a row must hold, and what is there only once."""
    found, needs = inspect(connection), dict[str, Any]()
    for table in found.get_table_names():
        there = found.get_columns(table)
        columns = {one["name"]: (str(one["type"]), one["nullable"] or one["default"] is not None) for one in there}
        once = {tuple(one["column_names"]) for one in found.get_unique_constraints(table)}
        once |= {(str(one["name"]),) for one in found.get_indexes(table) if one["unique"]}
        needs[table] = (columns, once)
    return needs


def _taken(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What older code would miss, or could not write any more."""
    taken = [table for table in before if table not in after]
    for table in before.keys() & after.keys():
        (columns, once), (new_columns, new_once) = before[table], after[table]
        taken += [f"{table}.{name}" for name in columns if new_columns.get(name) != columns[name]]
        new = {name: free for name, (_, free) in new_columns.items() if name not in columns}
        taken += [f"{table}.{name} must be written" for name, free in new.items() if not free]
        taken += [f"{table}: once {one}" for one in once ^ new_once]
    return taken


def _steps(connection: Connection) -> dict[str, list[str]]:
    """What each revision since the first that counts has taken away."""
    every = [one.revision for one in ScriptDirectory.from_config(config(connection)).walk_revisions()][::-1]
    taken = dict[str, list[str]]()
    for one in every:
        before = _needs(connection)
        upgrade_to(connection, one)
        taken[one] = _taken(before, _needs(connection))
    return {one: taken[one] for one in every if one > FIRST}


async def test_a_revision_that_takes_something_away_says_so_in_its_name(vault: Vault, tmp_path: Path) -> None:
    async with Database.open(f"sqlite:///{tmp_path / 'steps.db'}", vault) as db, db.begin(limit=None) as session:
        steps = await (await session.connection()).run_sync(_steps)
    print(f"looked at {len(steps)} steps: {steps}")
    assert len(steps) >= 4
    oldest = [(match[2] or FIRST) for match in map(REVISION.fullmatch, steps) if match]
    assert len(oldest) == len(steps)
    assert oldest == sorted(oldest), "what was taken away once stays away"
    assert [one for one, taken in steps.items() if taken and "_" not in one] == []


async def _hold(session: Session) -> None:
    """As a long report or a writer would: nobody may change the table meanwhile."""
    await session.execute(text("select count(*) from outbox"))


@pytest.mark.parametrize("patience", [60.0, 0.0], ids=["patient", "impatient"])
async def test_a_migration_lets_others_through_while_somebody_holds_what_it_needs(
    bare_url: str, vault: Vault, patience: float
) -> None:
    async with Database.open(bare_url, vault) as db, Database.open(bare_url, vault) as others:
        async with db.begin(limit=None) as session:
            await (await session.connection()).run_sync(upgrade_to, "0005")
        async with db.begin() as session:
            if not session.on_postgresql:
                await session.execute(text("pragma busy_timeout = 50"))
        async with asyncio.timeout(30):
            async with others.begin(limit=None) as holder:
                await _hold(holder)
                under_way = asyncio.create_task(migrate(db, patience))
                if patience:
                    done, _ = await asyncio.wait([under_way], timeout=schema.PAUSE)
                    assert not done
                    if holder.on_postgresql:
                        async with others.begin() as session:
                            await session.execute(text("lock table outbox in row exclusive mode"))
                else:
                    with pytest.raises(DatabaseAwayError, match="others kept the tables in use for 0 s"):
                        await under_way
            assert await (under_way if patience else migrate(db)) is True
        await require_current(db)
