"""When each VAT return is due: every published date, and what registering, changing and closing do to it."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from medvind.model import PersonFacts, VatPeriod, VatRegistration
from medvind.rules.deadlines import owed, vat_deadlines
from tests.rules.facts import DEFAULTS, local, person

PUBLISHED = Path(__file__).parent.parent / "data" / "vat_deadlines.csv"
MISPRINTS = {(VatPeriod.MONTHLY, date(2024, 6, 30)): date(2024, 8, 17)}
"""What a page prints against the law, by period: a Saturday. The table beside it holds the day that counts."""
ON = date.fromisoformat


def rows() -> list[tuple[VatPeriod, date, date, date]]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return [
            (VatPeriod(row["period_type"]), ON(row["period_start"]), ON(row["period_end"]), ON(row["deadline"]))
            for row in csv.DictReader(file)
        ]


def due(facts: PersonFacts, since: str = "2025-06-01 00:00", until: str = "2027-06-01 00:00") -> Mapping[str, str]:
    """The last day of each return that this person is told of."""
    duties = owed(facts, DEFAULTS, local(since), local(until))
    return {duty.subject["period"]: duty.subject["deadline"] for duty in duties}


def registered(*since: tuple[str, VatPeriod | None], done: frozenset[str] = frozenset()) -> PersonFacts:
    return person(vat=tuple(VatRegistration(ON(day), period) for day, period in since), done=done)


def test_every_row_of_the_published_table_is_reckoned_to_the_day() -> None:
    table = rows()
    wrong = [
        (period, end, deadline, found)
        for period, start, end, deadline in table
        if (found := [(one.start, one.end, one.deadline) for one in vat_deadlines(period, end, end)])
        != [(start, end, deadline)]
    ]
    counts = {period.value: sum(row[0] == period for row in table) for period in VatPeriod}
    print(f"{len(table)} rows looked at, {counts}, {len(wrong)} wrong")
    assert counts == {"monthly": 34, "quarterly": 12, "half_yearly": 6}
    assert wrong == []


def test_a_misprint_is_known_by_name_and_not_copied() -> None:
    for (period, end), printed in MISPRINTS.items():
        (ours,) = vat_deadlines(period, end, end)
        assert printed.weekday() >= 5
        assert printed < ours.deadline
    print(f"{len(MISPRINTS)} misprint looked at")
    assert len(MISPRINTS) == 1


def test_the_returns_of_a_range_are_those_whose_period_ends_in_it() -> None:
    names = [one.name for one in vat_deadlines(VatPeriod.QUARTERLY, ON("2026-03-31"), ON("2026-12-31"))]
    assert names == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert [one.name for one in vat_deadlines(VatPeriod.QUARTERLY, ON("2026-04-01"), ON("2026-12-30"))] == ["2026Q2", "2026Q3"]
    assert [one.name for one in vat_deadlines(VatPeriod.HALF_YEARLY, ON("2026-01-01"), ON("2026-12-31"))] == [
        "2026H1",
        "2026H2",
    ]
    assert list(vat_deadlines(VatPeriod.MONTHLY, ON("2026-02-01"), ON("2026-02-27"))) == []


def test_the_february_of_a_leap_year_has_29_days() -> None:
    (february,) = vat_deadlines(VatPeriod.MONTHLY, ON("2028-02-01"), ON("2028-03-30"))
    assert (february.name, february.end, february.deadline) == ("2028-02", ON("2028-02-29"), ON("2028-03-27"))


def test_a_date_that_a_law_moved_wins_over_the_rule() -> None:
    special = {(VatPeriod.QUARTERLY, ON("2026-03-31")): ON("2026-08-31")}
    moved, plain = vat_deadlines(VatPeriod.QUARTERLY, ON("2026-03-31"), ON("2026-06-30"), special)
    assert (moved.deadline, plain.deadline) == (ON("2026-08-31"), ON("2026-09-01"))


def test_a_moved_date_holds_for_the_last_return_too() -> None:
    cases = [
        (VatPeriod.QUARTERLY, None, "2026-08-31"),
        (VatPeriod.QUARTERLY, "2026-02-10", "2026-08-31"),
        (VatPeriod.QUARTERLY, "2026-04-01", "2026-08-31"),
        (VatPeriod.HALF_YEARLY, "2026-02-10", "2026-08-31"),  # closed in the first quarter: by its date
        (VatPeriod.HALF_YEARLY, "2026-06-10", "2026-09-15"),
        (VatPeriod.HALF_YEARLY, None, "2026-09-15"),
    ]
    print(f"{len(cases)} cases looked at")
    for period, closed, deadline in cases:
        special = {
            (VatPeriod.QUARTERLY, ON("2026-03-31")): ON("2026-08-31"),
            (VatPeriod.HALF_YEARLY, ON("2026-06-30")): ON("2026-09-15"),
        }
        facts = registered(("2025-01-01", period), *([(closed, None)] if closed else []))
        duties = owed(facts, DEFAULTS, local("2026-08-15 00:00"), local("2026-08-16 00:00"), special)
        told = {duty.subject["deadline"] for duty in duties if duty.subject["period"] in {"2026Q1", "2026H1"}}
        assert told == {deadline}


def test_who_is_not_registered_hears_nothing_of_vat() -> None:
    assert due(person()) == {}
    assert due(registered(("2025-01-01", None))) == {}


def test_the_period_in_which_a_business_registers_is_the_first_to_be_filed() -> None:
    assert due(registered(("2026-02-10", VatPeriod.QUARTERLY)), until="2026-10-01 00:00") == {
        "2026Q1": "2026-06-01",
        "2026Q2": "2026-09-01",
        "2026Q3": "2026-12-01",
    }
    assert min(due(registered(("2026-04-01", VatPeriod.QUARTERLY)))) == "2026Q2"
    assert min(due(registered(("2026-03-31", VatPeriod.QUARTERLY)))) == "2026Q1"


def test_a_period_counts_as_the_type_that_holds_on_its_last_day() -> None:
    later = registered(("2026-07-01", VatPeriod.HALF_YEARLY), ("2025-01-01", VatPeriod.QUARTERLY))
    assert [name for name in due(later) if name >= "2026"] == ["2026Q1", "2026Q2", "2026H2"]
    middle = registered(("2025-01-01", VatPeriod.HALF_YEARLY), ("2026-04-01", VatPeriod.QUARTERLY))
    assert sorted(name for name in due(middle) if name >= "2026") == ["2026Q2", "2026Q3", "2026Q4", "2027Q1"]


def test_closing_the_business_brings_one_last_return() -> None:
    cases = [
        (VatPeriod.QUARTERLY, "2026-01-11", ("2026Q1", "2026-06-01")),
        (VatPeriod.QUARTERLY, "2026-04-01", ("2026Q1", "2026-06-01")),
        (VatPeriod.QUARTERLY, "2026-04-02", ("2026Q2", "2026-09-01")),
        (VatPeriod.HALF_YEARLY, "2026-01-11", ("2026H1", "2026-06-01")),  # closed in the first quarter: by its date
        (VatPeriod.HALF_YEARLY, "2026-04-01", ("2026H1", "2026-06-01")),
        (VatPeriod.HALF_YEARLY, "2026-04-02", ("2026H1", "2026-09-01")),
        (VatPeriod.HALF_YEARLY, "2026-07-01", ("2026H1", "2026-09-01")),
        (VatPeriod.HALF_YEARLY, "2026-10-01", ("2026H2", "2026-12-01")),
        (VatPeriod.MONTHLY, "2026-06-11", ("2026-06", "2026-08-17")),
    ]
    print(f"{len(cases)} cases looked at")
    for period, deregistered, last in cases:
        told = due(registered(("2025-01-01", period), (deregistered, None)))
        assert (max(told), told[max(told)]) == last


def test_a_registration_taken_back_the_same_day_asks_for_nothing_and_one_of_a_day_for_a_return() -> None:
    assert due(registered(("2026-01-11", VatPeriod.QUARTERLY), ("2026-01-11", None))) == {}
    assert list(due(registered(("2026-01-11", VatPeriod.QUARTERLY), ("2026-01-12", None)))) == ["2026Q1"]


def test_a_business_that_opens_again_files_again() -> None:
    told = due(registered(("2025-01-01", VatPeriod.QUARTERLY), ("2025-12-01", None), ("2026-07-01", VatPeriod.QUARTERLY)))
    assert [name for name in told if name >= "2025Q4"] == ["2025Q4", "2026Q3", "2026Q4", "2027Q1"]


def test_what_was_answered_klar_is_not_told_again() -> None:
    facts = registered(("2025-01-01", VatPeriod.QUARTERLY), done=frozenset({"2026Q2"}))
    assert [name for name in due(facts) if "2026Q1" <= name <= "2026Q3"] == ["2026Q1", "2026Q3"]


def test_only_deadlines_that_a_message_can_still_come_before_are_reckoned() -> None:
    facts = registered(("2020-01-01", VatPeriod.QUARTERLY))
    assert list(due(facts, "2026-06-02 12:00", "2026-06-18 12:00")) == ["2026Q1"]
    assert list(due(facts, "2026-06-03 12:00", "2026-06-18 12:00")) == []
    assert list(due(facts, "2026-06-03 12:00", "2026-06-19 12:00")) == ["2026Q2"]
