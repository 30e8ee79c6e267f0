"""What the network may do to one request, and what that proves."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from twilio.rest import Client

from medvind.channels import Outgoing
from medvind.clock import SystemClock
from medvind.errors import NotSentError, UnknownFateError
from medvind.model import PublicId
from sms.transport import LARGEST, Transport
from sms.twilio import TwilioSms

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OFFICIAL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"


@asynccontextmanager
async def in_twilios_place(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/prefix"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def speaking_to(handler: Handler) -> AsyncIterator[Transport]:
    async with in_twilios_place(handler) as address, Transport.open(address, 0.5, SystemClock()) as transport:
        yield transport


async def cut_short(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(status=201, headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"sid": "SM')
    if request.transport:
        request.transport.close()
    return response


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(status=201)
    await response.prepare(request)
    for _ in range(LARGEST // 2**20 + 1):
        await response.write(b" " * 2**20)
    return response


@pytest.mark.parametrize("handler", [cut_short, endless])
async def test_a_yes_whose_rest_is_unreadable_stays_a_yes(handler: Handler) -> None:
    async with speaking_to(handler) as transport:
        with pytest.raises(UnknownFateError) as caught:
            await transport.request("POST", OFFICIAL, data={"Body": "Hej"})
    assert caught.value.accepted


async def test_the_account_is_named_to_one_host_alone_whatever_a_link_says() -> None:
    seen: list[tuple[str, str]] = []

    async def remember(request: web.Request) -> web.StreamResponse:
        seen.append((request.path_qs, request.headers["Authorization"]))
        return web.json_response({})

    async with speaking_to(remember) as transport:
        await transport.request("GET", "https://evil.example/page?Page=2&To=%2B4501000001", auth=("AC1", "token"))
        await transport.request("GET", "https://api.ie1.twilio.com/page", auth=("AC1", "token"))
    assert [path for path, _ in seen] == ["/prefix/page?Page=2&To=%2B4501000001", "/prefix/page"]
    assert {login for _, login in seen} == {"Basic QUMxOnRva2Vu"}


async def test_a_redirect_is_not_followed() -> None:
    calls: list[str] = []

    async def send_away(request: web.Request) -> web.StreamResponse:
        calls.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    async with speaking_to(send_away) as transport:
        with pytest.raises(UnknownFateError):
            await transport.request("POST", OFFICIAL, data={"Body": "Hej"})
    assert calls == ["/prefix/2010-04-01/Accounts/AC1/Messages.json"]


async def test_a_host_that_does_not_speak_tls_has_heard_nothing() -> None:
    async def never(_request: web.Request) -> web.StreamResponse:
        raise AssertionError

    async with in_twilios_place(never) as plain:
        opened = Transport.open(plain.replace("http://", "https://"), 0.5, SystemClock())
        async with opened as transport:
            with pytest.raises(NotSentError):
                await transport.request("POST", OFFICIAL, data={"Body": "Hej"})


async def test_a_host_that_never_picks_up_has_heard_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        with socket.create_connection(address):
            async with Transport.open(f"http://127.0.0.1:{address[1]}", 0.5, SystemClock()) as transport:
                with pytest.raises(NotSentError, match="TimeoutError"):
                    await transport.request("POST", OFFICIAL, data={"Body": "Hej"})


async def test_whatever_else_an_answer_says_its_id_is_enough() -> None:
    """It may say what the client can't read."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=201, text='{"sid": "SM1", "date_sent": 5, "num_segments": "many"}')

    async with speaking_to(answer) as transport:
        channel = TwilioSms(Client("AC1", "token", http_client=transport), transport, "+4501000099", None, SystemClock())
        later = datetime.now(UTC) + timedelta(hours=1)
        assert await channel.send(Outgoing(PublicId("row-7"), "+4501000001", "Hej", later)) == "SM1"


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"sid": 5}', '{"sid": ""}', "\ud800"])
async def test_a_yes_without_a_readable_id_is_never_sent_again(body: str) -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=201, body=body.encode(errors="surrogatepass"), headers={"Date": "some day"})

    async with speaking_to(answer) as transport:
        channel = TwilioSms(Client("AC1", "token", http_client=transport), transport, "+4501000099", None, SystemClock())
        later = datetime.now(UTC) + timedelta(hours=1)
        with pytest.raises(UnknownFateError) as caught:
            await channel.send(Outgoing(PublicId("row-7"), "+4501000001", "Hej", later))
        assert caught.value.accepted
        with pytest.raises(UnknownFateError):
            await channel.find(Outgoing(PublicId("row-7"), "+4501000001", "Hej", later), later, set())
