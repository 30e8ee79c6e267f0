"""Days that a municipality enters: deadlines that a law has moved, and those that the tax agency sets each year."""

from collections.abc import Callable
from datetime import date, timedelta

from medvind.model import VatPeriod
from medvind.rules.due_dates import (
    CHECKED,
    SpecialDeadlines,
    TaxDateType,
    TaxDays,
    b_tax_instalments,
    vat_period,
)
from medvind.rules.hours import OFF

KNOWN_TAX_DAYS = (
    "preliminary_assessment_opens 2021-11-18 2025-11-11; annual_assessment_opens 2021-03-15 2026-03-23; "
    "annual_assessment_correct_by 2021-05-01 2026-05-20; tax_refund_paid_from 2021-04-09 2026-04-24"
)
"""Those that were published so far."""
SPECIAL_YEAR = "quarterly 2020-03-31 2020-09-01; b_tax 2020-04-20 2020-06-22"
"""As they are spelled."""
B_TAX = "b_tax"
LONGEST_MOVE = timedelta(days=366)
_MOST = 60
_KINDS = (*VatPeriod, B_TAX)
_YEARLY = (
    TaxDateType.PRELIMINARY_OPENS,
    TaxDateType.ANNUAL_OPENS,
    TaxDateType.ANNUAL_CORRECT_BY,
    TaxDateType.REFUND_FROM,
)


def read_special_deadlines(text: str) -> SpecialDeadlines:
    """From `quarterly 2020-03-31 2020-09-01; b_tax 2020-04-20 2020-06-22`, or `off`. Raises ValueError with place and fault.

    A VAT period is named by its type and last day, an instalment of B-tax by its 20th; the second day is the one that counts.
    """
    vat: dict[tuple[VatPeriod, date], date] = {}
    b_tax: dict[date, date] = {}

    def take(entry: str) -> None:
        kind, meant, counts = _special(entry)
        if (kind, meant) in vat or (kind == B_TAX and meant in b_tax):
            raise ValueError("is said twice")
        if kind == B_TAX:
            b_tax[meant] = counts
        else:
            vat[VatPeriod(kind), meant] = counts

    _each(text, take)
    return SpecialDeadlines(vat, b_tax)


def read_tax_days(text: str) -> TaxDays:
    """From `annual_assessment_opens 2025-03-24 2026-03-23; tax_refund_paid_from 2026-04-24`, or `off`. Raises ValueError."""
    days: dict[tuple[TaxDateType, int], date] = {}

    def take(entry: str) -> None:
        kind, *words = entry.split()
        if kind not in _YEARLY:
            raise ValueError(f"'{kind}' is no such day; there are {', '.join(_YEARLY)}")
        if not words:
            raise ValueError("names no day")
        for day in map(_day, words):
            # the preliminary assessment is about the year to come, all others about the year that is over
            key = TaxDateType(kind), day.year + (1 if kind == TaxDateType.PRELIMINARY_OPENS else -1)
            if key in days:
                raise ValueError(f"has two days in {day.year}")
            days[key] = day

    _each(text, take)
    return days


def _each(text: str, take: Callable[[str], None]) -> None:
    """Hands on the entries one by one; what is wrong with one is told with its place."""
    if text.strip() == OFF:
        return
    entries = text.split(";")
    if len(entries) > _MOST:
        raise ValueError(f"these are more than {_MOST}")
    for place, raw in enumerate(entries, 1):
        entry = " ".join(raw.split())
        if not entry:
            raise ValueError(f"entry {place} is empty; '{OFF}' alone says that there is none")
        try:
            take(entry)
        except ValueError as error:
            raise ValueError(f"entry {place}, '{entry}': {error}") from None


def _special(entry: str) -> tuple[str, date, date]:
    words = entry.split()
    if len(words) != len(("kind", "meant", "counts")):
        raise ValueError("is not a kind, the day it is known by and the day that counts")
    kind, meant, counts = words[0], _day(words[1]), _day(words[2])
    if kind not in _KINDS:
        raise ValueError(f"'{kind}' is no kind of deadline; there are {', '.join(_KINDS)}")
    if kind == B_TAX:
        if not list(b_tax_instalments(meant, meant)):
            raise ValueError(f"{meant} is no instalment: those are on the 20th, none in June and December")
    elif (end := vat_period(VatPeriod(kind), meant).end) != meant:
        raise ValueError(f"{meant} is no end of a {kind} period; that one ends on {end}")
    if not meant < counts <= meant + LONGEST_MOVE:
        raise ValueError(f"{counts} is not within the year after {meant}")
    return kind, meant, counts


def _day(word: str) -> date:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise ValueError(f"'{word}' is no date, like 2026-03-31") from None
    if not CHECKED[0] <= day <= CHECKED[1]:
        raise ValueError(f"{day} is not from {CHECKED[0]} to {CHECKED[1]}")
    return day
