"""Danish days and clocks: which days are free, where a date moves, and what a wall clock means on the odd nights."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.rules.calendar import (
    OpenDays,
    add_months,
    at_wall,
    bank_day_from,
    is_bank_day,
    public_holidays,
)
from tests.rules.facts import ZONE

CLOSING_DAYS = Path(__file__).parent.parent / "data" / "bank_closing_days.csv"
NAMES_2026 = {
    "2026-01-01": "Nytårsdag",
    "2026-04-02": "Skærtorsdag",
    "2026-04-03": "Langfredag",
    "2026-04-05": "Påskedag",
    "2026-04-06": "Anden påskedag",
    "2026-05-14": "Kristi himmelfartsdag",
    "2026-05-24": "Pinsedag",
    "2026-05-25": "Anden pinsedag",
    "2026-12-25": "Juledag",
    "2026-12-26": "Anden juledag",
}
DAYS = OpenDays()
ON = date.fromisoformat


def closing_days() -> dict[date, dict[str, str]]:
    with CLOSING_DAYS.open(encoding="utf-8", newline="") as file:
        return {ON(row["date"]): row for row in csv.DictReader(file)}


def test_banks_are_closed_on_every_day_of_the_published_table() -> None:
    table = closing_days()
    print(f"{len(table)} closing days looked at")
    assert len(table) == 71
    assert [day for day in table if is_bank_day(day)] == []


def test_banks_are_open_on_every_weekday_that_is_not_in_the_table() -> None:
    table = closing_days()
    days = [date(2023, 1, 1) + timedelta(number) for number in range((date(2028, 1, 1) - date(2023, 1, 1)).days)]
    weekdays = [day for day in days if day.weekday() < 5 and day not in table]
    print(f"{len(weekdays)} weekdays looked at")
    assert len(weekdays) > 1200
    assert [day for day in weekdays if not is_bank_day(day)] == []
    assert not any(is_bank_day(day) for day in days if day.weekday() >= 5)


def test_the_public_holidays_are_those_of_the_table_by_their_danish_names() -> None:
    public = {day: row["name_da"] for day, row in closing_days().items() if row["kind"] == "public_holiday"}
    print(f"{len(public)} holidays looked at")
    ours = {day: name for year in range(2023, 2028) for day, name in public_holidays(year).items()}
    assert ours.keys() == public.keys()
    assert {day.isoformat(): ours[day] for day in ours if day.year == 2026} == NAMES_2026


def test_great_prayer_day_is_free_until_2023() -> None:
    cases = [("2022-05-13", True), ("2023-05-05", True), ("2024-04-26", False), ("2025-05-16", False)]
    print(f"{len(cases)} cases looked at")
    for day, free in cases:
        assert DAYS.is_holiday(ON(day)) is free
        assert is_bank_day(ON(day)) is not free


def test_banks_and_messages_rest_on_different_days() -> None:
    cases = [
        ("2026-05-01", True, True),  # 1 May
        ("2026-05-15", False, True),  # the Friday after Ascension Day
        ("2026-06-05", False, False),
        ("2026-12-24", False, False),
        ("2026-12-31", False, False),
        ("2028-02-29", True, True),
        ("2026-12-28", True, True),
        ("2026-11-28", False, False),  # a Saturday
        ("2026-11-29", False, False),
    ]
    print(f"{len(cases)} cases looked at")
    for day, banks, messages in cases:
        assert is_bank_day(ON(day)) is banks
        assert DAYS.is_closed(ON(day)) is not messages


def test_a_deadline_moves_to_the_next_bank_day_and_never_back() -> None:
    cases = [
        ("2026-06-01", "2026-06-01"),
        ("2024-06-01", "2024-06-03"),
        ("2026-04-02", "2026-04-07"),  # Easter
        ("2017-05-25", "2017-05-29"),  # Ascension Day on the 25th: its Friday decides
        ("2026-12-24", "2026-12-28"),
        ("2026-12-31", "2027-01-04"),
    ]
    print(f"{len(cases)} cases looked at")
    for day, moved in cases:
        assert bank_day_from(ON(day)) == ON(moved)


def test_messages_go_back_to_an_open_day_or_forward_to_one() -> None:
    cases = [
        ("2026-05-25", "2026-05-22", "2026-05-26"),
        ("2026-11-24", "2026-11-23", "2026-11-24"),
        ("2026-12-25", "2026-12-23", "2026-12-28"),
        ("2027-01-01", "2026-12-30", "2027-01-04"),
        ("2026-04-07", "2026-04-01", "2026-04-07"),
    ]
    print(f"{len(cases)} cases looked at")
    for day, before, from_ in cases:
        assert DAYS.open_before(ON(day)) == ON(before)
        assert DAYS.open_from(ON(day)) == ON(from_)


def test_the_31st_ends_on_the_last_day_of_a_shorter_month() -> None:
    cases = [
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-31", -1, "2025-12-31"),
        ("2026-05-31", 0, "2026-05-31"),
    ]
    print(f"{len(cases)} cases looked at")
    for day, months, later in cases:
        assert add_months(ON(day), months) == ON(later)


def test_a_clock_on_the_wall_means_one_moment_on_either_night_of_the_year() -> None:
    cases = [
        ("2026-10-24", "10:00", "2026-10-24T08:00"),
        ("2026-10-25", "00:30", "2026-10-24T22:30"),
        ("2026-10-25", "02:30", "2026-10-25T00:30"),  # twice: the first
        ("2026-10-25", "03:00", "2026-10-25T02:00"),
        ("2026-10-25", "10:00", "2026-10-25T09:00"),
        ("2027-03-27", "10:00", "2027-03-27T09:00"),
        ("2027-03-28", "01:59", "2027-03-28T00:59"),
        ("2027-03-28", "02:00", "2027-03-28T01:00"),  # skipped: 03:00
        ("2027-03-28", "02:30", "2027-03-28T01:00"),
        ("2027-03-28", "02:59:59", "2027-03-28T01:00"),
        ("2027-03-28", "03:00", "2027-03-28T01:00"),
        ("2027-03-28", "10:00", "2027-03-28T08:00"),
        ("2028-02-29", "09:00", "2028-02-29T08:00"),
    ]
    print(f"{len(cases)} cases looked at")
    for day, clock, moment in cases:
        assert at_wall(ON(day), time.fromisoformat(clock), ZONE) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_of_a_doubled_hour_the_first_counts_however_it_was_read_off() -> None:
    second = datetime(2026, 10, 25, 1, 17, tzinfo=UTC).astimezone(ZoneInfo(ZONE))
    assert second.time() == time(2, 17)
    assert at_wall(second.date(), second.time(), ZONE) == datetime(2026, 10, 25, 0, 17, tzinfo=UTC)


@settings(max_examples=50, deadline=None, database=None)
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 24 * 60 - 1))
def test_every_clock_time_is_shown_again_at_its_moment_or_is_the_end_of_a_gap(day: date, minute: int) -> None:
    clock = time(minute // 60, minute % 60)
    moment = at_wall(day, clock, ZONE)
    shown = moment.astimezone(ZoneInfo(ZONE))
    assert moment.tzinfo is UTC
    assert shown.date() == day
    assert shown.time() == clock or (clock.hour == 2 and shown.time() == time(3))
