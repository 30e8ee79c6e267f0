"""A changed number that has not said yes: who writes from there may be anybody, so hardly anything of it has an effect."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from medvind.channels import Inbound, InboundKind
from medvind.flows.receive import receive
from medvind.model import AddressState, ChannelName, Role, TaskKind, Viewer
from medvind.store.cards import jobs
from medvind.store.reach import find_person, reach_of
from medvind.store.tables import AttendeeRow, InboxRow, OutboxRow, ParticipantRow, PauseRow
from medvind.store.threads import to_read
from tests.fakes import Town
from tests.flows.enrolling import AMINA, SAID_YES, add_team, all_rows, kept, living, person
from tests.flows.test_new_number import NEW, enrols, meets, to_new

NEWER = "+4501000008"
ANYBODY = (
    *("PAUSE", "pause i 3 dage", "SLET MIG", "BEHOLD", "STOP FRISTER", "STOP MØDER", "jeg vil gerne stoppe med det her"),
    *("KLAR", "3", "MÅSKE", "ja men kun hvis det er om formiddagen", "english", "DANSK", "TELEGRAM", "RING"),
    *("NÆSTE", "STATUS", "HVORFOR", "MINE DATA", "MIT KORT", "jeg har fået en rykker", "/start abc", "hvem er du gift med?"),
    *("mit cpr er 010190-1234", "x" * 5000),
)


@pytest.fixture(autouse=True)
async def team(town: Town) -> None:
    await add_team(town)


async def moves(town: Town) -> None:
    """Amina is invited to a meeting and asked about VAT; then the coach writes another number into the file."""
    await enrols(town, AMINA | SAID_YES)
    await meets(town)
    town.clock.pass_by(hours=2)
    await enrols(town, AMINA | SAID_YES | {"phone": NEW})
    assert len(to_new(town)) == 1


async def known(town: Town) -> Mapping[str, list[tuple[Any, ...]]]:
    """All that is written down, but for what came in."""
    return {table: rows for table, rows in (await all_rows(town)).items() if table != InboxRow.__tablename__}


async def does_nothing_but_ask(town: Town, before: Mapping[str, list[tuple[Any, ...]]]) -> None:
    """Whoever holds the phone reads who asks what, and everything else is as it was."""
    after, queue = dict(await known(town)), OutboxRow.__tablename__
    new = [row for row in after[queue] if row not in before[queue]]
    assert (len(new), [row for row in before[queue] if row not in after[queue]]) == (1, [])
    assert after | {queue: before[queue]} == before
    async with town.db.read() as session:
        assert await session.scalar(select(OutboxRow.text).order_by(OutboxRow.id.desc()).limit(1)) == "who_writes"


async def tasks_of(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        coach = await session.scalar(select(ParticipantRow.coach_id))
        assert coach is not None
        listed = await jobs(session, seen_by=Viewer(coach, Role.COACH), after=None, limit=9, now=town.clock.now())
        return [one.kind for one in listed.items]


@pytest.mark.parametrize("text", ANYBODY, ids=lambda text: text[:20])
async def test_what_is_written_from_a_number_that_has_not_said_ja_is_kept_and_does_nothing(town: Town, text: str) -> None:
    await moves(town)
    before = await known(town)
    town.clock.pass_by(minutes=5)
    await town.hear(text, sender=NEW)
    await does_nothing_but_ask(town, before)
    async with town.db.read() as session:
        row = (await kept(town)).id
        assert await session.scalar(select(InboxRow.meaning).where(InboxRow.participant_id == row)) == "unconfirmed_number"
    await town.deliver()
    assert len(to_new(town)) == 2
    await town.hear(text, sender=NEW)
    await town.deliver()
    assert len(to_new(town)) == 2, "once an hour"


@pytest.mark.parametrize("text", ["nej, har angst", "jeg kommer ikke, har angst", "jeg kan ikke komme, jeg vil ikke leve mere"])
async def test_a_no_before_words_that_weigh_more_declines_no_meeting_from_there(town: Town, text: str) -> None:
    await moves(town)
    await town.hear(text, sender=NEW)
    async with town.db.read() as session:
        assert (await session.scalars(select(AttendeeRow.rsvp))).all() == [None]


async def test_a_picture_from_such_a_number_does_nothing_either(town: Town) -> None:
    await moves(town)
    before = await known(town)
    await town.hear("", sender=NEW, kind=InboundKind.MEDIA)
    assert await known(town) == before


async def test_what_was_written_there_while_we_were_away_does_nothing_either(town: Town) -> None:
    await moves(town)
    before = await known(town)
    said_at = town.clock.now()
    town.clock.pass_by(minutes=5)
    late = Inbound(ChannelName.SMS, "late-1", NEW, InboundKind.TEXT, "STOP FRISTER", "raw", at=said_at)
    async with town.db.begin() as session:
        await receive(session, late, town.clock.now())
    await does_nothing_but_ask(town, before)


async def test_a_person_reads_what_came_from_such_a_number(town: Town) -> None:
    await moves(town)
    await town.hear("jeg skal i byen", sender=NEW)
    async with town.db.read() as session:
        coach = await session.scalar(select(ParticipantRow.coach_id))
        assert coach is not None
        [read] = (await to_read(session, seen_by=Viewer(coach, Role.COACH), after=None, limit=9)).items
    assert (read.text, read.meaning) == ("jeg skal i byen", "unconfirmed_number")


async def test_ja_is_about_the_number_and_never_about_the_meeting_that_was_asked_before(town: Town) -> None:
    await moves(town)
    await town.hear("JA", sender=NEW)
    async with town.db.read() as session:
        assert list(await session.scalars(select(AttendeeRow.rsvp))) == [None]
    assert living(await person(town))[ChannelName.SMS] == (NEW, AddressState.ACTIVE, True)


async def test_ja_is_about_the_number_though_a_meeting_was_asked_about_in_the_same_minute(town: Town) -> None:
    await moves(town)
    async with town.db.begin() as session:
        await session.execute(update(OutboxRow).where(OutboxRow.opened_at.is_not(None)).values(opened_at=town.clock.now()))
    await town.hear("JA", sender=NEW)
    assert living(await person(town))[ChannelName.SMS] == (NEW, AddressState.ACTIVE, True)
    async with town.db.read() as session:
        assert list(await session.scalars(select(AttendeeRow.rsvp))) == [None]


async def test_stop_from_such_a_number_stops_everything_and_is_confirmed(town: Town) -> None:
    await moves(town)
    await town.hear("STOP", sender=NEW)
    await town.deliver()
    assert [text[:36] for text in to_new(town)[1:]] == ["Du får ikke flere beskeder fra Medvi"]
    async with town.db.read() as session:
        row = (await kept(town)).id
        assert not (await reach_of(session, [row]))[row].consent(ChannelName.SMS).purposes


async def test_help_from_such_a_number_says_what_can_be_written(town: Town) -> None:
    await moves(town)
    await town.hear("HJÆLP", sender=NEW)
    await town.deliver()
    assert len(to_new(town)) == 2


@pytest.mark.parametrize(
    ("text", "task"), [("jeg vil ikke leve mere", TaskKind.DANGER), ("det er håbløst alt sammen", TaskKind.CONCERN)]
)
async def test_danger_is_heard_and_answered_whatever_the_number(town: Town, text: str, task: TaskKind) -> None:
    await moves(town)
    await town.hear(text, sender=NEW)
    await town.deliver()
    assert task in await tasks_of(town)
    assert len(to_new(town)) == 2


async def test_a_first_number_that_has_not_answered_yet_may_ask_to_be_called(town: Town) -> None:
    await enrols(town, AMINA)
    await town.hear("RING", sender=AMINA["phone"])
    assert TaskKind.CALL in await tasks_of(town)


async def test_start_ends_a_pause_and_makes_the_number_good(town: Town) -> None:
    await enrols(town, AMINA | SAID_YES)
    await town.hear("PAUSE", sender=AMINA["phone"])
    await enrols(town, AMINA | SAID_YES | {"phone": NEW})
    await town.hear("START", sender=NEW)
    assert living(await person(town))[ChannelName.SMS] == (NEW, AddressState.ACTIVE, True)
    async with town.db.read() as session:
        assert await session.scalar(select(PauseRow.until).order_by(PauseRow.id.desc()).limit(1)) is not None


@pytest.mark.parametrize("text", ["Nej", "forkert nummer"])
async def test_a_no_takes_the_number_away_and_the_coach_finds_the_right_one(town: Town, text: str) -> None:
    await moves(town)
    await town.hear(text, sender=NEW)
    await town.deliver()
    assert to_new(town)[1:] == ["Undskyld. Vi har fjernet dit nummer. Du hører ikke fra os igen."]
    assert await tasks_of(town) == [TaskKind.WRONG_NUMBER]
    async with town.db.read() as session:
        assert await find_person(session, ChannelName.SMS, NEW) is None
    await enrols(town, AMINA | SAID_YES | {"phone": NEWER})
    town.clock.pass_by(minutes=40)
    await town.run_until(datetime.fromisoformat("2026-11-25T12:00Z"))
    assert [one.text[:24] for one in town.sms.sent if one.to == NEWER] == ["Hej Amina. Karin siger, "]
