"""The tables. `docs/tour.md` walks through them; DESIGN's unique keys are what makes doing a thing twice harmless.

Columns of type `bytes` are sealed (see `vault`): personal text never stands readable in the database.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Enum, ForeignKey, Index, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from medvind.channels import InboundKind
from medvind.model import (
    AddressState,
    Adjust,
    Ask,
    ChannelName,
    Doubt,
    Language,
    MeetingKind,
    Milestone,
    PauseReason,
    PublicId,
    Purpose,
    RecipientType,
    Role,
    Rsvp,
    State,
    SupportType,
    TaskKind,
    Topic,
    VatPeriod,
)
from medvind.store.types import Utc, Wall

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


def _where(condition: str) -> dict[str, Any]:
    """A partial index means the same on both databases."""
    return {"sqlite_where": sql(condition), "postgresql_where": sql(condition)}


IN_FLIGHT = "state = 'claimed' and carried_by is null"
"""At most one message is in flight to a person; what goes along in it is no message of its own."""


class Row(DeclarativeBase):
    """What all tables share: how Python's types are kept."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Utc,
        PublicId: String(32),
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        StrEnum: Enum(StrEnum, native_enum=False, create_constraint=False, length=32, values_callable=_values),
    }


class CohortRow(Row):
    """A group that goes through the programme together."""

    __tablename__ = "cohorts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"))


class ProgrammeRow(Row):
    """One version of a programme, as data. Versions are never changed; a cohort follows one of them."""

    __tablename__ = "programmes"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    steps: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("name", "version"),)


class CoachRow(Row):
    """Whoever signs in: a coach, a lead, an administrator."""

    __tablename__ = "coaches"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    role: Mapped[Role]
    email: Mapped[bytes]
    email_index: Mapped[str] = mapped_column(String(64), unique=True)
    first_name: Mapped[bytes]
    phone: Mapped[bytes | None]
    created_at: Mapped[datetime]


class TokenRow(Row):
    """A key to the API. Only its hash is kept: 256 random bits need no slow one."""

    __tablename__ = "tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coaches.id"))
    role: Mapped[Role]
    scope: Mapped[str | None] = mapped_column(String(40))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ParticipantRow(Row):
    """One person. `external_id` is the municipality's own name for them, never a national id."""

    __tablename__ = "participants"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    external_id: Mapped[str] = mapped_column(String(100), unique=True)
    first_name: Mapped[bytes]
    business_name: Mapped[bytes | None]
    language: Mapped[Language]
    zone: Mapped[str] = mapped_column(String(60))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coaches.id"), index=True)
    support_type: Mapped[SupportType | None]
    pays_b_tax: Mapped[bool]
    sells_to_eu: Mapped[bool]
    quiet_hours: Mapped[str | None] = mapped_column(String(500))
    talked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    planned_until: Mapped[datetime | None] = mapped_column(index=True)


class AddressRow(Row):
    """A way to reach a person. One living address belongs to one person alone."""

    __tablename__ = "addresses"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    channel: Mapped[ChannelName]
    value: Mapped[bytes]
    blind: Mapped[str] = mapped_column(String(64))
    state: Mapped[AddressState]
    reason: Mapped[str | None] = mapped_column(String(100))
    preferred: Mapped[bool]
    since: Mapped[datetime]
    __table_args__ = (
        Index("uq_addresses_living", "blind", unique=True, **_where("state <> 'dead'")),
        Index("uq_addresses_preferred", "participant_id", unique=True, **_where("preferred")),
    )


class ConsentRow(Row):
    """One yes or no to one purpose on one channel. Append-only; what holds is derived, never a flag."""

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    channel: Mapped[ChannelName]
    purpose: Mapped[Purpose]
    given: Mapped[bool]
    at: Mapped[datetime]
    how: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str | None] = mapped_column(String(80))


class InviteRow(Row):
    """A one-use code that joins a Telegram account to a person; only its hash is kept."""

    __tablename__ = "invites"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AssignmentRow(Row):
    """Who follows whom since when: the history behind `participants.coach_id`."""

    __tablename__ = "assignments"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("coaches.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class MilestoneRow(Row):
    """A named date of one person, local."""

    __tablename__ = "milestones"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    name: Mapped[Milestone]
    day: Mapped[date]
    __table_args__ = (UniqueConstraint("participant_id", "name"),)


class VatPeriodRow(Row):
    """The period type that holds from a day on; none: deregistered."""

    __tablename__ = "vat_periods"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    since: Mapped[date]
    period: Mapped[VatPeriod | None]
    __table_args__ = (UniqueConstraint("participant_id", "since"),)


class SupportPeriodRow(Row):
    """More months of support for starting a business: an extension of the usual time. One decision a day: twice is the same."""

    __tablename__ = "support_periods"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    months: Mapped[int]
    granted_on: Mapped[date]
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coaches.id"))
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("participant_id", "granted_on"),)


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

    Each change of time or place raises `sequence`, and so does calling it off or taking it up again.
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
    """Who is invited to what, and what they answered last."""

    __tablename__ = "attendees"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), primary_key=True, index=True)
    since: Mapped[datetime]
    rsvp: Mapped[Rsvp | None]
    rsvp_at: Mapped[datetime | None]


class OutboxRow(Row):
    """A duty: one message owed. `medvind/store/outbox.py` draws its states."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    recipient_type: Mapped[RecipientType]
    recipient_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    chain: Mapped[str] = mapped_column(String(200))
    state: Mapped[State]
    channel: Mapped[ChannelName | None]
    planned_for: Mapped[datetime]
    due_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    priority: Mapped[int]
    doubt: Mapped[Doubt]
    topic: Mapped[Topic | None]
    text: Mapped[str] = mapped_column(String(60))
    subject: Mapped[dict[str, Any]]
    why: Mapped[dict[str, Any]]
    asks: Mapped[Ask | None]
    open_until: Mapped[datetime | None]
    carried_by: Mapped[str | None] = mapped_column(String(200))
    withdrawn: Mapped[bool]
    attempts: Mapped[int]
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None]
    unknown_since: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(String(80))
    sent_at: Mapped[datetime | None]
    sent_text: Mapped[bytes | None]
    text_version: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("recipient_type", "recipient_id", "kind", "key"),
        Index("ix_outbox_due", "due_at", "id", **_where("state = 'planned'")),
        Index("uq_outbox_in_flight", "recipient_type", "recipient_id", unique=True, **_where(IN_FLIGHT)),
        Index("ix_outbox_unsettled", "state", "lease_until", **_where("state in ('claimed', 'unknown')")),
        Index("ix_outbox_provider", "channel", "provider_id"),
    )


class AttemptRow(Row):
    """One try to send: when it was claimed, by whom, and what came of it."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)
    number: Mapped[int]
    channel: Mapped[ChannelName | None]
    worker: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(100))


class QuestionRow(Row):
    """A question that went out with a duty; open until its time or until it is answered for good."""

    __tablename__ = "questions"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    ask: Mapped[Ask]
    subject: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    open_until: Mapped[datetime]


class AnswerRow(Row):
    """What came back to a question; a later answer stands beside the earlier one, the last one counts."""

    __tablename__ = "answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    value: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class InboxRow(Row):
    """What came in, once. The raw body and the words are sealed; `meaning` is what was made of them."""

    __tablename__ = "inbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    channel: Mapped[ChannelName]
    provider_id: Mapped[str] = mapped_column(String(80))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    sender: Mapped[bytes]
    blind: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[InboundKind]
    raw: Mapped[bytes]
    text: Mapped[bytes]
    meaning: Mapped[str | None] = mapped_column(String(40))
    received_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("channel", "provider_id"),)


class TaskRow(Row):
    """What a coach is asked to look at, and why, from `shows_at` on. `key` is made of facts: the same cause makes one task."""

    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    kind: Mapped[TaskKind]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    why: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    shows_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class SettingRow(Row):
    """What the municipality has decided, where it isn't the default."""

    __tablename__ = "settings"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(2000))
    changed_at: Mapped[datetime]


class BeatRow(Row):
    """When each beat last came through, and who holds a job that only one process may do."""

    __tablename__ = "beats"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    owner: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class AllowanceRow(Row):
    """What a provider lets go: the next free moment of one allowance, shared by all workers."""

    __tablename__ = "allowances"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_free_at: Mapped[datetime]
