"""An upgrade of a database that is in use: every row stays what it was, and what is new has a sense."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, Boolean, Column, Connection, Date, Enum, Integer, LargeBinary, Table, inspect, select, text

from medvind.errors import ConflictError
from medvind.store import schema
from medvind.store.database import Database
from medvind.store.schema import migrate, require_current
from medvind.store.tables import Row
from medvind.store.types import Utc, Wall
from medvind.store.vault import Vault

BEFORE = "0003"
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def _upgrade_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


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
