"""What somebody was told of a meeting, held against what it is now."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from medvind.model import MeetingFacts, Rsvp, State
from medvind.store import cards, questions
from medvind.store.database import Database, Session
from medvind.store.meeting_facts import meetings_of
from medvind.store.meeting_versions import keep_versions
from medvind.store.recipients import told_before
from medvind.store.tables import AttendeeRow, MeetingRow, MeetingVersionRow
from tests.people import ZONE, Made, Person, add_duty, add_meeting, add_person

AT_TWO, AT_THREE = datetime(2026, 12, 1, 14, 0), datetime(2026, 12, 1, 15, 0)  # noqa: DTZ001 - wall times
PLACE = "Rådhuset, lokale 2"


async def told(session: Session, person: Person, meeting: Made, sequence: int, now: datetime, state: State) -> None:
    subject = {"meeting": meeting.public_id, "sequence": str(sequence)}
    await add_duty(session, session.vault, person, kind="meeting_invite", subject=subject, state=state, due_at=now)


async def change(session: Session, meeting: Made, sequence: int, now: datetime, **columns: object) -> None:
    """The meeting becomes this, under the next sequence."""
    place = session.vault.seal(MeetingRow.place, meeting.public_id, str(columns.get("place", PLACE)))
    now_it_is = {"starts_at": AT_TWO, "zone": ZONE, "cancelled": False} | columns | {"place": place, "sequence": sequence}
    await session.execute(update(MeetingRow).where(MeetingRow.id == meeting.id).values(**now_it_is))
    await keep_versions(session, [{"meeting_id": meeting.id, "at": now} | now_it_is])


async def facts_of(session: Session, person: Person) -> MeetingFacts:
    (facts,) = (await meetings_of(session, [person.id]))[person.id]
    return facts


@pytest.fixture
async def maja(db: Database, now: datetime) -> Person:
    async with db.begin() as session:
        return await add_person(session, db.vault, now=now)


@pytest.fixture
async def meeting(db: Database, maja: Person, now: datetime) -> Made:
    async with db.begin() as session:
        return await add_meeting(session, db.vault, starts_at=AT_TWO, attendees=[maja], now=now)


@pytest.mark.parametrize(
    ("change_to", "holds"),
    [
        ({}, True),
        ({"starts_at": AT_THREE}, False),
        ({"zone": "Europe/London"}, False),
        ({"place": "Torvet 1"}, False),
        ({"cancelled": True}, False),
    ],
)
async def test_what_was_told_holds_while_time_zone_and_place_are_the_same_and_it_is_on(
    db: Database, maja: Person, meeting: Made, now: datetime, change_to: dict[str, object], *, holds: bool
) -> None:
    async with db.begin() as session:
        await told(session, maja, meeting, 1, now, State.SENT)
        await change(session, meeting, 2, now, starts_at=AT_THREE)
        await change(session, meeting, 3, now, **change_to)
        facts = await facts_of(session, maja)
    assert (facts.told, facts.told_holds, facts.told_cancelled) == (1, holds, False)
    assert facts.told_start == datetime(2026, 12, 1, 14, 0, tzinfo=ZoneInfo(ZONE))
    assert facts.cancelled == bool(change_to.get("cancelled"))


@pytest.mark.parametrize("state", State)
async def test_what_may_have_arrived_was_told_and_what_waits_or_failed_was_not(
    db: Database, maja: Person, meeting: Made, now: datetime, state: State
) -> None:
    async with db.begin() as session:
        await told(session, maja, meeting, 1, now, state)
        facts = await facts_of(session, maja)
    assert facts.told == (1 if state in {State.SENT, State.DELIVERED, State.UNKNOWN} else 0)
    assert (facts.told_holds, facts.told_start) == (True, None)


async def test_who_was_told_nothing_has_nothing_to_unlearn(db: Database, maja: Person, meeting: Made, now: datetime) -> None:
    async with db.begin() as session:
        await change(session, meeting, 2, now, cancelled=True)
        facts = await facts_of(session, maja)
    assert (facts.told, facts.told_holds, facts.told_cancelled, facts.told_start) == (0, True, False, None)


async def test_who_was_told_that_it_is_cancelled_knows_that_until_told_otherwise(
    db: Database, maja: Person, meeting: Made, now: datetime
) -> None:
    async with db.begin() as session:
        await change(session, meeting, 2, now, cancelled=True)
        await told(session, maja, meeting, 2, now, State.SENT)
        knows = await facts_of(session, maja)
        await change(session, meeting, 3, now)
        behind = await facts_of(session, maja)
        await told(session, maja, meeting, 3, now, State.SENT)
        again = await facts_of(session, maja)
    found = [(one.told, one.told_holds, one.told_cancelled) for one in (knows, behind, again)]
    assert found == [(2, True, True), (2, False, True), (3, True, False)]


async def test_what_was_told_and_never_written_down_counts_as_true_no_longer(
    db: Database, maja: Person, meeting: Made, now: datetime
) -> None:
    async with db.begin() as session:
        await told(session, maja, meeting, 1, now, State.SENT)
        await change(session, meeting, 2, now)
        await session.execute(delete(MeetingVersionRow).where(MeetingVersionRow.sequence == 1))
        facts = await facts_of(session, maja)
        assert await told_before(session, [(meeting.public_id, 1)]) == {}
    assert (facts.told, facts.told_holds, facts.told_cancelled, facts.told_start) == (1, False, False, None)


async def test_what_was_told_is_opened_for_the_text_that_puts_it_right(db: Database, meeting: Made, now: datetime) -> None:
    async with db.begin() as session:
        await change(session, meeting, 2, now, starts_at=AT_THREE, place="Torvet 1")
        found = await told_before(session, [(meeting.public_id, 1), (meeting.public_id, 2)])
    assert [(one.starts_at.replace(tzinfo=None), one.place) for one in found.values()] == [
        (AT_TWO, PLACE),
        (AT_THREE, "Torvet 1"),
    ]


@pytest.mark.parametrize(("asked", "counts"), [(None, True), (1, True), (2, False), (3, True), (7, False)])
async def test_an_answer_counts_where_the_meeting_is_what_it_was_when_it_was_asked(
    db: Database, maja: Person, meeting: Made, now: datetime, asked: int | None, *, counts: bool
) -> None:
    async with db.begin() as session:
        await change(session, meeting, 2, now, starts_at=AT_THREE)
        await change(session, meeting, 3, now)
        assert await questions.rsvp(session, meeting.public_id, maja.id, Rsvp.YES, now, asked) == counts
        assert await session.scalar(select(AttendeeRow.rsvp)) == (Rsvp.YES if counts else None)


async def test_a_persons_card_says_which_meetings_are_cancelled(
    db: Database, maja: Person, meeting: Made, now: datetime
) -> None:
    async with db.begin() as session:
        assert [one.cancelled for one in await cards.invited(session, maja.id, now)] == [False]
        await change(session, meeting, 2, now, cancelled=True)
        assert [one.cancelled for one in await cards.invited(session, maja.id, now)] == [True]


async def test_an_answer_to_a_meeting_that_is_not_there_counts_for_nothing(db: Database, maja: Person, now: datetime) -> None:
    async with db.begin() as session:
        assert not await questions.rsvp(session, "gone", maja.id, Rsvp.YES, now, 1)
