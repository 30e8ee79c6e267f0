"""The sending loop sleeps until there is something to do, and no longer."""

import asyncio
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from medvind.errors import ThrottledError
from medvind.model import State
from medvind.store.database import Database
from scheduler.worker import BLOCKED
from tests.people import Person, add_person
from tests.scheduler.rig import LIMIT
from tests.scheduler.stage import Stage


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


async def test_a_look_that_can_go_on_no_more_ends_the_worker_and_cuts_off_no_call(stage: Stage, maja: Person) -> None:
    broken = False

    async def trust() -> bool:
        if broken:
            raise LookupError("what is asked for was taken away")
        return True

    async def break_it_amid_a_call() -> None:
        nonlocal broken
        async with stage.working(trust=trust) as one:
            await stage.sms.until(lambda: stage.sms.called == 1)
            await stage.answer(maja)
            broken = True
            stage.wake.set()
            async with asyncio.timeout(LIMIT):
                await one.stop.wait()
            assert not one.task.done()
            stage.sms.open.set()

    stage.sms.open.clear()
    await stage.answer(maja)
    with pytest.raises(LookupError):
        await break_it_amid_a_call()
    assert await stage.states() == [State.SENT, State.PLANNED]


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
