"""What plans are made of: pauses and decisions about one message, meetings and what they were before, calendar feeds."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from medvind.model import Adjust, Attendance, MeetingKind, PauseReason, PublicId, Rsvp, Topic
from medvind.store.tables.base import Row
from medvind.store.types import Wall


class PauseRow(Row):
    """Peace from `since` until the local day `until` begins, or it was ended early; for one topic or for all."""

    __tablename__ = "pauses"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    topic: Mapped[Topic | None]
    since: Mapped[datetime]
    until: Mapped[date]
    ended_at: Mapped[datetime | None]
    reason: Mapped[PauseReason]
    created_at: Mapped[datetime]


class AdjustmentRow(Row):
    """What a coach decided about one message of the plan. It outlives every re-plan, since it names a key made of facts."""

    __tablename__ = "adjustments"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    chain: Mapped[str] = mapped_column(String(200))
    action: Mapped[Adjust]
    moved_to: Mapped[datetime | None]
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coaches.id"))
    at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("participant_id", "kind", "key"),)


class FeedRow(Row):
    """The secret in a person's calendar feed; only its hash is kept. A new one ends the old one."""

    __tablename__ = "feeds"
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class MeetingRow(Row):
    """A meeting. `starts_at` is local wall time in `zone`.

    Each change of time or place raises `sequence`, and so does calling it off or taking it up again. `capacity` is how many
    people there is room for; meetings with one `series` belong together.
    """

    __tablename__ = "meetings"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    external_id: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[MeetingKind]
    title: Mapped[bytes]
    place: Mapped[bytes]
    starts_at: Mapped[datetime] = mapped_column(Wall)
    zone: Mapped[str] = mapped_column(String(60))
    minutes: Mapped[int]
    link: Mapped[bytes | None]
    capacity: Mapped[int | None]
    series: Mapped[str | None] = mapped_column(String(100), index=True)
    sequence: Mapped[int]
    cancelled: Mapped[bool]
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coaches.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class MeetingVersionRow(Row):
    """A meeting as it stood under one sequence: what somebody was told can be compared with what holds now."""

    __tablename__ = "meeting_versions"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Wall)
    zone: Mapped[str] = mapped_column(String(60))
    place: Mapped[bytes]
    cancelled: Mapped[bool]
    at: Mapped[datetime]


class AttendeeRow(Row):
    """Who is invited to what, what they answered last, and whether they came, as a coach entered it last."""

    __tablename__ = "attendees"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), primary_key=True, index=True)
    since: Mapped[datetime]
    rsvp: Mapped[Rsvp | None]
    rsvp_at: Mapped[datetime | None]
    attendance: Mapped[Attendance | None]
    attendance_at: Mapped[datetime | None]
