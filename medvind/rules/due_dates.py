"""What the tax agency wants by when: VAT, EU lists, B-tax, tax return. Danish local dates, each the last day that is on time.

Two rules move a date. VAT, EU lists and B-tax go to the next bank day (Opkrævningsloven § 2). The tax return stays on 1 July
and has a grace until 09:00 (Skattekontrolloven § 13). What a law moved for one period wins over both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from medvind.model import VatPeriod
from medvind.rules.calendar import DAY, add_months, bank_day_from, nine_o_clock_day

CHECKED = date(2016, 1, 1), date(2060, 12, 31)
"""From when to when these rules hold: before, other limits and earlier dates did."""
MONTHS = MappingProxyType({VatPeriod.MONTHLY: 1, VatPeriod.QUARTERLY: 3, VatPeriod.HALF_YEARLY: 6})
_B_TAX_MONTHS = (1, 2, 3, 4, 5, 7, 8, 9, 10, 11)
_JUNE = 6

SpecialDates = Mapping[tuple[VatPeriod, date], date]
"""Deadlines that a law has moved for one VAT period, by period type and the period's last day."""
NONE_MOVED: SpecialDates = MappingProxyType({})
_NONE_MOVED: Mapping[date, date] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SpecialDeadlines:
    """What a law has moved, in a special year: VAT by its period, B-tax by the 20th on which it was due."""

    vat: SpecialDates = field(default_factory=dict)
    b_tax: Mapping[date, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VatDeadline:
    """One return: its period, and the last day on which it is on time."""

    period: VatPeriod
    name: str
    start: date
    end: date
    deadline: date


class TaxDateType(StrEnum):
    """The dates of income tax. The last four are days that the tax agency sets each year."""

    B_TAX = "b_tax_instalment"
    TAX_RETURN = "tax_return_self_employed"
    RESIDUAL_TAX = "residual_tax_pay_by"
    PRELIMINARY_OPENS = "preliminary_assessment_opens"
    ANNUAL_OPENS = "annual_assessment_opens"
    ANNUAL_CORRECT_BY = "annual_assessment_correct_by"
    REFUND_FROM = "tax_refund_paid_from"


TaxDays = Mapping[tuple[TaxDateType, int], date]
"""The days that the tax agency has set, by type and tax year."""


@dataclass(frozen=True, slots=True)
class TaxDate:
    """One date of income tax; `nominal` is the day before any rule moved it, None where there is no rule."""

    date_type: TaxDateType
    tax_year: int
    sequence: int
    nominal: date | None
    deadline: date


def vat_deadlines(period: VatPeriod, first: date, last: date, special: SpecialDates = NONE_MOVED) -> Iterator[VatDeadline]:
    """The returns whose period ends from `first` to `last`, both included."""
    found = vat_period(period, first)
    while found.end <= last:
        yield moved(found, special)
        found = vat_period(period, found.end + DAY)


def moved(found: VatDeadline, special: SpecialDates) -> VatDeadline:
    """The same return by the day to which a law has moved it, if one has."""
    deadline = special.get((found.period, found.end))
    return replace(found, deadline=deadline) if deadline else found


@lru_cache(maxsize=4096)
def vat_period(period: VatPeriod, day: date) -> VatDeadline:
    """The return of the period in which this day lies, due by Momsloven § 57."""
    months = MONTHS[period]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    end = add_months(start, months) - DAY
    match period:
        case VatPeriod.MONTHLY:
            name = f"{start:%Y-%m}"
            due = date(start.year, 8, 17) if start.month == _JUNE else _the_25th_after(start)
        case VatPeriod.QUARTERLY:
            name, due = f"{start.year}Q{end.month // months}", add_months(start, 5)
        case VatPeriod.HALF_YEARLY:
            name, due = f"{start.year}H{end.month // months}", add_months(start, 8)
    return VatDeadline(period, name, start, end, bank_day_from(due))


def eu_list_deadline(month: date) -> date:
    """By when this month's sales without VAT to businesses in other EU countries are listed; June is no exception."""
    return bank_day_from(_the_25th_after(month))


def _the_25th_after(month: date) -> date:
    return add_months(month.replace(day=1), 1).replace(day=25)


def b_tax_instalments(first: date, last: date, special: Mapping[date, date] = _NONE_MOVED) -> Iterator[TaxDate]:
    """The instalments meant for a day from `first` to `last`: ten a year, on the 20th, none in June and December."""
    for year in range(first.year, last.year + 1):
        for sequence, month in enumerate(_B_TAX_MONTHS, 1):
            nominal = date(year, month, 20)
            if first <= nominal <= last:
                yield TaxDate(TaxDateType.B_TAX, year, sequence, nominal, special.get(nominal) or bank_day_from(nominal))


def tax_return_day(tax_year: int) -> date:
    """1 July of the year after, for the tax return of the self-employed; people are told this day and never the grace."""
    return date(tax_year + 1, 7, 1)


def yearly_dates(first: date, last: date, days: TaxDays) -> list[TaxDate]:
    """Tax return, residual tax and the days that the agency has set, as far as known; by the day before any rule moved it.

    The tax return counts until 09:00 on its deadline where that is not 1 July. Residual tax is paid by 1 July itself: nothing
    gives it a grace.
    """
    found = []
    for year in range(first.year - 1, last.year):
        day = tax_return_day(year)
        found.append(TaxDate(TaxDateType.TAX_RETURN, year, 1, day, nine_o_clock_day(day) or day))
        found.append(TaxDate(TaxDateType.RESIDUAL_TAX, year, 1, day, day))
    for (kind, year), day in days.items():
        nominal = date(day.year, 5, 1) if kind == TaxDateType.ANNUAL_CORRECT_BY else None
        found.append(TaxDate(kind, year, 1, nominal, day))
    inside = [one for one in found if first <= (one.nominal or one.deadline) <= last]
    return sorted(inside, key=lambda one: (one.nominal or one.deadline, one.date_type))
