"""A word through PostgreSQL when something falls due sooner, so that workers in other processes need not look each second."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

import structlog
from psycopg import AsyncConnection
from sqlalchemy import func, select

from medvind.store.database import LIMIT, Database, Session

CHANNEL = "medvind_due"
SOON = timedelta(seconds=60)
"""The longest look that can be set: what is due later is seen in time by whoever looks."""
CONNECT = 5
PROVE = 30.0
"""Seconds after which the line is tried: one whose other end is gone is as silent as one on which nobody speaks."""
NOTIFY = select(func.pg_notify(CHANNEL, ""))

log = structlog.get_logger()


async def notify(session: Session) -> None:
    """Wakes all workers once this transaction has committed; on SQLite nobody.

    Once a transaction, and never where messages are claimed or written down: PostgreSQL lets transactions that tell something
    commit one at a time.
    """
    if session.on_postgresql and not session.info.get(CHANNEL):
        session.info[CHANNEL] = True
        await (await session.direct()).execute(NOTIFY)


async def notify_if_soon(session: Session, due: Iterable[datetime], now: datetime) -> None:
    """The same where any of this is due before a sleeping worker would look."""
    if any(moment - now <= SOON for moment in due):
        await notify(session)


def is_told(db: Database) -> bool:
    """Whether this kind of database passes the word on."""
    return db.engine.dialect.name == "postgresql"


async def hear(db: Database, wake: Callable[[], None], stop: asyncio.Event, *, apart: float, prove: float = PROVE) -> None:
    """Calls `wake` at each word, until it is told to stop.

    While nothing can be heard it calls it every `apart` seconds: the worker then looks as often as one that is told nothing.
    """
    ear = _Ear(db, wake, apart, prove)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one) for one in (ear.listen(), ear.stand_in())]
        await stop.wait()
        for task in tasks:
            task.cancel()


@dataclass(slots=True)
class _Ear:
    """A connection of its own, made anew where it is lost."""

    db: Database
    wake: Callable[[], None]
    apart: float
    prove: float
    hears: bool = False
    lost: bool = False

    async def stand_in(self) -> NoReturn:
        """Wakes in place of the others while nothing can be heard of them."""
        while True:
            await asyncio.sleep(self.apart)
            if not self.hears:
                self.wake()

    async def listen(self) -> NoReturn:
        """For good: says once that the line is lost, and once that it is back."""
        while True:
            try:
                await self._hear()
            except Exception as error:  # noqa: BLE001 - the last stop: a worker sends without this too
                if not self.lost:
                    log.warning("wake_ups_lost", error=type(error).__name__)
                self.lost = True
            finally:
                self.hears = False
            await asyncio.sleep(self.apart)

    async def _hear(self) -> NoReturn:
        _, to = self.db.engine.dialect.create_connect_args(self.db.engine.url)
        connection = await AsyncConnection.connect(**{"connect_timeout": CONNECT, **to}, autocommit=True)
        try:
            async with asyncio.timeout(LIMIT):
                await connection.execute(f"listen {CHANNEL}")
            self._begin()
            while True:
                self.hears = True
                async for _ in connection.notifies(timeout=self.prove):
                    self.wake()
                self.hears = False  # until the answer is there: to give up a line that hangs takes the driver a while
                async with asyncio.timeout(LIMIT):
                    await connection.execute("select 1")
        finally:
            await connection.close()

    def _begin(self) -> None:
        """What was said until now was not heard."""
        if self.lost:
            log.info("wake_ups_back")
        self.lost = False
        self.wake()
