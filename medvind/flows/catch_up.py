"""What came while nobody could take it: after any gap the providers that remember are asked, back to what was seen last."""

from datetime import datetime, timedelta

import structlog

from medvind.channels import Remembers
from medvind.clock import Clock
from medvind.errors import ChannelError
from medvind.flows.deliver import Machine
from medvind.flows.receive import take_in
from medvind.model import ChannelName
from medvind.store import beats, inbox
from medvind.store.database import Database

OVERLAP = timedelta(minutes=30)
"""How far before the last look is asked again: a provider's list may lag, and its clock and ours are not the same."""
FURTHEST = timedelta(days=30)
"""What is older than that is left: nobody waits for it any more."""

log = structlog.get_logger()


async def catch_up(db: Database, machine: Machine, clock: Clock) -> int:
    """Takes in what the webhooks did not bring, under the same ids, so that either order has one effect; how many were new.

    Raises DatabaseAwayError. A look is written down once all that it found is kept, so that what breaks off is done again.
    """
    taken = 0
    for name, line in machine.lines.items():
        if isinstance(line.channel, Remembers):
            taken += await _ask(db, line.channel, name, machine.worker, clock)
    return taken


async def _ask(db: Database, channel: Remembers, name: ChannelName, worker: str, clock: Clock) -> int:
    """With no transaction open while the provider answers."""
    mark, began = f"arrived:{name}", clock.now()
    async with db.read() as session:
        last = (await beats.last(session)).get(mark) or await inbox.newest(session, name)
    try:
        arrived = await channel.arrived(_since(last, began)) if last else ()
    except ChannelError as error:
        log.warning("not_asked", channel=name, reason=error.reason)
        return 0
    async with db.read() as session:
        known = await inbox.known(session, name, [one.provider_id for one in arrived])
    taken = 0
    for one in arrived:
        taken += one.provider_id not in known and await take_in(db, one, clock)
    async with db.begin() as session:
        await beats.beat(session, mark, worker, began)
    if taken:
        log.info("caught_up", channel=name, count=taken)
    return taken


def _since(last: datetime, now: datetime) -> datetime:
    """Our own clock may have been put back since the last look."""
    return max(min(last, now) - OVERLAP, now - FURTHEST)
