"""A database as it is before the first start."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests import postgres
from tests.conftest import KINDS


@pytest.fixture(params=KINDS)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind in which nothing has ever been."""
    with new_database(request.param, tmp_path / "bare.db") as url:
        yield url


@contextmanager
def new_database(kind: str, file: Path) -> Iterator[str]:
    """This file, or a database of its own on the server, which is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{file}"
        return
    name, admin = f"new_{uuid4().hex}", postgres.address()
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"create database {name}")
    yield admin.replace("/postgres?", f"/{name}?")
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")
