"""What both doors do with an update: keep it and do what follows in one transaction, or keep it for a person to look at."""

from bot.updates import Update
from medvind.clock import Clock
from medvind.flows.receive import set_aside, take_in
from medvind.store.database import Database


async def keep(db: Database, clock: Clock, update: Update) -> None:
    """Returns once it is committed, however often it came before. Raises DatabaseAwayError, and then nothing was done.

    Raises ConflictError where even keeping it unread loses every race.
    """
    way = take_in if update.readable else set_aside
    await way(db, update.inbound, clock)
