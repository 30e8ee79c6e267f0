"""One migration at a time, the tables that the code describes, and no start on an old schema."""

import asyncio
import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from medvind.errors import NotReadyError
from medvind.store.database import Database
from medvind.store.schema import OLD, OUTGROWN, fault, is_own, migrate, require_current, serves
from medvind.store.tables import Row
from medvind.store.vault import Vault


async def test_the_migrations_make_the_tables_that_the_code_describes(db: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "target_metadata": Row.metadata})
        return list(compare_metadata(context, Row.metadata))

    async with db.read() as session:
        assert await (await session.connection()).run_sync(differences) == []


async def test_the_conditions_of_partial_indexes_are_those_of_the_code(db: Database) -> None:
    """Alembic compares no conditions, and without theirs these indexes would let doubles in or keep everybody out."""

    def indexes(connection: Connection) -> dict[str, str]:
        found = inspect(connection)
        every = [index for table in Row.metadata.tables for index in found.get_indexes(table)]
        wheres = {str(one["name"]): one.get("dialect_options", {}) for one in every}
        return {name: str(next((had[key] for key in had if key.endswith("_where")), "")) for name, had in wheres.items()}

    async with db.read() as session:
        there = await (await session.connection()).run_sync(indexes)
    named = {index.name for table in Row.metadata.tables.values() for index in table.indexes}
    partial = {
        str(index.name)
        for table in Row.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
    }
    print(f"looked at {len(named)} indexes, {len(partial)} of them partial")
    assert named <= there.keys()
    assert len(partial) == 11
    assert all(there[name] for name in partial)


async def test_indexes_that_hold_every_message_owed_have_room_for_its_three_versions(db: Database) -> None:
    """Alembic compares no such thing either. SQLite knows none: it writes over what was there."""
    if not db.side_by_side:
        return
    asked = "SELECT relname FROM pg_class WHERE 'fillfactor=50' = ANY (reloptions) AND relkind = 'i' ORDER BY relname"
    async with db.read() as session:
        made = list(await session.scalars(text(asked)))
    assert made == ["pk_outbox", "uq_outbox_public_id", "uq_outbox_recipient_type_recipient_id_kind_key"]


async def test_migrating_again_changes_nothing(db: Database) -> None:
    assert await migrate(db) is False
    async with db.read() as session:
        assert await fault(session) is None


async def test_started_four_times_at_once_one_migrates_and_the_others_wait(bare_url: str, vault: Vault) -> None:
    async def start() -> bool:
        async with Database.open(bare_url, vault) as db:
            did = await migrate(db)
            await require_current(db)
            return did

    async with asyncio.timeout(30):
        assert sorted(await asyncio.gather(*(start() for _ in range(4)))) == [False, False, False, True]


async def test_a_bare_database_is_refused_and_the_cure_is_named(bare_url: str, vault: Vault) -> None:
    async with Database.open(bare_url, vault) as db:
        with pytest.raises(NotReadyError) as refused:
            await require_current(db)
        assert str(refused.value) == OLD
        await migrate(db)
        await require_current(db)


@pytest.mark.parametrize(
    ("version", "says"),
    [("0000", OLD), ("9999", None), ("9999_0007", None), ("9999_9998", OUTGROWN), ("9999-0007", OLD), ("elsewhere", OLD)],
    ids=["older", "newer", "has taken what we do without", "has taken what we need", "no name of ours", "another house's"],
)
async def test_an_older_schema_is_refused_and_a_newer_one_that_takes_nothing_away_is_not(
    sqlite_template: Path, tmp_path: Path, vault: Vault, version: str, says: str | None
) -> None:
    path = tmp_path / "other.db"
    shutil.copy(sqlite_template, path)
    async with Database.open(f"sqlite:///{path}", vault) as db:
        async with db.begin() as session:
            await session.execute(text("update alembic_version set version_num = :version"), {"version": version})
        async with db.read() as session:
            assert await fault(session) == says
            assert not await is_own(session)
        with nullcontext() if says is None else pytest.raises(NotReadyError, match=says):
            await require_current(db)


def test_code_that_knows_what_has_been_taken_away_goes_on_and_older_code_does_not() -> None:
    codes = ["0003", "0004", "0008", "0009", "0011_0009"]
    assert [code for code in codes if serves("0010", code)] == codes[1:4]
    assert [code for code in codes if serves("0010_0009", code)] == ["0009"]
    assert [code for code in codes if serves("0012_0011", code)] == ["0011_0009"]
    assert [code for code in codes if serves("0011_0009", code)] == ["0009", "0011_0009"]
