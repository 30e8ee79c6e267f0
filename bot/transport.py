"""How aiogram's bot reaches the network: one request, a hard limit, no retry; failures say what they prove."""

import json
from collections.abc import AsyncGenerator
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

import orjson
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.codes import refusal
from medvind.errors import ChannelError, NotSentError, UnknownFateError
from medvind.wire import Answer, CutOffError, NotReachedError, Wire, form

LARGEST = 32 * 1024 * 1024
"""Bytes of an answer that are read: a hundred updates of the longest kind, every sign escaped, have twelve million."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNREADABLE = (ValueError, RecursionError)
"""What is raised over JSON that is none, or that doesn't hold what it should."""


class Transport(BaseSession):
    """Stands in for aiogram's own session, which has one error for all that a network does, with the text in it.

    Raises nothing but ChannelError (and is cancelled as any coroutine is). Its errors are raised where no other is being
    handled: what lies behind them quotes the message, or the token in the address.
    """

    def __init__(self, base_url: str | None, limit: float) -> None:
        api = TelegramAPIServer.from_base(base_url) if base_url else PRODUCTION
        super().__init__(api=api, timeout=limit)
        parts = urlsplit(api.base)
        self._wire = Wire(f"{parts.scheme}://{parts.netloc}", limit / 2, LARGEST)

    async def close(self) -> None:
        """At once."""
        self._wire.close()

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: float | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        """One request, and what Telegram gives for it. `timeout`: seconds, where the call waits longer than others."""
        answer = Answer()
        failed = await self._exchange(bot, method, timeout or self.timeout, answer)
        if failed is None and not answer.accepted:
            failed = refusal(answer.status, answer.text, answer.headers.get("retry-after"))
        if failed is not None:
            raise failed
        response = _decoded(bot, method, answer.text)
        if response is None:
            raise UnknownFateError("telegram: unreadable answer", accepted=True)
        return cast("TelegramType", response.result)

    async def _exchange(self, bot: Bot, method: TelegramMethod[Any], limit: float, answer: Answer) -> ChannelError | None:
        """Asks and reads; what the failure proves, where it is one."""
        target = urlsplit(self.api.api_url(token=bot.token, method=method.__api_method__)).path
        try:
            await self._wire.ask("POST", target, FORM, _form(method), answer, limit)
        except (NotReachedError, ValueError) as error:
            return NotSentError(f"telegram: {error if isinstance(error, NotReachedError) else type(error).__name__}")
        except CutOffError as error:
            return UnknownFateError(f"telegram: {error}", accepted=answer.accepted)
        return None

    def stream_content(self, *args: Any, **options: Any) -> AsyncGenerator[bytes, None]:
        """Nobody downloads anything from Telegram."""
        raise NotImplementedError


def _form(method: TelegramMethod[Any]) -> bytes:
    """What was said of the call, as aiogram would say it; what was left out has no default of the bot's. We send no files."""
    said = method.model_dump(include=method.model_fields_set, warnings=False, exclude_none=True)
    fields = {name: value if isinstance(value, str) else _json(value) for name, value in said.items()}
    return form({name: value for name, value in fields.items() if value}).encode()


def _json(value: Any) -> str:
    """Without what stands for a default of the bot's: it has none."""
    if isinstance(value, dict):
        value = {name: inner for name, inner in value.items() if not isinstance(inner, Default)}
    return orjson.dumps(value).decode()


@cache
def _answer_to(method: type[TelegramMethod[Any]]) -> type[Response[Any]]:
    """Made once: pydantic forgets a generic model that nobody holds, and making it takes longer than all the rest of a call."""
    return Response[method.__returning__]  # type: ignore[name-defined]


def _decoded(bot: Bot, method: TelegramMethod[Any], text: str) -> Response[Any] | None:
    """The answer as aiogram sees it; None where it isn't the yes that its status promised."""
    try:
        response = _answer_to(type(method)).model_validate(json.loads(text), context={"bot": bot})
    except UNREADABLE:
        return None
    return response if response.ok and response.result is not None else None
