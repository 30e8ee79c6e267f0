"""The parts of a person's card, and the facts that a signal is read from. Whom they are about was asked before: see `views`."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select

from medvind.model import (
    AddressState,
    Ask,
    ChannelName,
    PublicId,
    Purpose,
    RecipientType,
    Rsvp,
    State,
    TaskKind,
    Viewer,
    Why,
)
from medvind.store import questions
from medvind.store.database import Session
from medvind.store.meeting_views import SHOWN, Shown
from medvind.store.tables import (
    AddressRow,
    AnswerRow,
    AttendeeRow,
    ConsentRow,
    InboxRow,
    MeetingRow,
    OutboxRow,
    ParticipantRow,
    TaskRow,
)
from medvind.store.tasks import on_the_list
from medvind.store.views import NAMED, Found, Page, Somebody, newest_first, own_people, page, place_of, read_place, somebody

ARRIVED = (State.SENT, State.DELIVERED)


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and whether it works; the address itself stays sealed."""

    channel: ChannelName
    state: AddressState
    reason: str | None
    preferred: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """The last yes or no to one purpose on one channel."""

    purpose: Purpose
    channel: ChannelName
    given: bool
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A message that is planned."""

    id: PublicId
    kind: str
    due_at: datetime
    state: State
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Shown):
    """A meeting that lies ahead, or would if it were not cancelled."""

    rsvp: Rsvp | None


@dataclass(frozen=True, slots=True)
class Job:
    """Something that waits on a coach's list. `why` holds ids, dates and codes, `topic` what they want to ask."""

    id: PublicId
    kind: TaskKind
    participant: Somebody
    why: Mapping[str, str]
    created_at: datetime
    due_at: datetime | None
    topic: str | None


@dataclass(slots=True)
class Heard:
    """What a person did and said, the latest first: answers to check-ins, when they were asked, when they last wrote."""

    answers: list[tuple[datetime, int]] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    last: datetime | None = None


async def heard(session: Session, rows: Collection[int]) -> Mapping[int, Heard]:
    """For everybody asked about, in three questions. Only a question whose message arrived counts as asked."""
    found: dict[int, Heard] = defaultdict(Heard)
    last = (
        select(InboxRow.participant_id, func.max(InboxRow.received_at).label("at"))
        .where(InboxRow.participant_id.in_(rows))
        .group_by(InboxRow.participant_id)
    )
    for row in await session.execute(last):
        found[row.participant_id].last = row.at
    asked = (
        select(OutboxRow.recipient_id, questions.SINCE)
        .where(*questions.asked_of_people(), OutboxRow.recipient_id.in_(rows), OutboxRow.state.in_(ARRIVED))
        .order_by(questions.SINCE.desc())
    )
    for person, at in await session.execute(asked):
        found[person].asked.append(at)
    for row in await session.execute(_answers(rows)):
        found[row.participant_id].answers.append((row.at, int(row.value)))
    return found


async def ways(session: Session, row: int) -> list[Way]:
    """All channels there ever were, the living ones first."""
    columns = (AddressRow.channel, AddressRow.state, AddressRow.reason, AddressRow.preferred, AddressRow.since)
    query = select(*columns).where(AddressRow.participant_id == row).order_by(AddressRow.since.desc(), AddressRow.id.desc())
    found = [Way(*cells) for cells in await session.execute(query)]
    return sorted(found, key=lambda way: way.state == AddressState.DEAD)


async def words(session: Session, row: int) -> list[Word]:
    """What holds: the last word on each purpose and channel."""
    columns = (ConsentRow.purpose, ConsentRow.channel, ConsentRow.given, ConsentRow.at, ConsentRow.how)
    query = select(*columns).where(ConsentRow.participant_id == row).order_by(ConsentRow.at, ConsentRow.id)
    said = [Word(*cells) for cells in await session.execute(query)]
    return list({(word.purpose, word.channel): word for word in said}.values())


async def coming(session: Session, row: int, limit: int) -> list[Coming]:
    """The next messages that are planned."""
    columns = (OutboxRow.public_id, OutboxRow.kind, OutboxRow.due_at, OutboxRow.state, OutboxRow.why)
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == row)
    query = select(*columns).where(*theirs, OutboxRow.state == State.PLANNED).order_by(OutboxRow.due_at, OutboxRow.id)
    return [
        Coming(cells.public_id, cells.kind, cells.due_at, cells.state, Why(**cells.why))
        for cells in await session.execute(query.limit(limit))
    ]


async def invited(session: Session, row: int, now: datetime) -> list[Invited]:
    """The meetings that lie ahead, the next one first."""
    query = (
        select(*SHOWN, AttendeeRow.rsvp)
        .join(AttendeeRow, AttendeeRow.meeting_id == MeetingRow.id)
        .where(AttendeeRow.participant_id == row)
    )
    found = [Invited.of(session, cells, rsvp=cells.rsvp) for cells in await session.execute(query)]
    return sorted((one for one in found if one.starts_at > now), key=lambda one: (one.starts_at, one.external_id))


class Due(StrEnum):
    """Which of the tasks that are to be done by some time: all of them, or those whose time is past."""

    ANY = "any"
    OVERDUE = "overdue"


async def jobs(
    session: Session,
    *,
    seen_by: Viewer,
    after: str | None,
    limit: int,
    now: datetime,
    participant: int | None = None,
    due: Due | None = None,
) -> Page[Job]:
    """What is open on the coach's list by now, about one person or all of theirs, the newest first.

    With `due` only what is to be done by some time, what is due first comes first.
    """
    query = (
        select(*NAMED, TaskRow.public_id, TaskRow.kind, TaskRow.why, TaskRow.shows_at, TaskRow.due_at)
        .join(ParticipantRow, ParticipantRow.id == TaskRow.participant_id)
        .where(own_people(seen_by), on_the_list(now))
    )
    if participant is not None:
        query = query.where(TaskRow.participant_id == participant)

    def read(cells: Any) -> Job:
        return Job(cells.public_id, cells.kind, somebody(session, cells), cells.why, cells.shows_at, cells.due_at, None)

    def place(cells: Any) -> str:
        return place_of(cells.due_at if due else cells.shows_at, cells.public_id)

    if due == Due.OVERDUE:
        query = query.where(TaskRow.due_at < now)
    sorted_ = _due_first(query, after) if due else newest_first(query, TaskRow.shows_at, TaskRow.public_id, after)
    found = await page(session, sorted_, limit, read, place)
    return replace(found, items=await _with_topics(session, found.items))


def _due_first(query: Found, after: str | None) -> Found:
    """The tasks that have a time, in its order, beginning after that place. Raises FieldError where it is none."""
    query = query.where(TaskRow.due_at.is_not(None))
    if after is not None:
        moment, public_id = read_place(after)
        behind = and_(TaskRow.due_at == moment, TaskRow.public_id > public_id)
        query = query.where(or_(TaskRow.due_at > moment, behind))
    return query.order_by(TaskRow.due_at, TaskRow.public_id)


async def _with_topics(session: Session, found: tuple[Job, ...]) -> tuple[Job, ...]:
    """With what they want to ask, opened from what they wrote: a task itself holds no words."""
    written = {job.id: PublicId(job.why["inbox"]) for job in found if job.kind == TaskKind.NETWORK}
    if not written:
        return found
    query = select(InboxRow.public_id, InboxRow.text).where(InboxRow.public_id.in_(written.values()))
    sealed = {row.public_id: row.text for row in await session.execute(query)}
    return tuple(
        replace(job, topic=session.vault.maybe(InboxRow.text, written[job.id], sealed.get(written[job.id])))
        if job.id in written
        else job
        for job in found
    )


def _answers(rows: Collection[int]) -> Any:
    """The last answer to each check-in, the latest question first."""
    last = (
        select(func.max(AnswerRow.id))
        .join(OutboxRow, OutboxRow.id == AnswerRow.outbox_id)
        .where(AnswerRow.participant_id.in_(rows), OutboxRow.asks == Ask.CHECK_IN)
        .group_by(AnswerRow.outbox_id)
    )
    columns = (AnswerRow.participant_id, AnswerRow.at, AnswerRow.value)
    return select(*columns).where(AnswerRow.id.in_(last)).order_by(AnswerRow.at.desc(), AnswerRow.id.desc())
