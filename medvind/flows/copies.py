"""What is left to do after an erasure: the copies at a provider are deleted, and old pages of the database's file let go."""

import asyncio
from datetime import timedelta

import structlog

from medvind.channels import Forgets
from medvind.clock import Clock
from medvind.errors import ChannelError, GoneError, ThrottledError
from medvind.flows.deliver import Machine
from medvind.model import ChannelName
from medvind.rules.retries import backoff
from medvind.store import copies, erasures, marks
from medvind.store.copies import STUCK_AFTER, Copy
from medvind.store.database import Database

AT_ONCE = 50
IN_HAND = timedelta(minutes=30)
"""So long what one worker has in hand is nobody else's: fifty calls, each as long as it may be."""
SELDOM = timedelta(days=1)
"""Between two tries once somebody must look."""
FRESH = timedelta(hours=1)
"""After an erasure, how long the file's old pages are looked after: a reader may hold them for a while."""

log = structlog.get_logger()


async def clear_up(db: Database, machine: Machine, clock: Clock, stop: asyncio.Event | None = None) -> int:
    """Deletes what providers keep of the erased; how many are gone there. After `stop` no further one is: they can wait."""
    async with db.read() as session:
        last = await erasures.last_at(session)
    if last is not None and clock.now() - last < FRESH:
        await db.let_go_of_old_pages()
    async with db.begin() as session:
        await marks.forget(session, clock.now())
    gone = 0
    for name, line in machine.lines.items():
        gone += await _at(db, name, line.channel, machine, clock, stop)
    return gone


async def _at(
    db: Database, name: ChannelName, channel: object, machine: Machine, clock: Clock, stop: asyncio.Event | None
) -> int:
    """At one provider, until nothing is due or it wants a rest. One that keeps nothing has nothing to delete."""
    gone = 0
    while True:
        async with db.begin() as session:
            now = clock.now()
            taken = await copies.take(session, name, now, now + IN_HAND, AT_ONCE)
        for copy in taken:
            if stop is not None and stop.is_set():
                return gone
            error = await _forget(channel, copy, machine.patience) if isinstance(channel, Forgets) else None
            async with db.begin() as session:
                if error is None:
                    await copies.done(session, copy)
                    gone += 1
                else:
                    await copies.again(session, copy, clock.now() + _rest(copy, error, clock), error.reason)
            if isinstance(error, ThrottledError):
                return gone
        if len(taken) < AT_ONCE:
            return gone


async def _forget(channel: Forgets, copy: Copy, patience: float) -> ChannelError | None:
    """None once it isn't there any more, whoever deleted it."""
    try:
        async with asyncio.timeout(patience):
            await channel.forget(copy.provider_id)
    except GoneError:
        return None
    except ChannelError as error:
        return error
    except TimeoutError:
        return ChannelError("no answer in time")
    return None


def _rest(copy: Copy, error: ChannelError, clock: Clock) -> timedelta:
    """How long it is left alone. What has been refused for days needs somebody who looks, and is tried once a day."""
    if clock.now() - copy.since >= STUCK_AFTER:
        log.error("copy_stays", reason=error.reason, count=copy.tries + 1)
        return SELDOM
    if isinstance(error, ThrottledError):
        return timedelta(seconds=error.after)
    return backoff(copy.tries + 1, copy.provider_id)
