"""When a provider counts as away, who may try, and when somebody is woken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.rules.breaker import (
    ALARM_AFTER,
    CLOSED,
    NO_ANSWER,
    OURS,
    TRY_EVERY,
    Breaker,
    Heard,
    Try,
    after_probe,
    after_tries,
    heard,
    is_away,
)
from medvind.rules.pacing import SLOW_FOR, Pace

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND, AHEAD = timedelta(seconds=1), timedelta(seconds=5)
SIGNS = {".": Heard.ANSWERED, "x": Heard.FAILED, "-": Heard.SILENT}
OPEN = Breaker(NOW - SECOND, NOW, NOW + TRY_EVERY)


def tries(signs: str) -> list[Try]:
    """A second apart, the newest now."""
    return [Try(NOW - (len(signs) - 1 - place) * SECOND, SIGNS[sign]) for place, sign in enumerate(signs)]


@pytest.mark.parametrize(
    ("outcome", "reason", "says"),
    [
        ("sent", None, Heard.ANSWERED),
        ("accepted", "accepted", Heard.ANSWERED),
        ("dead", "twilio 21614", Heard.ANSWERED),
        ("stopped", "twilio 21610", Heard.ANSWERED),
        ("undeliverable", "twilio 21617", Heard.ANSWERED),
        ("not sent", "twilio: ConnectionRefusedError", Heard.FAILED),
        ("not sent", "telegram: TimeoutError", Heard.SILENT),
        ("refused", "twilio 30008", Heard.ANSWERED),
        ("unknown", "twilio 500", Heard.FAILED),
        ("unknown", "twilio: SocketTimeoutError", Heard.SILENT),
        ("unknown", NO_ANSWER, Heard.SILENT),
        ("unknown", None, Heard.FAILED),
        *(("unknown", reason, None) for reason in OURS),
        ("not sent", "too late", None),
        ("throttled", "telegram 429", None),
        ("planned", "quiet hours", None),
    ],
)
def test_what_a_try_says_of_the_provider(outcome: str, reason: str | None, says: Heard | None) -> None:
    assert heard(outcome, reason) is says


@pytest.mark.parametrize(
    ("signs", "away"),
    [
        ("", False),
        ("xxxx", False),
        ("xxxxx", True),
        ("x.x.x.x.x", True),
        ("x.x.x.x..", False),
        ("xxxxx......", False),
        ("xxxxx.....", True),
        ("x-x-x", True),
        ("--", False),
        ("---", True),
        ("--.-", False),
        ("--x-", False),
        (".......---", True),
        ("---.", False),
    ],
)
def test_five_failures_of_the_last_ten_or_three_time_outs_in_a_row_open_it(signs: str, *, away: bool) -> None:
    assert is_away([SIGNS[sign] for sign in signs]) is away
    assert (after_tries(CLOSED, tries(signs), NOW).opened_at == NOW) is away


@pytest.mark.parametrize(("signs", "seconds"), [("xxxxx", 4), ("..xx.xxxxx", 4), ("x.x.x.x.x", 0), ("xxxxx...", 7)])
def test_it_is_away_since_the_first_failure_that_nothing_has_come_between(signs: str, seconds: int) -> None:
    assert after_tries(CLOSED, tries(signs), NOW).away_since == NOW - seconds * SECOND


def test_an_open_one_lets_one_try_in_each_minute_and_any_answer_closes_it() -> None:
    opened = after_tries(CLOSED, tries("---"), NOW)
    assert [opened.may_try(NOW + seconds * SECOND) for seconds in (0, 59, 60)] == [False, False, True]
    assert opened.next_try(NOW) == NOW + TRY_EVERY
    assert opened.next_try(NOW + TRY_EVERY) == NOW + 2 * TRY_EVERY
    assert CLOSED.next_try(NOW) == NOW + TRY_EVERY
    for answer in (None, Heard.FAILED, Heard.SILENT):
        assert after_probe(opened, answer, NOW) == opened
    assert after_probe(opened, Heard.ANSWERED, NOW) == Breaker(closed_at=NOW)
    assert after_probe(CLOSED, Heard.ANSWERED, NOW) == CLOSED
    assert not CLOSED.may_try(NOW)


def test_the_alarm_is_raised_after_a_quarter_of_an_hour_and_once() -> None:
    since = OPEN.away_since
    assert since is not None
    assert [OPEN.alarms(since + ALARM_AFTER - SECOND), OPEN.alarms(since + ALARM_AFTER)] == [False, True]
    assert not replace(OPEN, alarmed_at=NOW).alarms(since + timedelta(hours=2))
    assert not CLOSED.alarms(NOW)


@given(st.lists(st.sampled_from(Heard), max_size=40))
def test_whatever_comes_it_opens_by_enough_failures_alone_and_not_after_six_answers(said: list[Heard]) -> None:
    failed = sum(one is not Heard.ANSWERED for one in said[-10:])
    in_a_row = said[-3:] == [Heard.SILENT] * 3
    assert is_away(said) is (failed >= 5 or in_a_row)
    assert not is_away([*said, *[Heard.ANSWERED] * 6])


@given(st.lists(st.tuples(st.sampled_from([None, *Heard]), st.integers(1, 200)), max_size=60))
def test_whatever_comes_tries_are_a_minute_apart_and_only_the_one_that_tries_closes_it(
    steps: list[tuple[Heard | None, int]],
) -> None:
    now, breaker, said, last = NOW, CLOSED, list[Try](), NOW - TRY_EVERY
    for says, seconds in steps:
        now += seconds * SECOND
        was_open = breaker.opened_at is not None
        if was_open and breaker.may_try(now):
            assert now - last >= TRY_EVERY
            last = now
            breaker = after_probe(replace(breaker, probe_at=breaker.next_try(now)), says, now)
            assert (breaker.opened_at is None) is (says is Heard.ANSWERED)
            said = [] if breaker.opened_at is None else said
        elif says is not None:
            said.append(Try(now, says))
            breaker = after_tries(breaker, said, now)
            assert breaker.opened_at is not None or not was_open
            last = now if breaker.opened_at == now else last
        assert (breaker.opened_at is None) is (breaker.probe_at is None) is (breaker.away_since is None)


def test_a_channel_that_was_asked_to_rest_lets_half_go_until_it_is_slow_no_longer() -> None:
    slow = Pace(NOW, slow_until=NOW + SLOW_FOR)
    assert [slow.rate(30, NOW + minutes * 60 * SECOND) for minutes in (0, 9, 10, 60)] == [15, 15, 30, 30]
    assert (slow.room(30, NOW, AHEAD), Pace(NOW).room(30, NOW, AHEAD)) == (76, 151)


def test_a_channel_whose_provider_is_away_lets_nothing_go_but_the_one_that_tries() -> None:
    away = Pace(NOW, breaker=OPEN)
    assert [away.room(30, NOW + seconds * SECOND, AHEAD) for seconds in (0, 59, 60)] == [0, 0, 1]
    resting = Pace(NOW + timedelta(hours=1), breaker=OPEN)
    assert resting.room(30, NOW + TRY_EVERY, AHEAD) == 0
