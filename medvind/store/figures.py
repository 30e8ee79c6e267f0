"""What a stretch of time comes to: figures over outbox and inbox, and the latest words. Counts are of everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from medvind.model import Ask, ChannelName, RecipientType, Why
from medvind.store.database import Session
from medvind.store.outbox import OF_A_PLAN
from medvind.store.recipients import appointments
from medvind.store.tables import AnswerRow, AttemptRow, ConsentRow, InboxRow, OutboxRow, ParticipantRow, QuestionRow, TaskRow
from medvind.store.threads import LEFT
from medvind.store.views import NAMED, STANDS, Found, somebody

ARRIVED = "sent"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many. `declined` said no to the invitation; `asked` and `answered` are check-ins; `doubled` left more than once."""

    people: int
    invited: int
    joined: int
    declined: int
    asked: int
    answered: int
    doubled: int
    sent: Mapping[str, int]
    ended: Mapping[str, int]
    received: Mapping[str, int]
    tasks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Departure:
    """When a message left and what the quiet hours need to know of it. `meeting_at` is aware and local."""

    at: datetime
    kind: str
    zone: str
    meeting_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A message as somebody got it, the name of its text, and the reason that is kept with it."""

    at: datetime
    first_name: str
    channel: ChannelName
    key: str
    text: str
    why: Why


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody said, and what was made of it. A tap stands as its data."""

    at: datetime
    first_name: str
    channel: ChannelName
    text: str
    meaning: str


async def figures(session: Session) -> Figures:
    """As things stand now."""
    invitations = (OutboxRow.asks == Ask.INVITE, OutboxRow.state.in_(LEFT))
    check_ins = (QuestionRow.ask == Ask.CHECK_IN, OutboxRow.state.in_(LEFT))
    asked = select(func.count()).select_from(QuestionRow).join(OutboxRow, OutboxRow.id == QuestionRow.outbox_id)
    answered = select(func.count(AnswerRow.question_id.distinct())).join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
    invitation_no = (QuestionRow.ask == Ask.INVITE, AnswerRow.value == "no")
    return Figures(
        people=await _number(session, select(func.count()).where(STANDS)),
        invited=await _number(session, select(func.count(OutboxRow.recipient_id.distinct())).where(*invitations)),
        joined=await _number(session, select(func.count(ConsentRow.participant_id.distinct())).where(ConsentRow.given)),
        declined=await _number(session, answered.where(*invitation_no)),
        asked=await _number(session, asked.where(*check_ins)),
        answered=await _number(session, answered.where(QuestionRow.ask == Ask.CHECK_IN)),
        doubled=await _number(session, _doubled()),
        sent=await _by(session, select(OutboxRow.kind, func.count()).where(OutboxRow.state.in_(LEFT))),
        ended=await _by(session, select(OutboxRow.state, func.count()).where(OutboxRow.state.not_in(LEFT))),
        received=await _by(session, select(InboxRow.meaning, func.count())),
        tasks=await _by(session, select(TaskRow.kind, func.count())),
    )


async def departures(session: Session) -> Sequence[Departure]:
    """All that left by itself, in its order; answers and what a coach wrote are left out."""
    query = (
        select(OutboxRow.sent_at, OutboxRow.kind, OutboxRow.subject, ParticipantRow.zone)
        .join(ParticipantRow, ParticipantRow.id == OutboxRow.recipient_id)
        .where(OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.sent_at.is_not(None), OF_A_PLAN)
        .order_by(OutboxRow.sent_at, OutboxRow.id)
    )
    rows = (await session.execute(query)).all()
    meetings = await appointments(session, {row.subject["meeting"] for row in rows if "meeting" in row.subject})
    starts = {name: meeting.starts_at for name, meeting in meetings.items()}
    return [Departure(row.sent_at, row.kind, row.zone, starts.get(row.subject.get("meeting", ""))) for row in rows]


async def last_told(session: Session, limit: int) -> Sequence[Told]:
    """The latest messages, the newest first."""
    columns = (OutboxRow.public_id, OutboxRow.sent_at, OutboxRow.channel, OutboxRow.text, OutboxRow.sent_text, OutboxRow.why)
    theirs = and_(ParticipantRow.id == OutboxRow.recipient_id, OutboxRow.recipient_type == RecipientType.PARTICIPANT)
    query: Found = select(*NAMED, *columns).join(ParticipantRow, theirs).where(OutboxRow.state.in_(LEFT))
    query = query.order_by(OutboxRow.sent_at.desc(), OutboxRow.id.desc()).limit(limit)
    return [_told(session, row) for row in await session.execute(query)]


async def last_heard(session: Session, limit: int) -> Sequence[Heard]:
    """What came in last from people we know, the newest first."""
    columns = (InboxRow.public_id, InboxRow.received_at, InboxRow.channel, InboxRow.text, InboxRow.meaning)
    query: Found = select(*NAMED, *columns).join(ParticipantRow, ParticipantRow.id == InboxRow.participant_id)
    query = query.order_by(InboxRow.received_at.desc(), InboxRow.id.desc()).limit(limit)
    return [_heard(session, row) for row in await session.execute(query)]


def _told(session: Session, row: Any) -> Told:
    text = session.vault.maybe(OutboxRow.sent_text, row.public_id, row.sent_text) or ""
    return Told(row.sent_at, somebody(session, row).first_name, row.channel, row.text, text, Why(**row.why))


def _heard(session: Session, row: Any) -> Heard:
    text = session.vault.open(InboxRow.text, row.public_id, row.text)
    return Heard(row.received_at, somebody(session, row).first_name, row.channel, text, row.meaning)


def _doubled() -> Found:
    """Duties that went out in more than one try."""
    tries = select(AttemptRow.outbox_id).where(AttemptRow.outcome == ARRIVED).group_by(AttemptRow.outbox_id)
    return select(func.count()).select_from(tries.having(func.count() > 1).subquery())


async def _number(session: Session, query: Any) -> int:
    return await session.scalar(query) or 0


async def _by(session: Session, query: Any) -> Mapping[str, int]:
    """Counts by the query's first column, in the order of its names."""
    first = query.selected_columns[0]
    return {str(name): number for name, number in await session.execute(query.group_by(first).order_by(first))}
