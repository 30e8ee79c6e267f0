"""When somebody is told of income tax, and who is not: B-tax, the tax return, the preliminary assessment, the EU list."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import Ask, ClosedDay, Doubt, Duty, Milestone, PersonFacts, Topic, VatPeriod, VatRegistration, Why
from medvind.rules import deadlines, taxes
from medvind.rules.arranging import arrange
from medvind.rules.policy import policy_from
from medvind.rules.sending import settle
from tests.rules.facts import leaving, local, person, wall

ON = date.fromisoformat
STARTED = {Milestone.BUSINESS_STARTED: ON("2025-08-01")}


def owed(facts: PersonFacts, since: str, until: str, **decided: str) -> list[Duty]:
    """What income tax asks of this person between two days, before it is arranged."""
    policy = policy_from({key.replace("__", "."): value for key, value in decided.items()})
    return list(taxes.owed(facts, policy, local(f"{since} 00:00"), local(f"{until} 00:00")))


def left(facts: PersonFacts, since: str, until: str, **decided: str) -> list[tuple[str, str]]:
    """The same as they leave."""
    policy = policy_from({key.replace("__", "."): value for key, value in decided.items()})
    return sorted(leaving(arrange(owed(facts, since, until, **decided), facts, policy)), key=lambda one: one[1])


def test_b_tax_is_told_three_bank_days_before_each_instalment_to_those_who_pay_it() -> None:
    told = [(key, when) for key, when in left(person(pays_b_tax=True), "2026-01-01", "2026-12-31") if "2026" in key]
    assert told == [
        ("b_tax:2026-01:3d", "2026-01-15 09:00"),
        ("b_tax:2026-02:3d", "2026-02-17 09:00"),
        ("b_tax:2026-03:3d", "2026-03-17 09:00"),
        ("b_tax:2026-04:3d", "2026-04-15 09:00"),
        ("b_tax:2026-05:3d", "2026-05-13 09:00"),  # Ascension Day and its Friday, then a weekend
        ("b_tax:2026-07:3d", "2026-07-15 09:00"),
        ("b_tax:2026-08:3d", "2026-08-17 09:00"),
        ("b_tax:2026-09:3d", "2026-09-16 09:00"),  # the 20th is a Sunday, so it is due on Monday
        ("b_tax:2026-10:3d", "2026-10-15 09:00"),
        ("b_tax:2026-11:3d", "2026-11-17 09:00"),
    ]
    assert owed(person(milestones=STARTED), "2026-01-01", "2026-05-01") == []


def test_b_tax_is_urgent_only_at_the_end_of_its_ladder_and_holds_until_the_evening_of_the_day() -> None:
    ladder = owed(person(pays_b_tax=True), "2026-09-10", "2026-09-22", lead_days__b_tax="10 3 0")
    facts = [(one.key, wall(one.when), one.doubt, one.priority) for one in ladder if "2026-09" in one.key]
    assert facts == [
        ("b_tax:2026-09:10d", "2026-09-07 09:00", Doubt.B, 4),
        ("b_tax:2026-09:3d", "2026-09-16 09:00", Doubt.B, 4),
        ("b_tax:2026-09:0d", "2026-09-21 09:00", Doubt.A, 2),
    ]
    one = ladder[0]
    assert (one.kind, one.chain, one.text, one.topic) == ("b_tax", "b_tax:2026-09", "b_tax", Topic.DEADLINES)
    assert (wall(one.valid_until), one.asks, one.off_closed) == ("2026-09-21 20:00", None, ClosedDay.BACK)
    assert one.subject == {"instalment": "2026-09", "deadline": "2026-09-21"}
    assert one.why == Why("why_b_tax", {"deadline": "2026-09-21", "lead": "10"})
    assert owed(person(pays_b_tax=True), "2026-09-10", "2026-09-22", lead_days__b_tax="off") == []


def test_an_instalment_that_a_law_has_moved_is_told_before_the_day_that_counts() -> None:
    moved = left(
        person("2019-01-06 10:00", pays_b_tax=True), "2020-04-01", "2020-07-01", special_deadlines="b_tax 2020-04-20 2020-06-22"
    )
    assert [one for one in moved if one[0].startswith("b_tax:2020-04")] == [("b_tax:2020-04:3d", "2020-06-17 09:00")]
    late = owed(person(pays_b_tax=True), "2020-06-15", "2020-06-20", special_deadlines="b_tax 2020-04-20 2020-06-22")
    assert "b_tax:2020-04:3d" in {one.key for one in late}


def test_the_longest_lead_in_bank_days_is_reckoned_when_its_day_comes() -> None:
    facts = person(pays_b_tax=True)
    every = owed(facts, "2026-01-01", "2026-12-01", lead_days__b_tax="60")
    print(f"{len(every)} instalments looked at")
    assert len(every) >= 10
    for one in every:
        day = wall(one.when)[:10]
        assert one.key in {near.key for near in owed(facts, day, str(ON(day) + timedelta(1)), lead_days__b_tax="60")}


def test_the_tax_return_is_told_four_weeks_and_one_week_before_1_july_itself() -> None:
    assert left(person(milestones=STARTED), "2026-05-01", "2026-07-10") == [
        ("tax_return:2025:28d", "2026-06-03 09:00"),
        ("tax_return:2025:7d", "2026-06-24 09:00"),
    ]
    # 1 July 2028 is a Saturday, received by 09:00 on Monday still counts, and nobody is told of that
    (month, week) = owed(person(milestones=STARTED), "2028-05-01", "2028-07-10")
    assert [wall(one.when) for one in (month, week)] == ["2028-06-03 09:00", "2028-06-24 09:00"]  # Saturdays: back to Friday
    assert left(person(milestones=STARTED), "2028-05-01", "2028-07-10")[1] == ("tax_return:2027:7d", "2028-06-23 09:00")
    assert (wall(week.valid_until), wall(week.open_until or week.when)) == ("2028-07-01 20:00", "2028-07-02 00:00")
    assert week.subject == {"period": "tax_return:2027", "year": "2027", "deadline": "2028-07-01"}
    assert week.why == Why("why_tax_return", {"year": "2027", "deadline": "2028-07-01", "lead": "7"})
    assert (week.kind, week.chain, week.text, week.asks) == ("tax_return", "tax_return:2027", "tax_return", Ask.TAX_RETURN)
    assert (week.doubt, week.priority, week.topic, week.off_closed) == (Doubt.B, 4, Topic.DEADLINES, ClosedDay.BACK)


def test_who_had_not_started_by_the_end_of_the_year_or_has_said_klar_hears_nothing_of_its_tax_return() -> None:
    cases: list[tuple[Mapping[Milestone, date], frozenset[str], int]] = [
        ({}, frozenset(), 0),
        ({Milestone.BUSINESS_STARTED: ON("2026-01-01")}, frozenset(), 0),
        ({Milestone.BUSINESS_STARTED: ON("2025-12-31")}, frozenset(), 2),
        ({Milestone.BUSINESS_STARTED: ON("2020-05-01")}, frozenset({"tax_return:2024"}), 2),
        (STARTED, frozenset({"tax_return:2025"}), 0),
        (STARTED, frozenset({"2025"}), 2),
    ]
    print(f"{len(cases)} cases looked at")
    for milestones, done, told in cases:
        assert len(owed(person(milestones=milestones, done=done), "2026-05-01", "2026-07-10")) == told
    assert owed(person(milestones=STARTED), "2026-05-01", "2026-07-10", lead_days__tax_return="off") == []
    assert owed(person(milestones=STARTED), "2026-07-04", "2026-09-10") == []


def test_the_preliminary_assessment_is_told_once_on_the_day_that_was_entered() -> None:
    facts = person(milestones=STARTED)
    (only,) = owed(facts, "2026-10-01", "2026-12-31", tax_days="preliminary_assessment_opens 2026-11-11")
    assert (only.kind, only.key, only.text) == (
        "preliminary_assessment",
        "preliminary_assessment:2027",
        "preliminary_assessment",
    )
    assert (wall(only.when), wall(only.valid_until)) == ("2026-11-11 10:00", "2026-11-25 10:00")
    assert (only.asks, only.open_until, only.priority, only.doubt) == (Ask.CALL, only.valid_until, 5, Doubt.B)
    assert (only.off_closed, only.topic) == (ClosedDay.FORWARD, Topic.DEADLINES)
    assert only.why == Why("why_preliminary_assessment", {"day": "2026-11-11"})
    saturday = left(facts, "2026-10-01", "2026-12-31", tax_days="preliminary_assessment_opens 2026-11-14")
    assert saturday == [("preliminary_assessment:2027", "2026-11-16 10:00")]


def test_the_preliminary_assessment_is_told_to_the_self_employed_alone_and_on_no_other_day() -> None:
    day = "annual_assessment_opens 2026-11-11; preliminary_assessment_opens 2026-11-12"
    cases = [
        (STARTED, "2026-11-01", 1),
        ({Milestone.BUSINESS_STARTED: ON("2026-11-12")}, "2026-11-01", 1),
        ({Milestone.BUSINESS_STARTED: ON("2026-11-13")}, "2026-11-01", 0),
        ({}, "2026-11-01", 0),
        (STARTED, "2026-12-20", 0),
        (STARTED, "2026-07-10", 0),
    ]
    print(f"{len(cases)} cases looked at")
    for milestones, since, told in cases:
        until = str(ON(since) + timedelta(40))
        assert len(owed(person(milestones=milestones), since, until, tax_days=day)) == told
    assert owed(person(milestones=STARTED), "2026-10-01", "2026-12-31") == []


QUARTERLY = (VatRegistration(ON("2025-01-01"), VatPeriod.QUARTERLY),)


def lists(since: str, until: str, leads: str = "7 0", **facts: Any) -> list[Duty]:
    policy = policy_from({"lead_days.eu_list": leads})
    duties = deadlines.owed(person(**facts), policy, local(f"{since} 00:00"), local(f"{until} 00:00"))
    return [duty for duty in duties if duty.kind == "eu_list"]


def test_an_eu_list_is_told_for_each_month_to_those_who_sell_there_where_it_is_turned_on() -> None:
    found = lists("2026-07-01", "2026-07-20", vat=QUARTERLY, sells_to_eu=True)
    assert [(one.key, wall(one.when), one.doubt, one.priority, one.off_closed) for one in found] == [
        ("eu_list:2026-06:7d", "2026-07-20 09:00", Doubt.B, 4, ClosedDay.BACK),
        ("eu_list:2026-06:0d", "2026-07-27 09:00", Doubt.A, 2, ClosedDay.STAY),
    ]
    (week, _) = found
    assert (week.text, week.chain, week.asks) == ("eu_list", "eu_list:2026-06", Ask.CALL)
    assert week.open_until == local("2026-07-28 00:00")
    assert wall(week.valid_until) == "2026-07-27 20:00"
    assert week.why == Why("why_eu_list", {"period": "2026-06", "deadline": "2026-07-27", "lead": "7"})
    assert lists("2026-07-01", "2026-07-20", vat=QUARTERLY) == []
    assert lists("2026-07-01", "2026-07-20", sells_to_eu=True) == []
    assert lists("2026-07-01", "2026-07-20", "off", vat=QUARTERLY, sells_to_eu=True) == []
    assert policy_from({}).eu_list_lead_days == ()


def test_an_eu_list_is_asked_of_months_at_whose_end_the_business_is_registered() -> None:
    vat = (VatRegistration(ON("2026-03-10"), VatPeriod.QUARTERLY), VatRegistration(ON("2026-05-10"), None))
    found = lists("2026-01-01", "2026-12-01", "0", vat=vat, sells_to_eu=True)
    assert [one.key for one in found] == ["eu_list:2026-03:0d", "eu_list:2026-04:0d"]


@settings(max_examples=20, deadline=None, database=None)
@given(st.dates(date(2016, 6, 1), date(2060, 1, 1)), st.sets(st.integers(0, 60), min_size=1, max_size=3))
def test_no_word_of_tax_leaves_after_its_deadline(day: date, leads: set[int]) -> None:
    text = " ".join(map(str, leads))
    policy = policy_from({"lead_days.b_tax": text, "lead_days.tax_return": text})
    facts = person(milestones={Milestone.BUSINESS_STARTED: ON("2016-01-01")}, pays_b_tax=True)
    moment = local(f"{day} 00:00")
    for duty in (one for one in taxes.owed(facts, policy, moment, moment) if "deadline" in one.subject):
        assert wall(settle(duty.when, duty.off_closed, policy, facts.zone)) <= f"{duty.subject['deadline']} 09:00"
