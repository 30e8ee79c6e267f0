"""What a meeting was under each of its sequences: what somebody was told is held against what is so now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from medvind.model import PublicId
from medvind.store.database import Session
from medvind.store.tables import MeetingRow, MeetingVersionRow


@dataclass(frozen=True, slots=True)
class Version:
    """A meeting as it stood. `starts_at` is wall time in `zone`; the place lies sealed as in the meeting's own row."""

    meeting: PublicId
    starts_at: datetime
    zone: str
    place: bytes = field(repr=False)
    cancelled: bool

    @property
    def start(self) -> datetime:
        """When it begins, aware, in its own zone."""
        return self.starts_at.replace(tzinfo=ZoneInfo(self.zone))

    def place_in_words(self, session: Session) -> str:
        """The place, opened."""
        return session.vault.open(MeetingRow.place, self.meeting, self.place)


async def versions_of(session: Session, meetings: Collection[PublicId]) -> Mapping[tuple[PublicId, int], Version]:
    """All versions of these meetings, by the meeting's public id and the sequence. Nothing is opened for it."""
    if not meetings:
        return {}
    row = MeetingVersionRow
    query = select(MeetingRow.public_id, row.starts_at, row.zone, row.place, row.cancelled, row.sequence).join(
        MeetingRow, MeetingRow.id == row.meeting_id
    )
    found = await session.execute(query.where(MeetingRow.public_id.in_(meetings)))
    return {
        (meeting, sequence): Version(meeting, starts_at, zone, place, cancelled)
        for meeting, starts_at, zone, place, cancelled, sequence in found
    }


def is_same(session: Session, one: Version | None, other: Version | None) -> bool:
    """Whether people would be told the same of both: when, where, and that it is on. Places are opened only if need be."""
    if one is None or other is None or _but_place(one) != _but_place(other):
        return False
    return one.place == other.place or one.place_in_words(session) == other.place_in_words(session)


def _but_place(version: Version) -> tuple[datetime, str, bool]:
    return version.starts_at, version.zone, version.cancelled


async def holds(session: Session, meeting: PublicId, sequence: int) -> bool:
    """Whether the meeting is now what it was under this sequence."""
    current = await session.scalar(select(MeetingRow.sequence).where(MeetingRow.public_id == meeting))
    if current is None or current == sequence:
        return current is not None
    versions = await versions_of(session, [meeting])
    return is_same(session, versions.get((meeting, sequence)), versions.get((meeting, current)))


async def keep_versions(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes down how meetings stand now, each under its new sequence."""
    if rows:
        await (await session.direct()).execute(insert(MeetingVersionRow), [dict(row) for row in rows])
