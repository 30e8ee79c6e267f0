"""VAT registrations as files tell them, one after the other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.model import VatPeriod, VatRegistration
from medvind.rules.registrations import (
    History,
    begin_period,
    change_period,
    deregister,
    register,
    registered_since,
    reopened,
)

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


@pytest.mark.parametrize(
    ("before", "period", "day", "after"),
    [
        ((), MONTHLY, MARCH, ()),
        (ENDED, QUARTERLY, TODAY, ENDED),
        (REGISTERED, MONTHLY, date(2025, 12, 31), REGISTERED),
        (REGISTERED, QUARTERLY, JANUARY, REGISTERED),
        (REGISTERED, QUARTERLY, MARCH, REGISTERED),
        (REGISTERED, HALF_YEARLY, JANUARY, history((JANUARY, HALF_YEARLY))),
        (REGISTERED, HALF_YEARLY, MARCH, history((JANUARY, QUARTERLY), (MARCH, HALF_YEARLY))),
        (REGISTERED, HALF_YEARLY, date(2027, 1, 1), history((JANUARY, QUARTERLY), (date(2027, 1, 1), HALF_YEARLY))),
        (CHANGED, MONTHLY, JUNE, CHANGED),
        (CHANGED, MONTHLY, MARCH, history((JANUARY, QUARTERLY), (MARCH, MONTHLY))),
        (CHANGED, MONTHLY, TODAY, history((JANUARY, QUARTERLY), (TODAY, MONTHLY))),
        (CHANGED, MONTHLY, JANUARY, history((JANUARY, MONTHLY))),
        (CHANGED, QUARTERLY, MARCH, REGISTERED),
        (CHANGED, QUARTERLY, TODAY, (*CHANGED, VatRegistration(TODAY, QUARTERLY))),
        (CHANGED, HALF_YEARLY, MARCH, history((JANUARY, QUARTERLY), (MARCH, HALF_YEARLY))),
        (CHANGED, HALF_YEARLY, TODAY, (*CHANGED, VatRegistration(TODAY, HALF_YEARLY))),
        (history((JANUARY, MONTHLY)), MONTHLY, MARCH, history((JANUARY, QUARTERLY), (MARCH, MONTHLY))),
        (
            (*ENDED, *history((TODAY, QUARTERLY))),
            HALF_YEARLY,
            date(2027, 1, 1),
            (*ENDED, *history((TODAY, QUARTERLY), (date(2027, 1, 1), HALF_YEARLY))),
        ),
        ((*ENDED, *history((TODAY, MONTHLY))), MONTHLY, MARCH, (*ENDED, *history((TODAY, MONTHLY)))),
    ],
)
def test_a_period_type_holds_from_the_day_that_the_file_says(
    before: History, period: VatPeriod, day: date, after: History
) -> None:
    assert begin_period(before, period, day) == after
    assert begin_period(after, period, day) == after


@pytest.mark.parametrize(
    ("before", "day", "after"),
    [
        (CHANGED, JANUARY, ()),
        (CHANGED, MARCH, history((JANUARY, QUARTERLY), (MARCH, None))),
        (CHANGED, JUNE, history((JANUARY, QUARTERLY), (JUNE, None))),
        (CHANGED, date(2027, 1, 1), (*CHANGED, VatRegistration(date(2027, 1, 1), None))),
    ],
)
def test_a_business_may_close_on_any_day(before: History, day: date, after: History) -> None:
    assert deregister(before, day) == after


@pytest.mark.parametrize("before", [(), REGISTERED, CHANGED, ENDED, (*ENDED, VatRegistration(TODAY, QUARTERLY))])
def test_an_end_that_is_taken_back_leaves_all_that_was_before_it(before: History) -> None:
    again, end = reopened(before)
    assert (registered_since(again) is None) == (before == ())
    assert (deregister(again, end) if end else again) == before


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
DEEDS = st.lists(
    st.tuples(st.sampled_from(["register", "change", "begin", "deregister"]), DAYS, st.none() | st.sampled_from(VatPeriod))
)


def done(before: History, deed: tuple[str, date, VatPeriod | None], today: date) -> History:
    what, since, period = deed
    if what == "register":
        return register(before, since, period, today)
    if what == "begin":
        return begin_period(before, period or QUARTERLY, since)
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
