"""What came in, once: the row under (channel, provider's id) is written first, and its effect commits with it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from medvind.channels import Inbound
from medvind.model import ChannelName, PublicId, new_id
from medvind.store.database import Session, insert_once
from medvind.store.tables import InboxRow


async def keep(session: Session, inbound: Inbound, now: datetime) -> tuple[int, PublicId] | None:
    """The new row's id and public id; None where this was here before."""
    public_id, vault = new_id(), session.vault
    row = {
        "public_id": public_id,
        "channel": inbound.channel,
        "provider_id": inbound.provider_id,
        "participant_id": None,
        "sender": vault.seal(InboxRow.sender, public_id, inbound.sender),
        "blind": vault.blind(inbound.channel, inbound.sender),
        "kind": inbound.kind,
        "raw": vault.seal(InboxRow.raw, public_id, inbound.raw),
        "text": vault.seal(InboxRow.text, public_id, inbound.text),
        "meaning": None,
        "received_at": now,
    }
    new = await insert_once(session, InboxRow, [row], InboxRow.id)
    return (new[0], public_id) if new else None


async def understood(session: Session, inbox_id: int, participant_id: int | None, meaning: str) -> None:
    """Whose it was, and what was made of it."""
    changes = {"participant_id": participant_id, "meaning": meaning}
    await session.execute(update(InboxRow).where(InboxRow.id == inbox_id).values(**changes))


async def count_from(session: Session, channel: ChannelName, sender: str, now: datetime, within: timedelta) -> int:
    """How many things this address has sent lately, this one included."""
    mine = (InboxRow.blind == session.vault.blind(channel, sender), InboxRow.received_at > now - within)
    return await session.scalar(select(func.count()).select_from(InboxRow).where(*mine)) or 0
