"""The channel and the stand-in, put together; and what stands in the tables afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from bot.telegram import Telegram
from medvind.channels import Button, InboundKind, Outgoing
from medvind.model import PublicId
from medvind.store.database import Database
from medvind.store.tables import InboxRow
from tests.standins.telegram import Telegram as Standin
from tests.standins.telegram_words import TOKEN, Orders

MAJA = 47110001
TEXT = "Møde i morgen kl. 14. Svar JA eller NEJ"
BUTTONS = (Button("JA", "q:abc:yes"), Button("NEJ", "q:abc:no"))
LIMIT = 10.0


@asynccontextmanager
async def opened(standin: Standin, *, token: str = TOKEN, base_url: str | None = None) -> AsyncIterator[Telegram]:
    """The channel as `main` opens it, with a short time limit."""
    async with Telegram.open(token, base_url or standin.base_url, 0.6) as channel:
        yield channel


def message(text: str = TEXT, *, to: str = str(MAJA), buttons: tuple[Button, ...] = ()) -> Outgoing:
    return Outgoing(PublicId("row-7"), to, text, datetime.now(UTC) + timedelta(hours=1), buttons)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Waits for it, with a limit."""
    async with asyncio.timeout(LIMIT):
        while not await condition():  # noqa: ASYNC110 - what is waited for stands in a database
            await asyncio.sleep(0.01)


async def ask(db: Database, *columns: InstrumentedAttribute[Any]) -> list[tuple[Any, ...]]:
    """What stands in these columns of one table."""
    async with db.read() as session:
        return [tuple(row) for row in await session.execute(select(*columns))]


async def kept(db: Database) -> list[tuple[str, InboundKind, str]]:
    """Telegram's number, kind and words of everything in the inbox, in its order."""
    async with db.read() as session:
        rows = await session.scalars(select(InboxRow).order_by(InboxRow.id))
        return [(row.provider_id, row.kind, db.vault.open(InboxRow.text, row.public_id, row.text)) for row in rows]


async def raw(db: Database) -> list[str]:
    """The raw body of everything in the inbox."""
    async with db.read() as session:
        rows = await session.scalars(select(InboxRow).order_by(InboxRow.id))
        return [db.vault.open(InboxRow.raw, row.public_id, row.raw) for row in rows]


class TelegramRig:
    """Tells the stand-in how to fail, in the words of the contract."""

    to = str(MAJA)

    def __init__(self, channel: Telegram, standin: Standin) -> None:
        self.channel = channel
        self.standin = standin

    @property
    def calls(self) -> int:
        return self.standin.calls

    @property
    def accepted(self) -> list[tuple[str, str]]:
        return [(str(one.message_id), one.text) for one in self.standin.taken]

    async def refuse_connections(self) -> None:
        await self.standin.stop_listening()

    def reset_after_the_body(self) -> None:
        self.standin.orders = Orders("reset")

    def lose_the_answer(self) -> None:
        self.standin.orders = Orders("lose")

    def hang(self) -> None:
        self.standin.orders = Orders("hang")

    def garble(self) -> None:
        self.standin.orders = Orders("garble")

    def throttle(self, seconds: int) -> None:
        self.standin.orders = Orders("refuse", 429, f"Too Many Requests: retry after {seconds}", seconds)

    def fail(self, status: int) -> None:
        self.standin.orders = Orders("refuse", status)

    def refuse_the_address(self) -> None:
        self.standin.known.clear()

    def refuse_for_the_person(self) -> None:
        self.standin.blocked.add(MAJA)

    async def heard(self) -> None:
        await self.standin.heard.wait()

    def recover(self) -> None:
        self.standin.orders = Orders()
