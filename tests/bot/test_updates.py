"""What each kind of update means, and that no update can break the reading of it."""

import json
from typing import Any

import pytest
from aiogram.types import Update as Realistic
from hypothesis import given
from hypothesis import strategies as st

from bot.updates import Tapped, Update, parse, read_update
from medvind.channels import InboundKind
from medvind.model import ChannelName
from medvind.rules.national_id import BLANKED, blank_national_id
from tests.bot.rig import MAJA
from tests.standins import telegram_words as words

NUMBER = 600_000_001
GROUP = words.group()
IN_GROUP = GROUP["id"]
OTHER: dict[str, Any] = {"title": "Iværksættere", "id": -5, "type": "channel"}

TEXT, BUTTON, MEDIA = InboundKind.TEXT, InboundKind.BUTTON, InboundKind.MEDIA
BLOCKED, UNBLOCKED, IGNORED = InboundKind.BLOCKED, InboundKind.UNBLOCKED, InboundKind.IGNORED
ROWS: list[tuple[str, Any, InboundKind, str]] = [
    ("words", words.message(NUMBER, MAJA, "Ja tak æøå \N{SEEDLING}"), TEXT, "Ja tak æøå \N{SEEDLING}"),
    ("a code", words.message(NUMBER, MAJA, "/start AbC-12_x"), TEXT, "/start AbC-12_x"),
    ("words on lines", words.message(NUMBER, MAJA, "STOP\nnu"), TEXT, "STOP\nnu"),
    ("5,000 signs", words.message(NUMBER, MAJA, "x" * 5000), TEXT, "x" * 5000),
    ("a million signs", words.message(NUMBER, MAJA, "æ" * 1_000_000), TEXT, "æ" * 1_000_000),
    ("a picture with words", words.message(NUMBER, MAJA, caption="STOP", **words.MEDIA["photo"]), TEXT, "STOP"),
    ("a picture with blanks", words.message(NUMBER, MAJA, caption=" ", **words.MEDIA["photo"]), MEDIA, ""),
    *((name, words.message(NUMBER, MAJA, **thing), MEDIA, "") for name, thing in words.MEDIA.items()),
    ("a forwarded text", words.message(NUMBER, MAJA, "hej", forward_origin={"type": "user"}), TEXT, "hej"),
    ("a tap", words.tap(NUMBER, MAJA, "q:abc:yes"), BUTTON, "q:abc:yes"),
    ("a block", words.membership(NUMBER, MAJA, "kicked"), BLOCKED, ""),
    ("a change of mind", words.membership(NUMBER, MAJA, "member"), UNBLOCKED, ""),
    ("a state of tomorrow", words.membership(NUMBER, MAJA, "sleeping"), IGNORED, ""),
    ("a correction", words.edited(NUMBER, MAJA, "Nej"), TEXT, "Nej"),
    ("a place that moves along", words.edited(NUMBER, MAJA, **words.MEDIA["location"]), IGNORED, ""),
    ("words in a group", words.message(NUMBER, MAJA, "STOP", chat=GROUP), IGNORED, ""),
    ("a tap in a group", words.tap(NUMBER, MAJA, "q:abc:yes", chat=GROUP), IGNORED, ""),
    ("a pinned message", words.message(NUMBER, MAJA, pinned_message={"message_id": 1}), IGNORED, ""),
    ("a poll's answer", {"update_id": NUMBER, "poll_answer": {"poll_id": "1", "option_ids": [1]}}, IGNORED, ""),
    ("a kind of tomorrow", {"update_id": NUMBER, "brain_wave": {"from": words.user(MAJA)}}, IGNORED, ""),
    ("nothing", {"update_id": NUMBER}, IGNORED, ""),
]


@pytest.mark.parametrize(("update", "kind", "text"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_update_has_one_meaning(update: Any, kind: InboundKind, text: str) -> None:
    read = read_update(update)
    assert read.readable
    inbound = read.inbound
    assert (inbound.channel, inbound.provider_id) == (ChannelName.TELEGRAM, str(NUMBER))
    assert (inbound.kind, inbound.text) == (kind, text)
    assert json.loads(inbound.raw) == update
    if kind is not IGNORED:
        assert inbound.sender == str(MAJA)


def test_the_updates_of_these_tests_are_such_as_telegram_sends() -> None:
    kinds = {"a state of tomorrow", "a kind of tomorrow", "a poll's answer", "a forwarded text", "a pinned message"}
    looked_at = [update for name, update, _, _ in ROWS if name not in kinds]
    for update in looked_at:
        Realistic.model_validate(update)
    print(f"aiogram has read {len(looked_at)} updates")
    assert len(looked_at) == 23


def test_a_bot_is_not_answered() -> None:
    update = words.message(NUMBER, MAJA, "hej")
    update["message"]["from"]["is_bot"] = True
    assert read_update(update).inbound.kind is IGNORED


@pytest.mark.parametrize(
    ("update", "group"),
    [
        (words.message(NUMBER, MAJA, "hej", chat=GROUP), IN_GROUP),
        (words.message(NUMBER, MAJA, chat=GROUP, new_chat_members=[words.bot()]), IN_GROUP),
        (words.message(NUMBER, MAJA, chat=OTHER), -5),
        (words.membership(NUMBER, MAJA, "member", chat=GROUP), IN_GROUP),
        (words.membership(NUMBER, MAJA, "administrator", chat=GROUP), IN_GROUP),
        (words.membership(NUMBER, MAJA, "kicked", chat=GROUP), None),
        (words.membership(NUMBER, MAJA, "left", chat=GROUP), None),
        (words.message(NUMBER, MAJA, "hej"), None),
        (words.membership(NUMBER, MAJA, "member"), None),
    ],
)
def test_a_group_is_left_and_a_private_chat_is_not(update: Any, group: int | None) -> None:
    assert read_update(update).group == group


def test_a_tap_is_to_be_answered_wherever_it_was() -> None:
    taps = [words.tap(NUMBER, MAJA, "q:abc:yes"), words.tap(NUMBER, MAJA, "q:abc:yes", chat=GROUP)]
    assert [read_update(update).tap for update in taps] == [f"q{NUMBER}"] * 2
    assert read_update(words.message(NUMBER, MAJA, "hej")).tap is None


@pytest.mark.parametrize(
    ("update", "message"),
    [
        (words.tap(NUMBER, MAJA, "q:abc:yes", under=12), 12),
        (words.tap(NUMBER, MAJA, "q:abc:yes", lost=True), None),
        (words.tap(NUMBER, MAJA, "q:abc:yes", chat=GROUP), None),
        (words.tap(NUMBER, MAJA, "q:abc:yes", chat=words.private(MAJA + 1)), None),
        (words.message(NUMBER, MAJA, "hej"), None),
    ],
)
def test_only_a_message_of_ours_in_the_tappers_own_chat_loses_its_buttons(update: Any, message: int | None) -> None:
    Realistic.model_validate(update)
    tapped = read_update(update).tapped
    assert tapped == (None if message is None else Tapped(MAJA, message))


@pytest.mark.parametrize("sender", [words.user(MAJA), None, {"id": 5}])
def test_buttons_under_what_no_bot_has_written_are_left_alone(sender: Any) -> None:
    update = words.tap(NUMBER, MAJA, "q:abc:yes")
    update["callback_query"]["message"]["from"] = sender
    read = read_update(update)
    assert (read.inbound.kind, read.tapped) == (BUTTON, None)


MESSAGE, TAP = words.message(NUMBER, MAJA, "hej"), words.tap(NUMBER, MAJA, "q:1:1")
CHANGE = words.membership(NUMBER, 1, "left")
BROKEN: list[tuple[str, str, list[Any]]] = [
    ("message", "from", [None, {}, {"id": "1"}, {"id": True}, {"id": -1}]),
    ("message", "chat", [None, 5, {"id": 1}, {"type": "group"}, {"type": 5, "id": 5}]),
    ("message", "text", [None, 5, ["hej"]]),
    ("callback_query", "data", [5, {}]),
    ("callback_query", "id", [None, 5]),
    ("callback_query", "from", [None]),
    ("my_chat_member", "new_chat_member", [None, {}, {"status": 5}]),
]
NO_OBJECTS: list[Any] = [None, [], "hej", 5, {}]


def broken() -> list[Any]:
    """Updates of a known kind, each with one thing that isn't as it must be, or isn't there."""
    found: list[Any] = []
    for update in (MESSAGE, TAP, CHANGE):
        for kind, name, wrong in BROKEN:
            if kind in update:
                found += [update | {kind: update[kind] | {name: value}} for value in wrong]
                found += [update | {kind: thing} for thing in NO_OBJECTS]
    return found


@pytest.mark.parametrize("update", broken())
def test_what_does_not_hold_what_it_must_is_for_a_person(update: Any) -> None:
    read = read_update(update)
    assert not read.readable
    assert read.inbound.provider_id == str(NUMBER)
    assert json.loads(read.inbound.raw) == update


def test_a_broken_message_still_belongs_to_its_sender() -> None:
    update = words.message(NUMBER, MAJA)
    update["message"]["text"] = {"new": "shape"}
    read = read_update(update)
    assert (read.readable, read.inbound.sender) == (False, str(MAJA))


@pytest.mark.parametrize(
    "thing",
    [
        None,
        [],
        "hej",
        5,
        {},
        {"update_id": None},
        {"update_id": "1"},
        {"update_id": True},
        {"update_id": -1},
        {"update_id": 2**63},
    ],
)
def test_what_has_no_number_is_known_by_what_stands_in_it(thing: Any) -> None:
    first, again, other = read_update(thing), read_update(thing), read_update([thing])
    assert not first.readable
    assert first == again
    assert first.inbound.provider_id != other.inbound.provider_id
    assert len(first.inbound.provider_id) <= 80


@pytest.mark.parametrize(
    "text", ["mit nr er 010190-1234", "010190 1234", "cpr 0101901234 tak", "010190\t1234", "010190\u00a0-\u00a01234"]
)
def test_a_national_id_hides_nowhere_in_the_raw_update(text: str) -> None:
    quoted = words.message(1, MAJA, text)["message"]
    update = words.message(NUMBER, MAJA, text, reply_to_message=quoted)
    inbound = read_update(parse(json.dumps(update).encode())).inbound
    for kept in (inbound.text, inbound.raw):
        blanked, seen = blank_national_id(kept)
        assert seen
        assert "1234" not in blanked
        assert BLANKED in blanked


@pytest.mark.parametrize("half", ["\ud83c", "\udf31\ud83c"])
def test_half_a_sign_is_kept_as_a_mark(half: str) -> None:
    body = json.dumps(words.message(NUMBER, MAJA, f"hej {half}")).encode()
    read = read_update(parse(body))
    assert read.readable
    assert read.inbound.text == "hej " + "?" * len(half)
    assert read.inbound.raw.encode()


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"{", b"[" * 100_000, b'{"update_id": 1' + b"0" * 5000 + b"}", b"\x00" * 999]
)
def test_a_body_that_is_no_json_is_for_a_person(body: bytes) -> None:
    read = read_update(parse(body))
    assert not read.readable
    assert read.inbound.raw.encode()


def test_things_within_things_without_end_are_cut_off() -> None:
    thing: Any = "core"
    for _ in range(300):
        thing = {"a": [thing]}
    read = read_update(words.message(NUMBER, MAJA, "hej", new=thing))
    assert (read.readable, read.inbound.text) == (True, "hej")
    assert "core" not in read.inbound.raw


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
NEAR = st.fixed_dictionaries(
    {"update_id": st.integers(0, 2**62)},
    optional={
        name: st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("from", "chat", "text", "data", "id", "message", "new_chat_member"), ANY)
        )
        for name in ("message", "callback_query", "my_chat_member", "edited_message")
    },
)


@given(thing=ANY | NEAR)
def test_nothing_breaks_the_reading(thing: Any) -> None:
    read = read_update(thing)
    assert isinstance(read, Update)
    assert read.inbound.raw.encode()
    assert isinstance(read.inbound.text.encode(), bytes)
    assert repr(read.inbound) == f"Inbound(telegram, {read.inbound.provider_id}, {read.inbound.kind})"


@given(body=st.binary())
def test_nothing_breaks_the_parsing(body: bytes) -> None:
    assert read_update(parse(body)).inbound.raw.encode()
