"""A person's private calendar: the secret in its address, of which only the hash is kept, and the meetings that calendars show.

The secret is looked up by its hash, so how long an answer takes tells nothing about how close a guess came.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from medvind.errors import NotFoundError
from medvind.model import Language, MeetingKind, PublicId, Rsvp, Viewer
from medvind.store.database import Session, upsert
from medvind.store.tables import AttendeeRow, FeedRow, MeetingRow, ParticipantRow
from medvind.store.views import NOT_FOUND, own_meetings

RANDOM_BYTES = 32
MEETING = (
    MeetingRow.public_id,
    MeetingRow.kind,
    MeetingRow.title,
    MeetingRow.place,
    MeetingRow.starts_at,
    MeetingRow.zone,
    MeetingRow.minutes,
    MeetingRow.sequence,
    MeetingRow.cancelled,
    MeetingRow.changed_at,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is: the row inside, and how they read."""

    id: int
    language: Language
    zone: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as a calendar shows it. `starts_at` is aware, in the zone in which it was meant; `rsvp` is the owner's answer.

    `changed_at` is when time or place changed last, or when it was called off or taken up again: then `sequence` rose too.
    """

    id: PublicId
    kind: MeetingKind
    title: str = field(repr=False)
    place: str = field(repr=False)
    starts_at: datetime
    minutes: int
    sequence: int
    cancelled: bool
    changed_at: datetime
    rsvp: Rsvp | None = None


async def create(session: Session, participant_id: int, now: datetime) -> str:
    """A fresh secret of 256 random bits; an earlier one of this person is good no more."""
    secret = secrets.token_urlsafe(RANDOM_BYTES)
    row = {"participant_id": participant_id, "hash": _hash(secret), "created_at": now}
    await upsert(session, FeedRow, row, ["participant_id"])
    return secret


async def end(session: Session, participant_id: int) -> None:
    """From now on the secret is good no more; where there is none nothing changes."""
    await session.execute(delete(FeedRow).where(FeedRow.participant_id == participant_id))


async def get_owner(session: Session, secret: str) -> Owner:
    """Whose calendar this secret opens. Raises NotFoundError for one that is unknown or ended: they look the same."""
    query = select(ParticipantRow.id, ParticipantRow.language, ParticipantRow.zone).join(
        FeedRow, FeedRow.participant_id == ParticipantRow.id
    )
    found = (await session.execute(query.where(FeedRow.hash == _hash(secret)))).first()
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return Owner(*found)


async def meetings_since(session: Session, participant_id: int, since: datetime) -> list[Entry]:
    """What this person is invited to and begins then or later, called off or not, the first one first."""
    query = (
        select(*MEETING, AttendeeRow.rsvp)
        .join(AttendeeRow, AttendeeRow.meeting_id == MeetingRow.id)
        .where(AttendeeRow.participant_id == participant_id)
    )
    rows = [row for row in await session.execute(query) if _starts_at(row) >= since]
    found = [_entry(session, row, row.rsvp) for row in rows]
    return sorted(found, key=lambda entry: (entry.starts_at, entry.id))


async def meeting(session: Session, public_id: str, *, seen_by: Viewer) -> Entry:
    """A meeting that this coach holds, or that one of their own people is invited to. Raises NotFoundError for others."""
    query = select(*MEETING).where(MeetingRow.public_id == PublicId(public_id), own_meetings(seen_by))
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return _entry(session, found, None)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _starts_at(row: Any) -> datetime:
    """As it was meant: a wall time in the meeting's own zone."""
    at: datetime = row.starts_at.replace(tzinfo=ZoneInfo(row.zone))
    return at


def _entry(session: Session, row: Any, rsvp: Rsvp | None) -> Entry:
    vault = session.vault
    return Entry(
        id=row.public_id,
        kind=row.kind,
        title=vault.open(MeetingRow.title, row.public_id, row.title),
        place=vault.open(MeetingRow.place, row.public_id, row.place),
        starts_at=_starts_at(row),
        minutes=row.minutes,
        sequence=row.sequence,
        cancelled=row.cancelled,
        changed_at=row.changed_at,
        rsvp=rsvp,
    )
