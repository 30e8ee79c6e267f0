"""What a provider says of a number afterwards ends as its refusal of the call would: once, and never for another number."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from medvind.channels import Status
from medvind.errors import UndeliverableError
from medvind.flows.status import record_status
from medvind.model import AddressState, ChannelName, State
from medvind.store.reach import add_address
from medvind.store.tables import AddressRow, ConsentRow, OutboxRow, TaskRow
from tests.fakes import Town
from tests.people import Made, Person, add_consent, add_duty, add_person

SMS = ChannelName.SMS
PHONE, NEW = "+4501000001", "+4501000002"
UNKNOWN_NUMBER: dict[str, Any] = {"dead": True, "reason": "twilio 30005"}
HEARD_STOP: dict[str, Any] = {"stopped": True, "reason": "twilio 21610"}


async def left(town: Town, maja: Person, at: datetime, *keys: str) -> list[Made]:
    """Messages that Twilio has taken."""
    async with town.db.begin() as session:
        sent: dict[str, Any] = {"state": State.SENT, "channel": SMS, "sent_text": "Hej", "due_at": at}
        return [await add_duty(session, town.db.vault, maja, key=key, **sent) for key in keys]


async def report(town: Town, *messages: Made, to: str = PHONE, **says: Any) -> None:
    for message in messages:
        async with town.db.begin() as session:
            status = Status(SMS, message.public_id, f"SM-{message.id}", State.UNDELIVERED, to=to, **says)
            assert await record_status(session, status, town.clock.now())


async def numbers(town: Town, person: Made | None = None) -> list[tuple[AddressState, str | None, bool]]:
    """The numbers there have been, in order: how they stand, why, and whether they are preferred."""
    columns = (AddressRow.state, AddressRow.reason, AddressRow.preferred)
    return await found(town, columns, AddressRow.participant_id == person.id if person else AddressRow.id > 0, AddressRow.id)


async def causes(town: Town) -> list[str]:
    """What the coach is told, by its cause."""
    return [key.partition(":")[0] for (key,) in await found(town, [TaskRow.key], TaskRow.id > 0, TaskRow.id)]


async def found(town: Town, columns: Sequence[Any], where: Any, order: Any) -> list[Any]:
    async with town.db.read() as session:
        return [tuple(row) for row in await session.execute(select(*columns).where(where).order_by(order))]


@pytest.mark.parametrize("says", [UNKNOWN_NUMBER, HEARD_STOP], ids=["dead", "stopped"])
async def test_a_report_ends_as_the_refusal_of_the_call_does(
    town: Town, maja: Person, coach: Made, now: datetime, says: dict[str, Any]
) -> None:
    async with town.db.begin() as session:
        bo = await add_person(session, town.db.vault, external_id="d-2", coach_id=coach.id, phone=NEW, now=now)
        await add_duty(session, town.db.vault, bo, key="k", due_at=now)
    ends = {name: value for name, value in says.items() if name != "reason"}
    town.sms.fails_with = UndeliverableError(says["reason"], **ends)
    await town.deliver()
    await report(town, *await left(town, maja, now, "k"), **says)
    refused, reported = bo, maja
    assert await numbers(town, reported) == await numbers(town, refused)

    consents = (ConsentRow.channel, ConsentRow.purpose, ConsentRow.given, ConsentRow.how)
    said = [await found(town, consents, ConsentRow.participant_id == one.id, ConsentRow.id) for one in (refused, reported)]
    assert said[0] == said[1]
    tasks = [
        await found(town, (TaskRow.kind, TaskRow.key, TaskRow.why), TaskRow.participant_id == one.id, TaskRow.id)
        for one in (refused, reported)
    ]
    [(kind, key, why)], [(other_kind, other_key, other_why)] = tasks
    assert kind == other_kind
    assert key.split(":")[:2] == other_key.split(":")[:2] == ["closed", "sms"]
    assert why | {"message": ""} == other_why | {"message": ""}


async def test_a_number_that_is_reported_dead_gets_nothing_more_and_the_coach_hears_of_it_once(
    town: Town, maja: Person, now: datetime
) -> None:
    messages = await left(town, maja, now, "one", "two", "three")
    async with town.db.begin() as session:
        await add_duty(session, town.db.vault, maja, key="next", due_at=now)
    await report(town, *messages, **UNKNOWN_NUMBER)
    await town.deliver()
    print(f"looked at {len(messages)} reports: {await causes(town)}")
    assert await numbers(town) == [(AddressState.DEAD, "twilio 30005", False)]
    assert (await causes(town), town.sms.sent) == (["closed"], [])


@pytest.mark.parametrize("says", [UNKNOWN_NUMBER, HEARD_STOP], ids=["dead", "stopped"])
@pytest.mark.parametrize(("new", "to"), [(NEW, PHONE), (NEW, ""), (PHONE, PHONE)], ids=["named", "unnamed", "the same again"])
async def test_a_report_of_what_went_to_the_number_before_does_not_touch_the_one_that_is_there_now(
    town: Town, maja: Person, now: datetime, says: dict[str, Any], new: str, to: str
) -> None:
    messages = await left(town, maja, now, "old")
    town.clock.pass_by(seconds=60)
    async with town.db.begin() as session:
        await add_address(session, maja.id, SMS, new, town.clock.now())
    town.clock.pass_by(seconds=60)
    await report(town, *messages, to=to, **says)
    assert await numbers(town) == [(AddressState.DEAD, "replaced", False), (AddressState.ACTIVE, None, True)]
    assert await found(town, [ConsentRow.id], ConsentRow.given.is_(False), ConsentRow.id) == []
    assert await causes(town) == ["not_reached"]


async def test_a_number_put_in_place_while_the_call_was_in_doubt_is_not_taken_for_the_one_that_it_went_to(
    town: Town, maja: Person, now: datetime
) -> None:
    messages = await left(town, maja, now, "old")
    async with town.db.begin() as session:
        await session.execute(update(OutboxRow).values(state=State.UNKNOWN, sent_at=None))
        await add_address(session, maja.id, SMS, NEW, town.clock.now())
    await report(town, *messages, **UNKNOWN_NUMBER)
    assert (await numbers(town))[1] == (AddressState.ACTIVE, None, True)


async def test_a_stop_that_is_reported_late_does_not_undo_a_yes_that_came_after_it(
    town: Town, maja: Person, now: datetime
) -> None:
    messages = await left(town, maja, now, "old")
    async with town.db.begin() as session:
        await add_consent(session, maja, SMS, now=now + timedelta(minutes=1))
    await report(town, *messages, **HEARD_STOP)
    assert await found(town, [ConsentRow.id], ConsentRow.given.is_(False), ConsentRow.id) == []
    assert await causes(town) == ["not_reached"]


async def test_what_may_pass_is_told_of_each_message_and_the_number_stays(town: Town, maja: Person, now: datetime) -> None:
    await report(town, *await left(town, maja, now, "one", "two"), reason="twilio 30003")
    assert await numbers(town) == [(AddressState.ACTIVE, None, True)]
    assert await causes(town) == ["not_reached", "not_reached"]


@pytest.mark.parametrize("words", ["STOP", "Hvornår er mødet?"])
async def test_whoever_writes_from_a_number_that_was_reported_dead_is_heard_and_can_be_reached_there_again(
    town: Town, maja: Person, now: datetime, words: str
) -> None:
    await report(town, *await left(town, maja, now, "one"), **UNKNOWN_NUMBER)
    await town.hear(words, sender=PHONE)
    await town.deliver()
    assert await numbers(town) == [(AddressState.ACTIVE, None, False)]
    assert [message.to for message in town.sms.sent] == [PHONE]
    said = await found(town, [ConsentRow.given], ConsentRow.given.is_(False), ConsentRow.id)
    assert bool(said) is (words == "STOP")


async def test_whoever_writes_from_a_number_that_has_been_replaced_is_a_stranger_still(
    town: Town, maja: Person, now: datetime
) -> None:
    async with town.db.begin() as session:
        await add_address(session, maja.id, SMS, NEW, now)
    await town.hear("STOP", sender=PHONE)
    assert await numbers(town) == [(AddressState.DEAD, "replaced", False), (AddressState.ACTIVE, None, True)]
    assert await found(town, [ConsentRow.id], ConsentRow.given.is_(False), ConsentRow.id) == []


def test_a_report_that_strays_into_a_log_names_nobody() -> None:
    assert PHONE not in repr(Status(SMS, None, "SM1", State.UNDELIVERED, to=PHONE))
