"""What a provider says of a message afterwards. States only climb."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from medvind.channels import Status
from medvind.model import AddressState, PublicId, RecipientType, State
from medvind.store import riders
from medvind.store.database import Session
from medvind.store.reach import BY_HAND
from medvind.store.tables import AddressRow, OutboxRow

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
    """A row that stands higher now, and when it left, as far as that is known.

    `withdrawn`: it, or what went along in it, is owed no longer, and has left all the same.
    """

    public_id: PublicId
    kind: str
    key: str
    recipient_type: RecipientType
    recipient_id: int
    left_at: datetime
    withdrawn: bool


class Place(Enum):
    """Where a message went, as it stands now."""

    LIVING = auto()
    DEAD = auto()
    GONE = auto()


async def climb(session: Session, status: Status, now: datetime) -> Lifted | None:
    """Lifts the row that this speaks of, and answers with it; None where it stands as high already or isn't there."""
    changes: dict[str, object] = {"state": status.state, "reason": status.reason or None, "provider_id": status.provider_id}
    statement = (
        update(OutboxRow)
        .where(_row(status), OutboxRow.state.in_(BELOW[status.state]))
        .values(**changes, lease_until=None)
        .returning(
            OutboxRow.id,
            OutboxRow.public_id,
            OutboxRow.kind,
            OutboxRow.key,
            OutboxRow.recipient_type,
            OutboxRow.recipient_id,
            OutboxRow.sent_at,
        )
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
    return Lifted(
        found.public_id,
        found.kind,
        found.key,
        found.recipient_type,
        found.recipient_id,
        left_at=found.sent_at or now,
        withdrawn=withdrawn is not None,
    )


async def place_of(session: Session, status: Status, person: int, left_at: datetime) -> Place:
    """What has become of the address that a message to this person went to: the last one of then, or who knows which.

    One that was put in place of another has been told of nothing, and a number that came back later is a new one.
    """
    theirs = (AddressRow.participant_id == person, AddressRow.channel == status.channel, AddressRow.since <= left_at)
    named = [AddressRow.blind == session.vault.blind(status.channel, status.to)] if status.to else []
    last = select(AddressRow.state, AddressRow.reason).where(*theirs, *named).order_by(AddressRow.id.desc()).limit(1)
    found = (await (await session.direct()).execute(last)).first()
    if found is None or found.reason in BY_HAND:
        return Place.GONE
    return Place.DEAD if found.state == AddressState.DEAD else Place.LIVING


def _row(status: Status) -> ColumnElement[bool]:
    """By our own id in the callback's address, never by a provider's id that belongs to another row."""
    alone = OutboxRow.carried_by.is_(None)
    by_provider = and_(OutboxRow.channel == status.channel, OutboxRow.provider_id == status.provider_id, alone)
    if status.message_id is None:
        return by_provider
    unbound = or_(OutboxRow.provider_id.is_(None), OutboxRow.provider_id == status.provider_id)
    return and_(OutboxRow.public_id == status.message_id, OutboxRow.channel == status.channel, unbound)
