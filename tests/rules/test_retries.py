"""What doubt prefers, and how long a failure waits."""

from datetime import timedelta

import pytest

from medvind.model import Doubt
from medvind.rules.retries import Verdict, backoff, judge

VERDICTS = {
    # kind: first unknown without and with a later step, second unknown without and with one
    Doubt.A: (Verdict.AGAIN, Verdict.AGAIN, Verdict.PERSON, Verdict.PERSON),
    Doubt.B: (Verdict.PERSON, Verdict.SILENCE, Verdict.PERSON, Verdict.SILENCE),
    Doubt.C: (Verdict.SILENCE, Verdict.SILENCE, Verdict.SILENCE, Verdict.SILENCE),
    Doubt.D: (Verdict.AGAIN, Verdict.AGAIN, Verdict.PERSON, Verdict.PERSON),
}


@pytest.mark.parametrize("doubt", Doubt)
def test_doubt_ends_as_the_kind_prefers(doubt: Doubt) -> None:
    cases = [(False, False), (False, True), (True, False), (True, True)]
    assert tuple(judge(doubt, tried_in_doubt=tried, later_step=later) for tried, later in cases) == VERDICTS[doubt]


def test_no_kind_is_ever_sent_again_twice() -> None:
    cases = [(doubt, later) for doubt in Doubt for later in (False, True)]
    print(f"{len(cases)} cases looked at")
    assert [case for case in cases if judge(case[0], tried_in_doubt=True, later_step=case[1]) == Verdict.AGAIN] == []


def test_a_failure_waits_1_5_15_then_60_minutes_and_at_most_a_fifth_longer() -> None:
    cases = [(0, 1), (1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (50, 60)]
    print(f"{len(cases)} cases looked at")
    for attempts, minutes in cases:
        waits = {backoff(attempts, f"row {number}") for number in range(300)}
        assert timedelta(minutes=minutes) <= min(waits) < timedelta(minutes=minutes * 1.02)
        assert timedelta(minutes=minutes * 1.18) < max(waits) <= timedelta(minutes=minutes * 1.2)


def test_the_same_row_waits_the_same_time_and_two_rows_seldom_do() -> None:
    assert backoff(2, "a row") == backoff(2, "a row")
    assert len({backoff(2, f"row {number}") for number in range(20)}) > 15
    assert backoff(4, "a row") != backoff(5, "a row")
