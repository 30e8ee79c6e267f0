"""How is it going? Asked after the course and then again and again while the money has not come, as the programme says."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from medvind.model import Ask, ClosedDay, Doubt, Duty, Milestone, PersonFacts, Topic, Why
from medvind.rules.calendar import at_wall
from medvind.rules.policy import Policy
from medvind.rules.programme import programme_of
from medvind.rules.sending import settle
from medvind.rules.steps import CheckIns

_VALID = timedelta(hours=36)
_LOOK_BACK = timedelta(days=14)
"""Longer than a question can wait for an open day and still be asked."""


def owed(facts: PersonFacts, policy: Policy, since: datetime, until: datetime) -> Iterator[Duty]:
    """One question at a time, named after the week of the day that it was meant for, wherever holidays move it."""
    rhythm = programme_of(facts, policy).check_ins
    if rhythm is None or not facts.waiting:
        return
    ended, every = facts.milestones[Milestone.COURSE_ENDED], rhythm.every.span
    day = rhythm.first.day_from(ended, policy.days)
    behind = (since - _LOOK_BACK).date() - day
    day += max(0, -(-behind // every)) * every
    while (when := at_wall(day, rhythm.clock, facts.zone)) <= until:
        yield _question(day, when, settle(when, ClosedDay.FORWARD, policy, facts.zone), facts.zone, ended, rhythm)
        day += every


def _question(day: date, when: datetime, leaves: datetime, zone: str, ended: date, rhythm: CheckIns) -> Duty:
    """Open until the next one is due: never two at once."""
    year, week, _ = day.isocalendar()
    return Duty(
        kind="check_in",
        key=f"check_in:{year}-W{week:02}",
        chain="check_in",
        when=when,
        valid_until=leaves + _VALID,
        text="checkin",
        why=Why("why_check_in", {"day": ended.isoformat()}),
        doubt=Doubt.C,
        topic=Topic.CHECK_INS,
        priority=6,
        asks=Ask.CHECK_IN,
        open_until=at_wall(day + rhythm.every.span, rhythm.clock, zone),
        off_closed=ClosedDay.FORWARD,
    )
