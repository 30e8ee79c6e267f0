"""The front of the queue: what is due, most urgent first; when the next one is; and which are too late to be sent at all."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from medvind.model import Doubt, RecipientType, State
from medvind.store.claims import COLUMNS, NAMES, Claimed, in_state
from medvind.store.database import Session, ask
from medvind.store.tables import OutboxRow

PRIORITIES = range(10)
"""0 is an answer to what somebody wrote, 1 to 9 is for plans (see `rules.programme_fields`)."""
PERSON = ("recipient_type", "recipient_id")
MORE = 50
"""Candidates beyond those wanted and a sixteenth of them: several may be one person's, and only one may be in flight."""


def _not_among(state: State, *names: str) -> ColumnElement[bool]:
    """Reads the few rows of that state once, however many are looked at: PostgreSQL would go through all of them for each."""
    other = aliased(OutboxRow)
    theirs = select(*(getattr(other, name) for name in names)).where(in_state(state, other))
    return tuple_(*(getattr(OutboxRow, name) for name in names)).not_in(theirs)


TAKEN: Mapping[str, ColumnElement[Any]] = {
    "attempts": OutboxRow.attempts + 1,
    "claimed_by": bindparam("worker", type_=String()),
    "reason": null(),
    "sent_text": null(),
}
"""What a row says once it is taken: an attempt more, and nothing known of how it ends."""
IN_HAND = tuple(TAKEN[name].label(name) if name in TAKEN else getattr(OutboxRow, name) for name in NAMES)


def _due(*more: ColumnElement[bool]) -> Select[Any]:
    """What is due and may be taken, in the order in which it fell due: as many as are wanted, however long the queue is."""
    free, clear = _not_among(State.CLAIMED, *PERSON), _not_among(State.UNKNOWN, *PERSON, "chain")
    waits = or_(OutboxRow.doubt.in_((Doubt.A, Doubt.D)), clear)
    is_due = and_(in_state(State.PLANNED), OutboxRow.due_at <= bindparam("now"), OutboxRow.carried_by.is_(None))
    return (
        select(OutboxRow.priority, *IN_HAND)
        .where(*more, is_due, free, waits)
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, of=OutboxRow)
    )


def _most_urgent() -> Executable:
    """The same where more is due than can be taken: its parts are walked, the most urgent first, only as far as need be."""
    parts = (_due(OutboxRow.priority == literal_column(str(priority))).cte(f"due_{priority}") for priority in PRIORITIES)
    return union_all(*(select(part) for part in parts)).limit(bindparam("most", type_=Integer))


DUE, MOST_URGENT = _due(), _most_urgent()


async def find(
    session: Session, worker: str, until: datetime, wanted: int, *, many: bool = False
) -> tuple[list[Claimed], bool]:
    """What is due by then, most urgent first, one for each person, as it is once this worker has taken it in hand.

    Beside it: whether more may be due than was looked at. `many`: that is so, as far as one knows; a wrong guess costs
    nothing but a little time.

    Until the transaction ends nobody else finds it; by then it must be taken (`take`) or put back. What goes along with
    another is never found by itself (see `riders`).
    """
    most = wanted + wanted // 16 + MORE
    found = [] if many else await ask(session, DUE, now=until, most=most, worker=worker)
    if many or len(found) == most:
        found = await ask(session, MOST_URGENT, now=until, most=most, worker=worker)
    first: dict[tuple[RecipientType, int], Claimed] = {}
    for row in sorted(found, key=attrgetter("priority", "due_at", "id")):
        one = Claimed._make(row[1:])
        first.setdefault((one.recipient_type, one.recipient_id), one)
    return list(islice(first.values(), wanted)), len(found) == most or len(first) > wanted


TOO_LATE = (
    update(OutboxRow)
    .where(
        OutboxRow.id.in_(
            select(OutboxRow.id)
            .where(
                in_state(State.PLANNED),
                OutboxRow.due_at <= bindparam("now"),
                OutboxRow.valid_until <= bindparam("now"),
            )
            .limit(bindparam("most", type_=Integer))
            .with_for_update(skip_locked=True)
        ),
        OutboxRow.state == State.PLANNED,
    )
    .values(state=State.EXPIRED, reason="too late")
    .returning(*COLUMNS)
)
NEXT_DUE = (
    select(OutboxRow.due_at).where(in_state(State.PLANNED), OutboxRow.carried_by.is_(None)).order_by(OutboxRow.due_at).limit(1)
)


async def too_late(session: Session, now: datetime, limit: int = 500) -> list[Claimed]:
    """Ends planned duties whose time is over, and answers with them: somebody must know."""
    return [Claimed(*row) for row in await ask(session, TOO_LATE, now=now, most=limit)]


async def next_due(session: Session) -> datetime | None:
    """When the next duty is due."""
    return next((due for (due,) in await ask(session, NEXT_DUE)), None)
