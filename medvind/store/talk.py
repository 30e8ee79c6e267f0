"""What was last said between us and one person, and what is still to be said of dates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, literal, or_, select, update

from medvind.model import ChannelName, RecipientType, State, Topic
from medvind.store.database import Session
from medvind.store.outbox import COACH_WORD, REPLY
from medvind.store.tables import InboxRow, OutboxRow, ParticipantRow

LEFT = (State.SENT, State.DELIVERED, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Told:
    """Why a message left, and when: the key of the reason and its values; and the kind that can be stopped by itself."""

    why: str
    values: Mapping[str, str]
    topic: Topic | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Coming:
    """A date that something is planned for, by the duty's kind."""

    kind: str
    day: date
    subject: Mapping[str, str]


async def talked(session: Session, participant_id: int, now: datetime) -> None:
    """Somebody wrote to or about this person now; the plan that follows from it is the caller's to make."""
    await session.execute(update(ParticipantRow).where(ParticipantRow.id == participant_id).values(talked_at=now))


async def coach_wrote(session: Session, participant_id: int, since: datetime) -> bool:
    """Whether words of their coach's have left to them since then."""
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == participant_id)
    left = (OutboxRow.kind == COACH_WORD, OutboxRow.state.in_(LEFT), OutboxRow.due_at > since)
    return await session.scalar(select(OutboxRow.id).where(*theirs, *left).limit(1)) is not None


async def wrote(session: Session, participant_id: int, since: datetime) -> bool:
    """Whether anything at all has left to them since then."""
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == participant_id)
    left = (OutboxRow.state.in_(LEFT), OutboxRow.due_at > since)
    return await session.scalar(select(OutboxRow.id).where(*theirs, *left).limit(1)) is not None


async def last_told(session: Session, participant_id: int, since: datetime) -> list[Told]:
    """Why the last message left since then that answered nothing, and why all that went along in it did; the carrier first."""
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == participant_id)
    left = (OutboxRow.kind != REPLY, OutboxRow.state.in_(LEFT), OutboxRow.due_at > since)
    newest = select(OutboxRow.key, OutboxRow.carried_by).where(*theirs, *left)
    last = (await session.execute(newest.order_by(OutboxRow.due_at.desc(), OutboxRow.id.desc()).limit(1))).first()
    if last is None:
        return []
    carrier = last.carried_by or last.key
    together = or_(OutboxRow.key == carrier, OutboxRow.carried_by == carrier)
    query = select(OutboxRow.why, OutboxRow.topic, OutboxRow.due_at).where(*theirs, *left, together)
    rows = await session.execute(query.order_by(OutboxRow.carried_by.is_not(None), OutboxRow.id))
    return [Told(row.why["key"], row.why["values"], row.topic, row.due_at) for row in rows]


async def coming_dates(session: Session, participant_id: int) -> list[Coming]:
    """The deadlines that are still to be reminded of."""
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == participant_id)
    waits = (OutboxRow.state == State.PLANNED, OutboxRow.topic == Topic.DEADLINES)
    rows = await session.execute(select(OutboxRow.kind, OutboxRow.subject).where(*theirs, *waits))
    return [Coming(kind, date.fromisoformat(subject["deadline"]), subject) for kind, subject in rows if "deadline" in subject]


async def last_read(session: Session, participant_id: int, texts: Collection[str], at: datetime) -> str | None:
    """The version of the last of these texts that had left to them by then; None where none had."""
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == participant_id)
    left = (OutboxRow.text.in_(texts), OutboxRow.state.in_(LEFT), OutboxRow.due_at <= at)
    query = select(OutboxRow.text_version).where(*theirs, *left, OutboxRow.text_version.is_not(None))
    return await session.scalar(query.order_by(OutboxRow.due_at.desc(), OutboxRow.id.desc()).limit(1))


async def said_lately(session: Session, participant_id: int, texts: Collection[str], since: datetime) -> bool:
    """Whether one of these answers was owed to them since then."""
    return await told_lately(session, (RecipientType.PARTICIPANT, participant_id), texts, since)


async def told_lately(session: Session, to: tuple[RecipientType, int], texts: Collection[str], since: datetime) -> bool:
    """The same of anybody, a coach say."""
    theirs = (OutboxRow.recipient_type == to[0], OutboxRow.recipient_id == to[1])
    query = select(OutboxRow.id).where(*theirs, OutboxRow.kind == "reply", OutboxRow.text.in_(texts), OutboxRow.due_at > since)
    return await session.scalar(query.limit(1)) is not None


async def answered_stranger(session: Session, channel: ChannelName, sender: str, text: str, since: datetime) -> int:
    """How often whoever has this address, which is nobody's we know, was owed this answer since then."""
    theirs = (OutboxRow.recipient_type == RecipientType.STRANGER, OutboxRow.recipient_id == InboxRow.id)
    return await _of_stranger(session, channel, sender, (*theirs, OutboxRow.text == text), since)


async def told_of_stranger(session: Session, channel: ChannelName, sender: str, key: str, since: datetime) -> bool:
    """Whether an alert about something that this address wrote was owed since then; its key is `key` and the message's id."""
    about = (OutboxRow.recipient_type == RecipientType.DUTY, OutboxRow.key == literal(key) + InboxRow.public_id)
    return await _of_stranger(session, channel, sender, about, since) > 0


async def _of_stranger(
    session: Session, channel: ChannelName, sender: str, which: tuple[ColumnElement[bool], ...], since: datetime
) -> int:
    wrote = (InboxRow.channel == channel, InboxRow.blind == session.vault.blind(channel, sender))
    query = select(func.count()).where(*wrote, *which, OutboxRow.kind == REPLY, OutboxRow.due_at > since)
    return await session.scalar(query) or 0
