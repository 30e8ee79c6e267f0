"""What people write reaches the inbox once, and nothing that can't be read or handled holds it up."""

import random
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.telegram import Telegram
from medvind.channels import Button, InboundKind
from medvind.model import TaskKind
from medvind.store import settings
from medvind.store.database import Database
from medvind.store.tables import OutboxRow, TaskRow
from medvind.store.vault import Vault
from tests.bot.polls import FIRST, Sick, asked, emptied, happens, polling
from tests.bot.rig import BUTTONS, MAJA, ask, kept, message
from tests.people import Made
from tests.standins import telegram_words as words
from tests.standins.telegram import Telegram as Standin
from tests.standins.telegram_words import Orders


async def test_each_update_is_kept_once_though_repeated_and_shuffled(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    updates = [words.message(FIRST + number, MAJA + number % 3, f"nr. {number}") for number in range(50)]
    shuffled = updates * 2
    random.Random(7).shuffle(shuffled)  # noqa: S311 - an order, the same at every run
    for _ in range(2):
        for update in shuffled:
            await standin.give(update)
        async with polling(channel, db, now):
            await emptied(standin)
    numbers = [number for number, _, _ in await kept(db)]
    print(f"{2 * len(shuffled)} given, {len(numbers)} kept")
    assert sorted(numbers) == [str(update["update_id"]) for update in updates]


async def test_more_than_a_batch_arrives_in_its_order(channel: Telegram, standin: Standin, db: Database, now: datetime) -> None:
    for number in range(250):
        await standin.give(words.message(FIRST + number, MAJA, f"nr. {number}"))
    async with polling(channel, db, now):
        await emptied(standin)
    assert [text for _, _, text in await kept(db)] == [f"nr. {number}" for number in range(250)]
    assert [offset for offset in asked(standin) if offset] == [str(FIRST + number) for number in (100, 200, 250)]


async def test_numbers_may_fall_after_a_quiet_week(channel: Telegram, standin: Standin, db: Database, now: datetime) -> None:
    async with polling(channel, db, now, wait=0):
        await standin.give(words.message(FIRST, MAJA, "før"))
        await emptied(standin)
        questions = len(standin.called)
        await happens(lambda: None in asked(standin)[questions - 1 :])
        await standin.give(words.message(5, MAJA, "efter"))
        await emptied(standin)
    assert [text for _, _, text in await kept(db)] == ["før", "efter"]


async def test_nothing_is_confirmed_before_it_is_kept(
    channel: Telegram, standin: Standin, db: Database, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    await standin.say(MAJA, "STOP")
    async with Database.open(f"sqlite:///{tmp_path}/empty.db", vault) as away, polling(channel, away, now) as one:
        await happens(lambda: len(asked(standin)) > 2)
        assert one.woken == 0
    assert set(asked(standin)) == {None}
    assert len(standin.waiting) == 1
    async with polling(channel, db, now) as one:
        await emptied(standin)
        assert one.woken == 1
    assert [text for _, _, text in await kept(db)] == ["STOP"]


async def test_whoever_takes_over_goes_on_where_it_was(
    channel: Telegram, standin: Standin, db: Database, maja: Made, now: datetime
) -> None:
    for word in ("STOP", "START"):
        await standin.say(MAJA, word)
    async with polling(channel, db, now):
        await happens(lambda: len(asked(standin)) == 2)
    standin.waiting = [(FIRST, words.message(FIRST, MAJA, "STOP")), *standin.waiting]
    async with polling(channel, db, now):
        await emptied(standin)
        await standin.say(MAJA, "hej")
        await emptied(standin)
    assert [text for _, _, text in await kept(db)] == ["STOP", "START", "hej"]
    texts = [text for (text,) in await ask(db, OutboxRow.text)]
    assert sorted(texts) == ["free_words", "start", "stop"], "each is answered once"


BROKEN = [
    words.message(FIRST + 1, MAJA) | {"message": 5},
    words.message(FIRST + 1, MAJA) | {"message": {"from": words.user(MAJA), "text": {"of": "tomorrow"}}},
    {"update_id": "a number of tomorrow"},
    ["no", "object"],
    None,
]


@pytest.mark.parametrize("broken", BROKEN)
async def test_what_cannot_be_read_holds_nothing_up_and_a_person_sees_it(
    channel: Telegram, standin: Standin, db: Database, maja: Made, now: datetime, broken: object
) -> None:
    await standin.give(words.message(FIRST, MAJA, "før"))
    await standin.give(broken, FIRST + 1)
    await standin.give(words.message(FIRST + 2, MAJA, "STOP"))
    async with polling(channel, db, now):
        await emptied(standin)
    assert [text for _, _, text in await kept(db)] == ["før", "", "STOP"]
    owner = maja.id if isinstance(broken, dict) and isinstance(broken.get("message"), dict) else None
    assert await ask(db, TaskRow.kind, TaskRow.participant_id) == [
        (TaskKind.UNREADABLE, owner),
        (TaskKind.STOPPED, maja.id),
    ]


async def test_what_cannot_be_handled_holds_nothing_up_and_a_person_sees_it(
    channel: Telegram, standin: Standin, db: Database, maja: Made, now: datetime
) -> None:
    async with db.begin() as session:
        await settings.put(session, "quiet_hours", "whenever", now)
    await standin.say(MAJA, "START")
    await standin.say(MAJA, "STOP")
    async with polling(channel, db, now) as one:
        await emptied(standin)
        assert one.woken == 2
    assert [text for _, _, text in await kept(db)] == ["START", "STOP"]
    assert await ask(db, TaskRow.kind, TaskRow.participant_id) == [
        (TaskKind.UNREADABLE, maja.id),
        (TaskKind.STOPPED, maja.id),
    ]


async def test_a_tap_is_answered_so_that_the_button_stops_turning(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    async with polling(channel, db, now):
        await standin.tap(MAJA, "q:abc:1")
        await happens(lambda: "answercallbackquery" in standin.names())
    forms = [form for name, form in standin.called if name == "answercallbackquery"]
    assert forms == [{"callback_query_id": f"q{FIRST}"}]


async def test_a_tap_that_cannot_be_answered_is_kept_all_the_same(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    standin.orders = Orders("refuse", 400, "Bad Request: query is too old", method="answerCallbackQuery")
    async with polling(channel, db, now):
        await standin.tap(MAJA, "q:abc:1")
        await emptied(standin)
    assert [kind for _, kind, _ in await kept(db)] == [InboundKind.BUTTON]
    assert len(asked(standin)) == 2, "no pause for it"


async def test_a_tap_takes_the_buttons_from_its_own_message_and_from_no_other(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    for number in range(3):
        await channel.send(message(buttons=(Button("JA", f"q:{number}:yes"),)))
    async with polling(channel, db, now):
        await standin.tap(MAJA, "q:1:yes")
        await happens(lambda: standin.taken[1].buttons == [])
    assert [len(one.buttons) for one in standin.taken] == [1, 0, 1]


async def test_buttons_stay_until_the_tap_is_kept(channel: Telegram, standin: Standin, db: Database, now: datetime) -> None:
    await channel.send(message(buttons=BUTTONS))
    sick = Sick(db.engine, db.vault)
    sick.failures = 6
    await standin.tap(MAJA, BUTTONS[0].data)
    async with polling(channel, sick, now):
        await happens(lambda: sick.failures < 3)
        assert len(standin.taken[0].buttons) == 2
        await happens(lambda: standin.taken[0].buttons == [])


def answered(standin: Standin, taps: int) -> bool:
    return standin.names().count("answercallbackquery") == taps


GONE = ("Bad Request: message can't be edited", "Bad Request: message to edit not found", words.THE_SAME)


async def test_a_message_that_is_too_old_or_changed_already_is_no_fault_and_no_line_in_the_log(
    channel: Telegram, standin: Standin, db: Database, now: datetime
) -> None:
    with capture_logs() as logs:
        for number, says in enumerate((*GONE, None)):
            orders = Orders("refuse", 400, says, method="editMessageReplyMarkup")
            standin.orders = orders if says else Orders()
            await standin.give(words.tap(FIRST + number, MAJA, "q:abc:1", lost=says is None))
            async with polling(channel, db, now):
                await happens(partial(answered, standin, number + 1))
                await emptied(standin)
    assert [kind for _, kind, _ in await kept(db)] == [InboundKind.BUTTON] * 4
    assert standin.names().count("editmessagereplymarkup") == 3, "what Telegram doesn't show can't be changed"
    assert {entry["event"] for entry in logs} == {"received"}


async def test_a_group_is_left_without_a_word(channel: Telegram, standin: Standin, db: Database, now: datetime) -> None:
    group = words.group()
    await standin.give(words.membership(FIRST, MAJA, "member", chat=group))
    await standin.give(words.message(FIRST + 1, MAJA, "hej", chat=group))
    async with polling(channel, db, now):
        await happens(lambda: "leavechat" in standin.names())
        await emptied(standin)
    assert [form for name, form in standin.called if name == "leavechat"] == [{"chat_id": str(group["id"])}]
    assert await ask(db, OutboxRow.id) == []
    assert standin.calls == 0


async def test_a_million_signs_hurt_nobody(
    channel: Telegram, standin: Standin, db: Database, maja: Made, now: datetime
) -> None:
    await standin.say(MAJA, "æ" * 1_000_000)
    await standin.say(MAJA, "STOP")
    async with polling(channel, db, now):
        await emptied(standin)
    assert [len(text) for _, _, text in await kept(db)] == [1_000_000, 4]
    assert {text for (text,) in await ask(db, OutboxRow.text)} == {"too_long", "stop"}
