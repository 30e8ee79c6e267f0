"""What Telegram posts is kept once, before it is answered; what isn't Telegram's is refused and leaves no trace."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from api.server import listen, serve
from bot import webhook
from bot.telegram import WANTED, Telegram
from bot.webhook import HEADER, PATH, register
from medvind.channels import InboundKind
from medvind.errors import ConflictError, DatabaseAwayError, NotReadyError
from medvind.model import TaskKind
from medvind.store import settings
from medvind.store.database import Database, Session
from medvind.store.tables import OutboxRow, TaskRow
from medvind.store.vault import Vault
from tests.bot.rig import BUTTONS, LIMIT, MAJA, ask, kept, message, raw
from tests.fakes import HandClock
from tests.people import Made
from tests.standins import telegram_words as words
from tests.standins.telegram import Telegram as Standin
from tests.standins.telegram_words import CANARY, Orders

SECRET = "Et-hemmeligt_ord-0123456789"
NUMBER = 600_000_001


@dataclass
class Door:
    """The app with nothing but Telegram's route."""

    db: Database
    client: httpx2.AsyncClient
    woken: list[bool] = field(default_factory=list)

    async def post(self, update: Any, *, secret: str | bytes | None = SECRET) -> httpx2.Response:
        """As Telegram does, unless another secret is given."""
        return await self.body(json.dumps(update).encode(), secret=secret)

    async def body(self, body: bytes, *, secret: str | bytes | None = SECRET) -> httpx2.Response:
        shown = secret.encode() if isinstance(secret, str) else secret
        headers = [(b"Content-Type", b"application/json")] + ([(HEADER.encode(), shown)] if shown is not None else [])
        return await self.client.post(PATH, content=body, headers=headers)

    async def says(self, text: str, number: int = NUMBER) -> httpx2.Response:
        """Maja writes."""
        return await self.post(words.message(number, MAJA, text))


@asynccontextmanager
async def opened(db: Database, now: datetime, channel: Telegram) -> AsyncIterator[Door]:
    app, woken = FastAPI(), list[bool]()
    app.include_router(webhook.router(db, HandClock(now), SECRET, lambda: woken.append(True), channel))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield Door(db, client, woken)


@pytest.fixture
async def door(db: Database, now: datetime, channel: Telegram) -> AsyncIterator[Door]:
    async with opened(db, now, channel) as it:
        yield it


@pytest.mark.parametrize("text", ["STOP", "Ja tak æøå", "\N{SEEDLING} + & = %", "x" * 5000, "æ" * 1_000_000, " "])
async def test_a_text_is_kept_word_for_word(door: Door, text: str) -> None:
    answer = await door.says(text)
    assert (answer.status_code, answer.json()) == (200, {})
    assert await kept(door.db) == [(str(NUMBER), InboundKind.TEXT, text)]
    assert door.woken == [True]


async def test_the_same_update_told_again_is_kept_once_and_answered_the_same(door: Door, maja: Made) -> None:
    answers = [await door.says("STOP") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(await kept(door.db)) == 1
    assert len(await ask(door.db, OutboxRow.id)) == 1, "one confirmation"


async def test_updates_that_overtake_each_other_are_all_kept(door: Door) -> None:
    for number in (NUMBER + 5, NUMBER, 7, NUMBER + 2):
        assert (await door.says("hej", number)).status_code == 200
    assert len(await kept(door.db)) == 4


@pytest.mark.parametrize("text", ["mit nr er 010190-1234", "010190 1234", "cpr 0101901234 tak", "010190\t1234"])
async def test_a_national_id_is_kept_neither_in_the_words_nor_in_the_raw_update(door: Door, maja: Made, text: str) -> None:
    await door.says(text)
    [(_, _, said)] = await kept(door.db)
    [update] = await raw(door.db)
    assert "1234" not in said
    assert "1234" not in update
    assert str(MAJA) in update


WRONG: list[str | bytes | None] = [
    None,
    "",
    "wrong",
    SECRET[:-1],
    f"{SECRET}x",
    SECRET.upper(),
    b"\xe6\xf8\xe5",
    "æøå".encode(),
    SECRET.encode() + b"\xff",
    b"x" * 5000,
]


async def test_whoever_does_not_know_the_secret_leaves_no_trace(door: Door, maja: Made) -> None:
    for secret in WRONG:
        answers = [await door.post(words.message(NUMBER, MAJA, "STOP"), secret=secret), await door.body(b"{", secret=secret)]
        assert [(answer.status_code, answer.content) for answer in answers] == [(401, b"")] * 2, secret
    assert await kept(door.db) == []
    assert door.woken == []


NO_UPDATES = [b"", b"\xff\xfe\x00", b"{", b"null", b"[]", b'"hej"', b"{}", b'{"update_id": "1"}', b"[" * 60_000, b"\x00" * 999]


async def test_a_body_that_is_no_update_is_kept_for_a_person_and_never_repeated(door: Door) -> None:
    for number, body in enumerate(NO_UPDATES, 1):
        assert [(await door.body(body)).status_code for _ in range(2)] == [200, 200]
        assert len(await kept(door.db)) == number, body[:20]
    assert await ask(door.db, TaskRow.kind) == [(TaskKind.UNREADABLE,)] * len(NO_UPDATES)


async def test_a_message_that_cannot_be_read_is_shown_to_a_person(door: Door, maja: Made) -> None:
    update = words.message(NUMBER, MAJA)
    update["message"]["text"] = {"of": "tomorrow"}
    assert (await door.post(update)).status_code == 200
    assert await ask(door.db, TaskRow.kind, TaskRow.participant_id) == [(TaskKind.UNREADABLE, maja.id)]


async def test_a_text_that_cannot_be_handled_is_shown_to_a_person(door: Door, maja: Made, now: datetime) -> None:
    async with door.db.begin() as session:
        await settings.put(session, "quiet_hours", "whenever", now)
    assert (await door.says("START")).status_code == 200
    assert len(await kept(door.db)) == 1
    assert await ask(door.db, TaskRow.kind, TaskRow.participant_id) == [(TaskKind.UNREADABLE, maja.id)]


async def test_telegram_is_asked_to_tell_it_again_while_the_database_is_away(
    channel: Telegram, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    async with Database.open(f"sqlite:///{tmp_path}/empty.db", vault) as db, opened(db, now, channel) as door:
        assert (await door.says("STOP")).status_code == 503
        assert (await door.body(b"{")).status_code == 503
        assert door.woken == []


class Failing(Database):
    """Does everything and then can't commit, so many times."""

    error: type[Exception] = DatabaseAwayError
    failures = 0

    @asynccontextmanager
    async def begin(self, limit: float | None = 5.0) -> AsyncIterator[Session]:
        async with super().begin(limit) as session:
            yield session
            if self.failures:
                self.failures -= 1
                await session.rollback()
                raise self.error(CANARY)


async def test_nothing_is_answered_before_the_commit(channel: Telegram, db: Database, maja: Made, now: datetime) -> None:
    failing = Failing(db.engine, db.vault)
    failing.failures = 1
    async with opened(failing, now, channel) as door:
        assert (await door.says("STOP")).status_code == 503
        assert door.woken == []
        assert await kept(db) == []
        assert (await door.says("STOP")).status_code == 200
    assert [said for _, _, said in await kept(db)] == ["STOP"]


@pytest.mark.parametrize(("lost", "status", "unreadable"), [(1, 200, 0), (2, 200, 0), (3, 200, 1), (6, 503, 0)])
async def test_whoever_loses_a_race_begins_again(
    channel: Telegram, db: Database, maja: Made, now: datetime, lost: int, status: int, unreadable: int
) -> None:
    failing = Failing(db.engine, db.vault)
    failing.failures, failing.error = lost, ConflictError
    async with opened(failing, now, channel) as door:
        assert (await door.says("STOP")).status_code == status
    assert len(await kept(db)) == (status == 200)
    assert (await ask(db, TaskRow.kind)).count((TaskKind.UNREADABLE,)) == unreadable


async def test_the_answer_to_a_tap_stops_the_button_and_that_to_a_group_leaves_it(door: Door) -> None:
    group = words.group()
    tapped = await door.post(words.tap(NUMBER, MAJA, "q:abc:1"))
    brought = await door.post(words.membership(NUMBER + 1, MAJA, "member", chat=group))
    assert tapped.json() == {"method": "answerCallbackQuery", "callback_query_id": f"q{NUMBER}"}
    assert brought.json() == {"method": "leaveChat", "chat_id": group["id"]}


async def test_the_buttons_go_once_the_tap_is_kept(
    channel: Telegram, standin: Standin, db: Database, maja: Made, now: datetime
) -> None:
    await channel.send(message(buttons=BUTTONS))
    failing = Failing(db.engine, db.vault)
    failing.failures = 1
    tap = words.tap(NUMBER, MAJA, BUTTONS[0].data, under=1)
    async with opened(failing, now, channel) as door:
        assert (await door.post(tap)).status_code == 503
        assert len(standin.taken[0].buttons) == 2
        assert (await door.post(tap)).json() == {"method": "answerCallbackQuery", "callback_query_id": f"q{NUMBER}"}
    assert standin.taken[0].buttons == []


@pytest.mark.parametrize("orders", [Orders("refuse", 400, words.THE_SAME), Orders("refuse", 502), Orders("hang")])
async def test_telegram_gets_its_answer_whatever_becomes_of_the_buttons(door: Door, standin: Standin, orders: Orders) -> None:
    standin.orders = replace(orders, method="editMessageReplyMarkup")
    answer = await door.post(words.tap(NUMBER, MAJA, "q:abc:yes"))
    assert (answer.status_code, answer.json()["method"]) == (200, "answerCallbackQuery")
    assert standin.names() == ["editmessagereplymarkup"]
    assert len(await kept(door.db)) == 1


async def test_no_name_number_or_word_of_anybody_reaches_a_log(
    door: Door, maja: Made, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="bot")
    with capture_logs() as logs:
        await door.says("Kanariefugl")
        await door.post(words.message(NUMBER + 1, MAJA) | {"message": {"text": "Kanariefugl"}})
        await door.says("Kanariefugl", NUMBER + 2)
        await door.post(words.message(NUMBER, MAJA, "Kanariefugl"), secret="Kanariefugl")
    print(f"looked at {len(logs)} lines")
    assert [entry["event"] for entry in logs] == ["received", "quarantined", "received", "webhook_refused"]
    for secret in (CANARY, "Kanariefugl", str(MAJA), SECRET, "Efternavn"):
        assert secret not in str(logs)
        assert secret not in caplog.text


async def test_the_door_takes_posts_alone(door: Door) -> None:
    assert (await door.client.get(PATH)).status_code == 405


async def test_telegram_is_told_where_we_are_and_drops_nothing(channel: Telegram, standin: Standin) -> None:
    await register(channel, "https://kommune.example/medvind", SECRET)
    [(name, form)] = standin.called
    assert (name, form["url"], form["secret_token"]) == ("setwebhook", f"https://kommune.example/medvind{PATH}", SECRET)
    assert (json.loads(form["allowed_updates"]), form["drop_pending_updates"]) == (list(WANTED), "false")
    assert 1 <= int(form["max_connections"]) <= 40


async def test_an_address_that_telegram_does_not_take_stops_the_start(channel: Telegram) -> None:
    with pytest.raises(NotReadyError, match="MEDVIND_PUBLIC_URL: Telegram does not take it") as caught:
        await register(channel, "http://kommune.example", SECRET)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("times", "is_set"), [(2, True), (3, False)])
async def test_trouble_on_the_way_to_telegram_does_not_stop_the_start(
    channel: Telegram, standin: Standin, times: int, *, is_set: bool
) -> None:
    standin.orders = Orders("refuse", 502, times=times, method="setWebhook")
    with capture_logs() as logs:
        await register(channel, "https://kommune.example", SECRET, pauses=(0.01, 0.01))
    assert (standin.webhook is not None) is is_set
    assert [entry["event"] for entry in logs] == ["webhook_not_set"] * times


async def test_what_telegram_posts_over_the_wire_arrives_though_the_database_was_away(
    channel: Telegram, standin: Standin, db: Database, maja: Made, now: datetime
) -> None:
    failing = Failing(db.engine, db.vault)
    failing.failures = 3
    app, stop = FastAPI(), asyncio.Event()
    app.include_router(webhook.router(failing, HandClock(now), SECRET, lambda: None, channel))
    with listen("127.0.0.1", 0) as listening:
        serving = asyncio.create_task(serve(app, listening, stop))
        await standin.say(MAJA, "før")
        await register(channel, f"http://127.0.0.1:{listening.getsockname()[1]}", SECRET)
        await standin.tap(MAJA, "q:abc:1")
        await standin.block(MAJA)
        async with asyncio.timeout(LIMIT):
            await standin.emptied()
        stop.set()
        await serving
    assert [kind for _, kind, _ in await kept(db)] == [InboundKind.TEXT, InboundKind.BUTTON, InboundKind.BLOCKED]
    assert set(standin.names()) == {"setwebhook", "answercallbackquery", "editmessagereplymarkup"}
