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
    db: Database,
    clock: Clock,
    owner: str,
    stop: asyncio.Event,
    poll: Callable[[asyncio.Event], Awaitable[None]],
    lease: timedelta = LEASE,
) -> None:
    """Waits until no other process polls, then polls and keeps the lease; a lost lease ends the polling, and it waits again.

    The lease is renewed three times in its own time. A `poll` that breaks is logged and begins again at the next turn.
    """
    while not stop.is_set():
        if not await _hold(db, clock, owner, lease):
            log.info("polling_waits")
            await _wait(stop, lease.total_seconds() / 3)
            continue
        done = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_keep(db, clock, owner, stop, done, lease))
            tasks.create_task(_until_done(poll, done))
        await _let_go(db, owner)


async def _hold(db: Database, clock: Clock, owner: str, lease: timedelta) -> bool:
    try:
        async with db.begin() as session:
            return await beats.hold(session, NAME, owner, clock.now(), lease)
    except MedvindError as error:
        log.warning("polling_lease", error=type(error).__name__)
        return False


async def _let_go(db: Database, owner: str) -> None:
    """Where the database is away the lease runs out by itself."""
    try:
        async with db.begin() as session:
            await beats.let_go(session, NAME, owner)
    except MedvindError as error:
        log.warning("polling_lease", error=type(error).__name__)


async def _keep(db: Database, clock: Clock, owner: str, stop: asyncio.Event, done: asyncio.Event, lease: timedelta) -> None:
    """Renews the lease until it is time to stop, or until it is lost."""
    while not stop.is_set() and not done.is_set():
        await _wait(stop, lease.total_seconds() / 3)
        if not stop.is_set() and not await _hold(db, clock, owner, lease):
            break
    done.set()


async def _until_done(poll: Callable[[asyncio.Event], Awaitable[None]], done: asyncio.Event) -> None:
    """What broke it must not end the other parts of this process; the keeper of the lease makes it rest a while."""
    try:
        await poll(done)
    except Exception as error:  # noqa: BLE001 - the last stop
        log.error("polling_failed", error=type(error).__name__)  # noqa: TRY400 - a traceback may hold words
    finally:
        done.set()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    """Until told to stop, or this long."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
