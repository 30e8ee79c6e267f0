"""What a provider lets go in a second, and we in a day, shared by all workers: one row an allowance, moved by one statement."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import String, bindparam, case, func, select, update

from medvind.model import ChannelName, State
from medvind.rules.breaker import Breaker
from medvind.rules.caps import Spent
from medvind.rules.pacing import SLOW_FOR, Pace
from medvind.store import breakers
from medvind.store.among import among
from medvind.store.database import Session, ask, insert_once
from medvind.store.tables import AllowanceRow, BreakerRow, OutboxRow
from medvind.store.wake import notify

CAPPED = "the day's messages are used up"
"""The reason of a row that waits for another day."""
SPENT = (AllowanceRow.spent_on, func.coalesce(AllowanceRow.spent, 0), AllowanceRow.capped_at)
"""What makes a `Spent`, in its order."""
NEXT_FREE = select(AllowanceRow.name, AllowanceRow.next_free_at, *SPENT).where(among(AllowanceRow.name, "names", String))
PACES = (
    select(AllowanceRow.name, AllowanceRow.next_free_at, AllowanceRow.slow_until, *breakers.COLUMNS)
    .outerjoin(BreakerRow, BreakerRow.name == AllowanceRow.name)
    .where(among(AllowanceRow.name, "names", String))
)
HELD = NEXT_FREE.order_by(AllowanceRow.name).with_for_update()
TAKE = (
    update(AllowanceRow)
    .where(AllowanceRow.name == bindparam("of"))
    .values(
        next_free_at=bindparam("until"), spent_on=bindparam("day"), spent=bindparam("segments"), capped_at=bindparam("since")
    )
)


class Free(NamedTuple):
    """When an allowance lets the next one go, and what it has let go lately."""

    at: datetime
    spent: Spent = Spent()


async def next_free(session: Session, names: Collection[ChannelName], now: datetime) -> dict[ChannelName, Free]:
    """When each of these allowances lets the next one go; held until the transaction ends, so that slots are given in turn."""
    rows = await ask(session, HELD, names=list(names))
    if len(rows) < len(names):
        await insert_once(session, AllowanceRow, [{"name": name, "next_free_at": now} for name in names], AllowanceRow.name)
        rows = await ask(session, HELD, names=list(names))
    return {ChannelName(name): Free(max(free_at, now), Spent(*spent)) for name, free_at, *spent in rows}


async def paces(session: Session, names: Collection[ChannelName], now: datetime) -> dict[ChannelName, Pace]:
    """How each of these channels goes, with its breaker, in one question."""
    rows = await ask(session, PACES, names=list(names))
    found = {name: Pace(free_at, slow_until, Breaker(*moments)) for name, free_at, slow_until, *moments in rows}
    return {name: found.get(name, Pace(now)) for name in names}


async def take(session: Session, free: Mapping[ChannelName, Free]) -> None:
    """The slots up to then are given out."""
    rows = [
        {"of": name, "until": one.at, "day": one.spent.day, "segments": one.spent.segments, "since": one.spent.capped_at}
        for name, one in free.items()
    ]
    if rows:
        await (await session.direct()).execute(TAKE, rows)


async def spent(session: Session, name: ChannelName) -> Spent:
    """What this channel has let go lately."""
    row = (await session.execute(select(*SPENT).where(AllowanceRow.name == name))).first()
    return Spent(*row) if row else Spent()


async def look_again(session: Session, now: datetime) -> None:
    """The cap is another one: what waits for it is due now, and should it still be too much, that is told once more."""
    waits = (OutboxRow.state == State.PLANNED, OutboxRow.reason == CAPPED, OutboxRow.due_at > now)
    await session.execute(update(OutboxRow).where(*waits).values(due_at=now))
    await session.execute(update(AllowanceRow).values(capped_at=None))
    await notify(session)


async def rest(session: Session, name: ChannelName, now: datetime, seconds: float) -> None:
    """The provider asks the whole channel to rest: nothing is let go before that, whoever sends, and less for a while after."""
    until = now + timedelta(seconds=seconds)
    await insert_once(session, AllowanceRow, [{"name": name, "next_free_at": until}], AllowanceRow.name)
    later = case((AllowanceRow.next_free_at > until, AllowanceRow.next_free_at), else_=until)
    slow = case((AllowanceRow.slow_until > until + SLOW_FOR, AllowanceRow.slow_until), else_=until + SLOW_FOR)
    await session.execute(update(AllowanceRow).where(AllowanceRow.name == name).values(next_free_at=later, slow_until=slow))
