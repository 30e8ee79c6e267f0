"""A job of which there may be one at a time has one holder, and is not orphaned by a dead one."""

import asyncio
from datetime import UTC, datetime, timedelta

from medvind.store import beats
from medvind.store.database import Database

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


async def hold(db: Database, owner: str, now: datetime, name: str = "polling") -> bool:
    async with db.begin() as session:
        return await beats.hold(session, name, owner, now, LEASE)


async def test_one_holds_the_job_and_keeps_it(db: Database, now: datetime) -> None:
    assert await hold(db, "one", now)
    assert not await hold(db, "two", now + SECOND)
    assert await hold(db, "one", now + 20 * SECOND)
    assert not await hold(db, "two", now + 40 * SECOND)
    assert await hold(db, "two", now, name="other job")


async def test_a_holder_that_died_is_followed_when_its_lease_is_over(db: Database, now: datetime) -> None:
    assert await hold(db, "dead", now)
    assert not await hold(db, "next", now + LEASE)
    assert await hold(db, "next", now + LEASE + SECOND)
    assert not await hold(db, "dead", now + LEASE + SECOND)


async def test_of_many_that_ask_at_once_one_gets_it(db: Database, now: datetime) -> None:
    for number in range(5):
        got = await asyncio.gather(*(hold(db, f"owner-{owner}", now, f"job-{number}") for owner in range(6)))
        assert sum(got) == 1


async def test_of_many_that_wait_for_a_dead_one_one_gets_it(db: Database, now: datetime) -> None:
    await hold(db, "dead", now)
    got = await asyncio.gather(*(hold(db, f"owner-{owner}", now + 2 * LEASE) for owner in range(6)))
    assert sum(got) == 1


async def test_who_lets_go_is_followed_at_once_and_only_the_holder_can(db: Database, now: datetime) -> None:
    await hold(db, "one", now)
    async with db.begin() as session:
        await beats.let_go(session, "polling", "two")
    assert not await hold(db, "two", now)
    async with db.begin() as session:
        await beats.let_go(session, "polling", "one")
    assert await hold(db, "two", now)


async def test_each_beats_last_time_is_known(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        assert await beats.last(session) == {}
        await beats.beat(session, "sweep", "one", now)
        await beats.beat(session, "plan", "one", now)
        await beats.beat(session, "sweep", "two", now + SECOND)
        assert await beats.last(session) == {"sweep": now + SECOND, "plan": now}


async def test_the_databases_own_clock_is_read_as_utc(db: Database) -> None:
    async with db.read() as session:
        theirs = await beats.database_time(session)
    assert theirs.utcoffset() == timedelta()
    assert abs(theirs - datetime.now(UTC)) < timedelta(minutes=1)
