"""`medvind deadlines`: the dates of the authorities, as a table."""

import asyncio
import csv
import sys
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from medvind.errors import InvalidError
from medvind.flows.plan import load_policy
from medvind.main import open_database
from medvind.model import VatPeriod
from medvind.rules.calendar import bank_closing_days
from medvind.rules.due_dates import CHECKED, TaxDate, b_tax_instalments, vat_deadlines, yearly_dates
from medvind.rules.policy import Policy, policy_from
from medvind.settings import load
from medvind.store.schema import require_current

TAX_COLUMNS = ("date_type", "tax_year", "sequence", "nominal_date", "deadline")


class Format(StrEnum):
    """How the table is written."""

    CSV = "csv"


First = Annotated[str, typer.Option("--from", help="The first day, included")]
Last = Annotated[str, typer.Option("--to", help="The last day, included")]
Form = Annotated[Format, typer.Option("--format")]
Decided = Annotated[bool, typer.Option("--decided", help="With the days that the municipality has entered, from its database")]


def register(root: typer.Typer) -> None:
    """Adds `deadlines vat`, `b-tax`, `tax-return` and `bank-days`."""
    group = typer.Typer(help="The dates of the authorities, as a table", no_args_is_help=True)
    group.callback()(_group)
    group.command("vat")(vat)
    group.command("b-tax")(b_tax)
    group.command("tax-return")(tax_return)
    group.command("bank-days")(bank_days)
    root.add_typer(group, name="deadlines")


def _group() -> None:
    """The dates of the authorities, as a table: by the rules alone, and with --decided by the municipality's entries too."""


def vat(
    *,
    period: Annotated[VatPeriod, typer.Option(help="How often the business files")],
    first: First,
    last: Last,
    form: Form = Format.CSV,
    decided: Decided = False,
) -> None:
    """The last day for filing and paying VAT, moved to a bank day, for the periods that end in this range."""
    found = vat_deadlines(period, *_span(first, last), _policy(decided).special_deadlines.vat)
    columns = ("period_type", "period_start", "period_end", "deadline")
    _write(form, columns, ((period, one.start, one.end, one.deadline) for one in found))


def b_tax(*, first: First, last: Last, form: Form = Format.CSV, decided: Decided = False) -> None:
    """The last day for paying each instalment of B-tax that is meant for a day in this range, moved to a bank day."""
    found = b_tax_instalments(*_span(first, last), _policy(decided).special_deadlines.b_tax)
    _write(form, TAX_COLUMNS, map(_tax_row, found))


def tax_return(*, first: First, last: Last, form: Form = Format.CSV, decided: Decided = False) -> None:
    """Tax return, residual tax, and the days that the tax agency sets each year, as far as known.

    A tax return whose deadline is not 1 July still counts when it is received by 09:00 on that day; people are told 1 July.
    """
    _write(form, TAX_COLUMNS, map(_tax_row, yearly_dates(*_span(first, last), _policy(decided).tax_days)))


def bank_days(*, first: First, last: Last, form: Form = Format.CSV) -> None:
    """The days on which banks are closed beside Saturdays and Sundays; some of them fall on one."""
    begin, end = _span(first, last)
    every = (pair for year in range(begin.year, end.year + 1) for pair in bank_closing_days(year).items())
    _write(form, ("date", "kind"), ((day, kind) for day, kind in every if begin <= day <= end))


def _tax_row(one: TaxDate) -> Iterable[object]:
    return one.date_type, one.tax_year, one.sequence, one.nominal or "", one.deadline


def _write(form: Format, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    match form:
        case Format.CSV:
            table = csv.writer(sys.stdout, lineterminator="\n")
            table.writerow(columns)
            table.writerows(rows)


def _policy(decided: bool) -> Policy:
    """What the municipality has decided; without being asked for, what holds until somebody decides."""
    return asyncio.run(_decided()) if decided else policy_from({})


async def _decided() -> Policy:
    async with open_database(load()) as db:
        await require_current(db)
        async with db.read() as session:
            return await load_policy(session)


def _span(first: str, last: str) -> tuple[date, date]:
    begin, end = _day("--from", first), _day("--to", last)
    if begin > end:
        raise InvalidError(f"--from: {first} is after --to: {last}")
    return begin, end


def _day(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidError(f"{option}: {text!r} is no date (for example: 2026-03-31)") from None
    if not CHECKED[0] <= day <= CHECKED[1]:
        raise InvalidError(f"{option}: the rules are checked from {CHECKED[0]} to {CHECKED[1]}, and {day} is outside")
    return day
