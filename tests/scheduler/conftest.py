"""A worker's stage: a database, texts, a coach and people who said yes."""

from collections.abc import AsyncIterator

import pytest

from medvind.store.database import Database
from medvind.store.vault import Vault


@pytest.fixture
async def sqlite_db(sqlite_url: str, vault: Vault) -> AsyncIterator[Database]:
    """Where which database it is makes no difference."""
    async with Database.open(sqlite_url, vault) as database:
        yield database
