"""How is it going? Asked 3 days after the course, then every week while the money has not come."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from medvind.model import Ask, ClosedDay, Doubt, Duty, Milestone, PersonFacts, Topic, Why
from medvind.rules.calendar import at_wall
from medvind.rules.policy import Policy
from medvind.rules.sending import settle

_CLOCK = time(10)
_FIRST = timedelta(days=3)
_EVERY = timedelta(days=7)
_VALID = timedelta(hours=36)
_LOOK_BACK = timedelta(days=14)
"""Longer than a question can wait for an open day and still be asked."""


def owed(facts: PersonFacts, policy: Policy, since: datetime, until: datetime) -> Iterator[Duty]:
    """One question a week, named after the week of the day that it was meant for, wherever holidays move it."""
    if not facts.waiting:
        return
    ended = facts.milestones[Milestone.COURSE_ENDED]
    day = ended + _FIRST
    behind = (since - _LOOK_BACK).date() - day
    day += max(0, -(-behind // _EVERY)) * _EVERY
    while (when := at_wall(day, _CLOCK, facts.zone)) <= until:
        yield _question(day, when, settle(when, ClosedDay.FORWARD, policy, facts.zone), facts.zone, ended)
        day += _EVERY


def _question(day: date, when: datetime, leaves: datetime, zone: str, ended: date) -> Duty:
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
        open_until=at_wall(day + _EVERY, _CLOCK, zone),
        off_closed=ClosedDay.FORWARD,
    )
