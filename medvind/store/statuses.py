"""What a provider says of a message afterwards. States only climb."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, update

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


async def climb(session: Session, status: Status, now: datetime) -> tuple[PublicId, RecipientType, int] | None:
    """Lifts the row that this speaks of, and answers with it; None where it stands as high already or isn't there."""
    changes: dict[str, object] = {"state": status.state, "reason": status.reason or None, "provider_id": status.provider_id}
    statement = (
        update(OutboxRow)
        .where(_row(status), OutboxRow.state.in_(BELOW[status.state]))
        .values(**changes, lease_until=None)
        .returning(OutboxRow.id, OutboxRow.public_id, OutboxRow.recipient_type, OutboxRow.recipient_id)
        .execution_options(synchronize_session=False)
    )
    found = (await session.execute(statement)).first()
    if found is None:
        return None
    await session.execute(update(OutboxRow).where(OutboxRow.id == found.id, OutboxRow.sent_at.is_(None)).values(sent_at=now))
    await riders.follow(session, [found.id])
    return found.public_id, found.recipient_type, found.recipient_id


def _row(status: Status) -> ColumnElement[bool]:
    """By our own id in the callback's address, never by a provider's id that belongs to another row."""
    alone = OutboxRow.carried_by.is_(None)
    by_provider = and_(OutboxRow.channel == status.channel, OutboxRow.provider_id == status.provider_id, alone)
    if status.message_id is None:
        return by_provider
    unbound = or_(OutboxRow.provider_id.is_(None), OutboxRow.provider_id == status.provider_id)
    return and_(OutboxRow.public_id == status.message_id, OutboxRow.channel == status.channel, unbound)
