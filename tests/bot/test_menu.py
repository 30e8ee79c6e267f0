"""The menu that Telegram shows beside the place to write: the same commands everywhere, in the words of the catalogue."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.menu import COMMANDS, show_menu
from bot.telegram import Telegram
from medvind.errors import UndeliverableError
from medvind.model import ChannelName, Language
from medvind.texts import Catalogue
from tests.standins.telegram import Telegram as Standin
from tests.standins.telegram_words import Orders


def says(catalogue: Catalogue, language: Language) -> dict[str, str]:
    return {name: catalogue.render(f"command_{name}", language, ChannelName.TELEGRAM, {}).text for name in COMMANDS}


async def test_every_private_chat_has_the_menu_in_danish_and_in_english(
    channel: Telegram, standin: Standin, catalogue: Catalogue
) -> None:
    await show_menu(channel, catalogue, Language.DA)
    assert standin.menus == {
        "all_private_chats:": says(catalogue, Language.DA),
        "all_private_chats:en": says(catalogue, Language.EN),
    }
    commands = ["naeste", "status", "mit", "hvorfor", "spoerg", "pause", "hjaelp", "stop"]
    assert list(standin.menus["all_private_chats:"]) == commands
    assert standin.menus["all_private_chats:"]["stop"] == "F\u00e5 ikke flere beskeder"


async def test_where_english_is_the_language_of_the_house_danish_phones_have_their_own(
    channel: Telegram, standin: Standin, catalogue: Catalogue
) -> None:
    await show_menu(channel, catalogue, Language.EN)
    assert standin.menus.keys() == {"all_private_chats:", "all_private_chats:da"}
    assert standin.menus["all_private_chats:"] == says(catalogue, Language.EN)


@pytest.mark.parametrize("orders", [Orders("refuse", 400, "Bad Request: no"), Orders("refuse", 502), Orders("hang")])
async def test_a_menu_that_cannot_be_set_is_a_line_in_the_log_and_no_fault(
    channel: Telegram, standin: Standin, catalogue: Catalogue, orders: Orders
) -> None:
    standin.orders = replace(orders, method="setMyCommands")
    with capture_logs() as logs:
        await show_menu(channel, catalogue, Language.DA)
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("menu_not_set", "warning")] * 2
    assert standin.menus == {}


@pytest.mark.parametrize("commands", [{"n\u00e6ste": "x"}, {"NAESTE": "x"}, {"naeste": ""}, {"naeste": "x" * 257}, {}])
async def test_a_menu_that_telegram_would_not_take_is_refused_here_too(channel: Telegram, commands: dict[str, str]) -> None:
    with pytest.raises(UndeliverableError):
        await channel.set_menu(commands, None)
