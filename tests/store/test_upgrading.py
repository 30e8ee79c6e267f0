"""An upgrade of a database in use: every row stays what it was, what is new has a sense, and nobody is kept from his work."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Connection, Date, Enum, Integer, LargeBinary, Table, inspect, select, text

from medvind.errors import ConflictError, DatabaseAwayError
from medvind.store import schema
from medvind.store.database import Database, Session
from medvind.store.schema import FIRST, REVISION, migrate, require_current
from medvind.store.tables import Row
from medvind.store.types import Utc, Wall
from medvind.store.vault import Vault

BEFORE = "0003"
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def _upgrade_to(connection: Connection, revision: str) -> None:
    command.upgrade(_config(connection), revision)


def _there(connection: Connection) -> dict[Table, list[Column[Any]]]:
    """The tables of the code that are in the database already, each with the columns that are; those pointed to first."""
    found = inspect(connection)
    names = set(found.get_table_names())
    return {
        table: [table.c[column["name"]] for column in found.get_columns(table.name)]
        for table in Row.metadata.sorted_tables
        if table.name in names
    }


def _value(column: Column[Any], number: int) -> Any:
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


async def test_an_upgrade_keeps_every_row_of_a_database_in_use(bare_url: str, vault: Vault) -> None:
    async with Database.open(bare_url, vault) as db:
        async with db.begin(limit=None) as session:
            connection = await session.connection()
            await connection.run_sync(_upgrade_to, BEFORE)
            there = await connection.run_sync(_there)
            for table, columns in there.items():
                for number in (1, 2):
                    row = {column.name: _value(column, number) for column in columns}
                    await session.execute(table.insert().values(**row))
            before = {table.name: (await session.execute(select(*columns))).all() for table, columns in there.items()}
        assert await migrate(db) is True
        await require_current(db)
        async with db.read() as session:
            after = {table.name: (await session.execute(select(*columns))).all() for table, columns in there.items()}
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
        assert [(row.read_at is None, row.read_by, row.waits_for) for row in rows["inbox"]] == [(False, None, None)] * 2


async def test_after_an_upgrade_nothing_points_to_a_row_that_is_not_there(bare_url: str, vault: Vault) -> None:
    async with Database.open(bare_url, vault) as db:
        async with db.begin(limit=None) as session:
            connection = await session.connection()
            await connection.run_sync(_upgrade_to, BEFORE)
            for table, columns in (await connection.run_sync(_there)).items():
                await session.execute(table.insert().values(**{column.name: _value(column, 1) for column in columns}))
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
    every = [one.revision for one in ScriptDirectory.from_config(_config(connection)).walk_revisions()][::-1]
    taken = dict[str, list[str]]()
    for one in every:
        before = _needs(connection)
        _upgrade_to(connection, one)
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
            await (await session.connection()).run_sync(_upgrade_to, "0005")
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
