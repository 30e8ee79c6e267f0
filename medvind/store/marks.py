"""Keyed hashes of what is left of nobody: that an erased person's number, message or id is known again if it comes back."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select

from medvind.channels import Inbound
from medvind.model import ChannelName, PublicId
from medvind.store.database import Session, ask, insert_new, upsert
from medvind.store.participants import chunks
from medvind.store.tables import MarkKind, MarkRow
from medvind.store.vault import Vault

REPEATED_FOR = timedelta(days=400)
"""So long a provider's word about something from before is known again; whoever could send it again has lost it by then."""
PASSING = (MarkKind.INBOUND, MarkKind.MESSAGE)
FOUND = select(MarkRow.at).where(MarkRow.hash == bindparam("hash"))


async def add(session: Session, kind: MarkKind, hashes: Iterable[str], now: datetime) -> None:
    """Notes them; what is noted already stays as it is."""
    await insert_new(session, MarkRow, [{"hash": one, "kind": kind, "at": now} for one in hashes])


async def renew(session: Session, kind: MarkKind, hashes: Iterable[str], now: datetime) -> None:
    """Notes them as of now, whatever was noted before."""
    for one in hashes:
        await upsert(session, MarkRow, {"hash": one, "kind": kind, "at": now}, ["hash"])


async def find(session: Session, hash_: str) -> datetime | None:
    """Since when it is noted; None where it isn't."""
    return next((at for (at,) in await ask(session, FOUND, hash=hash_)), None)


async def was_erased(session: Session, inbound: Inbound) -> bool:
    """Whether this very thing came once before, and went with the person who sent it."""
    return await find(session, of_inbound(session.vault, inbound.channel, inbound.provider_id)) is not None


async def silent_since(session: Session, numbers: Collection[str]) -> dict[str, datetime]:
    """Those of these phone numbers whose erased owner wanted nothing more, and since when; a later yes weighs more."""
    hashes = {of_number(session.vault, number): number for number in numbers}
    found: dict[str, datetime] = {}
    for some in chunks(hashes):
        rows = await session.execute(select(MarkRow.hash, MarkRow.at).where(MarkRow.hash.in_(some)))
        found |= {hashes[hash_]: at for hash_, at in rows}
    return found


async def forget(session: Session, now: datetime) -> None:
    """What no provider repeats any more is gone."""
    await session.execute(delete(MarkRow).where(MarkRow.kind.in_(PASSING), MarkRow.at <= now - REPEATED_FOR))


def of_person(vault: Vault, external_id: str) -> str:
    """The municipality's own id, hashed."""
    return vault.blind("erased person", external_id)


def of_number(vault: Vault, number: str) -> str:
    """A phone number, hashed otherwise than the living ones are."""
    return vault.blind("erased number", number)


def of_inbound(vault: Vault, channel: ChannelName, provider_id: str) -> str:
    """A provider's id of something that came in, hashed."""
    return vault.blind("erased inbound", f"{channel}:{provider_id}")


def of_message(vault: Vault, message: PublicId) -> str:
    """Our own id of a message, hashed."""
    return vault.blind("erased message", message)
