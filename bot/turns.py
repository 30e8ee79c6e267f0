"""One process polls at a time: Telegram gives each update to whoever asks, so two would take turns at random."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from medvind.clock import Clock
from medvind.errors import MedvindError
from medvind.store import beats
from medvind.store.database import Database

NAME = "polling"
LEASE = timedelta(seconds=30)

log = structlog.get_logger()


async def in_turn(
    db: Database, clock: Clock, owner: str, stop: asyncio.Event, poll: Callable[[asyncio.Event], Awaitable[None]]
) -> None:
    """Waits until no other process polls, then polls and keeps the lease; a lost lease ends the polling, and it waits again."""
    while not stop.is_set():
        if not await _hold(db, clock, owner):
            log.info("polling_waits")
            await _wait(stop, LEASE.total_seconds() / 3)
            continue
        done = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_keep(db, clock, owner, stop, done))
            tasks.create_task(_until_done(poll, done))
        async with db.begin() as session:
            await beats.let_go(session, NAME, owner)


async def _hold(db: Database, clock: Clock, owner: str) -> bool:
    try:
        async with db.begin() as session:
            return await beats.hold(session, NAME, owner, clock.now(), LEASE)
    except MedvindError as error:
        log.warning("polling_lease", error=type(error).__name__)
        return False


async def _keep(db: Database, clock: Clock, owner: str, stop: asyncio.Event, done: asyncio.Event) -> None:
    """Renews the lease until it is time to stop, or until it is lost."""
    while not stop.is_set() and not done.is_set():
        await _wait(stop, LEASE.total_seconds() / 3)
        if not stop.is_set() and not await _hold(db, clock, owner):
            break
    done.set()


async def _until_done(poll: Callable[[asyncio.Event], Awaitable[None]], done: asyncio.Event) -> None:
    try:
        await poll(done)
    finally:
        done.set()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    """Until told to stop, or this long."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
