"""`medvind deadlines`: the table that an accountant could check against the calendar of the authorities."""

import csv
from io import StringIO
from pathlib import Path

import pytest

from tests.commands.calling import medvind

PUBLISHED = Path(__file__).parents[1] / "data" / "vat_deadlines.csv"
COLUMNS = ("period_type", "period_start", "period_end", "deadline")


def vat(period: str, first: str, last: str) -> list[dict[str, str]]:
    said = medvind("deadlines", "vat", "--period", period, "--from", first, "--to", last, "--format", "csv")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0] == "period_type,period_start,period_end,deadline"
    assert "\r" not in said.out
    return list(csv.DictReader(StringIO(said.out)))


def published(period: str) -> list[dict[str, str]]:
    with PUBLISHED.open(encoding="utf-8") as file:
        rows = [{name: row[name] for name in COLUMNS} for row in csv.DictReader(file) if row["period_type"] == period]
    return sorted(rows, key=lambda row: row["period_end"])


@pytest.mark.parametrize("period", ["monthly", "quarterly", "half_yearly"])
def test_the_table_is_what_the_authorities_published(period: str) -> None:
    wanted = published(period)
    found = {row["period_end"]: row for row in vat(period, wanted[0]["period_end"], wanted[-1]["period_end"])}
    wrong = [row for row in wanted if found.get(row["period_end"]) != row]
    print(f"{period}: {len(wrong)} wrong; looked at {len(wanted)} published deadlines")
    assert wanted
    assert wrong == []


def test_the_range_is_over_the_ends_of_periods_both_days_included() -> None:
    ends = [row["period_end"] for row in vat("quarterly", "2026-03-31", "2026-09-30")]
    assert ends == ["2026-03-31", "2026-06-30", "2026-09-30"]
    assert [row["period_end"] for row in vat("quarterly", "2026-04-01", "2026-09-29")] == ["2026-06-30"]
    assert vat("quarterly", "2026-04-01", "2026-04-01") == []


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--from", "soon", "--to", "2026-12-31"], "--from: 'soon' is no date (for example: 2026-03-31)"),
        (["--from", "2026-01-01", "--to", "31.12.2026"], "--to: '31.12.2026' is no date (for example: 2026-03-31)"),
        (["--from", "2026-12-31", "--to", "2026-01-01"], "--from: 2026-12-31 is after --to: 2026-01-01"),
    ],
)
def test_a_day_that_makes_no_sense_is_one_line_and_2(argv: list[str], says: str) -> None:
    said = medvind("deadlines", "vat", "--period", "monthly", *argv)
    assert (said.code, said.out, said.err.strip()) == (2, "", says)


@pytest.mark.parametrize("argv", [["--period", "weekly"], ["--format", "xml"]])
def test_a_period_or_format_that_nobody_knows_ends_with_2(argv: list[str]) -> None:
    known = {"--period": "monthly", "--from": "2026-01-01", "--to": "2026-12-31", "--format": "csv"}
    words = {**known, argv[0]: argv[1]}
    said = medvind("deadlines", "vat", *(word for pair in words.items() for word in pair))
    assert (said.code, said.out) == (2, "")
