"""Polling under way, and how far it has come."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.polling import poll
from bot.telegram import Telegram
from medvind.store.database import Database, Session
from tests.bot.rig import LIMIT, until
from tests.fakes import HandClock
from tests.standins.telegram import Telegram as Standin
from tests.standins.telegram_words import CANARY

FIRST = 600_000_001


@dataclass
class Poller:
    """Polling under way."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    woken: int = 0

    def wake(self) -> None:
        self.woken += 1


@asynccontextmanager
async def polling(channel: Telegram, db: Database, now: datetime, *, wait: float = 25.0) -> AsyncIterator[Poller]:
    """With short pauses; stopped at the end, however it went."""
    one = Poller()
    task = asyncio.create_task(poll(channel, db, HandClock(now), one.wake, one.stop, pauses=(0.02, 0.05), wait=wait))
    try:
        yield one
    finally:
        one.stop.set()
        async with asyncio.timeout(LIMIT):
            await task


async def emptied(standin: Standin) -> None:
    async with asyncio.timeout(LIMIT):
        await standin.emptied()


async def happens(condition: Callable[[], bool]) -> None:
    async def look() -> bool:
        return condition()

    await until(look)


def asked(standin: Standin) -> list[str | None]:
    """The offset of each question."""
    return [form.get("offset") for name, form in standin.called if name == "getupdates"]


class Sick(Database):
    """Fails in a way that nobody has thought of, so many times."""

    failures = 0

    @asynccontextmanager
    async def begin(self, limit: float | None = 5.0) -> AsyncIterator[Session]:
        if self.failures:
            self.failures -= 1
            raise RuntimeError(CANARY)
        async with super().begin(limit) as session:
            yield session
