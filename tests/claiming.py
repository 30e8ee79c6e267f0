"""A worker with messages in its hands, as another process sees it: between its claim and what it writes down."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update

from medvind.model import ChannelName, State
from medvind.store import claims, front
from medvind.store.claims import Claimed, Handed
from medvind.store.database import Session
from medvind.store.tables import OutboxRow


async def claim(session: Session, worker: str, now: datetime, lease: timedelta, wanted: int) -> list[Claimed]:
    """Claimed, and nothing noted of what leaves: so an older worker stands who notes that in a transaction of its own."""
    found, _ = await front.find(session, worker, now, wanted)
    values = {"state": State.CLAIMED, "claimed_by": worker, "lease_until": now + lease, "reason": None, "sent_text": None}
    await session.execute(
        update(OutboxRow).where(OutboxRow.id.in_([one.id for one in found])).values(attempts=OutboxRow.attempts + 1, **values)
    )
    return found


async def note(session: Session, taken: Sequence[Claimed], channel: ChannelName, text: str) -> None:
    """What is about to leave, for claims that hold already."""
    for one in taken:
        sealed = session.vault.seal(OutboxRow.sent_text, one.public_id, text)
        values = {"channel": channel, "sent_text": sealed, "text_version": "v1"}
        await session.execute(update(OutboxRow).where(OutboxRow.id == one.id).values(**values))


async def take(session: Session, worker: str, now: datetime, lease: timedelta, text: str) -> list[Claimed]:
    """Claimed and noted in one, as a worker does."""
    found, _ = await front.find(session, worker, now, 50)
    await claims.take(session, [Handed(one, ChannelName.SMS, text, "v1") for one in found], now + lease, now)
    return found
