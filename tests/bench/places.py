"""Fresh databases of both kinds, as copies of a migrated one, and the time of day at which the benchmark plays."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from medvind.clock import SystemClock
from medvind.store.database import Database
from medvind.store.schema import migrate
from medvind.store.vault import Keys, Vault
from tests import postgres

VAULT = Vault(Keys({"bench": bytes(range(32))}, bytes(range(32, 64))))
MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Copenhagen: no quiet hours, whenever the benchmark is run."""


class MorningClock(SystemClock):
    """The machine's clock, moved once so that it starts at MORNING; it runs as fast as any."""

    def __init__(self) -> None:
        self.ahead: timedelta = MORNING - datetime.now(UTC)

    def now(self) -> datetime:
        """The moment in the benchmark's own day."""
        return super().now() + self.ahead


@dataclass
class Place:
    """One kind of database. `copy` makes a fresh one that nobody has used; all are gone at the end."""

    kind: str
    folder: Path
    made: int = 0

    def empty(self) -> str:
        """The URL of a database without a table."""
        self.made += 1
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder}/bench-{self.made}.db"
        return self._on_server(f"create database bench_{self.made}")

    def copy(self, url: str) -> str:
        """The URL of a copy. Nobody may have the first one open."""
        self.made += 1
        if self.kind == "sqlite":
            path = self.folder / f"bench-{self.made}.db"
            shutil.copy(url.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        name = url.rpartition("?")[0].rpartition("/")[2]
        return self._on_server(f"create database bench_{self.made} template {name}")

    def _on_server(self, order: str) -> str:
        admin = postgres.address()
        with psycopg.connect(admin, autocommit=True) as server:
            server.execute(order)
        return admin.replace("/postgres?", f"/bench_{self.made}?")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database, as a worker opens it."""
    async with Database.open(url, VAULT) as db:
        yield db


async def migrated(place: Place) -> str:
    """A database with the newest schema, to be copied."""
    url = place.empty()
    async with opened(url) as db:
        await migrate(db)
    return url


@contextmanager
def places(folder: Path, kinds: list[str]) -> Iterator[list[Place]]:
    """The kinds that were asked for; the PostgreSQL server is started when the first asks and stopped here."""
    postgres.prepare()
    try:
        yield [Place(kind, folder) for kind in kinds]
    finally:
        postgres.clear_up()
