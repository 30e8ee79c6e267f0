"""What a provider says of a message afterwards. States only climb; late, repeated and unknown words move nothing."""

from datetime import datetime

from medvind.channels import Status
from medvind.clock import Clock
from medvind.errors import ConflictError
from medvind.flows.plan import replan
from medvind.model import PublicId, RecipientType, State, TaskKind
from medvind.store import tasks
from medvind.store.database import Database, Session
from medvind.store.statuses import climb

TRIES = 3
"""Whoever loses a race begins again."""


async def record(db: Database, status: Status, clock: Clock) -> bool:
    """The same in a transaction of its own. Raises DatabaseAwayError, and ConflictError where it loses every race."""
    for rest in reversed(range(TRIES)):
        try:
            async with db.begin() as session:
                return await record_status(session, status, clock.now())
        except ConflictError:
            if not rest:
                raise
    return False


async def record_status(session: Session, status: Status, now: datetime) -> bool:
    """Moves the row that this speaks of; False where there was nothing to move."""
    moved = await climb(session, status, now)
    if moved is None:
        return False
    await _close_what_it_disproves(session, moved.message, status.state, now)
    if moved.recipient_type != RecipientType.PARTICIPANT:
        return True
    if status.state == State.UNDELIVERED:
        why = {"message": moved.message, "reason": status.reason}
        await tasks.raise_task(session, TaskKind.NOT_REACHED, f"not_reached:{moved.message}", moved.recipient_id, why, now)
    if status.state == State.UNDELIVERED or moved.withdrawn:
        await replan(session, moved.recipient_id, now)
    return True


async def _close_what_it_disproves(session: Session, message: PublicId, state: State, now: datetime) -> None:
    """Any word about a message proves that it left, and one word alone that it arrived: the coach need not look any more."""
    disproved = [TaskKind.MISSED, TaskKind.REVIEW]
    if state == State.DELIVERED:
        disproved.append(TaskKind.NOT_REACHED)
    await tasks.close(session, [f"{kind}:{message}" for kind in disproved], now)
