"""VAT as rows of a file tell it, one after the other: registered, another period type from a day on, closed."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medvind.flows.cells import Entry
from medvind.flows.changes import Home, Remarks, changed
from medvind.model import Language, VatPeriod, VatRegistration
from medvind.rules.registrations import History
from medvind.store.participants import Person

MONTHLY, QUARTERLY, HALF_YEARLY = VatPeriod
TODAY = date(2026, 11, 24)
OLD, JANUARY, JUNE, JULY, NEXT = (date(2025, 1, 1), date(2026, 1, 1), date(2026, 6, 1), date(2026, 7, 1), date(2027, 1, 1))
COLUMNS = ("vat_registered_on", "vat_period", "vat_period_from", "vat_deregistered_on")
CLEARED = None


@dataclass(frozen=True)
class Told:
    """What came of a row."""

    vat: History
    faults: list[str]
    warnings: list[str]


def row(**cells: Any) -> dict[str, Any]:
    """The cells of one row, by the end of their column's name; None is a dash."""
    short = {"since": "vat_registered_on", "period": "vat_period", "first": "vat_period_from", "ends": "vat_deregistered_on"}
    return {short[name]: cell for name, cell in cells.items()}


def bring(before: History, cells: dict[str, Any], today: date = TODAY, *, unread: str = "") -> Told:
    remarks = Remarks()
    person = Person("d-1", "Amina", Language.DA, "Europe/Copenhagen", vat=before)
    entry = Entry(2, "d-1", cells, frozenset({unread} if unread else ()))
    after = changed(person, entry, 1, Home(), today, remarks)
    return Told(after.vat, [fault.column for fault in remarks.faults], remarks.warnings)


def history(*entries: tuple[date, VatPeriod | None]) -> History:
    return tuple(VatRegistration(*entry) for entry in entries)


@pytest.mark.parametrize(
    ("rows", "after"),
    [
        ([row(since=JANUARY)], history((JANUARY, QUARTERLY))),
        ([row(since=JANUARY, period=MONTHLY)], history((JANUARY, MONTHLY))),
        (
            [row(since=OLD, period=HALF_YEARLY, first=JULY)],
            history((OLD, QUARTERLY), (JULY, HALF_YEARLY)),
        ),
        (
            [row(since=OLD, period=HALF_YEARLY), row(since=OLD, period=HALF_YEARLY, first=JULY)],
            history((OLD, QUARTERLY), (JULY, HALF_YEARLY)),
        ),
        (
            [row(since=OLD, period=HALF_YEARLY, first=JULY), row(since=OLD, period=HALF_YEARLY)],
            history((OLD, QUARTERLY), (JULY, HALF_YEARLY)),
        ),
        (
            [row(since=OLD, period=MONTHLY), row(since=JANUARY, period=HALF_YEARLY, first=JULY)],
            history((JANUARY, MONTHLY), (JULY, HALF_YEARLY)),
        ),
        (
            [row(since=OLD), row(period=HALF_YEARLY, first=JULY), row(period=HALF_YEARLY, first=NEXT)],
            history((OLD, QUARTERLY), (NEXT, HALF_YEARLY)),
        ),
        (
            [row(since=OLD, period=HALF_YEARLY, first=JULY), row(period=MONTHLY, first=NEXT)],
            history((OLD, QUARTERLY), (JULY, HALF_YEARLY), (NEXT, MONTHLY)),
        ),
        ([row(since=OLD), row(period=MONTHLY)], history((OLD, QUARTERLY), (TODAY, MONTHLY))),
        ([row(since=OLD), row(period=MONTHLY, first=CLEARED)], history((OLD, QUARTERLY), (TODAY, MONTHLY))),
        (
            [row(since=OLD, period=HALF_YEARLY, first=JULY), row(since=JANUARY)],
            history((JANUARY, QUARTERLY), (JULY, HALF_YEARLY)),
        ),
        ([row(since=OLD, ends=JULY)], history((OLD, QUARTERLY), (JULY, None))),
        ([row(since=OLD), row(ends=NEXT)], history((OLD, QUARTERLY), (NEXT, None))),
        ([row(since=OLD, ends=JULY), row(ends=JUNE)], history((OLD, QUARTERLY), (JUNE, None))),
        ([row(since=OLD, ends=JULY), row(ends=CLEARED)], history((OLD, QUARTERLY))),
        ([row(since=OLD, ends=JULY), row(since=OLD)], history((OLD, QUARTERLY), (JULY, None))),
        ([row(since=OLD, ends=JULY), row(since=JANUARY)], history((JANUARY, QUARTERLY), (JULY, None))),
        ([row(since=OLD, ends=JULY), row(since=NEXT)], history((OLD, QUARTERLY), (JULY, None), (NEXT, QUARTERLY))),
        (
            [row(since=OLD, ends=JUNE), row(since=JULY, ends=NEXT)],
            history((OLD, QUARTERLY), (JUNE, None), (JULY, QUARTERLY), (NEXT, None)),
        ),
        (
            [row(since=OLD, period=HALF_YEARLY, first=JANUARY), row(since=OLD, ends=JULY)],
            history((OLD, QUARTERLY), (JANUARY, HALF_YEARLY), (JULY, None)),
        ),
        (
            [row(since=OLD, ends=JULY), row(period=HALF_YEARLY, first=JANUARY)],
            history((OLD, QUARTERLY), (JANUARY, HALF_YEARLY), (JULY, None)),
        ),
        ([row(since=OLD, ends=NEXT), row(period=MONTHLY)], history((OLD, QUARTERLY), (TODAY, MONTHLY), (NEXT, None))),
        ([row(since=OLD), row(since=CLEARED)], history((OLD, QUARTERLY), (TODAY, None))),
        ([row(since=OLD, ends=NEXT), row(since=CLEARED)], history((OLD, QUARTERLY), (TODAY, None))),
        ([row(since=OLD, ends=JULY), row(since=CLEARED, ends=CLEARED)], history((OLD, QUARTERLY), (JULY, None))),
        ([row(since=OLD), row(since=CLEARED, ends=JULY)], history((OLD, QUARTERLY), (JULY, None))),
        ([row(since=NEXT), row(since=CLEARED)], ()),
    ],
)
def test_rows_one_after_the_other_make_the_history_that_they_tell(rows: list[dict[str, Any]], after: History) -> None:
    vat: History = ()
    for cells in rows:
        told = bring(vat, cells)
        assert told.faults == []
        again = bring(told.vat, cells, TODAY + timedelta(days=40))
        assert again.vat == told.vat
        vat = told.vat
    assert vat == after


@pytest.mark.parametrize(
    ("before", "cells", "columns"),
    [
        ((), row(since=JULY, period=MONTHLY, first=JUNE), ["vat_period_from"]),
        (history((JULY, QUARTERLY)), row(period=MONTHLY, first=JUNE), ["vat_period_from"]),
        (history((JULY, QUARTERLY)), row(since=NEXT, period=MONTHLY, first=JULY), ["vat_period_from"]),
        (history((OLD, QUARTERLY)), row(first=JULY), ["vat_period_from"]),
        (history((OLD, QUARTERLY)), row(period=CLEARED, first=JULY), ["vat_period", "vat_period_from"]),
        (history((OLD, QUARTERLY)), row(period=MONTHLY, first=NEXT, ends=JULY), ["vat_period_from"]),
        (history((OLD, QUARTERLY), (JULY, None)), row(period=MONTHLY, first=JULY), ["vat_period_from"]),
        ((), row(ends=JULY), ["vat_deregistered_on"]),
        ((), row(since=JULY, ends=JULY), ["vat_deregistered_on"]),
        ((), row(since=JULY, ends=JUNE), ["vat_deregistered_on"]),
        (history((JULY, QUARTERLY)), row(ends=JUNE), ["vat_deregistered_on"]),
        (history((OLD, QUARTERLY), (JUNE, None), (JULY, QUARTERLY)), row(ends=JUNE), ["vat_deregistered_on"]),
        (history((OLD, QUARTERLY)), row(period=CLEARED), ["vat_period"]),
    ],
)
def test_what_cannot_be_true_is_refused_with_its_column_and_changes_nothing(
    before: History, cells: dict[str, Any], columns: list[str]
) -> None:
    told = bring(before, cells)
    assert (told.vat, told.faults) == (before, columns)


@pytest.mark.parametrize(
    ("cells", "unread"),
    [
        (row(period=MONTHLY, first=JUNE, ends=OLD), "vat_registered_on"),
        (row(since=OLD, first=JULY), "vat_period"),
    ],
)
def test_a_cell_that_could_not_be_read_is_no_second_fault(cells: dict[str, Any], unread: str) -> None:
    assert bring(history((JULY, QUARTERLY)), cells, unread=unread).faults == []


@pytest.mark.parametrize(
    ("before", "cells", "says"),
    [
        ((), row(period=MONTHLY), "vat_period: not used, since vat_registered_on is empty"),
        (
            history((OLD, QUARTERLY), (JULY, None)),
            row(period=MONTHLY),
            "vat_period: not used, since vat_registered_on is empty",
        ),
        (
            history((OLD, QUARTERLY), (JULY, None)),
            row(since=OLD),
            "vat_registered_on: ended on 2026-07-01, and that stays; a - in vat_deregistered_on takes it back",
        ),
    ],
)
def test_what_changes_nothing_is_said(before: History, cells: dict[str, Any], says: str) -> None:
    told = bring(before, cells)
    assert told.vat == before
    assert told.warnings == [f"row 2, {says}"]


DAYS = st.none() | st.dates(date(2026, 1, 1), date(2027, 6, 30))
ROWS = st.fixed_dictionaries(
    {}, optional={name: st.none() | st.sampled_from(VatPeriod) if name == "vat_period" else DAYS for name in COLUMNS}
)


@given(st.lists(ROWS, max_size=6))
def test_the_same_row_again_changes_nothing_whatever_came_before_it(rows: list[dict[str, Any]]) -> None:
    vat: History = ()
    for number, cells in enumerate(rows):
        told = bring(vat, cells, TODAY + timedelta(number))
        assert bring(told.vat, cells, TODAY + timedelta(number)).vat == told.vat
        assert told.vat == vat or not told.faults
        vat = told.vat
        days = [one.since for one in vat]
        assert days == sorted(set(days))
        assert all(one.period != other.period for one, other in pairwise(vat))
        assert not vat or vat[0].period is not None


@given(ROWS, ROWS)
@example({"vat_registered_on": JANUARY}, row(since=CLEARED, ends=CLEARED, period=MONTHLY, first=NEXT))
def test_the_same_row_on_a_later_day_changes_nothing_either(first: dict[str, Any], second: dict[str, Any]) -> None:
    """What was refused has never been: a dash ends a registration on the day it is read, and a later one may fit better."""
    told = bring(bring((), first).vat, second)
    assert told.faults or bring(told.vat, second, TODAY + timedelta(days=100)).vat == told.vat
