"""Messages: what is owed, sent and asked, what came in and what it answers, tasks; and what keeps it all running."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from medvind.channels import InboundKind
from medvind.model import Ask, ChannelName, Doubt, PublicId, RecipientType, Reminder, State, TaskKind, Topic
from medvind.store.tables.base import Row, where

IN_FLIGHT = "state = 'claimed' and carried_by is null"
"""At most one message is in flight to a person; what goes along in it is no message of its own."""


class OutboxRow(Row):
    """A duty: one message owed. `medvind/store/outbox.py` draws its states.

    `words` are a coach's own, sealed, and `written_by` is the coach: such a message is written from no text.

    What `asks` is a question from `opened_at` on, when it was about to leave for the first time, and open until `closes_at` or
    until it is answered for good. It goes by the message's public id; one from before it did so goes by `asked_as` too.
    """

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
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    asked_as: Mapped[PublicId | None]
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
    words: Mapped[bytes | None]
    written_by: Mapped[int | None]
    text_version: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("recipient_type", "recipient_id", "kind", "key"),
        Index("ix_outbox_due", "due_at", "id", **where("state = 'planned'")),
        Index("ix_outbox_next", "priority", "due_at", "id", **where("state = 'planned'")),
        Index("uq_outbox_in_flight", "recipient_type", "recipient_id", unique=True, **where(IN_FLIGHT)),
        Index("ix_outbox_unsettled", "state", "lease_until", **where("state in ('claimed', 'unknown')")),
        Index("ix_outbox_riding", "recipient_id", **where("state = 'planned' and carried_by is not null")),
        Index("ix_outbox_provider", "channel", "provider_id", **where("provider_id is not null")),
        Index("ix_outbox_written", "written_by", "created_at", **where("written_by is not null")),
        Index("ix_outbox_asked_as", "asked_as", **where("asked_as is not null")),
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


class AnswerRow(Row):
    """What came back to a question, the message that asked; a later answer stands beside the earlier one, the last counts."""

    __tablename__ = "answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), index=True)
    value: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class InboxRow(Row):
    """What came in, once. The raw body and the words are sealed; `meaning` is what was made of them.

    `read_at` is when a person first read it, and `read_by` the coach who did. `waits_for` is the next step at which somebody
    is told where nobody has; without one nobody is: it needs no reading, or was read or told of to the end.
    """

    __tablename__ = "inbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    channel: Mapped[ChannelName]
    provider_id: Mapped[str] = mapped_column(String(80))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"))
    sender: Mapped[bytes]
    blind: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[InboundKind]
    raw: Mapped[bytes]
    text: Mapped[bytes]
    meaning: Mapped[str | None] = mapped_column(String(40))
    received_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by: Mapped[int | None]
    waits_for: Mapped[Reminder | None]
    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        Index("ix_inbox_said", "participant_id", "received_at"),
        Index("ix_inbox_unread", "received_at", **where("waits_for is not null")),
    )


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
    """What a provider lets go: the next free moment of one allowance, shared by all workers, and until when it is slow.

    Of text messages also the segments `spent` on a day of the municipality's, and since when on it some wait for the next.
    """

    __tablename__ = "allowances"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_free_at: Mapped[datetime]
    slow_until: Mapped[datetime | None]
    spent_on: Mapped[date | None]
    spent: Mapped[int | None]
    capped_at: Mapped[datetime | None]


class BreakerRow(Row):
    """Whether a channel's provider is away: see `medvind/rules/breaker.py`. There is one once the channel has ever failed."""

    __tablename__ = "breakers"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    away_since: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    probe_at: Mapped[datetime | None]
    alarmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
