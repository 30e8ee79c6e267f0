"""How far from a date, and how often: months that clamp, working days that skip, and nights of 23 and 25 hours."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.rules.ladders import (
    Every,
    NthWeekday,
    Offset,
    Repeat,
    Unit,
    read_offset,
    read_rhythm,
    read_span,
    spell_span,
    times,
)
from medvind.rules.policy import policy_from
from tests.rules.facts import DEFAULTS, ZONE, local, wall

FAR = local("2040-01-01 00:00")


def moments(
    first: str, rhythm: str, *, count: int | None = None, until: str | None = None, to: datetime = FAR, since: str = ""
) -> list[str]:
    """Some times of a rhythm that begins at this wall time, as clocks on the wall show them."""
    every = read_rhythm(rhythm)
    assert every is not None
    repeat = Repeat(every, count, date.fromisoformat(until) if until else None)
    return [wall(when) for _, when in times(local(first), repeat, ZONE, local(since or first), to)]


@pytest.mark.parametrize(
    ("offset", "day", "lands"),
    [
        ("0 days after", "2026-11-24", "2026-11-24"),
        ("3 days after", "2026-11-29", "2026-12-02"),
        ("14 days before", "2026-03-08", "2026-02-22"),
        ("2 weeks before", "2026-12-03", "2026-11-19"),
        ("1 month after", "2027-01-31", "2027-02-28"),
        ("1 month after", "2028-01-31", "2028-02-29"),
        ("1 month before", "2026-12-31", "2026-11-30"),
        ("12 months after", "2028-02-29", "2029-02-28"),
        ("24 months before", "2028-02-29", "2026-02-28"),
        ("1 day after", "2028-02-28", "2028-02-29"),
        ("1 day before", "2028-03-01", "2028-02-29"),
        ("0 working days after", "2026-11-28", "2026-11-28"),  # a Saturday
        ("1 working day after", "2026-11-27", "2026-11-30"),  # over a weekend
        ("5 working days before", "2026-12-03", "2026-11-26"),
        ("1 working day after", "2026-04-01", "2026-04-07"),  # Easter: Maundy Thursday to Easter Monday
        ("1 working day before", "2026-04-07", "2026-04-01"),
        ("2 working days after", "2026-12-22", "2026-12-28"),  # 23 December, then Christmas and a weekend
        ("3 working days after", "2026-12-28", "2027-01-04"),  # 31 December and 1 January are closed
        ("1 working day after", "2026-06-04", "2026-06-08"),  # 5 June is closed
        ("1 working day after", "2026-07-03", "2026-08-03"),  # weeks 28 to 31 are holidays
        ("1 working day before", "2026-08-03", "2026-07-03"),
    ],
)
def test_an_offset_lands_where_a_calendar_on_the_wall_says(offset: str, day: str, lands: str) -> None:
    assert read_offset(offset).day_from(date.fromisoformat(day), DEFAULTS.days) == date.fromisoformat(lands)


def test_which_days_are_working_days_is_for_the_municipality_to_say() -> None:
    ours = policy_from({"holiday_weeks": "off", "closing_days": "2026-07-06"})
    assert read_offset("1 working day after").day_from(date(2026, 7, 3), ours.days) == date(2026, 7, 7)


@pytest.mark.parametrize(
    ("offset", "start", "lands"),
    [
        ("90 minutes before", "2026-12-03 14:00", "2026-12-03 12:30"),
        ("2 hours after", "2026-12-03 23:00", "2026-12-04 01:00"),
        ("0 minutes after", "2026-12-03 14:00", "2026-12-03 14:00"),
        ("24 hours before", "2026-10-25 12:00", "2026-10-24 13:00"),  # the night has an hour more
        ("24 hours before", "2027-03-28 12:00", "2027-03-27 11:00"),  # and this one an hour less
    ],
)
def test_minutes_and_hours_are_real_time(offset: str, start: str, lands: str) -> None:
    assert wall(read_offset(offset).moment_from(local(start))) == lands


OFFSETS = st.builds(Offset, st.integers(0, 24), st.sampled_from(Unit), st.booleans())
DAYS = st.dates(date(2016, 1, 1), date(2058, 12, 31))


@settings(max_examples=25)
@given(OFFSETS, DAYS, st.integers(0, 40))
def test_a_later_day_never_lands_earlier_on_either_side(offset: Offset, day: date, more: int) -> None:
    if offset.unit.exact:
        first, later = (datetime.combine(one, datetime.min.time()).astimezone() for one in (day, day + timedelta(more)))
        assert offset.moment_from(first) <= offset.moment_from(later)
    else:
        assert offset.day_from(day, DEFAULTS.days) <= offset.day_from(day + timedelta(more), DEFAULTS.days)


@settings(max_examples=25)
@given(st.sampled_from([unit for unit in Unit if not unit.exact]), DAYS, st.integers(0, 20), st.integers(0, 4))
def test_a_longer_offset_lands_further_off_and_within_its_span(unit: Unit, day: date, amount: int, more: int) -> None:
    for before in (True, False):
        near, far = (Offset(number, unit, before) for number in (amount, amount + more))
        landed, beyond = near.day_from(day, DEFAULTS.days), far.day_from(day, DEFAULTS.days)
        assert (beyond <= landed <= day) if before else (beyond >= landed >= day)
        assert abs(beyond - day) <= far.span


@settings(max_examples=25)
@given(OFFSETS)
def test_an_offset_reads_as_it_is_spelled(offset: Offset) -> None:
    assert read_offset(str(offset)) == offset


@pytest.mark.parametrize(
    "text", ["3 days", "after 3 days", "3 days later", "-3 days after", "3,5 days after", "", "days after"]
)
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no distance from a date"):
        read_offset(text)


@pytest.mark.parametrize("text", ["731 days after", "25 months before", "261 working days before", "1441 minutes before"])
def test_an_offset_of_years_is_a_slip_and_is_refused_with_the_bounds(text: str) -> None:
    with pytest.raises(ValueError, match="is none of 0 to"):
        read_offset(text)


@pytest.mark.parametrize(
    ("first", "rhythm", "expected"),
    [
        ("2027-01-31 10:00", "every month", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]),
        ("2028-01-31 10:00", "every month", ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ("2028-02-29 10:00", "every 12 months", ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("2026-11-24 10:00", "every 7 days", ["2026-11-24", "2026-12-01", "2026-12-08"]),
        ("2026-11-24 10:00", "every 2 weeks", ["2026-11-24", "2026-12-08", "2026-12-22"]),
        ("2028-02-28 10:00", "every day", ["2028-02-28", "2028-02-29", "2028-03-01"]),
        ("2026-11-02 10:00", "first monday", ["2026-11-02", "2026-12-07", "2027-01-04", "2027-02-01"]),
        ("2026-11-03 10:00", "first monday", ["2026-12-07", "2027-01-04"]),
        ("2026-11-24 10:00", "second tuesday", ["2026-12-08", "2027-01-12"]),
        ("2026-11-01 10:00", "third wednesday", ["2026-11-18", "2026-12-16"]),
        ("2026-11-24 10:00", "fourth sunday", ["2026-12-27", "2027-01-24"]),
        ("2026-11-27 10:00", "last friday", ["2026-11-27", "2026-12-25", "2027-01-29", "2027-02-26"]),
        ("2026-11-28 10:00", "last monday", ["2026-11-30", "2026-12-28"]),
    ],
)
def test_a_rhythm_goes_by_the_calendar_and_keeps_its_time_of_day(first: str, rhythm: str, expected: list[str]) -> None:
    assert moments(first, rhythm, count=len(expected)) == [f"{day} 10:00" for day in expected]


@pytest.mark.parametrize(("night", "how_many"), [("2026-10-25", 50), ("2027-03-28", 46), ("2026-11-24", 48)])
def test_every_30_minutes_is_every_30_minutes_on_the_nights_of_summer_time_too(night: str, how_many: int) -> None:
    first, end = local(f"{night} 00:00"), local(f"{night} 23:59")
    asked = [when for _, when in times(first, Repeat(Every(30, Unit.MINUTE), 400), ZONE, first, end) if when <= end]
    assert {later - earlier for earlier, later in pairwise(asked)} == {timedelta(minutes=30)}
    assert len(asked) == len(set(asked)) == how_many


@pytest.mark.parametrize(
    ("night", "clock", "leaves"),
    [
        ("2026-10-25", "02:30", "00:30"),  # doubled: the first of the two, in summer time
        ("2027-03-28", "02:30", "01:00"),  # skipped: the first time after the gap
        ("2026-10-25", "09:00", "08:00"),
        ("2027-03-28", "09:00", "07:00"),
    ],
)
def test_a_daily_time_comes_once_on_the_nights_of_summer_time(night: str, clock: str, leaves: str) -> None:
    day = date.fromisoformat(night)
    first = local(f"{day - timedelta(3)} {clock}")
    daily = [when for _, when in times(first, Repeat(Every(1, Unit.DAY), 7), ZONE, first, FAR)]
    assert len(set(daily)) == 7
    assert [f"{when:%H:%M}" for when in daily if when.date() == day] == [leaves]
    on_the_wall = [wall(when)[11:] for when in daily]
    assert on_the_wall == [clock] * 3 + ["03:00" if leaves == "01:00" else clock] + [clock] * 3


def test_an_hourly_rhythm_may_begin_in_the_doubled_hour() -> None:
    second_half_past_two = local("2026-10-25 03:00") - timedelta(minutes=30)
    daily = times(second_half_past_two, Repeat(Every(1, Unit.DAY), 2), ZONE, second_half_past_two, FAR)
    assert next(daily) == (1, second_half_past_two)
    assert wall(next(daily)[1]) == "2026-10-26 02:30"


def test_a_rhythm_ends_after_its_count_or_with_its_last_day() -> None:
    assert moments("2026-11-24 10:00", "every 7 days", count=2) == ["2026-11-24 10:00", "2026-12-01 10:00"]
    assert moments("2026-11-24 10:00", "every 7 days", until="2026-12-01") == ["2026-11-24 10:00", "2026-12-01 10:00"]
    assert moments("2026-11-24 10:00", "every 7 days", until="2026-11-30") == ["2026-11-24 10:00"]
    assert moments("2026-11-24 10:00", "every 7 days", until="2026-11-23") == []


def test_a_rhythm_without_an_end_is_asked_up_to_the_first_time_beyond() -> None:
    to = local("2026-12-07 10:00")
    assert moments("2026-11-24 10:00", "every 7 days", to=to) == ["2026-11-24 10:00", "2026-12-01 10:00", "2026-12-08 10:00"]


RHYTHMS = st.one_of(
    st.builds(Every, st.integers(1, 24), st.sampled_from([unit for unit in Unit if unit != Unit.WORKING_DAY])),
    st.builds(NthWeekday, st.sampled_from([0, 1, 2, 3, -1]), st.integers(0, 6)),
)
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(lambda one: local(one.isoformat()))  # noqa: DTZ001 - a wall time


@settings(max_examples=25)
@given(STARTS, RHYTHMS, st.integers(0, 900))
def test_what_comes_later_is_the_same_wherever_looking_begins(first: datetime, rhythm: Every | NthWeekday, days: int) -> None:
    """No time is handed out twice, in whatever order of looking."""
    since = first + timedelta(days)
    if isinstance(rhythm, Every) and rhythm.unit.exact:
        since = first + timedelta(hours=days)
    repeat = Repeat(rhythm, 400)
    until = since + timedelta(40)
    whole = list(times(first, repeat, ZONE, first, until))
    assert list(times(first, repeat, ZONE, since, until)) == [one for one in whole if one[1] >= since]
    assert all(earlier[0] + 1 == later[0] and earlier[1] < later[1] for earlier, later in pairwise(whole))
    assert repeat.span is not None
    assert all(when - first <= repeat.span for _, when in whole)


@settings(max_examples=25)
@given(RHYTHMS)
def test_a_rhythm_reads_as_it_is_spelled(rhythm: Every | NthWeekday) -> None:
    assert read_rhythm(str(rhythm)) == rhythm


def test_once_is_no_rhythm_and_has_no_end() -> None:
    assert read_rhythm(" Once ") is None
    assert Repeat(Every(1, Unit.DAY)).span is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("weekly", "no rhythm"),
        ("fifth monday", "no rhythm"),
        ("first mandag", "no rhythm"),
        ("every 2 working days", "working days are no rhythm"),
        ("every 0 days", "0 is none of 1 to 730 days"),
        ("every 25 months", "25 is none of 1 to 24 months"),
    ],
)
def test_what_is_no_rhythm_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_rhythm(text)


@pytest.mark.parametrize(
    ("text", "span", "spelled"),
    [
        ("36 hours", timedelta(hours=36), "36 hours"),
        ("72 hours", timedelta(days=3), "3 days"),
        ("1 week", timedelta(days=7), "7 days"),
        ("90 minutes", timedelta(minutes=90), "90 minutes"),
        ("1 day", timedelta(days=1), "1 day"),
    ],
)
def test_how_long_something_holds_is_said_in_words(text: str, span: timedelta, spelled: str) -> None:
    assert read_span(text) == span
    assert spell_span(span) == spelled


def test_a_length_of_time_in_months_is_none() -> None:
    with pytest.raises(ValueError, match="no length of time"):
        read_span("2 months")
