"""How is it going? Asked 3 days after the course, then every week until the money comes; or as the programme says."""

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

from medvind.model import Ask, ClosedDay, Doubt, Duty, Milestone, PersonFacts, Topic, Why
from medvind.rules.check_ins import owed
from medvind.rules.ladders import Every, Offset, Unit
from medvind.rules.plan import plan
from medvind.rules.policy import policy_from
from medvind.rules.steps import CheckIns, Programme
from tests.rules.facts import DEFAULTS, leaving, local, person, wall

APART = policy_from({"join_minutes": "0"})
"""Nothing waits for anything else, so that each question shows where it would go alone."""


def waiting(ended: str, joined: str = "2025-01-06 10:00", **milestones: date) -> PersonFacts:
    """Somebody whose course ended on this day."""
    dates = {Milestone.COURSE_ENDED: date.fromisoformat(ended)} | {Milestone(name): day for name, day in milestones.items()}
    return person(joined, milestones=dates)


def questions(facts: PersonFacts, now: str, days: int = 90) -> list[Duty]:
    return [duty for duty in plan(facts, APART, local(now), timedelta(days)) if duty.kind == "check_in"]


def test_the_first_comes_after_three_days_the_second_after_ten_then_every_week() -> None:
    assert leaving(questions(waiting("2026-09-04"), "2026-09-04 12:00", 25)) == [
        ("check_in:2026-W37", "2026-09-07 10:00"),
        ("check_in:2026-W38", "2026-09-14 10:00"),
        ("check_in:2026-W39", "2026-09-21 10:00"),
        ("check_in:2026-W40", "2026-09-28 10:00"),
    ]


def test_holidays_move_a_question_forward_and_it_keeps_the_week_it_was_meant_for() -> None:
    assert leaving(questions(waiting("2026-12-14"), "2026-12-14 12:00", 30)) == [
        ("check_in:2026-W51", "2026-12-17 10:00"),
        ("check_in:2026-W52", "2026-12-28 10:00"),  # meant for 24 December
        ("check_in:2026-W53", "2027-01-04 10:00"),  # meant for 31 December
        ("check_in:2027-W01", "2027-01-07 10:00"),
    ]


def test_a_week_over_the_year_end_is_named_after_the_year_it_belongs_to() -> None:
    names = [duty.key for duty in questions(waiting("2027-12-29"), "2027-12-29 12:00", 14)]
    assert names == ["check_in:2027-W52", "check_in:2028-W01"]  # meant for 1 and 8 January
    (meant_for_30_december,) = questions(waiting("2024-12-27", joined="2024-12-01 10:00"), "2024-12-27 12:00", 4)
    assert meant_for_30_december.key == "check_in:2025-W01"


def test_ten_o_clock_stays_ten_o_clock_over_both_summer_time_nights() -> None:
    autumn = leaving(questions(waiting("2026-10-16"), "2026-10-16 12:00", 13))
    spring = leaving(questions(waiting("2027-03-15"), "2027-03-15 12:00", 16))
    leap = leaving(questions(waiting("2028-02-26"), "2028-02-26 12:00", 4))
    assert [when for _, when in autumn] == ["2026-10-19 10:00", "2026-10-26 10:00"]
    assert [when for _, when in spring] == [
        "2027-03-18 10:00",
        "2027-03-30 10:00",
    ]  # Maundy Thursday to the Tuesday after Easter
    assert leap == [("check_in:2028-W09", "2028-02-29 10:00")]


def test_a_question_holds_for_36_hours_after_it_falls_due() -> None:
    (first,) = questions(waiting("2026-12-21"), "2026-12-23 12:00", 6)
    assert wall(first.when) == "2026-12-28 10:00"
    assert wall(first.valid_until) == "2026-12-29 22:00"


def test_there_are_never_two_open_at_once() -> None:
    looked_at = 0
    for day in range(0, 400, 5):
        ended = date(2026, 1, 1) + timedelta(day)
        asked = questions(waiting(ended.isoformat()), f"{ended} 12:00")
        assert len(asked) >= 12
        for earlier, later in pairwise(asked):
            assert earlier.open_until is not None
            assert earlier.when < earlier.open_until <= later.when
            looked_at += 1
    print(f"{looked_at} pairs looked at")


def test_where_only_one_day_a_week_is_left_two_questions_that_fall_together_become_one() -> None:
    policy = policy_from({"quiet_hours": "mon-tue all; wed 20:00-08:00; thu-sun all; holidays all", "join_minutes": "0"})
    duties = plan(waiting("2025-12-10"), policy, local("2025-12-10 12:00"), timedelta(40))
    assert leaving(duty for duty in duties if duty.kind == "check_in") == [
        ("check_in:2025-W50", "2025-12-17 08:00"),
        ("check_in:2026-W01", "2026-01-07 08:00"),  # those of 20 and 27 December gave way: both Wednesdays are closed
        ("check_in:2026-W02", "2026-01-14 08:00"),
    ]


def test_nobody_is_asked_before_the_course_is_over_or_after_the_money_has_come() -> None:
    since, until = local("2026-09-01 00:00"), local("2026-12-01 00:00")
    assert list(owed(person(), DEFAULTS, since, until)) == []
    assert list(owed(waiting("2026-09-04", paid_out=date(2026, 9, 20)), DEFAULTS, since, until)) == []
    assert list(owed(waiting("2026-09-04", business_started=date(2026, 9, 20)), DEFAULTS, since, until)) != []


def test_questions_begin_where_they_can_still_be_asked_and_end_with_the_horizon() -> None:
    since, until = local("2026-11-24 10:00"), local("2026-12-07 10:00")
    meant = [wall(duty.when) for duty in owed(waiting("2026-01-02"), DEFAULTS, since, until)]
    assert meant == ["2026-11-16 10:00", "2026-11-23 10:00", "2026-11-30 10:00", "2026-12-07 10:00"]
    a_week_on = [wall(duty.when) for duty in owed(waiting("2026-01-02"), DEFAULTS, local("2026-12-01 10:00"), until)]
    assert a_week_on == meant[1:]


def test_who_joins_late_is_asked_once_and_not_for_every_week_that_is_past() -> None:
    facts = waiting("2026-09-04", joined="2026-09-22 08:30")
    assert leaving(questions(facts, "2026-09-22 08:30", 10)) == [
        ("check_in:2026-W39", "2026-09-22 08:30"),  # meant for the day before
        ("check_in:2026-W40", "2026-09-28 10:00"),
    ]


def test_a_question_is_personal_and_open_until_the_next() -> None:
    (first,) = questions(waiting("2026-09-04"), "2026-09-04 12:00", 5)
    assert (first.kind, first.chain, first.text) == ("check_in", "check_in", "checkin")
    assert (first.topic, first.doubt, first.priority) == (Topic.CHECK_INS, Doubt.C, 6)
    assert (first.asks, first.off_closed) == (Ask.CHECK_IN, ClosedDay.FORWARD)
    assert first.open_until == local("2026-09-14 10:00")
    assert first.why == Why("why_check_in", {"day": "2026-09-04"})


def following(check_ins: CheckIns | None) -> list[Duty]:
    policy = replace(APART, programmes={7: Programme("Fjorten dage", (), check_ins)})
    facts = replace(waiting("2026-09-04"), programme=7)
    return [duty for duty in plan(facts, policy, local("2026-09-04 12:00"), timedelta(40)) if duty.kind == "check_in"]


def test_a_programme_has_a_rhythm_of_its_own_and_a_question_is_open_until_its_next() -> None:
    asked = following(CheckIns(Offset(1, Unit.WEEK), Every(2, Unit.WEEK), time(14, 30)))
    assert leaving(asked) == [
        ("check_in:2026-W37", "2026-09-11 14:30"),
        ("check_in:2026-W39", "2026-09-25 14:30"),
        ("check_in:2026-W41", "2026-10-09 14:30"),
    ]
    assert asked[0].open_until == local("2026-09-25 14:30")


def test_a_programme_without_check_ins_asks_nothing() -> None:
    assert following(None) == []
    assert following(CheckIns()) != []
