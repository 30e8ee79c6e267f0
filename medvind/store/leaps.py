"""After the wall clock was put back: what was set by the old one lies too far ahead and would hold up what is due."""

from datetime import datetime

from sqlalchemy import update

from medvind.model import State
from medvind.store.database import Session
from medvind.store.tables import AllowanceRow, BreakerRow, OutboxRow


async def bring_back(session: Session, now: datetime) -> None:
    """What channels let go, the next try of one that was away, and answers, which are owed at once whenever that was.

    A rest that a provider asked for is forgotten with it: it will ask again.
    """
    await session.execute(update(AllowanceRow).where(AllowanceRow.next_free_at > now).values(next_free_at=now))
    await session.execute(update(BreakerRow).where(BreakerRow.probe_at > now).values(probe_at=now))
    answers = (OutboxRow.state == State.PLANNED, OutboxRow.kind == "reply", OutboxRow.planned_for > now)
    await session.execute(update(OutboxRow).where(*answers).values(due_at=now))
