"""What each person's meetings mean to them: when and where, what they were told of it, what they answered."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import select

from medvind.model import MeetingFacts, PublicId, RecipientType, State
from medvind.store.database import Session
from medvind.store.tables import AttendeeRow, MeetingRow, OutboxRow

TOLD = (State.SENT, State.DELIVERED, State.UNKNOWN)


async def meetings_of(session: Session, people: Collection[int]) -> Mapping[int, list[MeetingFacts]]:
    """By person, in a fixed number of questions."""
    told = await _told(session, people)
    found: dict[int, list[MeetingFacts]] = defaultdict(list)
    for row in await session.execute(
        select(
            AttendeeRow.participant_id,
            AttendeeRow.since,
            AttendeeRow.rsvp,
            MeetingRow.public_id,
            MeetingRow.external_id,
            MeetingRow.kind,
            MeetingRow.starts_at,
            MeetingRow.zone,
            MeetingRow.minutes,
            MeetingRow.sequence,
            MeetingRow.changed_at,
        )
        .join(MeetingRow, MeetingRow.id == AttendeeRow.meeting_id)
        .where(AttendeeRow.participant_id.in_(people))
        .order_by(MeetingRow.id)
    ):
        found[row.participant_id].append(
            MeetingFacts(
                id=row.public_id,
                external_id=row.external_id,
                kind=row.kind,
                starts_at=row.starts_at.replace(tzinfo=ZoneInfo(row.zone)),
                minutes=row.minutes,
                sequence=row.sequence,
                known_since=max(row.since, row.changed_at),
                told=told.get((row.participant_id, row.public_id), 0),
                rsvp=row.rsvp,
            )
        )
    return found


async def _told(session: Session, people: Collection[int]) -> Mapping[tuple[int, PublicId], int]:
    """The highest sequence of each meeting that a message has left about."""
    told: dict[tuple[int, PublicId], int] = {}
    for person, subject in await session.execute(
        select(OutboxRow.recipient_id, OutboxRow.subject).where(
            OutboxRow.recipient_type == RecipientType.PARTICIPANT,
            OutboxRow.recipient_id.in_(people),
            OutboxRow.kind.like("meeting%"),
            OutboxRow.state.in_(TOLD),
        )
    ):
        key = (person, PublicId(subject["meeting"]))
        told[key] = max(told.get(key, 0), int(subject["sequence"]))
    return told
