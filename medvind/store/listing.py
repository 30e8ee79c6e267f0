"""The duties as the command line prints them: ids, states and reasons, never a name or a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from medvind.model import ChannelName, PublicId, RecipientType, State
from medvind.store.database import Session
from medvind.store.tables import OutboxRow


@dataclass(frozen=True, slots=True)
class Listed:
    """One duty."""

    id: PublicId
    recipient_type: RecipientType
    recipient_id: int
    kind: str
    key: str
    channel: ChannelName | None
    state: State
    due_at: datetime
    valid_until: datetime
    sent_at: datetime | None
    provider_id: str | None
    attempts: int
    reason: str | None
    text: str
    why: Mapping[str, Any]
    carried_by: str | None


LISTED = (
    OutboxRow.public_id,
    OutboxRow.recipient_type,
    OutboxRow.recipient_id,
    OutboxRow.kind,
    OutboxRow.key,
    OutboxRow.channel,
    OutboxRow.state,
    OutboxRow.due_at,
    OutboxRow.valid_until,
    OutboxRow.sent_at,
    OutboxRow.provider_id,
    OutboxRow.attempts,
    OutboxRow.reason,
    OutboxRow.text,
    OutboxRow.why,
    OutboxRow.carried_by,
)


async def listed(session: Session, *, state: State | None = None, participant_id: int | None = None) -> list[Listed]:
    """The duties as they stand, oldest first."""
    query = select(*LISTED).order_by(OutboxRow.due_at, OutboxRow.id)
    if state is not None:
        query = query.where(OutboxRow.state == state)
    if participant_id is not None:
        query = query.where(OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == participant_id)
    return [Listed(*row) for row in await session.execute(query)]
