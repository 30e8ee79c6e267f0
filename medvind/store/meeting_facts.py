"""What each person's meetings mean to them: when and where, what they were told of it, what they answered."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, case, cast, func, select

from medvind.model import Ask, MeetingFacts, PublicId, RecipientType, State
from medvind.store.among import among
from medvind.store.database import Session, ask
from medvind.store.meeting_versions import Version, is_same, versions_of
from medvind.store.tables import AttendeeRow, MeetingRow, OutboxRow
from medvind.store.types import Utc

TOLD = (State.SENT, State.DELIVERED, State.UNKNOWN)
COLUMNS = (
    AttendeeRow.participant_id,
    AttendeeRow.since,
    AttendeeRow.rsvp,
    AttendeeRow.attendance,
    AttendeeRow.attendance_at,
    MeetingRow.public_id,
    MeetingRow.external_id,
    MeetingRow.kind,
    MeetingRow.starts_at,
    MeetingRow.zone,
    MeetingRow.place,
    MeetingRow.minutes,
    MeetingRow.sequence,
    MeetingRow.cancelled,
    MeetingRow.changed_at,
)


ATTENDED = (
    select(*COLUMNS)
    .join(MeetingRow, MeetingRow.id == AttendeeRow.meeting_id)
    .where(among(AttendeeRow.participant_id))
    .order_by(MeetingRow.id)
)
_OF = OutboxRow.subject["meeting"].as_string()
_SEQUENCE = cast(OutboxRow.subject["sequence"].as_string(), Integer)
_ASKED_AT = case((OutboxRow.asks == Ask.RSVP, func.coalesce(OutboxRow.sent_at, OutboxRow.unknown_since)))
TOLD_OF = (
    select(OutboxRow.recipient_id, _OF, _SEQUENCE, func.min(_ASKED_AT, type_=Utc()))
    .where(
        OutboxRow.recipient_type == RecipientType.PARTICIPANT,
        among(OutboxRow.recipient_id),
        OutboxRow.kind.like(bindparam("kind")),
        OutboxRow.state.in_(TOLD),
    )
    .group_by(OutboxRow.recipient_id, _OF, _SEQUENCE)
    .order_by(_SEQUENCE)
)
Told = tuple[int, datetime | None]
"""The highest sequence that a message has left about, and when the first that asks left; None: they were only told."""
NOTHING: Told = (0, None)


async def meetings_of(session: Session, people: Collection[int]) -> Mapping[int, list[MeetingFacts]]:
    """By person, in a fixed number of questions. Old versions are asked for only where somebody knows no newer one."""
    told = await _told(session, people, "meeting%")
    rows = await ask(session, ATTENDED, people)
    behind = {row.public_id for row in rows if 0 < told.get((row.participant_id, row.public_id), NOTHING)[0] < row.sequence}
    versions = await versions_of(session, behind)
    found: dict[int, list[MeetingFacts]] = defaultdict(list)
    for row in rows:
        last, asked_at = told.get((row.participant_id, row.public_id), NOTHING)
        found[row.participant_id].append(_facts(session, row, last, versions.get((row.public_id, last)), asked_at))
    return found


def _facts(session: Session, row: Any, told: int, was: Version | None, asked_at: datetime | None) -> MeetingFacts:
    """What was told under a version that was never written down counts as true no longer.

    An attendance that was entered before the start as it is now is of a meeting that has been moved since.
    """
    now = Version(row.public_id, row.starts_at, row.zone, row.place, row.cancelled)
    up_to_date = told in {0, row.sequence}
    then = now if up_to_date else was
    entered_at = row.attendance_at if row.attendance and now.start <= row.attendance_at else None
    return MeetingFacts(
        id=row.public_id,
        external_id=row.external_id,
        kind=row.kind,
        starts_at=now.start,
        minutes=row.minutes,
        sequence=row.sequence,
        known_since=max(row.since, row.changed_at),
        told=told,
        told_holds=up_to_date or is_same(session, was, now),
        told_cancelled=told > 0 and then is not None and then.cancelled,
        asked_at=asked_at,
        told_start=was.start if was and not up_to_date else None,
        cancelled=row.cancelled,
        rsvp=row.rsvp,
        attendance=row.attendance if entered_at else None,
        entered_at=entered_at,
    )


async def told_of(session: Session, people: Collection[int], kind: str = "meeting%") -> Mapping[tuple[int, PublicId], int]:
    """The highest sequence of each meeting that a message of this kind has left about, by person and meeting."""
    return {about: sequence for about, (sequence, _) in (await _told(session, people, kind)).items()}


async def _told(session: Session, people: Collection[int], kind: str) -> Mapping[tuple[int, PublicId], Told]:
    rows = await ask(session, TOLD_OF, people, kind=kind)
    return {(person, PublicId(meeting)): (sequence, asked_at) for person, meeting, sequence, asked_at in rows}
