"""How the twilio client reaches the network: one request, a hard limit, no retry, no log; failures say what they prove."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from twilio.http.response import Response

from medvind.clock import Clock
from medvind.errors import NotSentError, UnknownFateError
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

    def __init__(self, session: aiohttp.ClientSession, base_url: str, limit: float, clock: Clock) -> None:
        self._session = session
        self._base_url = base_url
        self._limit = limit
        self._clock = clock
        self.ahead = timedelta()
        """How far Twilio's clock is ahead of ours, as its last answer showed."""

    @classmethod
    @asynccontextmanager
    async def open(cls, base_url: str | None, limit: float, clock: Clock) -> AsyncIterator["Transport"]:
        """The connections live inside a running loop, and are closed at the end."""
        timeout = aiohttp.ClientTimeout(total=None, connect=limit / 2)
        async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
            yield cls(session, base_url or OFFICIAL, limit, clock)

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
        address = f"{self._base_url}{parts.path}{'?' * bool(parts.query)}{parts.query}"
        login = {"Authorization": f"Basic {b64encode(':'.join(auth).encode()).decode()}"} if auth else {}
        body = urlencode(data).encode() if data else None
        answer = _Answer()
        try:
            async with asyncio.timeout(self._limit):
                await answer.read(
                    self._session.request(
                        method, address, params=params, data=body, headers={**(headers or {}), **login}, allow_redirects=False
                    )
                )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSentError(f"twilio: {type(error).__name__}") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise UnknownFateError(f"twilio: {type(error).__name__}", accepted=answer.accepted) from None
        self._compare_clocks(answer)
        if not answer.accepted:
            raise refusal(answer.status, answer.code, answer.headers.get("Retry-After"))
        return Response(answer.status, answer.text, answer.headers)

    def _compare_clocks(self, answer: "_Answer") -> None:
        try:
            theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
        except ValueError:
            return
        if theirs.tzinfo is not None:
            self.ahead = theirs - self._clock.now()


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

    @property
    def code(self) -> int | None:
        """Twilio's own code, where the body is readable and has one."""
        try:
            code = json.loads(self.text)["code"]
        except (ValueError, TypeError, KeyError):
            return None
        return code if isinstance(code, int) else None
