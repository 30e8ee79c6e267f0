"""What was said between a person and the service: the thread of one, and what came in from all that a coach follows."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, false, func, literal, null, or_, select, true, type_coerce, union_all
from sqlalchemy.orm import aliased

from medvind.channels import InboundKind
from medvind.model import Ask, ChannelName, PublicId, RecipientType, Role, State, Viewer
from medvind.store import questions
from medvind.store.database import Session
from medvind.store.inbox import TO_READ
from medvind.store.tables import AnswerRow, CoachRow, InboxRow, OutboxRow, ParticipantRow
from medvind.store.views import (
    NAMED,
    Found,
    Page,
    Somebody,
    newest_first,
    own_people,
    page,
    person,
    place_of,
    somebody,
)

LEFT = (State.SENT, State.DELIVERED, State.UNDELIVERED, State.UNKNOWN, State.REVIEW)
"""The message has left, or may have."""
THROUGH = (State.SENT, State.DELIVERED)
STRANGER = "stranger"
"""The meaning of what came from an address that belongs to nobody."""
UNCLAIMED_FOR = (Role.LEAD, Role.ADMIN)
"""Who finds out whose that is; a coach sees their own people alone."""


class Direction(StrEnum):
    """Who said it: in from the person, out from the service."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a thread. `text` is None where it never got so far as to be written.

    `reason`: why it did not come through, or may not have, in the provider's words or ours. `by`: the coach who wrote it by
    hand; such a message stands here from then on, before it leaves too. `unread`: a person should read it, and nobody has.
    """

    id: PublicId
    at: datetime
    direction: Direction
    channel: ChannelName | None
    kind: str
    state: str
    text: str | None
    reason: str | None
    by: str | None
    unread: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that a person should read; `unread`: nobody has. From a stranger it has no participant, but an address."""

    id: PublicId
    participant: Somebody | None
    at: datetime
    channel: ChannelName
    kind: InboundKind
    meaning: str
    text: str
    unread: bool
    sender: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in and the answer that counts, the last one. `state` is its message's; without an answer the rest is None."""

    id: PublicId
    participant: Somebody
    asked_at: datetime
    state: State
    channel: ChannelName | None
    value: int | None
    answered_at: datetime | None


async def thread(session: Session, public_id: str, *, seen_by: Viewer, after: str | None, limit: int) -> Page[Said]:
    """All that was said, on both channels in one line, the newest first."""
    seen = await person(session, public_id, seen_by=seen_by)
    both = union_all(_went(seen.row), _came(seen.row)).subquery()
    query = newest_first(select(both), both.c.at, both.c.public_id, after)
    return await page(session, query, limit, lambda row: _said(session, row), _place)


async def to_read(session: Session, *, seen_by: Viewer, after: str | None, limit: int, unread: bool = False) -> Page[Incoming]:
    """What the coach's people wrote that a person should read, the newest first; with `unread` only what nobody has read yet.

    For a lead and an administrator what came from nobody that we know, and nothing else.
    """
    query = (
        select(
            *NAMED,
            InboxRow.public_id,
            InboxRow.received_at.label("at"),
            InboxRow.channel,
            InboxRow.kind,
            InboxRow.meaning,
            InboxRow.text,
            InboxRow.sender,
            InboxRow.read_at,
        )
        .join(ParticipantRow, ParticipantRow.id == InboxRow.participant_id, isouter=True)
        .where(shown_to(seen_by))
    )
    if seen_by.role not in UNCLAIMED_FOR:
        query = query.where(InboxRow.meaning.in_(TO_READ))
    if unread:
        query = query.where(InboxRow.read_at.is_(None))

    def read(row: Any) -> Incoming:
        text, theirs = session.vault.open(InboxRow.text, row.public_id, row.text), row.participant is not None
        sender = None if theirs else session.vault.open(InboxRow.sender, row.public_id, row.sender)
        who = somebody(session, row) if theirs else None
        return Incoming(row.public_id, who, row.at, row.channel, row.kind, row.meaning, text, row.read_at is None, sender)

    return await page(session, newest_first(query, InboxRow.received_at, InboxRow.public_id, after), limit, read, _place)


async def check_ins(
    session: Session, *, seen_by: Viewer, after: str | None, limit: int, answered_by: int | None = None
) -> Page[CheckIn]:
    """What was asked and what came, the newest first; what never left was not asked. Or only what one person answered."""
    later = aliased(AnswerRow)
    last = select(func.max(later.id)).where(later.outbox_id == OutboxRow.id).correlate(OutboxRow).scalar_subquery()
    query: Found = (
        select(
            *NAMED,
            questions.NAME.label("public_id"),
            questions.SINCE.label("at"),
            OutboxRow.state,
            OutboxRow.channel,
            AnswerRow.value,
            AnswerRow.at.label("answered_at"),
        )
        .join(ParticipantRow, ParticipantRow.id == OutboxRow.recipient_id)
        .join(AnswerRow, AnswerRow.id == last, isouter=True)
        .where(own_people(seen_by), *questions.asked_of_people(Ask.CHECK_IN))
        .where(or_(OutboxRow.state.in_(LEFT), AnswerRow.id.is_not(None)))
    )
    if answered_by is not None:
        query = query.where(OutboxRow.recipient_id == answered_by, AnswerRow.id.is_not(None))

    def read(row: Any) -> CheckIn:
        value = int(row.value) if row.value is not None else None
        return CheckIn(row.public_id, somebody(session, row), row.at, row.state, row.channel, value, row.answered_at)

    return await page(session, newest_first(query, questions.SINCE, questions.NAME, after), limit, read, _place)


def shown_to(viewer: Viewer) -> ColumnElement[bool]:
    """What this viewer may read of all that came in. Raises NotFoundError for whoever may read none of it."""
    return _unclaimed() if viewer.role in UNCLAIMED_FOR else own_people(viewer)


def _unclaimed() -> ColumnElement[bool]:
    """What a stranger has said: words, taps, pictures; blocks and notes of Telegram's own say nothing to anybody."""
    said = (InboundKind.TEXT, InboundKind.BUTTON, InboundKind.MEDIA)
    return and_(InboxRow.participant_id.is_(None), InboxRow.meaning == STRANGER, InboxRow.kind.in_(said))


def _went(row: int) -> Found:
    query = select(
        OutboxRow.public_id,
        func.coalesce(OutboxRow.sent_at, OutboxRow.unknown_since, OutboxRow.due_at).label("at"),
        literal(Direction.OUT.value).label("direction"),
        OutboxRow.channel,
        OutboxRow.kind,
        type_coerce(OutboxRow.state, String).label("state"),
        OutboxRow.sent_text.label("text"),
        case((OutboxRow.state.in_(THROUGH), null()), else_=OutboxRow.reason).label("reason"),
        OutboxRow.words.label("words"),
        CoachRow.public_id.label("coach"),
        CoachRow.first_name.label("by"),
        false().label("unread"),
    )
    left, by_hand = OutboxRow.state.in_((*LEFT, State.FAILED)), OutboxRow.words.is_not(None)
    return query.join(CoachRow, CoachRow.id == OutboxRow.written_by, isouter=True).where(
        OutboxRow.recipient_type == RecipientType.PARTICIPANT,
        OutboxRow.recipient_id == row,
        or_(left, by_hand),
        OutboxRow.carried_by.is_(None),
    )


def _came(row: int) -> Found:
    return select(
        InboxRow.public_id,
        InboxRow.received_at,
        literal(Direction.IN.value),
        InboxRow.channel,
        InboxRow.kind,
        literal("received"),
        InboxRow.text,
        null(),
        null(),
        null(),
        null(),
        case((and_(InboxRow.read_at.is_(None), InboxRow.meaning.in_(TO_READ)), true()), else_=false()),
    ).where(InboxRow.participant_id == row)


def _said(session: Session, row: Any) -> Said:
    direction = Direction(row.direction)
    vault, column = session.vault, InboxRow.text if direction == Direction.IN else OutboxRow.sent_text
    text = vault.maybe(column, row.public_id, row.text) or vault.maybe(OutboxRow.words, row.public_id, row.words)
    by = vault.maybe(CoachRow.first_name, row.coach, row.by)
    return Said(row.public_id, row.at, direction, row.channel, row.kind, row.state, text, row.reason, by, row.unread)


def _place(row: Any) -> str:
    return place_of(row.at, row.public_id)
