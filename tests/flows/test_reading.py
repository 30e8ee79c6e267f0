"""What a person should read, and that it is told of no more once somebody has read it, or answered it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from medvind.channels import Inbound, InboundKind
from medvind.errors import InvalidError, NotFoundError
from medvind.flows import unread
from medvind.flows.receive import set_aside
from medvind.model import Ask, ChannelName, Role, TaskKind, Viewer
from medvind.store.tables import InboxRow, TaskRow
from tests.flows.office import BENTE, KARIN, LONG_AFTER, SECRET, Office
from tests.people import add_meeting, add_question_and_answer

Before = Callable[[Office], Awaitable[None]]


async def test_what_is_read_is_told_of_no_more_and_its_task_is_off_the_list(office: Office) -> None:
    await office.deputy()
    await office.town.hear(SECRET)
    await office.town.hear("og en ting til")
    first, second = await office.came()
    await office.live("2026-11-25 12:00")
    assert await office.listed() == [first, second]
    await office.read(first)
    assert await office.listed() == [second]
    await office.read(second)
    assert await office.listed() == []
    assert await office.live(LONG_AFTER) == []


async def test_the_first_who_reads_it_is_kept_and_only_who_serves_them_can(office: Office) -> None:
    bente = await office.deputy(until=date(2026, 11, 24))
    await office.town.hear(SECRET)
    (message,) = await office.came()
    await office.read(message, bente)
    await office.read(message)
    async with office.town.db.read() as session:
        row = (await session.execute(select(InboxRow.read_at, InboxRow.read_by))).one()
    assert tuple(row) == (office.town.clock.now(), bente.id)
    office.town.clock.pass_by(days=1)
    with pytest.raises(NotFoundError):
        await office.read(message, bente)


async def test_a_coachs_own_words_read_what_was_written_before_them(office: Office) -> None:
    await office.town.hear(SECRET)
    await office.town.hear(SECRET, "+4501000002")
    await office.live("2026-11-25 12:00")
    _, of_osman = await office.came()
    await office.write()
    assert await office.listed() == [of_osman]
    async with office.town.db.read() as session:
        assert list(await session.scalars(select(InboxRow.read_by).order_by(InboxRow.id))) == [office.karin.id, None]


async def test_what_came_while_the_coach_was_writing_stays_unread(office: Office) -> None:
    await office.town.hear(SECRET)
    await office.town.hear("glem det, det er meget værre")
    first, second = await office.came()
    await office.write(answers=first)
    await office.live("2026-11-25 12:00")
    assert await office.listed() == [second]
    with pytest.raises(InvalidError, match="answers: this person has written no such message"):
        await office.write(answers="nothing")


async def test_a_task_that_is_done_has_its_message_read(office: Office) -> None:
    await office.town.hear("RING")
    async with office.town.db.read() as session:
        call = await session.scalar(select(TaskRow.public_id).where(TaskRow.kind == TaskKind.CALL))
    async with office.town.db.begin() as session:
        await unread.finish(session, Viewer(office.karin.id, Role.COACH), str(call), office.town.clock.now())
    assert await office.listed(TaskKind.CALL) == []
    assert await office.live(LONG_AFTER) == []


async def an_invitation(office: Office) -> None:
    async with office.town.db.begin() as session:
        starts_at, vault = datetime(2026, 12, 10, 10, 0), session.vault  # noqa: DTZ001 - a wall time
        meeting = await add_meeting(session, vault, starts_at=starts_at, attendees=[office.maja], now=office.town.clock.now())
    await asked(office, Ask.RSVP, {"meeting": meeting.public_id, "sequence": "1"})


async def a_check_in(office: Office) -> None:
    await asked(office, Ask.CHECK_IN, {})


async def asked(office: Office, ask: Ask, subject: dict[str, str]) -> None:
    async with office.town.db.begin() as session:
        when = office.town.clock.now() - timedelta(minutes=1)
        await add_question_and_answer(session, session.vault, office.maja, ask=ask, value=None, subject=subject, asked_at=when)


async def nothing(office: Office) -> None:
    del office


@pytest.mark.parametrize(
    ("before", "text"),
    [
        *((nothing, text) for text in ("STOP", "HJÆLP", "NÆSTE", "STATUS", "HVORFOR", "PAUSE", "ENGLISH", "STOP FRISTER")),
        (an_invitation, "JA"),
        (an_invitation, "nej"),
        (a_check_in, "4"),
        (a_check_in, "7"),
        (a_check_in, "fem tak"),
        (a_check_in, "nej 4"),
        (an_invitation, "ja! og tak for sidst"),
        (an_invitation, "ok vi ses torsdag"),
    ],
)
async def test_what_the_service_deals_with_by_itself_is_told_of_to_nobody(office: Office, before: Before, text: str) -> None:
    await before(office)
    await office.town.hear(text)
    assert await office.live("2026-11-27 16:00") == []
    assert await office.listed() == []


@pytest.mark.parametrize(
    ("before", "texts", "meaning"),
    [
        (nothing, ("kan vi tale om det",), "free_text"),
        (nothing, ("JA",), "free_text"),
        (nothing, ("stop nu lige, jeg har et spørgsmål",), "maybe_stop"),
        (nothing, ("jeg har fået en depression",), "private_matter"),
        (nothing, ("010190-1234 er mit nummer",), "national_id_seen"),
        (nothing, ("x" * 5000,), "too_long"),
        (nothing, ("jeg vil ikke leve mere",), "danger_now"),
        (nothing, ("det er håbløst alt sammen",), "danger_today"),
        (an_invitation, ("ja, men jeg kommer lidt senere",), "half_yes"),
        (a_check_in, ("7", "8"), "free_text"),
        (an_invitation, ("nej desværre, barn syg",), "no_with_words"),
        (an_invitation, ("ja hvor er det?",), "yes_with_words"),
        (an_invitation, ("jq",), "slip"),
    ],
)
async def test_what_a_person_should_read_is_told_of(
    office: Office, before: Before, texts: tuple[str, ...], meaning: str
) -> None:
    await before(office)
    for text in texts:
        await office.town.hear(text)
        await office.town.deliver()
    async with office.town.db.read() as session:
        assert list(await session.scalars(select(InboxRow.meaning).order_by(InboxRow.id)))[-1] == meaning
    assert await office.live("2026-11-24 14:00") == [("Tue 14:00", KARIN)]


async def test_a_thank_you_is_nobodys_to_read_but_what_answers_the_coach_is_the_coachs(office: Office) -> None:
    async def meaning_of(text: str) -> str | None:
        await office.town.hear(text)
        await office.town.deliver()
        async with office.town.db.read() as session:
            return list(await session.scalars(select(InboxRow.meaning).order_by(InboxRow.id)))[-1]

    assert await meaning_of("tak") == "free_text", "nobody had written"
    await office.town.hear("HJÆLP")
    await office.town.deliver()
    assert await meaning_of("ok") == "thanks"
    await office.write()
    await office.town.deliver()
    assert await meaning_of("ok") == "free_text"


@pytest.mark.parametrize("broken", [True, False])
async def test_a_picture_and_what_could_not_be_handled_are_told_of_too(office: Office, *, broken: bool) -> None:
    if broken:
        inbound = Inbound(ChannelName.SMS, "in-broken", "+4501000002", InboundKind.TEXT, SECRET, "raw")
        await set_aside(office.town.db, inbound, office.town.clock)
    else:
        await office.town.hear("", kind=InboundKind.MEDIA)
    assert await office.live("2026-11-24 14:00") == [("Tue 14:00", KARIN)]


async def test_what_a_task_is_about_already_is_no_second_task(office: Office) -> None:
    for text in ("spørg om en revisor", "RING", "jeg har fået en depression", "jeg vil ikke leve mere"):
        await office.town.hear(text)
    await office.live(LONG_AFTER)
    assert await office.listed() == []
    kinds = (TaskKind.NETWORK, TaskKind.CALL, TaskKind.PRIVATE_MATTER, TaskKind.DANGER)
    assert [message for kind in kinds for message in await office.listed(kind)] == await office.came()


async def test_a_question_to_the_network_is_told_of_until_it_is_answered_and_not_only_read(office: Office) -> None:
    await office.deputy()
    await office.town.hear("spørg om en revisor")
    (message,) = await office.came()
    await office.read(message)
    assert await office.live("2026-11-25 16:00") == [("Tue 14:00", KARIN), ("Wed 10:00", KARIN)]
    await office.write()
    assert await office.listed(TaskKind.NETWORK) == [message], "words about something else answer no question"
    assert await office.live("2026-11-26 16:00") == [("Thu 10:00", BENTE)]


@pytest.mark.parametrize("by_words", [True, False])
async def test_a_question_to_the_network_that_is_answered_is_off_the_list_and_told_of_no_more(
    office: Office, *, by_words: bool
) -> None:
    await office.deputy()
    await office.town.hear("spørg om en revisor")
    (message,) = await office.came()
    await office.live("2026-11-24 16:00")
    if by_words:
        await office.write(answers=message)
    else:
        async with office.town.db.begin() as session:
            task = str(await session.scalar(select(TaskRow.public_id).where(TaskRow.kind == TaskKind.NETWORK)))
            await unread.finish(session, Viewer(office.karin.id, Role.COACH), task, office.town.clock.now())
    assert await office.listed(TaskKind.NETWORK) == []
    assert await office.live(LONG_AFTER) == []
    async with office.town.db.read() as session:
        row = (await session.execute(select(InboxRow.read_by, InboxRow.waits_for))).one()
    assert tuple(row) == (office.karin.id, None)
