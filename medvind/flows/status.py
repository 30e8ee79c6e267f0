"""What a provider says of a message afterwards. States only climb; late, repeated and unknown words move nothing."""

from datetime import datetime

from medvind.channels import Status
from medvind.flows.plan import replan
from medvind.model import RecipientType, State, TaskKind
from medvind.store import tasks
from medvind.store.database import Session
from medvind.store.statuses import climb


async def record_status(session: Session, status: Status, now: datetime) -> bool:
    """Moves the row that this speaks of; False where there was nothing to move."""
    moved = await climb(session, status, now)
    if moved is None:
        return False
    if moved.recipient_type != RecipientType.PARTICIPANT:
        return True
    if status.state == State.UNDELIVERED:
        why = {"message": moved.message, "reason": status.reason}
        await tasks.raise_task(session, TaskKind.NOT_REACHED, f"not_reached:{moved.message}", moved.recipient_id, why, now)
    if status.state == State.UNDELIVERED or moved.withdrawn:
        await replan(session, moved.recipient_id, now)
    return True
