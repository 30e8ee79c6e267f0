"""What every test may ask for: a moment, a database of each kind, a catalogue, fake channels."""

import asyncio
import gc
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from medvind.loop import LOOP
from medvind.store.database import Database
from medvind.store.schema import migrate
from medvind.store.tables import Row
from medvind.store.vault import Keys, Vault
from medvind.texts import Catalogue
from tests import postgres
from tests.shares import in_shares
from tests.system.rig import FORKS, Zygote

KINDS = ("sqlite", "postgresql")
ZYGOTE = pytest.StashKey[Zygote]()
ROOMY = 4 * 2**30
KEYS = Keys({"test": bytes(range(32))}, bytes(range(32, 64)))


settings.register_profile("any machine", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("any machine")
"""A busy machine makes nobody's example wrong; what has a limit of its own measures it."""


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run agrees with its workers on one PostgreSQL, and on one process to fork others from."""
    if not hasattr(config, "workerinput"):
        in_memory()
        postgres.prepare()
        config.stash[ZYGOTE] = Zygote("--telegram")
        os.environ[FORKS] = config.stash[ZYGOTE].path


def in_memory() -> None:
    """Every commit on SQLite waits for the disk, and a run makes thousands: its files lie in memory where there is plenty."""
    memory = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own there
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_unconfigure(config: pytest.Config) -> None:
    """And stops both."""
    if not hasattr(config, "workerinput"):
        config.stash[ZYGOTE].close()
        postgres.clear_up()


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests run on the loop that the processes run on."""
    return {"as it runs": LOOP}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that at the end no worker waits for another."""
    items[:] = in_shares(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage again and again took a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Both databases have run the same tests: the counts show it."""
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", []) if report.when == "call"]
    counts = {kind: sum(bool(re.search(rf"[\[-]{kind}[\]-]", node)) for node in passed) for kind in KINDS}
    terminalreporter.write_line(", ".join(f"{kind}: {count} passed" for kind, count in counts.items()))


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in November, 10:00 in Copenhagen."""
    return datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def vault() -> Vault:
    """Seals with keys that are made up."""
    return Vault(KEYS)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Everything that Medvind says."""
    return Catalogue.load()


@pytest.fixture(params=KINDS)
def db_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: each test that asks runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def db(db_url: str, vault: Vault, engines: "Engines") -> AsyncIterator[Database]:
    """The same, opened; closed again after the test, which has a loop of its own."""
    database = await engines.at(db_url, vault)
    yield database
    await database.engine.dispose()


class Engines:
    """One engine for each kind of database and worker, since each new one would compile every statement anew."""

    def __init__(self, folder: Path) -> None:
        self._link = folder / "now.db"
        self._opened: dict[str, Database] = {}
        self._kept: list[object] = []

    async def at(self, url: str, vault: Vault) -> Database:
        """The database at this address. A file is reached by a link, which leads to another one in each test."""
        if url.startswith("sqlite"):
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(url.removeprefix("sqlite:///"))
            url = f"sqlite:///{self._link}"
        if url not in self._opened:
            opening = Database.open(url, vault)
            self._kept.append(opening)  # nobody holds it otherwise, and it would close what it has opened in mid-use
            self._opened[url] = await opening.__aenter__()
        return self._opened[url]


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """This worker's."""
    return Engines(tmp_path_factory.mktemp("engines"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "medvind.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty, migrated SQLite file."""
    path = tmp_path / "medvind.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[str]:
    """This worker's own database, migrated once."""
    name = f"medvind_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    admin = postgres.address()
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"create database {name}")
    url = admin.replace("/postgres?", f"/{name}?")
    _migrated(url)
    with psycopg.connect(url, autocommit=True) as EMPTYING[url]:
        EMPTYING[url].execute(_emptying())
        yield url
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")


@pytest.fixture
def postgresql_url(postgresql_database: str) -> str:
    """The same database for each test of a worker, emptied."""
    empty(postgresql_database)
    return postgresql_database


EMPTYING: dict[str, psycopg.Connection] = {}
"""One connection to each database that is emptied again and again: it knows how."""


def empty(url: str) -> None:
    """Makes a database on PostgreSQL as it was when it was new."""
    EMPTYING[url].execute("select pg_temp.emptied()")


def _emptying() -> str:
    """Deleting a few rows is quicker than truncating every table, and asking where there are any is quicker still."""
    tables = [table.name for table in reversed(Row.metadata.sorted_tables)]
    counted = [table.name for table in Row.metadata.sorted_tables if "id" in table.columns]
    rows = " ".join(f"if exists (select from {name}) then delete from {name}; end if;" for name in tables)  # noqa: S608 - our own tables
    numbers = " ".join(f"perform setval('{name}_id_seq', 1, false);" for name in counted)
    return f"create function pg_temp.emptied() returns void language plpgsql as $$ begin {rows} {numbers} end $$"


def _migrated(url: str) -> None:
    """In a loop of its own, since session fixtures have none."""

    async def run() -> None:
        async with Database.open(url, Vault(KEYS)) as database:
            await migrate(database)

    with asyncio.Runner() as runner:
        runner.run(run())
