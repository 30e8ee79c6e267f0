"""A code joins one account, once, within a week; what the database holds does not let anybody in."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from medvind.store import invites
from medvind.store.database import Database
from medvind.store.tables import InviteRow
from tests.people import Person, add_person

WEEK = timedelta(days=7)


@pytest.fixture
async def maja(db: Database, now: datetime) -> Person:
    async with db.begin() as session:
        return await add_person(session, db.vault, now=now)


async def create(db: Database, person: Person, now: datetime) -> str:
    async with db.begin() as session:
        return await invites.create(session, person.id, now)


async def use(db: Database, code: str, now: datetime) -> int | None:
    async with db.begin() as session:
        return await invites.use(session, code, now)


async def test_a_code_is_good_once(db: Database, maja: Person, now: datetime) -> None:
    code = await create(db, maja, now)
    assert await use(db, code, now) == maja.id
    assert await use(db, code, now) is None


async def test_of_two_that_use_it_at_once_one_is_joined(db: Database, maja: Person, now: datetime) -> None:
    for _ in range(10):
        code = await create(db, maja, now)
        joined = await asyncio.gather(*(use(db, code, now) for _ in range(4)))
        assert sorted(joined, key=str) == [maja.id, None, None, None]


@pytest.mark.parametrize(("age", "good"), [(timedelta(), True), (WEEK - timedelta(seconds=1), True), (WEEK, False)])
async def test_a_code_is_good_for_seven_days(db: Database, maja: Person, now: datetime, age: timedelta, *, good: bool) -> None:
    code = await create(db, maja, now)
    assert await use(db, code, now + age) == (maja.id if good else None)


async def test_a_new_code_ends_the_earlier_ones_of_this_person_alone(db: Database, maja: Person, now: datetime) -> None:
    async with db.begin() as session:
        bo = await add_person(session, db.vault, external_id="d-002", phone="+4501000002", now=now)
    first, other = await create(db, maja, now), await create(db, bo, now)
    second = await create(db, maja, now + timedelta(minutes=1))
    at = now + timedelta(minutes=2)
    assert [await use(db, code, at) for code in (first, second, other)] == [None, maja.id, bo.id]


@pytest.mark.parametrize("changes", [True, False])
async def test_a_code_says_what_it_is_good_for_until_it_is_used(
    db: Database, maja: Person, now: datetime, *, changes: bool
) -> None:
    async with db.begin() as session:
        code = await invites.create(session, maja.id, now, changes=changes)
        found = await invites.find(session, code, now)
        assert found is not None
        assert (found.participant_id, found.changes) == (maja.id, changes)
        assert await invites.find(session, code, now + WEEK) is None
        assert await invites.find(session, f"{code}x", now) is None
    await use(db, code, now)
    async with db.read() as session:
        assert await invites.find(session, code, now) is None


async def test_a_code_fits_a_link_and_its_hash_alone_is_kept(db: Database, maja: Person, now: datetime) -> None:
    codes = [await create(db, maja, now) for _ in range(20)]
    assert len(set(codes)) == 20
    assert all(len(code) == 22 and code.replace("-", "").replace("_", "").isalnum() for code in codes)
    async with db.read() as session:
        kept = [str(value) for row in await session.execute(select(InviteRow.__table__)) for value in row]
    assert not any(code in value for code in codes for value in kept)


@pytest.mark.parametrize("guess", ["", "x", "%", "' or 1=1 --", "a" * 5000])
async def test_what_is_no_code_joins_nobody(db: Database, maja: Person, now: datetime, guess: str) -> None:
    await create(db, maja, now)
    assert await use(db, guess, now) is None
