"""When a message may leave: quiet hours, closed days, and where each kind goes from there."""

from datetime import time

from medvind.model import ClosedDay
from medvind.rules.hours import Hours
from medvind.rules.policy import policy_from
from medvind.rules.sending import is_quiet, open_from, settle
from tests.rules.facts import DEFAULTS, ZONE, local, meeting, wall


def test_nothing_leaves_at_night_or_on_closed_days() -> None:
    cases = [
        ("2026-11-24 07:59", "2026-11-24 08:00"),  # a Tuesday
        ("2026-11-24 08:00", None),
        ("2026-11-24 19:59", None),
        ("2026-11-24 20:00", "2026-11-25 08:00"),
        ("2026-11-27 20:00", "2026-11-30 08:00"),  # Friday evening: the weekend is not for this
        ("2026-11-28 12:00", "2026-11-30 08:00"),
        ("2026-11-29 12:00", "2026-11-30 08:00"),
        ("2026-12-24 12:00", "2026-12-28 08:00"),  # Christmas
        ("2027-03-24 20:00", "2027-03-30 08:00"),  # Easter, over the night in which the clock goes forward
        ("2026-10-24 12:00", "2026-10-26 08:00"),  # and the one in which it goes back
    ]
    print(f"{len(cases)} cases looked at")
    for moment, opens in cases:
        assert is_quiet(local(moment), DEFAULTS, ZONE, None) is (opens is not None)
        assert wall(open_from(local(moment), DEFAULTS, ZONE, None)) == (opens or moment)


def test_a_saturday_is_open_for_a_meeting_on_that_or_the_next_day() -> None:
    cases = [
        ("2026-11-28 09:59", "2026-11-28", "2026-11-28 10:00"),
        ("2026-11-28 10:00", "2026-11-28", None),
        ("2026-11-28 17:59", "2026-11-29", None),  # the next day's
        ("2026-11-28 18:00", "2026-11-29", "2026-11-30 08:00"),
        ("2026-11-28 12:00", "2026-11-30", "2026-11-30 08:00"),  # in two days: not now
        ("2026-11-28 12:00", "2026-11-27", "2026-11-30 08:00"),  # the day before's is over
        ("2026-11-29 12:00", "2026-11-29", "2026-11-30 08:00"),  # never on a Sunday
        ("2026-12-26 12:00", "2026-12-26", "2026-12-28 08:00"),  # a Saturday that is a holiday
    ]
    print(f"{len(cases)} cases looked at")
    for moment, about, opens in cases:
        day = meeting(f"{about} 14:00", "2026-11-01 12:00").starts_at.date()
        assert is_quiet(local(moment), DEFAULTS, ZONE, day) is (opens is not None)
        assert wall(open_from(local(moment), DEFAULTS, ZONE, day)) == (opens or moment)


def test_off_closed_days_alerts_go_back_questions_forward_and_the_rest_waits() -> None:
    cases = [
        ("2026-11-24 10:00", "2026-11-24 10:00", "2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-28 10:00", "2026-11-27 10:00", "2026-11-30 10:00", "2026-11-30 08:00"),
        ("2026-05-25 09:00", "2026-05-22 09:00", "2026-05-26 09:00", "2026-05-26 08:00"),
        ("2026-12-24 10:00", "2026-12-23 10:00", "2026-12-28 10:00", "2026-12-28 08:00"),
        ("2026-06-05 10:00", "2026-06-04 10:00", "2026-06-08 10:00", "2026-06-08 08:00"),
        ("2026-11-28 06:00", "2026-11-27 08:00", "2026-11-30 08:00", "2026-11-30 08:00"),
        ("2027-03-28 10:00", "2027-03-24 10:00", "2027-03-30 10:00", "2027-03-30 08:00"),
        ("2026-10-25 10:00", "2026-10-23 10:00", "2026-10-26 10:00", "2026-10-26 08:00"),
    ]
    print(f"{len(cases)} cases looked at")
    for when, back, forward, stay in cases:
        ways = {ClosedDay.BACK: back, ClosedDay.FORWARD: forward, ClosedDay.STAY: stay}
        assert {way: wall(settle(local(when), way, DEFAULTS, ZONE)) for way in ways} == ways


def test_a_reminder_stays_on_the_saturday_before_its_meeting() -> None:
    sunday, monday = (meeting(f"2026-11-{day} 14:00", "2026-11-01 12:00").starts_at.date() for day in (29, 30))
    saturday = local("2026-11-28 10:00")
    assert settle(saturday, ClosedDay.BACK, DEFAULTS, ZONE, sunday) == saturday
    assert wall(settle(saturday, ClosedDay.BACK, DEFAULTS, ZONE, monday)) == "2026-11-27 10:00"


def test_where_the_saturday_is_open_to_all_a_closed_day_still_moves_what_may_not_stay() -> None:
    policy = policy_from({"quiet_hours": "mon-sun 20:00-08:00"})
    saturday = local("2026-11-28 10:00")
    assert wall(settle(saturday, ClosedDay.FORWARD, policy, ZONE)) == "2026-11-30 10:00"
    assert settle(saturday, ClosedDay.STAY, policy, ZONE) == saturday
    no_hours = policy_from({"quiet_hours": "mon 20:00-08:00"})
    assert wall(settle(saturday, ClosedDay.BACK, no_hours, ZONE)) == "2026-11-27 10:00"


def test_without_quiet_hours_everything_leaves_when_it_was_meant_to() -> None:
    policy = policy_from({"quiet_hours": "off"})
    for moment in ("2026-11-28 03:00", "2026-12-24 12:00", "2026-11-24 23:59"):
        assert not is_quiet(local(moment), policy, ZONE, None)
        assert [settle(local(moment), way, policy, ZONE) for way in ClosedDay] == [local(moment)] * 3


def test_quiet_hours_begin_at_their_minute_and_end_at_theirs() -> None:
    cases = [
        (Hours(time(12), time(13)), "11:59", None),
        (Hours(time(12), time(13)), "12:00", time(13)),
        (Hours(time(12), time(13)), "12:59", time(13)),
        (Hours(time(12), time(13)), "13:00", None),
        (Hours(time(20), time(8)), "00:00", time(8)),
        (Hours(time(20), time(8)), "08:00", None),
        (Hours(time(20), time(8)), "20:00", time()),
        (Hours(time(20), time(0)), "00:00", None),
        (Hours(time(20), time(0)), "20:00", time()),
        (Hours(), "12:00", time()),
    ]
    print(f"{len(cases)} cases looked at")
    for hours, clock, until in cases:
        assert hours.quiet_until(time.fromisoformat(clock)) == until
