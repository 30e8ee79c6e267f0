"""A backup is whole and of one moment, and comes back on either database, all of it or nothing."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Date, Enum, Integer, LargeBinary, Table, TableClause, select
from sqlalchemy.sql.elements import KeyedColumnElement

from medvind.errors import ConflictError, InvalidError, MedvindError, NotReadyError
from medvind.model import ChannelName
from medvind.store import backup, schema
from medvind.store.database import Database
from medvind.store.schema import fault, migrate
from medvind.store.tables import AddressRow, CoachRow, ParticipantRow, Row
from medvind.store.types import Utc, Wall
from medvind.store.vault import Keys, Vault
from tests.conftest import KINDS
from tests.people import add_person, add_task
from tests.store.conftest import new_database
from tests.store.older import tables_there, upgrade_to

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(params=KINDS)
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database of each kind, to restore into."""
    with new_database(request.param, tmp_path / "other.db") as url:
        yield url


@pytest.fixture
async def other(other_url: str, vault: Vault) -> AsyncIterator[Database]:
    """The same, opened."""
    async with Database.open(other_url, vault) as database:
        yield database


async def saved(db: Database, folder: Path) -> Path:
    """A backup, in a copy that may be changed."""
    file = folder / "saved.backup"
    file.touch()
    await backup.save(db, file)
    return file


def value(table: str, column: KeyedColumnElement[Any], number: int, vault: Vault) -> Any:
    """Something of the column's kind; where rows point to each other, the one with the same number."""
    name = f"{table}.{column.name}"
    address, public_id = f"+45{number}", f"public_id {number}"
    special = {
        "addresses.value": vault.seal(AddressRow.value, public_id, address),  # type: ignore[arg-type]
        "addresses.blind": vault.blind(ChannelName.TELEGRAM, address),
        "coaches.email": vault.seal(CoachRow.email, public_id, "k@kommune.example"),  # type: ignore[arg-type]
    }
    if name in special:
        return special[name]
    kind = column.type
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
    by_kind: dict[type[Any], Any] = {
        Wall: MOMENT.replace(tzinfo=None),
        Utc: MOMENT + timedelta(hours=number, microseconds=number),
        Boolean: number == 1,
        Integer: number,
        Date: date(2026, 11, number),
        LargeBinary: b"sealed \x00\xff %d" % number,
        JSON: {"number": str(number), "æ": ["ø", 1.5, None]},
    }
    return next((some for one, some in by_kind.items() if isinstance(kind, one)), f"{column.name} {number}")


async def fill(db: Database, tables: Sequence[Table | TableClause]) -> None:
    async with db.begin(limit=None) as session:
        for table in tables:
            for number in (1, 2):
                row = {column.name: value(table.name, column, number, db.vault) for column in table.c}
                await session.execute(table.insert().values(**row))


async def everything(db: Database) -> dict[str, list[str]]:
    async with db.read() as session:
        return {
            table.name: sorted(repr(row) for row in await session.execute(select(table)))
            for table in Row.metadata.sorted_tables
        }


async def test_every_row_of_every_table_comes_back_on_either_database(db: Database, other: Database, tmp_path: Path) -> None:
    await fill(db, Row.metadata.sorted_tables)
    file = await saved(db, tmp_path)
    done = await backup.restore(other, file, MOMENT)
    before, after = await everything(db), await everything(other)
    print(f"looked at {sum(map(len, after.values()))} rows in {len(after)} tables")
    assert {name: after[name] for name in done.rows} == {name: before[name] for name in done.rows}
    assert done.rows == dict.fromkeys(before.keys() - {"beats", "allowances", "breakers"}, 2)
    assert {name for name, rows in after.items() if not rows} == {"beats", "allowances", "breakers"}
    assert (done.held_back.to_review, done.held_back.over) == (0, 0)
    async with other.begin() as session:
        assert await fault(session) is None
        assert (await add_person(session, other.vault, now=MOMENT)).id == 3


async def test_a_backup_taken_while_others_write_is_of_one_moment(db: Database, tmp_path: Path) -> None:
    written: list[int] = []
    done, grown = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        while not done.is_set():
            async with db.begin() as session:
                person = await add_person(session, db.vault, external_id=f"d-{len(written)}", phone=None, now=MOMENT)
                await add_task(session, person, now=MOMENT)
            written.append(person.id)
            grown.set()

    async def save() -> list[tuple[int, int]]:
        found = []
        for number in range(5):
            grown.clear()
            await grown.wait()
            file = tmp_path / f"{number}.backup"
            file.touch()
            there = await backup.save(db, file)
            found.append((there.rows["participants"], there.rows["tasks"]))
        done.set()
        return found

    async with asyncio.timeout(60):
        _, found = await asyncio.gather(write(), save())
    print(f"looked at {len(found)} backups while {len(written)} people were written: {found}")
    assert all(people == tasks > number for number, (people, tasks) in enumerate(found))
    assert found == sorted(found)


async def test_what_is_there_is_never_overwritten_unless_it_is_asked_for(
    db: Database, other: Database, tmp_path: Path, now: datetime
) -> None:
    async with db.begin() as session:
        await add_person(session, db.vault, external_id="from-backup", now=now)
    file = await saved(db, tmp_path)
    await migrate(other)
    async with other.begin() as session:
        person = await add_person(session, other.vault, external_id="there", now=now)
        await add_task(session, person, now=now)
    before = await everything(other)
    with pytest.raises(ConflictError, match=r"not empty.*--force"):
        await backup.restore(other, file, now)
    assert await everything(other) == before
    done = await backup.restore(other, file, now, force=True)
    async with other.read() as session:
        assert list(await session.scalars(select(ParticipantRow.external_id))) == ["from-backup"]
    assert (done.rows["participants"], done.rows["tasks"]) == (1, 0)


async def test_a_backup_of_an_older_version_is_brought_up_to_date(other: Database, vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "old.backup"
    async with Database.open(f"sqlite:///{tmp_path}/old.db", vault) as old:
        async with old.begin(limit=None) as session:
            connection = await session.connection()
            await connection.run_sync(upgrade_to, "0003")
            tables = await connection.run_sync(tables_there)
        await fill(old, tables)
        file.touch()
        assert (await backup.save(old, file)).revision == "0003"
    done = await backup.restore(other, file, MOMENT)
    async with other.read() as session:
        assert await fault(session) is None
    assert done.rows["participants"] == 2
    assert done.rows["meeting_versions"] == 2


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as opened, opened:
        for one in statements:
            opened.execute(one)


def newer(file: Path) -> None:
    change(file, "update alembic_version set version_num = '9999'")


def no_backup(file: Path) -> None:
    file.write_bytes(b"something else")


def no_schema(file: Path) -> None:
    change(file, "drop table alembic_version")


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-8192])


def row_missing(file: Path) -> None:
    change(file, "delete from participants")


def strange_word(file: Path) -> None:
    """In one of the last tables: by then others are filled."""
    change(file, "update tasks set kind = 'dreaming'")


UNSOUND: list[tuple[Callable[[Path], None], type[MedvindError], str]] = [
    (newer, NotReadyError, "the backup is of a newer version of Medvind: install that one first"),
    (no_backup, InvalidError, "no backup of Medvind"),
    (no_schema, InvalidError, "no backup of Medvind"),
    (cut_short, InvalidError, "no backup of Medvind|damaged"),
    (row_missing, InvalidError, "damaged; take an older one"),
    (strange_word, InvalidError, "a value that the database does not take"),
]


async def test_a_backup_that_is_not_sound_changes_nothing(
    other: Database, vault: Vault, sqlite_url: str, tmp_path: Path, now: datetime
) -> None:
    async with Database.open(sqlite_url, vault) as source:
        async with source.begin() as session:
            person = await add_person(session, vault, now=now)
            await add_task(session, person, now=now)
        file = await saved(source, tmp_path)
    await migrate(other)
    for spoil, error, says in UNSOUND:
        unsound = Path(shutil.copy(file, tmp_path / f"{spoil.__name__}.backup"))
        spoil(unsound)
        with pytest.raises(error, match=says):
            await backup.restore(other, unsound, now)
        there = await everything(other)
        assert [name for name, rows in there.items() if rows] == [], spoil.__name__
    print(f"0 of {len(UNSOUND)} unsound backups left anything; looked at {len(there)} tables after each")


async def test_with_other_keys_a_backup_is_refused_before_anything_is_written(
    db: Database, other_url: str, vault: Vault, tmp_path: Path, now: datetime
) -> None:
    async with db.begin() as session:
        await add_person(session, db.vault, now=now)
    file = await saved(db, tmp_path)
    right = {"test": bytes(range(32))}
    for number, keys in enumerate((Keys(right, bytes(32)), Keys({"test": bytes(32)}, bytes(range(32, 64))), Keys.new())):
        copy = shutil.copy(file, tmp_path / f"{number}.db")
        async with Database.open(other_url, Vault(keys)) as empty:
            with pytest.raises(NotReadyError, match="MEDVIND_ENCRYPTION_KEYS and MEDVIND_INDEX_KEY: not the keys"):
                await backup.restore(empty, Path(copy), now)
            with pytest.raises(MedvindError):
                await schema.require_current(empty)
