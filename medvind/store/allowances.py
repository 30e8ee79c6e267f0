"""What a provider lets go in a second, shared by all workers: one row an allowance, moved ahead by one statement."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, select, update

from medvind.model import ChannelName
from medvind.store.database import Session, ask, insert_once
from medvind.store.tables import AllowanceRow

NEXT_FREE = select(AllowanceRow.name, AllowanceRow.next_free_at).where(
    AllowanceRow.name.in_(bindparam("names", expanding=True))
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


async def room(session: Session, rates: Mapping[ChannelName, float], now: datetime, ahead: timedelta) -> int:
    """How many messages these allowances let go until then, taken together: more must not be taken in hand."""
    free = dict(await ask(session, NEXT_FREE, names=list(rates)))
    spans = {name: ahead - max(free.get(name, now) - now, timedelta()) for name in rates}
    return sum(int(span.total_seconds() * rates[name]) + 1 for name, span in spans.items() if span >= timedelta())


async def take(session: Session, until: Mapping[ChannelName, datetime]) -> None:
    """The slots up to then are given out."""
    if until:
        await (await session.direct()).execute(TAKE, [{"of": name, "until": moment} for name, moment in until.items()])


async def rest(session: Session, name: ChannelName, now: datetime, seconds: float) -> None:
    """The provider asks the whole channel to rest: nothing is let go before that, whoever sends."""
    until = now + timedelta(seconds=seconds)
    await insert_once(session, AllowanceRow, [{"name": name, "next_free_at": until}], AllowanceRow.name)
    later = case((AllowanceRow.next_free_at > until, AllowanceRow.next_free_at), else_=until)
    await session.execute(update(AllowanceRow).where(AllowanceRow.name == name).values(next_free_at=later))
