"""The sending loop: send what is due, then sleep until the next duty, a wake-up or the longest look."""

import asyncio
from datetime import datetime

import structlog

from medvind.clock import Clock
from medvind.errors import ConflictError, DatabaseAwayError
from medvind.flows.deliver import Machine, deliver_due
from medvind.store import claims
from medvind.store.database import Database
from medvind.texts import Catalogue

BLOCKED = 1.0
"""Seconds to wait where something is due that can't be taken now: another message to that person is in doubt or in flight."""

log = structlog.get_logger()


async def work(
    db: Database, machine: Machine, catalogue: Catalogue, clock: Clock, *, wake: asyncio.Event, stop: asyncio.Event, look: float
) -> None:
    """Sends until it is told to stop; the batch in hand is finished first. `look`: the longest sleep, in seconds."""
    while not stop.is_set():
        wake.clear()
        looked = clock.now()
        try:
            if await deliver_due(db, machine, catalogue, clock):
                continue
            pause = await _until_next(db, clock, looked, look)
        except (DatabaseAwayError, ConflictError) as error:
            log.warning("delivery_waits", error=type(error).__name__)
            pause = look
        await _pause(wake, stop, pause)


async def _until_next(db: Database, clock: Clock, looked: datetime, look: float) -> float:
    """What was due at the last look and is still there can't be taken now; what fell due since then waits no longer."""
    async with db.read() as session:
        due = await claims.next_due(session)
    if due is None:
        return look
    if due <= looked:
        return min(look, BLOCKED)
    return min(look, max(0.0, (due - clock.now()).total_seconds()))


async def _pause(wake: asyncio.Event, stop: asyncio.Event, seconds: float) -> None:
    """Until either event or the time is over."""
    waiting = [asyncio.create_task(event.wait()) for event in (wake, stop)]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
