"""Trouble that a database makes by itself: who waits in vain for another begins again, and a damaged file is said."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import ProgrammingError

from medvind.errors import ConflictError, DatabaseAwayError, OtherSchemaError
from medvind.store.database import Database
from medvind.store.tables import BeatRow, CohortRow
from medvind.store.vault import Vault


async def test_of_two_that_wait_for_each_other_one_is_told_to_begin_again(db: Database, now: datetime) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # writers stand in line there: none ever waits for another half way
    async with db.begin() as session:
        await session.execute(insert(BeatRow), [{"name": name, "owner": "nobody", "at": now} for name in ("a", "b")])
    both_have_one = asyncio.Barrier(2)

    async def take(first: str, second: str) -> str:
        try:
            async with db.begin() as session:
                await session.execute(update(BeatRow).where(BeatRow.name == first).values(owner=first))
                await both_have_one.wait()
                await session.execute(update(BeatRow).where(BeatRow.name == second).values(owner=first))
        except ConflictError:
            return "again"
        return "done"

    assert sorted(await asyncio.gather(take("a", "b"), take("b", "a"))) == ["again", "done"]


def damage(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\x55" * (len(whole) - 8192))


async def test_a_damaged_file_is_a_database_that_is_away_and_its_cure_is_named(sqlite_url: str, vault: Vault) -> None:
    async with Database.open(sqlite_url, vault) as db, db.begin() as session:
        await session.execute(insert(CohortRow), [{"name": f"Hold {number}"} for number in range(2000)])
    damage(Path(sqlite_url.removeprefix("sqlite:///")))
    async with Database.open(sqlite_url, vault) as db:
        with pytest.raises(DatabaseAwayError, match="restore the last backup"):
            async with db.read() as session:
                (await session.scalars(select(CohortRow.name))).all()


@pytest.mark.parametrize(
    "asked",
    [
        "select 1 from taken",
        "select taken from cohorts",
        "insert into cohorts (taken) values (1)",
        "update cohorts set taken = 1",
    ],
)
async def test_what_another_version_took_away_is_told_with_the_cure_and_not_as_silence(db: Database, asked: str) -> None:
    for way in (db.begin, db.read):
        with pytest.raises(OtherSchemaError, match="start the one that changed it, or run 'medvind migrate'"):
            async with way() as session:
                await session.execute(text(asked))


async def test_a_statement_that_makes_no_sense_is_not_taken_for_a_database_that_is_away(db: Database) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # it says the same of words it can't make sense of as of much else
    with pytest.raises(ProgrammingError, match="nonsense"):
        async with db.read() as session:
            await session.execute(text("nonsense"))
