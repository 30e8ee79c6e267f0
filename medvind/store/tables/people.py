"""People: who they are, how they are reached, what they have said yes to, their dates, and who signs in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from medvind.model import AddressState, ChannelName, Language, Milestone, PublicId, Purpose, Role, SupportType, VatPeriod
from medvind.store.tables.base import Row, where


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


class IdempotencyRow(Row):
    """A call to the API that writes and was made with a key: its hash, that of the call, and what was answered, sealed.

    It commits with what the call wrote. Without a status that is still under way. `about` is the participant it names.
    """

    __tablename__ = "idempotency"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    call: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    answer: Mapped[bytes | None]
    about: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (UniqueConstraint("token", "key"),)


class DeputyRow(Row):
    """Who stands in for a coach, up to and with that day: they see and serve that coach's people. A coach has one at most."""

    __tablename__ = "deputies"
    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("coaches.id"), unique=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("coaches.id"), index=True)
    last_day: Mapped[date]
    created_at: Mapped[datetime]


class AbsenceRow(Row):
    """When a coach is away, from the first to the last day: what cannot wait goes to the deputy first."""

    __tablename__ = "absences"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("coaches.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("coach_id", "first_day", "last_day"),)


class TokenRow(Row):
    """A key to the API. Only its hash is kept: 256 random bits need no slow one. `test`: what its calls write is taken back."""

    __tablename__ = "tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coaches.id"))
    role: Mapped[Role]
    scope: Mapped[str | None] = mapped_column(String(40))
    test: Mapped[bool] = mapped_column(server_default=false())
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ParticipantRow(Row):
    """One person. `external_id` is the municipality's own name for them, never a national id.

    `held_at`: since then nothing of them may be deleted, for the sake of a case.
    `merged_into`: the row of the person whose second record this was; it is nobody in any list, and what was its is theirs.
    """

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
    private_word: Mapped[str | None] = mapped_column(String(64))
    held_at: Mapped[datetime | None]
    merged_into: Mapped[int | None]


class MergeRow(Row):
    """That two records were one person's: which was joined to which, by whom, and what that changed, so that it can be undone.

    `log` holds row ids, states, dates and keys, nothing that is sealed elsewhere (see `store/moved.py`). `made_by` and
    `undone_by` are the ids of the tokens that asked for it.
    """

    __tablename__ = "merges"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(32))
    log: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(32))


class WordTryRow(Row):
    """A wrong try at a person's private word: when, and nothing of what was tried."""

    __tablename__ = "word_tries"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    at: Mapped[datetime]


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
        Index("uq_addresses_living", "blind", unique=True, **where("state <> 'dead'")),
        Index("uq_addresses_preferred", "participant_id", unique=True, **where("preferred")),
    )


class ConsentRow(Row):
    """One yes or no to one purpose on one channel. Append-only; what holds is derived, never a flag.

    `entered_by`: who in the town hall wrote down a yes that was said on paper.
    """

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    channel: Mapped[ChannelName]
    purpose: Mapped[Purpose]
    given: Mapped[bool]
    at: Mapped[datetime]
    how: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str | None] = mapped_column(String(80))
    entered_by: Mapped[str | None] = mapped_column(String(80))


class InviteRow(Row):
    """A one-use code that joins a Telegram account to a person; only its hash is kept.

    `changes`: a coach made it for another account than the one that is joined. None: an older version made it, for a first one.
    """

    __tablename__ = "invites"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    changes: Mapped[bool | None]


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
