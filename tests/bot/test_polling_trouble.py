"""What Telegram, the network and the database may do to polling, and that it ends when it is told to."""

import asyncio
import json
from datetime import datetime
from time import monotonic

import pytest
from structlog.testing import capture_logs

from bot.polling import poll
from bot.telegram import WANTED, Telegram
from medvind.store.database import Database
from tests.bot.polls import FIRST, Sick, asked, emptied, happens, polling
from tests.bot.rig import MAJA, kept, opened
from tests.fakes import HandClock
from tests.people import Made
from tests.standins import telegram_words as words
from tests.standins.telegram import Telegram as Standin
from tests.standins.telegram_words import CANARY, TOKEN, Orders

AT_ONCE = 2.0
"""Seconds; Telegram would hold the question open for twenty-five."""


async def test_a_batch_without_any_number_is_no_storm(channel: Telegram, standin: Standin, db: Database, now: datetime) -> None:
    await standin.give(None, FIRST)
    with capture_logs() as logs:
        async with polling(channel, db, now):
            await happens(lambda: len(asked(standin)) > 3)
    assert "telegram: updates without numbers" in {entry.get("reason") for entry in logs}
    assert len(await kept(db)) == 1


async def test_what_cannot_even_be_kept_comes_again_and_those_behind_it_do_not_wait(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    sick = Sick(db.engine, db.vault)
    sick.failures = 4
    await standin.say(MAJA, "first")
    await standin.say(MAJA, "second")
    async with polling(channel, sick, now):
        await emptied(standin)
    assert [text for _, _, text in await kept(db)] == ["second", "first"]


async def test_stop_ends_it_at_once_though_telegram_holds_the_question_open(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    async with polling(channel, db, now):
        await happens(lambda: len(asked(standin)) == 1)
        before = monotonic()
    assert monotonic() - before < AT_ONCE


async def test_stop_ends_it_at_once_though_somebody_must_mend_the_token(standin: Standin, db: Database, now: datetime) -> None:
    async with opened(standin, token="4700:wrong") as channel, polling(channel, db, now):
        await happens(lambda: len(standin.called) == 1)
        before = monotonic()
    assert monotonic() - before < AT_ONCE


async def test_telegram_is_left_in_peace_as_long_as_it_asks(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    standin.orders = Orders("refuse", 429, "Too Many Requests: retry after 1", 1, times=1, method="getUpdates")
    async with polling(channel, db, now):
        await happens(lambda: len(asked(standin)) == 1)
        before = monotonic()
        await happens(lambda: len(asked(standin)) == 2)
    assert monotonic() - before > 0.9


@pytest.mark.parametrize(
    "orders",
    [
        Orders("refuse", 502, times=3),
        Orders("refuse", 500, "Internal Server Error", times=3),
        Orders("refuse", 409, "Conflict: terminated by other getUpdates request", times=3),
        Orders("reset", times=3),
        Orders("lose", times=3),
        Orders("garble", times=3),
    ],
)
@pytest.mark.parametrize("method", ["getUpdates", "deleteWebhook"])
async def test_trouble_on_the_way_loses_nothing(
    channel: Telegram, standin: Standin, db: Database, now: datetime, orders: Orders, method: str
) -> None:
    standin.orders = Orders(**{**vars(orders), "method": method})
    await standin.say(MAJA, "hej")
    with capture_logs() as logs:
        async with polling(channel, db, now):
            await emptied(standin)
    assert [entry["event"] for entry in logs].count("polling_pauses") == 3
    assert [text for _, _, text in await kept(db)] == ["hej"]


async def test_pauses_grow_and_end_with_the_trouble(channel: Telegram, standin: Standin, db: Database, now: datetime) -> None:
    standin.orders = Orders("refuse", 502, times=2, method="getUpdates")
    stop = asyncio.Event()
    task = asyncio.create_task(poll(channel, db, HandClock(now), lambda: None, stop, pauses=(0.01, 0.02, 3600.0)))
    await happens(lambda: len(asked(standin)) == 3)
    await standin.say(MAJA, "hej")
    await emptied(standin)
    standin.orders = Orders("refuse", 502, times=1, method="getUpdates")
    await standin.say(MAJA, "hej igen")
    await emptied(standin)
    stop.set()
    await task


async def test_a_webhook_that_was_set_is_taken_down_and_nothing_that_waits_is_dropped(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    await channel.set_webhook("http://127.0.0.1:1/webhooks/telegram", "secret")
    await standin.say(MAJA, "hej")
    async with polling(channel, db, now):
        await emptied(standin)
    assert standin.names()[:3] == ["setwebhook", "deletewebhook", "getupdates"]
    assert standin.called[1][1]["drop_pending_updates"] == "false"
    assert json.loads(standin.called[2][1]["allowed_updates"]) == list(WANTED)


async def test_another_process_with_a_webhook_is_waited_for_and_not_fought(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    with capture_logs() as logs:
        async with polling(channel, db, now, wait=0):
            await happens(lambda: len(asked(standin)) > 1)
            standin.webhook = {"url": "http://127.0.0.1:1/", "secret_token": "theirs"}
            await happens(lambda: "telegram 409" in {entry.get("reason") for entry in logs})
            assert standin.names().count("deletewebhook") == 1
            standin.webhook = None
            await standin.say(MAJA, "hej")
            await emptied(standin)
    assert {entry["log_level"] for entry in logs if entry.get("reason") == "telegram 409"} == {"warning"}


async def test_no_name_number_or_word_of_anybody_reaches_a_log(
    channel: Telegram, standin: Standin, db: Database, maja: Made, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    sick = Sick(db.engine, db.vault)
    sick.failures = 4
    with capture_logs() as logs:
        async with polling(channel, sick, now):
            await standin.say(MAJA, "Kanariefugl")
            await standin.tap(MAJA, "q:abc:1")
            await standin.give({"update_id": FIRST + 50, "message": {"from": words.user(MAJA), "text": ["Kanariefugl"]}})
            await standin.block(MAJA)
            await emptied(standin)
            standin.orders = Orders("refuse", 401, "Unauthorized: Kanariefugl", method="getUpdates", times=1)
            await standin.say(MAJA, "Kanariefugl")
            await happens(lambda: any(entry.get("reason") == "telegram 401" for entry in logs))
    print(f"looked at {len(logs)} lines")
    assert {"received", "quarantined", "update_not_kept", "polling_pauses"} <= {entry["event"] for entry in logs}
    for secret in (CANARY, "Kanariefugl", str(MAJA), TOKEN, "Efternavn"):
        assert secret not in str(logs)
        assert secret not in caplog.text
