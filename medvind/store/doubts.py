"""Claims whose fate nobody knows: found when their lease is over, kept as unknown, and ended by whoever knows better."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update

from medvind.model import ChannelName, State
from medvind.store import riders
from medvind.store.claims import COLUMNS, Claimed, in_state
from medvind.store.database import Session
from medvind.store.tables import OutboxRow


async def sweep(session: Session, now: datetime) -> int:
    """Claims whose lease is over: nobody knows what became of them. A row that was never handed over goes back at once."""
    over = and_(in_state(State.CLAIMED), OutboxRow.lease_until < now, OutboxRow.carried_by.is_(None))
    returned = await session.execute(
        update(OutboxRow)
        .where(over, OutboxRow.sent_text.is_(None))
        .values(state=State.PLANNED, lease_until=None, reason="lease over before sending")
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    doubted = await session.execute(
        update(OutboxRow)
        .where(over, OutboxRow.sent_text.is_not(None))
        .values(state=State.UNKNOWN, unknown_since=OutboxRow.lease_until, lease_until=None, reason="lease over")
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    ids = [*returned.scalars(), *doubted.scalars()]
    await riders.follow(session, ids)
    return len(ids)


async def in_doubt(session: Session, quiet_since: datetime, limit: int = 100) -> list[Claimed]:
    """Rows of unknown fate that have rested since then, the oldest first; of two as old the one that was written first."""
    rested = (in_state(State.UNKNOWN), OutboxRow.unknown_since <= quiet_since, OutboxRow.carried_by.is_(None))
    query = select(*COLUMNS).where(*rested)
    return [Claimed(*row) for row in await session.execute(query.order_by(OutboxRow.unknown_since, OutboxRow.id).limit(limit))]


async def settle(session: Session, row: Claimed, state: State, now: datetime, **changes: Any) -> bool:
    """Ends this doubt; False where something else (a callback, another worker) ended it first.

    The same row may be in doubt again by then: of that attempt an old look knows nothing.
    """
    found = await session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id, OutboxRow.state == State.UNKNOWN, OutboxRow.attempts == row.attempts)
        .values(state=state, **changes)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    settled = found.first() is not None
    if settled and state == State.SENT:
        await session.execute(update(OutboxRow).where(OutboxRow.id == row.id, OutboxRow.sent_at.is_(None)).values(sent_at=now))
    if settled:
        await riders.follow(session, [row.id])
    return settled


def text_of(session: Session, row: Claimed) -> str:
    """The words that were handed over."""
    return session.vault.maybe(OutboxRow.sent_text, row.public_id, row.sent_text) or ""


async def later_step(session: Session, row: Claimed) -> bool:
    """Whether a later message of the same chain still waits: it repairs what this one may have missed."""
    chain = select(OutboxRow.chain).where(OutboxRow.id == row.id).scalar_subquery()
    query = select(OutboxRow.id).where(
        OutboxRow.recipient_type == row.recipient_type,
        OutboxRow.recipient_id == row.recipient_id,
        OutboxRow.chain == chain,
        OutboxRow.state == State.PLANNED,
    )
    return await session.scalar(query.limit(1)) is not None


async def known_ids(session: Session, channel: ChannelName, since: datetime) -> set[str]:
    """The provider's ids that are bound to rows sent since then: a witness must not give one of them to another row."""
    query = select(OutboxRow.provider_id).where(
        OutboxRow.channel == channel, OutboxRow.provider_id.is_not(None), OutboxRow.sent_at >= since
    )
    return {provider_id for provider_id in await session.scalars(query) if provider_id}
