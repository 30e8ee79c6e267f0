"""What another process writes wakes a worker on PostgreSQL, and a lost line only makes it look more often."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter

import psycopg
import pytest
import uvloop
from structlog.testing import capture_logs

from medvind.flows.deliver import Machine
from medvind.flows.turns import Line
from medvind.model import ChannelName, Doubt, Duty, RecipientType, State, Topic, Why
from medvind.store import listing, outbox
from medvind.store.database import Database, Session
from medvind.store.vault import Vault
from medvind.store.wake import CHANNEL, hear, is_told
from medvind.texts import Catalogue
from scheduler.worker import work
from tests.people import Person, add_person
from tests.scheduler.rig import LIMIT, Running, running
from tests.scheduler.stage import Counting, Moved, Wake
from tests.store.hanging import road_to

LONG = 60.0
"""A look so long that only a wake-up can come before it."""
NEVER = 3600.0
OFTEN = 0.02


@dataclass
class Bell:
    """Counts how often it rang."""

    rung: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    waiting: set[asyncio.Task[None]] = field(default_factory=set)

    def ring(self) -> None:
        self.rung += 1
        task = asyncio.create_task(self._tell())
        self.waiting.add(task)
        task.add_done_callback(self.waiting.discard)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until(self, wanted: int) -> None:
        async with asyncio.timeout(LIMIT), self.changed:
            await self.changed.wait_for(lambda: self.rung >= wanted)


def hearing(db: Database, bell: Bell, *, apart: float = NEVER, prove: float = NEVER) -> AbstractAsyncContextManager[Running]:
    return running(lambda stop: hear(db, bell.ring, stop, apart=apart, prove=prove))


@pytest.fixture
async def away_db(postgresql_url: str, vault: Vault) -> AsyncIterator[Database]:
    """PostgreSQL as a process of its own has it."""
    async with Database.open(postgresql_url, vault) as database:
        yield database


async def answer(session: Session, person: Person, number: int, now: datetime) -> None:
    to = (RecipientType.PARTICIPANT, person.id)
    until = now + timedelta(hours=1)
    await outbox.reply(session, to, ChannelName.SMS, f"reply:{number}", "consent_yes", now=now, valid_until=until, subject={})


def duty(when: datetime, key: str = "vat") -> Duty:
    return Duty(
        kind="vat_quarter",
        key=key,
        chain=key,
        when=when,
        valid_until=when + timedelta(hours=9),
        text="vat_7",
        priority=3,
        doubt=Doubt.B,
        topic=Topic.DEADLINES,
        why=Why("why_vat", {}),
    )


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_an_answer_that_another_process_owes_leaves_at_once(
    loop: Callable[[], asyncio.AbstractEventLoop], postgresql_url: str, vault: Vault, catalogue: Catalogue, now: datetime
) -> None:
    """From the commit there to the arrival at the provider."""

    async def run() -> list[float]:
        async with Database.open(postgresql_url, vault) as api, Database.open(postgresql_url, vault) as own:
            async with api.begin() as session:
                maja = await add_person(session, vault, now=now)
            async with working(own, catalogue, now) as worker:
                return [await once(api, worker, maja, number) for number in range(1, 11)]

    with asyncio.Runner(loop_factory=loop) as runner:
        took = sorted(runner.run(run()))
    usual = statistics.median(took)
    print(f"from commit to arrival: median {usual * 1000:.1f} ms, longest {took[-1] * 1000:.1f} ms of {len(took)}")
    assert usual < 0.3
    assert took[-1] < LIMIT


@dataclass
class Working:
    """A worker as a process of its own, which would look once a minute."""

    sms: Counting
    clock: Moved
    wake: Wake


@asynccontextmanager
async def working(db: Database, catalogue: Catalogue, now: datetime) -> AsyncIterator[Working]:
    one = Working(Counting(), Moved(now), Wake())
    machine = Machine("worker-1", {ChannelName.SMS: Line(one.sms, 1000)})
    async with (
        running(lambda stop: hear(db, one.wake.set, stop, apart=NEVER)),
        running(lambda stop: work(db, machine, catalogue, one.clock, wake=one.wake, stop=stop, look=LONG)),
    ):
        yield one


async def once(api: Database, worker: Working, person: Person, number: int) -> float:
    """Not before the worker sleeps: it looks again by itself when it has written something down."""
    await until_written(api)
    await worker.wake.until_asleep()
    async with api.begin() as session:
        await answer(session, person, number, worker.clock.now())
    committed = perf_counter()
    await worker.sms.until_sent(number)
    return perf_counter() - committed


async def until_written(db: Database) -> None:
    async with asyncio.timeout(LIMIT), db.read() as session:
        while any(row.state != State.SENT for row in await listing.listed(session)):
            pass


async def test_what_is_owed_soon_wakes_once_a_transaction_and_what_is_far_off_nobody(away_db: Database, now: datetime) -> None:
    soon, later = now + timedelta(seconds=59), now + timedelta(days=7)
    async with away_db.begin() as session:
        maja = await add_person(session, away_db.vault, now=now)
    bell = Bell()
    async with hearing(away_db, bell):
        await bell.until(1)
        async with away_db.begin() as session:
            await outbox.owe(session, [(maja.id, duty(later))], now)
        async with away_db.begin() as session:
            await outbox.owe(session, [(maja.id, duty(soon, f"vat:{number}")) for number in range(5)], now)
        await bell.until(2)
        async with away_db.begin() as session:
            await answer(session, maja, 1, now)
            await answer(session, maja, 2, now)
        await bell.until(3)
        async with away_db.begin() as session:
            kept = (await outbox.kept_for(session, [maja.id], now))[maja.id]
            await outbox.move(session, [(row.id, duty(now, row.key)) for row in kept])
        await bell.until(4)
    assert bell.rung == 4


async def test_what_is_taken_back_wakes_nobody(away_db: Database, now: datetime) -> None:
    async with away_db.begin() as session:
        maja = await add_person(session, away_db.vault, now=now)
    bell = Bell()
    async with hearing(away_db, bell):
        await bell.until(1)
        async with away_db.begin() as session:
            await answer(session, maja, 1, now)
            await session.rollback()
        async with away_db.begin() as session:
            await answer(session, maja, 2, now)
        await bell.until(2)
    assert bell.rung == 2


async def test_a_lost_line_is_made_anew_and_is_said_once(away_db: Database, postgresql_url: str) -> None:
    bell = Bell()
    with capture_logs() as logs:
        async with hearing(away_db, bell, apart=OFTEN):
            await bell.until(1)
            for times in range(1, 3):
                assert cut(postgresql_url), "the one before may not have quite gone yet"
                await until_said(logs, "wake_ups_back", times, away_db)
            heard = bell.rung
            async with await psycopg.AsyncConnection.connect(postgresql_url, autocommit=True) as other:
                await other.execute(f"notify {CHANNEL}")
            await bell.until(heard + 1)
    assert [one["event"] for one in logs] == ["wake_ups_lost", "wake_ups_back"] * 2
    assert "host=" not in repr(logs)


async def test_while_nothing_can_be_heard_it_looks_as_often_as_one_that_nobody_tells(vault: Vault) -> None:
    bell = Bell()
    with capture_logs() as logs:
        async with Database.open("postgresql://nobody@127.0.0.1:1/medvind", vault) as away, hearing(away, bell, apart=OFTEN):
            await bell.until(5)
    assert [one["event"] for one in logs] == ["wake_ups_lost"]


async def test_a_line_whose_other_end_fell_silent_counts_as_lost(away_db: Database, postgresql_url: str) -> None:
    bell = Bell()
    async with (
        road_to(postgresql_url) as (road, url),
        Database.open(url, away_db.vault) as far,
        hearing(far, bell, apart=OFTEN, prove=0.1),
    ):
        await bell.until(1)
        road.block()
        await bell.until(bell.rung + 5)
        road.clear()


async def test_sqlite_tells_nobody_and_an_answer_is_owed_all_the_same(sqlite_db: Database, now: datetime) -> None:
    async with sqlite_db.begin() as session:
        maja = await add_person(session, sqlite_db.vault, now=now)
        await answer(session, maja, 1, now)
    assert not is_told(sqlite_db)


def cut(url: str) -> int:
    """Ends the connections that listen; how many there were."""
    listens = "select count(pg_terminate_backend(pid)) from pg_stat_activity where query in ('select 1', %s)"
    with psycopg.connect(url, autocommit=True) as server:
        found = server.execute(listens, [f"listen {CHANNEL}"]).fetchone()
    assert found is not None
    return int(found[0])


async def until_said(logs: Sequence[Mapping[str, object]], event: str, times: int, db: Database) -> None:
    """Asks the database between two looks, so that others have their turn."""
    async with asyncio.timeout(LIMIT):
        while sum(one["event"] == event for one in logs) < times:
            async with db.read() as session:
                await session.connection()
