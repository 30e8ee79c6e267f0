"""What both doors do with an update: keep it and do what follows in one transaction, or keep it for a person to look at."""

from bot.updates import Edited, Update, message_of
from medvind.channels import Inbound
from medvind.clock import Clock
from medvind.flows.edits import newly_said
from medvind.flows.receive import set_aside, take_in
from medvind.store.database import Database


async def keep(db: Database, clock: Clock, update: Update) -> None:
    """Returns once it is committed, however often it came before. Raises DatabaseAwayError, and then nothing was done.

    Raises ConflictError where even keeping it unread loses every race.
    """
    inbound = update.inbound if update.edited is None else await _newly_said(db, update.inbound, update.edited)
    way = take_in if update.readable else set_aside
    await way(db, inbound, clock)


async def _newly_said(db: Database, inbound: Inbound, edited: Edited) -> Inbound:
    """Telegram tells of an edit too where only what it shows beside the words has changed."""
    return await newly_said(db, inbound, edited.written, lambda raw: message_of(raw) == edited.message)
