"""What a programme's steps ask: the shipped words on the wait, and steps before and after any date of a person."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import (
    ClosedDay,
    Doubt,
    Duty,
    Late,
    Milestone,
    PersonFacts,
    Topic,
    Why,
)
from medvind.rules.calendar import DAY
from medvind.rules.ladders import Every, NthWeekday, Offset, Repeat, Unit
from medvind.rules.plan import plan
from medvind.rules.programme import months_passed, owed
from medvind.rules.steps import MEETING, SUPPORT_END, VAT_DEADLINE, Programme, Step, When
from tests.rules.facts import DEFAULTS, leaving, local, person, wall
from tests.rules.programmes import SINCE, UNTIL, everything, following, tip


def waiting(ended: str, joined: str = "2025-01-06 10:00") -> PersonFacts:
    return person(joined, milestones={Milestone.COURSE_ENDED: date.fromisoformat(ended)})


def words(facts: PersonFacts, now: str) -> list[Duty]:
    return [duty for duty in plan(facts, DEFAULTS, local(now), timedelta(60)) if duty.kind == "waiting_word"]


def test_the_wait_is_spoken_of_after_20_and_30_days() -> None:
    assert leaving(words(waiting("2026-09-01"), "2026-09-01 12:00")) == [
        ("waiting:20d", "2026-09-21 10:00"),
        ("waiting:30d", "2026-10-01 10:00"),
    ]


def test_the_first_word_names_the_day_on_which_the_second_really_leaves() -> None:
    cases = [
        ("2026-09-01", "2026-09-21 10:00", "2026-10-01"),
        ("2026-11-24", "2026-12-14 10:00", "2026-12-28"),  # 24 December
        ("2026-11-26", "2026-12-16 10:00", "2026-12-28"),
        ("2027-02-26", "2027-03-18 10:00", "2027-03-30"),  # Easter
    ]
    print(f"{len(cases)} cases looked at")
    for ended, leaves, next_day in cases:
        first, second = words(waiting(ended), f"{ended} 12:00")
        assert wall(first.when) == leaves
        assert first.subject == {"next_day": next_day}
        assert wall(second.when)[:10] == next_day
        assert second.subject == {}


def test_a_word_holds_for_three_days() -> None:
    first, second = words(waiting("2026-11-24"), "2026-11-24 12:00")
    assert (wall(first.valid_until), wall(second.valid_until)) == ("2026-12-17 10:00", "2026-12-31 10:00")


def test_the_words_are_useful_encouragement_and_say_why() -> None:
    first, second = words(waiting("2026-09-01"), "2026-09-01 12:00")
    assert (first.text, second.text) == ("no_news", "waiting_30")
    assert {duty.chain for duty in (first, second)} == {"waiting"}
    assert (first.topic, first.doubt, first.priority, first.asks) == (Topic.ENCOURAGEMENT, Doubt.B, 5, None)
    assert first.why == Why("why_waiting_word", {"day": "2026-09-01", "days": "20"})
    assert second.why == Why("why_waiting_word", {"day": "2026-09-01", "days": "30"})


def test_who_joins_in_between_gets_the_word_that_is_still_fresh_and_no_old_one() -> None:
    fresh = waiting("2026-09-01", joined="2026-09-23 12:00")
    assert leaving(words(fresh, "2026-09-23 12:00"))[0] == ("waiting:20d", "2026-09-23 12:00")
    old = waiting("2026-09-01", joined="2026-09-24 10:00")
    assert leaving(words(old, "2026-09-24 10:00")) == [("waiting:30d", "2026-10-01 10:00")]


def test_when_the_money_has_come_it_is_said_at_ten_on_that_day_once_and_to_nobody_who_joined_later() -> None:
    paid = {Milestone.COURSE_ENDED: date(2026, 9, 1), Milestone.PAID_OUT: date(2026, 11, 28)}
    said = plan(person(milestones=paid), DEFAULTS, local("2026-11-24 12:00"))
    assert [(duty.text, wall(duty.when)) for duty in said] == [("payout_done", "2026-11-30 10:00")]  # a Saturday
    entered_late = plan(person(milestones=paid), DEFAULTS, local("2026-12-04 15:00"))
    assert [(duty.text, wall(duty.when)) for duty in entered_late] == [("payout_done", "2026-12-04 15:00")]
    assert plan(person(milestones=paid), DEFAULTS, local("2026-12-07 10:01")) == []
    assert plan(person("2026-12-01 12:00", milestones=paid), DEFAULTS, local("2026-12-01 12:00")) == []


def test_nothing_is_said_of_a_wait_that_is_none() -> None:
    since, until = local("2026-09-01 00:00"), local("2026-12-01 00:00")
    paid = person(milestones={Milestone.COURSE_ENDED: date(2026, 9, 1), Milestone.PAID_OUT: date(2026, 9, 10)})
    assert [duty.text for duty in owed(paid, DEFAULTS, since, until)] == ["payout_done"]
    assert list(owed(person(), DEFAULTS, since, until)) == []


def test_a_month_after_the_start_is_praised_whatever_else_is_due() -> None:
    facts = person(milestones={Milestone.BUSINESS_STARTED: date(2026, 10, 31)})
    (praise,) = owed(facts, DEFAULTS, SINCE, UNTIL)
    assert (praise.key, wall(praise.when), praise.text) == ("step:milestone", "2026-11-30 10:00", "milestone")
    assert praise.subject == {"months": "1", "meant": "2026-11-30"}
    assert (praise.topic, praise.doubt, praise.off_closed) == (Topic.ENCOURAGEMENT, Doubt.B, ClosedDay.FORWARD)
    assert praise.why == Why("why_step_business_started", {"day": "2026-10-31", "months": "1"})


def test_what_becomes_of_a_step_that_is_past_goes_with_it_to_whoever_joins() -> None:
    facts = person(milestones={Milestone.COURSE_ENDED: date(2026, 11, 20)})
    assert [duty.late for late in Late for duty in following(facts, tip("1 day after", late=late))] == list(Late)


def test_a_message_before_a_date_is_true_no_longer_than_that() -> None:
    facts = person(milestones={Milestone.PAYOUT_PROMISED: date(2026, 12, 10)})
    (duty,) = following(facts, tip("1 day before", "payout_promised", valid=timedelta(days=30)))
    assert wall(duty.valid_until) == "2026-12-11 00:00"
    (after,) = following(facts, tip("1 day after", "payout_promised", valid=timedelta(hours=5)))
    assert wall(after.valid_until) == "2026-12-11 15:00"


def test_a_message_holds_from_when_it_leaves_and_not_from_when_it_was_meant() -> None:
    facts = person(milestones={Milestone.COURSE_ENDED: date(2026, 12, 23)})
    (duty,) = following(facts, tip("1 day after"))
    assert (wall(duty.when), wall(duty.valid_until)) == ("2026-12-24 10:00", "2026-12-31 10:00")


def test_a_step_again_and_again_counts_its_times() -> None:
    facts = person(milestones={Milestone.COURSE_ENDED: date(2026, 11, 25)})
    weekly = tip("2 days after", repeat=Repeat(Every(1, Unit.WEEK), 3))
    duties = following(facts, weekly)
    assert leaving(duties) == [
        ("step:tip:1", "2026-11-27 10:00"),
        ("step:tip:2", "2026-12-04 10:00"),
        ("step:tip:3", "2026-12-11 10:00"),
    ]
    assert {duty.chain for duty in duties} == {"step:tip"}
    assert [duty.subject for duty in duties] == [{"next_day": "2026-12-04"}, {"next_day": "2026-12-11"}, {}]
    first_mondays = tip("0 days after", repeat=Repeat(NthWeekday(0, 0)))
    assert leaving(following(facts, first_mondays))[:2] == [
        ("step:tip:1", "2026-12-07 10:00"),
        ("step:tip:2", "2027-01-04 10:00"),
    ]


def test_steps_of_a_ladder_share_a_chain_and_each_names_the_day_of_the_next() -> None:
    facts = person(milestones={Milestone.COURSE_ENDED: date(2026, 11, 25)})
    late = replace(tip("1 month after", ladder="rung"), name="late")
    early = replace(tip("29 days after", ladder="rung"), name="early")  # Christmas Eve, so it leaves on the 28th
    first, second = following(facts, late, early)
    assert (first.key, first.chain, first.subject) == ("step:early", "step:rung", {"next_day": "2026-12-28"})
    assert (second.key, second.chain) == ("step:late", "step:rung")


@pytest.mark.parametrize(
    ("when", "milestones", "owes"),
    [
        (When(), {}, True),
        (When(waiting=True), {}, True),
        (When(waiting=True), {Milestone.PAID_OUT: date(2027, 1, 1)}, False),
        (When(until=Milestone.BUSINESS_STARTED), {}, True),
        (When(until=Milestone.BUSINESS_STARTED), {Milestone.PAID_OUT: date(2027, 1, 1)}, True),
        (When(until=Milestone.BUSINESS_STARTED), {Milestone.BUSINESS_STARTED: date(2027, 1, 1)}, False),
    ],
)
def test_a_step_is_owed_only_under_its_condition(when: When, milestones: dict[Milestone, date], *, owes: bool) -> None:
    facts = person(milestones={Milestone.COURSE_ENDED: date(2026, 11, 25)} | milestones)
    assert (following(facts, tip("2 days after", when=when)) != []) is owes


def test_who_follows_no_programme_of_the_municipality_follows_the_shipped_one() -> None:
    facts = waiting("2026-11-24")
    ours = replace(DEFAULTS, programmes={7: Programme("Vores", (tip("2 days after"),))})
    assert [duty.key for duty in owed(facts, ours, SINCE, UNTIL)] == ["waiting:20d", "waiting:30d"]
    assert [duty.key for duty in owed(replace(facts, programme=7), ours, SINCE, UNTIL)] == ["step:tip"]


def test_the_months_that_passed_are_named_only_where_they_are_whole() -> None:
    monthly, weekly = Repeat(Every(2, Unit.MONTH)), Repeat(Every(1, Unit.WEEK))
    cases = [
        (tip("3 months after"), 1, 3),
        (tip("1 month after", repeat=monthly), 3, 5),
        (tip("0 months after", repeat=monthly), 1, None),
        (tip("0 months after", repeat=monthly), 2, 2),
        (tip("0 months after"), 1, None),
        (tip("1 month after", repeat=weekly), 2, None),
        (tip("1 month after", repeat=Repeat(NthWeekday(0, 0))), 2, None),
        (tip("1 month before"), 1, None),
        (tip("30 days after"), 1, None),
    ]
    print(f"looked at {len(cases)} cases")
    assert [months_passed(step, number) for step, number, _ in cases] == [months for _, _, months in cases]


STEPS = st.builds(
    tip,
    st.builds(Offset, st.integers(0, 12), st.sampled_from([unit for unit in Unit if not unit.exact]), st.booleans()).map(str),
    st.sampled_from(["course_ended", VAT_DEADLINE, MEETING, SUPPORT_END]),
    repeat=st.none() | st.builds(Repeat, st.builds(Every, st.integers(1, 9), st.just(Unit.DAY)), st.integers(1, 30)),
)


@settings(max_examples=40)
@given(STEPS, st.integers(0, 80))
def test_a_plan_of_today_and_one_of_a_later_day_say_the_same_of_what_comes_then(step: Step, days: int) -> None:
    facts, later = everything(person()), SINCE + days * DAY
    early = [duty for duty in following(facts, step) if duty.when >= later]
    late = [duty for duty in following(facts, step, since=later) if duty.when >= later]
    assert early == late
    assert len({duty.key for duty in early}) == len(early)


def test_a_time_that_is_past_and_still_true_is_among_what_is_owed() -> None:
    facts = person(milestones={Milestone.COURSE_ENDED: date(2026, 11, 2)})
    weekly = tip("0 days after", repeat=Repeat(Every(1, Unit.WEEK)))
    true_until = [wall(duty.valid_until) for duty in following(facts, weekly) if duty.when < SINCE < duty.valid_until]
    assert true_until == ["2026-11-26 10:00"]  # meant for the Monday before the Tuesday on which it is looked at
