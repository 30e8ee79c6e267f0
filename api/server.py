"""The listening side: a socket that is ours before anything else starts, and uvicorn on it until it is time to stop."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from medvind.errors import NotReadyError

BACKLOG = 128
DRAIN = 5
"""Seconds that requests under way may still take once it is time to stop."""


def listen(host: str, port: int, setting: str = "MEDVIND_PORT") -> socket.socket:
    """A listening socket. Raises NotReadyError where the port, which `setting` gave, is taken or the address isn't ours."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise NotReadyError(f"MEDVIND_HOST: {host} is no address of this machine (for example: 127.0.0.1)") from None
        cure = "stop what is there or choose another port"
        raise NotReadyError(f"{setting}: can't listen on {host}:{port}: {error.strerror}; {cure}") from None
    return listening


class _Server(uvicorn.Server):
    """Ends when we say so: the signals are not its business, since sending must drain too."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: FastAPI, listening: socket.socket, stop: asyncio.Event) -> None:
    """Answers requests until then; those under way are finished."""
    config = uvicorn.Config(
        app,
        http="h11",
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=DRAIN,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving
