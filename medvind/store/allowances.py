"""What a provider lets go in a second, shared by all workers: one row an allowance, moved ahead by one statement."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, case, select, update

from medvind.model import ChannelName
from medvind.rules.breaker import Breaker
from medvind.rules.pacing import SLOW_FOR, Pace
from medvind.store import breakers
from medvind.store.among import among
from medvind.store.database import Session, ask, insert_once
from medvind.store.tables import AllowanceRow, BreakerRow

NEXT_FREE = select(AllowanceRow.name, AllowanceRow.next_free_at).where(among(AllowanceRow.name, "names", String))
PACES = (
    select(AllowanceRow.name, AllowanceRow.next_free_at, AllowanceRow.slow_until, *breakers.COLUMNS)
    .outerjoin(BreakerRow, BreakerRow.name == AllowanceRow.name)
    .where(among(AllowanceRow.name, "names", String))
)
HELD = NEXT_FREE.order_by(AllowanceRow.name).with_for_update()
TAKE = update(AllowanceRow).where(AllowanceRow.name == bindparam("of")).values(next_free_at=bindparam("until"))


async def next_free(session: Session, names: Collection[ChannelName], now: datetime) -> dict[ChannelName, datetime]:
    """When each of these allowances lets the next one go; held until the transaction ends, so that slots are given in turn."""
    free = dict(await ask(session, HELD, names=list(names)))
    if len(free) < len(names):
        await insert_once(session, AllowanceRow, [{"name": name, "next_free_at": now} for name in names], AllowanceRow.name)
        free = dict(await ask(session, HELD, names=list(names)))
    return {name: max(free[name], now) for name in names}


async def paces(session: Session, names: Collection[ChannelName], now: datetime) -> dict[ChannelName, Pace]:
    """How each of these channels goes, with its breaker, in one question."""
    rows = await ask(session, PACES, names=list(names))
    found = {name: Pace(free_at, slow_until, Breaker(*moments)) for name, free_at, slow_until, *moments in rows}
    return {name: found.get(name, Pace(now)) for name in names}


async def take(session: Session, until: Mapping[ChannelName, datetime]) -> None:
    """The slots up to then are given out."""
    if until:
        await (await session.direct()).execute(TAKE, [{"of": name, "until": moment} for name, moment in until.items()])


async def rest(session: Session, name: ChannelName, now: datetime, seconds: float) -> None:
    """The provider asks the whole channel to rest: nothing is let go before that, whoever sends, and less for a while after."""
    until = now + timedelta(seconds=seconds)
    await insert_once(session, AllowanceRow, [{"name": name, "next_free_at": until}], AllowanceRow.name)
    later = case((AllowanceRow.next_free_at > until, AllowanceRow.next_free_at), else_=until)
    slow = case((AllowanceRow.slow_until > until + SLOW_FOR, AllowanceRow.slow_until), else_=until + SLOW_FOR)
    await session.execute(update(AllowanceRow).where(AllowanceRow.name == name).values(next_free_at=later, slow_until=slow))
