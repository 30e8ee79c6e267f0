"""One way to begin a transaction: it ends in time, wholly or not at all, and its errors hold no values."""

import asyncio
import traceback
from datetime import datetime
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from medvind.errors import ConflictError, DatabaseAwayError, NotReadyError
from medvind.store.database import BUSY, LIMIT, Database, insert_once, parse_url, upsert
from medvind.store.tables import BeatRow, CohortRow
from medvind.store.vault import Vault
from tests.store.hanging import Road, road_to

CANARY = "Kanariefugl Hansen, +4501000001"
WANTED = "expected sqlite:///medvind.db or postgresql://user:password@host:5432/name"


async def cohorts(db: Database) -> list[str]:
    async with db.read() as session:
        return list(await session.scalars(select(CohortRow.name).order_by(CohortRow.name)))


async def test_a_transaction_commits_at_its_end(db: Database) -> None:
    async with db.begin() as session:
        await session.execute(insert(CohortRow).values(name="Hold 1"))
    assert await cohorts(db) == ["Hold 1"]


async def test_after_an_error_nothing_is_written(db: Database) -> None:
    async def fail() -> None:
        async with db.begin() as session:
            await session.execute(insert(CohortRow).values(name="Hold 1"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await cohorts(db) == []


async def test_several_processes_open_a_new_database_at_once_and_none_is_turned_away(tmp_path: Path, vault: Vault) -> None:
    async def look(path: Path) -> int:
        async with Database.open(f"sqlite:///{path}", vault) as db, db.read() as session:
            return int(await session.scalar(select(1)) or 0)

    rounds = [tmp_path / f"{number}.db" for number in range(40)]
    opened = [await asyncio.gather(*(look(path) for _ in range(4))) for path in rounds]
    print(f"opened {len(opened)} new databases by four at once")
    assert opened == [[1, 1, 1, 1]] * len(rounds)


async def test_a_transaction_that_takes_too_long_is_given_up_and_nothing_is_half_written(db: Database) -> None:
    async def hang() -> None:
        async with db.begin(0.2) as session:
            await session.execute(insert(CohortRow).values(name="Hold 1"))
            await asyncio.Event().wait()

    began = monotonic()
    with pytest.raises(DatabaseAwayError, match="the database did not answer: TimeoutError"):
        await hang()
    assert 0.2 <= monotonic() - began < 2
    assert await cohorts(db) == []
    async with db.begin() as session:
        await session.execute(insert(CohortRow).values(name="Hold 2"))
    assert await cohorts(db) == ["Hold 2"]


async def test_reading_ends_in_time_as_well_and_writes_nothing(db: Database) -> None:
    with pytest.raises(DatabaseAwayError):
        async with db.read(0.2):
            await asyncio.Event().wait()
    async with db.read() as session:
        await session.execute(insert(CohortRow).values(name="Hold 1"))
    assert await cohorts(db) == []


async def test_a_primary_that_falls_silent_is_given_up_and_taken_again_when_it_answers(
    postgresql_url: str, vault: Vault
) -> None:
    async def write(db: Database, road: Road) -> None:
        async with db.begin(0.3) as session:
            await session.execute(insert(CohortRow).values(name="Hold 1"))
            road.block()
            await session.execute(text("select 1"))

    async with road_to(postgresql_url) as (road, url), Database.open(url, vault) as db:
        assert await cohorts(db) == []
        began = monotonic()
        with pytest.raises(DatabaseAwayError):
            await write(db, road)
        assert monotonic() - began < 0.3 + 12
        road.clear()
        assert await cohorts(db) == []


@pytest.mark.parametrize(
    "url", ["postgresql://nobody:hemmelig@127.0.0.1:1/medvind", "postgresql://u:hemmelig@127.0.0.1:1,127.0.0.1:2/m"]
)
async def test_nobody_at_the_address_is_a_database_that_is_away(url: str, vault: Vault) -> None:
    async with Database.open(url, vault) as db:
        for way in (db.begin, db.read):
            with pytest.raises(DatabaseAwayError) as away:
                async with way() as session:
                    await session.execute(text("select 1"))
            assert "hemmelig" not in str(away.value)


async def test_a_unique_key_that_was_taken_meanwhile_is_a_conflict(db: Database) -> None:
    async def write(*names: str) -> None:
        async with db.begin() as session:
            for name in names:
                await session.execute(insert(CohortRow).values(name=name))

    await write("Hold 1")
    with pytest.raises(ConflictError, match="a unique key was taken meanwhile"):
        await write("Hold 0", "Hold 1")
    assert await cohorts(db) == ["Hold 1"]


async def test_no_value_stands_in_any_errors_text(db: Database) -> None:
    async with db.begin() as session:
        await session.execute(insert(CohortRow).values(name=CANARY))
    with pytest.raises(ConflictError) as taken:
        async with db.begin() as session:
            await session.execute(insert(CohortRow).values(name=CANARY))
    with pytest.raises((DBAPIError, DatabaseAwayError)) as wrong:
        async with db.read() as session:
            await session.execute(text("select nothing from nowhere where a = :a"), {"a": CANARY})
    shown = [repr(taken.value), *traceback.format_exception(taken.value), *traceback.format_exception(wrong.value)]
    print(f"looked at {len(shown)} lines")
    assert not any("Kanariefugl" in one or "01000001" in one for one in shown)


async def test_two_writers_on_sqlite_take_turns_and_both_get_through(sqlite_url: str, vault: Vault) -> None:
    async def count_up(db: Database) -> None:
        for _ in range(25):
            async with db.begin() as session:
                seen = await session.scalar(select(func.max(CohortRow.id))) or 0
                await session.execute(insert(CohortRow).values(id=seen + 1, name=f"Hold {seen + 1}"))

    async with Database.open(sqlite_url, vault) as one, Database.open(sqlite_url, vault) as other:
        await asyncio.gather(count_up(one), count_up(other), count_up(one))
        assert len(await cohorts(one)) == 75


async def test_reading_on_sqlite_does_not_wait_for_a_writer(sqlite_url: str, vault: Vault) -> None:
    async with Database.open(sqlite_url, vault) as one, Database.open(sqlite_url, vault) as other:
        async with one.begin() as session:
            await session.execute(insert(CohortRow).values(name="Hold 1"))
            began = monotonic()
            assert await cohorts(other) == []
            assert monotonic() - began < BUSY / 2
        assert await cohorts(other) == ["Hold 1"]


async def test_a_writer_that_waits_in_vain_on_sqlite_gives_up_within_the_limit(sqlite_url: str, vault: Vault) -> None:
    async with Database.open(sqlite_url, vault) as one, Database.open(sqlite_url, vault) as other:
        async with one.begin(None) as session:
            await session.execute(insert(CohortRow).values(name="Hold 1"))
            began = monotonic()
            with pytest.raises(DatabaseAwayError, match="OperationalError"):
                async with other.begin() as late:
                    await late.execute(insert(CohortRow).values(name="Hold 2"))
            assert monotonic() - began < LIMIT
        async with other.begin() as session:
            await session.execute(insert(CohortRow).values(name="Hold 2"))
        assert await cohorts(one) == ["Hold 1", "Hold 2"]


async def test_a_power_cut_loses_no_commit_on_sqlite(sqlite_url: str, vault: Vault) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": int(BUSY * 1000)}
    async with Database.open(sqlite_url, vault) as db, db.begin() as first, db.read() as second:
        for session in (first, second):
            found = {name: await session.scalar(text(f"pragma {name}")) for name in wanted}
            assert found == wanted


async def test_a_row_that_is_there_is_not_inserted_again(db: Database) -> None:
    most = 3_001
    rows = [{"name": f"Hold {number}"} for number in range(most)]
    async with db.begin() as session:
        assert len(await insert_once(session, CohortRow, rows[:3], CohortRow.id)) == 3
        new = await insert_once(session, CohortRow, [*rows, rows[0]], CohortRow.name)
        assert len(new) == most - 3
        assert not set(new) & {"Hold 0", "Hold 1", "Hold 2"}
        assert await insert_once(session, CohortRow, rows, CohortRow.id) == []
        assert await insert_once(session, CohortRow, [], CohortRow.id) == []


async def test_a_row_under_the_same_key_is_replaced_unless_the_old_one_is_to_stay(db: Database, now: datetime) -> None:
    row = {"name": "plan", "owner": "a", "at": now}
    async with db.begin() as session:
        assert await upsert(session, BeatRow, row, ["name"])
        assert await upsert(session, BeatRow, row | {"owner": "b"}, ["name"])
        assert not await upsert(session, BeatRow, row | {"owner": "c"}, ["name"], only_if=BeatRow.owner == "a")
        assert list(await session.scalars(select(BeatRow.owner))) == ["b"]


async def test_who_waits_for_the_same_row_sees_what_the_first_one_wrote(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await session.execute(insert(CohortRow).values(id=100, name="0"))

    async def add_one() -> None:
        async with db.begin() as session:
            name = await session.scalar(select(CohortRow.name).with_for_update())
            await session.execute(update(CohortRow).values(name=str(int(name or "") + 1)))

    await asyncio.gather(*(add_one() for _ in range(10)))
    assert await cohorts(db) == ["10"]


@pytest.mark.parametrize(
    ("given", "driver", "host", "port", "database"),
    [
        ("sqlite:///medvind.db", "sqlite+medvind", None, None, "medvind.db"),
        ("sqlite:////var/lib/medvind/medvind.db", "sqlite+medvind", None, None, "/var/lib/medvind/medvind.db"),
        ("postgresql://u:p@db:5432/medvind", "postgresql+psycopg", "db", 5432, "medvind"),
        ("postgresql://u:p%40ss@db/medvind", "postgresql+psycopg", "db", None, "medvind"),
        ("postgresql://u@/medvind?host=/run/postgresql", "postgresql+psycopg", None, None, "medvind"),
        ("postgresql+asyncpg://u:p@db/medvind", "postgresql+psycopg", "db", None, "medvind"),
        ("postgresql://u:p@[::1]:5432/medvind", "postgresql+psycopg", "::1", 5432, "medvind"),
    ],
)
def test_the_address_of_a_database_gets_the_driver_of_our_choice(
    given: str, driver: str, host: str | None, port: int | None, database: str
) -> None:
    url = parse_url(given)
    assert (url.drivername, url.host, url.port, url.database) == (driver, host, port, database)


def test_several_hosts_are_tried_until_one_takes_writes() -> None:
    url = parse_url("postgresql://u:p%40s@a:1,b:2,c/medvind?sslmode=require")
    _, asked = url.get_dialect()().create_connect_args(url)
    wanted = {"host": "a,b,c", "port": "1,2,", "user": "u", "password": "p@s", "dbname": "medvind"}
    assert {name: asked[name] for name in wanted} == wanted
    assert (asked["target_session_attrs"], asked["sslmode"]) == ("read-write", "require")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "medvind.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "mysql://u:hemmelig@db/medvind",
        "postgresql://u:hemmelig@db",
        "postgresql://u:hemmelig@db/",
        "postgresql://u:hemmelig@db:port/medvind",
        "postgresql://u:hemmelig@a:1,b:2",
        "://u:hemmelig@db/medvind",
    ],
)
def test_what_is_no_address_of_a_database_is_refused_without_its_password(given: str) -> None:
    with pytest.raises(NotReadyError) as refused:
        parse_url(given)
    assert str(refused.value) == f"MEDVIND_DATABASE_URL: {WANTED}"


async def test_a_folder_that_is_not_there_is_said_before_anything_is_opened(tmp_path: Path, vault: Vault) -> None:
    with pytest.raises(NotReadyError, match=r"MEDVIND_DATABASE_URL: the folder of .* does not exist; make it first"):
        async with Database.open(f"sqlite:///{tmp_path}/nowhere/medvind.db", vault):
            pass
