"""STOP at every point of a message's way: what is under way may arrive, then the confirmation, and nothing after it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from medvind.channels import Outgoing
from medvind.errors import ChannelError, NotSentError, UnknownFateError
from medvind.flows.deliver import deliver_due
from medvind.flows.plan import plan_all
from medvind.flows.settle import settle_doubts, sweep
from medvind.model import ChannelName, Milestone, State
from medvind.store.tables import OutboxRow
from tests.claiming import claim
from tests.fakes import FakeChannel, FakeSms, Town
from tests.flows.steering import add_vat
from tests.people import Made, Person, add_duty, add_meeting, add_person

TOMORROW_AT_TWO = datetime(2026, 11, 25, 14, 0)  # noqa: DTZ001 - a wall time
REMINDER = "meeting:m-001:1d"
CONFIRMED = "Du får ikke flere beskeder fra Medvind"
ADDRESSES = {ChannelName.SMS: "+4501000001", ChannelName.TELEGRAM: "7001"}
OTHERS = {ChannelName.SMS: "+4501000002", ChannelName.TELEGRAM: "7002"}
Event = Callable[[], Awaitable[object]]


class Post(FakeSms):
    """While the next call is under way something may happen: before the provider has taken the message, or after."""

    before: Event | None = None
    after: Event | None = None

    async def send(self, message: Outgoing) -> str:
        return await _meanwhile(self, super().send, message)


class Chat(FakeChannel):
    """The same for Telegram."""

    before: Event | None = None
    after: Event | None = None

    async def send(self, message: Outgoing) -> str:
        return await _meanwhile(self, super().send, message)


async def _meanwhile(channel: "Post | Chat", send: Callable[[Outgoing], Awaitable[str]], message: Outgoing) -> str:
    before, after = channel.before, channel.after
    channel.before = channel.after = None
    if before:
        await before()
    try:
        return await send(message)
    finally:
        if after:
            await after()


@dataclass
class Way:
    """Somebody whose reminder is due, and the channel that it goes by. `under_way`: a call that had begun at the STOP."""

    town: Town
    person: Person
    channel: "Post | Chat"
    under_way: bool = False
    left_before: int = 0

    async def stop(self) -> None:
        """They write it on the channel by which the messages come."""
        self.left_before = len(self.channel.sent)
        assert await self.town.hear("STOP", ADDRESSES[self.channel.name], self.channel.name)

    async def stop_under_way(self) -> None:
        self.under_way = True
        await self.stop()

    async def plan(self) -> None:
        await self.town.plan(self.person.id)

    async def one_round(self) -> None:
        await deliver_due(self.town.db, self.town.machine, self.town.catalogue, self.town.clock)

    async def fail_once(self, error: ChannelError, *, loses_answer: bool = False) -> None:
        self.channel.fails_with, self.channel.loses_answers = error, loses_answer
        await self.one_round()
        self.channel.fails_with, self.channel.loses_answers = None, False

    async def state(self, key: str = REMINDER) -> State:
        return next(row.state for row in await self.town.rows() if row.key == key)

    async def something_goes_along(self) -> None:
        """A short word rides with the reminder."""
        async with self.town.db.begin() as session:
            now = self.town.clock.now()
            await add_duty(
                session, self.town.db.vault, self.person, kind="waiting_word", key="rider", text="waiting_30", due_at=now
            )
            await session.execute(update(OutboxRow).where(OutboxRow.key == "rider").values(carried_by=REMINDER))


async def before_planning(way: Way) -> None:
    await way.stop()
    await way.plan()


async def an_answer_in_doubt(way: Way) -> None:
    await way.town.hear("Hej Karin, jeg er lidt i tvivl", ADDRESSES[way.channel.name], way.channel.name)
    await way.fail_once(UnknownFateError("reset"))
    await way.stop()


async def planned(way: Way) -> None:
    """In the evening, and the reminder waits for the morning."""
    way.town.clock.pass_by(hours=12)
    await way.plan()
    assert [row.due_at > way.town.clock.now() for row in await way.town.rows(State.PLANNED) if row.key == REMINDER] == [True]
    await way.stop()


async def due(way: Way) -> None:
    await way.plan()
    assert await way.state() == State.PLANNED
    await way.stop()


async def claimed_by_a_worker_that_died(way: Way) -> None:
    await way.plan()
    async with way.town.db.begin() as session:
        assert await claim(session, "died", way.town.clock.now(), timedelta(seconds=40), 1)
    await way.stop()


async def while_the_call_is_made(way: Way) -> None:
    await way.plan()
    way.channel.before = way.stop_under_way
    await way.one_round()


async def between_the_call_and_the_record(way: Way) -> None:
    await way.plan()
    way.channel.after = way.stop
    await way.one_round()
    assert way.left_before == 1


async def after_it_was_sent(way: Way) -> None:
    await way.plan()
    await way.town.deliver()
    assert await way.state() == State.SENT
    await way.stop()


async def in_doubt_and_it_arrived(way: Way) -> None:
    await way.plan()
    await way.fail_once(UnknownFateError("reset"), loses_answer=True)
    assert await way.state() == State.UNKNOWN
    await way.stop()


async def in_doubt_and_it_never_arrived(way: Way) -> None:
    await way.plan()
    await way.fail_once(UnknownFateError("reset"))
    assert await way.state() == State.UNKNOWN
    await way.stop()


async def while_a_call_ends_in_doubt(way: Way) -> None:
    await way.plan()
    way.channel.before = way.stop_under_way
    await way.fail_once(UnknownFateError("reset"))


async def after_a_doubt_that_sends_again(way: Way) -> None:
    """It waits already for its second time."""
    await in_doubt_and_it_never_arrived_without_a_stop(way)
    assert await way.state() == State.PLANNED
    await way.stop()


async def in_doubt_and_it_never_arrived_without_a_stop(way: Way) -> None:
    await way.plan()
    await way.fail_once(UnknownFateError("reset"))
    for minutes in (3, 10):
        way.town.clock.pass_by(minutes=minutes)
        await settle_doubts(way.town.db, way.town.machine, way.town.clock)


async def waiting_for_another_try(way: Way) -> None:
    await way.plan()
    await way.fail_once(NotSentError("down"))
    assert await way.state() == State.PLANNED
    await way.stop()


async def while_a_call_fails(way: Way) -> None:
    await way.plan()
    way.channel.before = way.stop_under_way
    await way.fail_once(NotSentError("down"))


async def going_along_with_one_that_waits(way: Way) -> None:
    await way.plan()
    await way.something_goes_along()
    await way.stop()


async def going_along_while_the_call_fails(way: Way) -> None:
    await way.plan()
    await way.something_goes_along()
    way.channel.before = way.stop_under_way
    await way.fail_once(NotSentError("down"))


async def going_along_into_doubt(way: Way) -> None:
    await way.plan()
    await way.something_goes_along()
    await way.fail_once(UnknownFateError("reset"))
    await way.stop()


POINTS: tuple[Callable[[Way], Awaitable[None]], ...] = (
    before_planning,
    planned,
    due,
    claimed_by_a_worker_that_died,
    while_the_call_is_made,
    between_the_call_and_the_record,
    after_it_was_sent,
    in_doubt_and_it_arrived,
    in_doubt_and_it_never_arrived,
    while_a_call_ends_in_doubt,
    after_a_doubt_that_sends_again,
    waiting_for_another_try,
    while_a_call_fails,
    going_along_with_one_that_waits,
    going_along_while_the_call_fails,
    going_along_into_doubt,
    an_answer_in_doubt,
)


@pytest.mark.parametrize(
    ("point", "channel"), [(point, tuple(ADDRESSES)[number % len(ADDRESSES)]) for number, point in enumerate(POINTS)]
)
async def test_after_a_stop_only_what_was_under_way_and_the_confirmation_arrive(
    town: Town, coach: Made, point: Callable[[Way], Awaitable[None]], channel: ChannelName
) -> None:
    way, other = await begin(town, coach, channel)
    await point(way)
    await town.plan(other.id)
    await days_go_by(town)
    said = [message.text for message in way.channel.sent if message.to == ADDRESSES[channel]][way.left_before :]
    missed = sum(message.to == OTHERS[channel] for message in way.channel.sent)
    print(f"\npoint {POINTS.index(point) + 1} of {len(POINTS)}, {channel}: {len(said)} after the STOP; the other got {missed}")
    assert said.pop().startswith(CONFIRMED)
    assert len(said) <= way.under_way
    assert not any(text.startswith(CONFIRMED) for text in said)
    assert channel == ChannelName.SMS or ADDRESSES[ChannelName.SMS] not in {message.to for message in town.sms.sent}
    assert missed >= 3


async def days_go_by(town: Town) -> None:
    """Doubts and retries end before anybody plans anew; four days pass; and then they write STOP once more."""
    clock = town.clock
    steps = [*(timedelta(minutes=minutes) for minutes in (3, 4, 6, 8)), *[timedelta(hours=15)] * 6]
    for number, step in enumerate(steps):
        await town.deliver()
        clock.moment += step
        await sweep(town.db, clock)
        await settle_doubts(town.db, town.machine, clock)
        if number % 5 == 4:
            await plan_all(town.db, clock, anew=True)
    way = ChannelName.TELEGRAM if town.telegram.sent else ChannelName.SMS
    await town.hear("STOP", ADDRESSES[way], way)
    await town.deliver()


async def begin(town: Town, coach: Made, channel: ChannelName) -> tuple[Way, Person]:
    """Two with the same facts and much still to come; the other one doesn't stop."""
    town.sms, town.telegram = Post(), Chat(ChannelName.TELEGRAM)
    now, people = town.clock.now(), []
    async with town.db.begin() as session:
        for external_id, phone, telegram in (("d-1", ADDRESSES[ChannelName.SMS], "7001"), ("d-2", "+4501000002", "7002")):
            person = await add_person(
                session,
                town.db.vault,
                external_id=external_id,
                phone=phone,
                telegram=telegram if channel == ChannelName.TELEGRAM else None,
                coach_id=coach.id,
                milestones={Milestone.COURSE_ENDED: date(2026, 11, 16)},
                now=now - timedelta(days=20),
            )
            await add_vat(session, person)
            people.append(person)
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=people, now=now)
    return Way(town, people[0], town.sms if channel == ChannelName.SMS else town.telegram), people[1]
