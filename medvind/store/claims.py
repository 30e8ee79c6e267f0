"""Taking duties to send them, and writing down what came of it. Every write names the claim: who lost it writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, Integer, and_, bindparam, exists, func, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from medvind.model import Ask, ChannelName, Doubt, PublicId, RecipientType, State, Topic
from medvind.store.database import ASKED, Session, ask
from medvind.store.tables import AttemptRow, OutboxRow

LOOK = 4
"""Candidates looked at for each row wanted: several may be one person's, and only one may be in flight."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A duty in hand, with all that the gate and the text need. The claim is (`worker`, `attempts`)."""

    id: int
    public_id: PublicId
    recipient_type: RecipientType
    recipient_id: int
    kind: str
    key: str
    channel: ChannelName | None
    due_at: datetime
    valid_until: datetime
    doubt: Doubt
    topic: Topic | None
    text: str
    subject: dict[str, Any]
    asks: Ask | None
    open_until: datetime | None
    attempts: int
    worker: str | None
    unknown_since: datetime | None
    asked_at: datetime | None
    sent_text: bytes | None
    reason: str | None
    withdrawn: bool


COLUMNS = tuple(getattr(OutboxRow, "claimed_by" if field.name == "worker" else field.name) for field in fields(Claimed))
"""Of each field its column; the worker's has a name of its own."""


def _claiming() -> Executable:
    """Made once: this statement is as long as it is often asked."""
    other = aliased(OutboxRow)
    same = and_(other.recipient_type == OutboxRow.recipient_type, other.recipient_id == OutboxRow.recipient_id)
    in_flight = exists().where(same, other.state == State.CLAIMED)
    in_doubt = exists().where(same, other.state == State.UNKNOWN, other.chain == OutboxRow.chain)
    waits = or_(OutboxRow.doubt.in_((Doubt.A, Doubt.D)), ~in_doubt)
    is_due = and_(OutboxRow.state == State.PLANNED, OutboxRow.due_at <= bindparam("now"), OutboxRow.carried_by.is_(None))
    due = (
        select(OutboxRow.id, OutboxRow.recipient_type, OutboxRow.recipient_id, OutboxRow.priority, OutboxRow.due_at)
        .where(is_due, ~in_flight, waits)
        .order_by(OutboxRow.priority, OutboxRow.due_at, OutboxRow.id)
        .limit(bindparam("candidates", type_=Integer))
        .with_for_update(skip_locked=True, of=OutboxRow)
        .cte("due")
    )
    place = func.row_number().over(
        partition_by=(due.c.recipient_type, due.c.recipient_id), order_by=(due.c.priority, due.c.due_at, due.c.id)
    )
    first = select(due.c.id, due.c.priority, due.c.due_at, place.label("place")).cte("first")
    in_order = select(first.c.id).where(first.c.place == 1).order_by(first.c.priority, first.c.due_at, first.c.id)
    return (
        update(OutboxRow)
        .where(OutboxRow.id.in_(in_order.limit(bindparam("wanted", type_=Integer))), OutboxRow.state == State.PLANNED)
        .values(
            state=State.CLAIMED,
            claimed_by=bindparam("worker"),
            lease_until=bindparam("lease_ends"),
            attempts=OutboxRow.attempts + 1,
            reason=None,
            sent_text=None,
        )
        .returning(OutboxRow.priority, OutboxRow.due_at, *COLUMNS)
    )


CLAIM = _claiming()


async def claim(session: Session, worker: str, now: datetime, lease: timedelta, wanted: int) -> list[Claimed]:
    """Takes what is due, most urgent first, one for each person; nobody else can take it while the lease runs.

    What goes along with another is never taken by itself (see `riders`).
    """
    values: dict[str, Any] = {
        "worker": worker,
        "now": now,
        "lease_ends": now + lease,
        "wanted": wanted,
        "candidates": wanted * LOOK,
    }
    taken = await ask(session, CLAIM, **values)
    return [Claimed(*columns) for _, _, *columns in sorted(taken, key=lambda row: row[:3])]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a claim. `due_at` goes with `planned`, `provider_id` with `sent`; `outcome` is the word in `attempts`.

    Not `tried`: it never came to a call (quiet hours, its turn not yet), so it counts as no attempt.
    """

    claim: Claimed
    state: State
    outcome: str
    at: datetime
    reason: str | None = None
    due_at: datetime | None = None
    provider_id: str | None = None
    channel: ChannelName | None = None
    tried: bool = True


HELD = (
    select(OutboxRow.id, OutboxRow.claimed_by, OutboxRow.attempts, OutboxRow.withdrawn)
    .where(OutboxRow.id.in_(ASKED), OutboxRow.state == State.CLAIMED)
    .order_by(OutboxRow.id)
    .with_for_update()
)


async def held(session: Session, claims: Collection[Claimed]) -> dict[int, bool]:
    """The fence: which rows are still in the hands of that very claim, and whether they were withdrawn since.

    They stay so until the transaction ends.
    """
    rows = await ask(session, HELD, [claim.id for claim in claims])
    found = {(row, worker, attempts): withdrawn for row, worker, attempts, withdrawn in rows}
    claimed = {claim.id: (claim.id, claim.worker, claim.attempts) for claim in claims}
    return {row: found[claim] for row, claim in claimed.items() if claim in found}


@dataclass(frozen=True, slots=True)
class Handed:
    """What is about to be sent, and where: noted first, so that a witness can be asked about it."""

    claim: Claimed
    channel: ChannelName
    text: str
    version: str


HANDED = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row"))
    .values(channel=bindparam("by"), sent_text=bindparam("sealed"), text_version=bindparam("version"))
)


async def hand_over(session: Session, handed: Sequence[Handed]) -> None:
    """Notes what is about to leave the house, sealed, in the transaction that claimed it."""
    seal = session.vault.seal
    rows = [
        {
            "row": one.claim.id,
            "by": one.channel,
            "sealed": seal(OutboxRow.sent_text, one.claim.public_id, one.text),
            "version": one.version,
        }
        for one in handed
    ]
    if rows:
        await (await session.direct()).execute(HANDED, rows)


WITHDRAWN = select(OutboxRow.id).where(OutboxRow.id.in_(ASKED), OutboxRow.withdrawn)
LAST_LEFT = (
    select(OutboxRow.recipient_id, func.max(OutboxRow.sent_at))
    .where(
        OutboxRow.recipient_type == RecipientType.PARTICIPANT,
        OutboxRow.recipient_id.in_(ASKED),
        OutboxRow.kind != "reply",
        OutboxRow.sent_at > bindparam("since"),
    )
    .group_by(OutboxRow.recipient_id)
)


async def withdrawn(session: Session, row_ids: Collection[int]) -> set[int]:
    """Which of these are owed no longer, by a change since they were claimed."""
    return {row for (row,) in await ask(session, WITHDRAWN, row_ids)}


async def last_left(session: Session, people: Collection[int], since: datetime) -> Mapping[int, datetime]:
    """When the last message after `since` left to each of these people; answers to what they wrote are none."""
    return {person: at for person, at in await ask(session, LAST_LEFT, people, since=since) if at}


def _new(name: str, column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The value of this name, or where it is None what the row has already."""
    return func.coalesce(bindparam(name, type_=column.type), column)


RECORDED = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row"))
    .values(
        state=bindparam("became"),
        reason=bindparam("because"),
        lease_until=None,
        attempts=OutboxRow.attempts - bindparam("untried"),
        due_at=_new("again_at", OutboxRow.due_at),
        sent_at=_new("left_at", OutboxRow.sent_at),
        provider_id=_new("called", OutboxRow.provider_id),
        unknown_since=_new("doubted_at", OutboxRow.unknown_since),
    )
)


TRIED = insert(AttemptRow)


async def record(session: Session, results: Sequence[Result]) -> tuple[list[Result], set[int]]:
    """Writes down what came of these claims and answers with those that were still ours; the others are left alone.

    Beside them: the rows that were withdrawn since they were claimed.
    """
    ours = await held(session, [result.claim for result in results])
    written = [result for result in results if result.claim.id in ours]
    if written:
        await (await session.direct()).execute(RECORDED, [_outcome(result) for result in written])
    attempts = [_attempt(result) for result in written if result.tried]
    if attempts:
        await (await session.direct()).execute(TRIED, attempts)
    return written, {row for row, withdrawn in ours.items() if withdrawn}


def _outcome(result: Result) -> dict[str, Any]:
    sent = result.state == State.SENT
    return {
        "row": result.claim.id,
        "became": result.state,
        "because": result.reason,
        "untried": 0 if result.tried else 1,
        "again_at": result.due_at,
        "left_at": result.at if sent else None,
        "called": result.provider_id if sent else None,
        "doubted_at": result.at if result.state == State.UNKNOWN else None,
    }


def _attempt(result: Result) -> dict[str, Any]:
    return {
        "outbox_id": result.claim.id,
        "number": result.claim.attempts,
        "channel": result.channel or result.claim.channel,
        "worker": result.claim.worker,
        "at": result.at,
        "outcome": result.outcome,
        "reason": result.reason,
    }


TOO_LATE = (
    update(OutboxRow)
    .where(
        OutboxRow.id.in_(
            select(OutboxRow.id)
            .where(
                OutboxRow.state == State.PLANNED,
                OutboxRow.due_at <= bindparam("now"),
                OutboxRow.valid_until <= bindparam("now"),
            )
            .limit(bindparam("most", type_=Integer))
        ),
        OutboxRow.state == State.PLANNED,
    )
    .values(state=State.EXPIRED, reason="too late")
    .returning(*COLUMNS)
)
NEXT_DUE = (
    select(OutboxRow.due_at)
    .where(OutboxRow.state == State.PLANNED, OutboxRow.carried_by.is_(None))
    .order_by(OutboxRow.due_at)
    .limit(1)
)


async def too_late(session: Session, now: datetime, limit: int = 500) -> list[Claimed]:
    """Ends planned duties whose time is over, and answers with them: somebody must know."""
    return [Claimed(*row) for row in await ask(session, TOO_LATE, now=now, most=limit)]


async def next_due(session: Session) -> datetime | None:
    """When the next duty is due."""
    return next((due for (due,) in await ask(session, NEXT_DUE)), None)
