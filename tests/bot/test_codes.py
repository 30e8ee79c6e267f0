"""What each answer of Telegram means, row by row."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.codes import PHRASES, Refusal, refusal
from bot.telegram import Telegram
from medvind.channels import Button
from medvind.errors import ChannelError, NotSentError, ThrottledError, UndeliverableError, UnknownFateError
from tests.bot.rig import MAJA, message, opened
from tests.standins.telegram import Telegram as Standin
from tests.standins.telegram_words import Orders

DEAD: dict[str, object] = {"dead": True, "stopped": False}
STOPPED: dict[str, object] = {"dead": False, "stopped": True}
NEVER: dict[str, object] = {"dead": False, "stopped": False}
DOUBT: dict[str, object] = {"accepted": False}
ROWS: list[tuple[int, str | None, type[ChannelError], dict[str, object]]] = [
    (400, "Bad Request: chat not found", UndeliverableError, DEAD),
    (400, "Bad Request: user not found", UndeliverableError, DEAD),
    (400, "Bad Request: PEER_ID_INVALID", UndeliverableError, DEAD),
    (400, "Bad Request: USER_ID_INVALID", UndeliverableError, DEAD),
    (400, "Bad Request: INPUT_USER_DEACTIVATED", UndeliverableError, DEAD),
    (400, "Bad Request: chat_id is empty", UndeliverableError, DEAD),
    (400, "Bad Request: group chat was upgraded to a supergroup chat", UndeliverableError, DEAD),
    (403, "Forbidden: user is deactivated", UndeliverableError, DEAD),
    (403, "Forbidden: bot can't initiate conversation with a user", UndeliverableError, DEAD),
    (403, "Forbidden: bot can't send messages to bots", UndeliverableError, DEAD),
    (403, "Forbidden: bot was kicked from the group chat", UndeliverableError, DEAD),
    (403, "Forbidden: bot is not a member of the supergroup chat", UndeliverableError, DEAD),
    (403, "Forbidden: bot was blocked by the user", UndeliverableError, STOPPED),
    (403, "Forbidden: a phrase of tomorrow", UndeliverableError, STOPPED),
    (400, "Bad Request: message text is empty", UndeliverableError, NEVER),
    (400, "Bad Request: text must be non-empty", UndeliverableError, NEVER),
    (400, "Bad Request: message is too long", UndeliverableError, NEVER),
    (400, "Bad Request: BUTTON_DATA_INVALID", UndeliverableError, NEVER),
    (400, "Bad Request: can't parse entities: unsupported start tag", UndeliverableError, NEVER),
    (400, "Bad Request: a phrase of tomorrow", UndeliverableError, NEVER),
    (413, "Request Entity Too Large", UndeliverableError, NEVER),
    (401, "Unauthorized", ThrottledError, {"after": 300.0}),
    (404, "Not Found", ThrottledError, {"after": 300.0}),
    (429, "Too Many Requests", ThrottledError, {"after": 1.0}),
    (429, None, ThrottledError, {"after": 1.0}),
    (409, "Conflict: terminated by other getUpdates request", NotSentError, {}),
    (418, "I'm a teapot", NotSentError, {}),
    (302, None, UnknownFateError, DOUBT),
    (302, "Found", UnknownFateError, DOUBT),
    (400, None, UnknownFateError, DOUBT),
    (401, None, UnknownFateError, DOUBT),
    (403, None, UnknownFateError, DOUBT),
    (404, None, UnknownFateError, DOUBT),
    (408, None, UnknownFateError, DOUBT),
    (500, "Internal Server Error: chat not found", UnknownFateError, DOUBT),
    (500, None, UnknownFateError, DOUBT),
    (502, "Bad Gateway", UnknownFateError, DOUBT),
    (503, "Service Unavailable", UnknownFateError, DOUBT),
    (503, None, UnknownFateError, DOUBT),
    (504, None, UnknownFateError, DOUBT),
]


async def sent_in_vain(channel: Telegram) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        await channel.send(message())
    return caught.value


@pytest.mark.parametrize(("status", "description", "error", "fields"), ROWS)
async def test_each_answer_has_one_meaning(
    channel: Telegram,
    standin: Standin,
    status: int,
    description: str | None,
    error: type[ChannelError],
    fields: dict[str, object],
) -> None:
    standin.orders = Orders("refuse", status, description)
    seen = await sent_in_vain(channel)
    assert type(seen) is error
    assert {name: getattr(seen, name) for name in fields} == fields
    assert seen.reason.startswith(f"telegram {status}")
    assert "tomorrow" not in seen.reason, "a reason is one of our own words, never Telegram's"
    assert standin.taken == []


def test_every_phrase_of_the_table_has_a_row_of_its_own_here() -> None:
    """In an answer in which it is believed. Whoever adds a phrase says here what follows from it."""
    believed = [words.lower() for status, words, error, _ in ROWS if words and error is UndeliverableError and status < 500]
    decides = {next((phrase for phrase in PHRASES if phrase in words), None) for words in believed}
    assert PHRASES.keys() - decides == set()
    assert set(PHRASES.values()) == set(Refusal)


@pytest.mark.parametrize(
    ("status", "seconds", "header", "after"),
    [
        (429, 7, None, 7.0),
        (429, 10_072, None, 10_072.0),
        (429, 10**12, None, 21_600.0),
        (429, 10**400, None, 21_600.0),
        (429, -5, None, 1.0),
        (429, 7, "30", 7.0),
        (429, None, "30", 30.0),
        (429, None, "999999999", 21_600.0),
        (429, None, "Wed, 25 Nov 2026 09:00:00 GMT", 1.0),
        (429, None, "nan", 1.0),
        (503, None, "30", 30.0),
        (400, 9, None, 9.0),
        (500, 9, None, 9.0),
    ],
)
async def test_the_channel_rests_as_long_as_it_is_told_within_reason(
    channel: Telegram, standin: Standin, status: int, seconds: int | None, header: str | None, after: float
) -> None:
    standin.orders = Orders("refuse", status, "Too Many Requests", seconds, header=header)
    seen = await sent_in_vain(channel)
    assert isinstance(seen, ThrottledError)
    assert seen.after == after


async def test_a_group_that_has_moved_is_never_written_to(channel: Telegram, standin: Standin) -> None:
    words = "Bad Request: group chat was migrated to a supergroup chat"
    standin.orders = Orders("refuse", 400, words, moved_to=-100_200_300)
    seen = await sent_in_vain(channel)
    assert isinstance(seen, UndeliverableError)
    assert (seen.dead, seen.stopped) == (True, False)
    assert "200" not in seen.reason


async def test_a_wrong_token_rests_the_channel_until_somebody_mends_it(standin: Standin) -> None:
    async with opened(standin, token="4700:wrong") as channel:
        seen = await sent_in_vain(channel)
    assert isinstance(seen, ThrottledError)
    assert (seen.reason, seen.after) == ("telegram 401", 300)


@pytest.mark.parametrize(
    ("text", "data", "reason"),
    [
        ("", "q:a:1", "telegram 400: message text is empty"),
        (" \n", "q:a:1", "telegram 400: message text is empty"),
        ("x" * 4097, "q:a:1", "telegram 400: message is too long"),
        ("Hej", "x" * 65, "telegram 400: button_data_invalid"),
        ("Hej", "æ" * 33, "telegram 400: button_data_invalid"),
    ],
)
async def test_what_telegram_itself_turns_down_never_will_be_sent(
    channel: Telegram, standin: Standin, text: str, data: str, reason: str
) -> None:
    with pytest.raises(UndeliverableError) as caught:
        await channel.send(message(text, buttons=(Button("1", data),)))
    assert (caught.value.reason, caught.value.dead, caught.value.stopped) == (reason, False, False)
    assert standin.calls == 1


async def test_an_account_that_never_started_the_bot_is_a_dead_address(channel: Telegram, standin: Standin) -> None:
    with pytest.raises(UndeliverableError, match="chat not found") as caught:
        await channel.send(message(to=str(MAJA + 1)))
    assert caught.value.dead


BODY = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner))
ANSWER = st.fixed_dictionaries({}, optional={"ok": st.booleans(), "description": BODY, "parameters": BODY})


@given(
    status=st.integers(300, 599),
    text=st.text() | BODY.map(json.dumps) | ANSWER.map(json.dumps),
    header=st.none() | st.text(),
)
def test_every_answer_that_is_no_yes_has_exactly_one_class(status: int, text: str, header: str | None) -> None:
    error = refusal(status, text, header)
    assert type(error) in {NotSentError, ThrottledError, UndeliverableError, UnknownFateError}
    if status >= 500 and header is None and "retry_after" not in text:
        assert isinstance(error, UnknownFateError)
    if isinstance(error, ThrottledError):
        assert 0 < error.after <= 21_600
