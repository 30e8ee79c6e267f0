"""What was certainly not sent is tried again after 1, 5, 15 and 60 minutes, for as long as it is of use."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from medvind.channels import Outgoing
from medvind.clock import Clock
from medvind.errors import NotSentError
from medvind.flows.deliver import deliver_due
from medvind.flows.turns import Line
from medvind.model import ChannelName, State, TaskKind
from medvind.rules.retries import JITTER
from medvind.store import front
from medvind.store.tables import TaskRow
from sms.twilio import TwilioSms
from tests.fakes import Town
from tests.people import Made, Person, add_duty, add_meeting, add_person
from tests.sms.rig import opened
from tests.standins.twilio import Twilio

STARTS = datetime(2026, 11, 24, 13, 0)  # noqa: DTZ001 - a wall time, three hours from now
PHONE = "+4501000001"
NOTICE, OF_USE = "meeting:m-001:2h", timedelta(minutes=100)
"""It leaves at eleven and is of use until twenty minutes before the start."""
PACE = 0.01
"""Minutes: with the others it waits for its turn, and one row of 256 waits the whole fifth longer."""


class OutOfReach:
    """Twilio is asked, and then says of one phone that it took nothing: so it can be seen what it was told each time."""

    name = ChannelName.SMS

    def __init__(self, sms: TwilioSms, clock: Clock) -> None:
        self._sms, self._clock = sms, clock
        self.tried: list[datetime] = []

    async def send(self, message: Outgoing) -> str:
        if message.to == PHONE:
            self.tried.append(self._clock.now())
        taken = await self._sms.send(message)
        if message.to == PHONE:
            raise NotSentError("twilio 30003")
        return taken


async def others_write(town: Town, others: list[Person]) -> None:
    """And are answered, so that nobody takes the provider to be away."""
    async with town.db.begin() as session:
        for person in others:
            now, channel = town.clock.now(), ChannelName.SMS
            await add_duty(session, town.db.vault, person, kind="reply", text="help", channel=channel, due_at=now)


async def test_a_retry_ends_with_the_message_twilio_is_told_how_long_and_then_the_coach(
    town: Town, maja: Person, coach: Made
) -> None:
    """At its end, and not at the next try that will not be."""
    clock, others = town.clock, list[Person]()
    async with town.db.begin() as session:
        await add_meeting(session, town.db.vault, starts_at=STARTS, attendees=[maja], now=clock.now())
        for number in (2, 3):
            name, phone, now = f"d-00{number}", f"+450100000{number}", clock.now()
            others.append(await add_person(session, town.db.vault, external_id=name, phone=phone, coach_id=coach.id, now=now))
    await town.plan(maja.id)
    due = clock.pass_by(hours=1)
    async with Twilio.open() as twilio, opened(twilio, clock=clock) as sms:
        channel = OutOfReach(sms, clock)
        machine = replace(town.machine, lines={ChannelName.SMS: Line(channel, 1000)})
        while clock.moment <= due + OF_USE:
            await others_write(town, others)
            await deliver_due(town.db, machine, town.catalogue, clock)
            async with town.db.read() as session:
                upcoming = await front.next_due(session)
            if upcoming is None:
                break
            clock.moment = max(clock.now(), upcoming)
        told = [int(one.validity_period) for one in twilio.sent() if one.to == PHONE]
    waited = [(later - earlier) / timedelta(minutes=1) for earlier, later in pairwise(channel.tried)]
    assert len(waited) == 4
    assert all(step <= was <= step * (1 + JITTER) + PACE for was, step in zip(waited, (1, 5, 15, 60), strict=True)), waited
    assert told == [int((due + OF_USE - moment).total_seconds()) for moment in channel.tried]
    assert told == sorted(set(told), reverse=True)
    assert [(row.state, row.attempts) for row in await town.rows() if row.key == NOTICE] == [(State.EXPIRED, 5)]
    async with town.db.read() as session:
        heard = await session.execute(select(TaskRow.kind, TaskRow.created_at, TaskRow.why))
    assert [(kind, at) for kind, at, why in heard if why["key"] == NOTICE] == [(TaskKind.MISSED, due + OF_USE)]
