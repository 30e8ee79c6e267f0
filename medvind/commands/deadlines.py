"""`medvind deadlines`: the dates of the authorities, as a table."""

import csv
import sys
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from medvind.errors import InvalidError
from medvind.model import VatPeriod
from medvind.rules.deadlines import vat_deadlines


class Format(StrEnum):
    """How the table is written."""

    CSV = "csv"


def register(root: typer.Typer) -> None:
    """Adds `deadlines vat`."""
    group = typer.Typer(help="The dates of the authorities, as a table", no_args_is_help=True)
    group.callback()(_group)
    group.command("vat")(vat)
    root.add_typer(group, name="deadlines")


def _group() -> None:
    """The dates of the authorities, as a table."""


def vat(
    *,
    period: Annotated[VatPeriod, typer.Option(help="How often the business files")],
    first: Annotated[str, typer.Option("--from", help="The first period end")],
    last: Annotated[str, typer.Option("--to", help="The last period end")],
    form: Annotated[Format, typer.Option("--format")] = Format.CSV,
) -> None:
    """The last day for filing and paying VAT, moved to a bank day, for the periods that end in this range."""
    del form
    span = _day("--from", first), _day("--to", last)
    if span[0] > span[1]:
        raise InvalidError(f"--from: {first} is after --to: {last}")
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("period_type", "period_start", "period_end", "deadline"))
    table.writerows((period, one.start, one.end, one.deadline) for one in vat_deadlines(period, *span))


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidError(f"{option}: {text!r} is no date (for example: 2026-03-31)") from None
