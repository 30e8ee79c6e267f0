"""The period of support: its last day, the working days in it, what the person and the coach are told, and who has none."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import (
    Ask,
    ClosedDay,
    Doubt,
    Duty,
    Extension,
    Milestone,
    PersonFacts,
    SupportType,
    TaskKind,
    Topic,
    Why,
)
from medvind.rules.plan import SOURCES, WARNINGS, plan
from medvind.rules.policy import policy_from
from medvind.rules.support import (
    NoEnd,
    effective_working_days,
    end_of_support,
    extended_key,
    last_day,
    owed,
    support_ends,
    warnings,
    working_months,
)
from tests.rules.facts import DEFAULTS, ZONE, leaving, local, person, wall

NEVER_OFF = policy_from({"holiday_weeks": "off"})
WITH_AN_END = (SupportType.CASH_BENEFIT, SupportType.SICKNESS_BENEFIT, SupportType.REHABILITATION)


def started(day: str | None, support: SupportType | None = SupportType.CASH_BENEFIT, **facts: Any) -> PersonFacts:
    milestones = {Milestone.BUSINESS_STARTED: date.fromisoformat(day)} if day else {}
    return person(support_type=support, milestones=milestones, **facts)


def extension(months: int, granted: str, recorded: str = "") -> Extension:
    return Extension(months, date.fromisoformat(granted), local(recorded or f"{granted} 11:00"))


def told(facts: PersonFacts, now: str, days: int = 90) -> list[Duty]:
    kinds = {"support_end", "support_extended"}
    return [duty for duty in plan(facts, DEFAULTS, local(now), timedelta(days)) if duty.kind in kinds]


ENDS = [
    ("2027-05-01", 6, "2027-10-31"),
    ("2027-01-15", 6, "2027-07-14"),
    ("2027-08-28", 6, "2028-02-27"),
    ("2027-08-29", 6, "2028-02-28"),
    ("2027-08-30", 6, "2028-02-29"),
    ("2027-08-31", 6, "2028-02-29"),
    ("2026-08-28", 6, "2027-02-27"),
    ("2026-08-29", 6, "2027-02-28"),
    ("2026-08-30", 6, "2027-02-28"),
    ("2026-08-31", 6, "2027-02-28"),
    ("2026-09-01", 6, "2027-02-28"),
    ("2028-02-29", 6, "2028-08-28"),
    ("2027-03-31", 6, "2027-09-30"),
    ("2027-10-31", 6, "2028-04-30"),
    ("2027-12-31", 6, "2028-06-30"),
    ("2027-01-31", 6, "2027-07-30"),
    ("2026-08-31", 7, "2027-03-30"),
    ("2027-05-01", 9, "2028-01-31"),
]


def test_the_last_day_is_a_day_less_than_the_months_and_a_short_month_ends_with_itself() -> None:
    print(f"{len(ENDS)} periods looked at")
    found = [(start, months, str(last_day(date.fromisoformat(start), months))) for start, months, _ in ENDS]
    assert found == ENDS


@settings(max_examples=60, deadline=None, database=None)
@given(st.dates(date(2016, 1, 1), date(2060, 1, 1)), st.integers(1, 24))
def test_a_later_start_never_ends_earlier_and_more_months_never_end_sooner(start: date, months: int) -> None:
    assert last_day(start, months) <= last_day(start + timedelta(1), months) < last_day(start + timedelta(1), months + 1)
    assert start < last_day(start, months)


@pytest.mark.parametrize("support", WITH_AN_END)
def test_support_ends_where_it_is_no_pension(support: SupportType) -> None:
    assert support_ends(started("2027-05-01", support), DEFAULTS) == date(2027, 10, 31)


NO_END = [
    ("2027-05-01", SupportType.DISABILITY_PENSION, NoEnd.PENSION),
    (None, SupportType.DISABILITY_PENSION, NoEnd.PENSION),
    (None, SupportType.CASH_BENEFIT, NoEnd.NOT_STARTED),
    (None, None, NoEnd.NOT_STARTED),
    ("2027-05-01", None, NoEnd.TYPE_UNKNOWN),
]


@pytest.mark.parametrize(("start", "support", "why"), NO_END)
def test_without_an_end_nobody_is_told_of_one_and_the_reason_is_known(
    start: str | None, support: SupportType | None, why: NoEnd
) -> None:
    facts = started(start, support, extensions=(extension(1, "2027-10-01"),))
    assert end_of_support(facts, DEFAULTS) == why
    assert support_ends(facts, DEFAULTS) is None
    assert told(facts, "2027-09-01 12:00") == []
    assert list(warnings(facts, DEFAULTS)) == []


def test_extensions_put_off_the_end_in_whatever_order_they_came() -> None:
    first, second = extension(1, "2027-02-01"), extension(2, "2027-03-01")
    for both in ((first, second), (second, first)):
        assert support_ends(started("2026-08-31", extensions=both), DEFAULTS) == date(2027, 5, 30)
    assert support_ends(started("2026-08-31"), DEFAULTS) == date(2027, 2, 28)


def test_the_municipality_says_how_many_months_there_are() -> None:
    assert support_ends(started("2027-05-01"), policy_from({"support_months": "9"})) == date(2028, 1, 31)


# Worked out by hand with the calendars of 2027 and 2028: working days, and those that weeks 28 to 31 take.
WORKING_DAYS = [
    ("2027-01-01", "2027-06-30", 123, 0),
    ("2027-02-01", "2027-07-31", 110, 15),
    ("2027-03-01", "2027-08-31", 107, 20),
    ("2027-04-01", "2027-09-30", 109, 20),
    ("2027-05-01", "2027-10-31", 108, 20),
    ("2027-06-01", "2027-11-30", 111, 20),
    ("2027-07-01", "2027-12-31", 110, 20),
    ("2027-08-01", "2028-01-31", 124, 5),
    ("2027-09-01", "2028-02-29", 128, 0),
    ("2027-10-01", "2028-03-31", 129, 0),
    ("2027-11-01", "2028-04-30", 125, 0),
    ("2027-12-01", "2028-05-31", 125, 0),
]


def test_the_working_days_of_twelve_starts_are_counted_right() -> None:
    print(f"{len(WORKING_DAYS)} periods looked at")
    for start, end, working, lost in WORKING_DAYS:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        assert support_ends(started(start), DEFAULTS) == last
        assert effective_working_days(first, last, DEFAULTS) == working
        assert sum(month.lost for month in working_months(first, last, DEFAULTS)) == lost
        assert effective_working_days(first, last, NEVER_OFF) == working + lost


def test_a_start_on_the_first_of_may_shows_july_as_slack() -> None:
    months = working_months(date(2027, 5, 1), date(2027, 10, 31), DEFAULTS)
    assert [(str(one.month), one.working_days, one.lost) for one in months] == [
        ("2027-05-01", 19, 0),
        ("2027-06-01", 22, 0),
        ("2027-07-01", 7, 15),
        ("2027-08-01", 17, 5),
        ("2027-09-01", 22, 0),
        ("2027-10-01", 21, 0),
    ]


def test_part_of_a_month_counts_only_what_is_left_of_it() -> None:
    assert effective_working_days(date(2027, 7, 12), date(2027, 8, 8), DEFAULTS) == 0
    assert effective_working_days(date(2027, 7, 9), date(2027, 8, 9), DEFAULTS) == 2
    assert effective_working_days(date(2027, 7, 10), date(2027, 7, 9), DEFAULTS) == 0


def test_the_person_is_told_six_and_two_weeks_before_off_closed_days() -> None:
    """The end of the period falls on a Sunday, and so do both alerts: they go out on the Friday before."""
    assert leaving(told(started("2027-05-01"), "2027-09-01 12:00")) == [
        ("support_end:2027-10-31:42d", "2027-09-17 10:00"),
        ("support_end:2027-10-31:14d", "2027-10-15 10:00"),
    ]


def test_the_alerts_ask_for_a_talk_and_say_why() -> None:
    first, second = told(started("2027-05-01"), "2027-09-01 12:00")
    assert (first.text, second.text) == ("period_end_6w", "period_end_2w")
    assert {duty.chain for duty in (first, second)} == {"support_end:2027-10-31"}
    assert {(duty.topic, duty.doubt, duty.priority, duty.asks) for duty in (first, second)} == {
        (Topic.DEADLINES, Doubt.B, 4, Ask.CALL)
    }
    assert first.off_closed == ClosedDay.BACK
    assert first.subject == {"deadline": "2027-10-31"}
    assert first.why == Why("why_support_end", {"deadline": "2027-10-31", "lead": "42"})


def test_an_alert_is_true_and_open_until_the_next_one_and_the_last_until_the_evening_of_the_last_day() -> None:
    first, second = owed(started("2027-05-01"), DEFAULTS, local("2027-09-01 12:00"), local("2028-01-01 12:00"))
    assert (wall(first.valid_until), wall(second.valid_until)) == ("2027-10-17 10:00", "2027-10-31 20:00")
    assert (first.open_until, second.open_until) == (first.valid_until, second.valid_until)


def test_what_is_over_is_not_spoken_of() -> None:
    assert list(owed(started("2027-05-01"), DEFAULTS, local("2027-10-31 19:59"), local("2028-01-01 12:00"))) != []
    assert list(owed(started("2027-05-01"), DEFAULTS, local("2027-10-31 20:00"), local("2028-01-01 12:00"))) == []


def test_who_joins_four_weeks_before_the_end_hears_of_it_once_and_then_at_two_weeks() -> None:
    late = replace(started("2027-05-01"), joined_at=local("2027-10-04 12:00"))
    assert leaving(told(late, "2027-10-04 12:00")) == [
        ("support_end:2027-10-31:42d", "2027-10-04 12:00"),
        ("support_end:2027-10-31:14d", "2027-10-15 10:00"),
    ]


def test_another_ladder_has_its_texts_by_how_long_before_they_are() -> None:
    policy = policy_from({"lead_days.support": "0 21 22 60"})
    duties = owed(started("2027-05-01"), policy, local("2027-09-01 12:00"), local("2028-01-01 12:00"))
    assert [(duty.key.rpartition(":")[2], duty.text) for duty in duties] == [
        ("60d", "period_end_6w"),
        ("22d", "period_end_6w"),
        ("21d", "period_end_2w"),
        ("0d", "period_end_2w"),
    ]
    off = policy_from({"lead_days.support": "off"})
    assert list(owed(started("2027-05-01"), off, local("2027-09-01 12:00"), local("2028-01-01 12:00"))) == []


def test_an_extension_is_good_news_at_once_and_its_end_has_a_ladder_of_its_own() -> None:
    longer = started("2027-05-01", extensions=(extension(2, "2027-10-12", "2027-10-13 14:07"),))
    news, *ladder = told(longer, "2027-10-13 14:07")
    assert leaving([news]) == [(extended_key(date(2027, 12, 31)), "2027-10-13 14:07")]
    assert leaving(ladder) == [
        ("support_end:2027-12-31:42d", "2027-11-19 10:00"),
        ("support_end:2027-12-31:14d", "2027-12-17 10:00"),
    ]
    assert (news.text, news.topic, news.asks) == ("period_extended", Topic.DEADLINES, None)
    assert news.why == Why("why_support_extended", {"deadline": "2027-12-31"})


def test_news_of_an_extension_waits_for_the_end_of_quiet_hours() -> None:
    for recorded, leaves in (("2027-10-13 21:30", "2027-10-14 08:00"), ("2027-10-16 12:00", "2027-10-18 08:00")):
        longer = started("2027-05-01", extensions=(extension(2, "2027-10-12", recorded),))
        assert wall(told(longer, recorded)[0].when) == leaves


def test_a_step_that_the_news_comes_after_is_not_sent_beside_it() -> None:
    """A month granted in the last week: six weeks before the new end are past by then, and the news names that end."""
    longer = started("2027-05-01", extensions=(extension(1, "2027-10-28"),))
    assert leaving(told(longer, "2027-10-28 11:00")) == [
        ("support_extended:2027-11-30", "2027-10-28 11:00"),
        ("support_end:2027-11-30:14d", "2027-11-16 10:00"),
    ]


def test_the_news_promises_another_word_only_where_there_is_one() -> None:
    longer = started("2027-05-01", extensions=(extension(1, "2027-10-28"),))
    since, until = local("2027-10-28 11:00"), local("2028-01-01 12:00")
    again = {"deadline": "2027-11-30", "next_day": "2027-11-16"}
    assert [duty.subject for duty in owed(longer, DEFAULTS, since, until)][-1] == again
    off = policy_from({"lead_days.support": "off"})
    assert [duty.subject for duty in owed(longer, off, since, until)] == [{"deadline": "2027-11-30"}]


def test_of_several_extensions_the_person_hears_of_the_end_that_holds() -> None:
    both = (extension(1, "2027-10-12"), extension(1, "2027-10-12", "2027-10-12 15:00"))
    news = [duty for duty in told(started("2027-05-01", extensions=both), "2027-10-12 15:00") if duty.text == "period_extended"]
    assert leaving(news) == [("support_extended:2027-12-31", "2027-10-12 15:00")]


def test_the_plan_asks_for_the_support_too() -> None:
    assert owed in SOURCES
    assert warnings in WARNINGS


def warned(facts: PersonFacts) -> list[tuple[str, str, dict[str, str]]]:
    found = list(warnings(facts, DEFAULTS))
    assert {one.kind for one in found} <= {TaskKind.SUPPORT_ENDS}
    assert {one.why.key for one in found} <= {"why_support"}
    return [(one.key, wall(one.shows_at), dict(one.why.values)) for one in found]


def test_the_coach_is_warned_at_enrolment_and_90_60_and_30_days_before_the_end() -> None:
    end = {"deadline": "2027-10-31"}
    assert warned(started("2027-05-01")) == [
        ("support:2027-10-31:enrolled", "2025-01-06 09:00", {**end, "working_days": "108", "lost": "20"}),
        ("support:2027-10-31:90d", "2027-08-02 08:00", {**end, "working_days": "60", "lost": "5", "lead": "90"}),
        ("support:2027-10-31:60d", "2027-09-01 08:00", {**end, "working_days": "43", "lead": "60", "ask": "extension"}),
        ("support:2027-10-31:30d", "2027-10-01 08:00", {**end, "working_days": "21", "lead": "30", "ask": "extension"}),
    ]


def test_of_somebody_enrolled_in_the_middle_the_coach_learns_what_is_left_from_then_on() -> None:
    late = started("2027-05-01", created_at=local("2027-09-06 09:00"))
    assert [(key, says["working_days"]) for key, _, says in warned(late)] == [
        ("support:2027-10-31:enrolled", "40"),
        ("support:2027-10-31:30d", "21"),
    ]
    assert warned(started("2027-05-01", created_at=local("2027-11-01 00:00"))) == []
    assert len(warned(started("2027-05-01", created_at=local("2027-10-31 23:59")))) == 1


def test_the_day_of_enrolment_is_that_of_the_persons_own_zone() -> None:
    night = local("2027-11-01 00:30")
    assert warned(started("2027-05-01", created_at=night)) == []
    assert len(list(warnings(started("2027-05-01", created_at=night, zone="Atlantic/Faroe"), DEFAULTS))) == 1
    assert person().zone == ZONE


def test_after_an_extension_no_old_warning_is_owed() -> None:
    before = {key for key, _, _ in warned(started("2027-05-01"))}
    after = {key for key, _, _ in warned(started("2027-05-01", extensions=(extension(1, "2027-10-01"),)))}
    print(f"{len(before)} old keys looked at")
    assert before.isdisjoint(after)
    assert after == {f"support:2027-11-30:{step}" for step in ("enrolled", "90d", "60d", "30d")}
