"""What the benchmark says of lost, doubled and early messages can be trusted."""

from datetime import timedelta

from tests.bench.cohort import phone_of
from tests.bench.figures import Figure, Tally, table
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
