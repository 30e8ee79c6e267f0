"""What a provider says of a message afterwards. States only climb; late, repeated and unknown words move nothing."""

from datetime import datetime

from medvind.channels import Status
from medvind.clock import Clock
from medvind.errors import ConflictError
from medvind.flows import fall_back
from medvind.flows.plan import replan
from medvind.model import PublicId, RecipientType, State, TaskKind
from medvind.store import copies, tasks
from medvind.store.database import Database, Session
from medvind.store.reach import reach_of
from medvind.store.statuses import Lifted, Place, climb, place_of

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
    """Moves the row that this speaks of; False where there was nothing to move, as with a person who was erased."""
    moved = await climb(session, status, now)
    if moved is None:
        await copies.told_of(session, status.channel, status.message_id, status.provider_id, now)
        return False
    await _close_what_it_disproves(session, moved.public_id, status.state, now)
    if moved.recipient_type != RecipientType.PARTICIPANT:
        return True
    if status.state == State.UNDELIVERED:
        await _did_not_arrive(session, status, moved, now)
    elif moved.withdrawn:
        await replan(session, moved.recipient_id, now)
    return True


async def _did_not_arrive(session: Session, status: Status, moved: Lifted, now: datetime) -> None:
    """A person hears of it: once of a way that is closed, as where the call itself was refused, and else of each message."""
    outcome = fall_back.DEAD if status.dead else fall_back.STOPPED if status.stopped else None
    place = await place_of(session, status, moved.recipient_id, moved.left_at) if outcome else Place.GONE
    if outcome == fall_back.STOPPED and await _is_old(session, status, moved):
        place = Place.GONE
    if outcome and place is Place.LIVING:
        await fall_back.close(session, moved.recipient_id, status.channel, outcome, status.reason, now, moved)
        return
    if place is Place.GONE:
        why = {"message": moved.public_id, "reason": status.reason}
        await tasks.raise_task(session, TaskKind.NOT_REACHED, f"not_reached:{moved.public_id}", moved.recipient_id, why, now)
    await replan(session, moved.recipient_id, now)


async def _is_old(session: Session, status: Status, moved: Lifted) -> bool:
    """Whether they have said yes since it left: a stop from before that has had its day."""
    reach = (await reach_of(session, [moved.recipient_id]))[moved.recipient_id]
    since = reach.consent(status.channel).since
    return since is not None and since > moved.left_at


async def _close_what_it_disproves(session: Session, message: PublicId, state: State, now: datetime) -> None:
    """Any word about a message proves that it left, and one word alone that it arrived: the coach need not look any more."""
    disproved = [TaskKind.MISSED, TaskKind.REVIEW]
    if state == State.DELIVERED:
        disproved.append(TaskKind.NOT_REACHED)
    await tasks.close(session, [f"{kind}:{message}" for kind in disproved], now)
