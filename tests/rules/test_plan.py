"""The plan of one person, for any facts: what holds of everything that is ever owed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import (
    Duty,
    Milestone,
    Pause,
    PersonFacts,
    Purpose,
    Rsvp,
    Sent,
    SupportType,
    TaskKind,
    VatPeriod,
    VatRegistration,
    Waits,
)
from medvind.rules.plan import HORIZON, plan, warnings
from medvind.rules.policy import Policy, policy_from
from medvind.rules.sending import is_quiet
from tests.rules.facts import DEFAULTS, ZONE, leaving, local, meeting, person, wall

BEGINS = local("2026-01-05 10:00")
ODD = policy_from({"lead_days.vat": "60 30 3 1", "meeting_ladder": "14d 2d 1d 12h 30m", "quiet_hours": "mon-sun 18:00-09:30"})
FEW = policy_from({"quiet_hours": "mon-tue all; wed 20:00-08:00; thu-sun all; holidays all", "meeting_ladder": "2h"})
ALWAYS = policy_from({"quiet_hours": "off"})
SPAN = 24 * 800
HOURS = st.integers(0, SPAN)
DAYS = st.integers(0, 800).map(lambda days: date(2026, 1, 5) + timedelta(days))
VAT = st.lists(st.builds(VatRegistration, DAYS, st.sampled_from([*VatPeriod, None])), max_size=3)


def after(hours: int) -> str:
    return wall(BEGINS + timedelta(hours=hours))


KNOWN, AHEAD = st.integers(-500, 2500), st.integers(0, 1000)
MEETINGS = st.lists(st.tuples(KNOWN, AHEAD, st.integers(0, 2), st.integers(0, 1), st.sampled_from([None, *Rsvp])), max_size=3)


@st.composite
def people(draw: st.DrawFn) -> PersonFacts:
    """Somebody who joined within two years from 2026 on, or was only invited; with any dates, meetings and registrations."""
    hour, joined = draw(HOURS), draw(st.sampled_from([True, True, True, False]))
    meetings = [
        meeting(
            after(hour + known + ahead),
            after(hour + known),
            external_id=f"m{number}",
            told=told,
            sequence=max(1, told + moves),
            rsvp=rsvp,
        )
        for number, (known, ahead, told, moves, rsvp) in enumerate(draw(MEETINGS))
    ]
    return person(
        after(hour) if joined else None,
        invite_since=None if joined else local(after(hour)),
        consents=draw(st.frozensets(st.sampled_from(Purpose))),
        milestones=draw(st.dictionaries(st.sampled_from([Milestone.COURSE_ENDED, Milestone.PAID_OUT]), DAYS)),
        vat=tuple(draw(VAT)),
        meetings=tuple(meetings),
    )


Case = tuple[PersonFacts, Policy, datetime]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Somebody, what the municipality decided, and a moment up to four months after it began."""
    facts, policy = draw(people()), draw(st.sampled_from([DEFAULTS, ODD, FEW, ALWAYS]))
    begins = facts.joined_at or facts.invite_since or BEGINS
    return facts, policy, begins + timedelta(hours=draw(st.integers(0, 2900)))


looked = settings(max_examples=30, deadline=None, database=None)


def no_message_is_owed_twice_and_each_leaves_in_time_and_in_order(duties: Sequence[Duty], now: datetime) -> None:
    assert len({duty.key for duty in duties}) == len(duties)
    assert all(duty.when < duty.valid_until for duty in duties)
    assert all(now < duty.valid_until and duty.when <= now + HORIZON for duty in duties)
    assert [(duty.when, duty.key) for duty in duties] == sorted((duty.when, duty.key) for duty in duties)


def nothing_leaves_before_a_yes_to_its_purpose_but_the_invitation(duties: Sequence[Duty], facts: PersonFacts) -> None:
    if facts.joined_at is None:
        assert {duty.key for duty in duties} <= {"invite"}
        return
    assert all(duty.when >= facts.joined_at for duty in duties)
    assert {duty.topic and duty.topic.purpose for duty in duties} <= facts.consents


def nothing_leaves_in_quiet_hours_or_on_a_closed_day_unless_its_kind_may(duties: Sequence[Duty], policy: Policy) -> None:
    assert not any(is_quiet(duty.when, policy, ZONE, duty.meeting_day) for duty in duties)
    on_closed_days = [duty for duty in duties if DEFAULTS.days.is_closed(date.fromisoformat(wall(duty.when)[:10]))]
    assert policy is not DEFAULTS or all(duty.meeting_day for duty in on_closed_days)


def the_steps_of_a_chain_end_before_the_next_begins(duties: Sequence[Duty]) -> None:
    in_chains = sorted(duties, key=lambda duty: (duty.chain, duty.when))
    for _, steps in groupby(in_chains, key=lambda duty: duty.chain):
        assert all(earlier.valid_until <= later.when for earlier, later in pairwise(steps))


@looked
@given(cases())
def test_whatever_the_facts_the_plan_keeps_its_promises(case: Case) -> None:
    facts, policy, now = case
    duties = plan(facts, policy, now)
    no_message_is_owed_twice_and_each_leaves_in_time_and_in_order(duties, now)
    nothing_leaves_before_a_yes_to_its_purpose_but_the_invitation(duties, facts)
    nothing_leaves_in_quiet_hours_or_on_a_closed_day_unless_its_kind_may(duties, policy)
    the_steps_of_a_chain_end_before_the_next_begins(duties)


def gone_by(facts: PersonFacts, duties: Sequence[Duty], later: datetime) -> PersonFacts:
    """The same person when all has left that was due by then, or has given way."""
    due = [duty for duty in duties if duty.when <= later]
    sent = (Sent(one.kind, one.key, one.when, one.when, one.carried_by) for one in due if one.gave_way is None)
    waits = (Waits(one.kind, one.key, one.when, one.gave_way) for one in due if one.gave_way)
    return replace(facts, sent=tuple(sent), waits=tuple(waits))


@looked
@given(cases(), st.integers(0, 2200), st.integers(1, 90))
def test_a_later_or_shorter_look_at_the_same_facts_shows_the_same_plan(case: Case, hours: int, days: int) -> None:
    facts, policy, now = case
    later, before = now + timedelta(hours=hours), plan(facts, policy, now)
    still = [duty for duty in before if duty.valid_until > later]
    assert still == [duty for duty in plan(gone_by(facts, before, later), policy, later) if duty.when <= now + HORIZON]
    near = timedelta(days)
    assert plan(facts, policy, now, near) == [duty for duty in before if duty.when <= now + near]
    assert plan(facts, policy, now) == before


def test_what_has_left_at_the_place_for_which_it_waited_is_shown_there() -> None:
    """An invitation made way for a notice, and went an hour later."""
    now, later = local("2026-01-05 10:00"), local("2026-01-05 11:00")
    starts = {"today": "2026-01-05 11:00", "soon": "2026-01-07 00:00"}
    facts = person(meetings=tuple(meeting(when, "2026-01-05 10:00", external_id=name) for name, when in starts.items()))
    before = plan(facts, DEFAULTS, now)
    assert leaving(before)[:2] == [("meeting:today:2h", "2026-01-05 10:00"), ("meeting:soon:invite", "2026-01-05 11:00")]
    assert plan(gone_by(facts, before, later), DEFAULTS, later) == before[1:]


def test_somebody_in_the_middle_of_the_wait_is_told_everything_in_its_time() -> None:
    maja = person(
        "2026-11-16 10:00",
        milestones={Milestone.COURSE_ENDED: date(2026, 11, 13)},
        vat=(VatRegistration(date(2026, 10, 1), VatPeriod.QUARTERLY),),
        meetings=(meeting("2026-12-02 14:00", "2026-11-16 10:00"),),
    )
    assert leaving(plan(maja, DEFAULTS, local("2026-11-16 10:00"), timedelta(20))) == [
        ("meeting:m1:invite", "2026-11-16 10:00"),
        ("check_in:2026-W47", "2026-11-16 11:00"),  # two questions are not one message
        ("check_in:2026-W48", "2026-11-23 10:00"),
        ("meeting:m1:7d", "2026-11-25 10:00"),
        ("meeting:m1:chase", "2026-11-27 10:00"),
        ("check_in:2026-W49", "2026-11-30 10:00"),
        ("meeting:m1:1d", "2026-12-01 10:00"),
        ("meeting:m1:2h", "2026-12-02 12:00"),
        ("waiting:20d", "2026-12-03 10:00"),
    ]


def test_the_plan_reaches_90_days_ahead() -> None:
    waiting = person(milestones={Milestone.COURSE_ENDED: date(2026, 9, 4)})
    seen = [duty.when for duty in plan(waiting, DEFAULTS, local("2026-09-01 12:00"))]  # 30 November 11:00 is 90 days ahead
    assert wall(max(seen)) == "2026-11-30 10:00"
    seen = [duty.when for duty in plan(waiting, DEFAULTS, local("2026-09-01 10:00"))]
    assert wall(max(seen)) == "2026-11-23 10:00"


def test_which_message_a_latecomer_gets_does_not_change_as_long_as_it_holds() -> None:
    late = person(
        "2026-11-24 12:00",
        milestones={Milestone.COURSE_ENDED: date(2026, 11, 3)},
        vat=(VatRegistration(date(2026, 1, 1), VatPeriod.QUARTERLY),),
    )
    backlog = ("vat:2026Q3:7d", "2026-11-24 12:00")
    waits = replace(late, waits=(Waits("vat", "vat:2026Q3:7d", local("2026-11-24 12:00")),))
    for facts, now in ((late, "2026-11-24 12:00"), (waits, "2026-11-24 20:00"), (waits, "2026-11-26 09:00")):
        past = [one for one in leaving(plan(facts, DEFAULTS, local(now))) if one[1] <= "2026-11-26"]
        assert past == [backlog]
    assert backlog not in leaving(plan(late, DEFAULTS, local("2026-11-27 09:00") + timedelta(days=2)))


def test_the_coach_is_warned_of_a_meeting_that_changed_unsaid_and_of_the_end_of_support() -> None:
    changed = meeting("2026-01-06 10:00", "2026-01-06 09:00", sequence=2, told=1, told_holds=False)
    facts = person(
        meetings=(changed,),
        pauses=(Pause(local("2026-01-05 10:00"), date(2026, 1, 20)),),
        support_type=SupportType.CASH_BENEFIT,
        milestones={Milestone.BUSINESS_STARTED: date(2026, 1, 5)},
    )
    assert [warning.kind for warning in warnings(facts, DEFAULTS)] == [TaskKind.NOT_REACHED, *[TaskKind.SUPPORT_ENDS] * 4]


def test_a_duty_meant_for_after_the_horizon_is_planned_where_it_leaves_within_it() -> None:
    vat = (VatRegistration(date(2026, 1, 1), VatPeriod.QUARTERLY),)
    horizon = local("2026-05-22 09:00") - local("2026-05-20 12:00")
    early = plan(person(vat=vat), DEFAULTS, local("2026-05-20 12:00"), horizon)
    assert leaving(early) == [("vat:2026Q1:14d", "2026-05-20 12:00"), ("vat:2026Q1:7d", "2026-05-22 09:00")]
