"""What a provider still keeps of people who were erased, by its own ids: each is an errand until it is deleted there too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from medvind.model import ChannelName, PublicId, State
from medvind.store import marks
from medvind.store.database import Session, insert_new
from medvind.store.tables import InboxRow, OutboxRow, ProviderCopyRow

STUCK_AFTER = timedelta(days=7)
"""So long a provider may refuse before somebody must look."""
KEEPS = ChannelName.SMS
"""The one channel whose provider keeps words and lets them be deleted. A bot can't take back what is two days old."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One message that shall be deleted: its id at the provider, since when, and how often that was tried in vain."""

    id: int
    provider_id: str
    since: datetime
    tries: int


async def owe(session: Session, channel: ChannelName, provider_ids: Iterable[str], now: datetime) -> int:
    """Notes that these shall be deleted; how many are new. What goes along in a message has its id."""
    if channel != KEEPS:
        return 0
    rows = [
        {"channel": channel, "provider_id": one, "since": now, "due_at": now, "tries": 0} for one in sorted(set(provider_ids))
    ]
    return await insert_new(session, ProviderCopyRow, rows)


async def kept_of(session: Session, outbox: ColumnElement[bool], inbox: ColumnElement[bool]) -> set[str]:
    """The provider's ids of these rows, as far as it keeps words."""
    sent = select(OutboxRow.provider_id).where(outbox, OutboxRow.channel == KEEPS, OutboxRow.provider_id.is_not(None))
    came = select(InboxRow.provider_id).where(inbox, InboxRow.channel == KEEPS)
    found = [*await session.scalars(sent), *await session.scalars(came)]
    return {one for one in found if one}


async def under_way(session: Session, outbox: ColumnElement[bool]) -> list[PublicId]:
    """Those of these rows whose provider may have the words, without having told its id."""
    tried = or_(OutboxRow.attempts > 0, OutboxRow.state == State.REVIEW)
    untold = (OutboxRow.channel == KEEPS, OutboxRow.provider_id.is_(None), tried)
    return list(await session.scalars(select(OutboxRow.public_id).where(outbox, *untold)))


async def told_of(
    session: Session, channel: ChannelName | None, message: PublicId | None, provider_id: str, now: datetime
) -> bool:
    """A message that was under way when its person was erased has got an id: it is deleted too. False for any other."""
    if channel != KEEPS or message is None or not provider_id:
        return False
    if await marks.find(session, marks.of_message(session.vault, message)) is None:
        return False
    return bool(await owe(session, channel, [provider_id], now))


async def take(session: Session, channel: ChannelName, now: datetime, until: datetime, most: int) -> list[Copy]:
    """Some that are due, for nobody else until then."""
    due = (
        select(ProviderCopyRow.id)
        .where(ProviderCopyRow.channel == channel, ProviderCopyRow.due_at <= now)
        .order_by(ProviderCopyRow.due_at, ProviderCopyRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    columns = (ProviderCopyRow.id, ProviderCopyRow.provider_id, ProviderCopyRow.since, ProviderCopyRow.tries)
    taken = update(ProviderCopyRow).where(ProviderCopyRow.id.in_(select(due.c.id))).values(due_at=until).returning(*columns)
    found = await session.execute(taken.execution_options(synchronize_session=False))
    return sorted((Copy(*row) for row in found), key=attrgetter("since", "id"))


async def done(session: Session, copy: Copy) -> None:
    """It is gone there, and so is what we knew of it."""
    await session.execute(delete(ProviderCopyRow).where(ProviderCopyRow.id == copy.id))


async def again(session: Session, copy: Copy, due_at: datetime, reason: str) -> None:
    """It is still there, and tried again then."""
    changes = {"due_at": due_at, "reason": reason[:100], "tries": copy.tries + 1}
    await session.execute(update(ProviderCopyRow).where(ProviderCopyRow.id == copy.id).values(changes))


async def stuck(session: Session, now: datetime) -> int:
    """How many a provider has not deleted for so long that somebody must look."""
    late = ProviderCopyRow.since <= now - STUCK_AFTER
    return await session.scalar(select(func.count()).select_from(ProviderCopyRow).where(late)) or 0
