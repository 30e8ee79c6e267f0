from collections.abc import Sequence
from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from medvind.channels import Inbound, InboundKind
from medvind.flows.receive import STRANGER_ANSWERS, quarantine
from medvind.model import ChannelName, Milestone, Purpose, Rsvp, State, TaskKind
from medvind.store import invites
from medvind.store.reach import find_person, reach_of
from medvind.store.tables import AnswerRow, AttendeeRow, ConsentRow, InboxRow, TaskRow
from tests.fakes import Town
from tests.people import Made, Person, add_meeting, add_person

TOMORROW_AT_TWO = datetime(2026, 11, 25, 14, 0)  # noqa: DTZ001 - a wall time
STOPPED = "Du får ikke flere beskeder fra Medvind."


async def newcomer(town: Town, coach: Made) -> Person:
    """Entered by the coach; has not been asked yet."""
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, consented=False, now=town.clock.now())
    await town.plan(person.id)
    return person


async def waiting(town: Town, coach: Made) -> Person:
    """Whose course ended ten days ago: a check-in is due today."""
    milestones = {Milestone.COURSE_ENDED: date(2026, 11, 14)}
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, milestones=milestones, now=town.clock.now())
    await town.plan(person.id)
    await town.deliver()
    return person


async def purposes(town: Town, person: Person) -> frozenset[Purpose]:
    async with town.db.read() as session:
        return (await reach_of(session, [person.id]))[person.id].consent(ChannelName.SMS).purposes


async def tasks(town: Town) -> Sequence[TaskKind]:
    async with town.db.read() as session:
        return (await session.scalars(select(TaskRow.kind).order_by(TaskRow.id))).all()


async def test_without_a_yes_nothing_but_the_invitation_goes_out(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    async with town.db.begin() as session:
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=[person], now=town.clock.now())
    await town.plan(person.id)
    await town.deliver()
    assert [text[:36] for text in town.sms.texts()] == ["Hej Maja. Medvind skriver for Karin."]


async def test_ja_to_the_invitation_joins_and_says_what_it_means(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    await town.deliver()
    await town.hear("ja tak")
    await town.deliver()
    assert [text[:26] for text in town.sms.texts()[1:]] == ["Tak, du er med. Du får høj", "Det er frivilligt og ændre"]
    assert await purposes(town, person) == frozenset(Purpose)
    async with town.db.read() as session:
        versions = set(await session.scalars(select(ConsentRow.text_version)))
    assert {version.split("@")[0] for version in versions if version} == {"da/invite"}


async def test_nej_to_the_invitation_is_respected(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    await town.deliver()
    await town.hear("Nej")
    await town.deliver()
    assert town.sms.texts()[1].startswith("Det er helt i orden. Du får ikke flere beskeder.")
    assert await purposes(town, person) == frozenset()
    town.clock.pass_by(days=3)
    assert await town.deliver() == 0


async def test_ja_after_a_stop_is_no_yes_to_the_invitation_that_still_lies_there(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    await town.deliver()
    await town.hear("STOP")
    await town.deliver()
    await town.hear("ja")
    assert await town.deliver() == 0
    assert await purposes(town, person) == frozenset()
    assert await tasks(town) == [TaskKind.STOPPED, TaskKind.WROTE_AFTER_STOP]
    await town.hear("START")
    assert await purposes(town, person) == frozenset(Purpose)


@pytest.mark.parametrize(("word", "rsvp"), [("JA", Rsvp.YES), ("nej det kan jeg ikke", Rsvp.NO), ("måske", Rsvp.MAYBE)])
async def test_an_answer_to_a_meeting_is_kept(town: Town, maja: Person, word: str, rsvp: Rsvp) -> None:
    async with town.db.begin() as session:
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=[maja], now=town.clock.now())
    await town.plan(maja.id)
    await town.deliver()
    await town.hear(word)
    await town.deliver()
    async with town.db.read() as session:
        assert await session.scalar(select(AttendeeRow.rsvp)) == rsvp
    assert len(town.sms.sent) == 2
    assert await tasks(town) == ([TaskKind.CALL] if rsvp == Rsvp.NO else [])


async def test_the_last_answer_before_the_start_counts(town: Town, maja: Person) -> None:
    async with town.db.begin() as session:
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=[maja], now=town.clock.now())
    await town.plan(maja.id)
    await town.deliver()
    for word in ("nej", "ja", "nej", "ja"):
        await town.hear(word)
    async with town.db.read() as session:
        assert await session.scalar(select(AttendeeRow.rsvp)) == Rsvp.YES
    keys = [row.key for row in await town.rows(State.PLANNED) if row.kind != "reply"]
    assert keys == ["meeting:m-001:2h"]


@pytest.mark.parametrize(
    ("word", "answer"), [("4", "Hvor er det godt"), ("ca 3", "Tak for dit svar"), ("2!", "Tak, fordi du siger")]
)
async def test_a_number_answers_the_check_in(town: Town, coach: Made, word: str, answer: str) -> None:
    await waiting(town, coach)
    assert town.sms.texts()[-1].startswith("Hej Maja. Hvordan går det med dit projekt")
    await town.hear(word)
    await town.deliver()
    assert town.sms.texts()[-1].startswith(answer)
    async with town.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(AnswerRow)) == 1
    assert await tasks(town) == ([TaskKind.CALL] if word == "2!" else [])


async def test_the_same_answer_twice_in_a_row_is_answered_once_and_makes_one_call(town: Town, coach: Made) -> None:
    await waiting(town, coach)
    before = len(town.sms.sent)
    for _ in range(2):
        await town.hear("2")
        await town.deliver()
    assert [text[:25] for text in town.sms.texts()[before:]] == ["Tak, fordi du siger det. "]
    assert await tasks(town) == [TaskKind.CALL]
    await town.hear("4")
    await town.hear("2")
    await town.deliver()
    assert len(town.sms.sent) == before + 3
    town.clock.pass_by(minutes=20)
    await town.hear("2")
    await town.deliver()
    assert len(town.sms.sent) == before + 4
    assert await tasks(town) == [TaskKind.CALL]


async def test_stop_cancels_everything_and_is_confirmed_once(town: Town, coach: Made) -> None:
    person = await waiting(town, coach)
    before = len(town.sms.sent)
    await town.hear("Stop venligst.")
    await town.hear("STOP")
    await town.hear("4")
    await town.deliver()
    assert [text[:39] for text in town.sms.texts()[before:]] == [STOPPED]
    assert await purposes(town, person) == frozenset()
    town.clock.pass_by(days=30)
    assert await town.deliver() == 0


async def test_start_brings_the_plan_back_and_ja_does_not(town: Town, coach: Made) -> None:
    person = await waiting(town, coach)
    await town.hear("STOP")
    await town.hear("JA")
    assert await purposes(town, person) == frozenset()
    await town.hear("START")
    await town.deliver()
    assert town.sms.texts()[-1].startswith("Velkommen tilbage.")
    assert await purposes(town, person) == frozenset(Purpose)
    assert any(row.kind == "check_in" for row in await town.rows(State.PLANNED))


async def test_free_words_reach_the_coach_with_an_honest_receipt(town: Town, maja: Person) -> None:
    await town.hear("Hvornår kommer der nyt?")
    await town.deliver()
    assert town.sms.texts()[0].startswith("Tak for din besked. Karin læser den.")
    assert town.sms.texts()[0].endswith("Ring 01 00 90 01.")
    async with town.db.read() as session:
        assert (await session.execute(select(InboxRow.meaning, InboxRow.participant_id))).all() == [("free_text", maja.id)]


async def test_the_same_message_twice_has_one_effect(town: Town, maja: Person) -> None:
    assert await town.hear("RING") is True
    assert await town.hear("RING", again=True) is False
    await town.deliver()
    assert len(town.sms.sent) == 1
    assert await tasks(town) == [TaskKind.CALL]


async def test_a_stranger_gets_one_fixed_answer_and_not_for_ever(town: Town, maja: Person) -> None:
    for words in ("Hej", "Er Maja tilmeldt?", "STOP", "ja", "5"):
        await town.hear(words, sender="+4501000999")
    await town.deliver()
    assert len(set(town.sms.texts())) == 1
    assert len(town.sms.sent) == STRANGER_ANSWERS
    assert "Maja" not in town.sms.texts()[0]
    assert {message.to for message in town.sms.sent} == {"+4501000999"}


async def test_a_code_joins_one_telegram_account_once(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    async with town.db.begin() as session:
        code = await invites.create(session, person.id, town.clock.now())
    await town.hear(f"/start {code}", sender="4711", channel=ChannelName.TELEGRAM)
    await town.hear(f"/start {code}", sender="4712", channel=ChannelName.TELEGRAM)
    await town.deliver()
    async with town.db.read() as session:
        assert await find_person(session, ChannelName.TELEGRAM, "4711") == person.id
        assert await find_person(session, ChannelName.TELEGRAM, "4712") is None
    assert len({message.text for message in town.telegram.sent}) == 2


async def test_a_code_that_comes_by_sms_joins_nobody(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    async with town.db.begin() as session:
        code = await invites.create(session, person.id, town.clock.now())
    await town.hear(f"/start {code}", "+4501999999")
    async with town.db.read() as session:
        assert await find_person(session, ChannelName.TELEGRAM, "+4501999999") is None
        assert not (await reach_of(session, [person.id]))[person.id].consent(ChannelName.TELEGRAM).purposes


async def test_an_old_code_joins_nobody(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    async with town.db.begin() as session:
        code = await invites.create(session, person.id, town.clock.now())
    town.clock.pass_by(days=7, seconds=1)
    await town.hear(f"/start {code}", sender="4711", channel=ChannelName.TELEGRAM)
    async with town.db.read() as session:
        assert await find_person(session, ChannelName.TELEGRAM, "4711") is None


async def test_a_tapped_button_answers_its_own_question(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        person = await add_person(
            session,
            town.db.vault,
            coach_id=coach.id,
            phone=None,
            telegram="4711",
            milestones={Milestone.COURSE_ENDED: date(2026, 11, 14)},
            now=town.clock.now(),
        )
    await town.plan(person.id)
    await town.deliver()
    assert [button.label for button in town.telegram.sent[0].buttons] == ["1", "2", "3", "4", "5"]
    tap = town.telegram.sent[0].buttons[3].data
    assert len(tap.encode()) <= 64
    await town.hear(tap, sender="4711", channel=ChannelName.TELEGRAM, kind=InboundKind.BUTTON)
    async with town.db.read() as session:
        assert list(await session.scalars(select(AnswerRow.value))) == ["4"]


async def test_whoever_blocks_the_bot_is_not_written_to_there(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, phone=None, telegram="4711", now=town.clock.now())
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=[person], now=town.clock.now())
    await town.plan(person.id)
    await town.hear("", sender="4711", channel=ChannelName.TELEGRAM, kind=InboundKind.BLOCKED)
    await town.deliver()
    assert town.telegram.sent == []


async def test_a_text_of_5000_characters_is_kept_and_told_about(town: Town, maja: Person) -> None:
    await town.hear("Hej " * 1250)
    await town.deliver()
    assert len(town.sms.sent) == 1
    async with town.db.read() as session:
        assert await session.scalar(select(InboxRow.meaning)) == "too_long"


async def test_a_national_id_is_gone_before_it_is_stored(town: Town, maja: Person) -> None:
    await town.hear("Mit nummer er 010190-1234")
    await town.deliver()
    assert town.sms.texts()[0].startswith("Skriv ikke CPR-nummer her.")
    async with town.db.read() as session:
        row = (await session.execute(select(InboxRow.public_id, InboxRow.text, InboxRow.raw))).one()
        vault = town.db.vault
        kept = vault.open(InboxRow.text, row.public_id, row.text) + vault.open(InboxRow.raw, row.public_id, row.raw)
    assert "010190" not in kept
    assert "1234" not in kept


async def test_a_picture_is_answered_honestly(town: Town, maja: Person) -> None:
    await town.hear("", kind=InboundKind.MEDIA)
    await town.deliver()
    assert town.sms.texts()[0].startswith("Jeg kan kun læse tekst.")


async def test_at_night_the_receipt_says_when_somebody_reads_it(town: Town, maja: Person) -> None:
    town.clock.pass_by(hours=12)
    await town.hear("Er der nogen?")
    await town.deliver()
    assert town.sms.texts()[0].startswith("Tak for din besked. Vi læser den næste hverdag.")


async def test_what_cannot_be_handled_is_kept_for_a_person_to_see(town: Town, maja: Person) -> None:
    inbound = Inbound(ChannelName.SMS, "bad-1", "+4501000001", InboundKind.TEXT, "??", "raw")
    async with town.db.begin() as session:
        await quarantine(session, inbound, town.clock.now())
    assert await tasks(town) == [TaskKind.UNREADABLE]
