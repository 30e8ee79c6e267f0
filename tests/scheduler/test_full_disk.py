"""A full disk stops sending before the call, leaves reading alone, and is over by itself once there is room."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, text
from structlog.testing import capture_logs

from medvind.channels import Outgoing
from medvind.errors import DatabaseAwayError
from medvind.flows.deliver import Machine
from medvind.flows.turns import Line
from medvind.model import ChannelName, RecipientType, State
from medvind.store import beats, listing, outbox
from medvind.store.database import Database
from medvind.store.tables import CohortRow
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from scheduler.clockwork import Beat
from scheduler.ticker import Ticker
from scheduler.worker import work
from tests.disks import Disk
from tests.fakes import FakeSms, HandClock
from tests.people import add_person
from tests.scheduler.rig import LIMIT, running

PEOPLE = 30
LOOK = 0.05


@pytest.fixture
async def db(sqlite_url: str, vault: Vault, now: datetime) -> AsyncIterator[Database]:
    """An answer is owed to each of many people."""
    async with Database.open(sqlite_url, vault) as database:
        async with database.begin() as session:
            for number in range(PEOPLE):
                name, phone = f"d-{number}", f"+45010001{number:02}"
                person = await add_person(session, vault, external_id=name, phone=phone, now=now)
                to, until = (RecipientType.PARTICIPANT, person.id), now + timedelta(hours=1)
                key = f"reply:{number}"
                await outbox.reply(session, to, ChannelName.SMS, key, "consent_yes", now=now, valid_until=until, subject={})
        yield database


class Telling(FakeSms):
    """Tells when everybody has had their message."""

    def __init__(self) -> None:
        super().__init__()
        self.done = asyncio.Event()

    async def send(self, message: Outgoing) -> str:
        name = await super().send(message)
        if len(self.sent) == PEOPLE:
            self.done.set()
        return name


async def states(db: Database) -> set[State]:
    async with db.read() as session:
        return {one.state for one in await listing.listed(session)}


async def spoil(disk: Disk, how: str) -> None:
    await (disk.fill() if how == "full" else disk.lock())


@pytest.mark.parametrize("how", ["full", "read-only"])
async def test_nothing_is_sent_that_cannot_be_written_down_and_all_of_it_once_there_is_room(
    db: Database, now: datetime, how: str
) -> None:
    disk, sms, clock, wake = Disk(db), Telling(), HandClock(now), asyncio.Event()
    machine = Machine("worker-1", {ChannelName.SMS: Line(sms, 1000)})
    await spoil(disk, how)
    with capture_logs() as logs:
        async with running(lambda stop: work(db, machine, Catalogue.load(), clock, wake=wake, stop=stop, look=LOOK)) as worker:
            await disk.until_asked(4)
            assert "delivery_waits" in {line["event"] for line in logs}
            assert sms.sent == []
            assert await states(db) == {State.PLANNED}
            assert not worker.task.done()
            await disk.give_room()
            async with asyncio.timeout(LIMIT):
                await sms.done.wait()
    assert await states(db) == {State.SENT}
    assert len({message.to for message in sms.sent}) == PEOPLE
    async with db.engine.connect() as connection:
        assert await connection.scalar(text("PRAGMA integrity_check")) == "ok"


@pytest.mark.parametrize("how", ["full", "read-only"])
async def test_a_disk_that_takes_no_write_is_a_database_that_is_away(db: Database, how: str) -> None:
    await spoil(Disk(db), how)

    async def write() -> None:
        async with db.begin() as session:
            await session.execute(insert(CohortRow), [{"name": f"{number} {'x' * 100}"} for number in range(100)])

    with pytest.raises(DatabaseAwayError, match="the database did not answer: OperationalError"):
        await write()


async def test_a_beat_that_cannot_be_written_down_comes_again(db: Database, now: datetime) -> None:
    disk, clock = Disk(db), HandClock(now)

    async def look() -> None:
        """Nothing to do: only its time is written down."""

    beat = Beat("sweep", timedelta(), look)
    await disk.lock()
    with capture_logs() as logs:
        async with running(Ticker(db, "worker-1", clock, [beat], tick=timedelta(seconds=0.02)).run):
            await disk.until_asked(2)
            assert {line["event"] for line in logs} == {"beat_missed"}
            await disk.give_room()
            clock.pass_by(minutes=1)
            await disk.until_asked(1)
    async with db.read() as session:
        assert await beats.last(session) == {"sweep": clock.now()}
