"""One process polls at a time, and when it lets go, dies or loses its lease another one takes over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.turns import in_turn
from medvind.clock import SystemClock
from medvind.store import beats
from medvind.store.database import Database
from medvind.store.vault import Vault
from tests.bot.rig import LIMIT

LEASE = timedelta(seconds=0.6)


class Poller:
    """Polls, by name, and says when it does."""

    def __init__(self, db: Database, name: str, polling: set[str]) -> None:
        self.db, self.name, self.polling = db, name, polling
        self.stop = asyncio.Event()
        self.begun, self.ended = asyncio.Event(), asyncio.Event()
        self.most = 0
        self.breaks = 0

    async def poll(self, stop: asyncio.Event) -> None:
        self.polling.add(self.name)
        self.most = max(self.most, len(self.polling))
        self.begun.set()
        try:
            if self.breaks:
                self.breaks -= 1
                raise RuntimeError(self.name)
            await stop.wait()
        finally:
            self.polling.discard(self.name)
            self.ended.set()

    async def run(self) -> None:
        await in_turn(self.db, SystemClock(), self.name, self.stop, self.poll, LEASE)


@asynccontextmanager
async def running(*pollers: Poller) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(poller.run()) for poller in pollers]
    try:
        yield tasks
    finally:
        for poller in pollers:
            poller.stop.set()
        async with asyncio.timeout(LIMIT):
            await asyncio.gather(*tasks, return_exceptions=True)


async def happens(event: asyncio.Event) -> None:
    async with asyncio.timeout(LIMIT):
        await event.wait()


async def test_one_polls_and_the_other_takes_over_when_it_lets_go(db: Database) -> None:
    polling: set[str] = set()
    first, second = Poller(db, "first", polling), Poller(db, "second", polling)
    async with running(first, second):
        async with asyncio.timeout(LIMIT):
            await asyncio.wait(
                [asyncio.create_task(one.begun.wait()) for one in (first, second)], return_when=asyncio.FIRST_COMPLETED
            )
        holder, waiter = (first, second) if first.begun.is_set() else (second, first)
        assert not waiter.begun.is_set()
        holder.stop.set()
        await happens(waiter.begun)
        assert holder.ended.is_set()
        holder.begun.clear()
    assert max(first.most, second.most) == 1
    assert not holder.begun.is_set()


async def test_a_holder_that_died_is_followed_when_its_lease_is_over(db: Database) -> None:
    async with db.begin() as session:
        assert await beats.hold(session, "polling", "dead", SystemClock().now(), LEASE)
    next_one = Poller(db, "next", set())
    async with running(next_one):
        await happens(next_one.begun)


async def test_a_lost_lease_ends_the_polling(db: Database) -> None:
    poller = Poller(db, "one", set())
    async with running(poller):
        await happens(poller.begun)
        async with db.begin() as session:
            await beats.let_go(session, "polling", "one")
            assert await beats.hold(session, "polling", "thief", SystemClock().now() + timedelta(hours=1), LEASE)
        await happens(poller.ended)


async def test_a_lease_is_kept_for_longer_than_it_lasts(db: Database) -> None:
    polling: set[str] = set()
    first = Poller(db, "first", polling)
    async with running(first):
        await happens(first.begun)
        second = Poller(db, "second", polling)
        async with running(second):
            try:
                async with asyncio.timeout(2 * LEASE.total_seconds()):
                    await second.begun.wait()
            except TimeoutError:
                pass
            assert not second.begun.is_set()
            assert not first.ended.is_set()


async def test_who_stops_lets_go_at_once(db: Database) -> None:
    poller = Poller(db, "one", set())
    async with running(poller):
        await happens(poller.begun)
    async with db.begin() as session:
        assert await beats.hold(session, "polling", "other", SystemClock().now(), timedelta(hours=1))


async def test_polling_that_breaks_begins_again(db: Database) -> None:
    poller = Poller(db, "one", set())
    poller.breaks = 1
    async with running(poller):
        await happens(poller.ended)
        poller.begun.clear()
        await happens(poller.begun)


async def test_a_database_that_is_away_is_waited_for(vault: Vault, tmp_path: Path) -> None:
    async with Database.open(f"sqlite:///{tmp_path}/empty.db", vault) as empty:
        poller = Poller(empty, "one", set())
        async with running(poller) as (task,):
            await asyncio.wait([task], timeout=LEASE.total_seconds())
            assert not task.done()
            assert not poller.begun.is_set()
        assert task.exception() is None
