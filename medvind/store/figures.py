"""What a stretch of time comes to: figures over outbox and inbox, and the latest words. Counts are of everybody."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true

from medvind.model import Ask, ChannelName, RecipientType, State, Why
from medvind.store import counters, questions
from medvind.store.database import Session
from medvind.store.outbox import OF_A_PLAN
from medvind.store.recipients import appointments
from medvind.store.tables import AnswerRow, AttemptRow, ConsentRow, InboxRow, OutboxRow, ParticipantRow, TaskRow
from medvind.store.threads import LEFT
from medvind.store.views import NAMED, STANDS, Found, somebody

ARRIVED = "sent"
TRIES = "tries"
WHOLE = ("people", "invited", "joined", "declined", "asked", "answered", "doubled")
WAITING = frozenset({f"ended:{State.PLANNED}", f"ended:{State.CLAIMED}"})


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


Only = Callable[[Any], ColumnElement[bool]]
"""By table, the condition of the rows that are counted."""


def everybody(_kept: Any) -> ColumnElement[bool]:
    """All of them."""
    return true()


async def figures(session: Session) -> Figures:
    """As things stand now. Who was erased is still in them, as far as something had come to its end."""
    counts = Counter(await counted(session)) + Counter(await counters.read(session))

    def by(what: str) -> Mapping[str, int]:
        return {name.partition(":")[2]: counts[name] for name in sorted(counts) if name.startswith(f"{what}:")}

    people, invited, joined, declined, asked, answered, doubled = (counts[name] for name in WHOLE)
    whole = (people, invited, joined, declined, asked, answered, doubled)
    return Figures(*whole, by("sent"), by("ended"), by("received"), by("tasks"))


async def counted(session: Session, only: Only = everybody) -> dict[str, int]:
    """The same as one list, `sent:vat` beside `people`; with `only`, of some rows alone."""
    invitations = (OutboxRow.asks == Ask.INVITE, OutboxRow.state.in_(LEFT), only(OutboxRow))
    check_ins = (*questions.asked_of_people(Ask.CHECK_IN), OutboxRow.state.in_(LEFT), only(OutboxRow))
    answered = select(func.count(AnswerRow.outbox_id.distinct())).join(OutboxRow, OutboxRow.id == AnswerRow.outbox_id)
    answered = answered.where(only(AnswerRow))
    to_people = OutboxRow.recipient_type == RecipientType.PARTICIPANT
    people = select(func.count()).select_from(ParticipantRow).where(STANDS, only(ParticipantRow))
    joined = select(func.count(ConsentRow.participant_id.distinct())).where(ConsentRow.given, only(ConsentRow))
    whole = (
        people,
        select(func.count(OutboxRow.recipient_id.distinct())).where(*invitations),
        joined,
        answered.where(OutboxRow.asks == Ask.INVITE, AnswerRow.value == "no"),
        select(func.count()).select_from(OutboxRow).where(*check_ins),
        answered.where(OutboxRow.asks == Ask.CHECK_IN),
        _doubled(only),
    )
    return {
        **{name: await _number(session, query) for name, query in zip(WHOLE, whole, strict=True)},
        **await _by(session, "sent", OutboxRow.kind, to_people, OutboxRow.state.in_(LEFT), only(OutboxRow)),
        **await _by(session, "ended", OutboxRow.state, OutboxRow.state.not_in(LEFT), only(OutboxRow)),
        **await _by(session, "received", InboxRow.meaning, only(InboxRow)),
        **await _by(session, "tasks", TaskRow.kind, only(TaskRow)),
    }


async def tries(session: Session, only: Only = everybody) -> dict[str, int]:
    """Calls of the providers, by `tries:channel:outcome`; with `only`, of some rows alone."""
    called = (AttemptRow.channel, AttemptRow.outcome)
    query = select(*called, func.count()).where(AttemptRow.channel.is_not(None), only(AttemptRow)).group_by(*called)
    return {f"{TRIES}:{channel}:{outcome}": count for channel, outcome, count in await session.execute(query)}


def lasting(counts: Mapping[str, int]) -> dict[str, int]:
    """Without what only waits: once its person is gone nobody is owed it any more."""
    return {name: count for name, count in counts.items() if name not in WAITING}


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


def _doubled(only: Only) -> Found:
    """Duties that went out in more than one try."""
    tried = select(AttemptRow.outbox_id).where(AttemptRow.outcome == ARRIVED, only(AttemptRow)).group_by(AttemptRow.outbox_id)
    return select(func.count()).select_from(tried.having(func.count() > 1).subquery())


async def _number(session: Session, query: Any) -> int:
    return await session.scalar(query) or 0


async def _by(session: Session, what: str, first: Any, *where: ColumnElement[bool]) -> Mapping[str, int]:
    """Counts by this column."""
    found = await session.execute(select(first, func.count()).where(*where).group_by(first))
    return {f"{what}:{name}": number for name, number in found}
