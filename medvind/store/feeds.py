"""A person's private calendar: the secret in its address, of which only the hash is kept, and the meetings that calendars show.

The secret is looked up by its hash, so how long an answer takes tells nothing about how close a guess came.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import aliased

from medvind.errors import NotFoundError
from medvind.model import Language, PublicId, Rsvp, Viewer
from medvind.store.database import Session, upsert
from medvind.store.meeting_views import SHOWN, Shown, starts_at
from medvind.store.tables import AttendeeRow, FeedRow, MeetingRow, ParticipantRow
from medvind.store.views import NOT_FOUND, own_meetings

RANDOM_BYTES = 32
SEEN = (*SHOWN, MeetingRow.sequence, MeetingRow.changed_at)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is: the row inside, and how they read."""

    id: int
    language: Language
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Shown):
    """A meeting as a calendar shows it. `rsvp` is the owner's answer.

    `changed_at` is when time or place changed last, or when it was called off or taken up again: then `sequence` rose too.
    """

    sequence: int
    changed_at: datetime
    rsvp: Rsvp | None = None


async def create(session: Session, participant_id: int, now: datetime) -> str:
    """A fresh secret of 256 random bits; an earlier one of this person is good no more."""
    await end(session, participant_id)
    secret = secrets.token_urlsafe(RANDOM_BYTES)
    row = {"participant_id": participant_id, "hash": _hash(secret), "created_at": now}
    await upsert(session, FeedRow, row, ["participant_id"])
    return secret


async def end(session: Session, participant_id: int) -> None:
    """From now on the secret is good no more; where there is none nothing changes."""
    joined = select(ParticipantRow.id).where(ParticipantRow.merged_into == participant_id)
    theirs = or_(FeedRow.participant_id == participant_id, FeedRow.participant_id.in_(joined))
    await session.execute(delete(FeedRow).where(theirs))


async def get_owner(session: Session, secret: str) -> Owner:
    """Whose calendar this secret opens. Raises NotFoundError for one that is unknown or ended: they look the same."""
    given = aliased(ParticipantRow)
    query = (
        select(ParticipantRow.id, ParticipantRow.language, ParticipantRow.zone)
        .join(given, func.coalesce(given.merged_into, given.id) == ParticipantRow.id)
        .join(FeedRow, FeedRow.participant_id == given.id)
    )
    found = (await session.execute(query.where(FeedRow.hash == _hash(secret)))).first()
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return Owner(*found)


async def meetings_since(session: Session, participant_id: int, since: datetime) -> list[Entry]:
    """What this person is invited to and begins then or later, called off or not, the first one first."""
    query = (
        select(*SEEN, AttendeeRow.rsvp)
        .join(AttendeeRow, AttendeeRow.meeting_id == MeetingRow.id)
        .where(AttendeeRow.participant_id == participant_id)
    )
    rows = [row for row in await session.execute(query) if starts_at(row) >= since]
    found = [_entry(session, row, row.rsvp) for row in rows]
    return sorted(found, key=lambda entry: (entry.starts_at, entry.id))


async def meeting(session: Session, public_id: str, *, seen_by: Viewer) -> Entry:
    """A meeting that this coach holds, or that one of their own people is invited to. Raises NotFoundError for others."""
    query = select(*SEEN).where(MeetingRow.public_id == PublicId(public_id), own_meetings(seen_by))
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return _entry(session, found, None)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _entry(session: Session, row: Any, rsvp: Rsvp | None) -> Entry:
    return Entry.of(session, row, sequence=row.sequence, changed_at=row.changed_at, rsvp=rsvp)
