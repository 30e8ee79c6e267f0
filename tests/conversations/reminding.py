"""When a coach is told next of what nobody has read: the beat looks each five minutes, and a transcript only where it must."""

from datetime import datetime

from medvind.flows.plan import load_policy
from medvind.flows.said import HOME
from medvind.rules.unread import Office
from medvind.store import unread
from medvind.store.database import Database


async def next_word(db: Database, now: datetime) -> datetime | None:
    """The first moment after this one at which somebody may be told; None while nothing waits to be read."""
    async with db.begin() as session:
        waiting = await unread.waiting(session, now)
        if not waiting:
            return None
        office = Office((await load_policy(session)).days, HOME)
    moments = (office.told_at(one.waits_for, one.came, there=there) for one in waiting for there in (True, False))
    return min((moment for moment in moments if moment > now), default=None)
