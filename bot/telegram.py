"""Telegram by its Bot API: handing a message over, asking for what came, and the little else that the doors need."""

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiogram import Bot
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    EditMessageReplyMarkup,
    GetMe,
    LeaveChat,
    SetMyCommands,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats
from pydantic import BaseModel

from bot.transport import Transport
from medvind.channels import Outgoing
from medvind.errors import ChannelError, UndeliverableError
from medvind.model import ChannelName

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The updates that Telegram may send us. Everything else would only be kept for nothing."""
MOST = 100
"""Updates a batch; Telegram gives no more."""
CONNECTIONS = 10
"""Webhooks that Telegram may have under way at once: more would only wait for the database."""
NO_PREVIEW = '{"is_disabled":true}'
"""Telegram would fetch the page behind a link to show a picture of it, and some of our links are secrets."""


class Taken(BaseModel):
    """What we keep of Telegram's yes: it gives the whole message back."""

    message_id: int


class HandOver(TelegramMethod[Taken]):
    """sendMessage with all it holds written down already: aiogram's models of buttons cost more than the call itself."""

    __returning__ = Taken
    __api_method__ = "sendMessage"

    chat_id: int
    text: str
    link_preview_options: str
    reply_markup: str | None


class RawUpdates(TelegramMethod[list[Any]]):
    """getUpdates, undecoded: one update that aiogram doesn't understand must not take the others with it."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None
    limit: int
    timeout: int
    allowed_updates: list[str]


class Telegram:
    """A channel. Opened with `Telegram.open`, inside a running loop. It can't be asked afterwards what it took."""

    name = ChannelName.TELEGRAM

    def __init__(self, bot: Bot, limit: float) -> None:
        self._bot = bot
        self._limit = limit

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        token: str,
        base_url: str | None,
        timeout: float,  # noqa: ASYNC109 - the hard limit of each request, not of this call
    ) -> AsyncIterator["Telegram"]:
        """Ready to send. `timeout`: seconds for each request."""
        transport = Transport(base_url, timeout)
        try:
            yield cls(Bot(token, session=transport), timeout)
        finally:
            await transport.close()

    async def send(self, message: Outgoing) -> str:
        """Hands the message over as plain text. Raises as `Channel.send` says.

        Private chats alone: an address that is no person's is refused unasked.
        """
        if not (message.to.isascii() and message.to.isdigit()):
            raise UndeliverableError("telegram: not a person's id", dead=True)
        taken = await self._bot(handing_over(message))
        return str(taken.message_id)

    async def username(self) -> str | None:
        """The bot's name, as links spell it; None where Telegram can't be asked now."""
        try:
            return (await self._bot(GetMe())).username
        except ChannelError:
            return None

    async def fault(self) -> str | None:
        """Whether Telegram knows the bot, and lets us in."""
        try:
            await self._bot(GetMe())
        except ChannelError as error:
            cure = "check MEDVIND_TELEGRAM__TOKEN, and whether this machine reaches Telegram"
            return f"telegram: {error.reason.removeprefix('telegram: ')}; {cure}"
        return None

    async def updates(self, offset: int | None, wait: float) -> Sequence[Any]:
        """What came and is not confirmed, the oldest first, each as JSON gave it; whatever is below `offset` is confirmed.

        With nothing there Telegram waits up to `wait` seconds before it says so. Raises ChannelError.
        """
        asked = RawUpdates(offset=offset, limit=MOST, timeout=math.ceil(wait), allowed_updates=list(WANTED))
        return await self._bot(asked, request_timeout=math.ceil(wait + self._limit))

    async def set_webhook(self, url: str, secret: str) -> None:
        """From now on Telegram posts updates there, those that wait as well. Raises ChannelError."""
        await self._bot(
            SetWebhook(
                url=url,
                secret_token=secret,
                allowed_updates=list(WANTED),
                max_connections=CONNECTIONS,
                drop_pending_updates=False,
            )
        )

    async def delete_webhook(self) -> None:
        """From now on Telegram waits to be asked; nothing that waits is dropped. Raises ChannelError."""
        await self._bot(DeleteWebhook(drop_pending_updates=False))

    async def answer_tap(self, query: str) -> None:
        """Tells the person's phone that the tap has arrived, so that the button stops turning. Raises ChannelError."""
        await self._bot(AnswerCallbackQuery(callback_query_id=query))

    async def remove_buttons(self, chat: int, message: int) -> None:
        """Takes the buttons away from a message of ours. Raises ChannelError.

        One that has none any more, is too old or is gone stays as it is: that is no fault of anybody's.
        """
        try:
            await self._bot(EditMessageReplyMarkup(chat_id=chat, message_id=message))
        except UndeliverableError:
            return

    async def set_menu(self, commands: Mapping[str, str], language: str | None) -> None:
        """What stands in the menu of every private chat, command by command; None: wherever no language has its own.

        Raises ChannelError.
        """
        listed = [BotCommand(command=name, description=says) for name, says in commands.items()]
        await self._bot(SetMyCommands(commands=listed, scope=BotCommandScopeAllPrivateChats(), language_code=language))

    async def leave(self, group: int) -> None:
        """Goes without a word. Raises ChannelError."""
        await self._bot(LeaveChat(chat_id=group))


def handing_over(message: Outgoing) -> HandOver:
    """The call for this message. Buttons stand in one row: what we ask has five answers at most."""
    row = [{"text": button.label, "callback_data": button.data} for button in message.buttons]
    keyboard = orjson.dumps({"inline_keyboard": [row]}).decode() if row else None
    return HandOver(chat_id=int(message.to), text=message.text, link_preview_options=NO_PREVIEW, reply_markup=keyboard)
