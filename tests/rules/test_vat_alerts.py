"""When a business is told of its VAT: each alert's day, its words, how long it holds and what an answer to it counts."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import Ask, ClosedDay, Doubt, Duty, Milestone, Topic, VatPeriod, VatRegistration, Why
from medvind.rules.deadlines import owed
from medvind.rules.plan import plan
from medvind.rules.policy import policy_from
from medvind.rules.sending import settle
from tests.rules.facts import DEFAULTS, leaving, local, person, wall

QUARTERLY = (VatRegistration(date(2025, 1, 1), VatPeriod.QUARTERLY),)
STARTED = {Milestone.BUSINESS_STARTED: date(2025, 2, 1)}


def alerts(leads: str = "14 7 2 0", started: dict[Milestone, date] = STARTED) -> dict[str, Duty]:
    """As the rule owes them for the first quarter of 2026, before they are arranged."""
    policy = policy_from({"lead_days.vat": leads})
    duties = owed(person(vat=QUARTERLY, milestones=started), policy, local("2026-05-01 00:00"), local("2026-06-10 00:00"))
    return {duty.key: duty for duty in duties if duty.subject["period"] == "2026Q1"}


def planned(now: str, leads: str = "14 7 2 0", joined: str = "2025-01-06 10:00") -> list[Duty]:
    """As they will leave."""
    policy = policy_from({"lead_days.vat": leads})
    everything = plan(person(joined, vat=QUARTERLY), policy, local(now))
    return [duty for duty in everything if duty.subject["period"] == "2026Q1"]


def test_the_first_quarter_of_2026_is_told_on_the_weekday_before_a_closed_day() -> None:
    assert leaving(planned("2026-05-01 12:00")) == [
        ("vat:2026Q1:14d", "2026-05-18 09:00"),
        ("vat:2026Q1:7d", "2026-05-22 09:00"),  # 25 May is Whit Monday
        ("vat:2026Q1:2d", "2026-05-29 09:00"),  # 30 May is a Saturday
        ("vat:2026Q1:0d", "2026-06-01 09:00"),
    ]


def test_an_early_alert_holds_until_the_next_falls_due_and_the_last_until_eight_in_the_evening() -> None:
    assert [wall(duty.valid_until) for duty in planned("2026-05-01 12:00")] == [
        "2026-05-22 09:00",
        "2026-05-29 09:00",
        "2026-06-01 09:00",
        "2026-06-01 20:00",
    ]
    (only,) = planned("2026-05-01 12:00", leads="7")
    assert wall(only.valid_until) == "2026-06-01 20:00"


def test_of_two_alerts_that_fall_on_one_day_the_later_one_goes() -> None:
    assert [key for key, _ in leaving(planned("2026-05-01 12:00", leads="3 2 1"))] == ["vat:2026Q1:1d"]


def test_who_joins_inside_a_lead_time_gets_the_nearest_alert_that_is_still_true() -> None:
    cases = [
        ("2026-05-20 12:00", [("vat:2026Q1:14d", "2026-05-20 12:00"), ("vat:2026Q1:7d", "2026-05-22 09:00")]),
        ("2026-05-26 12:00", [("vat:2026Q1:7d", "2026-05-26 12:00"), ("vat:2026Q1:2d", "2026-05-29 09:00")]),
        ("2026-06-01 12:00", [("vat:2026Q1:0d", "2026-06-01 12:00")]),
        ("2026-06-01 20:00", []),
    ]
    print(f"{len(cases)} cases looked at")
    for joined, told in cases:
        assert leaving(planned(joined, joined=joined))[:2] == told


def test_who_is_registered_inside_a_lead_time_gets_the_nearest_alert_that_is_still_true() -> None:
    assert [key for key, _ in leaving(planned("2026-05-26 12:00"))] == ["vat:2026Q1:7d", "vat:2026Q1:2d", "vat:2026Q1:0d"]


def test_a_deadline_in_the_past_is_never_announced() -> None:
    assert [duty.key for duty in planned("2026-06-01 19:59")] == ["vat:2026Q1:0d"]
    assert planned("2026-06-01 20:00") == []


def test_near_the_day_a_double_is_kinder_than_silence() -> None:
    cases = [
        (0, "vat_0", Doubt.A, 2, ClosedDay.STAY),
        (1, "vat_2", Doubt.A, 2, ClosedDay.BACK),
        (2, "vat_2", Doubt.A, 2, ClosedDay.BACK),
        (3, "vat_2", Doubt.A, 2, ClosedDay.BACK),
        (4, "vat_7", Doubt.B, 4, ClosedDay.BACK),
        (7, "vat_7", Doubt.B, 4, ClosedDay.BACK),
        (10, "vat_7", Doubt.B, 4, ClosedDay.BACK),
        (11, "vat_14", Doubt.B, 4, ClosedDay.BACK),
        (14, "vat_14", Doubt.B, 4, ClosedDay.BACK),
        (60, "vat_14", Doubt.B, 4, ClosedDay.BACK),
    ]
    print(f"{len(cases)} cases looked at")
    for lead, text, doubt, priority, off_closed in cases:
        (alert,) = alerts(str(lead)).values()
        assert (alert.text, alert.doubt, alert.priority, alert.off_closed) == (text, doubt, priority, off_closed)
        assert alert.key == f"vat:2026Q1:{lead}d"


def test_where_no_sale_is_known_the_word_a_week_before_is_of_a_zero_return() -> None:
    cases = [
        ({}, "vat_zero"),
        ({Milestone.BUSINESS_STARTED: date(2026, 4, 1)}, "vat_zero"),  # the day after the period
        ({Milestone.BUSINESS_STARTED: date(2026, 3, 31)}, "vat_7"),
        (STARTED, "vat_7"),
    ]
    print(f"{len(cases)} cases looked at")
    for started, week_before in cases:
        texts = {key.rpartition(":")[2]: alert.text for key, alert in alerts(started=started).items()}
        assert texts == {"14d": "vat_14", "7d": week_before, "2d": "vat_2", "0d": "vat_0"}


@settings(max_examples=25, deadline=None, database=None)
@given(
    st.sampled_from(VatPeriod),
    st.dates(date(2016, 6, 1), date(2060, 1, 1)),
    st.sets(st.integers(0, 60), min_size=1, max_size=4),
)
def test_no_alert_leaves_after_its_deadline_and_only_that_of_the_day_itself_on_a_closed_day(
    period: VatPeriod, day: date, leads: set[int]
) -> None:
    policy = policy_from({"lead_days.vat": " ".join(map(str, leads))})
    facts = person(vat=(VatRegistration(date(2016, 1, 1), period),))
    for alert in owed(facts, policy, local(f"{day} 00:00"), local(f"{day} 00:00")):
        leaves = settle(alert.when, alert.off_closed, policy, facts.zone)
        deadline = date.fromisoformat(alert.subject["deadline"])
        assert leaves <= alert.valid_until or alert.off_closed == ClosedDay.STAY
        assert local(f"{deadline} 20:00") == alert.valid_until
        if alert.off_closed == ClosedDay.BACK:
            assert wall(leaves) <= f"{deadline} 09:00"
            assert not policy.days.is_closed(date.fromisoformat(wall(leaves)[:10]))


def test_an_alert_names_its_period_and_date_and_takes_klar_through_the_day_itself() -> None:
    alert = alerts()["vat:2026Q1:7d"]
    assert alert.kind == "vat"
    assert alert.chain == "vat:2026Q1"
    assert alert.topic == Topic.DEADLINES
    assert alert.subject == {"period": "2026Q1", "deadline": "2026-06-01"}
    assert alert.why == Why("why_vat", {"period": "2026Q1", "deadline": "2026-06-01", "lead": "7"})
    assert alert.asks == Ask.VAT
    assert alert.open_until == local("2026-06-02 00:00")


def test_no_lead_days_no_alerts() -> None:
    assert alerts("off") == {}


def test_the_longest_lead_is_planned_when_its_day_comes_within_the_horizon() -> None:
    facts = person(vat=QUARTERLY)
    policy = policy_from({"lead_days.vat": "60"})
    horizon = local("2026-04-02 12:00") - local("2026-03-20 12:00")
    assert [duty.key for duty in plan(facts, policy, local("2026-03-20 12:00"), horizon)] == ["vat:2026Q1:60d"]
    assert leaving(plan(facts, DEFAULTS, local("2026-03-20 12:00"), horizon)) == []
