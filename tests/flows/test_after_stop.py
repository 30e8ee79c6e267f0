"""After a STOP: the coach sees that it was said and that there is something to read, and the person is left alone."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from medvind.channels import InboundKind
from medvind.flows.resting import stop_for
from medvind.model import AddressState, ChannelName, Role, TaskKind, Viewer
from medvind.store.cards import Job, jobs
from medvind.store.reach import reach_of
from medvind.store.tables import AddressRow
from tests.fakes import Town
from tests.people import Made, Person, add_person

MAJA_SMS, MAJA_TELEGRAM = "+4501000001", "7001"
STOPPED = "Du får ikke flere beskeder fra Medvind."


async def listed(town: Town, coach: Made) -> list[Job]:
    async with town.db.read() as session:
        viewer = Viewer(coach.id, Role.COACH)
        return list((await jobs(session, seen_by=viewer, after=None, limit=50, now=town.clock.now())).items)


async def test_a_stop_stands_on_the_coachs_list_once_and_goes_with_start(town: Town, coach: Made, maja: Person) -> None:
    await town.hear("stop")
    await town.hear("stop")
    assert [(one.kind, one.why["reason"]) for one in await listed(town, coach)] == [(TaskKind.STOPPED, "all")]
    await town.hear("start")
    assert await listed(town, coach) == []
    await town.hear("stop")
    assert [one.kind for one in await listed(town, coach)] == [TaskKind.STOPPED]


async def test_a_stop_holds_on_the_channel_of_a_number_that_is_somebody_elses_by_now(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, telegram="7001", now=town.clock.now())
    await town.hear("forkert nummer")
    await town.hear("stop", "7001", ChannelName.TELEGRAM)
    await town.deliver()
    async with town.db.read() as session:
        reach = (await reach_of(session, [person.id]))[person.id]
    assert not any(reach.consent(channel).purposes for channel in ChannelName)
    already = len(town.telegram.sent)
    await town.hear("jeg fortrød ikke", "7001", ChannelName.TELEGRAM)
    await town.hear("stop", "7001", ChannelName.TELEGRAM)
    await town.deliver()
    assert len(town.telegram.sent) == already


async def test_a_stop_at_the_coachs_tap_is_confirmed_where_they_are_written_to_and_start_brings_all_back(
    town: Town, coach: Made
) -> None:
    async with town.db.begin() as session:
        now = town.clock.now()
        person = await add_person(session, town.db.vault, coach_id=coach.id, telegram="7001", now=now)
        await stop_for(session, Viewer(coach.id, Role.COACH), person.public_id, now)
    await town.deliver()
    told = [message.text for message in (*town.telegram.sent, *town.sms.sent)]
    assert [text[:38] for text in told] == [STOPPED[:38]]
    assert town.telegram.sent
    assert await listed(town, coach) == []
    await town.hear("ja", "7001", ChannelName.TELEGRAM)
    await town.deliver()
    assert len(town.telegram.sent) == 1
    await town.hear("start", "7001", ChannelName.TELEGRAM)
    await town.deliver()
    assert town.telegram.sent[-1].text.startswith("Velkommen tilbage.")


async def test_a_stop_of_one_kind_says_which(town: Town, coach: Made, maja: Person) -> None:
    await town.hear("stop hilsner")
    assert [one.why["reason"] for one in await listed(town, coach)] == ["encouragement"]


async def test_what_is_written_after_a_stop_is_for_the_coach_once_a_day_and_unanswered(
    town: Town, coach: Made, maja: Person
) -> None:
    await town.hear("stop")
    await town.deliver()
    said = len(town.sms.sent)
    await town.hear("jeg mener det")
    await town.hear("", kind=InboundKind.MEDIA)
    await town.hear("mit cpr er 010203-0000")
    await town.deliver()
    assert len(town.sms.sent) == said
    after = [one for one in await listed(town, coach) if one.kind == TaskKind.WROTE_AFTER_STOP]
    assert len(after) == 1
    town.clock.pass_by(days=1)
    await town.hear("hallo")
    await town.deliver()
    assert len(town.sms.sent) == said
    assert len([one for one in await listed(town, coach) if one.kind == TaskKind.WROTE_AFTER_STOP]) == 2


async def test_after_danger_nobody_is_told_for_a_day_that_they_were_not_understood(
    town: Town, coach: Made, maja: Person
) -> None:
    await town.hear("jeg vil ikke leve mere")
    town.clock.pass_by(hours=3)
    await town.hear("undskyld jeg skrev det")
    await town.deliver()
    assert town.sms.texts()[-1].startswith("Tak, fordi du skriver. Du er ikke alene.")
    town.clock.moment += timedelta(hours=22)
    await town.hear("undskyld jeg skrev det")
    await town.deliver()
    assert town.sms.texts()[-1].startswith("Tak for din besked. Karin læser den.")


@pytest.mark.parametrize(
    ("channel", "sender", "begins"),
    [
        (ChannelName.SMS, MAJA_SMS, "Du får ikke flere beskeder fra Medvind, heller ikke i Telegram. Karin kan"),
        (ChannelName.TELEGRAM, MAJA_TELEGRAM, "Du får ikke flere beskeder fra Medvind, heller ikke som sms. Karin kan"),
    ],
)
async def test_a_stop_is_confirmed_once_and_names_the_other_channel_where_there_is_one(
    town: Town, coach: Made, channel: ChannelName, sender: str, begins: str
) -> None:
    async with town.db.begin() as session:
        await add_person(session, town.db.vault, coach_id=coach.id, telegram=MAJA_TELEGRAM, now=town.clock.now())
    await town.hear("STOP", sender, channel)
    await town.hear("STOP", sender, channel)
    await town.deliver()
    here, there = (town.sms, town.telegram) if channel == ChannelName.SMS else (town.telegram, town.sms)
    assert [message.text[: len(begins)] for message in here.sent] == [begins]
    assert here.sent[0].text.endswith("Skriv START, hvis du fortryder.")
    assert there.sent == []


@pytest.mark.parametrize("unsure", ChannelName)
async def test_a_stop_names_no_channel_that_is_not_confirmed_and_tells_an_unconfirmed_number_of_no_other(
    town: Town, coach: Made, unsure: ChannelName
) -> None:
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, telegram=MAJA_TELEGRAM, now=town.clock.now())
        theirs = (AddressRow.participant_id == person.id, AddressRow.channel == unsure)
        await session.execute(update(AddressRow).where(*theirs).values(state=AddressState.UNCONFIRMED))
    await town.hear("STOP", MAJA_SMS)
    await town.deliver()
    assert [text[: len(STOPPED)] for text in town.sms.texts()] == [STOPPED]
