"""The app over a database of each kind, and people who call it."""

from collections.abc import AsyncIterator
from datetime import datetime

import httpx2
import pytest

from medvind.store.database import Database
from medvind.texts import Catalogue
from tests.api.calling import Api, Apps, StillClock


@pytest.fixture(scope="session")
def apps(catalogue: Catalogue) -> Apps:
    """This worker's."""
    return Apps(catalogue)


@pytest.fixture
def clock(apps: Apps, now: datetime) -> StillClock:
    apps.clock.shows = now
    return apps.clock


@pytest.fixture
async def api(db: Database, apps: Apps, clock: StillClock) -> AsyncIterator[Api]:
    transport = httpx2.ASGITransport(apps.over(db))
    async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
        yield Api(client, db, clock)
