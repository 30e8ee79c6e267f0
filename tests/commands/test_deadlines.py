"""`medvind deadlines`: the table that an accountant could check against the calendar of the authorities."""

import csv
from io import StringIO
from pathlib import Path

import pytest

from tests.commands.calling import Said, medvind
from tests.commands.office import Office

DATA = Path(__file__).parents[1] / "data"
PUBLISHED = DATA / "vat_deadlines.csv"
TAX_COLUMNS = "date_type,tax_year,sequence,nominal_date,deadline"
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


def rows(said: Said, header: str) -> list[dict[str, str]]:
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0] == header
    assert "\r" not in said.out
    return list(csv.DictReader(StringIO(said.out)))


def wanted(name: str, header: str) -> list[tuple[str, ...]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return [tuple(row[column] for column in header.split(",")) for row in csv.DictReader(file)]


@pytest.mark.parametrize("command", ["b-tax", "tax-return"])
def test_every_date_of_income_tax_that_was_published_or_follows_from_the_rule_is_in_the_table(command: str) -> None:
    said = medvind("deadlines", command, "--from", "2019-01-01", "--to", "2028-12-31", "--format", "csv")
    found = {tuple(row.values()) for row in rows(said, TAX_COLUMNS)}
    table = [row for row in wanted("tax_dates.csv", TAX_COLUMNS) if (row[0] == "b_tax_instalment") == (command == "b-tax")]
    wrong = [row for row in table if row not in found]
    print(f"{command}: {len(wrong)} wrong; looked at {len(table)} dates")
    assert len(table) >= 16
    assert wrong == []


def test_the_closed_days_of_banks_are_those_that_were_published_no_more_and_no_less() -> None:
    said = medvind("deadlines", "bank-days", "--from", "2023-01-01", "--to", "2027-12-31", "--format", "csv")
    found = [tuple(row.values()) for row in rows(said, "date,kind")]
    table = wanted("bank_closing_days.csv", "date,kind")
    print(f"looked at {len(table)} closing days, and at {len(found)} of ours")
    assert found == sorted(table)
    some = medvind("deadlines", "bank-days", "--from", "2026-05-14", "--to", "2026-05-24")
    assert [row["date"] for row in rows(some, "date,kind")] == ["2026-05-14", "2026-05-15", "2026-05-24"]


def test_what_the_municipality_has_entered_is_in_the_tables_where_it_is_asked_for(tmp_path: Path, sqlite_url: str) -> None:
    office = Office(tmp_path)
    moved = "quarterly 2026-03-31 2026-08-31; b_tax 2026-04-20 2026-06-22"
    assert office.medvind("settings", "set", "special_deadlines", moved).code == 0
    assert office.medvind("settings", "set", "tax_days", "preliminary_assessment_opens 2026-11-11").code == 0
    quarter = ("vat", "--period", "quarterly", "--from", "2026-03-31", "--to", "2026-03-31")
    april = ("b-tax", "--from", "2026-04-20", "--to", "2026-04-20")
    november = ("tax-return", "--from", "2026-11-01", "--to", "2026-11-30")
    plain = [office.medvind("deadlines", *argv).out.splitlines()[1:] for argv in (quarter, april, november)]
    decided = [office.medvind("deadlines", *argv, "--decided").out.splitlines()[1:] for argv in (quarter, april, november)]
    assert plain == [
        ["quarterly,2026-01-01,2026-03-31,2026-06-01"],
        ["b_tax_instalment,2026,4,2026-04-20,2026-04-20"],
        [],
    ]
    assert decided == [
        ["quarterly,2026-01-01,2026-03-31,2026-08-31"],
        ["b_tax_instalment,2026,4,2026-04-20,2026-06-22"],
        ["preliminary_assessment_opens,2027,1,,2026-11-11"],
    ]


def test_a_moved_deadline_that_makes_no_sense_is_refused_with_its_place(tmp_path: Path, sqlite_url: str) -> None:
    office = Office(tmp_path)
    said = office.medvind(
        "settings", "set", "special_deadlines", "quarterly 2026-03-31 2026-08-31; weekly 2026-03-31 2026-09-01"
    )
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("special_deadlines: entry 2, 'weekly 2026-03-31 2026-09-01': 'weekly' is no kind of deadline; ")
    assert len(said.err.splitlines()) == 1


def test_the_charge_for_a_missing_return_can_be_seen(tmp_path: Path, sqlite_url: str) -> None:
    office = Office(tmp_path)
    assert office.medvind("settings", "get", "vat_late_fee").out == "1400\n"
    assert "vat_late_fee = 1400\n    DKK for a VAT return that is missing" in office.medvind("settings", "get").out


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--from", "soon", "--to", "2026-12-31"], "--from: 'soon' is no date (for example: 2026-03-31)"),
        (["--from", "2026-01-01", "--to", "31.12.2026"], "--to: '31.12.2026' is no date (for example: 2026-03-31)"),
        (["--from", "2026-12-31", "--to", "2026-01-01"], "--from: 2026-12-31 is after --to: 2026-01-01"),
        (
            ["--from", "2011-01-01", "--to", "2012-01-01"],
            "--from: the rules are checked from 2016-01-01 to 2060-12-31, and 2011-01-01 is outside",
        ),
        (
            ["--from", "2026-01-01", "--to", "9999-12-31"],
            "--to: the rules are checked from 2016-01-01 to 2060-12-31, and 9999-12-31 is outside",
        ),
    ],
)
def test_a_day_that_makes_no_sense_is_one_line_and_2(argv: list[str], says: str) -> None:
    for table in (["vat", "--period", "monthly"], ["b-tax"], ["tax-return"], ["bank-days"]):
        said = medvind("deadlines", *table, *argv)
        assert (said.code, said.out, said.err.strip()) == (2, "", says)


@pytest.mark.parametrize("argv", [["--period", "weekly"], ["--format", "xml"]])
def test_a_period_or_format_that_nobody_knows_ends_with_2(argv: list[str]) -> None:
    known = {"--period": "monthly", "--from": "2026-01-01", "--to": "2026-12-31", "--format": "csv"}
    words = {**known, argv[0]: argv[1]}
    said = medvind("deadlines", "vat", *(word for pair in words.items() for word in pair))
    assert (said.code, said.out) == (2, "")
