import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from medvind.errors import NotSentError, ThrottledError, UndeliverableError, UnknownFateError
from medvind.flows.deliver import deliver_due
from medvind.flows.turns import Line
from medvind.model import ChannelName, Purpose, State, TaskKind
from medvind.store import allowances, claims, doubts, outcomes
from medvind.store.tables import AttemptRow, ParticipantRow, TaskRow
from tests.claiming import claim
from tests.fakes import HandClock, Town
from tests.people import Made, Person, add_consent, add_duty, add_meeting, add_person

REMINDER = (
    "Husk: Vi mødes i morgen, onsdag d. 25. november kl. 14.00. Sted: Rådhuset, lokale 2. "
    "Kan du ikke? Svar NEJ, så finder vi en ny tid. Hilsen Karin"
)
TOMORROW_AT_TWO = datetime(2026, 11, 25, 14, 0)  # noqa: DTZ001 - a wall time


async def meet(town: Town, *people: Person, starts_at: datetime = TOMORROW_AT_TWO, external_id: str = "m-001") -> None:
    async with town.db.begin() as session:
        await add_meeting(
            session, town.db.vault, external_id=external_id, starts_at=starts_at, attendees=people, now=town.clock.now()
        )
    for person in people:
        await town.plan(person.id)


async def tasks(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        return list(await session.scalars(select(TaskRow.kind)))


async def test_a_reminder_names_day_time_and_place_and_arrives_once(town: Town, maja: Person) -> None:
    await meet(town, maja)
    await town.deliver()
    await town.deliver()
    assert town.sms.texts() == [REMINDER]
    assert town.sms.sent[0].to == "+4501000001"
    assert [row.state for row in await town.rows() if row.key == "meeting:m-001:1d"] == [State.SENT]


async def test_what_was_held_up_into_a_persons_own_quiet_hours_waits_for_their_end(town: Town, maja: Person) -> None:
    await meet(town, maja)
    async with town.db.begin() as session:
        own = update(ParticipantRow).where(ParticipantRow.id == maja.id)
        await session.execute(own.values(quiet_hours="mon-fri 09:00-11:30"))
    await town.deliver()
    assert town.sms.sent == []
    town.clock.pass_by(hours=1, minutes=30)
    await town.deliver()
    assert len(town.sms.sent) == 1


async def test_a_late_reminder_does_not_call_today_tomorrow(town: Town, maja: Person) -> None:
    await meet(town, maja)
    town.clock.pass_by(hours=22)
    await town.deliver()
    assert [text.startswith("Husk: Vi mødes onsdag d. 25. november") for text in town.sms.texts()] == [True]


async def test_what_is_too_late_is_not_sent_and_the_coach_hears_of_it(town: Town, maja: Person) -> None:
    await meet(town, maja)
    town.clock.pass_by(days=3)
    await town.deliver()
    assert town.sms.sent == []
    assert {row.state for row in await town.rows()} == {State.EXPIRED}
    assert await tasks(town) == [TaskKind.MISSED] * 2


async def test_nothing_leaves_in_the_quiet_hours(town: Town, maja: Person) -> None:
    town.clock.pass_by(hours=11)
    await meet(town, maja)
    await town.deliver()
    assert town.sms.sent == []
    await town.run_until(town.clock.now() + timedelta(hours=12))
    assert [message.text[:5] for message in town.sms.sent] == ["Husk:"]


async def test_a_stop_between_planning_and_sending_wins(town: Town, maja: Person) -> None:
    await meet(town, maja)
    await town.hear("STOP")
    await town.deliver()
    assert [text[:24] for text in town.sms.texts()] == ["Du får ikke flere besked"]


async def test_a_stop_after_the_claim_meets_the_gate(town: Town, maja: Person) -> None:
    await meet(town, maja)
    async with town.db.begin() as session:
        claimed = await claim(session, town.worker, town.clock.now(), timedelta(seconds=40), 10)
    assert len(claimed) == 1
    await town.hear("STOP")
    async with town.db.begin() as session:
        assert await claims.withdrawn(session, [claimed[0].id]) == {claimed[0].id}


async def test_one_message_at_a_time_is_in_flight_to_a_person(town: Town, maja: Person) -> None:
    await meet(town, maja)
    await meet(town, maja, external_id="m-002")
    async with town.db.begin() as session:
        assert len(await claim(session, "a", town.clock.now(), timedelta(seconds=40), 10)) == 1
    async with town.db.begin() as session:
        assert await claim(session, "b", town.clock.now(), timedelta(seconds=40), 10) == []


async def test_two_workers_at_once_send_each_message_once(town: Town, coach: Made) -> None:
    people = []
    async with town.db.begin() as session:
        for number in range(30):
            phone = f"+45010001{number:02}"
            person = await add_person(
                session, town.db.vault, external_id=f"d-{number}", coach_id=coach.id, phone=phone, now=town.clock.now()
            )
            people.append(person)
    await meet(town, *people)
    await asyncio.gather(*(deliver_due(town.db, town.machine, town.catalogue, town.clock) for _ in range(2)))
    await town.deliver()
    assert len(town.sms.sent) == len({message.to for message in town.sms.sent}) == 30


async def test_a_dead_address_is_not_tried_again_and_the_coach_hears_of_it(town: Town, maja: Person) -> None:
    await meet(town, maja)
    town.sms.fails_with = UndeliverableError("21614", dead=True)
    await town.deliver()
    town.sms.fails_with = None
    town.clock.pass_by(minutes=10)
    assert await town.deliver() == 0
    assert await tasks(town) == [TaskKind.NOT_REACHED]
    assert town.sms.sent == []


@pytest.mark.parametrize("attempt", [1, 2, 3])
async def test_what_was_certainly_not_sent_is_tried_again_later(town: Town, maja: Person, attempt: int) -> None:
    await meet(town, maja)
    town.sms.fails_with = NotSentError("refused")
    for _ in range(attempt):
        await town.deliver()
        town.clock.pass_by(minutes=20)
    town.sms.fails_with = None
    await town.deliver()
    assert len(town.sms.sent) == 1
    async with town.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(AttemptRow)) == attempt + 1


async def test_a_throttled_channel_rests_as_long_as_the_provider_says(town: Town, maja: Person) -> None:
    await meet(town, maja)
    town.sms.fails_with = ThrottledError("20429", after=30)
    await town.deliver()
    town.sms.fails_with = None
    town.clock.pass_by(seconds=20)
    assert await town.deliver() == 0
    town.clock.pass_by(seconds=11)
    await town.deliver()
    assert len(town.sms.sent) == 1


async def test_an_unknown_fate_is_not_sent_again_unasked(town: Town, maja: Person) -> None:
    await meet(town, maja)
    town.sms.fails_with = UnknownFateError("reset")
    await town.deliver()
    town.sms.fails_with = None
    town.clock.pass_by(minutes=30)
    assert await town.deliver() == 0
    assert [row.state for row in await town.rows() if row.key.endswith(":1d")] == [State.UNKNOWN]


async def test_who_lost_the_claim_writes_nothing(town: Town, maja: Person) -> None:
    await meet(town, maja)
    async with town.db.begin() as session:
        held = await claim(session, "slow", town.clock.now(), timedelta(seconds=40), 10)
    town.clock.pass_by(seconds=41)
    async with town.db.begin() as session:
        assert await doubts.sweep(session, town.clock.now()) == 1
        late = claims.Result(held[0], State.SENT, "sent", town.clock.now(), provider_id="late")
        assert await outcomes.record(session, [late]) == ([], set())


async def test_a_text_that_cannot_be_written_stops_only_itself(town: Town, maja: Person, now: datetime) -> None:
    async with town.db.begin() as session:
        omar = await add_person(session, town.db.vault, external_id="d-2", phone="+4501000002", now=now)
        await add_duty(session, town.db.vault, omar, kind="vat", text="vat_7", subject={}, due_at=now)
    await meet(town, maja)
    await town.deliver()
    assert [message.to for message in town.sms.sent] == ["+4501000001"]
    assert await tasks(town) == [TaskKind.NOT_REACHED]


async def test_quiet_hours_and_waiting_for_ones_turn_are_no_attempts(town: Town, maja: Person) -> None:
    town.clock.pass_by(hours=11)
    await meet(town, maja)
    await town.deliver()
    assert [(row.state, row.attempts) for row in await town.rows() if row.key.endswith(":1d")] == [(State.PLANNED, 0)]
    await town.run_until(town.clock.now() + timedelta(hours=12))
    assert [(row.state, row.attempts) for row in await town.rows() if row.key.endswith(":1d")] == [(State.SENT, 1)]


async def test_no_more_is_taken_in_hand_than_the_allowance_lets_go_in_five_seconds(town: Town, coach: Made) -> None:
    people = []
    async with town.db.begin() as session:
        for number in range(20):
            phone, name = f"+45010001{number:02}", f"d-{number}"
            people.append(
                await add_person(session, town.db.vault, external_id=name, coach_id=coach.id, phone=phone, now=town.clock.now())
            )
    await meet(town, *people)
    slow = replace(town.machine, lines={ChannelName.SMS: Line(town.sms, 1.0)})
    began = town.clock.now()
    assert await deliver_due(town.db, slow, town.catalogue, town.clock) == 6
    assert len(town.sms.sent) == 6
    assert {row.attempts for row in await town.rows(State.PLANNED)} == {0}
    while len(town.sms.sent) < 20:
        await deliver_due(town.db, slow, town.catalogue, town.clock)
        assert town.clock.pass_by(seconds=1) < began + timedelta(minutes=1)
    assert town.clock.now() - began >= timedelta(seconds=19)


class StalledClock(HandClock):
    """Its process is held up for half a minute whenever it waits for its turn."""

    async def sleep_until(self, moment: datetime) -> None:
        await super().sleep_until(moment)
        self.pass_by(seconds=35)


async def test_who_was_held_up_until_the_lease_is_nearly_over_does_not_call_any_more(town: Town, maja: Person) -> None:
    await meet(town, maja)
    async with town.db.begin() as session:
        await allowances.rest(session, ChannelName.SMS, town.clock.now(), 1)
    await deliver_due(town.db, town.machine, town.catalogue, StalledClock(town.clock.now()))
    assert town.sms.sent == []
    assert [(row.state, row.attempts) for row in await town.rows() if row.key.endswith(":1d")] == [(State.PLANNED, 0)]
    town.clock.pass_by(seconds=36)
    await town.deliver()
    assert town.sms.texts() == [REMINDER]


async def test_a_way_that_is_not_set_up_is_told_to_the_coach_and_stops_nobody_else(
    town: Town, coach: Made, maja: Person
) -> None:
    async with town.db.begin() as session:
        other = await add_person(
            session, town.db.vault, external_id="d-2", coach_id=coach.id, phone=None, telegram="4711", now=town.clock.now()
        )
    await meet(town, other, maja)
    sms_alone = replace(town.machine, lines={ChannelName.SMS: Line(town.sms, 1000)})
    while await deliver_due(town.db, sms_alone, town.catalogue, town.clock):
        continue
    assert town.sms.texts() == [REMINDER]
    assert [(row.state, row.reason) for row in await town.rows() if row.recipient_id == other.id][:1] == [
        (State.FAILED, "no telegram is set up")
    ]
    assert await tasks(town) == [TaskKind.NOT_REACHED]


async def test_a_purpose_that_was_said_no_to_after_planning_is_kept_back(town: Town, maja: Person) -> None:
    await meet(town, maja)
    async with town.db.begin() as session:
        await add_consent(session, maja, ChannelName.SMS, purposes=[Purpose.REMINDERS], given=False, now=town.clock.now())
    await town.deliver()
    assert town.sms.sent == []
    assert [(row.state, row.reason) for row in await town.rows() if row.key.endswith(":1d")] == [
        (State.CANCELLED, "no consent")
    ]
