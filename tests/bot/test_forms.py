"""A call says to Telegram what aiogram's own session would say; only how it is written down is quicker."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    EditMessageReplyMarkup,
    GetMe,
    LeaveChat,
    SendMessage,
    SetMyCommands,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)

from bot.telegram import WANTED, RawUpdates, handing_over
from bot.transport import _form
from medvind.channels import Button, Outgoing
from medvind.model import PublicId

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="JA", callback_data="q:1:yes")]])
CALLS: list[TelegramMethod[Any]] = [
    SendMessage(chat_id=5, text="Hej æøå & 1+1 😊", link_preview_options=NO_PREVIEW, reply_markup=KEYBOARD),
    SendMessage(chat_id=5, text="x", reply_markup=None),
    AnswerCallbackQuery(callback_query_id="7"),
    SetWebhook(url="https://x.example", secret_token="s", allowed_updates=list(WANTED), drop_pending_updates=False),
    DeleteWebhook(drop_pending_updates=False),
    GetMe(),
    LeaveChat(chat_id=-4),
    RawUpdates(offset=3, limit=100, timeout=20, allowed_updates=list(WANTED)),
    EditMessageReplyMarkup(chat_id=4, message_id=2),
    SetMyCommands(
        commands=[BotCommand(command="stop", description="Slut")], scope=BotCommandScopeAllPrivateChats(), language_code="da"
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=[type(call).__name__ for call in CALLS])
async def test_a_call_says_what_aiogram_would_say(call: TelegramMethod[Any]) -> None:
    assert read(said(call)) == read(as_aiogram_says(call))


@pytest.mark.parametrize("buttons", [(), (Button("JA", "q:1:yes"), Button('NEJ "æ"', "q:1:no"))], ids=["plain", "with buttons"])
async def test_a_message_is_handed_over_in_the_words_of_aiograms_own_call(buttons: tuple[Button, ...], now: datetime) -> None:
    row = [InlineKeyboardButton(text=button.label, callback_data=button.data) for button in buttons]
    keyboard = InlineKeyboardMarkup(inline_keyboard=[row]) if row else None
    theirs = SendMessage(chat_id=5, text="Hej æøå & 1+1 😊", link_preview_options=NO_PREVIEW, reply_markup=keyboard)
    ours = handing_over(Outgoing(PublicId("m" * 22), "5", "Hej æøå & 1+1 😊", now, buttons))
    assert read(said(ours)) == read(as_aiogram_says(theirs))
    assert ours.__api_method__ == theirs.__api_method__


def said(call: TelegramMethod[Any]) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(_form(call).decode()).items()}


def as_aiogram_says(call: TelegramMethod[Any]) -> dict[str, str]:
    session, bot = AiohttpSession(), Bot("123456789:" + "A" * 35)
    theirs = {name: session.prepare_value(value, bot=bot, files={}) for name, value in call.model_dump(warnings=False).items()}
    return {name: str(value) for name, value in theirs.items() if value}


def read(fields: Mapping[str, str]) -> dict[str, Any]:
    """With what is JSON opened, since blanks in it make no difference."""
    return {name: json.loads(value) if value[:1] in {"{", "["} else value for name, value in fields.items()}
