"""STOP is obeyed whatever is open or under way and whatever stands beside it; what stands beside it is heard as well."""

from datetime import datetime

import pytest
from sqlalchemy import select

from medvind.channels import Inbound, InboundKind
from medvind.flows import fall_back
from medvind.flows.plan import replan
from medvind.flows.receive import receive
from medvind.model import ChannelName, TaskKind
from medvind.rules.caps import MOST_HEARD
from medvind.store import preferences
from medvind.store.reach import reach_of
from medvind.store.tables import TaskRow
from tests.conversations.entering import give_number
from tests.conversations.traces import traces
from tests.fakes import Town
from tests.people import Made, Person, add_meeting, add_person

OLD, NEW, CHAT = "+4501000001", "+4501000002", "7001"
ID = "010190-1234"
STOPPED, SEEN, HELP = "Du får ikke flere beskeder fra Medvind", "Skriv ikke CPR-nummer her.", "Det lyder svært."
SAID_BEFORE = {
    "nothing": (),
    "a pause": ("pause 14 dage",),
    "words of danger": ("jeg vil ikke leve mere",),
    "half a stop": ("jeg vil gerne stoppe med at skrive",),
    "a question without a topic": ("spørg",),
    "a stop of one kind": ("stop moms",),
    "something that was not understood": ("hvad med kassen?",),
    "the word before the card": ("mit",),
}
TEXTS = [
    "STOP",
    f"STOP. Mit cpr er {ID}",
    f"stop {ID.replace('-', '')}",
    "Afmeld mig! " + "Der er så meget at holde styr på lige nu " * 120,
    "stop sms\r\njeg har\r\nfået nok",
    f"STOP. {ID} Jeg vil ikke leve mere. " + "Det er gået galt med det hele. " * 60,
]


async def asked_about_a_meeting(town: Town, maja: Person) -> None:
    starts_at = datetime(2026, 12, 3, 14, 0)  # noqa: DTZ001 - a wall time
    async with town.db.begin() as session:
        await add_meeting(session, town.db.vault, starts_at=starts_at, attendees=[maja], now=town.clock.now())
        await replan(session, maja.id, town.clock.now())
    await town.deliver()


async def wants_nothing(town: Town, person: Person) -> bool:
    async with town.db.read() as session:
        reach = (await reach_of(session, [person.id]))[person.id]
    return not any(reach.consent(channel).purposes for channel in ChannelName)


async def tasks(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        return list(await session.scalars(select(TaskRow.kind)))


async def obeyed(town: Town, person: Person, text: str, sender: str, channel: ChannelName) -> None:
    """It holds, is confirmed once, and is on the coach's list; what else the text said was heard too."""
    before = len(town.sms.sent), len(town.telegram.sent)
    async with town.db.begin() as session:
        inbound = Inbound(channel, "the stop", sender, InboundKind.TEXT, text, f"raw of {text}")
        assert await receive(session, inbound, town.clock.now())
    await town.deliver()
    told = [one.text for one in (*town.sms.sent[before[0] :], *town.telegram.sent[before[1] :]) if one.to == sender]
    assert await wants_nothing(town, person)
    assert [one for one in told if one.startswith(STOPPED)] == [one for one in told if STOPPED in one]
    assert sum(one.startswith(STOPPED) for one in told) == 1
    assert sum(one.startswith(SEEN) for one in told) == (ID[:6] in text)
    assert TaskKind.STOPPED in await tasks(town)
    if "leve mere" in text:
        assert TaskKind.DANGER in await tasks(town)
    assert not [place for one in (ID, ID.replace("-", "")) for place in await traces(town.db, one)]


@pytest.mark.parametrize("text", TEXTS[1::2], ids=lambda text: text[:20])
@pytest.mark.parametrize("before", SAID_BEFORE)
async def test_a_text_that_begins_with_a_stop_is_obeyed_whatever_was_said_before(
    town: Town, coach: Made, before: str, text: str
) -> None:
    async with town.db.begin() as session:
        now = town.clock.now()
        person = await add_person(session, town.db.vault, coach_id=coach.id, telegram=CHAT, now=now)
        await preferences.set_private_word(session, person.public_id, "solsikke")
    await asked_about_a_meeting(town, person)
    for said in SAID_BEFORE[before]:
        await town.hear(said, CHAT, ChannelName.TELEGRAM)
    await town.deliver()
    await obeyed(town, person, text, CHAT, ChannelName.TELEGRAM)


async def test_a_text_that_begins_with_a_stop_is_obeyed_however_much_was_said_before(town: Town, maja: Person) -> None:
    for _ in range(MOST_HEARD + 1):
        await town.hear("hej")
    await town.deliver()
    await obeyed(town, maja, TEXTS[1], OLD, ChannelName.SMS)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
async def test_a_text_that_begins_with_a_stop_is_obeyed_in_answer_to_the_invitation(town: Town, coach: Made, text: str) -> None:
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, consented=False, now=town.clock.now())
    await town.plan(person.id)
    await town.deliver()
    await obeyed(town, person, text, OLD, ChannelName.SMS)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
async def test_a_text_that_begins_with_a_stop_is_obeyed_from_a_number_that_has_not_said_ja(
    town: Town, maja: Person, text: str
) -> None:
    await give_number(town.db, maja.external_id, NEW.removeprefix("+45"), town.clock.now())
    await town.deliver()
    await obeyed(town, maja, text, NEW, ChannelName.SMS)


@pytest.mark.parametrize("text", [TEXTS[1], TEXTS[3]], ids=lambda text: text[:20])
async def test_after_a_stop_another_one_is_obeyed_without_a_word(town: Town, maja: Person, text: str) -> None:
    await town.hear("STOP")
    await town.deliver()
    told = len(town.sms.sent)
    await town.hear(text)
    await town.deliver()
    assert len(town.sms.sent) == told
    assert await wants_nothing(town, maja)
    assert await traces(town.db, ID) == []


async def test_a_no_to_the_invitation_beside_a_national_id_is_a_no(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, consented=False, now=town.clock.now())
    await town.plan(person.id)
    await town.deliver()
    await town.hear(f"NEJ {ID}")
    await town.deliver()
    assert [one[:24] for one in town.sms.texts()[1:]] == ["Det er helt i orden. Du ", SEEN[:24]]
    assert await wants_nothing(town, person)


async def test_ja_after_a_stop_that_only_the_provider_heard_is_no_yes_to_the_invitation(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, consented=False, now=town.clock.now())
    await town.plan(person.id)
    await town.deliver()
    async with town.db.begin() as session:
        await fall_back.close(session, person.id, ChannelName.SMS, fall_back.STOPPED, "21610", town.clock.now())
    told = len(town.sms.sent)
    await town.hear("ja")
    await town.deliver()
    assert len(town.sms.sent) == told
    assert await wants_nothing(town, person)
