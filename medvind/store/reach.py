"""How somebody can be reached, and what they have said yes to. Addresses are sealed and found by their keyed hash."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from medvind.model import AddressState, ChannelName, PublicId, Purpose, RecipientType, State, new_id
from medvind.store.among import among
from medvind.store.database import Session, ask
from medvind.store.tables import AddressRow, ConsentRow, OutboxRow


class Address(NamedTuple):
    """One living way to reach a person. `value` is what the channel calls it (E.164, a Telegram user id)."""

    id: int
    public_id: PublicId
    participant_id: int
    channel: ChannelName
    sealed: bytes
    state: AddressState
    preferred: bool
    since: datetime

    def value(self, session: Session) -> str:
        """The address itself."""
        return session.vault.open(AddressRow.value, self.public_id, self.sealed)


class Consent(NamedTuple):
    """What holds now for one channel: the purposes said yes to, and since when."""

    purposes: frozenset[Purpose] = frozenset()
    since: datetime | None = None


NOTHING_SAID = Consent()


class Reach(NamedTuple):
    """A person's living addresses and what holds on each channel.

    `answered`: there was a yes or a no at some time. `numbers`: so many phone numbers there were, dead ones too.
    """

    addresses: tuple[Address, ...] = ()
    consents: Mapping[ChannelName, Consent] | None = None
    answered: bool = False
    numbers: int = 0

    def on(self, channel: ChannelName) -> Address | None:
        """The living address on this channel."""
        return next((address for address in self.addresses if address.channel == channel), None)

    def consent(self, channel: ChannelName) -> Consent:
        """What holds on this channel."""
        return (self.consents or {}).get(channel, NOTHING_SAID)

    def is_open(self, channel: ChannelName, purpose: Purpose | None = None) -> bool:
        """Whether something may go this way: to a confirmed address, with a yes to this purpose, or without one to any."""
        address, said = self.on(channel), self.consent(channel).purposes
        return address is not None and address.state == AddressState.ACTIVE and (purpose in said if purpose else bool(said))

    def to_invite(self) -> Address | None:
        """The number that must first be asked whether we may write: nobody has answered yet, or the yes came from another one.

        None where somebody has said no, where they have Telegram, blocked or not, and where there is no such number.
        """
        number = self.on(ChannelName.SMS)
        if number is None or number.state != AddressState.UNCONFIRMED:
            return None
        moved = self.has_moved and self.on(ChannelName.TELEGRAM) is None
        return number if moved or not self.answered else None

    @property
    def has_stopped(self) -> bool:
        """Whether they have answered, and want nothing from us on any channel."""
        return self.answered and not any(self.consent(channel).purposes for channel in ChannelName)

    @property
    def has_moved(self) -> bool:
        """Whether the yes to SMS came from another number than the one there is, which has not said JA."""
        number = self.on(ChannelName.SMS)
        asked = number is not None and number.state == AddressState.UNCONFIRMED and self.numbers > 1
        return asked and bool(self.consent(ChannelName.SMS).purposes)

    def way(self, wished: ChannelName | None = None) -> Address | None:
        """The active address with a yes behind it: on the channel that is wished for, else the preferred one, else any."""
        open_ways = [a for a in self.addresses if a.state == AddressState.ACTIVE and self.consent(a.channel).purposes]
        return min(open_ways, key=lambda one: (one.channel != wished, not one.preferred, one.id), default=None)


WRONG = "wrong_number"
BY_HAND = ("replaced", "removed", WRONG)
"""Why an address is dead that no provider has given up: the person has another one, or a coach took it away."""
BESIDE, BESIDE_UNPROVEN = ("beside", "beside_unconfirmed"), "beside_unconfirmed"
"""Why an address is dead that came together with another one when two records were joined: nothing is sent there, and what
comes from there is theirs; from the second kind nobody had said yes.
"""

ADDRESSES = (
    select(
        AddressRow.id,
        AddressRow.public_id,
        AddressRow.participant_id,
        AddressRow.channel,
        AddressRow.value,
        AddressRow.state,
        AddressRow.preferred,
        AddressRow.since,
    )
    .where(among(AddressRow.participant_id))
    .order_by(AddressRow.id)
)
NUMBERS = select(AddressRow.state, AddressRow.reason, AddressRow.blind).where(
    AddressRow.participant_id == bindparam("person"), AddressRow.channel == ChannelName.SMS
)
SAID = (
    select(ConsentRow.participant_id, ConsentRow.channel, ConsentRow.purpose, ConsentRow.given, ConsentRow.at)
    .where(among(ConsentRow.participant_id))
    .order_by(ConsentRow.at, ConsentRow.id)
)

ANSWERS_TO = select(AddressRow.participant_id).where(
    AddressRow.blind == bindparam("address"), AddressRow.state != AddressState.DEAD
)
ACTIVE = (
    update(AddressRow)
    .where(
        AddressRow.participant_id == bindparam("person"),
        AddressRow.channel == bindparam("here"),
        AddressRow.state != AddressState.DEAD,
    )
    .values(state=AddressState.ACTIVE, reason=None)
)


async def reach_of(session: Session, participant_ids: Collection[int]) -> dict[int, Reach]:
    """For everybody asked about, in two questions."""
    addresses: dict[int, list[Address]] = {person: [] for person in participant_ids}
    numbers = dict.fromkeys(participant_ids, 0)
    for row in await ask(session, ADDRESSES, participant_ids):
        address = Address._make(row)
        numbers[address.participant_id] += address.channel == ChannelName.SMS
        if address.state != AddressState.DEAD:
            addresses[address.participant_id].append(address)
    said: dict[int, dict[ChannelName, dict[Purpose, datetime]]] = {}
    for person, channel, purpose, given, at in await ask(session, SAID, participant_ids):
        theirs = said.setdefault(person, {}).setdefault(channel, {})
        if given:
            theirs[purpose] = at
        else:
            theirs.pop(purpose, None)
    return {
        person: Reach(tuple(addresses[person]), _holding(said.get(person, {})), person in said, numbers[person])
        for person in participant_ids
    }


def _holding(said: Mapping[ChannelName, Mapping[Purpose, datetime]]) -> dict[ChannelName, Consent]:
    return {channel: Consent(frozenset(given), min(given.values())) for channel, given in said.items() if given}


async def is_unproven(session: Session, participant_id: int, channel: ChannelName, address: str) -> bool:
    """Whether who writes from here may be anybody: a number in place of another one, from which no JA has come."""
    if channel != ChannelName.SMS:
        return False
    numbers, blind = await ask(session, NUMBERS, person=participant_id), session.vault.blind(channel, address)
    beside = [row.reason for row in numbers if row.blind == blind and row.reason in BESIDE]
    if beside:
        return BESIDE_UNPROVEN in beside
    return len(numbers) > 1 and any(row.state == AddressState.UNCONFIRMED for row in numbers)


async def find_person(session: Session, channel: ChannelName, address: str) -> int | None:
    """Who answers to this address now, or None."""
    found = await ask(session, ANSWERS_TO, address=session.vault.blind(channel, address))
    return found[0].participant_id if found else None


async def lives_again(session: Session, channel: ChannelName, address: str) -> int | None:
    """Whose address this was until the provider gave it up, and is again: whoever writes from it can be reached there.

    None where a coach took it away or the person has another one on this channel by now. A number in place of another one from
    which nobody has said yes is asked first, as before. One that is theirs beside another one stays dead.
    """
    blind = session.vault.blind(channel, address)
    lost = (AddressRow.blind == blind, AddressRow.state == AddressState.DEAD)
    which = (AddressRow.id, AddressRow.participant_id, AddressRow.channel, AddressRow.since, AddressRow.reason)
    newest = select(*which).where(*lost).order_by(AddressRow.id.desc())
    found = (await session.execute(newest.limit(1))).first()
    if found is None or found.reason in BY_HAND:
        return None
    if found.reason in BESIDE:
        return int(found.participant_id)
    reach = (await reach_of(session, [found.participant_id]))[found.participant_id]
    if reach.on(channel) is not None:
        return None
    asked_first = channel == ChannelName.SMS and reach.numbers > 1 and not await _said_yes_from(session, found)
    await set_state(session, found.id, AddressState.UNCONFIRMED if asked_first else AddressState.ACTIVE)
    return int(found.participant_id)


async def _said_yes_from(session: Session, address: Any) -> bool:
    """Whether a yes has come on its channel since this was the person's address."""
    since = (ConsentRow.participant_id == address.participant_id, ConsentRow.at >= address.since, ConsentRow.given)
    return await session.scalar(select(ConsentRow.id).where(*since, ConsentRow.channel == address.channel).limit(1)) is not None


async def add_address(session: Session, participant_id: int, channel: ChannelName, value: str, now: datetime) -> None:
    """An active address, preferred from now on; what the person had on this channel before is dead, reason `replaced`."""
    await session.execute(
        update(AddressRow)
        .where(AddressRow.participant_id == participant_id, AddressRow.channel == channel)
        .values(state=AddressState.DEAD, reason="replaced", preferred=False)
    )
    await session.execute(update(AddressRow).where(AddressRow.participant_id == participant_id).values(preferred=False))
    public_id = new_id()
    await session.execute(
        insert(AddressRow).values(
            public_id=public_id,
            participant_id=participant_id,
            channel=channel,
            value=session.vault.seal(AddressRow.value, public_id, value),
            blind=session.vault.blind(channel, value),
            state=AddressState.ACTIVE,
            preferred=True,
            since=now,
        )
    )


async def set_state(session: Session, address_id: int, state: AddressState, reason: str | None = None) -> None:
    """Confirmed, dead with the reason, alive again. A dead address is no longer the preferred one."""
    changes: dict[str, object] = {"state": state, "reason": reason}
    if state == AddressState.DEAD:
        changes["preferred"] = False
    await session.execute(update(AddressRow).where(AddressRow.id == address_id).values(**changes))


async def activate(session: Session, participant_id: int, channel: ChannelName) -> None:
    """What they have on this channel is theirs beyond doubt; what is dead there stays so."""
    await (await session.direct()).execute(ACTIVE, {"person": participant_id, "here": channel})


async def unbind(session: Session, participant_id: int, channel: ChannelName) -> None:
    """What was tried on this channel in vain and waits again is bound to it no longer.

    Answers stay where the question came from, and what is in doubt where it may have arrived.
    """
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == participant_id)
    tried = (OutboxRow.state == State.PLANNED, OutboxRow.channel == channel, OutboxRow.asked_at.is_(None))
    await session.execute(update(OutboxRow).where(*theirs, *tried, OutboxRow.kind != "reply").values(channel=None))


async def say(
    session: Session,
    participant_id: int,
    channels: Collection[ChannelName],
    *,
    given: bool,
    how: str,
    now: datetime,
    text_version: str | None = None,
) -> None:
    """Writes down a yes or a no to every purpose on these channels. Nothing is ever changed here, only added."""
    await session.execute(
        insert(ConsentRow),
        [
            {
                "participant_id": participant_id,
                "channel": channel,
                "purpose": purpose,
                "given": given,
                "at": now,
                "how": how,
                "text_version": text_version,
            }
            for channel in channels
            for purpose in Purpose
        ],
    )
