"""Duties that go along in another one's message: they are never sent by themselves, and its fate is theirs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Executable, String, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import aliased

from medvind.model import RecipientType, State
from medvind.store.among import among
from medvind.store.claims import COLUMNS, Claimed, in_state, opening
from medvind.store.database import Session, ask
from medvind.store.tables import OutboxRow

HANDED = (State.CLAIMED, State.UNKNOWN, State.SENT, State.DELIVERED, State.UNDELIVERED, State.REVIEW)
"""Where a rider is that has gone along. One that waits or was withdrawn did not."""
UNDER_WAY = (State.PLANNED, State.CLAIMED, State.UNKNOWN)
FOLLOWED = ("state", "channel", "due_at", "sent_at", "provider_id", "reason", "unknown_since", "lease_until")


RIDING = (
    select(OutboxRow.carried_by, *COLUMNS)
    .where(
        OutboxRow.recipient_type == RecipientType.PARTICIPANT,
        among(OutboxRow.recipient_id),
        among(OutboxRow.carried_by, "hosts", String),
        OutboxRow.carried_by.is_not(None),
        in_state(State.PLANNED),
    )
    .order_by(OutboxRow.priority, OutboxRow.id)
    .with_for_update()
)


async def riding_with(session: Session, carriers: Collection[Claimed]) -> Mapping[int, list[Claimed]]:
    """What waits to go along with these, by the carrier's row, the weightiest first."""
    hosts = {(one.recipient_id, one.key): one.id for one in carriers if one.recipient_type == RecipientType.PARTICIPANT}
    found: dict[int, list[Claimed]] = defaultdict(list)
    people, keys = {person for person, _ in hosts}, [key for _, key in hosts]
    for carried_by, *columns in await ask(session, RIDING, people, hosts=keys):
        rider = Claimed(*columns)
        if host := hosts.get((rider.recipient_id, carried_by)):
            found[host].append(rider)
    return found


TAKEN = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row"), OutboxRow.state == State.PLANNED)
    .values(
        state=State.CLAIMED,
        claimed_by=bindparam("worker"),
        attempts=OutboxRow.attempts + 1,
        sent_text=bindparam("sealed"),
        text_version=bindparam("version"),
        **opening(bindparam("now", type_=OutboxRow.opened_at.type)),
    )
)


async def take_along(session: Session, worker: str | None, written: Sequence[tuple[Claimed, str, str]], now: datetime) -> None:
    """Notes what goes along in messages that are about to leave, each with its own text, sealed, and the version.

    What these ask is open from now on.
    """
    seal, same = session.vault.seal, {"worker": worker, "now": now}
    rows = [
        {"row": one.id, "sealed": seal(OutboxRow.sent_text, one.public_id, text), "version": version, **same}
        for one, text, version in written
    ]
    if rows:
        await (await session.direct()).execute(TAKEN, rows)


def _following() -> Executable:
    """Made once: every batch and every word of a provider asks it."""
    host = aliased(OutboxRow)
    theirs = and_(
        host.recipient_type == OutboxRow.recipient_type,
        host.recipient_id == OutboxRow.recipient_id,
        host.key == OutboxRow.carried_by,
        among(host.id),
    )
    values = {name: select(getattr(host, name)).where(theirs).correlate(OutboxRow).scalar_subquery() for name in FOLLOWED}
    people = select(host.recipient_id).where(among(host.id))
    gone_along = or_(OutboxRow.state.in_(HANDED), and_(OutboxRow.state == State.PLANNED, OutboxRow.sent_text.is_not(None)))
    return (
        update(OutboxRow)
        .where(OutboxRow.recipient_id.in_(people), OutboxRow.carried_by.is_not(None), gone_along, exists().where(theirs))
        .values(**values)
    )


FOLLOW = _following()


async def follow(session: Session, carriers: Collection[int]) -> None:
    """Makes what has gone along stand where its carrier stands now: sent, in doubt, or waiting again.

    What waits again has gone along all the same where the provider then says that it took the message.
    """
    if carriers:
        await (await session.direct()).execute(FOLLOW, {"asked": list(carriers)})


async def part(session: Session, carrier: Claimed) -> list[Claimed]:
    """What went along with this one into doubt stands by itself from now on: its own kind says how its doubt ends."""
    parted = await session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.recipient_type == carrier.recipient_type,
            OutboxRow.recipient_id == carrier.recipient_id,
            OutboxRow.carried_by == carrier.key,
            OutboxRow.state == State.UNKNOWN,
        )
        .values(carried_by=None)
        .returning(*COLUMNS)
        .execution_options(synchronize_session=False)
    )
    return [Claimed(*row) for row in parted]


async def let_go(session: Session, rider_ids: Collection[int], due_at: datetime) -> None:
    """These go by themselves, from that moment on: there was no room for them after all."""
    if rider_ids:
        chosen = (OutboxRow.id.in_(rider_ids), OutboxRow.state == State.PLANNED)
        await session.execute(update(OutboxRow).where(*chosen).values(carried_by=None, due_at=due_at, sent_text=None))


async def let_go_of_the_left_behind(session: Session, now: datetime) -> int:
    """What is due and waits for a message that will not leave any more goes by itself; how many."""
    host = aliased(OutboxRow)
    alive = exists().where(
        host.recipient_type == OutboxRow.recipient_type,
        host.recipient_id == OutboxRow.recipient_id,
        host.key == OutboxRow.carried_by,
        host.state.in_(UNDER_WAY),
    )
    left = await session.execute(
        update(OutboxRow)
        .where(in_state(State.PLANNED), OutboxRow.due_at <= now, OutboxRow.carried_by.is_not(None), ~alive)
        .values(carried_by=None)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(left.all())
