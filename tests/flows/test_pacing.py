"""When a message's turn is: by the allowance, once it is ready to leave; in one chat a second after the last one."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from medvind.flows.deliver import prepare
from medvind.flows.places import TOGETHER, Place
from medvind.loop import BREATH
from medvind.model import ChannelName, Language, RecipientType
from medvind.store.tables import OutboxRow
from medvind.texts import Catalogue, Rendered
from tests.fakes import HandClock, Town
from tests.people import Made, add_person
from tests.turns import Turns, at_most_at_once


async def test_two_answers_in_one_chat_leave_a_second_apart_and_nobody_else_waits(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        for name, chat in (("d-1", "7001"), ("d-2", "7002")):
            await add_person(
                session, town.db.vault, external_id=name, phone=None, telegram=chat, coach_id=coach.id, now=town.clock.now()
            )
    began = town.clock.now()
    await town.hear("HJÆLP", sender="7001", channel=ChannelName.TELEGRAM)
    await town.deliver()
    await town.hear("HJÆLP", sender="7001", channel=ChannelName.TELEGRAM)
    await town.deliver()
    apart = await left(town, 1)
    assert apart == [began, began + timedelta(seconds=1)]
    await town.hear("HJÆLP", sender="7002", channel=ChannelName.TELEGRAM)
    await town.deliver()
    assert await left(town, 2) == [began + timedelta(seconds=1)]


async def test_by_sms_nothing_waits_for_that(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        await add_person(session, town.db.vault, coach_id=coach.id, now=town.clock.now())
    began = town.clock.now()
    for _ in range(2):
        await town.hear("HJÆLP")
        await town.deliver()
    first, second = await left(town, 1)
    assert first == began
    assert second - first < timedelta(seconds=0.1)


class Passing(HandClock):
    """A tenth of a second goes by at every look."""

    def now(self) -> datetime:
        return self.pass_by(seconds=0.1)


async def test_turns_are_given_out_from_when_the_batch_is_ready_and_not_from_when_it_was_begun(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        await add_person(session, town.db.vault, coach_id=coach.id, now=town.clock.now())
    await town.hear("HJÆLP")
    began, clock = town.clock.now(), Passing(town.clock.now())
    (slot,) = (await prepare(town.db, town.machine, town.catalogue, clock)).slots
    assert slot.at >= began + timedelta(seconds=0.2), "not a turn that was past before anybody could take it"


class Seen(Catalogue):
    """Notes at each text how often others have had their turn by then."""

    turns: Turns
    seen: list[int]

    def render(self, key: str, language: Language, channel: ChannelName, values: Mapping[str, object]) -> Rendered:
        self.seen.append(self.turns.count)
        return super().render(key, language, channel, values)


async def people_who_ask(town: Town, coach: Made, count: int) -> None:
    async with town.db.begin() as session:
        for number in range(count):
            phone = f"+4501{number:06}"
            await add_person(
                session, town.db.vault, external_id=f"d-{number}", phone=phone, coach_id=coach.id, now=town.clock.now()
            )
    for number in range(count):
        await town.hear("HJÆLP", sender=f"+4501{number:06}")


async def test_while_a_batch_is_written_calls_that_have_their_moments_are_not_held_up(town: Town, coach: Made) -> None:
    await people_who_ask(town, coach, 3 * BREATH)
    catalogue = Seen.load()
    catalogue.turns, catalogue.seen = Turns(), []
    slots = (await prepare(town.db, town.machine, catalogue, town.clock)).slots
    catalogue.turns.end()
    print(f"{len(slots)} letters, at most {at_most_at_once(catalogue.seen)} in one go")
    assert len(slots) == len(catalogue.seen) == 3 * BREATH
    assert at_most_at_once(catalogue.seen) <= BREATH


async def test_those_whose_turns_lie_close_together_leave_together_and_no_more_in_a_second(town: Town, coach: Made) -> None:
    """At 1,000 a second one would leave each millisecond: to wake for each costs more than to send it."""
    await people_who_ask(town, coach, 30)
    slots = (await prepare(town.db, town.machine, town.catalogue, town.clock)).slots
    moments = Counter((slot.at - town.clock.now()) / timedelta(milliseconds=1) for slot in slots)
    print(f"{len(slots)} turns at {sorted(moments)} ms")
    assert moments == {0: 6, 6: 6, 12: 6, 18: 6, 24: 6}


async def test_nobody_leaves_with_an_earlier_one_before_they_are_due(town: Town, coach: Made) -> None:
    began, in_3_ms = town.clock.now(), timedelta(milliseconds=3)
    await people_who_ask(town, coach, 1)
    town.clock.moment = began + in_3_ms
    await town.hear("hvem er det?", sender="+4501000002")
    town.clock.moment = began
    slots = (await prepare(town.db, town.machine, town.catalogue, town.clock)).slots
    assert sorted(slot.at - began for slot in slots) == [timedelta(0), in_3_ms]


async def test_a_call_begins_a_few_milliseconds_before_its_turn_and_the_pace_stays(now: datetime) -> None:
    clock, place, times = HandClock(now), Place(50, 1000), list[datetime]()
    for _ in range(1000):
        async with place.taken(clock, 1):
            times.append(clock.now())
    ahead = [now + timedelta(milliseconds=number) - at for number, at in enumerate(times)]
    print(f"{len(times)} calls, woken for {len(set(times)) - 1} times, at most {max(ahead)} ahead of their turns")
    assert max(ahead) <= timedelta(seconds=TOGETHER + 0.0001)
    assert len(set(times)) <= 1000 / 5
    assert times[-1] - times[0] >= timedelta(seconds=0.999 - TOGETHER)


async def test_turns_that_a_standstill_has_cost_are_not_taken_all_at_once(now: datetime) -> None:
    clock, place, times = HandClock(now), Place(50, 100), list[datetime]()
    for _ in range(100):
        async with place.taken(clock, 1):
            times.append(clock.now())
    clock.pass_by(seconds=2)
    for weight in (1,) * 99 + (2,):
        async with place.taken(clock, weight):
            times.append(clock.now())
    within = max(sum(at <= one < at + timedelta(seconds=0.2) for one in times) for at in times)
    print(f"at 100 a second at most {within} within a fifth of a second, of {len(times)}")
    assert within <= 20 + 4
    assert times[99] - times[0] <= timedelta(seconds=0.99)


class Standing(HandClock):
    """Whoever sleeps wakes when the test has moved it on."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.sleeping: list[tuple[datetime, asyncio.Event]] = []

    async def sleep_until(self, moment: datetime) -> None:
        self.sleeping.append((moment, awake := asyncio.Event()))
        await awake.wait()

    async def wake(self, turns: int = 500) -> None:
        """Lets everybody go whose time has come, and those whose time comes at once by that."""
        for _ in range(turns):
            for moment, awake in self.sleeping:
                if moment <= self.moment:
                    awake.set()
            self.sleeping = [(moment, awake) for moment, awake in self.sleeping if moment > self.moment]
            others_have_gone_on = asyncio.Event()
            asyncio.get_running_loop().call_soon(others_have_gone_on.set)
            await others_have_gone_on.wait()


async def test_calls_that_wait_for_their_turns_do_not_leave_all_at_once_after_a_standstill(now: datetime) -> None:
    clock, place, times = Standing(now), Place(50, 100), list[datetime]()

    async def call() -> None:
        async with place.taken(clock, 1):
            times.append(clock.now())

    async with asyncio.TaskGroup() as group:
        for _ in range(50):
            group.create_task(call())
        for step in (0.0, 0.5, *[0.01] * 50):
            clock.pass_by(seconds=step)
            await clock.wake()
    at_once = max(Counter(times).values())
    print(f"{len(times)} calls at 100 a second, at most {at_once} at once after half a second's standstill")
    assert at_once <= 1 + 3 + 1, "the one that slept, three that catch up, and the one whose turn it is"
    assert times[-1] - times[0] <= timedelta(seconds=1)


async def left(town: Town, person: int) -> list[datetime]:
    mine = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == person)
    async with town.db.read() as session:
        found = await session.scalars(select(OutboxRow.sent_at).where(*mine).order_by(OutboxRow.id))
        return [at for at in found if at]


class Provider:
    """Takes so many at once and a thousand a second, and stands still for a while now and then."""

    RATE, AT_ONCE, ANSWERS_AFTER = 1000, 50, timedelta(milliseconds=1)

    def __init__(self, clock: Standing, standing: timedelta) -> None:
        self._clock, self._began, self._standing = clock, clock.moment, standing
        self._room, self._at = float(self.AT_ONCE), clock.moment
        self.taken, self.refused = 0, 0

    async def call(self) -> None:
        since = (self._clock.moment - self._began) % timedelta(milliseconds=400)
        if since < self._standing:
            await self._clock.sleep_until(self._clock.moment + self._standing - since)
        passed, self._at = self._clock.moment - self._at, self._clock.moment
        self._room = min(self.AT_ONCE, self._room + passed.total_seconds() * self.RATE)
        has_room = self._room >= 1 - 1e-9
        self._room -= has_room
        self.taken, self.refused = self.taken + has_room, self.refused + (not has_room)
        await self._clock.sleep_until(self._clock.moment + self.ANSWERS_AFTER)


@pytest.mark.parametrize("standing", [0, 30, 60, 90, 150])
async def test_what_a_provider_that_stood_still_has_cost_is_not_caught_up_on_top_of_what_waited_there(
    now: datetime, standing: int
) -> None:
    """It takes at once what came meanwhile; more beside that it refuses, and then the whole channel rests."""
    clock = Standing(now)
    place, provider = Place(50, Provider.RATE), Provider(clock, timedelta(milliseconds=standing))

    async def call() -> None:
        async with place.taken(clock, 1):
            await provider.call()

    async with asyncio.TaskGroup() as group:
        calls = [group.create_task(call()) for _ in range(800)]
        while not all(one.done() for one in calls):
            clock.pass_by(milliseconds=1)
            await clock.wake(80)
    print(f"{provider.refused} of {len(calls)} refused by a provider that stands still for {standing} ms now and then")
    assert (provider.refused, provider.taken) == (0, len(calls))
