"""When somebody may be erased."""

from datetime import UTC, datetime, timedelta

import pytest

from medvind.rules.erasing import REGRET, EraseReason, Refusal, refusal, wanted_it

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
A_DAY_AGO, JUST_NOW = NOW - REGRET, NOW - REGRET + timedelta(seconds=1)
GIVEN = [reason for reason in EraseReason if reason is not EraseReason.ASKED]


@pytest.mark.parametrize("reason", [None, EraseReason.ASKED])
def test_a_wish_counts_once_the_day_to_regret_it_is_over(reason: EraseReason | None) -> None:
    assert refusal(A_DAY_AGO, reason, NOW, held=False) is None
    assert refusal(JUST_NOW, reason, NOW, held=False) is Refusal.TOO_SOON
    assert refusal(None, reason, NOW, held=False) is Refusal.NOT_ASKED


@pytest.mark.parametrize("reason", GIVEN)
def test_a_reason_takes_the_place_of_the_wish_and_of_its_day(reason: EraseReason) -> None:
    assert [refusal(asked, reason, NOW, held=False) for asked in (None, JUST_NOW, A_DAY_AGO)] == [None, None, None]


@pytest.mark.parametrize("reason", [None, *EraseReason])
def test_who_is_kept_for_a_case_is_not_erased_whoever_asks(reason: EraseReason | None) -> None:
    assert {refusal(asked, reason, NOW, held=True) for asked in (None, JUST_NOW, A_DAY_AGO)} == {Refusal.HELD}


def test_only_a_wish_of_their_own_says_that_they_want_no_more_messages() -> None:
    assert {reason for reason in EraseReason if wanted_it(reason)} == {EraseReason.ASKED, EraseReason.ASKED_OTHERWISE}
