"""What a person should read: that somebody has, and of what nobody has yet who is told next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update

from medvind.errors import NotFoundError
from medvind.model import PublicId, Reminder, Viewer
from medvind.store import tasks
from medvind.store.database import Session
from medvind.store.inbox import TO_READ
from medvind.store.tables import InboxRow, ParticipantRow
from medvind.store.threads import shown_to
from medvind.store.views import NOT_FOUND


@dataclass(frozen=True, slots=True)
class Unread:
    """A message that waits for its next step, by its row, with the rows of whose it is and who follows them.

    What was `read` meanwhile still waits for it: a question to the coach is not answered by that.
    """

    id: int
    public_id: PublicId
    person: int
    coach: int | None
    came: datetime
    waits_for: Reminder
    read: bool


WAITING = (
    select(
        InboxRow.id,
        InboxRow.public_id,
        InboxRow.participant_id,
        ParticipantRow.coach_id,
        InboxRow.received_at,
        InboxRow.waits_for,
        InboxRow.read_at.is_not(None),
    )
    .join(ParticipantRow, ParticipantRow.id == InboxRow.participant_id)
    .where(InboxRow.waits_for.is_not(None))
    .order_by(InboxRow.received_at, InboxRow.id)
    .with_for_update(of=InboxRow, skip_locked=True)
)
"""What somebody is just reading is left alone, and what is looked at here can't be read meanwhile: one of both is first."""


async def waiting(session: Session, before: datetime) -> list[Unread]:
    """All of which somebody is still to be told and that came before then, the oldest first."""
    rows: Iterable[Any] = await session.execute(WAITING.where(InboxRow.received_at <= before))
    return [Unread(*row) for row in rows]


async def go_on(session: Session, steps: Mapping[int, Reminder | None]) -> None:
    """What each of these rows waits for from now on."""
    for then in {*steps.values()}:
        rows = [row for row, step in steps.items() if step == then]
        await session.execute(update(InboxRow).where(InboxRow.id.in_(rows)).values(waits_for=then))


async def read(session: Session, message: str, *, seen_by: Viewer, now: datetime) -> None:
    """Somebody who may read it has; the first time counts. Raises NotFoundError."""
    query = select(InboxRow.id).join(ParticipantRow, ParticipantRow.id == InboxRow.participant_id, isouter=True)
    row = await session.scalar(query.where(InboxRow.public_id == PublicId(message), shown_to(seen_by)))
    if row is None:
        raise NotFoundError(NOT_FOUND)
    await _mark(session, InboxRow.id == row, seen_by.coach_id, now)


async def read_one(session: Session, message: str, by: int | None, now: datetime) -> None:
    """The same, where it was asked before whether they may; of what is kept no longer nothing is noted."""
    await _mark(session, InboxRow.public_id == PublicId(message), by, now)


async def read_of(session: Session, person: int, by: int, now: datetime, up_to: int | None = None) -> None:
    """A coach has read all that this person has written by now, or up to this row of the inbox."""
    theirs = and_(InboxRow.participant_id == person, InboxRow.meaning.in_(TO_READ))
    await _mark(session, theirs if up_to is None else and_(theirs, InboxRow.id <= up_to), by, now)


async def row_of(session: Session, person: int, message: str) -> int | None:
    """The row of something that this person wrote; None where they did not."""
    theirs = (InboxRow.public_id == PublicId(message), InboxRow.participant_id == person)
    return await session.scalar(select(InboxRow.id).where(*theirs))


async def _mark(session: Session, which: ColumnElement[bool], by: int | None, now: datetime) -> None:
    """With it goes from the list that nobody had."""
    marked = update(InboxRow).where(which, InboxRow.read_at.is_(None)).values(read_at=now, read_by=by)
    read_now: Iterable[PublicId] = await session.scalars(marked.returning(InboxRow.public_id))
    await tasks.close(session, [key_of(one) for one in read_now], now)


def key_of(message: PublicId) -> str:
    """The key of the task that nobody has read this."""
    return f"unread:{message}"
