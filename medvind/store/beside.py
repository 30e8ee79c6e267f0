"""Addresses that came with a second record of the same person: what is said there is theirs, and nothing is sent there.

A yes belongs to the address it came from, so one from there makes it the one that is written to.
"""

from sqlalchemy import case, literal, select, update

from medvind.model import AddressState, ChannelName
from medvind.store.database import Session
from medvind.store.reach import BESIDE, BESIDE_UNPROVEN
from medvind.store.tables import AddressRow


async def is_beside(session: Session, participant_id: int, channel: ChannelName, address: str) -> bool:
    """Whether this is such an address of theirs."""
    return await _find(session, participant_id, channel, address) is not None


async def take_up(session: Session, participant_id: int, channel: ChannelName, address: str) -> None:
    """Such an address is asked for its yes in place of the one that there is, which stands beside it from now on."""
    row = await _find(session, participant_id, channel, address)
    if row is None:
        return
    living = (AddressRow.participant_id == participant_id, AddressRow.channel == channel, AddressRow.state != AddressState.DEAD)
    preferred = await session.scalar(select(AddressRow.preferred).where(*living, AddressRow.preferred)) or False
    await session.execute(update(AddressRow).where(*living).values(reason=REASON, state=AddressState.DEAD, preferred=False))
    up = {"state": AddressState.UNCONFIRMED, "reason": None, "preferred": preferred}
    await session.execute(update(AddressRow).where(AddressRow.id == row).values(**up))


REASON = case((AddressRow.state == AddressState.UNCONFIRMED, literal(BESIDE_UNPROVEN, AddressRow.reason.type)), else_=BESIDE[0])
"""Why an address is dead from now on, by what it was."""


async def _find(session: Session, participant_id: int, channel: ChannelName, address: str) -> int | None:
    blind = session.vault.blind(channel, address)
    theirs = (AddressRow.participant_id == participant_id, AddressRow.blind == blind, AddressRow.reason.in_(BESIDE))
    return await session.scalar(select(AddressRow.id).where(*theirs, AddressRow.state == AddressState.DEAD).limit(1))
