"""A worker's stage: a database, texts, a coach and people who said yes."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from medvind.store.database import Database
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.people import Person, add_coach, add_person
from tests.scheduler.stage import Stage


@pytest.fixture
async def sqlite_db(sqlite_url: str, vault: Vault) -> AsyncIterator[Database]:
    """Where which database it is makes no difference."""
    async with Database.open(sqlite_url, vault) as database:
        yield database


@pytest.fixture
def stage(sqlite_db: Database, catalogue: Catalogue, now: datetime) -> Stage:
    return Stage(sqlite_db, catalogue, now)


@pytest.fixture
async def maja(stage: Stage, now: datetime) -> Person:
    async with stage.db.begin() as session:
        coach = await add_coach(session, stage.db.vault, now=now)
        return await add_person(session, stage.db.vault, coach_id=coach.id, now=now)
