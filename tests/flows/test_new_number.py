"""Another number, another phone, perhaps another person: it is asked before it is told anything; and a phone that two share."""

from datetime import datetime

import pytest
from sqlalchemy import select

from medvind.flows import meet
from medvind.flows.plan import load_policy, plan_people
from medvind.model import AddressState, ChannelName, Purpose
from medvind.store.reach import reach_of, set_state
from medvind.store.tables import AddressRow, AttendeeRow, ConsentRow
from tests.fakes import Town
from tests.flows.enrolling import AMINA, BO, KARIN, SAID_YES, add_team, bring, kept, living, person, refused
from tests.spreadsheets import sheet_of

NEW = "+4501000009"
MEETING = {"external_id": "m-1", "kind": "meeting", "title": "Opf\u00f8lgning", "minutes": "60", "place": "Vestergade 58"}
MEETING |= {"starts_at": "2026-12-03 14:00", "coach_email": KARIN, "participants": "d-001"}
LATER = datetime.fromisoformat("2026-12-04T12:00Z")
ASKED = "Hej Amina. Karin siger, at det her er dit nye nummer."


@pytest.fixture(autouse=True)
async def team(town: Town) -> None:
    await add_team(town)


async def enrols(town: Town, *rows: dict[str, str]) -> None:
    """A file, and the plan that follows."""
    done = await bring(town, *rows)
    async with town.db.begin() as session:
        await plan_people(session, done.participant_ids, await load_policy(session), town.clock.now())
    await town.deliver()


async def meets(town: Town) -> None:
    async with town.db.begin() as session:
        done = await meet.bring_in(session, sheet_of(MEETING), town.clock.now(), zone="Europe/Copenhagen")
        await plan_people(session, done.participant_ids, await load_policy(session), town.clock.now())
    await town.deliver()


async def moves(town: Town, **more: str) -> None:
    """Amina has a meeting and has been invited to it; then the coach writes another number into the file."""
    await enrols(town, AMINA | SAID_YES)
    await meets(town)
    assert [message.to for message in town.sms.sent] == [AMINA["phone"]]
    town.clock.pass_by(hours=2)
    await enrols(town, AMINA | SAID_YES | {"phone": NEW} | more)


def to_new(town: Town) -> list[str]:
    return [message.text for message in town.sms.sent if message.to == NEW]


async def test_a_new_number_gets_nothing_but_the_question_until_it_says_ja(town: Town) -> None:
    await moves(town)
    before = len(town.sms.sent)
    assert [text[: len(ASKED)] for text in to_new(town)] == [ASKED]
    await town.run_until(datetime.fromisoformat("2026-12-02T08:00Z"))
    assert len(town.sms.sent) == before, "neither number hears anything"
    await town.hear("Ja tak", sender=NEW)
    await town.deliver()
    await town.run_until(LATER)
    assert [text[:12] for text in to_new(town)[1:]] == ["Tak. Fra nu ", "Husk: Vi m\u00f8d", "Vi ses i dag"]
    assert living(await person(town))[ChannelName.SMS] == (NEW, AddressState.ACTIVE, True)


async def test_the_coach_is_told_that_a_new_number_is_asked_first(town: Town) -> None:
    await bring(town, AMINA | SAID_YES)
    done = await bring(town, AMINA | SAID_YES | {"phone": NEW})
    [warning] = done.warnings
    assert warning.startswith("row 2, phone: a new number is asked first, and gets nothing else before its JA; consent_on has")
    assert (await bring(town, AMINA | SAID_YES | {"phone": NEW})).warnings == ()


async def test_whoever_has_stopped_is_not_asked_again_at_another_number(town: Town) -> None:
    await enrols(town, AMINA | SAID_YES)
    await town.hear("STOP")
    await town.deliver()
    await enrols(town, AMINA | SAID_YES | {"phone": NEW})
    await town.run_until(LATER)
    assert to_new(town) == []


async def test_start_from_the_new_number_is_a_yes_too(town: Town) -> None:
    await moves(town)
    await town.hear("START", sender=NEW)
    await town.deliver()
    assert living(await person(town))[ChannelName.SMS] == (NEW, AddressState.ACTIVE, True)


async def test_a_yes_on_paper_of_a_later_day_is_one_for_the_new_number(town: Town) -> None:
    await moves(town, consent_on="24.11.2026")
    assert living(await person(town))[ChannelName.SMS] == (NEW, AddressState.ACTIVE, True)
    await town.run_until(LATER)
    assert [text[:12] for text in to_new(town)] == ["Kan du komme", "Husk: Vi m\u00f8d", "Vi ses i dag"]
    async with town.db.read() as session:
        said = (await session.execute(select(ConsentRow.at, ConsentRow.how).distinct())).all()
    assert len(said) == 2


async def test_a_yes_on_paper_may_follow_the_new_number(town: Town) -> None:
    await moves(town)
    await enrols(town, {"external_id": "d-001", "consent_on": "24.11.2026", "channel": "sms"})
    assert living(await person(town))[ChannelName.SMS] == (NEW, AddressState.ACTIVE, True)


async def test_the_old_number_belongs_to_nobody_any_more(town: Town) -> None:
    await moves(town)
    await town.hear("Hvorn\u00e5r er m\u00f8det?", sender=AMINA["phone"])
    await town.deliver()
    assert town.sms.sent[-1].to == AMINA["phone"]
    assert town.sms.texts()[-1].startswith("Hej. Medvind skriver kun med dem")


async def test_who_says_ja_before_they_were_asked_answers_nothing_of_the_person_whose_number_it_was_to_be(town: Town) -> None:
    await enrols(town, AMINA | SAID_YES)
    await meets(town)
    await bring(town, AMINA | SAID_YES | {"phone": NEW})
    await town.hear("Ja", sender=NEW)
    await town.plan((await kept(town)).id)
    await town.deliver()
    assert [text[: len(ASKED)] for text in to_new(town)] == [ASKED]
    async with town.db.read() as session:
        assert list(await session.scalars(select(AttendeeRow.rsvp))) == [None]


async def dies(town: Town) -> None:
    """The provider gives Amina's number up."""
    async with town.db.begin() as session:
        row = (await kept(town)).id
        address = (await reach_of(session, [row]))[row].on(ChannelName.SMS)
        assert address is not None
        await set_state(session, address.id, AddressState.DEAD, "30005")


async def test_a_new_number_that_lives_again_is_asked_as_before_and_after_its_ja_it_is_good(town: Town) -> None:
    await moves(town)
    for word, state in (("Hej, hvem er det?", AddressState.UNCONFIRMED), ("JA", AddressState.ACTIVE)):
        await dies(town)
        await town.hear(word, sender=NEW)
        assert living(await person(town))[ChannelName.SMS][1] == state
    await dies(town)
    town.clock.pass_by(minutes=1)
    await town.hear("Hej igen", sender=NEW)
    assert living(await person(town))[ChannelName.SMS][1] == AddressState.ACTIVE


async def test_who_is_written_to_by_telegram_is_not_asked_at_another_number(town: Town) -> None:
    await enrols(town, AMINA | SAID_YES)
    await enrols(town, AMINA | {"telegram_id": "7001", "consent_on": "05.11.2026", "channel": "telegram"})
    await enrols(town, {"external_id": "d-001", "phone": NEW})
    await meets(town)
    await town.run_until(LATER)
    assert town.sms.sent == []
    assert len(town.telegram.sent) == 4
    async with town.db.read() as session:
        row = (await kept(town)).id
        assert not (await reach_of(session, [row]))[row].is_open(ChannelName.SMS)


async def test_two_who_share_a_phone_are_told_what_to_do_about_it(town: Town) -> None:
    faults = await refused(town, AMINA, BO | {"phone": AMINA["phone"]})
    await bring(town, AMINA)
    faults += await refused(town, BO | {"phone": AMINA["phone"]})
    assert len(faults) == 2
    for fault in faults:
        assert "Where two people share a phone, it stands with one of them and the other joins Telegram by a code" in fault


async def test_a_stop_from_a_shared_phone_is_its_owners_alone(town: Town) -> None:
    yes = {"telegram_id": "7002", "consent_on": "01.11.2026", "channel": "telegram"}
    await enrols(town, AMINA | SAID_YES, BO | yes | {"phone": ""})
    await town.hear("STOP", sender=AMINA["phone"])
    async with town.db.read() as session:
        amina, bo = (await kept(town)).id, (await kept(town, "d-002")).id
        reach = await reach_of(session, [amina, bo])
    assert reach[amina].consent(ChannelName.SMS).purposes == frozenset()
    assert reach[bo].consent(ChannelName.TELEGRAM).purposes == frozenset(Purpose)
    async with town.db.read() as session:
        assert set(await session.scalars(select(AddressRow.participant_id))) == {amina, bo}
