"""What the tax agency wants by when: every published date, and the rule for those that nobody has published yet."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import VatPeriod
from medvind.rules.calendar import bank_day_from, is_bank_day
from medvind.rules.due_dates import (
    CHECKED,
    TaxDate,
    TaxDateType,
    b_tax_instalments,
    eu_list_deadline,
    vat_deadlines,
    yearly_dates,
)
from medvind.rules.entered import KNOWN_TAX_DAYS, read_tax_days

DATA = Path(__file__).parent.parent / "data"
MISPRINTS = {(VatPeriod.MONTHLY, date(2024, 6, 30)): date(2024, 8, 17)}
"""What a page prints against the law, by period: a Saturday. The table beside it holds the day that counts."""
ON = date.fromisoformat
YEARS = (date(2016, 1, 1), date(2059, 12, 31))


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_published_vat_deadline_and_every_one_by_the_rule_is_reckoned_to_the_day() -> None:
    table = rows("vat_deadlines.csv")
    wrong = []
    for row in table:
        end = ON(row["period_end"])
        found = [
            (f"{one.start}", f"{one.end}", f"{one.deadline}") for one in vat_deadlines(VatPeriod(row["period_type"]), end, end)
        ]
        if found != [(row["period_start"], row["period_end"], row["deadline"])]:
            wrong.append((row, found))
    counts = Counter(row["period_type"] for row in table)
    published = sum(row["source"].startswith("published") for row in table)
    print(f"{len(table)} rows looked at, {published} of them published, {dict(counts)}, {len(wrong)} wrong")
    assert counts == {"monthly": 34, "quarterly": 12, "half_yearly": 6}
    assert wrong == []


def test_a_misprint_is_known_by_name_and_not_copied() -> None:
    told = {
        (VatPeriod(row["period_type"]), ON(row["period_end"])): row["source"]
        for row in rows("vat_deadlines.csv")
        if "prints" in row["source"]
    }
    assert told.keys() == MISPRINTS.keys()
    for (period, end), printed in MISPRINTS.items():
        (ours,) = vat_deadlines(period, end, end)
        assert f"prints {printed}" in told[period, end]
        assert printed.weekday() >= 5
        assert printed < ours.deadline
    print(f"{len(MISPRINTS)} misprint looked at: {MISPRINTS}")
    assert len(MISPRINTS) == 1


def test_every_published_date_of_income_tax_and_every_one_by_the_rule_is_reckoned_to_the_day() -> None:
    table = rows("tax_dates.csv")
    span = date(2019, 1, 1), date(2028, 12, 31)
    ours = [*b_tax_instalments(*span), *yearly_dates(*span, read_tax_days(KNOWN_TAX_DAYS))]
    found = {
        (f"{one.date_type}", f"{one.tax_year}", f"{one.sequence}"): (f"{one.nominal or ''}", f"{one.deadline}") for one in ours
    }
    wrong = [
        row
        for row in table
        if found.get((row["date_type"], row["tax_year"], row["sequence"])) != (row["nominal_date"], row["deadline"])
    ]
    counts = Counter(row["date_type"] for row in table)
    print(f"{len(table)} rows looked at, {dict(counts)}, no known misprint, {len(wrong)} wrong")
    assert len(found) == len(ours)
    assert counts["b_tax_instalment"] == 40
    assert counts["tax_return_self_employed"] == 6
    assert counts.keys() == set(TaxDateType)
    assert wrong == []


def test_b_tax_is_paid_in_ten_instalments_and_none_in_june_and_december() -> None:
    for year in (2016, 2026, 2060):
        found = list(b_tax_instalments(date(year, 1, 1), date(year, 12, 31)))
        assert [one.sequence for one in found] == list(range(1, 11))
        assert [one.nominal.month for one in found if one.nominal] == [1, 2, 3, 4, 5, 7, 8, 9, 10, 11]
    assert [one.deadline for one in b_tax_instalments(ON("2026-09-20"), ON("2026-09-20"))] == [ON("2026-09-21")]
    assert list(b_tax_instalments(ON("2026-09-21"), ON("2026-10-19"))) == []


def test_the_returns_of_a_range_are_those_whose_period_ends_in_it() -> None:
    names = [one.name for one in vat_deadlines(VatPeriod.QUARTERLY, ON("2026-03-31"), ON("2026-12-31"))]
    assert names == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert [one.name for one in vat_deadlines(VatPeriod.QUARTERLY, ON("2026-04-01"), ON("2026-12-30"))] == ["2026Q2", "2026Q3"]
    halves = [one.name for one in vat_deadlines(VatPeriod.HALF_YEARLY, ON("2026-01-01"), ON("2026-12-31"))]
    assert halves == ["2026H1", "2026H2"]
    assert list(vat_deadlines(VatPeriod.MONTHLY, ON("2026-02-01"), ON("2026-02-27"))) == []


def test_the_february_of_a_leap_year_has_29_days() -> None:
    (february,) = vat_deadlines(VatPeriod.MONTHLY, ON("2028-02-01"), ON("2028-03-30"))
    assert (february.name, february.end, february.deadline) == ("2028-02", ON("2028-02-29"), ON("2028-03-27"))


def test_a_date_that_a_law_moved_wins_over_the_rule() -> None:
    special = {(VatPeriod.QUARTERLY, ON("2026-03-31")): ON("2026-08-31")}
    first, second = vat_deadlines(VatPeriod.QUARTERLY, ON("2026-03-31"), ON("2026-06-30"), special)
    assert (first.deadline, second.deadline) == (ON("2026-08-31"), ON("2026-09-01"))
    april, may = b_tax_instalments(ON("2020-04-01"), ON("2020-05-31"), {ON("2020-04-20"): ON("2020-06-22")})
    assert (april.deadline, may.deadline) == (ON("2020-06-22"), ON("2020-05-20"))


def test_an_eu_list_is_due_on_the_25th_of_the_month_after_in_summer_too() -> None:
    cases = [
        ("2026-06-30", "2026-07-27"),  # not 17 August, as VAT is
        ("2026-07-31", "2026-08-25"),
        ("2026-11-30", "2026-12-28"),
        ("2026-12-31", "2027-01-25"),
        ("2017-04-30", "2017-05-29"),  # Ascension Day and its Friday
    ]
    print(f"{len(cases)} cases looked at")
    for month, deadline in cases:
        assert eu_list_deadline(ON(month)) == ON(deadline)


def test_the_days_of_a_year_come_in_order_and_only_those_of_the_range() -> None:
    days = read_tax_days("annual_assessment_correct_by 2026-05-20; annual_assessment_opens 2026-03-23")
    assert [(one.date_type.value, one.deadline) for one in yearly_dates(ON("2026-01-01"), ON("2026-12-31"), days)] == [
        ("annual_assessment_opens", ON("2026-03-23")),
        ("annual_assessment_correct_by", ON("2026-05-20")),
        ("residual_tax_pay_by", ON("2026-07-01")),
        ("tax_return_self_employed", ON("2026-07-01")),
    ]
    assert yearly_dates(ON("2026-07-02"), ON("2027-06-30"), days) == []
    first = TaxDate(TaxDateType.ANNUAL_CORRECT_BY, 2025, 1, ON("2026-05-01"), ON("2026-05-20"))
    assert yearly_dates(ON("2026-05-01"), ON("2026-05-01"), days) == [first]


@settings(max_examples=40, deadline=None, database=None)
@given(st.sampled_from(VatPeriod), st.dates(*YEARS))
def test_a_vat_deadline_is_a_bank_day_at_most_75_days_after_its_period_and_never_in_it(period: VatPeriod, day: date) -> None:
    found = list(vat_deadlines(period, day, day + timedelta(200)))
    assert found
    for one in found:
        assert is_bank_day(one.deadline)
        assert timedelta(24) <= one.deadline - one.end <= timedelta(75)


def test_from_2016_to_2060_no_instalment_moves_back_or_more_than_five_days_and_no_tax_return_is_told_late() -> None:
    instalments = list(b_tax_instalments(*CHECKED))
    for one in instalments:
        assert one.nominal
        assert one.nominal <= one.deadline == bank_day_from(one.nominal) <= one.nominal + timedelta(5)
    yearly = yearly_dates(*CHECKED, {})
    for one in yearly:
        assert one.nominal == date(one.tax_year + 1, 7, 1)
        assert one.nominal <= one.deadline <= one.nominal + timedelta(3)
    print(f"{len(instalments)} instalments and {len(yearly)} yearly dates looked at, 0 wrong")
    assert (len(instalments), len(yearly)) == (450, 90)
