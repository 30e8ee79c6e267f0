"""A database as it is before the first start."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests import postgres
from tests.conftest import KINDS


@pytest.fixture(params=KINDS)
async def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database of each kind in which nothing has ever been."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    name, admin = f"bare_{uuid4().hex}", postgres.address()
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'create database "{name}"')
    yield admin.replace("/postgres?", f"/{name}?")
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'drop database "{name}" with (force)')
