"""The way to a provider: one request of HTTP/1.1 at a time over connections that are kept, and nothing else.

What the usual clients do beside (redirects, cookies, proxies, encodings, retries) must not happen to a message, and costs
four times what the request does: 0.17 beside 0.04 ms of processor time (2026-11-27).
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httptools
from aiohappyeyeballs import start_connection

STALE = 15.0
"""Seconds after which a kept connection isn't used any more: the other side may be about to close it."""
NEXT_ADDRESS = 0.25
"""Seconds after which another of a host's addresses is tried beside the first."""


class NotReachedError(Exception):
    """Nothing of the request has left."""


class CutOffError(Exception):
    """The request left, and no whole answer came."""


@dataclass(slots=True)
class Answer:
    """What has come so far: the status may be known where the rest never arrived. Names of headers are in lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is marked as such."""
        return self.body.decode(errors="replace")

    @property
    def accepted(self) -> bool:
        """Whether it is a yes."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Wire:
    """Speaks to one host. To be used inside one running loop, and closed at the end."""

    def __init__(self, base_url: str, patience: float, largest: int) -> None:
        """`patience`: seconds to wait for a connection. `largest`: bytes of an answer that are read."""
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        self._path, self._place = parts.path.rstrip("/"), parts.netloc.rpartition("@")[2]
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._patience, self._largest = patience, largest
        self._kept: list[tuple[float, _Connection]] = []
        self._open: set[_Connection] = set()

    async def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, answer: Answer, limit: float
    ) -> None:
        """One request, in so many seconds. `target`: path and query, beneath the base URL's path; the answer is filled in.

        Raises NotReachedError or CutOffError, ValueError where a header could be read as two; never retries. Cancelled, it
        ends the connection, since the answer may still come.
        """
        request, until = self._head(method, target, headers, len(body)) + body, monotonic() + limit
        connection = self._take() or await self._connect()
        try:
            await connection.exchange(request, answer, until - monotonic())
        except BaseException:
            self._drop(connection)
            raise
        if connection.reusable:
            self._kept.append((monotonic(), connection))
        else:
            self._drop(connection)

    def close(self) -> None:
        """At once, whatever is under way."""
        for connection in list(self._open):
            self._drop(connection)
        self._kept.clear()

    def _head(self, method: str, target: str, headers: Mapping[str, str], length: int) -> bytes:
        lines = [f"{method} {self._path}{target} HTTP/1.1", f"Host: {self._place}", f"Content-Length: {length}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        whole = "".join(lines)
        if not (whole.isascii() and whole.isprintable()) or " " in target:
            raise ValueError("a header or an address holds signs that don't belong there")
        return "\r\n".join((*lines, "", "")).encode("ascii")

    def _take(self) -> "_Connection | None":
        """The one that was used last: of many, those that are not needed grow stale."""
        while self._kept:
            since, connection = self._kept.pop()
            if connection.reusable and monotonic() - since < STALE:
                return connection
            self._drop(connection)
        return None

    async def _connect(self) -> "_Connection":
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._patience):
                found = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
                reached = await start_connection(found, happy_eyeballs_delay=NEXT_ADDRESS, loop=loop)
                host = self._host if self._tls else None
                _, connection = await loop.create_connection(
                    lambda: _Connection(self._largest), sock=reached, ssl=self._tls, server_hostname=host
                )
        except (OSError, ValueError) as error:
            raise NotReachedError(type(error).__name__) from None
        self._open.add(connection)
        return connection

    def _drop(self, connection: "_Connection") -> None:
        self._open.discard(connection)
        connection.abort()


class _Connection(asyncio.Protocol):
    """One connection, and the answer that is coming over it."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._answer = Answer()
        self._room = 0
        self._coming: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self.reusable = False

    async def exchange(self, request: bytes, answer: Answer, limit: float) -> None:
        """In so many seconds. Raises CutOffError."""
        if self._transport is None:
            raise CutOffError("closed")
        self.reusable, self._answer, self._room = False, answer, self._largest
        self._parser = httptools.HttpResponseParser(self)
        loop = asyncio.get_running_loop()
        self._coming, late = loop.create_future(), loop.call_later(limit, self._end, "no answer in time")
        self._transport.write(request)
        try:
            await self._coming
        finally:
            late.cancel()
            self._coming = None

    def abort(self) -> None:
        """Without a farewell."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """From the loop."""
        self._transport = transport  # type: ignore[assignment]  # a stream has this kind of transport

    def connection_lost(self, exc: Exception | None) -> None:
        """From the loop."""
        self.reusable, self._transport = False, None
        self._end("closed" if exc is None else type(exc).__name__)

    def data_received(self, data: bytes) -> None:
        """From the loop. What nobody asked for spoils the connection."""
        self._room -= len(data)
        if self._coming is None or self._parser is None:
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._end(type(error).__name__)
            self.abort()
        if self._room < 0:
            self._end("too long")
            self.abort()

    def on_message_begin(self) -> None:
        """From the parser."""
        self.reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """From the parser."""
        self._answer.headers[name.decode("latin-1").lower()] = value.decode("latin-1").strip()

    def on_headers_complete(self) -> None:
        """From the parser."""
        if self._parser is not None:
            self._answer.status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        """From the parser."""
        self._answer.body += body

    def on_message_complete(self) -> None:
        """From the parser. What is said in between (100 to 199) is not the answer."""
        if self._answer.status < HTTPStatus.OK:
            self._answer.headers.clear()
        elif self._room < 0:
            self._end("too long")
        elif self._coming is not None and not self._coming.done() and self._parser is not None:
            self.reusable = self._parser.should_keep_alive()
            self._coming.set_result(None)
            self._answer = Answer()

    def _end(self, why: str) -> None:
        if self._coming is not None and not self._coming.done():
            self._coming.set_exception(CutOffError(why))


_KEPT = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_QUOTED = {byte: chr(byte) if byte in _KEPT else f"%{byte:02X}" for byte in range(256)} | {ord(" "): "+"}
"""How a form spells each byte of UTF-8. The library's way walks a text sign by sign in Python, ten texts a message."""


def form(fields: Mapping[str, Any]) -> str:
    """Names and values as `application/x-www-form-urlencoded` spells them. Raises ValueError for half a sign."""
    return "&".join(f"{_quoted(name)}={_quoted(str(value))}" for name, value in fields.items())


def _quoted(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return text.encode().decode("latin-1").translate(_QUOTED)
