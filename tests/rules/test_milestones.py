"""Whatever a person has a day or a moment of, a step can hang on: before and after, to the day or to the minute."""

from dataclasses import replace
from datetime import date, time

import pytest

from medvind.model import (
    Ask,
    ClosedDay,
    Extension,
    Late,
    Milestone,
    Rsvp,
    SupportType,
    Topic,
    Why,
)
from medvind.rules.ladders import Every, Repeat, Unit
from medvind.rules.plan import plan
from medvind.rules.steps import MEETING, MILESTONES, SUPPORT_END, VAT_DEADLINE, Programme
from tests.rules.facts import DEFAULTS, leaving, local, meeting, person, wall
from tests.rules.programmes import SINCE, everything, following, tip


@pytest.mark.parametrize("milestone", Milestone)
def test_a_step_hangs_on_each_date_of_a_person_before_and_after(milestone: Milestone) -> None:
    facts = person(milestones={milestone: date(2026, 12, 10)})
    after, before = tip("5 days after", milestone, clock=time(14)), tip("3 working days before", milestone)
    assert leaving(following(facts, after)) == [("step:tip", "2026-12-15 14:00")]
    assert leaving(following(facts, before)) == [("step:tip", "2026-12-07 10:00")]
    (duty,) = following(facts, after)
    assert (duty.kind, duty.chain, duty.why) == ("step", "step:tip", Why(f"why_step_{milestone}", {"day": "2026-12-10"}))
    assert following(person(), after) == []


def test_every_milestone_that_a_file_may_name_can_be_hung_on() -> None:
    facts = everything(person())
    found = {name: len(following(facts, tip("1 day before", name))) for name in MILESTONES}
    print(f"looked at {len(found)} milestones")
    assert all(found.values()), found


def test_the_end_of_support_is_counted_from_and_a_longer_one_has_its_own_message() -> None:
    facts = everything(person())
    (duty,) = following(facts, tip("2 weeks before", SUPPORT_END, text="period_end"))
    assert (duty.key, wall(duty.when)) == ("step:tip:2027-02-28", "2027-02-14 10:00")
    assert (duty.subject, wall(duty.valid_until)) == ({"deadline": "2027-02-28"}, "2027-02-18 10:00")
    assert duty.why == Why("why_step_support_end", {"day": "2027-02-28"})
    longer = replace(facts, extensions=(Extension(1, date(2026, 12, 1), local("2026-12-01 10:00")),))
    assert leaving(following(longer, tip("2 weeks before", SUPPORT_END))) == [("step:tip:2027-03-30", "2027-03-16 10:00")]
    assert following(replace(facts, support_type=SupportType.DISABILITY_PENSION), tip("2 weeks before", SUPPORT_END)) == []


def test_each_vat_deadline_is_hung_on_by_its_moved_day_until_the_return_is_done() -> None:
    facts = everything(person())
    step = tip("10 days before", VAT_DEADLINE, text="vat_14", topic=Topic.DEADLINES)
    duties = following(facts, step, until=local("2027-06-20 10:00"))
    assert leaving(duties) == [
        ("step:tip:2026Q3", "2026-11-21 10:00"),
        ("step:tip:2026Q4", "2027-02-19 10:00"),  # 1 March
        ("step:tip:2027Q1", "2027-05-22 10:00"),
    ]
    first = duties[0]
    assert (first.chain, first.subject) == ("step:tip:2026Q3", {"period": "2026Q3", "deadline": "2026-12-01"})
    assert (first.asks, first.why) == (Ask.VAT, Why("why_vat", {"period": "2026Q3", "deadline": "2026-12-01"}))
    assert first.open_until == local("2026-12-01 20:00")
    done = replace(facts, done=frozenset({"2026Q3"}))
    assert [key for key, _ in leaving(following(done, step))] == ["step:tip:2026Q4"]


def test_long_before_and_long_after_a_deadline_still_finds_it() -> None:
    facts = everything(person())
    keys = {key for key, _ in leaving(following(facts, tip("6 months before", VAT_DEADLINE)))}
    assert {"step:tip:2026Q4", "step:tip:2027Q1"} <= keys
    weekly = tip("1 day after", VAT_DEADLINE, repeat=Repeat(Every(1, Unit.WEEK), 20))
    late = following(facts, weekly, since=local("2027-02-22 10:00"), until=local("2027-02-23 10:00"))
    assert any(key.startswith("step:tip:2026Q3:") for key, _ in leaving(late))


def test_a_meeting_is_hung_on_by_its_start_to_the_minute() -> None:
    facts = everything(person())
    early, late = tip("90 minutes before", MEETING, closed=ClosedDay.STAY), tip("1 day after", MEETING, clock=time(9))
    (before,), (after,) = following(facts, early), following(facts, late)
    assert (before.key, wall(before.when), wall(before.valid_until)) == ("step:tip:m1", "2026-12-03 12:30", "2026-12-03 14:00")
    assert (before.subject, before.meeting_day) == ({"meeting": "public", "sequence": "1"}, date(2026, 12, 3))
    assert (before.chain, before.why.key) == ("step:tip:m1", "why_meeting")
    assert (wall(after.when), wall(after.valid_until)) == ("2026-12-04 09:00", "2026-12-07 09:00")


def test_a_moved_meeting_has_its_own_step_and_one_that_is_off_has_none() -> None:
    moved = meeting("2026-12-10 14:00", "2026-11-24 10:00", sequence=2)
    off = meeting("2026-12-11 14:00", "2026-11-24 10:00", external_id="off", cancelled=True)
    refused = meeting("2026-12-12 14:00", "2026-11-24 10:00", external_id="no", rsvp=Rsvp.NO)
    facts = person(meetings=(moved, off, refused))
    assert leaving(following(facts, tip("1 day before", MEETING))) == [("step:tip:m1@2", "2026-12-09 10:00")]


def test_a_message_on_a_saturday_meeting_may_leave_on_that_saturday() -> None:
    facts = person(meetings=(meeting("2026-12-05 14:00", "2026-11-01 10:00"),))
    policy = replace(DEFAULTS, programmes={7: Programme("Vores", (tip("3 hours before", MEETING, topic=Topic.MEETINGS),))})
    duties = plan(replace(facts, programme=7), policy, SINCE)
    assert ("step:tip:m1", "2026-12-05 11:00") in leaving(duties)


def test_a_step_that_was_past_before_anybody_could_know_of_the_meeting_can_be_left_out() -> None:
    facts = person(meetings=(meeting("2026-12-03 14:00", "2026-12-01 12:00"),))
    steps = {late: following(facts, tip("3 days before", MEETING, late=late)) for late in Late}
    assert {late: len(duties) for late, duties in steps.items()} == {Late.NOW: 1, Late.MERGE: 1, Late.SKIP: 0}
    assert len(following(facts, tip("1 day before", MEETING, late=Late.SKIP))) == 1
