"""When each VAT return is due: every published date, and what registering, changing and closing do to it."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import PersonFacts, VatPeriod, VatRegistration
from medvind.rules.deadlines import owed, returns_due
from medvind.rules.due_dates import vat_deadlines
from medvind.rules.policy import policy_from
from tests.rules.facts import DEFAULTS, local, person

ON = date.fromisoformat
DAY = timedelta(1)


def due(facts: PersonFacts, since: str = "2025-06-01 00:00", until: str = "2027-06-01 00:00") -> Mapping[str, str]:
    """The last day of each return that this person is told of."""
    duties = owed(facts, DEFAULTS, local(since), local(until))
    return {duty.subject["period"]: duty.subject["deadline"] for duty in duties}


def registered(*since: tuple[str, VatPeriod | None], done: frozenset[str] = frozenset()) -> PersonFacts:
    return person(vat=tuple(VatRegistration(ON(day), period) for day, period in since), done=done)


def test_the_returns_of_a_range_are_those_whose_period_ends_in_it() -> None:
    names = [one.name for one in vat_deadlines(VatPeriod.QUARTERLY, ON("2026-03-31"), ON("2026-12-31"))]
    assert names == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert [one.name for one in vat_deadlines(VatPeriod.QUARTERLY, ON("2026-04-01"), ON("2026-12-30"))] == ["2026Q2", "2026Q3"]
    assert [one.name for one in vat_deadlines(VatPeriod.HALF_YEARLY, ON("2026-01-01"), ON("2026-12-31"))] == [
        "2026H1",
        "2026H2",
    ]
    assert list(vat_deadlines(VatPeriod.MONTHLY, ON("2026-02-01"), ON("2026-02-27"))) == []


def test_the_february_of_a_leap_year_has_29_days() -> None:
    (february,) = vat_deadlines(VatPeriod.MONTHLY, ON("2028-02-01"), ON("2028-03-30"))
    assert (february.name, february.end, february.deadline) == ("2028-02", ON("2028-02-29"), ON("2028-03-27"))


def test_a_moved_date_holds_for_the_last_return_too() -> None:
    policy = policy_from({"special_deadlines": "quarterly 2026-03-31 2026-08-31; half_yearly 2026-06-30 2027-03-15"})
    cases = [
        (VatPeriod.QUARTERLY, None, "2026-08-31"),
        (VatPeriod.QUARTERLY, "2026-02-10", "2026-08-31"),
        (VatPeriod.QUARTERLY, "2026-04-01", "2026-08-31"),
        (VatPeriod.HALF_YEARLY, "2026-02-10", "2026-08-31"),  # closed in the first quarter: by its date
        (VatPeriod.HALF_YEARLY, "2026-06-10", "2027-03-15"),
        (VatPeriod.HALF_YEARLY, None, "2027-03-15"),
    ]
    print(f"{len(cases)} cases looked at")
    for period, closed, deadline in cases:
        facts = registered(("2025-01-01", period), *([(closed, None)] if closed else []))
        duties = owed(facts, policy, local("2026-08-15 00:00"), local("2027-03-01 00:00"))
        told = {duty.subject["deadline"] for duty in duties if duty.subject["period"] in {"2026Q1", "2026H1"}}
        assert told == {deadline}


def test_a_deadline_moved_by_most_of_a_year_is_told_when_it_comes() -> None:
    policy = policy_from({"special_deadlines": "quarterly 2026-03-31 2027-03-31"})
    duties = list(
        owed(registered(("2025-01-01", VatPeriod.QUARTERLY)), policy, local("2027-03-25 00:00"), local("2027-03-26 00:00"))
    )
    assert {duty.key for duty in duties if "2026Q1" in duty.key} == {f"vat:2026Q1:{lead}d" for lead in (14, 7, 2, 0)}


def test_who_is_not_registered_hears_nothing_of_vat() -> None:
    assert due(person()) == {}
    assert due(registered(("2025-01-01", None))) == {}
    assert list(returns_due(person(), ON("2026-01-01"), ON("2027-01-01"))) == []


def test_the_period_in_which_a_business_registers_is_the_first_to_be_filed() -> None:
    assert due(registered(("2026-02-10", VatPeriod.QUARTERLY)), until="2026-11-10 00:00") == {
        "2026Q1": "2026-06-01",
        "2026Q2": "2026-09-01",
        "2026Q3": "2026-12-01",
    }
    assert min(due(registered(("2026-04-01", VatPeriod.QUARTERLY)))) == "2026Q2"
    assert min(due(registered(("2026-03-31", VatPeriod.QUARTERLY)))) == "2026Q1"


def test_a_period_counts_as_the_type_that_holds_on_its_last_day() -> None:
    later = registered(("2026-07-01", VatPeriod.HALF_YEARLY), ("2025-01-01", VatPeriod.QUARTERLY))
    assert [name for name in due(later) if name >= "2026"] == ["2026Q1", "2026Q2", "2026H2"]


def test_what_a_change_leaves_of_a_longer_period_is_filed_by_the_new_type() -> None:
    cases = [
        ([("2025-01-01", VatPeriod.HALF_YEARLY), ("2026-04-01", VatPeriod.QUARTERLY)], ["2026Q1", "2026Q2"]),
        ([("2025-01-01", VatPeriod.HALF_YEARLY), ("2026-05-15", VatPeriod.QUARTERLY)], ["2026Q1", "2026Q2"]),
        ([("2025-01-01", VatPeriod.QUARTERLY), ("2026-04-01", VatPeriod.HALF_YEARLY)], ["2026Q1", "2026H1"]),
        ([("2025-01-01", VatPeriod.QUARTERLY), ("2026-05-15", VatPeriod.HALF_YEARLY)], ["2026Q1", "2026H1"]),
        ([("2025-01-01", VatPeriod.QUARTERLY), ("2026-02-15", VatPeriod.HALF_YEARLY)], ["2026H1"]),
        ([("2025-01-01", VatPeriod.QUARTERLY), ("2026-05-15", VatPeriod.MONTHLY)], ["2026Q1", "2026-04", "2026-05", "2026-06"]),
        ([("2026-05-20", VatPeriod.QUARTERLY), ("2026-06-15", VatPeriod.MONTHLY)], ["2026-05", "2026-06"]),
        ([("2026-04-20", VatPeriod.MONTHLY), ("2026-05-15", VatPeriod.QUARTERLY)], ["2026-04", "2026Q2"]),
    ]
    print(f"{len(cases)} cases looked at")
    for history, names in cases:
        told = returns_due(registered(*history), ON("2026-02-01"), ON("2026-09-30"))
        assert [one.name for one in told if one.start >= ON("2026-01-01") and one.end <= ON("2026-06-30")] == names


HISTORY = st.lists(
    st.tuples(st.dates(date(2025, 6, 1), date(2027, 6, 30)), st.sampled_from((*VatPeriod, None))), min_size=1, max_size=6
)


@settings(max_examples=30, deadline=None, database=None)
@given(HISTORY, st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_no_period_is_missing_or_double_however_a_business_changes_registers_and_closes(
    history: list[tuple[date, VatPeriod | None]], since: date
) -> None:
    entries = dict(sorted(history, key=lambda one: one[0]))
    facts = person(vat=tuple(VatRegistration(day, period) for day, period in entries.items()))
    every = list(returns_due(facts, date(2025, 6, 1), date(2029, 1, 1)))
    assert len({one.name for one in every}) == len(every)
    filed = {one.start + DAY * number for one in every for number in range((one.end - one.start).days + 1)}
    ends = [*list(entries)[1:], date(2028, 1, 1)]
    for (start, period), end in zip(entries.items(), ends, strict=True):
        if period:
            assert {start + DAY * number for number in range((end - start).days)} <= filed
    window = [one for one in every if since <= one.deadline <= since + 90 * DAY]
    assert list(returns_due(facts, since, since + 90 * DAY)) == window


def test_across_a_change_of_type_at_any_day_of_a_year_no_day_is_filed_twice() -> None:
    looked = 0
    for before, after in permutations(VatPeriod, 2):
        for day in (date(2026, 1, 1) + DAY * number for number in range(365)):
            facts = person(vat=(VatRegistration(date(2025, 1, 1), before), VatRegistration(day, after)))
            filed = sorted(returns_due(facts, date(2026, 2, 1), date(2027, 4, 1)), key=lambda one: one.end)
            looked += len(filed)
            assert len({one.end for one in filed}) == len(filed)
            gaps = [(one, following) for one, following in pairwise(filed) if following.start > one.end + DAY]
            assert gaps == [], day
    print(f"{looked} returns looked at, 0 double and 0 missing")
    assert looked > 10_000


def test_closing_the_business_brings_one_last_return() -> None:
    cases = [
        (VatPeriod.QUARTERLY, "2026-01-11", ("2026Q1", "2026-06-01")),
        (VatPeriod.QUARTERLY, "2026-04-01", ("2026Q1", "2026-06-01")),
        (VatPeriod.QUARTERLY, "2026-04-02", ("2026Q2", "2026-09-01")),
        (VatPeriod.HALF_YEARLY, "2026-01-11", ("2026H1", "2026-06-01")),  # closed in the first quarter: by its date
        (VatPeriod.HALF_YEARLY, "2026-04-01", ("2026H1", "2026-06-01")),
        (VatPeriod.HALF_YEARLY, "2026-04-02", ("2026H1", "2026-09-01")),
        (VatPeriod.HALF_YEARLY, "2026-07-01", ("2026H1", "2026-09-01")),
        (VatPeriod.HALF_YEARLY, "2026-10-01", ("2026H2", "2026-12-01")),
        (VatPeriod.MONTHLY, "2026-06-11", ("2026-06", "2026-08-17")),
    ]
    print(f"{len(cases)} cases looked at")
    for period, deregistered, last in cases:
        told = due(registered(("2025-01-01", period), (deregistered, None)))
        assert (max(told), told[max(told)]) == last


def test_a_registration_taken_back_the_same_day_asks_for_nothing_and_one_of_a_day_for_a_return() -> None:
    assert due(registered(("2026-01-11", VatPeriod.QUARTERLY), ("2026-01-11", None))) == {}
    assert list(due(registered(("2026-01-11", VatPeriod.QUARTERLY), ("2026-01-12", None)))) == ["2026Q1"]


def test_a_business_that_opens_again_files_again() -> None:
    told = due(registered(("2025-01-01", VatPeriod.QUARTERLY), ("2025-12-01", None), ("2026-07-01", VatPeriod.QUARTERLY)))
    assert [name for name in told if name >= "2025Q4"] == ["2025Q4", "2026Q3", "2026Q4", "2027Q1"]


def test_who_closes_and_opens_again_in_one_half_year_is_told_of_both_returns() -> None:
    reopened = [("2025-01-01", VatPeriod.HALF_YEARLY), ("2026-02-10", None), ("2026-05-01", VatPeriod.HALF_YEARLY)]
    told = due(registered(*reopened), "2026-03-10 00:00", "2026-08-10 00:00")
    assert told == {"2026H1": "2026-06-01", "2026H1@2": "2026-09-01"}
    later = due(registered(*reopened), "2026-08-10 00:00", "2026-08-11 00:00")
    assert later == {"2026H1@2": "2026-09-01"}
    answered = due(registered(*reopened, done=frozenset({"2026H1"})), "2026-03-10 00:00", "2026-08-10 00:00")
    assert answered == {"2026H1@2": "2026-09-01"}


def test_who_closes_and_opens_again_in_one_period_is_told_of_it_once() -> None:
    for period, name in ((VatPeriod.QUARTERLY, "2026Q1"), (VatPeriod.MONTHLY, "2026-01")):
        facts = registered(("2025-01-01", period), ("2026-01-10", None), ("2026-01-20", period))
        told = [one.name for one in returns_due(facts, ON("2026-02-20"), ON("2026-06-10"))]
        assert told.count(name) == 1
        assert len(set(told)) == len(told)


def test_what_was_answered_klar_is_not_told_again() -> None:
    facts = registered(("2025-01-01", VatPeriod.QUARTERLY), done=frozenset({"2026Q2"}))
    assert [name for name in due(facts) if "2026Q1" <= name <= "2026Q3"] == ["2026Q1", "2026Q3"]


def test_only_deadlines_that_a_message_can_still_come_before_are_reckoned() -> None:
    facts = registered(("2020-01-01", VatPeriod.QUARTERLY))
    assert list(due(facts, "2026-06-02 12:00", "2026-08-03 12:00")) == ["2026Q1"]
    assert list(due(facts, "2026-06-03 12:00", "2026-08-03 12:00")) == []
    assert list(due(facts, "2026-06-03 12:00", "2026-08-04 12:00")) == ["2026Q2"]
