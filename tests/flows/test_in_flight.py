"""What changes while a message is on its way, and what an outage has held up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select, update

from medvind.channels import Outgoing, Status
from medvind.errors import NotSentError
from medvind.flows.deliver import deliver_due
from medvind.flows.status import record_status
from medvind.flows.turns import Line
from medvind.model import ChannelName, Doubt, State, TaskKind, Topic
from medvind.store import settings
from medvind.store.tables import OutboxRow, ParticipantRow, TaskRow
from tests.fakes import FakeChannel, Town
from tests.flows.arranging import FOLLOW_UP, add_people, arrange
from tests.people import Made, Person, add_duty, add_person

ALONE = FOLLOW_UP | {"starts_at": "2026-12-15 14:00", "participants": "d-1"}
LATER = ALONE | {"starts_at": "2026-12-17 10:00"}


@dataclass
class Meanwhile:
    """A provider that takes its time: something happens before its answer is written down."""

    behind: FakeChannel
    happens: Callable[[Outgoing], Awaitable[object]]

    @property
    def name(self) -> ChannelName:
        return self.behind.name

    async def send(self, message: Outgoing) -> str:
        try:
            return await self.behind.send(message)
        finally:
            await self.happens(message)


async def deliver(town: Town, behind: FakeChannel, happens: Callable[[Outgoing], Awaitable[object]]) -> None:
    """One round, in which this happens while each message is under way."""
    machine = replace(town.machine, lines={behind.name: Line(Meanwhile(behind, happens), 1000)})
    await deliver_due(town.db, machine, town.catalogue, town.clock)


async def planned(town: Town) -> set[str]:
    return {row.key for row in await town.rows(State.PLANNED)}


async def test_a_meeting_that_moves_while_its_invitation_goes_along_in_another_message_is_put_right(
    town: Town, coach: Made
) -> None:
    """On Telegram, where two are one message."""
    async with town.db.begin() as session:
        bo = await add_person(
            session, town.db.vault, external_id="d-1", phone=None, telegram="7001", coach_id=coach.id, now=town.clock.now()
        )
    without_coach = {"coach_email": ""}
    await arrange(town, ALONE | without_coach)
    async with town.db.begin() as session:
        # an answer: no plan withdraws it
        await add_duty(session, town.db.vault, bo, kind="reply", key="host", text="help", due_at=town.clock.now())
        await session.execute(update(OutboxRow).where(OutboxRow.key == "meeting:m-1:invite").values(carried_by="host"))
    await deliver(town, town.telegram, lambda _: arrange(town, LATER | without_coach))
    assert "tirsdag d. 15. december" in town.telegram.texts()[0]
    assert "meeting:m-1:moved:2" in await planned(town)


async def test_a_meeting_that_moves_under_way_is_put_right_also_when_the_provider_is_faster_than_we(town: Town) -> None:
    """Its word that the message arrived comes before the answer to our call is written down."""
    await add_people(town)
    await arrange(town, ALONE)

    async def happens(message: Outgoing) -> None:
        await arrange(town, LATER)
        async with town.db.begin() as session:
            assert await record_status(session, Status(ChannelName.SMS, message.id, "sms-1", State.DELIVERED), town.clock.now())

    await deliver(town, town.sms, happens)
    assert "meeting:m-1:moved:2" in await planned(town)


async def test_whoever_stops_and_starts_again_while_a_call_fails_still_gets_the_message(town: Town) -> None:
    await add_people(town)
    await arrange(town, ALONE)

    async def happens(_message: Outgoing) -> None:
        await town.hear("STOP")
        town.clock.pass_by(seconds=1)
        await town.hear("START")

    town.sms.fails_with = NotSentError("down")
    await deliver(town, town.sms, happens)
    town.sms.fails_with = None
    await town.run_until(town.clock.now() + timedelta(hours=2))
    assert sum("tirsdag d. 15. december" in text for text in town.sms.texts()) == 1


async def test_somebody_to_whom_no_hour_is_left_stops_nobody_else(town: Town, coach: Made, maja: Person) -> None:
    """Their own hours left something, until the municipality's changed."""
    async with town.db.begin() as session:
        now = town.clock.now()
        bo = await add_person(session, town.db.vault, external_id="d-2", phone="+4501000002", coach_id=coach.id, now=now)
        for person in (maja, bo):
            await add_duty(session, town.db.vault, person, key="due", due_at=now, topic=Topic.DEADLINES)
        own = update(ParticipantRow).where(ParticipantRow.id == maja.id)
        await session.execute(own.values(quiet_hours="mon-fri 08:00-20:00"))
        await settings.put(session, "quiet_hours", "mon-fri 20:00-08:00; sat all; sun all", now)
    await town.deliver()
    assert [message.to for message in town.sms.sent] == ["+4501000002"]
    async with town.db.read() as session:
        assert (await session.execute(select(TaskRow.kind, TaskRow.participant_id))).all() == [(TaskKind.MISSED, maja.id)]


async def held_up(town: Town, maja: Person, *doubts: Doubt) -> None:
    """All of these fell due while nothing could be sent, two hours apart."""
    async with town.db.begin() as session:
        for number, doubt in enumerate(doubts):
            due = town.clock.now() + timedelta(hours=2 * number)
            key, topic = f"due-{number}", Topic.DEADLINES
            await add_duty(session, town.db.vault, maja, key=key, due_at=due, doubt=doubt, topic=topic, priority=number)
    town.clock.pass_by(hours=2 * len(doubts))


async def test_after_an_outage_what_was_held_up_comes_an_hour_apart_and_not_all_at_once(town: Town, maja: Person) -> None:
    await held_up(town, maja, Doubt.B, Doubt.B, Doubt.C)
    await town.deliver()
    assert len(town.sms.sent) == 1
    town.clock.pass_by(minutes=59)
    await town.deliver()
    assert len(town.sms.sent) == 1
    town.clock.pass_by(minutes=1)
    await town.deliver()
    assert len(town.sms.sent) == 2
    town.clock.pass_by(hours=1)
    await town.deliver()
    assert len(town.sms.sent) == 3


async def test_after_an_outage_what_is_urgent_waits_for_nothing(town: Town, maja: Person) -> None:
    await held_up(town, maja, Doubt.B, Doubt.A)
    await town.deliver()
    assert len(town.sms.sent) == 2


async def test_after_an_outage_what_would_be_true_no_longer_in_an_hour_goes_now(town: Town, maja: Person) -> None:
    await held_up(town, maja, Doubt.B, Doubt.B)
    async with town.db.begin() as session:
        soon = town.clock.now() + timedelta(minutes=50)
        await session.execute(update(OutboxRow).where(OutboxRow.key == "due-1").values(valid_until=soon))
    await town.deliver()
    assert len(town.sms.sent) == 2
