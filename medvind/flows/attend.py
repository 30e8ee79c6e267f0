"""Who came to a meeting, as the coach enters it: kept for each person, and what follows for them in the same breath."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from medvind.errors import FieldError, NotFoundError
from medvind.flows.plan import load_policy, plan_people
from medvind.model import Attendance, Viewer
from medvind.store import attendance
from medvind.store.attendance import Attendee, Held
from medvind.store.database import Session
from medvind.store.views import NOT_FOUND, Page

CHANGEABLE = timedelta(days=14)
"""So many days after the meeting, to the end of the last one, what was entered can be mended. Then it stands."""


async def attendees(session: Session, viewer: Viewer, meeting_id: str, after: str | None, limit: int) -> Page[Attendee]:
    """Those invited to a meeting whom this coach follows. Raises NotFoundError for a meeting that is none of theirs."""
    held = await attendance.meeting(session, meeting_id, seen_by=viewer)
    return await attendance.attendees(session, held, seen_by=viewer, after=after, limit=limit)


async def enter(
    session: Session, viewer: Viewer, meeting_id: str, came: Mapping[str, Attendance | None], now: datetime
) -> list[Attendee]:
    """Keeps who came, by the public ids of people, and plans those anew whose entry is another now; None takes one back.

    The same again changes nothing. All or nothing: raises NotFoundError where one of them is not this coach's own or not
    invited, and FieldError while the meeting has not begun, is cancelled, or is over for too long.
    """
    held = await attendance.meeting(session, meeting_id, seen_by=viewer)
    there = await attendance.some(session, held, came, seen_by=viewer)
    if len(there) < len(came):
        raise NotFoundError(NOT_FOUND)
    _check(held, now)
    changed = [(one.row, said) for one in there if one.attendance != (said := came[one.participant.id])]
    await attendance.enter(session, held, changed, now)
    await plan_people(session, [person for person, _ in changed], await load_policy(session), now)
    return await attendance.some(session, held, came, seen_by=viewer)


def _check(held: Held, now: datetime) -> None:
    if held.cancelled:
        raise FieldError("attendance", "the meeting is cancelled, so nobody came and nobody stayed away")
    if now < held.starts_at:
        raise FieldError("attendance", "the meeting has not begun; enter it from then on")
    last = (held.starts_at + CHANGEABLE).date()
    if now >= datetime.combine(last, time.max, held.starts_at.tzinfo):
        raise FieldError("attendance", "it could be entered and changed until {day}; now it stands", day=last.isoformat())
