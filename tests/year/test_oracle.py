"""The oracle itself against examples worked out by hand: whoever judges the product must be right first."""

import ast
import csv
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tests.year.oracle import Walk, free_days, shift, vat_due

HERE = Path(__file__).parent
OPEN = (time(0), time(23, 59))
wall = datetime.fromisoformat


def left(*events: tuple[str, dict[str, Any]], first: str, days: int = 60, sms: bool = False) -> list[str]:
    """What leaves to somebody with these events, as `key at time`, with `+` in front of what went along."""
    known = [(wall(at), news) for at, news in events]
    person = {"sms": sms, "quiet": OPEN, "from": date.fromisoformat(first), "days": days, "events": known}
    return [f"{'+' * bool(carrier)}{key} {at:%Y-%m-%d %H:%M}" for key, at, carrier in Walk(person).left]


def joined(at: str, **facts: Any) -> tuple[str, dict[str, Any]]:
    return at, {"joined": wall(at), **facts}


def meeting(at: str, start: str, sequence: int = 1, *, said: str = "", cancelled: bool = False) -> tuple[str, dict[str, Any]]:
    known = wall(at)
    facts = {"start": wall(start), "known": known, "sequence": sequence, "said": said, "cancelled": cancelled}
    return at, {"meeting:m-1": facts}


QUARTERLY = [(date(2026, 1, 1), "quarterly")]


def test_the_oracle_has_at_most_200_lines_and_imports_nothing_but_the_standard_library() -> None:
    text = (HERE / "oracle.py").read_text("utf-8")
    assert len(text.splitlines()) <= 200
    tree = ast.walk(ast.parse(text))
    names = {
        name.split(".")[0]
        for node in tree
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert names <= sys.stdlib_module_names


def test_easter_moves_and_everything_that_hangs_on_it() -> None:
    sundays = {2028: date(2028, 4, 16), 2029: date(2029, 4, 1), 2030: date(2030, 4, 21), 2038: date(2038, 4, 25)}
    for year, easter in sundays.items():
        public = {day for day, kind in free_days(year).items() if kind == "public_holiday"}
        assert {easter + timedelta(days) for days in (-3, -2, 0, 1, 39, 49, 50)} <= public
        assert len(public) == 10
        assert free_days(year)[easter + timedelta(40)] == "bank_closing_day"


def test_every_published_vat_row_is_a_deadline_and_no_other_day_is_one_of_that_period() -> None:
    with (HERE.parent / "data" / "vat_deadlines.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        days = [date.fromisoformat(row["period_end"]) + timedelta(days) for days in range(1, 120)]
        found = [
            day
            for day in days
            for kind, _, _, end in vat_due(day)
            if (kind, f"{end}") == (row["period_type"], row["period_end"])
        ]
        assert [f"{day}" for day in found] == [row["deadline"]], row
    print(f"0 wrong of {len(rows)} published VAT deadlines")


def test_beyond_the_tables_a_vat_deadline_on_a_closed_day_is_the_next_bank_day() -> None:
    def due(kind: str, end: date) -> list[date]:
        days = (end + timedelta(days) for days in range(1, 120))
        return [day for day in days if any(period[0] == kind and period[3] == end for period in vat_due(day))]

    assert due("quarterly", date(2027, 12, 31)) == [date(2028, 3, 1)]
    assert due("half_yearly", date(2028, 12, 31)) == [date(2029, 3, 1)]
    assert due("monthly", date(2028, 11, 30)) == [date(2028, 12, 27)]  # the 25th and 26th are Christmas
    assert due("monthly", date(2028, 4, 30)) == [date(2028, 5, 29)]  # Ascension Day, then the Friday on which banks are closed
    assert due("monthly", date(2029, 6, 30)) == [date(2029, 8, 17)]  # not the 25th of July


def test_whitsun_2026_moves_the_alerts_of_the_first_quarter_to_the_friday_before() -> None:
    assert left(joined("2026-05-01T12:00", vat=QUARTERLY), first="2026-05-01") == [
        "vat:2026Q1:14d 2026-05-18 09:00",
        "vat:2026Q1:7d 2026-05-22 09:00",
        "vat:2026Q1:2d 2026-05-29 09:00",
        "vat:2026Q1:0d 2026-06-01 09:00",
    ]


def test_what_is_answered_klar_is_not_told_again() -> None:
    answered = ("2026-05-19T11:00", {"done": ["vat:2026Q1"]})
    assert left(joined("2026-05-01T12:00", vat=QUARTERLY), answered, first="2026-05-01") == ["vat:2026Q1:14d 2026-05-18 09:00"]


def test_a_half_year_closed_in_its_first_quarter_is_due_with_that_quarter() -> None:
    closing = [(date(2026, 1, 1), "half_yearly"), (date(2027, 1, 10), None)]
    told = left(joined("2027-01-20T12:00", vat=closing), first="2027-01-20", days=250)
    assert told == [f"vat:2026H2:{step}" for step in ("14d 2027-02-15 09:00", "7d 2027-02-22 09:00", "2d 2027-02-26 09:00")] + [
        "vat:2026H2:0d 2027-03-01 09:00",
        "vat:2027H1:14d 2027-05-18 09:00",
        "vat:2027H1:7d 2027-05-25 09:00",
        "vat:2027H1:2d 2027-05-28 09:00",
        "vat:2027H1:0d 2027-06-01 09:00",
    ]


def test_a_check_in_on_easter_monday_is_asked_on_tuesday_and_the_clock_stays_over_the_summer_time_night() -> None:
    course = joined("2027-03-15T12:00", course=date(2027, 3, 12))
    assert left(course, first="2027-03-15", days=16) == [
        "check_in:2027-W11 2027-03-15 12:00",
        "check_in:2027-W12 2027-03-22 10:00",
        "check_in:2027-W13 2027-03-30 10:00",
    ]


def test_both_summer_time_nights_leave_the_wall_clock_as_it_is() -> None:
    for course, days in ((date(2026, 10, 15), ("2026-10-19", "2026-10-26")), (date(2028, 3, 17), ("2028-03-20", "2028-03-27"))):
        told = left(joined(f"{course}T12:00", course=course), first=f"{course}", days=14)
        assert [line.split()[1] for line in told if line.startswith("check")] == list(days)
        assert {line.split()[2] for line in told} == {"10:00"}


def test_support_ends_on_the_last_day_of_a_short_month_and_an_extension_is_told_with_its_own_ladder() -> None:
    started = joined("2026-08-31T12:00", started=date(2026, 8, 31), pension=False)
    assert left(started, first="2026-08-31", days=200) == [
        "step:milestone 2026-09-30 10:00",
        "support_end:2027-02-28:42d 2027-01-15 10:00",
        "support_end:2027-02-28:14d 2027-02-12 10:00",
    ]
    extended = ("2027-01-18T12:00", {"months": 7, "extended": wall("2027-01-18T12:00")})
    assert left(started, extended, first="2026-08-31", days=220)[2:] == [
        "support_extended:2027-03-30 2027-01-18 12:00",
        "support_end:2027-03-30:42d 2027-02-16 10:00",
        "support_end:2027-03-30:14d 2027-03-16 10:00",
    ]
    pension = joined("2026-08-31T12:00", started=date(2026, 8, 31), pension=True)
    assert left(pension, first="2026-08-31", days=200) == ["step:milestone 2026-09-30 10:00"]


def test_another_coach_is_told_an_hour_after_the_change_and_the_end_of_the_wait_on_its_day() -> None:
    changed = ("2027-01-20T20:00", {"coach": wall("2027-01-20T20:00")})
    assert left(joined("2027-01-04T12:00"), changed, first="2027-01-04", days=30) == [
        "coach_changed:2027-01-20T20.00 2027-01-21 08:00"
    ]
    paid = ("2027-01-18T12:00", {"paid": date(2027, 1, 17)})
    assert left(joined("2027-01-04T12:00"), paid, first="2027-01-04", days=30) == ["step:payout_done 2027-01-18 12:00"]


def test_b_tax_is_told_three_bank_days_before_and_never_for_june_and_december() -> None:
    told = left(joined("2027-01-01T12:00", b_tax=True), first="2027-01-01", days=365)
    assert len(told) == 10
    assert "b_tax:2027-02:3d 2027-02-17 09:00" in told  # due on Monday the 22nd
    assert "b_tax:2027-03:3d 2027-03-17 09:00" in told


def test_a_tax_return_is_told_four_weeks_and_one_week_before_the_first_of_july() -> None:
    started = joined("2026-10-05T12:00", started=date(2026, 9, 1), pension=True)
    assert left(started, first="2026-10-05", days=300) == [
        "tax_return:2026:28d 2027-06-03 09:00",
        "tax_return:2026:7d 2027-06-24 09:00",
    ]


def test_a_meeting_is_told_at_once_then_7_days_a_day_and_2_hours_before() -> None:
    known = meeting("2026-11-02T14:05", "2026-11-16T09:30")
    assert left(joined("2026-11-01T12:00"), known, first="2026-11-01") == [
        "meeting:m-1:invite 2026-11-02 14:05",
        "meeting:m-1:7d 2026-11-09 10:00",
        "meeting:m-1:chase 2026-11-11 10:00",
        "meeting:m-1:1d 2026-11-13 10:00",
        "meeting:m-1:2h 2026-11-16 08:00",
    ]


def test_whoever_has_answered_is_not_chased_and_who_has_said_no_hears_no_more() -> None:
    known, start = "2026-11-02T14:05", "2026-11-16T09:30"
    steps = {"yes": ["invite", "7d", "1d", "2h"], "maybe": ["invite", "7d", "1d", "2h"], "no": ["invite", "7d"]}
    for said, told in steps.items():
        answer = "2026-11-10T12:00", meeting(known, start, said=said)[1]
        lines = left(joined("2026-11-01T12:00"), meeting(known, start), answer, first="2026-11-01")
        assert [line.split()[0] for line in lines] == [f"meeting:m-1:{step}" for step in told], said


def test_a_meeting_known_late_is_told_once_at_once() -> None:
    known = meeting("2026-11-11T21:00", "2026-11-12T14:00")
    assert left(joined("2026-11-01T12:00"), known, first="2026-11-01") == [
        "meeting:m-1:1d 2026-11-12 08:00",
        "meeting:m-1:2h 2026-11-12 12:00",
    ]


def test_a_moved_meeting_is_corrected_once_and_has_its_own_ladder() -> None:
    moves = [meeting("2026-11-02T14:00", "2026-11-12T14:00"), meeting("2026-11-06T15:00", "2026-11-19T09:00", 2)]
    assert left(joined("2026-11-01T12:00"), *moves, first="2026-11-01") == [
        "meeting:m-1:invite 2026-11-02 14:00",
        "meeting:m-1:7d 2026-11-05 10:00",
        "meeting:m-1:moved:2 2026-11-06 15:00",
        "meeting:m-1@2:7d 2026-11-12 10:00",
        "meeting:m-1@2:chase 2026-11-16 10:00",
        "meeting:m-1@2:1d 2026-11-18 10:00",
        "meeting:m-1@2:2h 2026-11-19 08:00",
    ]


def test_a_meeting_moved_back_before_the_correction_left_says_nothing() -> None:
    moves = [
        meeting("2026-11-02T14:00", "2026-11-12T14:00"),
        meeting("2026-11-06T20:30", "2026-11-19T14:00", 2),
        meeting("2026-11-08T12:00", "2026-11-12T14:00", 3),
    ]
    assert left(joined("2026-11-01T12:00"), *moves, first="2026-11-01")[2:] == [
        "meeting:m-1@3:1d 2026-11-11 10:00",
        "meeting:m-1@3:2h 2026-11-12 12:00",
    ]


def test_a_cancelled_meeting_says_so_and_one_that_nobody_was_told_of_does_not() -> None:
    known, gone = meeting("2026-11-02T14:00", "2026-11-12T14:00"), "2026-11-12T14:00"
    told = left(joined("2026-11-01T12:00"), known, meeting("2026-11-06T15:00", gone, 2, cancelled=True), first="2026-11-01")
    assert told[-1] == "meeting:m-1:cancelled:2 2026-11-06 15:00"
    silent = meeting("2026-11-06T21:00", gone), meeting("2026-11-07T12:00", gone, 2, cancelled=True)
    assert left(joined("2026-11-01T12:00"), *silent, first="2026-11-01") == []


def test_on_a_saturday_only_a_meeting_of_that_or_the_next_day_is_told() -> None:
    known = meeting("2026-11-02T14:00", "2026-11-14T13:00")  # a Saturday
    told = left(joined("2026-11-01T12:00", course=date(2026, 11, 4)), known, first="2026-11-01", days=16)
    assert told[-2:] == ["meeting:m-1:2h 2026-11-14 11:00", "check_in:2026-W46 2026-11-16 10:00"]


def test_by_telegram_two_within_the_hour_are_one_if_one_asks_at_most_and_by_sms_one_waits() -> None:
    facts = {"vat": QUARTERLY, "course": date(2026, 10, 5), "b_tax": True}
    events = joined("2026-11-01T12:00", **facts), meeting("2026-11-05T09:45", "2026-11-26T14:00")
    days = ("2026-11-05", "2026-11-17", "2026-11-19")
    assert [line for line in left(*events, first="2026-11-01", days=30) if line.split()[1] in days] == [
        "meeting:m-1:invite 2026-11-05 09:45",
        "check_in:2026-W45 2026-11-05 10:45",
        "b_tax:2026-11:3d 2026-11-17 09:00",
        "+vat:2026Q3:14d 2026-11-17 09:00",
        "meeting:m-1:7d 2026-11-19 10:00",
        "check_in:2026-W47 2026-11-19 11:00",
    ]
    assert [line for line in left(*events, first="2026-11-01", days=30, sms=True) if "2026-11-17" in line] == [
        "b_tax:2026-11:3d 2026-11-17 09:00",
        "vat:2026Q3:14d 2026-11-17 10:00",
    ]


def test_no_more_than_two_a_day_and_the_urgent_always() -> None:
    vat, course = [(date(2026, 1, 1), "quarterly")], date(2026, 11, 13)
    events = (
        joined("2026-11-01T12:00", vat=vat, course=course, b_tax=True),
        meeting("2026-11-12T10:00", "2026-11-18T11:30"),
    )
    told = left(*events, first="2026-11-01", days=20)
    assert [line for line in told if "2026-11-17" in line] == [
        "b_tax:2026-11:3d 2026-11-17 09:00",
        "+vat:2026Q3:14d 2026-11-17 09:00",
        "meeting:m-1:1d 2026-11-17 10:00",
    ]


def test_what_gave_way_to_a_full_week_comes_back_with_news_and_not_by_the_calendar() -> None:
    facts = {"vat": [(date(2027, 3, 6), "monthly")], "b_tax": True}
    known = meeting("2028-02-28T11:20", "2028-03-17T13:00")
    off = meeting("2028-03-14T11:20", "2028-03-17T13:00", 2, cancelled=True)  # leaves room in the week, and none on the day
    told = left(joined("2028-02-21T12:00", **facts), known, off, first="2028-02-21", days=40, sms=True)
    assert [line.split()[0] for line in told if line.startswith("vat:2028-02")] == [
        f"vat:2028-02:{step}d" for step in (7, 2, 0)
    ]


def test_an_invitation_is_not_dropped_for_the_reminders_of_its_week() -> None:
    """VAT on Tuesday and on Friday, the day before and two hours before: only what has left already counts against it."""
    known = meeting("2026-11-24T10:00", "2026-11-27T14:00")
    told = left(joined("2026-11-01T12:00", vat=QUARTERLY), known, first="2026-11-01", days=30, sms=True)
    assert [line for line in told if "meeting" in line] == [
        "meeting:m-1:invite 2026-11-24 10:00",
        "meeting:m-1:1d 2026-11-26 10:00",
        "meeting:m-1:2h 2026-11-27 12:00",
    ]


def test_a_pause_ends_with_one_message_the_weightiest() -> None:
    facts = {"vat": QUARTERLY, "course": date(2026, 11, 5)}
    pause = ("2026-11-16T07:00", {"paused": [(wall("2026-11-16T07:00"), wall("2026-11-19T00:00"), None)]})
    told = left(joined("2026-11-01T12:00", **facts), pause, first="2026-11-01", days=20)
    assert told[1:] == ["vat:2026Q3:14d 2026-11-19 08:00"]


def test_a_latecomer_gets_one_message_of_what_is_past_and_is_invited_to_what_lies_ahead() -> None:
    facts = {"vat": QUARTERLY, "course": date(2026, 11, 6)}
    known = meeting("2026-11-02T14:00", "2026-12-17T14:00")
    told = left(known, joined("2026-11-24T13:00", wrote=[wall("2026-11-24T13:00")], **facts), first="2026-11-01", days=25)
    assert told[:2] == ["meeting:m-1:invite 2026-11-24 13:30", "vat:2026Q3:7d 2026-11-24 14:30"]


def test_after_a_stop_nothing_leaves() -> None:
    stop = ("2026-11-20T12:00", {"joined": None})
    assert left(joined("2026-11-01T12:00", vat=QUARTERLY), stop, first="2026-11-01") == ["vat:2026Q3:14d 2026-11-17 09:00"]


def test_new_years_eve_is_no_day_for_a_message_and_the_29th_of_february_is_one() -> None:
    assert shift(date(2027, 12, 31), 1) == date(2028, 1, 3)
    assert shift(date(2028, 2, 29), 1) == date(2028, 2, 29)
