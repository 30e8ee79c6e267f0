"""What a provider says of a message afterwards. States only climb."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from medvind.channels import Status
from medvind.model import PublicId, RecipientType, State
from medvind.store import riders
from medvind.store.database import Session
from medvind.store.tables import OutboxRow

NOT_SENT = (State.PLANNED, State.CLAIMED, State.UNKNOWN, State.REVIEW, State.EXPIRED, State.CANCELLED, State.FAILED)
BELOW: Mapping[State, tuple[State, ...]] = {
    State.SENT: NOT_SENT,
    State.UNDELIVERED: (*NOT_SENT, State.SENT),
    State.DELIVERED: (*NOT_SENT, State.SENT, State.UNDELIVERED),
}
"""From which states a word of the provider may lift a row: a genuine callback proves that it was accepted."""

LEFT = update(OutboxRow).where(OutboxRow.id == bindparam("row"), OutboxRow.sent_at.is_(None)).values(sent_at=bindparam("at"))


@dataclass(frozen=True, slots=True)
class Lifted:
    """A row that stands higher now. `withdrawn`: it, or what went along in it, is owed no longer, and has left all the same."""

    message: PublicId
    recipient_type: RecipientType
    recipient_id: int
    withdrawn: bool


async def climb(session: Session, status: Status, now: datetime) -> Lifted | None:
    """Lifts the row that this speaks of, and answers with it; None where it stands as high already or isn't there."""
    changes: dict[str, object] = {"state": status.state, "reason": status.reason or None, "provider_id": status.provider_id}
    statement = (
        update(OutboxRow)
        .where(_row(status), OutboxRow.state.in_(BELOW[status.state]))
        .values(**changes, lease_until=None)
        .returning(OutboxRow.id, OutboxRow.public_id, OutboxRow.recipient_type, OutboxRow.recipient_id, OutboxRow.key)
    )
    past_the_mapper = await session.direct()
    found = (await past_the_mapper.execute(statement)).first()
    if found is None:
        return None
    await past_the_mapper.execute(LEFT, {"row": found.id, "at": now})
    await riders.follow(session, [found.id])
    theirs = (OutboxRow.recipient_type == found.recipient_type, OutboxRow.recipient_id == found.recipient_id)
    whole = or_(OutboxRow.id == found.id, OutboxRow.carried_by == found.key)
    withdrawn = await past_the_mapper.scalar(select(OutboxRow.id).where(*theirs, whole, OutboxRow.withdrawn).limit(1))
    return Lifted(found.public_id, found.recipient_type, found.recipient_id, withdrawn is not None)


def _row(status: Status) -> ColumnElement[bool]:
    """By our own id in the callback's address, never by a provider's id that belongs to another row."""
    alone = OutboxRow.carried_by.is_(None)
    by_provider = and_(OutboxRow.channel == status.channel, OutboxRow.provider_id == status.provider_id, alone)
    if status.message_id is None:
        return by_provider
    unbound = or_(OutboxRow.provider_id.is_(None), OutboxRow.provider_id == status.provider_id)
    return and_(OutboxRow.public_id == status.message_id, OutboxRow.channel == status.channel, unbound)
