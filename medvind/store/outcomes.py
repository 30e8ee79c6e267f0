"""What came of claims, written down. The fence: every write names the claim, and who lost it writes nothing."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Enum, Integer, String, Update, func, insert, select, update

from medvind.model import State
from medvind.store import copies
from medvind.store.among import among
from medvind.store.claims import Claimed, Result
from medvind.store.database import Session, ask
from medvind.store.each import EachRow, Value
from medvind.store.tables import AttemptRow, OutboxRow

HELD = select(OutboxRow.id, OutboxRow.claimed_by, OutboxRow.attempts, OutboxRow.withdrawn).where(
    among(OutboxRow.id), OutboxRow.state == State.CLAIMED
)


async def held(session: Session, claims: Collection[Claimed]) -> dict[int, bool]:
    """The fence: which rows are still in the hands of that very claim, and whether they were withdrawn since.

    On SQLite they stay so until the transaction ends, since nobody else writes; on PostgreSQL the statement that writes asks.
    """
    rows = await ask(session, HELD, [claim.id for claim in claims])
    found = {(row, worker, attempts): withdrawn for row, worker, attempts, withdrawn in rows}
    claimed = {claim.id: (claim.id, claim.worker, claim.attempts) for claim in claims}
    return {row: found[claim] for row, claim in claimed.items() if claim in found}


def _recorded(of: Value) -> Update:
    """The fence is in the statement: whose claim is lost writes nothing."""
    return (
        update(OutboxRow)
        .where(
            OutboxRow.id == of("row"),
            OutboxRow.state == State.CLAIMED,
            OutboxRow.claimed_by == of("worker"),
            OutboxRow.attempts == of("number"),
        )
        .values(
            state=of("became"),
            reason=of("because"),
            lease_until=None,
            attempts=OutboxRow.attempts - of("untried"),
            due_at=func.coalesce(of("again_at"), OutboxRow.due_at),
            sent_at=func.coalesce(of("left_at"), OutboxRow.sent_at),
            provider_id=func.coalesce(of("called"), OutboxRow.provider_id),
            unknown_since=func.coalesce(of("doubted_at"), OutboxRow.unknown_since),
        )
    )


RECORDED = EachRow(
    {
        "row": OutboxRow.id.type,
        "worker": String(),
        "number": Integer(),
        "became": OutboxRow.state.type,
        "because": String(),
        "untried": Integer(),
        "again_at": OutboxRow.due_at.type,
        "left_at": OutboxRow.sent_at.type,
        "called": String(),
        "doubted_at": OutboxRow.unknown_since.type,
    },
    _recorded,
    lambda of: _recorded(of).returning(OutboxRow.id, OutboxRow.withdrawn),
)
_TRIED = {
    column.key: String() if isinstance(column.type, String) and not isinstance(column.type, Enum) else column.type
    for column in AttemptRow.__table__.c
    if column.key != "id"
}
TRIED = EachRow(
    _TRIED,
    lambda of: insert(AttemptRow).values({name: of(name) for name in _TRIED}),
    lambda of: insert(AttemptRow).from_select(list(_TRIED), select(*(of(name) for name in _TRIED))),
)


async def record(session: Session, results: Sequence[Result]) -> tuple[list[Result], set[int]]:
    """Writes down what came of these claims and answers with those that were still ours; the others are left alone.

    But for who was erased meanwhile: what left to them all the same is deleted at the provider.
    Beside them: the rows that were withdrawn since they were claimed.
    """
    # in the order of their rows: two that write down the same ones must not wait for one another
    outcomes = [_outcome(result) for result in sorted(results, key=lambda result: result.claim.id)]
    if session.on_postgresql:
        ours = dict(await RECORDED.answers(session, outcomes))
    else:
        ours = await held(session, [result.claim for result in results])
        await RECORDED.run(session, outcomes)
    written = [result for result in results if result.claim.id in ours]
    for result in results:
        if result.claim.id not in ours and result.provider_id:
            await copies.told_of(session, result.channel, result.claim.public_id, result.provider_id, result.at)
    await TRIED.run(session, [_attempt(result) for result in written if result.tried])
    return written, {row for row, withdrawn in ours.items() if withdrawn}


def _outcome(result: Result) -> dict[str, Any]:
    sent = result.state == State.SENT
    return {
        "row": result.claim.id,
        "worker": result.claim.worker,
        "number": result.claim.attempts,
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
