"""Each channel's breaker: one row, shared by all workers. While all is well nobody writes it, and many never have one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update

from medvind.model import ChannelName, State
from medvind.rules.breaker import TRY_EVERY, Breaker, Try, heard
from medvind.store.database import Session, insert_once
from medvind.store.tables import AttemptRow, BreakerRow, OutboxRow

COLUMNS = tuple(getattr(BreakerRow, field.name) for field in fields(Breaker))
"""Those that make a `Breaker`, in its order."""
AWAY = "provider away"
"""The reason of a row that waits for its channel."""
SCANNED, READ = 1000, 30
"""How far back among all tries, and how many of the channel's own: some of them say nothing of the provider."""


async def all_of(session: Session) -> Mapping[ChannelName, Breaker]:
    """Those that were ever open, by their channel."""
    rows = await session.execute(select(BreakerRow.name, *COLUMNS).order_by(BreakerRow.name))
    return {ChannelName(name): Breaker(*moments) for name, *moments in rows}


async def held(session: Session, name: ChannelName) -> Breaker:
    """This channel's; nobody else changes it until the transaction ends."""
    await insert_once(session, BreakerRow, [{"name": name}], BreakerRow.name)
    row = (await session.execute(select(*COLUMNS).where(BreakerRow.name == name).with_for_update())).one()
    return Breaker(*row)


async def keep(session: Session, name: ChannelName, breaker: Breaker) -> None:
    """Writes down what it has become."""
    await session.execute(update(BreakerRow).where(BreakerRow.name == name).values(**asdict(breaker)))


async def last_tries(session: Session, name: ChannelName, since: datetime | None) -> Sequence[Try]:
    """What this channel's latest tries said of its provider, the newest last; of all workers, and none before `since`."""
    newest = select(func.max(AttemptRow.id)).scalar_subquery()
    query = select(AttemptRow.at, AttemptRow.outcome, AttemptRow.reason).where(
        AttemptRow.id > newest - SCANNED, AttemptRow.channel == name
    )
    if since is not None:
        query = query.where(AttemptRow.at > since)
    rows = (await session.execute(query.order_by(AttemptRow.id.desc()).limit(READ))).all()
    return [Try(row.at, said) for row in reversed(rows) if (said := heard(row.outcome, row.reason)) is not None]


async def take_try(session: Session, name: ChannelName, now: datetime) -> bool:
    """Whether the caller is the one that tries this minute: over all workers there is one."""
    due = (BreakerRow.name == name, BreakerRow.opened_at.is_not(None), BreakerRow.probe_at <= now)
    taken = update(BreakerRow).where(*due).values(probe_at=now + TRY_EVERY).returning(BreakerRow.name)
    return (await session.execute(taken)).first() is not None


async def take_alarm(session: Session, name: ChannelName, now: datetime) -> bool:
    """Whether the caller is the one that raises the alarm: over all workers once an outage."""
    quiet = (BreakerRow.name == name, BreakerRow.opened_at.is_not(None), BreakerRow.alarmed_at.is_(None))
    taken = update(BreakerRow).where(*quiet).values(alarmed_at=now).returning(BreakerRow.name)
    return (await session.execute(taken)).first() is not None


async def let_go(session: Session, name: ChannelName, now: datetime, due_at: datetime) -> int:
    """What waits, or has failed on this channel and would be tried later, is due by then; how many were put forward.

    What waits may not know its channel yet. Whoever waits for another one is looked at once more, and waits on.
    """
    waits = or_(OutboxRow.reason == AWAY, and_(OutboxRow.attempts > 0, OutboxRow.channel == name))
    owed = (OutboxRow.state == State.PLANNED, OutboxRow.carried_by.is_(None))
    later = (OutboxRow.due_at > due_at, OutboxRow.planned_for <= now)
    changed = update(OutboxRow).where(*owed, *later, waits).values(due_at=due_at).returning(OutboxRow.id)
    return len((await session.execute(changed.execution_options(synchronize_session=False))).all())
