"""What coaches decide about single messages of a plan, and the messages as the outbox has them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select

from medvind.errors import NotFoundError
from medvind.model import Adjust, Adjustment, Ask, ChannelName, GaveWay, PublicId, RecipientType, State, Why
from medvind.store.among import among
from medvind.store.database import Session, ask, upsert
from medvind.store.outbox import GAVE_WAY
from medvind.store.tables import AdjustmentRow, OutboxRow
from medvind.store.views import NOT_FOUND


@dataclass(frozen=True, slots=True)
class Item:
    """A message of somebody's plan as its row stands. With `gave_way` it is owed and not sent."""

    id: PublicId
    kind: str
    key: str
    chain: str
    due_at: datetime
    valid_until: datetime
    channel: ChannelName | None
    asks: Ask | None
    carried_by: str | None
    why: Why
    state: State
    gave_way: GaveWay | None

    @property
    def ahead(self) -> bool:
        """Whether it is part of the plan: it will be sent, or gave way. Whatever has left or is leaving is not."""
        return self.state == State.PLANNED or self.gave_way is not None


COLUMNS = (
    OutboxRow.public_id,
    OutboxRow.kind,
    OutboxRow.key,
    OutboxRow.chain,
    OutboxRow.due_at,
    OutboxRow.valid_until,
    OutboxRow.channel,
    OutboxRow.asks,
    OutboxRow.carried_by,
    OutboxRow.why,
    OutboxRow.state,
    OutboxRow.reason,
)


DECIDED = (
    select(
        AdjustmentRow.participant_id,
        AdjustmentRow.kind,
        AdjustmentRow.key,
        AdjustmentRow.chain,
        AdjustmentRow.action,
        AdjustmentRow.moved_to,
    )
    .where(among(AdjustmentRow.participant_id))
    .order_by(AdjustmentRow.id)
)


async def adjustments_of(session: Session, people: Collection[int]) -> Mapping[int, tuple[Adjustment, ...]]:
    """What was decided about the messages of everybody asked about, in one question."""
    found: dict[int, list[Adjustment]] = defaultdict(list)
    for person, *decision in await ask(session, DECIDED, people):
        found[person].append(Adjustment(*decision))
    return {person: tuple(found[person]) for person in people}


async def decide(session: Session, person: int, what: Adjustment, coach_id: int | None, now: datetime) -> None:
    """Keeps a decision; the one before about the same message is gone. Of a chain at most one step is cancelled."""
    if what.action == Adjust.CANCEL:
        same = (AdjustmentRow.participant_id == person, AdjustmentRow.chain == what.chain)
        await session.execute(delete(AdjustmentRow).where(*same, AdjustmentRow.action == Adjust.CANCEL))
    row = {
        "participant_id": person,
        "kind": what.kind,
        "key": what.key,
        "chain": what.chain,
        "action": what.action,
        "moved_to": what.when,
        "coach_id": coach_id,
        "at": now,
    }
    await upsert(session, AdjustmentRow, row, ("participant_id", "kind", "key"))


async def take_back(session: Session, person: int, what: Adjustment) -> None:
    """As if it had never been decided."""
    same = (AdjustmentRow.participant_id == person, AdjustmentRow.kind == what.kind, AdjustmentRow.key == what.key)
    await session.execute(delete(AdjustmentRow).where(*same))


async def items(session: Session, person: int, now: datetime, until: datetime) -> list[Item]:
    """What lies ahead of a person, in the order in which it leaves: what is still true now and due until then."""
    gave_way = and_(OutboxRow.state == State.CANCELLED, OutboxRow.reason.startswith(GAVE_WAY))
    query = (
        select(*COLUMNS)
        .where(*_theirs(person), or_(OutboxRow.state == State.PLANNED, gave_way))
        .where(OutboxRow.valid_until > now, OutboxRow.due_at <= until)
        .order_by(OutboxRow.due_at, OutboxRow.key, OutboxRow.id)
    )
    return [_item(row) for row in await session.execute(query)]


async def get(session: Session, person: int, public_id: str) -> Item:
    """One message of this person, held until the transaction is over. Raises NotFoundError where it isn't theirs."""
    query = select(*COLUMNS).where(*_theirs(person), OutboxRow.public_id == PublicId(public_id))
    found = (await session.execute(query.with_for_update())).first()
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return _item(found)


def _theirs(person: int) -> tuple[Any, ...]:
    return OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == person


def _item(row: Any) -> Item:
    gave_way = row.state == State.CANCELLED and row.reason is not None and row.reason.startswith(GAVE_WAY)
    return Item(
        id=row.public_id,
        kind=row.kind,
        key=row.key,
        chain=row.chain,
        due_at=row.due_at,
        valid_until=row.valid_until,
        channel=row.channel,
        asks=row.asks,
        carried_by=row.carried_by,
        why=Why(**row.why),
        state=row.state,
        gave_way=GaveWay(row.reason.removeprefix(GAVE_WAY)) if gave_way else None,
    )
