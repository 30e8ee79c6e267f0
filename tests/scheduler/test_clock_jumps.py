"""A wall clock that is moved while a worker runs: nothing is sent again, nothing too early, and nothing waits for long."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from medvind.channels import Outgoing
from medvind.flows.deliver import Machine
from medvind.flows.turns import Line
from medvind.model import ChannelName, Doubt, RecipientType, State
from medvind.store import listing, outbox
from medvind.store.database import Database, Session
from medvind.texts import Catalogue
from scheduler.leaps import Watch
from tests.fakes import FakeChannel, FakeSms
from tests.people import Person, add_duty, add_person
from tests.scheduler.rig import LIMIT, TwoHands
from tests.scheduler.schedulers import Scheduler
from tests.scheduler.stage import Moved

DAY, REST = timedelta(days=1), timedelta(seconds=40)


@dataclass
class DatabaseClock:
    """What the database's clock shows: the right time, as far as anybody knows."""

    moment: datetime

    async def show(self, _session: Session) -> datetime:
        return self.moment


class Held(FakeChannel):
    """Telegram, which takes its time."""

    def __init__(self) -> None:
        super().__init__(ChannelName.TELEGRAM)
        self.open = asyncio.Event()
        self.called = 0

    async def send(self, message: Outgoing) -> str:
        self.called += 1
        await self.open.wait()
        return await super().send(message)


@dataclass
class Stage:
    """Maja, who hears by Telegram, Bo by SMS, and one worker that watches its clock."""

    db: Database
    clock: TwoHands
    theirs: DatabaseClock
    maja: Person
    bo: Person
    telegram: Held = field(default_factory=Held)
    sms: FakeSms = field(default_factory=FakeSms)

    def scheduler(self) -> Scheduler:
        lines = {ChannelName.SMS: Line(self.sms, 100), ChannelName.TELEGRAM: Line(self.telegram, 100)}
        watch = Watch(self.db, self.clock, REST, self.theirs.show)
        return Scheduler(self.db, Machine("worker-1", lines), watch, watch.believes)

    async def owe(self, person: Person, *, due_at: datetime, doubt: Doubt = Doubt.B) -> None:
        """No plan withdraws an answer."""
        by = ChannelName.TELEGRAM if person is self.maja else ChannelName.SMS
        async with self.db.begin() as session:
            await add_duty(
                session, self.db.vault, person, kind="reply", text="consent_yes", channel=by, due_at=due_at, doubt=doubt
            )

    async def answer(self, person: Person) -> None:
        now = self.clock.now()
        to, until = (RecipientType.PARTICIPANT, person.id), now + timedelta(minutes=15)
        async with self.db.begin() as session:
            await outbox.reply(
                session, to, ChannelName.SMS, f"reply:{now}", "consent_yes", now=now, valid_until=until, subject={}
            )

    async def states(self) -> list[State]:
        async with self.db.read() as session:
            return [row.state for row in await listing.listed(session)]

    async def until_sent(self, wanted: int) -> None:
        """So many have left and are written down."""
        async with asyncio.timeout(LIMIT):
            while (await self.states()).count(State.SENT) < wanted:
                pass

    def leap(self, by: timedelta) -> None:
        self.clock.moment += by

    def wait(self, seconds: float) -> None:
        """Real time passes, on every clock."""
        self.clock.seconds += seconds
        self.leap(timedelta(seconds=seconds))
        self.theirs.moment += timedelta(seconds=seconds)


@pytest.fixture
async def stage(db: Database, now: datetime) -> Stage:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, phone=None, telegram="7001", now=now)
        bo = await add_person(session, db.vault, external_id="d-2", phone="+4501000002", now=now)
    one = Stage(db, TwoHands(now), DatabaseClock(now), maja, bo)
    one.telegram.open.set()
    return one


async def test_a_clock_that_is_put_back_sends_nothing_again_and_keeps_no_answer_waiting(
    stage: Stage, catalogue: Catalogue, now: datetime
) -> None:
    worker = stage.scheduler()
    for person in (stage.maja, stage.bo):
        await stage.owe(person, due_at=now)
    async with worker.under_way(catalogue):
        await stage.until_sent(2)
        stage.leap(-timedelta(hours=2))
        stage.wait(60)
        await worker.until_looked("sweep", "settle")
        await stage.answer(stage.bo)
        await stage.until_sent(3)
        stage.wait(7200)
        await worker.until_looked("sweep", "settle", "plan")
    assert (len(stage.telegram.sent), len(stage.sms.sent)) == (1, 2)
    assert set(await stage.states()) == {State.SENT}


async def test_a_clock_that_leaps_ahead_sends_nothing_until_the_databases_clock_agrees(
    stage: Stage, catalogue: Catalogue, now: datetime
) -> None:
    """Neither what would be due by it nor what would be too late by it comes to its end."""
    worker = stage.scheduler()
    await stage.owe(stage.bo, due_at=now + DAY)
    await stage.owe(stage.maja, due_at=now)
    with capture_logs() as logs:
        async with worker.under_way(catalogue):
            await stage.until_sent(1)
            stage.leap(3 * DAY)
            await worker.until_refused()
            stage.wait(60)
            await worker.until_refused()
            assert await stage.states() == [State.SENT, State.PLANNED]
            stage.leap(-3 * DAY)
            stage.wait(DAY.total_seconds())
            await stage.until_sent(2)
    assert (len(stage.telegram.sent), len(stage.sms.sent)) == (1, 1)
    assert [one["event"] for one in logs if one["event"].startswith("clock_")] == ["clock_leapt", "clock_believed"]


async def test_what_is_under_way_when_the_clock_leaps_is_not_sent_again(
    stage: Stage, catalogue: Catalogue, now: datetime
) -> None:
    """The database's clock is the same machine's and leaps with it; Telegram can't be asked, and a double would be allowed."""
    worker = stage.scheduler()
    stage.telegram.open.clear()
    await stage.owe(stage.maja, due_at=now, doubt=Doubt.A)
    async with worker.under_way(catalogue):
        await worker.until(lambda: stage.telegram.called == 1)
        stage.leap(timedelta(hours=20))
        stage.theirs.moment = stage.clock.moment
        stage.wait(10)
        await worker.until_refused()
        stage.telegram.open.set()
        await stage.until_sent(1)
        for _ in range(3):
            stage.wait(300)
            await worker.until_looked("sweep", "settle")
    assert (stage.telegram.called, await stage.states()) == (1, [State.SENT])


async def test_at_the_start_the_databases_clock_is_asked(stage: Stage, catalogue: Catalogue, now: datetime) -> None:
    worker = stage.scheduler()
    stage.theirs.moment = now - DAY
    await stage.owe(stage.bo, due_at=now - timedelta(hours=1))
    async with worker.under_way(catalogue):
        await worker.until_refused()
        assert (await stage.states(), worker.looks.total()) == ([State.PLANNED], 0)
        stage.theirs.moment = now - timedelta(minutes=9)
        await stage.until_sent(1)


async def test_the_databases_own_clock_tells_a_right_one_from_a_wrong_one(db: Database, now: datetime) -> None:
    clock = Moved(now)
    clock.shift = timedelta()
    watch = Watch(db, clock, timedelta())
    believed = [await watch.believes()]
    for shift in (timedelta(minutes=9), DAY, timedelta(), -DAY):
        clock.shift = shift
        believed.append(await watch.believes())
    assert believed == [True, True, False, True, True]


async def test_who_waits_for_a_turn_does_not_wait_for_a_clock_that_is_put_back(stage: Stage, now: datetime) -> None:
    watch = Watch(stage.db, stage.clock, REST, stage.theirs.show)
    assert await watch.believes()
    for _ in ("before it is noticed", "after"):
        began = stage.clock.moment = now - timedelta(hours=2)
        await watch.sleep_until(now + timedelta(seconds=1))
        assert stage.clock.moment - began <= timedelta(seconds=10)
        assert await watch.believes()
