"""What a provider lets go in a second, shared by all workers: one row an allowance, moved ahead by one statement."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import case, select, update

from medvind.model import ChannelName
from medvind.store.database import Session, insert_once
from medvind.store.tables import AllowanceRow


async def next_free(session: Session, name: str, now: datetime) -> datetime:
    """When this allowance lets the next one go; held until the transaction ends, so that slots are given out in turn."""
    await insert_once(session, AllowanceRow, [{"name": name, "next_free_at": now}], AllowanceRow.name)
    query = select(AllowanceRow.next_free_at).where(AllowanceRow.name == name).with_for_update()
    return max(await session.scalar(query) or now, now)


async def room(session: Session, rates: Mapping[ChannelName, float], now: datetime, ahead: timedelta) -> int:
    """How many messages these allowances let go until then, taken together: more must not be taken in hand."""
    query = select(AllowanceRow.name, AllowanceRow.next_free_at).where(AllowanceRow.name.in_(rates))
    free = dict((await session.execute(query)).all())
    spans = {name: ahead - max(free.get(name, now) - now, timedelta()) for name in rates}
    return sum(int(span.total_seconds() * rates[name]) + 1 for name, span in spans.items() if span >= timedelta())


async def take(session: Session, name: str, until: datetime) -> None:
    """The slots up to then are given out."""
    await session.execute(update(AllowanceRow).where(AllowanceRow.name == name).values(next_free_at=until))


async def rest(session: Session, name: str, now: datetime, seconds: float) -> None:
    """The provider asks the whole channel to rest: nothing is let go before that, whoever sends."""
    until = now + timedelta(seconds=seconds)
    await insert_once(session, AllowanceRow, [{"name": name, "next_free_at": until}], AllowanceRow.name)
    later = case((AllowanceRow.next_free_at > until, AllowanceRow.next_free_at), else_=until)
    await session.execute(update(AllowanceRow).where(AllowanceRow.name == name).values(next_free_at=later))
