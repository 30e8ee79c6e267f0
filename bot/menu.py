"""The menu of commands that every private chat shows, in the words of the catalogue."""

import asyncio

import structlog

from bot.telegram import Telegram
from medvind.errors import ChannelError
from medvind.model import ChannelName, Language
from medvind.texts import Catalogue

COMMANDS = ("naeste", "status", "mit", "hvorfor", "spoerg", "pause", "hjaelp", "stop")
"""As people type them; Telegram takes small letters without æ, ø and å. `command_naeste` says what /naeste is for."""

log = structlog.get_logger()


async def show_menu(channel: Telegram, catalogue: Catalogue, home: Language) -> None:
    """Tells Telegram once a start, in every language; `home` is for all whose phone speaks none of the others.

    Telegram remembers what it was told, so trouble on the way is logged and no more. It goes by the language of the phone,
    since a menu is not a message to one person.
    """
    told = (_tell(channel, catalogue, language, None if language == home else language.value) for language in Language)
    await asyncio.gather(*told)


async def _tell(channel: Telegram, catalogue: Catalogue, language: Language, phones: str | None) -> None:
    says = {name: catalogue.render(f"command_{name}", language, ChannelName.TELEGRAM, {}).text for name in COMMANDS}
    try:
        await channel.set_menu(says, phones)
    except ChannelError as error:
        log.warning("menu_not_set", language=language, reason=error.reason)
