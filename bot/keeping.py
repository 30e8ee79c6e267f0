"""What both doors do with an update: keep it and do what follows in one transaction, or keep it for a person to look at."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.updates import Update
from medvind.channels import Inbound
from medvind.clock import Clock
from medvind.errors import ConflictError, DatabaseAwayError
from medvind.flows.receive import quarantine, receive
from medvind.store.database import Database, Session

TRIES = 3
"""Whoever loses a race begins again; what loses each time is no race."""

Effect = Callable[[Session, Inbound, datetime], Awaitable[object]]

log = structlog.get_logger()


async def keep(db: Database, clock: Clock, update: Update) -> None:
    """Returns once it is committed, however often it came before. Raises DatabaseAwayError, and then nothing was done.

    Raises ConflictError where even keeping it unread loses every race.
    """
    if not update.readable:
        return await _commit(db, clock, update.inbound, quarantine)
    try:
        await _commit(db, clock, update.inbound, receive)
    except DatabaseAwayError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the message: a person gets to see it
        log.error("receive_failed", error=type(error).__name__)  # noqa: TRY400 - a traceback may hold words
        await _commit(db, clock, update.inbound, quarantine)


async def _commit(db: Database, clock: Clock, inbound: Inbound, effect: Effect) -> None:
    """All of it or nothing. Raises ConflictError where it lost every race."""
    for rest in reversed(range(TRIES)):
        try:
            async with db.begin() as session:
                await effect(session, inbound, clock.now())
        except ConflictError:
            if not rest:
                raise
        else:
            return
