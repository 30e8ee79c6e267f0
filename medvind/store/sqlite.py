"""SQLite's driver with one crossing to the connection's thread for each statement.

The one that SQLAlchemy brings crosses four times for a question (cursor, execute, fetch, close), and for a small question
that is most of its price: three simulated years took 1.4 times as long with it. Everything else is that driver's.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import aiosqlite
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)

DRIVER = "sqlite+medvind"
"""The name under which SQLAlchemy finds it, once this module is imported."""


class _Answer:
    """All of what a statement brought, in place of an open cursor."""

    description: Any = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1
    rows: Sequence[Any] = ()


def _run(connection: sqlite3.Connection, statement: str, values: Any, *, many: bool) -> _Answer:
    """On the connection's own thread, to the end: nothing stays open."""
    answer, cursor = _Answer(), connection.cursor()
    try:
        if many:
            cursor.executemany(statement, values)
        else:
            cursor.execute(statement, () if values is None else values)
        answer.description, answer.rowcount, answer.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        if cursor.description and not many:
            answer.rows = cursor.fetchall()
    finally:
        cursor.close()
    return answer


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Asks, keeps the answer, and has nothing to open or to close."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: Any) -> Any:
        del connection
        return _Answer()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    def close(self) -> None:
        self._rows.clear()

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        await self._ask(operation, parameters, many=False)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._ask(operation, seq_of_parameters, many=True)

    async def _ask(self, statement: str, values: Any, *, many: bool) -> None:
        driver: Any = self._connection
        async with self._adapt_connection._execute_mutex:  # noqa: SLF001 - the base class' own
            # aiosqlite has no public way to run several calls in one crossing
            answer = await driver._execute(_run, driver._conn, statement, values, many=many)  # noqa: SLF001
        self._cursor, self._rows = answer, deque(answer.rows)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls: type[AsyncAdapt_aiosqlite_cursor] = _Cursor


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *args: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        opened = super().connect(*args, **options)
        return _Connection(self, opened.driver_connection)


class Dialect(SQLiteDialect_aiosqlite):
    """What SQLAlchemy asks for."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        """Both drivers' modules in one."""
        modules: tuple[ModuleType, ModuleType] = (aiosqlite, sqlite3)
        return _Module(*modules)


registry.register(DRIVER.replace("+", "."), __name__, Dialect.__name__)
