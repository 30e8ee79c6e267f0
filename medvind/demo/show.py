"""The demo from the first line to the last: a fresh sealed database, the wait, the figures, then what is served."""

import asyncio
import signal
import socket
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from api.app import create_app
from api.server import listen, serve
from medvind.demo import door
from medvind.demo.board import board
from medvind.demo.cast import BEGINS, CAST, KARIN
from medvind.demo.clock import FastClock
from medvind.demo.hands import Hands
from medvind.demo.summary import drawn, sum_up
from medvind.demo.wait import Wait
from medvind.errors import NotFoundError, NotReadyError
from medvind.model import Role
from medvind.store import coaches, tokens
from medvind.store.database import Database
from medvind.store.schema import migrate
from medvind.store.vault import Keys, Vault
from medvind.texts import Catalogue

HOST, PORTS = "127.0.0.1", range(8000, 8050)
WATCHED = 4.0
"""Days a second on a terminal, where nothing else was asked for."""
ASKS = {
    "who they are, and where they stand": "participants",
    "who could use a call, and the facts behind it": "signals",
    "what they wrote that a person must read": "inbox",
}


async def demonstrate(console: Console, *, speed: float | None, days: int, serving: bool, folder: Path | None = None) -> None:
    """Shows it all; everything that was written (below `folder`, else where temporary files go) is gone at the end."""
    console.print(
        "Twelve made-up people and two months of waiting, on a fast clock. Nothing leaves this machine.", soft_wrap=True
    )
    pace = speed if speed is not None else WATCHED if console.is_terminal else None
    clock, catalogue = FastClock(BEGINS, pace), Catalogue.load()
    with TemporaryDirectory(prefix="medvind-demo-", dir=folder) as room:
        async with Database.open(f"sqlite:///{Path(room, 'medvind.db')}", Vault(Keys.new())) as db:
            await migrate(db)
            wait = Wait(db, clock, catalogue, CAST)
            with board(console, catalogue) as shown:
                await wait.run(BEGINS + timedelta(days=days), shown)
            console.print(drawn(await sum_up(db, catalogue, clock.now()), clock.now()))
            if serving:
                await serve_both(console, wait, _until_told())


def _until_told() -> asyncio.Event:
    """Set by Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def serve_both(console: Console, wait: Wait, stop: asyncio.Event) -> None:
    """The phones and the coach's side on this machine until then. The clock stands where the story ended, until it is moved."""
    wait.clock.speed = None
    with closing(_first_free()) as listening:
        port: int = listening.getsockname()[1]
        address = f"http://{HOST}:{port}"
        app = create_app(wait.db, wait.catalogue, wait.clock, extra=[door.router], public_url=address)
        app.state.door = door.Door(Hands(wait), frozenset({f"{HOST}:{port}", f"localhost:{port}"}))
        console.print("\nThe phones: type and tap as one of the twelve, and let the next day come:")
        console.print(f"{address}/phones", soft_wrap=True, highlight=False, style="bold")
        console.print(f"\n{KARIN.first_name}, a coach, asks on {address} (more under /docs):", highlight=False)
        token = await _token(wait.db, wait.clock)
        for what, path in ASKS.items():
            console.print(f"\n# {what}", style="dim")
            call = f"curl -s -H 'Authorization: Bearer {token}' {address}/v1/{path}"
            console.print(call, soft_wrap=True, highlight=False, markup=False)
        console.print("\nCtrl-C ends it, and nothing is left behind.")
        await serve(app, listening, stop)


async def _token(db: Database, clock: FastClock) -> str:
    async with db.begin() as session:
        coach = await coaches.find_by_email(session, KARIN.email)
        if coach is None:
            raise NotFoundError("the demo's coach is gone")
        return (await tokens.create(session, Role.COACH, coach_id=coach.id, days=1, now=clock.now())).token


def _first_free() -> socket.socket:
    """A port of our own. Raises NotReadyError where all are taken."""
    for port in PORTS:
        try:
            return listen(HOST, port)
        except NotReadyError:
            continue
    raise NotReadyError(f"no free port from {PORTS[0]} to {PORTS[-1]}; --no-serve does without")
