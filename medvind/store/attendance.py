"""Meetings as the coach sees them who says who came: the list, one of them, and those invited whom this coach follows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from medvind.errors import NotFoundError
from medvind.model import Attendance, PublicId, Rsvp, Viewer
from medvind.store.database import Session
from medvind.store.meeting_views import SHOWN, Shown
from medvind.store.tables import AttendeeRow, MeetingRow, ParticipantRow
from medvind.store.views import NAMED, NOT_FOUND, Page, Somebody, no_place, own_meetings, own_people, page, somebody

THEIRS = (
    *NAMED,
    AttendeeRow.participant_id,
    AttendeeRow.rsvp,
    AttendeeRow.rsvp_at,
    AttendeeRow.attendance,
    AttendeeRow.attendance_at,
)
ENTER = (
    update(AttendeeRow)
    .where(AttendeeRow.meeting_id == bindparam("meeting"), AttendeeRow.participant_id == bindparam("person"))
    .values(
        attendance=bindparam("came", type_=AttendeeRow.attendance.type),
        attendance_at=bindparam("at", type_=AttendeeRow.attendance_at.type),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Shown):
    """A meeting. `row` is the name inside."""

    row: int


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who is invited: what they answered last, and whether they came, each with when it was said.

    What was entered before the meeting began as it stands now was of an earlier time of it, and isn't told.
    """

    row: int
    participant: Somebody
    rsvp: Rsvp | None
    rsvp_at: datetime | None
    attendance: Attendance | None
    entered_at: datetime | None


async def meetings(session: Session, *, seen_by: Viewer, after: str | None, limit: int) -> Page[Held]:
    """Those that this coach holds or their people are invited to, the latest on the calendar first."""
    query = select(MeetingRow.id, *SHOWN).where(own_meetings(seen_by))
    if after is not None:
        starts_at, public_id = _read_place(after)
        earlier = and_(MeetingRow.starts_at == starts_at, MeetingRow.public_id < public_id)
        query = query.where(or_(MeetingRow.starts_at < starts_at, earlier))
    query = query.order_by(MeetingRow.starts_at.desc(), MeetingRow.public_id.desc())
    return await page(session, query, limit, lambda row: _held(session, row), _place)


async def meeting(session: Session, public_id: str, *, seen_by: Viewer) -> Held:
    """One of them. Raises NotFoundError for any other."""
    query = select(MeetingRow.id, *SHOWN).where(MeetingRow.public_id == PublicId(public_id), own_meetings(seen_by))
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return _held(session, found)


async def attendees(session: Session, held: Held, *, seen_by: Viewer, after: str | None, limit: int) -> Page[Attendee]:
    """Those of this coach's own people who are invited, by their external id."""
    query = _invited(held, seen_by).order_by(ParticipantRow.external_id)
    if after is not None:
        query = query.where(ParticipantRow.external_id > after)
    return await page(session, query, limit, lambda row: _attendee(session, held, row), lambda row: str(row.external_id))


async def some(session: Session, held: Held, public_ids: Collection[str], *, seen_by: Viewer) -> list[Attendee]:
    """These of them, by their external id; who is not among them is missing in the answer."""
    query = _invited(held, seen_by).where(ParticipantRow.public_id.in_([PublicId(name) for name in public_ids]))
    rows = await session.execute(query.order_by(ParticipantRow.external_id))
    return [_attendee(session, held, row) for row in rows]


async def enter(session: Session, held: Held, came: Sequence[tuple[int, Attendance | None]], now: datetime) -> None:
    """Keeps for each of these people whether they came, in place of what was entered before; None takes that back."""
    rows = [
        {"meeting": held.row, "person": person, "came": attendance, "at": now if attendance else None}
        for person, attendance in came
    ]
    if rows:
        await (await session.direct()).execute(ENTER, rows)


def _invited(held: Held, viewer: Viewer) -> Any:
    query = select(*THEIRS).join(ParticipantRow, ParticipantRow.id == AttendeeRow.participant_id)
    return query.where(AttendeeRow.meeting_id == held.row, own_people(viewer))


def _held(session: Session, row: Any) -> Held:
    return Held.of(session, row, row=row.id)


def _attendee(session: Session, held: Held, row: Any) -> Attendee:
    of_this = row.attendance is not None and row.attendance_at >= held.starts_at
    return Attendee(
        row=row.participant_id,
        participant=somebody(session, row),
        rsvp=row.rsvp,
        rsvp_at=row.rsvp_at,
        attendance=row.attendance if of_this else None,
        entered_at=row.attendance_at if of_this else None,
    )


def _place(row: Any) -> str:
    """Where a meeting stands in the list: by the clock on its own wall."""
    return f"{row.starts_at.isoformat()} {row.public_id}"


def _read_place(after: str) -> tuple[datetime, PublicId]:
    """The same, read back. Raises FieldError where it is none."""
    wall, _, public_id = after.partition(" ")
    try:
        starts_at = datetime.fromisoformat(wall)
    except ValueError:
        raise no_place() from None
    if starts_at.tzinfo is not None:
        raise no_place()
    return starts_at, PublicId(public_id)
