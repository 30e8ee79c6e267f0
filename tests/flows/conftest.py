"""A town with one coach and one person who has said yes to text messages."""

from datetime import datetime

import pytest

from medvind.store.database import Database
from medvind.texts import Catalogue
from tests.fakes import HandClock, Town
from tests.flows.office import Office, open_office
from tests.people import Made, Person, add_coach, add_person


@pytest.fixture
def town(db: Database, now: datetime, catalogue: Catalogue) -> Town:
    return Town(db, HandClock(now), catalogue)


@pytest.fixture
async def coach(town: Town) -> Made:
    async with town.db.begin() as session:
        return await add_coach(session, town.db.vault, now=town.clock.now())


@pytest.fixture
async def maja(town: Town, coach: Made) -> Person:
    async with town.db.begin() as session:
        return await add_person(session, town.db.vault, coach_id=coach.id, now=town.clock.now())


@pytest.fixture
async def office(town: Town) -> Office:
    return await open_office(town)
