"""What the benchmark says of lost, doubled and early messages can be trusted."""

from datetime import timedelta

from tests.bench.cohort import phone_of
from tests.bench.figures import Figure, Tally, Target, table
from tests.bench.places import MORNING, MorningClock
from tests.bench.sending import lateness, tally


def arrived(*people: int) -> list[dict[str, str]]:
    return [{"to": phone_of(person), "at": MORNING.isoformat()} for person in people]


def test_one_message_to_each_is_clean() -> None:
    assert tally(arrived(1, 2, 3), 3) == Tally(looked_at=3)
    assert tally(arrived(1, 2, 3), 3).clean


def test_a_lost_message_is_counted() -> None:
    assert tally(arrived(1, 3), 3) == Tally(looked_at=3, lost=1)


def test_a_doubled_message_is_counted_and_makes_up_for_no_lost_one() -> None:
    assert tally(arrived(1, 3, 3, 3), 3) == Tally(looked_at=3, lost=1, doubled=2)


def test_a_message_to_nobody_of_ours_is_counted() -> None:
    assert tally(arrived(1, 2, 9), 2) == Tally(looked_at=2, doubled=1)


def test_nothing_looked_at_is_not_clean() -> None:
    assert not Tally().clean
    assert not (Tally(looked_at=5) + Tally(looked_at=5, early=1)).clean


def test_an_early_message_has_less_than_no_lateness() -> None:
    clock = MorningClock()
    clock.ahead = timedelta()
    moments = [MORNING + timedelta(milliseconds=5), MORNING - timedelta(milliseconds=7)]
    assert lateness(arrived(1, 2), moments, clock) == [-5.0, 7.0]


def test_the_ratio_is_taken_within_each_round() -> None:
    rounds = [Figure("plan", "sqlite", "rows/s", ours, bare) for ours, bare in ((10, 100), (50, 100), (60, 300))]
    assert table(rounds)[1].split() == ["plan", "sqlite", "50.0", "100", "rows/s", "20%"]


def test_a_promise_is_printed_with_whether_it_is_kept() -> None:
    assert Target(least=0.3).says(1, 0.3) == "at least 30%: target met"
    assert Target(least=0.3).says(1, 0.29) == "at least 30%: target not met"
    assert Target(most=1.25).says(1, 1.25) == "at most 125%: target met"
    assert Target(most=1.25).says(1, 1.26) == "at most 125%: target not met"
    assert Target(under=25).says(24.9, None) == "under 25: target met"
    assert Target(under=25).says(25, None) == "under 25: target not met"
    assert Target().says(1, 2) == ""


def test_a_promise_is_held_against_the_median_of_the_rounds() -> None:
    rounds = [Figure("plan", "sqlite", "rows/s", ours, 100, Target(least=0.3)) for ours in (10, 31, 90)]
    assert table(rounds)[1].endswith("31%  at least 30%: target met")
