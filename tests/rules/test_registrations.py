"""VAT registrations as files tell them, one after the other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.model import VatPeriod, VatRegistration
from medvind.rules.registrations import History, change_period, deregister, register, registered_since

MONTHLY, QUARTERLY, HALF_YEARLY = VatPeriod
TODAY = date(2026, 11, 24)
JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


def history(*entries: tuple[date, VatPeriod | None]) -> History:
    return tuple(VatRegistration(*entry) for entry in entries)


REGISTERED = history((JANUARY, QUARTERLY))
CHANGED = history((JANUARY, QUARTERLY), (JUNE, MONTHLY))
ENDED = history((JANUARY, MONTHLY), (JUNE, None))


@pytest.mark.parametrize(
    ("before", "since", "period", "after"),
    [
        ((), JANUARY, None, REGISTERED),
        ((), JANUARY, HALF_YEARLY, history((JANUARY, HALF_YEARLY))),
        (REGISTERED, JANUARY, None, REGISTERED),
        (REGISTERED, JANUARY, MONTHLY, history((JANUARY, QUARTERLY), (TODAY, MONTHLY))),
        (CHANGED, JANUARY, None, CHANGED),
        (CHANGED, JANUARY, MONTHLY, CHANGED),
        (CHANGED, MARCH, None, history((MARCH, QUARTERLY), (JUNE, MONTHLY))),
        (CHANGED, MARCH, HALF_YEARLY, history((MARCH, HALF_YEARLY))),
        (REGISTERED, date(2025, 7, 1), None, history((date(2025, 7, 1), QUARTERLY))),
        (ENDED, TODAY, None, (*ENDED, VatRegistration(TODAY, MONTHLY))),
        (ENDED, TODAY, QUARTERLY, (*ENDED, VatRegistration(TODAY, QUARTERLY))),
        (ENDED, JANUARY, None, history((JANUARY, MONTHLY))),
        (ENDED, MARCH, None, history((MARCH, MONTHLY))),
    ],
)
def test_the_day_of_registration_is_what_the_file_says(
    before: History, since: date, period: VatPeriod | None, after: History
) -> None:
    assert register(before, since, period, TODAY) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), ()),
        (REGISTERED, history((JANUARY, QUARTERLY), (TODAY, HALF_YEARLY))),
        (history((date(2027, 1, 1), QUARTERLY)), history((date(2027, 1, 1), HALF_YEARLY))),
        (history((JANUARY, HALF_YEARLY), (TODAY, MONTHLY)), history((JANUARY, HALF_YEARLY))),
        (ENDED, ENDED),
    ],
)
def test_another_period_holds_from_today_on(before: History, after: History) -> None:
    assert change_period(before, HALF_YEARLY, TODAY) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), ()),
        (ENDED, ENDED),
        (CHANGED, (*CHANGED, VatRegistration(TODAY, None))),
        (history((date(2027, 1, 1), QUARTERLY)), ()),
        ((*ENDED, VatRegistration(date(2027, 1, 1), QUARTERLY)), ENDED),
        (history((TODAY, QUARTERLY)), ()),
    ],
)
def test_whoever_deregisters_owes_no_more_from_today_on(before: History, after: History) -> None:
    assert deregister(before, TODAY) == after


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
DEEDS = st.lists(st.tuples(st.sampled_from(["register", "change", "deregister"]), DAYS, st.none() | st.sampled_from(VatPeriod)))


def done(before: History, deed: tuple[str, date, VatPeriod | None], today: date) -> History:
    what, since, period = deed
    if what == "register":
        return register(before, since, period, today)
    return change_period(before, period or QUARTERLY, today) if what == "change" else deregister(before, today)


@given(DEEDS)
def test_the_same_row_twice_changes_nothing_and_a_history_stays_in_order(
    deeds: list[tuple[str, date, VatPeriod | None]],
) -> None:
    now: History = ()
    for number, deed in enumerate(deeds):
        now = done(now, deed, TODAY + timedelta(number))
        assert done(now, deed, TODAY + timedelta(number)) == now
        days = [one.since for one in now]
        assert days == sorted(set(days))
        assert all(one.period != other.period for one, other in pairwise(now))
        assert not now or now[0].period is not None
        if deed[0] == "register":
            assert registered_since(now) == deed[1]
        if deed[0] == "deregister":
            assert registered_since(now) is None
