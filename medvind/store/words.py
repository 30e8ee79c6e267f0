"""What coaches write by hand: kept sealed in the outbox until it leaves, and counted."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from medvind.model import Ask, ChannelName, Doubt, PublicId, RecipientType, new_id
from medvind.store.database import Session, insert_once
from medvind.store.outbox import BLANK, COACH_WORD
from medvind.store.tables import OutboxRow
from medvind.store.wake import notify_if_soon

ANSWERED_WITHIN = timedelta(hours=12)
"""So long a JA or a NEJ after these words is one to whoever wrote them."""


async def owe(
    session: Session,
    to: tuple[RecipientType, int],
    written_by: int,
    channel: ChannelName,
    words: str,
    *,
    kind: str = COACH_WORD,
    now: datetime,
    due_at: datetime,
    valid_until: datetime,
    subject: dict[str, str],
) -> PublicId:
    """Owes these words; their name. In doubt nothing is sent twice: on Telegram the coach is asked to look.

    Whatever they ask, a JA or a NEJ that follows is meant for who wrote them.
    """
    asks = Ask.COACH if to[0] == RecipientType.PARTICIPANT else None
    public_id = new_id()
    key = f"{kind}:{public_id}"
    row = {
        **BLANK,
        "public_id": public_id,
        "recipient_type": to[0],
        "recipient_id": to[1],
        "kind": kind,
        "key": key,
        "chain": key,
        "channel": channel,
        "planned_for": due_at,
        "due_at": due_at,
        "valid_until": valid_until,
        "priority": 0,
        "doubt": Doubt.B,
        "topic": None,
        "text": kind,
        "subject": subject,
        "why": {"key": "why_coach_word", "values": {}},
        "asks": asks,
        "open_until": due_at + ANSWERED_WITHIN if asks else None,
        "carried_by": None,
        "created_at": now,
        "words": session.vault.seal(OutboxRow.words, public_id, words),
        "written_by": written_by,
    }
    await insert_once(session, OutboxRow, [row], OutboxRow.id)
    await notify_if_soon(session, [due_at], now)
    return public_id


async def written(session: Session, coach: int, kind: str, since: datetime, to: int | None = None) -> int:
    """How much of this kind the coach has written since then, to all or to one person."""
    theirs = [OutboxRow.written_by == coach, OutboxRow.kind == kind, OutboxRow.created_at > since]
    if to is not None:
        theirs.append(OutboxRow.recipient_id == to)
    return await session.scalar(select(func.count()).select_from(OutboxRow).where(*theirs)) or 0
