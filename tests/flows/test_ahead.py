"""What falls due in a moment is taken in hand already, leaves at its moment and never before; and what a look leaves behind."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from medvind.channels import Outgoing
from medvind.flows.deliver import Prepared, deliver_due, prepare, record
from medvind.flows.turns import EARLY, Line
from medvind.model import ChannelName, State
from medvind.store.claims import Result
from tests.fakes import FakeSms, HandClock, Town
from tests.people import Made, Person, add_duty, add_person

MOMENT = timedelta(milliseconds=1)


async def owe(town: Town, person: Person, after: timedelta, **columns: Any) -> Made:
    async with town.db.begin() as session:
        return await add_duty(session, town.db.vault, person, due_at=town.clock.now() + after, **columns)


async def look(town: Town) -> Prepared:
    return await prepare(town.db, town.machine, town.catalogue, town.clock)


async def neighbours(town: Town, coach: Made, count: int) -> list[Person]:
    async with town.db.begin() as session:
        return [
            await add_person(
                session,
                town.db.vault,
                external_id=f"n-{number}",
                phone=f"+45010002{number:02}",
                coach_id=coach.id,
                now=town.clock.now(),
            )
            for number in range(count)
        ]


class Timed(FakeSms):
    """Notes when each call came."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__()
        self.clock = clock
        self.came = list[datetime]()

    async def send(self, message: Outgoing) -> str:
        self.came.append(self.clock.now())
        return await super().send(message)


@pytest.mark.parametrize("ahead", [MOMENT, EARLY / 2, EARLY])
async def test_what_falls_due_in_a_moment_leaves_at_that_moment_and_not_before(
    town: Town, maja: Person, ahead: timedelta
) -> None:
    due, sms = town.clock.now() + ahead, Timed(town.clock)
    await owe(town, maja, ahead)
    machine = replace(town.machine, lines={ChannelName.SMS: Line(sms, 1000)})
    assert await deliver_due(town.db, machine, town.catalogue, town.clock) == 1
    assert sms.came == [due]


async def test_what_is_due_later_than_that_is_not_touched(town: Town, maja: Person) -> None:
    await owe(town, maja, EARLY + MOMENT)
    assert await town.deliver() == 0
    assert town.sms.sent == []


async def test_each_of_those_that_are_taken_together_has_its_own_moment(town: Town, coach: Made) -> None:
    now, people = town.clock.now(), await neighbours(town, coach, 10)
    for number, person in enumerate(people):
        await owe(town, person, number * EARLY / 10)
    slots = (await look(town)).slots
    assert [slot.at - now for slot in slots] == [number * EARLY / 10 for number in range(10)]


async def test_ahead_of_their_moment_they_keep_to_the_allowance_too(town: Town, coach: Made) -> None:
    """Ten that are due at once, at a hundred a second: the first at its moment, the others a hundredth of a second apart."""
    now, people = town.clock.now(), await neighbours(town, coach, 10)
    for person in people:
        await owe(town, person, EARLY)
    machine = replace(town.machine, lines={ChannelName.SMS: Line(town.sms, 100)})
    slots = (await prepare(town.db, machine, town.catalogue, town.clock)).slots
    assert [slot.at - now for slot in slots] == [EARLY + number * timedelta(seconds=0.01) for number in range(10)]


async def test_an_answer_does_not_wait_for_what_is_taken_ahead(town: Town, coach: Made, maja: Person) -> None:
    """Nor does anything that is due, whatever is more urgent a moment later."""
    other, third = await neighbours(town, coach, 2)
    await owe(town, other, EARLY, priority=1)
    await owe(town, third, timedelta(), priority=9)
    await town.hear("HJÆLP", sender="+4501000001")
    now = town.clock.now()
    found = {slot.letter.claim.recipient_id: slot.at - now for slot in (await look(town)).slots}
    assert found == {maja.id: timedelta(), third.id: timedelta(), other.id: EARLY}


@pytest.mark.parametrize("before", [MOMENT, EARLY])
async def test_what_is_due_at_the_end_of_the_quiet_hours_leaves_at_their_end(
    town: Town, maja: Person, before: timedelta
) -> None:
    """The gate asks how things stand when it leaves, and not a moment before."""
    town.clock.moment = town.clock.now().replace(hour=7) + timedelta(days=1) - before
    ends, sms = town.clock.now() + before, Timed(town.clock)
    await owe(town, maja, before)
    machine = replace(town.machine, lines={ChannelName.SMS: Line(sms, 1000)})
    await deliver_due(town.db, machine, town.catalogue, town.clock)
    assert sms.came == [ends]
    assert [(row.state, row.sent_at) for row in await town.rows()] == [(State.SENT, ends)]


async def test_what_would_leave_in_the_quiet_hours_does_not_though_they_have_not_begun(town: Town, maja: Person) -> None:
    town.clock.moment = town.clock.now().replace(hour=19) - MOMENT
    await owe(town, maja, 2 * MOMENT)
    await town.deliver()
    assert town.sms.sent == []
    assert [(row.state, row.reason) for row in await town.rows()] == [(State.PLANNED, "quiet hours")]


async def test_a_look_that_took_all_says_when_the_next_is_due(town: Town, coach: Made, maja: Person) -> None:
    other, third = await neighbours(town, coach, 2)
    await owe(town, maja, timedelta())
    await owe(town, other, timedelta(hours=2))
    await owe(town, third, timedelta(hours=1))
    found = await look(town)
    assert (found.looked_at, found.more, found.blocked) == (1, False, False)
    assert found.next == town.clock.now() + timedelta(hours=1)


async def test_a_look_that_took_the_last_says_that_there_is_nothing(town: Town, maja: Person) -> None:
    await owe(town, maja, timedelta())
    found = await look(town)
    assert (found.looked_at, found.more, found.next, found.blocked) == (1, False, None, False)


async def test_a_look_that_could_not_take_all_says_so(town: Town, coach: Made) -> None:
    for person in await neighbours(town, coach, 20):
        await owe(town, person, timedelta())
    machine = replace(town.machine, concurrency=1)
    found = await prepare(town.db, machine, town.catalogue, town.clock)
    assert (found.looked_at, found.more) == (8, True)


async def test_a_look_says_where_something_is_due_that_cannot_be_taken_now(town: Town, maja: Person) -> None:
    """Another message to her is in flight; when that is written down, the next can be taken."""
    await owe(town, maja, timedelta())
    await owe(town, maja, timedelta())
    first = await look(town)
    assert (first.looked_at, first.more, first.blocked) == (1, False, True)
    assert (await look(town)).looked_at == 0
    town.clock.pass_by(seconds=1)
    sent = [Result(slot.letter.claim, State.SENT, "sent", town.clock.now(), channel=ChannelName.SMS) for slot in first.slots]
    due = await record(town.db, sent, {}, town.clock, look=True)
    assert due is not None
    assert due < town.clock.now()
    assert (await look(town)).looked_at == 1


async def test_what_can_never_be_taken_in_time_ends_though_others_can_be(town: Town, coach: Made, maja: Person) -> None:
    """A worker that always finds something must still see it."""
    other, *_ = await neighbours(town, coach, 1)
    await owe(town, maja, timedelta())
    held = await look(town)
    assert len(held.slots) == 1
    late = await owe(town, maja, timedelta(), valid_until=town.clock.now() + timedelta(seconds=10))
    town.clock.pass_by(seconds=20)
    await owe(town, other, timedelta())
    found = await look(town)
    assert (found.looked_at, found.blocked) == (2, False)
    assert [row.state for row in await town.rows() if row.id == late.public_id] == [State.EXPIRED]
