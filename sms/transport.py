"""How the twilio client reaches the network: one request, a hard limit, no retry, no log; failures say what they prove."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from twilio.http.response import Response

from medvind.clock import Clock
from medvind.errors import NotSentError, UnknownFateError
from medvind.wire import Answer, CutOffError, NotReachedError, Wire, form
from sms.codes import refusal

OFFICIAL = "https://api.twilio.com"
LARGEST = 4 * 1024 * 1024
"""Bytes of an answer that are read; a page of messages has some hundred thousand."""


class Transport:
    """Stands in for the client's own, which ignores its time limit, logs numbers and keeps the last text in memory.

    Every request goes to one host, whatever the client, its environment variables or a page's link name: the account's
    token must not reach another. Raises nothing but ChannelError (and is cancelled as any coroutine is).
    """

    is_async = True

    def __init__(self, wire: Wire, limit: float, clock: Clock) -> None:
        self._wire = wire
        self._limit = limit
        self._clock = clock
        self._told = ("", clock.now())

    @classmethod
    @asynccontextmanager
    async def open(cls, base_url: str | None, limit: float, clock: Clock) -> AsyncIterator["Transport"]:
        """The connections live inside a running loop, and are closed at the end."""
        wire = Wire(base_url or OFFICIAL, limit / 2, LARGEST)
        try:
            yield cls(wire, limit, clock)
        finally:
            wire.close()

    async def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the client's signature; our limit is the constructor's
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - the same; a redirect is never followed
    ) -> Response:
        """One request, and its answer where that is a 2xx. Anything else is raised as what it proves."""
        del timeout, allow_redirects
        parts = urlsplit(uri)
        query = "&".join(part for part in (parts.query, form(params or {})) if part)
        login = {"Authorization": f"Basic {b64encode(':'.join(auth).encode()).decode()}"} if auth else {}
        target, answer = f"{parts.path}{'?' * bool(query)}{query}", Answer()
        try:
            every = {**(headers or {}), **login}
            await self._wire.ask(method.upper(), target, every, form(data or {}).encode(), answer, self._limit)
        except NotReachedError as error:
            raise NotSentError(f"twilio: {error}") from None
        except ValueError:
            raise NotSentError("twilio: it can't be written down") from None
        except CutOffError as error:
            raise UnknownFateError(f"twilio: {error}", accepted=answer.accepted) from None
        self._told = (answer.headers.get("date", ""), self._clock.now())
        if not answer.accepted:
            raise refusal(answer.status, _code(answer), answer.headers.get("retry-after"))
        return Response(answer.status, _told(answer.text) if method.upper() == "POST" else answer.text, answer.headers)

    @property
    def ahead(self) -> timedelta:
        """How far Twilio's clock is ahead of ours, as its last answer showed."""
        told, at = self._told
        try:
            theirs = parsedate_to_datetime(told)
        except ValueError:
            return timedelta()
        return timedelta() if theirs.tzinfo is None else theirs - at


def _told(text: str) -> str:
    """Of the answer to a message what is used: its id. The client would read three dates beside it, as long as all the rest."""
    try:
        return orjson.dumps({"sid": orjson.loads(text)["sid"]}).decode()
    except (ValueError, TypeError, KeyError):
        return text


def _code(answer: Answer) -> int | None:
    """Twilio's own code, where the body is readable and has one."""
    try:
        code = json.loads(answer.text)["code"]
    except (ValueError, TypeError, KeyError):
        return None
    return code if isinstance(code, int) else None
