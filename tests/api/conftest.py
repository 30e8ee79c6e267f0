"""The app over a database of each kind, and people who call it."""

from collections.abc import AsyncIterator
from datetime import datetime

import httpx2
import pytest

from api.app import create_app
from medvind.store.database import Database
from medvind.texts import Catalogue
from tests.api.calling import Api, StillClock


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def clock(now: datetime) -> StillClock:
    return StillClock(now)


@pytest.fixture
async def api(db: Database, catalogue: Catalogue, clock: StillClock) -> AsyncIterator[Api]:
    transport = httpx2.ASGITransport(create_app(db, catalogue, clock))
    async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
        yield Api(client, db, clock)
