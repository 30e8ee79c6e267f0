"""How aiogram's bot reaches the network: one request, a hard limit, no retry; failures say what they prove."""

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.codes import refusal
from medvind.errors import ChannelError, NotSentError, UnknownFateError

LARGEST = 32 * 1024 * 1024
"""Bytes of an answer that are read: a hundred updates of the longest kind, every sign escaped, have twelve million."""
UNREADABLE = (ValueError, RecursionError)
"""What is raised over JSON that is none, or that doesn't hold what it should."""


class Transport(AiohttpSession):
    """Stands in for aiogram's own session, which has one error for all that a network does, with the text in it.

    Raises nothing but ChannelError (and is cancelled as any coroutine is). Its errors are raised where no other is being
    handled: what lies behind them quotes the message, or the token in the address.
    """

    def __init__(self, base_url: str | None, limit: float) -> None:
        super().__init__(api=TelegramAPIServer.from_base(base_url) if base_url else PRODUCTION, timeout=limit)

    async def close(self) -> None:
        """At once: aiohttp itself sees connections to their end."""
        if self._session is not None:
            await self._session.close()

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: float | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        """One request, and what Telegram gives for it. `timeout`: seconds, where the call waits longer than others."""
        answer = _Answer()
        failed = await self._exchange(bot, method, timeout or self.timeout, answer)
        if failed is None and not answer.accepted:
            failed = refusal(answer.status, answer.text, answer.headers.get("Retry-After"))
        if failed is not None:
            raise failed
        response = _decoded(bot, method, answer.text)
        if response is None:
            raise UnknownFateError("telegram: unreadable answer", accepted=True)
        return cast("TelegramType", response.result)

    async def _exchange(self, bot: Bot, method: TelegramMethod[Any], limit: float, answer: "_Answer") -> ChannelError | None:
        """Asks and reads; what the failure proves, where it is one."""
        session = await self.create_session()
        address = self.api.api_url(token=bot.token, method=method.__api_method__)
        connecting = aiohttp.ClientTimeout(total=None, connect=self.timeout / 2)
        try:
            async with asyncio.timeout(limit):
                form = self.build_form_data(bot, method)
                await answer.read(session.post(address, data=form, timeout=connecting, allow_redirects=False))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return NotSentError(f"telegram: {type(error).__name__}")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return UnknownFateError(f"telegram: {type(error).__name__}", accepted=answer.accepted)
        return None


def _decoded(bot: Bot, method: TelegramMethod[Any], text: str) -> Response[Any] | None:
    """The answer as aiogram sees it; None where it isn't the yes that its status promised."""
    try:
        response: Response[Any] = Response[method.__returning__].model_validate(json.loads(text), context={"bot": bot})  # type: ignore[name-defined]
    except UNREADABLE:
        return None
    return response if response.ok and response.result is not None else None


class _Answer:
    """What has come so far: the status may be known where the rest never arrived."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self.text = ""

    async def read(self, request: Any) -> None:
        """Reads it to the end. Raises ValueError where there is too much of it."""
        async with request as response:
            self.status, self.headers = response.status, response.headers
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > LARGEST:
                    raise ValueError("the answer is too long")
        self.text = body.decode(errors="replace")

    @property
    def accepted(self) -> bool:
        """Whether it is a yes."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES
