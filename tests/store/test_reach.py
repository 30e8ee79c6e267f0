"""Addresses are found by their hash, belong to one person, and are written to only while they live."""

from datetime import datetime, timedelta

import pytest

from medvind.errors import ConflictError
from medvind.model import AddressState, ChannelName
from medvind.store.database import Database
from medvind.store.reach import add_address, find_person, reach_of, say, set_state
from tests.people import Person, add_person

SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM


@pytest.fixture
async def maja(db: Database, now: datetime) -> Person:
    async with db.begin() as session:
        return await add_person(session, db.vault, now=now)


async def test_an_address_leads_to_its_person_on_its_channel_alone(db: Database, maja: Person) -> None:
    async with db.read() as session:
        assert await find_person(session, SMS, "+4501000001") == maja.id
        assert await find_person(session, TELEGRAM, "+4501000001") is None
        assert await find_person(session, SMS, "+4501000002") is None


async def test_a_living_address_belongs_to_one_person(db: Database, maja: Person, now: datetime) -> None:
    with pytest.raises(ConflictError):
        async with db.begin() as session:
            await add_person(session, db.vault, external_id="d-002", now=now)


async def test_a_dead_address_may_live_again_with_somebody_else(db: Database, maja: Person, now: datetime) -> None:
    async with db.begin() as session:
        address = (await reach_of(session, [maja.id]))[maja.id].on(SMS)
        assert address is not None
        await set_state(session, address.id, AddressState.DEAD, "21614")
        assert await find_person(session, SMS, "+4501000001") is None
        bo = await add_person(session, db.vault, external_id="d-002", now=now)
        assert await find_person(session, SMS, "+4501000001") == bo.id
        assert (await reach_of(session, [maja.id]))[maja.id].addresses == ()


async def test_a_new_address_takes_the_place_of_the_old_one_and_is_preferred(db: Database, maja: Person, now: datetime) -> None:
    async with db.begin() as session:
        await add_address(session, maja.id, TELEGRAM, "47001", now)
        await add_address(session, maja.id, SMS, "+4501000002", now)
        theirs = (await reach_of(session, [maja.id]))[maja.id]
        shown = {one.channel: (one.value(session), one.preferred) for one in theirs.addresses}
        assert shown == {TELEGRAM: ("47001", False), SMS: ("+4501000002", True)}
        assert await find_person(session, SMS, "+4501000001") is None


async def test_the_way_is_the_preferred_one_with_a_yes_behind_it(db: Database, maja: Person, now: datetime) -> None:
    async with db.begin() as session:
        await add_address(session, maja.id, TELEGRAM, "47001", now)
        theirs = (await reach_of(session, [maja.id]))[maja.id]
        assert theirs.way() == theirs.on(SMS)
        await say(session, maja.id, [TELEGRAM], given=True, how="START", now=now)
        theirs = (await reach_of(session, [maja.id]))[maja.id]
        assert theirs.way() == theirs.on(TELEGRAM)
        await say(session, maja.id, [SMS, TELEGRAM], given=False, how="STOP", now=now + timedelta(minutes=1))
        theirs = (await reach_of(session, [maja.id]))[maja.id]
        assert (theirs.way(), theirs.answered) == (None, True)


async def test_an_address_shows_nothing_of_itself(db: Database, maja: Person) -> None:
    async with db.read() as session:
        assert "01000001" not in repr(await reach_of(session, [maja.id]))
