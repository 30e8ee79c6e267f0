"""A disk that is full, or takes no writes at all, under a database on SQLite, and that has room again."""

import asyncio
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from medvind.store.database import Database

FILLER = "x" * 4000
ENDLESS = 1 << 30
LIMIT = 10.0


class Disk:
    """What each connection is told when it is taken from the pool: SQLite's limits hold for one connection alone."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asked = asyncio.Event()
        self._pragmas = [f"max_page_count={ENDLESS}", "query_only=OFF"]
        event.listen(db.engine.sync_engine, "checkout", self._tell)

    def _tell(self, connection: Any, *_: object) -> None:
        cursor = connection.cursor()
        for pragma in self._pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        self._asked.set()

    async def until_asked(self, times: int) -> None:
        """So many connections have been taken since."""
        async with asyncio.timeout(LIMIT):
            for _ in range(times):
                self._asked.clear()
                await self._asked.wait()

    async def fill(self) -> None:
        """Not one page more; what fits into those that are there still fits."""
        self._pragmas = ["max_page_count=1", "query_only=OFF"]  # SQLite takes no less than what is there
        await self._write("create table if not exists filler (words text)")
        size = len(FILLER)
        while size:
            size = size if await self._write(f"insert into filler values ('{FILLER[:size]}')") else size // 2  # noqa: S608

    async def lock(self) -> None:
        """As a volume that takes no writes at all."""
        self._pragmas = [f"max_page_count={ENDLESS}", "query_only=ON"]

    async def give_room(self) -> None:
        """All is well again."""
        self._pragmas = [f"max_page_count={ENDLESS}", "query_only=OFF"]

    async def _write(self, statement: str) -> bool:
        try:
            async with self._db.engine.begin() as connection:
                await connection.execute(text(statement))
        except OperationalError:
            return False
        return True
