"""A meeting as people see it: the coach in a list or on a card, whoever is invited in their calendar."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from medvind.model import MeetingKind, PublicId
from medvind.store.database import Session
from medvind.store.tables import MeetingRow

SHOWN = (
    MeetingRow.public_id,
    MeetingRow.external_id,
    MeetingRow.kind,
    MeetingRow.title,
    MeetingRow.place,
    MeetingRow.starts_at,
    MeetingRow.zone,
    MeetingRow.minutes,
    MeetingRow.link,
    MeetingRow.capacity,
    MeetingRow.series,
    MeetingRow.cancelled,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is seen of it. `starts_at` is aware, in the zone in which it was meant."""

    id: PublicId
    external_id: str
    kind: MeetingKind
    title: str = field(repr=False)
    place: str = field(repr=False)
    starts_at: datetime
    minutes: int
    link: str | None = field(repr=False)
    capacity: int | None
    series: str | None
    cancelled: bool

    @classmethod
    def of(cls, session: Session, row: Any, /, **more: Any) -> Self:
        """From a row that has the columns of SHOWN, its words opened; `more` is what only this kind of view has."""
        vault = session.vault
        return cls(
            id=row.public_id,
            external_id=row.external_id,
            kind=row.kind,
            title=vault.open(MeetingRow.title, row.public_id, row.title),
            place=vault.open(MeetingRow.place, row.public_id, row.place),
            starts_at=starts_at(row),
            minutes=row.minutes,
            link=vault.maybe(MeetingRow.link, row.public_id, row.link),
            capacity=row.capacity,
            series=row.series,
            cancelled=row.cancelled,
            **more,
        )


def starts_at(row: Any) -> datetime:
    """As it was meant: a wall time in the meeting's own zone."""
    at: datetime = row.starts_at.replace(tzinfo=ZoneInfo(row.zone))
    return at
