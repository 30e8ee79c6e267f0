"""What can't leave says so by itself: it stops nobody else, and a stop that the provider heard is a stop."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from medvind.channels import Outgoing
from medvind.errors import UndeliverableError
from medvind.flows.deliver import deliver_due
from medvind.model import ChannelName, State, TaskKind
from medvind.store.reach import reach_of
from medvind.store.tables import TaskRow
from tests.fakes import FakeSms, Town
from tests.people import Made, Person, add_consent, add_duty, add_person


async def test_one_message_whose_facts_make_no_sense_fails_alone_and_the_coach_sees_it(
    town: Town, maja: Person, coach: Made
) -> None:
    now, others = town.clock.now(), 99
    async with town.db.begin() as session:
        for number in range(others):
            person = await add_person(
                session, town.db.vault, external_id=f"o-{number}", coach_id=coach.id, phone=f"+4502{number:06}", now=now
            )
            await add_duty(session, town.db.vault, person, due_at=now)
        broken = {"deadline": "31. februar", "period": "2026Q4"}
        await add_duty(session, town.db.vault, maja, kind="vat", key="vat:2026Q4:7d", text="vat_7d", subject=broken, due_at=now)
    await town.deliver()
    assert len(town.sms.sent) == others
    assert [row.reason for row in await town.rows(State.FAILED)] == ["could not be prepared"]
    async with town.db.read() as session:
        assert list(await session.scalars(select(TaskRow.kind))) == [TaskKind.NOT_REACHED]


@pytest.mark.parametrize(
    ("channel", "still_open"), [(ChannelName.SMS, set()), (ChannelName.TELEGRAM, {ChannelName.SMS})], ids=["sms", "telegram"]
)
async def test_a_stop_that_only_the_provider_heard_holds_on_every_channel_and_a_block_only_where_it_is(
    town: Town, coach: Made, now: datetime, channel: ChannelName, still_open: set[ChannelName]
) -> None:
    async with town.db.begin() as session:
        telegram = "7001" if channel == ChannelName.TELEGRAM else None
        osman = await add_person(session, town.db.vault, coach_id=coach.id, phone="+4501000009", telegram=telegram, now=now)
        if channel == ChannelName.SMS:
            await add_consent(session, osman, ChannelName.TELEGRAM, now=now)
    refused = UndeliverableError("21610", stopped=True)
    town.sms.fails_with, town.telegram.fails_with = refused, refused
    async with town.db.begin() as session:
        await add_duty(session, town.db.vault, osman, due_at=now)
    await deliver_due(town.db, town.machine, town.catalogue, town.clock)
    async with town.db.read() as session:
        reach = (await reach_of(session, [osman.id]))[osman.id]
    assert {one for one in ChannelName if reach.consent(one).purposes} == still_open
    assert town.sms.sent == town.telegram.sent == []


class Slow(FakeSms):
    """Each call takes a while, and in the first one somebody writes."""

    def __init__(self, town: Town, words: str, sender: str) -> None:
        super().__init__()
        self.town, self.words, self.sender = town, words, sender

    async def send(self, message: Outgoing) -> str:
        if not self.sent:
            await self.town.hear(self.words, sender=self.sender)
        sid = await super().send(message)
        self.town.clock.pass_by(seconds=6)
        return sid


@pytest.mark.parametrize(("words", "reaches"), [("STOP", ["Du får ikke"]), ("HJÆLP", ["Skriv JA, N", "Hej Maja. H"])])
async def test_what_waited_behind_slow_calls_is_looked_at_again_before_it_leaves(
    town: Town, coach: Made, now: datetime, words: str, reaches: list[str]
) -> None:
    phones = [f"+4502{number:06}" for number in range(4)]
    async with town.db.begin() as session:
        for number, phone in enumerate(phones):
            person = await add_person(
                session, town.db.vault, external_id=f"o-{number}", coach_id=coach.id, phone=phone, now=now
            )
            await add_duty(session, town.db.vault, person, due_at=now)
    town.sms = Slow(town, words, phones[-1])
    machine = replace(town.machine, concurrency=1)
    while await deliver_due(town.db, machine, town.catalogue, town.clock):
        pass
    assert [message.text[:11] for message in town.sms.sent if message.to == phones[-1]] == reaches
    assert {message.to for message in town.sms.sent} == set(phones)
