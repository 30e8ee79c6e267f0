"""Danish days and clocks: which days are free, where a date moves, and what a wall clock means on the odd nights."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.rules.calendar import (
    Closed,
    OpenDays,
    add_months,
    at_wall,
    bank_closing_days,
    bank_day_from,
    bank_days_before,
    is_bank_day,
    nine_o_clock_day,
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


def easter(year: int) -> date:
    """Easter Sunday, by the moon: good from 1900 to 2099."""
    moon = (19 * (year % 19) + 24) % 30
    moon -= moon == 29 or (moon == 28 and year % 19 > 10)
    full = date(year, 3, 21) + timedelta(moon)
    return full + timedelta(7 - (full.weekday() + 1) % 7)


def test_banks_are_closed_on_every_day_of_the_published_table_and_for_the_reason_that_it_gives() -> None:
    table = {day: row["kind"] for day, row in closing_days().items()}
    ours = {day: str(why) for year in range(2023, 2028) for day, why in bank_closing_days(year).items()}
    missing, extra = table.items() - ours.items(), ours.items() - table.items()
    print(f"{len(table)} closing days looked at, {len(missing)} missing; {len(ours)} of ours looked at, {len(extra)} too many")
    assert len(table) == 71
    assert (missing, extra) == (set(), set())
    assert [day for day in table if is_bank_day(day)] == []
    assert list(ours) == sorted(ours)


def test_from_2016_to_2060_the_closed_days_are_those_that_easter_and_the_fixed_days_give() -> None:
    looked = 0
    for year in range(2016, 2061):
        sunday = easter(year)
        offsets = (-3, -2, 0, 1, 39, 49, 50, *((26,) if year <= 2023 else ()))
        public = {sunday + timedelta(days) for days in offsets} | {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}
        others = {sunday + timedelta(40), date(year, 6, 5), date(year, 12, 24), date(year, 12, 31)} - public
        expected = dict.fromkeys(public, Closed.PUBLIC_HOLIDAY) | dict.fromkeys(others, Closed.BANK_CLOSING_DAY)
        looked += len(expected)
        assert bank_closing_days(year) == expected, year
    print(f"{looked} closed days looked at, 0 wrong")
    assert looked > 600


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


@settings(max_examples=60, deadline=None, database=None)
@given(st.dates(date(2016, 1, 1), date(2060, 12, 31)))
def test_a_moved_date_is_never_before_never_six_days_after_and_always_a_day_on_which_banks_are_open(day: date) -> None:
    moved = bank_day_from(day)
    assert is_bank_day(moved)
    assert timedelta() <= moved - day <= timedelta(5)
    assert not any(is_bank_day(day + timedelta(number)) for number in range((moved - day).days))


def test_lead_times_in_bank_days_step_over_closed_ones() -> None:
    cases = [
        ("2026-11-20", 3, "2026-11-17"),
        ("2026-04-20", 10, "2026-04-01"),  # Easter
        ("2026-05-20", 3, "2026-05-13"),  # Ascension Day and its Friday
        ("2026-05-20", 0, "2026-05-20"),
        ("2027-01-20", 14, "2026-12-29"),
    ]
    print(f"{len(cases)} cases looked at")
    for day, count, before in cases:
        assert bank_days_before(ON(day), count) == ON(before)


def test_a_tax_return_has_until_nine_on_the_next_weekday_where_a_free_day_is_near() -> None:
    cases = [
        ("2026-07-01", None),  # a Wednesday
        ("2022-07-01", "2022-07-04"),  # a Friday: the day after is a Saturday
        ("2028-07-01", "2028-07-03"),  # a Saturday
        ("2029-07-01", "2029-07-02"),  # a Sunday
        ("2027-07-01", None),  # a Thursday
        ("2026-12-24", "2026-12-28"),  # open by itself, Christmas comes after it
        ("2026-06-04", None),  # 5 June is no public holiday
        ("2026-05-14", "2026-05-15"),  # the Friday after Ascension Day is a weekday
    ]
    print(f"{len(cases)} cases looked at")
    for day, until in cases:
        assert nine_o_clock_day(ON(day)) == (ON(until) if until else None)


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


def test_nobody_works_on_free_days_closing_days_and_in_holiday_weeks_and_messages_go_on_in_those_weeks() -> None:
    ours = OpenDays(once=frozenset({ON("2026-11-27")}), holiday_weeks=frozenset({29}))
    cases = [
        ("2026-07-15", True, False),  # in week 29
        ("2026-07-20", True, True),
        ("2026-11-27", False, False),  # this town hall's own day
        ("2026-12-24", False, False),
        ("2026-12-28", True, True),
        ("2026-04-06", False, False),  # Easter Monday
        ("2026-04-25", False, False),  # a Saturday
    ]
    print(f"{len(cases)} cases looked at")
    for day, open_, working in cases:
        assert ours.is_closed(ON(day)) is not open_
        assert ours.is_working_day(ON(day)) is working


def test_working_days_are_counted_without_the_days_on_which_nobody_works() -> None:
    ours = OpenDays(holiday_weeks=frozenset({29}))
    cases = [
        ("2026-11-26", 1, "2026-11-27"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-30", -1, "2026-11-27"),
        ("2026-12-22", 3, "2026-12-29"),
        ("2026-04-07", -1, "2026-04-01"),
        ("2026-07-10", 1, "2026-07-20"),  # over week 29
        ("2026-07-20", -2, "2026-07-09"),
        ("2026-11-28", 0, "2026-11-28"),
    ]
    print(f"{len(cases)} cases looked at")
    for day, count, there in cases:
        assert ours.working_days_from(ON(day), count) == ON(there)
    assert ours.working_days_between(ON("2026-07-10"), ON("2026-07-20")) == 2
    assert ours.working_days_between(ON("2026-12-21"), ON("2026-12-31")) == 6
    assert ours.working_days_between(ON("2026-07-20"), ON("2026-07-10")) == 0


def test_what_is_promised_by_a_day_is_promised_by_the_last_one_up_to_it_on_which_somebody_is_at_work() -> None:
    ours = OpenDays(holiday_weeks=frozenset({29, 30}))
    cases = [
        ("2026-11-24", "2026-12-24", "2026-12-23"),
        ("2026-11-25", "2026-12-25", "2026-12-23"),
        ("2026-11-26", "2026-12-22", "2026-12-22"),
        ("2026-06-24", "2026-07-24", "2026-07-10"),
        ("2026-07-14", "2026-07-17", "2026-07-17"),  # nobody is at work until then: the day itself
    ]
    for after, last, promised in cases:
        assert ours.at_work_by(ON(last), ON(after)) == ON(promised)


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
