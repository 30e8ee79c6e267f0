"""What every call passes first, webhooks too: size, tokens in addresses, headers, and a calm answer to the unexpected."""

import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, unquote

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.house import House
from api.language import language_of
from api.problems import problem
from medvind.errors import DatabaseAwayError, OtherSchemaError
from medvind.model import Language
from medvind.store import tokens

LARGEST = 64 * 1024
ROOM = {"/webhooks/telegram": 256 * 1024}
"""Telegram escapes every Danish letter and repeats the message that is answered: 64 KiB would lose a genuine long one."""
TOKEN = re.compile(rf"(?<![\w-]){tokens.PREFIX}[\w-]{{43}}(?![\w-])", re.ASCII)
TOKEN_NAMES = {"token", "access_token"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

log = structlog.get_logger()


class SafeHeaders:
    """Every answer tells browsers to guess nothing, keep nothing and frame nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds them to the answer's start, where the route has set none of its own."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class NoTokenInUrl:
    """Addresses end up in logs and histories, so a token that was seen in one is dead from that moment."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses the call before anything reads it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        shown = {found for text in (unquote(scope["path"]), *(value for _, value in pairs)) for found in TOKEN.findall(text)}
        named = any(name.lower() in TOKEN_NAMES or value.startswith(tokens.PREFIX) for name, value in pairs)
        if not shown and not named:
            return await self._app(scope, receive, send)
        answer = "token-in-url"
        try:
            await self._revoke(shown)
        except OtherSchemaError:
            answer = "other-schema"
        except DatabaseAwayError:
            answer = "away"
        return await problem(answer, _language(scope))(scope, receive, send)

    async def _revoke(self, shown: set[str]) -> None:
        async with self._house.db.begin() as session:
            for token in shown:
                if await tokens.revoke_by_token(session, token, self._house.clock.now()):
                    log.warning("token_revoked", reason="seen in a URL")


class BodyLimit:
    """Reads the body before the app does, so that too much of it is refused however it comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what fits."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        announced, room = Headers(scope=scope).get("content-length", "0"), ROOM.get(scope["path"], LARGEST)
        body: bytes | None = b""
        if announced.isascii() and announced.isdigit() and int(announced) > room:
            body = None
        else:
            body = await _read(receive, room)
        if body is None:
            return await problem("too-large", _language(scope), headers={"Connection": "close"})(scope, receive, send)
        whole = _once({"type": "http.request", "body": body, "more_body": False})

        async def replay() -> Message:
            return await anext(whole, None) or await receive()

        return await self._app(scope, replay, send)


class Calm:
    """The unexpected gives a plain answer, and is logged by its type alone: a message may carry somebody's words."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stands around the routes, inside the other guards."""
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            log.error("unexpected", error=type(error).__name__, at=_place(error))  # noqa: TRY400 - a traceback may quote people
            if scope["type"] != "http" or started:
                raise
            await problem("unexpected", _language(scope))(scope, receive, send)


async def _read(receive: Receive, room: int) -> bytes | None:
    """The body, or None where it is too long."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > room:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return bytes(body)


async def _once(message: Message) -> AsyncIterator[Message]:
    yield message


def _language(scope: Scope) -> Language:
    return language_of(Headers(scope=scope).get("accept-language"))


def _place(error: BaseException) -> str:
    """File and line where it came from: enough to find it, and nothing of what it was about."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
