"""How much a worker takes in hand at once."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import Connection, event

from medvind.flows.deliver import Machine
from medvind.model import State
from tests.people import Person, add_person
from tests.scheduler.rig import LIMIT
from tests.scheduler.stage import Stage


async def owed_to(stage: Stage, many: int, now: datetime) -> list[Person]:
    """So many people, and an answer to each of them in turn."""
    async with stage.db.begin() as session:
        people = [
            await add_person(session, stage.db.vault, external_id=f"d-{number}", phone=f"+4501{number:06}", now=now)
            for number in range(many)
        ]
    for person in people:
        await stage.answer(person)
    return people


async def test_the_next_batch_is_made_ready_while_a_batch_and_a_half_waits_for_its_turns(stage: Stage, now: datetime) -> None:
    """Else a channel with an allowance stands still while the next ones are looked at."""
    batch = Machine("worker-1", {}, concurrency=1).batch
    people = await owed_to(stage, 3 * batch, now)
    stage.sms.slow = "+4501000004"
    stage.sms.open.clear()
    async with stage.working(concurrency=1, rate=20):
        await stage.sms.until(lambda: stage.sms.called == batch // 2 + 1)
        async with asyncio.timeout(LIMIT):
            while (in_hand := (await stage.states()).count(State.CLAIMED)) != batch // 2 + 2 * batch:
                pass
        stage.sms.open.set()
        await stage.sms.until_sent(3 * batch)
    print(f"{in_hand} in hand while the fifth of {len(people)} is being called")


LOOKS = 60
"""At what is in hand, after it first was so much: a worker that takes more does so within a few of them."""


async def in_hand_once_calls_stand_still(stage: Stage, now: datetime, after: int, most: int) -> int:
    """How many a worker with batches of eight holds, of a hundred, once its calls stand still."""
    people = await owed_to(stage, 100, now)
    stage.sms.slow = f"+4501{after:06}"
    stage.sms.open.clear()
    async with stage.working(concurrency=1):
        await stage.sms.until(lambda: stage.sms.called > after)
        async with asyncio.timeout(LIMIT):
            while (await stage.states()).count(State.CLAIMED) < most:
                pass
            in_hand = max([(await stage.states()).count(State.CLAIMED) for _ in range(LOOKS)])
        stage.sms.open.set()
        await stage.sms.until_sent(len(people))
    return in_hand


async def test_where_calls_are_quicker_than_looks_a_look_takes_twice_as_many_but_on_sqlite(stage: Stage, now: datetime) -> None:
    """There it would cost memory alone."""
    batch, gains = Machine("worker-1", {}, concurrency=1).batch, stage.db.side_by_side
    in_hand = await in_hand_once_calls_stand_still(stage, now, after=40, most=2 * batch + gains)
    print(f"{in_hand} of 100 in hand once calls stand still after 40 quick ones")
    assert (in_hand > 2 * batch) == gains


async def test_where_calls_are_slow_from_the_first_on_no_more_than_two_batches_are_in_hand(stage: Stage, now: datetime) -> None:
    batch = Machine("worker-1", {}, concurrency=1).batch
    in_hand = await in_hand_once_calls_stand_still(stage, now, after=0, most=2 * batch)
    print(f"{in_hand} of 100 in hand where the first call stands still")
    assert in_hand == 2 * batch


async def test_after_a_look_that_took_long_nobody_is_called_before_those_whose_turn_was_earlier(
    stage: Stage, now: datetime
) -> None:
    """By its end some turns have come and others have not: both stand in one line."""
    people = await owed_to(stage, 8, now)
    looked = list[datetime]()

    def takes_long(_: Connection) -> None:
        stage.clock.shift += timedelta(seconds=0 if looked else 0.22)
        looked.append(stage.clock.now())

    event.listen(stage.db.engine.sync_engine, "commit", takes_long)
    async with stage.working(concurrency=1, rate=20):
        await stage.sms.until_sent(len(people))
    called = [message.to for message in stage.sms.sent]
    print(f"{len(called)} called after a look in which five of their turns came")
    assert called == [f"+4501{number:06}" for number in range(8)]
