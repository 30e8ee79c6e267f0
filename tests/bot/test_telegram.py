"""A message on its way out, and what the network may do to it."""

import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.telegram import Telegram
from bot.transport import LARGEST
from medvind.channels import Button
from medvind.errors import ChannelError, NotSentError, ThrottledError, UndeliverableError, UnknownFateError
from tests.bot.rig import BUTTONS, MAJA, TEXT, message, opened
from tests.standins.telegram import Telegram as Standin
from tests.standins.telegram_words import TOKEN, USERNAME, Orders, private

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
YES = {"ok": True, "result": {"message_id": 5, "date": 1_764_061_200, "chat": private(MAJA), "text": TEXT}}


@asynccontextmanager
async def speaking_to(handler: Handler) -> AsyncIterator[Telegram]:
    """Somebody else in Telegram's place."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with Telegram.open(TOKEN, f"http://127.0.0.1:{runner.addresses[0][1]}/prefix", 0.5) as channel:
            yield channel
    finally:
        await runner.cleanup()


async def test_a_text_arrives_as_it_was_written(channel: Telegram, standin: Standin) -> None:
    text = "*Æbler* & <b>pærer</b> = 50% + 'frugt' _[x](https://kommune.example)_\nø å € \N{SEEDLING}"
    number = await channel.send(message(text))
    [taken] = standin.taken
    assert (str(taken.message_id), taken.chat_id, taken.text) == (number, MAJA, text)
    assert not taken.marked, "nothing that people write is read as markup"
    assert not taken.preview, "a secret link is fetched by nobody"


async def test_a_text_of_the_longest_kind_is_taken(channel: Telegram, standin: Standin) -> None:
    await channel.send(message("æ" * 4096, buttons=(Button("1", "x" * 64),)))
    assert [len(one.text) for one in standin.taken] == [4096]


async def test_the_answers_that_a_question_takes_stand_under_it(channel: Telegram, standin: Standin) -> None:
    await channel.send(message(buttons=tuple(Button(str(number), f"q:abc:{number}") for number in range(1, 6))))
    await channel.send(message())
    asked, told = standin.taken
    assert asked.buttons == [{"label": str(number), "data": f"q:abc:{number}"} for number in range(1, 6)]
    assert told.buttons == []


async def test_buttons_are_taken_away_and_the_words_stay(channel: Telegram, standin: Standin) -> None:
    await channel.send(message(buttons=BUTTONS))
    for _ in range(2):
        await channel.remove_buttons(MAJA, 1)
    assert [(one.text, one.buttons) for one in standin.taken] == [(TEXT, [])]
    assert standin.called == [("editmessagereplymarkup", {"chat_id": str(MAJA), "message_id": "1"})] * 2


async def test_buttons_that_may_still_be_there_are_told_of(channel: Telegram, standin: Standin) -> None:
    standin.orders = Orders("refuse", 429, "Too Many Requests: retry after 7", 7, method="editMessageReplyMarkup")
    with pytest.raises(ThrottledError):
        await channel.remove_buttons(MAJA, 1)


@pytest.mark.parametrize("to", ["-100200300", "@maja", "", " 47110001", "47110001.0", "٤٧"])
async def test_only_people_are_written_to(channel: Telegram, standin: Standin, to: str) -> None:
    with pytest.raises(UndeliverableError) as caught:
        await channel.send(message(to=to))
    assert caught.value.dead
    assert standin.calls == 0


async def test_no_name_number_text_or_token_reaches_a_log_or_an_error(
    channel: Telegram, standin: Standin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await channel.send(message())
    ways: list[Orders] = [Orders(way) for way in ("lose", "garble", "reset", "hang")]
    no = "Bad Request: chat not found"
    ways += [Orders("refuse", status, words) for status in (400, 401, 403, 409, 429, 500) for words in (no, None)]
    said = ""
    for orders in ways:
        standin.orders = orders
        with pytest.raises(ChannelError) as caught:
            await channel.send(message())
        error: BaseException | None = caught.value
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None, "what lies behind it quotes the message or the token"
        said += f"{error!r} {error} {vars(caught.value)}"
    print(f"looked at {len(ways)} failures, {len(said)} characters of errors and {len(caplog.text)} of logs")
    for secret in (str(MAJA), "morgen", TOKEN, TOKEN.split(":")[1], "Kanari"):
        assert secret not in said
        assert secret not in caplog.text
    assert len(ways) == 16


async def cut_short(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"ok": true, "resu')
    if request.transport:
        request.transport.close()
    return response


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(LARGEST // 2**20 + 1):
        await response.write(b" " * 2**20)
    return response


@pytest.mark.parametrize("handler", [cut_short, endless])
async def test_a_yes_whose_rest_is_unreadable_stays_a_yes(handler: Handler) -> None:
    async with speaking_to(handler) as channel:
        with pytest.raises(UnknownFateError) as caught:
            await channel.send(message())
    assert caught.value.accepted


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"ok": true}',
        '{"ok": true, "result": true}',
        '{"ok": false, "description": "Bad Request: chat not found"}',
        json.dumps(YES).replace('"message_id": 5', '"message_id": "x"'),
        "[" * 100_000,
        "\ud800",
    ],
)
async def test_a_yes_without_a_readable_id_is_never_sent_again(body: str) -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=body.encode(errors="surrogatepass"))

    async with speaking_to(answer) as channel:
        with pytest.raises(UnknownFateError) as caught:
            await channel.send(message())
    assert caught.value.accepted
    assert caught.value.__context__ is None


async def test_what_telegram_adds_to_its_answers_breaks_nothing() -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response({**YES, "new": [1], "result": {**YES["result"], "newer": {"a": "b"}}})  # type: ignore[dict-item]

    async with speaking_to(answer) as channel:
        assert await channel.send(message()) == "5"


async def test_a_redirect_is_not_followed() -> None:
    calls: list[str] = []

    async def send_away(request: web.Request) -> web.StreamResponse:
        calls.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    async with speaking_to(send_away) as channel:
        with pytest.raises(UnknownFateError):
            await channel.send(message())
    assert calls == [f"/prefix/bot{TOKEN}/sendMessage"]


async def test_a_host_that_does_not_speak_tls_has_heard_nothing(standin: Standin) -> None:
    async with opened(standin, base_url=standin.base_url.replace("http://", "https://")) as channel:
        with pytest.raises(NotSentError, match="telegram: SSLError"):
            await channel.send(message())
    assert standin.calls == 0


async def test_a_name_that_nobody_knows_has_heard_nothing(standin: Standin) -> None:
    async with opened(standin, base_url="http://nobody.invalid.:1") as channel:
        with pytest.raises(NotSentError):
            await channel.send(message())


async def test_a_host_that_never_picks_up_has_heard_nothing(standin: Standin) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        with socket.create_connection(address):
            async with opened(standin, base_url=f"http://127.0.0.1:{address[1]}") as channel:
                with pytest.raises(NotSentError, match="TimeoutError"):
                    await channel.send(message())


async def test_the_bots_name_is_known_where_telegram_can_be_asked(channel: Telegram, standin: Standin) -> None:
    assert await channel.username() == USERNAME
    standin.orders = Orders("refuse", 401, "Unauthorized", method="getMe")
    assert await channel.username() is None
    await standin.stop_listening()
    assert await channel.username() is None


async def test_a_good_bot_has_no_fault(channel: Telegram) -> None:
    assert await channel.fault() is None


async def test_a_wrong_token_is_named_with_its_cure(standin: Standin) -> None:
    async with opened(standin, token="4700:wrong") as channel:
        said = await channel.fault()
    assert said == "telegram: telegram 401; check MEDVIND_TELEGRAM__TOKEN, and whether this machine reaches Telegram"


async def test_a_provider_that_is_away_is_a_fault_and_no_crash(channel: Telegram, standin: Standin) -> None:
    await standin.stop_listening()
    said = await channel.fault()
    assert said is not None
    assert said.startswith("telegram: ConnectionRefusedError; check")
