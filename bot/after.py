"""What people see in Telegram itself once an update is kept: the button stops turning, its keyboard goes, a group is left."""

import asyncio
from collections.abc import Sequence

import structlog

from bot.telegram import Telegram
from bot.updates import Update

log = structlog.get_logger()


async def show(channel: Telegram, updates: Sequence[Update], *, answered: bool = False) -> None:
    """Best effort, never raises: what was said is kept already, and nothing is lost where this fails.

    `answered`: whoever brought the updates has been told of taps and groups already. Of a group we go once.
    """
    calls = [] if answered else [channel.answer_tap(update.tap) for update in updates if update.tap is not None]
    calls += [] if answered else [channel.leave(group) for group in {update.group for update in updates} if group is not None]
    tapped = {update.tapped for update in updates if update.tapped is not None}
    calls += [channel.remove_buttons(one.chat, one.message) for one in tapped]
    failed = [result for result in await asyncio.gather(*calls, return_exceptions=True) if result is not None]
    if failed:
        log.info("telegram_not_told", count=len(failed))
