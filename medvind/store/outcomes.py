"""What came of claims, written down. The fence: every write names the claim, and who lost it writes nothing."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Integer, Select, String, Update, func, insert, select, update
from sqlalchemy.types import TypeEngine

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


_RECORDED: dict[str, TypeEngine[Any]] = {
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
}
_TRIED: dict[str, TypeEngine[Any]] = {
    "row": AttemptRow.outbox_id.type,
    "number": Integer(),
    "way": String(),
    "worker": String(),
    "at": AttemptRow.at.type,
    "outcome": String(),
    "because": String(),
}
"""In the order of the columns that they become."""
ATTEMPT = [column.key for column in AttemptRow.__table__.c if column.key != "id"]


def _recorded_and_tried(of: Value) -> Select[Any]:
    """Both at once: what is written down beside a claim is an attempt only where the claim was still ours."""
    ours = _recorded(of).returning(OutboxRow.withdrawn, *(of(name) for name in ("untried", *_TRIED))).cte("ours")
    tried = select(*(ours.c[name] for name in _TRIED)).where(ours.c.untried == 0)
    return select(ours.c.row, ours.c.withdrawn).add_cte(insert(AttemptRow).from_select(ATTEMPT, tried).cte("tried"))


RECORDED = EachRow(_RECORDED, _recorded)
TRIED = EachRow(_TRIED, lambda of: insert(AttemptRow).values(dict(zip(ATTEMPT, map(of, _TRIED), strict=True))))
RECORDED_AND_TRIED = EachRow(_RECORDED | _TRIED, _recorded, _recorded_and_tried)


async def record(session: Session, results: Sequence[Result]) -> tuple[list[Result], set[int]]:
    """Writes down what came of these claims and answers with those that were still ours; the others are left alone.

    But for who was erased meanwhile: what left to them all the same is deleted at the provider.
    Beside them: the rows that were withdrawn since they were claimed.
    """
    # in the order of their rows: two that write down the same ones must not wait for one another
    outcomes = [_outcome(result) for result in sorted(results, key=lambda result: result.claim.id)]
    if session.on_postgresql:
        ours = dict(await RECORDED_AND_TRIED.answers(session, outcomes))
    else:
        ours = await held(session, [result.claim for result in results])
        await RECORDED.run(session, [{name: one[name] for name in _RECORDED} for one in outcomes])
        tried = [one for one in outcomes if one["row"] in ours and not one["untried"]]
        await TRIED.run(session, [{name: one[name] for name in _TRIED} for one in tried])
    for result in results:
        if result.claim.id not in ours and result.provider_id:
            await copies.told_of(session, result.channel, result.claim.public_id, result.provider_id, result.at)
    written = [result for result in results if result.claim.id in ours]
    return written, {row for row, withdrawn in ours.items() if withdrawn}


def _outcome(result: Result) -> dict[str, Any]:
    claim, sent = result.claim, result.state == State.SENT
    return {
        "row": claim.id,
        "worker": claim.worker,
        "number": claim.attempts,
        "became": result.state,
        "because": result.reason,
        "untried": 0 if result.tried else 1,
        "again_at": result.due_at,
        "left_at": result.at if sent else None,
        "called": result.provider_id if sent else None,
        "doubted_at": result.at if result.state == State.UNKNOWN else None,
        "way": result.channel or claim.channel,
        "at": result.at,
        "outcome": result.outcome,
    }
