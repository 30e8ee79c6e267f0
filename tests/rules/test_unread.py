"""When what nobody has read is told of, and to whom, as a calendar on the wall says."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.model import Reminder
from medvind.rules.calendar import OpenDays
from medvind.rules.unread import CLOSES, OPENS, Office, Whom, due

ZONE = "Europe/Copenhagen"
HALL = Office(OpenDays(holiday_weeks=frozenset({28, 29, 30, 31})), ZONE)
YEARS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def told(office: Office, came: str, *, there: bool = True) -> list[str]:
    moments = (office.told_at(step, at(came), there=there).astimezone(ZoneInfo(ZONE)) for step in Reminder)
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in moments]


@pytest.mark.parametrize(
    ("came", "hours", "day", "deputy"),
    [
        ("2026-11-24 10:00", "2026-11-24 14:00", "2026-11-25 10:00", "2026-11-26 10:00"),
        ("2026-11-24 12:00", "2026-11-25 08:00", "2026-11-25 12:00", "2026-11-26 12:00"),
        ("2026-11-24 15:30", "2026-11-25 11:30", "2026-11-25 15:30", "2026-11-26 15:30"),
        ("2026-11-24 06:00", "2026-11-24 12:00", "2026-11-25 08:00", "2026-11-26 08:00"),
        ("2026-11-24 22:00", "2026-11-25 12:00", "2026-11-26 08:00", "2026-11-27 08:00"),
        ("2026-11-27 15:00", "2026-11-30 11:00", "2026-11-30 15:00", "2026-12-01 15:00"),
        ("2026-11-28 11:00", "2026-11-30 12:00", "2026-12-01 08:00", "2026-12-02 08:00"),
        ("2026-12-23 14:00", "2026-12-28 10:00", "2026-12-28 14:00", "2026-12-29 14:00"),
        ("2027-03-24 13:00", "2027-03-30 09:00", "2027-03-30 13:00", "2027-03-31 13:00"),
        ("2027-07-13 10:00", "2027-07-13 14:00", "2027-07-14 10:00", "2027-07-15 10:00"),
    ],
    ids=["morning", "noon", "afternoon", "before_work", "evening", "friday", "saturday", "christmas", "easter", "holiday_week"],
)
def test_hours_and_days_count_while_somebody_is_at_work(came: str, hours: str, day: str, deputy: str) -> None:
    assert told(HALL, came) == [hours, day, deputy]


def test_a_closing_day_of_the_municipality_counts_for_no_day_at_work() -> None:
    closed = Office(OpenDays(once=frozenset({date(2026, 11, 25)})), ZONE)
    assert told(closed, "2026-11-24 13:00") == ["2026-11-26 09:00", "2026-11-26 13:00", "2026-11-27 13:00"]


def test_while_the_coach_is_away_no_second_day_is_waited_for() -> None:
    assert told(HALL, "2026-11-24 10:00", there=False) == ["2026-11-24 14:00", "2026-11-25 10:00", "2026-11-25 10:00"]


@given(YEARS, st.sampled_from(Reminder), st.booleans())
def test_nobody_is_told_outside_the_hours_in_which_somebody_is_at_work(came: datetime, step: Reminder, there: bool) -> None:
    moment = HALL.told_at(step, came, there=there)
    until = HALL.at_work_until(moment)
    assert until is not None
    assert until.astimezone(ZoneInfo(ZONE)).time() == CLOSES
    assert moment - came >= timedelta(hours=4)


@given(YEARS, st.booleans())
def test_each_step_comes_after_the_one_before(came: datetime, there: bool) -> None:
    moments = [HALL.told_at(step, came, there=there) for step in Reminder]
    assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-24 07:59", None),
        ("2026-11-24 08:00", "2026-11-24 16:00"),
        ("2026-11-24 15:59", "2026-11-24 16:00"),
        ("2026-11-24 16:00", None),
        ("2026-11-28 10:00", None),
        ("2026-12-25 10:00", None),
    ],
)
def test_somebody_is_at_work_on_open_days_from_eight_to_four(now: str, until: str | None) -> None:
    assert HALL.at_work_until(at(now)) == (None if until is None else at(until))
    assert (OPENS.hour, CLOSES.hour) == (8, 16)


CAME, HOURS, DAY, DAYS = "2026-11-24 10:00", "2026-11-24 14:00", "2026-11-25 10:00", "2026-11-26 10:00"
COACH, DEPUTY, DUTY = {Whom.COACH}, {Whom.DEPUTY}, {Whom.DUTY}


@pytest.mark.parametrize(
    ("now", "there", "deputy", "whom"),
    [
        (HOURS, True, True, COACH),
        (DAY, True, True, COACH),
        (DAYS, True, True, COACH | DEPUTY),
        (DAYS, True, False, COACH | DUTY),
        (HOURS, False, True, DEPUTY),
        (DAYS, False, True, DEPUTY),
        (HOURS, False, False, DUTY),
        (DAYS, False, False, DUTY),
    ],
)
def test_the_coach_is_told_and_then_the_deputy_and_who_is_not_there_is_stood_in_for(
    now: str, there: bool, deputy: bool, whom: set[Whom]
) -> None:
    found = due(HALL, Reminder.HOURS, at(CAME), at(now), there=there, deputy=deputy)
    assert found is not None
    assert found.whom == whom


@pytest.mark.parametrize(
    ("waits_for", "now", "there", "steps", "then", "listed"),
    [
        (Reminder.HOURS, HOURS, True, [Reminder.HOURS], Reminder.DAY, False),
        (Reminder.DAY, DAY, True, [Reminder.DAY], Reminder.DEPUTY, True),
        (Reminder.HOURS, DAY, True, [Reminder.HOURS, Reminder.DAY], Reminder.DEPUTY, True),
        (Reminder.DEPUTY, DAYS, True, [Reminder.DEPUTY], None, True),
        (Reminder.DAY, DAY, False, [Reminder.DAY, Reminder.DEPUTY], None, True),
        (Reminder.DEPUTY, DAY, False, [Reminder.DEPUTY], None, True),
    ],
)
def test_each_step_is_told_once_and_after_the_first_day_it_is_a_task(
    waits_for: Reminder, now: str, there: bool, steps: list[Reminder], then: Reminder | None, listed: bool
) -> None:
    found = due(HALL, waits_for, at(CAME), at(now), there=there, deputy=True)
    assert found is not None
    assert (list(found.steps), found.then, found.listed) == (steps, then, listed)


@pytest.mark.parametrize(("waits_for", "at_"), [(Reminder.HOURS, HOURS), (Reminder.DAY, DAY), (Reminder.DEPUTY, DAYS)])
def test_nothing_is_due_a_second_too_early(waits_for: Reminder, at_: str) -> None:
    early = at(at_) - timedelta(seconds=1)
    assert due(HALL, waits_for, at(CAME), early, there=True, deputy=True) is None
