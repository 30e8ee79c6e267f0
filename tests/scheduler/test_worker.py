"""The sending loop sleeps until there is something to do, and no longer."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import pytest
from structlog.testing import capture_logs

from medvind.channels import Outgoing
from medvind.clock import SystemClock
from medvind.errors import ThrottledError
from medvind.flows.deliver import Machine
from medvind.flows.turns import Line
from medvind.model import ChannelName, RecipientType, State
from medvind.store import listing, outbox
from medvind.store.database import Database
from medvind.texts import Catalogue
from scheduler.leaps import Trust, always
from scheduler.worker import BLOCKED, work
from tests.fakes import FakeSms
from tests.people import Person, add_coach, add_person
from tests.scheduler.rig import LIMIT, Running, running

LONG = 60.0
"""A look so long that only a wake-up or a due time can come before it."""


class Counting(FakeSms):
    """Tells when something was sent, and can hold a call."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = asyncio.Condition()
        self.called = 0
        self.open = asyncio.Event()
        self.open.set()
        self.slow: str | None = None

    async def send(self, message: Outgoing) -> str:
        async with self.changed:
            self.called += 1
            self.changed.notify_all()
        if self.slow in {None, message.to}:
            await self.open.wait()
        name = await super().send(message)
        async with self.changed:
            self.changed.notify_all()
        return name

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(LIMIT), self.changed:
            await self.changed.wait_for(condition)

    async def until_sent(self, wanted: int) -> None:
        await self.until(lambda: len(self.sent) == wanted)


class Wake(asyncio.Event):
    """Tells when the worker has gone to sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = asyncio.Event()

    async def wait(self) -> Literal[True]:
        self.asleep.set()
        return await super().wait()

    def clear(self) -> None:
        """The worker does so when it begins to look."""
        super().clear()
        self.asleep.clear()

    async def until_asleep(self) -> None:
        async with asyncio.timeout(LIMIT):
            await self.asleep.wait()


class Stage:
    """A worker on the machine's own clock, moved to a morning on which messages may leave."""

    def __init__(self, db: Database, catalogue: Catalogue, now: datetime) -> None:
        self.db, self.catalogue = db, catalogue
        self.clock = Moved(now)
        self.sms = Counting()
        self.wake = Wake()
        self.number = 0

    def working(
        self, look: float = LONG, concurrency: int = 50, trust: Trust = always, rate: float = 1000
    ) -> AbstractAsyncContextManager[Running]:
        machine = Machine("worker-1", {ChannelName.SMS: Line(self.sms, rate)}, concurrency=concurrency)
        begin = partial(work, self.db, machine, self.catalogue, self.clock, wake=self.wake, look=look, trust=trust)
        return running(lambda stop: begin(stop=stop))

    async def answer(self, person: Person, after: float = 0.0) -> None:
        """Owes an answer, due in so many seconds."""
        self.number += 1
        due = self.clock.now() + timedelta(seconds=after)
        async with self.db.begin() as session:
            to, until = (RecipientType.PARTICIPANT, person.id), due + timedelta(hours=1)
            key = f"reply:{self.number}"
            await outbox.reply(session, to, ChannelName.SMS, key, "consent_yes", now=due, valid_until=until, subject={})

    async def states(self) -> list[State]:
        async with self.db.read() as session:
            return [one.state for one in await listing.listed(session)]


class Moved(SystemClock):
    """The machine's clock, beginning at another moment; it can be moved on."""

    def __init__(self, now: datetime) -> None:
        self.shift = now - super().now()
        self.looks = 0
        self.looked_often = asyncio.Event()

    def now(self) -> datetime:
        self.looks += 1
        if self.looks >= 4:
            self.looked_often.set()
        return super().now() + self.shift


@pytest.fixture
def stage(sqlite_db: Database, catalogue: Catalogue, now: datetime) -> Stage:
    return Stage(sqlite_db, catalogue, now)


@pytest.fixture
async def maja(stage: Stage, now: datetime) -> Person:
    async with stage.db.begin() as session:
        coach = await add_coach(session, stage.db.vault, now=now)
        return await add_person(session, stage.db.vault, coach_id=coach.id, now=now)


async def test_what_is_due_at_the_start_leaves_at_once(stage: Stage, maja: Person) -> None:
    await stage.answer(maja)
    async with stage.working():
        await stage.sms.until_sent(1)


async def test_a_wake_up_ends_the_sleep(stage: Stage, maja: Person) -> None:
    async with stage.working():
        for number in range(1, 4):
            await stage.wake.until_asleep()
            await stage.answer(maja)
            stage.wake.set()
            await stage.sms.until_sent(number)


async def test_without_a_wake_up_it_looks_again_in_time(stage: Stage, maja: Person) -> None:
    async with stage.working(look=0.1):
        await stage.wake.until_asleep()
        await stage.answer(maja)
        await stage.sms.until_sent(1)


async def test_it_sleeps_until_the_next_duty_and_not_until_the_next_look(stage: Stage, maja: Person) -> None:
    await stage.answer(maja, after=0.5)
    due = stage.clock.now() + timedelta(seconds=0.4)
    async with stage.working():
        await stage.sms.until_sent(1)
        assert stage.clock.now() >= due


async def test_the_next_to_somebody_leaves_as_soon_as_the_one_before_is_written_down(stage: Stage, maja: Person) -> None:
    for _ in range(6):
        await stage.answer(maja)
    began = stage.clock.monotonic()
    async with stage.working():
        await stage.sms.until_sent(6)
    assert stage.clock.monotonic() - began < 3 * BLOCKED, "each of the five waited until it was looked for again"


async def test_what_comes_back_is_tried_when_its_time_has_come_though_the_next_one_was_far_off(
    stage: Stage, maja: Person
) -> None:
    await stage.answer(maja)
    await stage.answer(maja, after=3600)
    stage.sms.fails_with = ThrottledError("too many", after=0.3)
    async with stage.working():
        await stage.sms.until(lambda: stage.sms.called == 1)
        stage.sms.fails_with = None
        await stage.sms.until_sent(1)
    assert stage.sms.called == 2


async def test_a_wall_clock_that_jumped_is_noticed_at_the_next_look(stage: Stage, maja: Person) -> None:
    await stage.answer(maja, after=1800)
    async with stage.working(look=0.1):
        await stage.wake.until_asleep()
        stage.clock.shift += timedelta(minutes=30)
        await stage.sms.until_sent(1)


async def test_told_to_stop_it_finishes_what_it_has_in_hand(stage: Stage, maja: Person) -> None:
    stage.sms.open.clear()
    await stage.answer(maja)
    async with stage.working() as one:
        await stage.sms.until(lambda: stage.sms.called == 1)
        await stage.answer(maja)
        one.stop.set()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await asyncio.shield(one.task)
        stage.sms.open.set()
    assert await stage.states() == [State.SENT, State.PLANNED]
    assert stage.sms.called == 1


async def test_told_to_stop_in_its_sleep_it_stops_at_once(stage: Stage) -> None:
    async with stage.working() as one:
        await stage.wake.until_asleep()
        one.stop.set()
        async with asyncio.timeout(LIMIT):
            await one.task


async def test_a_database_that_is_away_ends_nothing(stage: Stage) -> None:
    async with Database.open("postgresql://nobody@127.0.0.1:1/medvind", stage.db.vault) as away:
        stage.db = away
        with capture_logs() as logs:
            async with stage.working(look=0.05), asyncio.timeout(LIMIT):
                await stage.clock.looked_often.wait()
    assert {one["event"] for one in logs} == {"delivery_waits"}


async def test_one_slow_call_holds_up_nobody_else(stage: Stage, maja: Person, now: datetime) -> None:
    people = [maja]
    async with stage.db.begin() as session:
        for number in range(9):
            phone = f"+4502{number:06}"
            people.append(await add_person(session, stage.db.vault, external_id=f"o-{number}", phone=phone, now=now))
    stage.sms.slow = "+4501000001"
    stage.sms.open.clear()
    for person in people:
        await stage.answer(person)
    async with stage.working(concurrency=2):
        await stage.sms.until_sent(len(people) - 1)
        assert "+4501000001" not in {message.to for message in stage.sms.sent}
        stage.sms.open.set()
        await stage.sms.until_sent(len(people))
    assert set(await stage.states()) == {State.SENT}


async def test_the_next_batch_is_made_ready_while_a_batch_and_a_half_waits_for_its_turns(stage: Stage, now: datetime) -> None:
    """Else a channel with an allowance stands still while the next ones are looked at."""
    batch = Machine("worker-1", {}, concurrency=1).batch
    async with stage.db.begin() as session:
        people = [
            await add_person(session, stage.db.vault, external_id=f"d-{number}", phone=f"+4501{number:06}", now=now)
            for number in range(3 * batch)
        ]
    for person in people:
        await stage.answer(person)
    stage.sms.slow = "+4501000004"
    stage.sms.open.clear()
    async with stage.working(concurrency=1, rate=40):
        await stage.sms.until(lambda: stage.sms.called == batch // 2 + 1)
        async with asyncio.timeout(LIMIT):
            while (in_hand := (await stage.states()).count(State.CLAIMED)) != batch // 2 + 2 * batch:
                pass
        stage.sms.open.set()
        await stage.sms.until_sent(3 * batch)
    print(f"{in_hand} in hand while the fifth of {len(people)} is being called")


async def test_what_left_while_the_database_could_not_write_is_written_down_later_and_not_sent_again(
    stage: Stage, maja: Person
) -> None:
    await stage.answer(maja)
    stage.sms.open.clear()
    async with stage.working():
        await stage.sms.until(lambda: stage.sms.called == 1)
        with capture_logs() as logs:
            async with stage.db.begin(limit=None) as session:
                await session.connection()
                stage.sms.open.set()
                async with asyncio.timeout(LIMIT):
                    while "record_waits" not in {one["event"] for one in logs}:
                        assert await stage.states() == [State.CLAIMED]
    assert (await stage.states(), stage.sms.called) == ([State.SENT], 1)
