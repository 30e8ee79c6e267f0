"""Which words count in a flood, which messages wait once a day's text messages are used up, and how those are counted."""

from datetime import UTC, date, datetime, timedelta

import pytest

from medvind.errors import InvalidError
from medvind.model import Ask, Doubt, PublicId
from medvind.rules.caps import Spent, can_wait, counts_unproven, is_always_heard
from medvind.rules.meanings import CallMe, Erase, FreeText, Help, No, OpenQuestion, OptIn, Reply, Score, Stop, WrongNumber, Yes
from medvind.rules.policy import policy_from

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)


def asked(ask: Ask) -> OpenQuestion:
    return OpenQuestion(PublicId("q"), ask, {}, NOW, NOW + timedelta(days=1))


def test_a_no_to_everything_is_always_heard_and_nothing_else_is() -> None:
    always: list[Reply] = [Stop(), No(asked(Ask.INVITE))]
    others: list[Reply] = [OptIn(), Help(), CallMe(), FreeText(), Yes(asked(Ask.INVITE)), No(asked(Ask.RSVP))]
    print(f"{len(always) + len(others)} replies looked at")
    assert [is_always_heard(one) for one in (*always, *others)] == [True] * len(always) + [False] * len(others)


def test_from_a_number_that_nobody_has_confirmed_only_what_is_about_the_number_and_peace_counts() -> None:
    counts: list[Reply] = [Stop(), OptIn(), Help(), WrongNumber(), Yes(asked(Ask.INVITE)), No(asked(Ask.INVITE))]
    others: list[Reply] = [
        Yes(asked(Ask.RSVP)),
        No(asked(Ask.RSVP)),
        Score(asked(Ask.CHECK_IN), 2),
        Erase(),
        CallMe(),
        FreeText(),
    ]
    print(f"{len(counts) + len(others)} replies looked at")
    assert [counts_unproven(one) for one in (*counts, *others)] == [True] * len(counts) + [False] * len(others)


def test_what_is_urgent_or_answers_somebody_does_not_wait_nor_does_what_it_goes_along_with() -> None:
    cases = [("A", False), ("B", True), ("C", True), ("D", False), ("BC", True), ("BA", False), ("CD", False)]
    print(f"{len(cases)} messages looked at")
    for letters, waits in cases:
        assert can_wait(Doubt(letter) for letter in letters) is waits, letters


def test_a_message_leaves_while_all_of_it_stays_within_the_cap() -> None:
    cases = [(0, 1, 0, False), (0, 1, 1, True), (8, 2, 10, True), (9, 2, 10, False), (12, 1, 10, False), (9**9, 4, None, True)]
    print(f"{len(cases)} cases looked at")
    for segments, weight, cap, goes in cases:
        assert Spent(TODAY, segments).leaves_room(weight, cap) is goes, (segments, weight, cap)


def test_each_day_begins_at_nothing_and_its_first_wait_is_remembered() -> None:
    today = Spent().on(TODAY).plus(2).plus(1)
    assert today == Spent(TODAY, 3)
    capped = today.at_its_cap(NOW)
    assert capped.at_its_cap(NOW + timedelta(hours=1)) == capped == Spent(TODAY, 3, NOW)
    assert capped.on(TODAY) == capped
    assert capped.on(TOMORROW) == Spent(TOMORROW)


def test_a_cap_is_a_number_of_segments_or_off_and_0_leaves_only_what_cannot_wait() -> None:
    cases = [("2000", 2000), (" 0 ", 0), ("99999", 99_999), ("off", None)]
    refused = ("", "-1", "100000", "many", "1.5")
    print(f"{len(cases) + len(refused)} texts looked at")
    assert policy_from({}).daily_segments == 2000
    for text, cap in cases:
        assert policy_from({"daily_sms_segments": text}).daily_segments == cap, text
    for text in refused:
        with pytest.raises(InvalidError, match=r"^daily_sms_segments: .* from 0 to 99999\. For example: 2000$"):
            policy_from({"daily_sms_segments": text})
