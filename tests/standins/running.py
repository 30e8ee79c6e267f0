"""What both stand-ins need to run: as a process that says where it listens, with time to think, and with a rude end."""

import asyncio
import json
import signal
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import web


class Listening(Protocol):
    """A stand-in that is open."""

    base_url: str


async def run(standin: AbstractAsyncContextManager[Listening], port_file: Path) -> None:
    """Runs until SIGTERM; the port stands in the file once it is listening."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with standin as listening:
        half = port_file.with_suffix(".part")
        half.write_text(json.dumps(urlsplit(listening.base_url).port), encoding="ascii")
        half.rename(port_file)
        await stop.wait()


async def think(seconds: float) -> None:
    """A provider takes its time."""
    thought = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, thought.set)
    await thought.wait()


def reset(request: web.Request) -> web.Response:
    """Breaks the connection off without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
