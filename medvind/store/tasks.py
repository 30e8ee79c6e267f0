"""What coaches are asked to look at. A task's key is made of facts, so that one cause makes one task."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, or_, select, update

from medvind.errors import NotFoundError
from medvind.model import CoachWarning, PublicId, TaskKind, Viewer, new_id
from medvind.store.among import among
from medvind.store.database import Session, ask, insert_new, insert_once
from medvind.store.tables import ParticipantRow, TaskRow
from medvind.store.types import Utc
from medvind.store.views import NOT_FOUND, own_people

MESSAGE = "inbox"
"""In a task's cause: the message that it is about."""
OPEN = select(TaskRow.key, TaskRow.kind, TaskRow.why).where(among(TaskRow.participant_id), TaskRow.done_at.is_(None))
CLOSED = (
    update(TaskRow)
    .where(TaskRow.participant_id == bindparam("person"), TaskRow.kind == bindparam("closed"), TaskRow.done_at.is_(None))
    .values(done_at=bindparam("now", type_=Utc))
)


async def raise_task(
    session: Session,
    kind: TaskKind,
    key: str,
    participant_id: int | None,
    why: Mapping[str, str],
    now: datetime,
    due_at: datetime | None = None,
    shows_at: datetime | None = None,
) -> bool:
    """Puts it on the coach's list, now or from `shows_at` on; False where it stands there already.

    `why` holds ids, dates and codes, no words.
    """
    row = _row(kind, key, participant_id, why, now, shows_at or now, due_at)
    return bool(await insert_once(session, TaskRow, [row], TaskRow.id))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that nobody has dealt with yet."""

    key: str
    created_at: datetime
    due_at: datetime | None


async def waiting(session: Session, participant_id: int, kind: TaskKind) -> Waiting | None:
    """The latest of this kind that is open for this person."""
    theirs = (TaskRow.participant_id == participant_id, TaskRow.kind == kind, TaskRow.done_at.is_(None))
    query = select(TaskRow.key, TaskRow.created_at, TaskRow.due_at).where(*theirs).order_by(TaskRow.id.desc()).limit(1)
    row = (await session.execute(query)).first()
    return Waiting(*row) if row else None


async def open_of(session: Session, participant_id: int, kind: TaskKind) -> dict[str, Mapping[str, str]]:
    """What is open of this kind about this person: the cause by its key."""
    return {row.key: row.why for row in await ask(session, OPEN, [participant_id]) if row.kind == kind}


async def is_done(session: Session, key: str) -> bool:
    """Whether somebody has dealt with the task of this key."""
    return await session.scalar(select(TaskRow.id).where(TaskRow.key == key, TaskRow.done_at.is_not(None))) is not None


async def raised_since(session: Session, participant_id: int, kind: TaskKind, since: datetime) -> bool:
    """Whether one of this kind came up for this person since then, dealt with or not."""
    theirs = (TaskRow.participant_id == participant_id, TaskRow.kind == kind, TaskRow.created_at > since)
    return await session.scalar(select(TaskRow.id).where(*theirs).limit(1)) is not None


async def close(session: Session, keys: Collection[str], now: datetime) -> None:
    """Takes off the list what has turned out not to be so; what somebody has dealt with already stays as it is."""
    await session.execute(update(TaskRow).where(TaskRow.key.in_(keys), TaskRow.done_at.is_(None)).values(done_at=now))


@dataclass(frozen=True, slots=True)
class Naming:
    """An open task about a message."""

    key: str
    kind: TaskKind
    message: str


async def naming(session: Session, people: Collection[int]) -> list[Naming]:
    """The open tasks about these people that name a message of theirs, but for those that say only that nobody has read it."""
    rows = await ask(session, OPEN, people)
    return [Naming(row.key, row.kind, row.why[MESSAGE]) for row in rows if MESSAGE in row.why and row.kind != TaskKind.UNREAD]


async def finish(session: Session, task: str, *, seen_by: Viewer, now: datetime) -> str | None:
    """Somebody has dealt with it, for good; the message that it names, if any. Again is harmless. Raises NotFoundError."""
    query = select(TaskRow.id, TaskRow.why).join(ParticipantRow, ParticipantRow.id == TaskRow.participant_id)
    row = (await session.execute(query.where(TaskRow.public_id == PublicId(task), own_people(seen_by)))).first()
    if row is None:
        raise NotFoundError(NOT_FOUND)
    still_open = (TaskRow.id == row.id, TaskRow.done_at.is_(None))
    await session.execute(update(TaskRow).where(*still_open).values(done_at=now))
    message: str | None = row.why.get(MESSAGE)
    return message


async def close_of(session: Session, participant_id: int, kind: TaskKind, now: datetime) -> None:
    """Takes off the list all of this kind about this person."""
    await (await session.direct()).execute(CLOSED, {"person": participant_id, "closed": kind, "now": now})


def _row(
    kind: TaskKind,
    key: str,
    participant_id: int | None,
    why: Mapping[str, str],
    now: datetime,
    shows_at: datetime,
    due_at: datetime | None = None,
) -> dict[str, Any]:
    return {
        "public_id": new_id(),
        "kind": kind,
        "key": key,
        "participant_id": participant_id,
        "why": dict(why),
        "created_at": now,
        "shows_at": shows_at,
        "due_at": due_at,
    }


WARNED = (
    TaskKind.SUPPORT_ENDS,
    TaskKind.NOT_PLANNED,
    TaskKind.NOT_REACHED,
    TaskKind.NO_REPLY,
    TaskKind.NO_ANSWER,
)
FOLLOWS = (TaskKind.SUPPORT_ENDS, TaskKind.NOT_PLANNED, TaskKind.NO_REPLY, TaskKind.NO_ANSWER)
"""What goes from the list as soon as it is true no longer, seen or not; the others stay until somebody has dealt with them."""
IN_TIME = (TaskKind.NO_REPLY,)
"""What can only be done before it is due: then it is over by itself, with no need to plan anybody anew."""
_PREFIX = "warning:"
KNOWN = select(TaskRow.id, TaskRow.participant_id, TaskRow.kind, TaskRow.key, TaskRow.shows_at, TaskRow.done_at).where(
    among(TaskRow.participant_id), TaskRow.kind.in_(WARNED), TaskRow.key.startswith(_PREFIX)
)


def on_the_list(now: datetime) -> ColumnElement[bool]:
    """The condition of a task that somebody should look at now."""
    of_use = or_(TaskRow.kind.not_in(IN_TIME), TaskRow.due_at.is_(None), TaskRow.due_at > now)
    return and_(TaskRow.done_at.is_(None), TaskRow.shows_at <= now, of_use)


async def keep_warnings(session: Session, warnings: Mapping[int, Sequence[CoachWarning]], now: datetime) -> None:
    """Makes these people's list of warnings what the rules say now, in one question where nothing has changed.

    What lies ahead and is no longer owed goes, and so does what is true no longer; a person who can be planned again is no
    task any more, and until then keeps what there is. Of several of one kind whose time is past already only the last one is
    new, but each that is of use only until some moment still to come.
    """
    if not warnings:
        return
    known = await ask(session, KNOWN, warnings)
    owed = {_key(person, one): (person, one) for person, those in warnings.items() for one in those if not _over(one, now)}
    lost = {person for person, those in warnings.items() if any(one.kind == TaskKind.NOT_PLANNED for one in those)}
    over = [row for row in known if row.key not in owed and row.done_at is None and row.participant_id not in lost]
    gone = [row.id for row in over if row.shows_at > now or row.kind in FOLLOWS]
    if gone:
        await session.execute(delete(TaskRow).where(TaskRow.id.in_(gone)))
    there = {row.key for row in known}
    new = {key: (who, one) for key, (who, one) in owed.items() if key not in there and (one.until is None or one.until > now)}
    late = {(person, one.kind): key for key, (person, one) in sorted(owed.items(), key=_by_time) if one.shows_at <= now}
    rows = [
        _row(one.kind, key, person, {"reason": one.why.key, **one.why.values}, now, max(one.shows_at, now), _due(one))
        for key, (person, one) in new.items()
        if one.shows_at > now or one.until or late[person, one.kind] == key
    ]
    await insert_new(session, TaskRow, rows)


def _key(person: int, warning: CoachWarning) -> str:
    return f"{_PREFIX}{person}:{warning.key}"


def _due(warning: CoachWarning) -> datetime | None:
    return warning.until if warning.kind in IN_TIME else None


def _over(warning: CoachWarning, now: datetime) -> bool:
    due = _due(warning)
    return due is not None and due <= now


def _by_time(one: tuple[str, tuple[int, CoachWarning]]) -> datetime:
    return one[1][1].shows_at
