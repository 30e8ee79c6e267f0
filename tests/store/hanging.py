"""A way to PostgreSQL that can fall silent: what is sent is still taken, and nothing comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.engine import make_url


class Road:
    """Carries bytes between a client and the server until it is blocked."""

    def __init__(self, server: Path) -> None:
        self._server = server
        self._open = asyncio.Event()
        self._open.set()
        self._carrying: set[asyncio.Task[None]] = set()

    def block(self) -> None:
        self._open.clear()

    def clear(self) -> None:
        self._open.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._server)
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pass_on(source, target))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while block := await source.read(65_536):
                await self._open.wait()
                target.write(block)
                await target.drain()
        except ConnectionError:
            pass
        finally:
            target.close()

    async def end(self) -> None:
        for task in list(self._carrying):
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)


@asynccontextmanager
async def road_to(url: str) -> AsyncIterator[tuple[Road, str]]:
    """A road to the database at this URL (a Unix socket's), and the URL by which it is taken."""
    parsed = make_url(url)
    road = Road(Path(str(parsed.query["host"])) / ".s.PGSQL.5432")
    server = await asyncio.start_server(road.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield road, f"postgresql://{parsed.username}@127.0.0.1:{port}/{parsed.database}"
    finally:
        server.close()
        await road.end()
        await server.wait_closed()
