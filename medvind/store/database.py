"""The database: one way to begin a transaction, with a time limit, on SQLite and PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from sqlite3 import OperationalError as SqliteBusyError
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import InstrumentedAttribute

from medvind.errors import NotReadyError
from medvind.store.failures import translated
from medvind.store.sqlite import DRIVER
from medvind.store.tables import Row
from medvind.store.vault import Vault

DRIVERS = {"sqlite": DRIVER, "postgresql": "postgresql+psycopg"}
LIMIT = 5.0
"""Seconds a transaction may take, kept on the client's side: a hung primary still acknowledges at TCP level.

A call that hangs is given up then; the driver may take ten seconds more to let go of its connection.
"""
PLANS = "-c plan_cache_mode=force_generic_plan"
"""What PostgreSQL has prepared it plans once: a batch asks the same each time, and planning can cost more than asking."""
PREPARED_AFTER = 1
"""Uses of a statement on a connection. To plan the longest takes longer than it takes to run, and a worker has few of them.

So that these are the same few connections again and again, the one that came back last is taken first. On SQLite too: each
has pages and statements of its own, and a worker that went round all of them took 9 to 12 MB more (2026-11-29).
"""
BUSY = 4.0
"""Seconds a writer waits for another one on SQLite: it gives up before the limit cuts it off, and keeps its connection."""


class Session(AsyncSession):
    """A transaction under way, and the vault that opens what it reads. Whoever began it ends it."""

    _direct: AsyncConnection | None = None

    @property
    def vault(self) -> Vault:
        """Seals and opens personal values."""
        vault: Vault = self.info["vault"]
        return vault

    async def direct(self) -> AsyncConnection:
        """The transaction past the mapper, looked up once: the way to it costs as much as a small question."""
        if self._direct is None or self._direct.closed:
            self._direct = await self.connection()
        return self._direct

    @property
    def on_postgresql(self) -> bool:
        """For the few statements that the two databases spell differently."""
        return self.get_bind().dialect.name == "postgresql"


class Database:
    """Opened with `Database.open`, so that no pool is left behind."""

    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self.engine = engine
        self.vault = vault
        self._session = async_sessionmaker(engine, class_=Session, expire_on_commit=False, info={"vault": vault})
        self._line: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, vault: Vault, *, pool: int = 10) -> AsyncIterator["Database"]:
        """The database at this URL. Raises NotReadyError for a URL that names no database Medvind knows."""
        engine = _engine(parse_url(url), pool)
        try:
            yield cls(engine, vault)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def begin(self, limit: float | None = LIMIT) -> AsyncIterator[Session]:
        """A transaction that may write; it commits at the end and is gone after an error. None lifts the time limit.

        Raises DatabaseAwayError where the database doesn't answer in time or can't write, ConflictError where a unique key
        was taken meanwhile, OtherSchemaError where what is asked for isn't there.
        """
        with translated():
            async with asyncio.timeout(limit), self._turn(), self._session() as session, session.begin():
                yield session

    @property
    def side_by_side(self) -> bool:
        """Whether several transactions write at the same time: SQLite lets one."""
        return self.engine.dialect.name != "sqlite"

    def _turn(self) -> AbstractAsyncContextManager[None]:
        """SQLite lets one write and makes the others look again after a nap: within a process they stand in line instead."""
        if self.side_by_side:
            return nullcontext()
        loop = asyncio.get_running_loop()
        if self._line is None or self._line[0] is not loop:
            self._line = (loop, asyncio.Lock())
        return self._line[1]

    async def let_go_of_old_pages(self) -> None:
        """What was deleted on SQLite stands in its second file still, as pages of before: brought over, that one is emptied.

        Where somebody reads meanwhile it stays, and is tried again. PostgreSQL clears up by itself.
        """
        if self.side_by_side:
            return
        async with self.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            async with driver.execute("pragma wal_checkpoint(truncate)"):
                pass

    @asynccontextmanager
    async def read(self, limit: float | None = LIMIT) -> AsyncIterator[Session]:
        """A transaction that only reads; on SQLite it doesn't wait for writers. Raises as `begin` does."""
        with translated():
            async with asyncio.timeout(limit), self._session() as session:
                await session.connection(execution_options={"medvind_read": True})
                yield session
                await session.rollback()


def parse_url(text: str) -> URL:
    """The setting as SQLAlchemy wants it, with the driver of our choice. Several hosts: `postgresql://u:p@a:1,b:2/name`."""
    example = "expected sqlite:///medvind.db or postgresql://user:password@host:5432/name"
    scheme, mark, rest = text.partition("://")
    login, at, hosts = rest.rpartition("@") if "@" in rest else ("", "", rest)
    places, slash, name = hosts.partition("/")
    many = "," in places and scheme == "postgresql"
    try:
        url = make_url(f"{scheme}{mark}{login}{at}{slash}{name}" if many else text)
    except (ArgumentError, ValueError):
        raise NotReadyError(f"MEDVIND_DATABASE_URL: {example}") from None
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None or url.database in {None, "", ":memory:"}:
        raise NotReadyError(f"MEDVIND_DATABASE_URL: {example}")
    if many:
        url = url.update_query_dict({"host": tuple(places.split(",")), "target_session_attrs": "read-write"})
    return url.set(drivername=driver)


def _spelled(value: Any) -> str:
    """As JSON; moments and bytes as PostgreSQL reads them from it."""
    return orjson.dumps(value, _other, orjson.OPT_NON_STR_KEYS).decode()


def _other(value: Any) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(type(value).__name__)


def _engine(url: URL, pool: int) -> AsyncEngine:
    options: dict[str, Any] = {
        "hide_parameters": True,
        "pool_size": pool,
        "max_overflow": pool,
        "pool_use_lifo": True,
        "json_serializer": _spelled,
        "json_deserializer": orjson.loads,
    }
    if url.get_backend_name() == "postgresql":
        arguments = {
            "connect_timeout": 5,
            "prepare_threshold": PREPARED_AFTER,
            "options": f"-c timezone=UTC -c statement_timeout=0 {PLANS}",
        }
        return create_async_engine(url, pool_pre_ping=True, connect_args=arguments, **options)
    if not Path(url.database or "").resolve().parent.is_dir():
        raise NotReadyError(f"MEDVIND_DATABASE_URL: the folder of {url.database} does not exist; make it first")
    engine = create_async_engine(url, connect_args={"timeout": BUSY}, **options)
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Durable (a power cut loses no commit) and readable while somebody writes; we begin transactions ourselves.

    What is deleted is written over: else it stays readable in the file until its page is needed.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Where several open a new file at once SQLite refuses all but one of them the switch to WAL without waiting.

    An empty write does wait its turn: behind it the switch is made.
    """
    until = monotonic() + BUSY
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except SqliteBusyError:
            if monotonic() > until:
                raise
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("COMMIT")
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once, so that two never meet half way."""
    reading = connection.get_execution_options().get("medvind_read")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


async def ask(session: Session, question: Executable, about: Collection[int] | None = None, **values: Any) -> Sequence[Any]:
    """What a question finds that was made once, at the start, past the mapper; about nobody, nothing is asked.

    Planning one person asks a dozen: to make each anew would cost several times what its small answer does.
    """
    if about is not None and not about:
        return []
    asked = values if about is None else {"asked": list(about), **values}
    return (await (await session.direct()).execute(question, asked)).all()


async def insert_once(
    session: Session, table: type[Row], rows: Iterable[Mapping[str, Any]], returning: InstrumentedAttribute[Any]
) -> list[Any]:
    """Inserts what isn't there yet and answers with that column of the rows that are new. Never raises for a double.

    The rows name the same columns. One statement for as many rows as the database takes at once; its text is made only once.
    """
    waiting = [dict(row) for row in rows]
    if not waiting:
        return []
    insert: Any = postgresql.insert if session.on_postgresql else sqlite.insert
    statement = insert(table.__table__).on_conflict_do_nothing().returning(returning)
    return list((await (await session.direct()).execute(statement, waiting)).scalars())


async def insert_new(session: Session, table: type[Row], rows: Iterable[Mapping[str, Any]]) -> int:
    """The same where only the number of new rows is asked for: one prepared statement, run for each, is the fastest."""
    waiting = [dict(row) for row in rows]
    if not waiting:
        return 0
    insert: Any = postgresql.insert if session.on_postgresql else sqlite.insert
    statement = insert(table.__table__).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    done: CursorResult[Any] = await (await session.direct()).execute(statement, waiting)
    return done.rowcount


async def upsert(
    session: Session,
    table: type[Row],
    row: Mapping[str, Any],
    key: Iterable[str],
    *,
    only_if: ColumnElement[bool] | None = None,
) -> bool:
    """Inserts the row or updates the one under this key; False where `only_if` kept the old one."""
    insert: Any = postgresql.insert if session.on_postgresql else sqlite.insert
    keys = list(key)
    statement = insert(table).values(**row)
    changes = {name: statement.excluded[name] for name in row if name not in keys}
    first = next(iter(table.__table__.primary_key))
    done = await session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changes, where=only_if).returning(first)
    )
    return done.first() is not None
