"""When a message may leave: quiet hours, the municipality's and a person's own, and closed days."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from medvind.model import ClosedDay
from medvind.rules.calendar import DAY, at_wall
from medvind.rules.hours import QuietHours, read_quiet_hours
from medvind.rules.policy import Policy

_LONGEST_WAIT = timedelta(days=60)
"""Longer than any row of closed days: who is quiet for so long is never written to."""
_REMEMBERED = 16_384
"""Answers: most people have the same deadlines and the same hours, so most have been given before."""


@lru_cache(maxsize=_REMEMBERED)
def policy_for(policy: Policy, quiet_hours: str) -> Policy:
    """The same decisions for a person with quiet hours of their own beside the municipality's. Raises ValueError."""
    return replace(policy, own_hours=_own(quiet_hours)) if quiet_hours else policy


@lru_cache
def _own(text: str) -> QuietHours:
    return read_quiet_hours(text)


def is_quiet(moment: datetime, policy: Policy, zone: str, meeting_day: date | None) -> bool:
    """Whether nothing may be sent now; `meeting_day` is the day of the meeting that the message is about."""
    return _quiet_until(moment, policy, zone, meeting_day) is not None


@lru_cache(maxsize=_REMEMBERED)
def open_from(moment: datetime, policy: Policy, zone: str, meeting_day: date | None) -> datetime:
    """This moment, or the end of the quiet hours that it lies in.

    Raises ValueError where none comes: a person's own hours may leave nothing of what the municipality's do.
    """
    began = moment
    while (later := _quiet_until(moment, policy, zone, meeting_day)) is not None:
        moment = later
        if moment - began > _LONGEST_WAIT:
            raise ValueError("no hour is left to write in")
    return moment


def _quiet_until(moment: datetime, policy: Policy, zone: str, meeting_day: date | None) -> datetime | None:
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date()
    for quiet in (policy.quiet_hours, policy.own_hours):
        hours = quiet.on(day, policy.days) if quiet else None
        if hours is None:
            continue
        until = hours.quiet_until(local.time()) if hours.serves(day, meeting_day) else time()
        if until is not None:
            return at_wall(day + DAY if until == time() else day, until, zone)
    return None


@lru_cache(maxsize=_REMEMBERED)
def settle(when: datetime, off_closed: ClosedDay, policy: Policy, zone: str, meeting_day: date | None = None) -> datetime:
    """The moment, in UTC, at which a message meant for `when` leaves: off closed days first, then out of quiet hours.

    The clock time stays as it was meant. Where quiet hours are off, closed days move nothing either.
    """
    when = when.astimezone(UTC)
    if policy.quiet_hours.off:
        return open_from(when, policy, zone, meeting_day)
    local = when.astimezone(ZoneInfo(zone))
    day = _open_day(local.date(), off_closed, policy, meeting_day)
    moved = when if day == local.date() else at_wall(day, local.time(), zone)
    return open_from(moved, policy, zone, meeting_day)


def _open_day(day: date, off_closed: ClosedDay, policy: Policy, meeting_day: date | None) -> date:
    """A closed day is open for a meeting on it or the next where its quiet hours leave room for just that."""
    hours = policy.quiet_hours.on(day, policy.days)
    if not policy.days.is_closed(day) or (hours and hours.meetings and hours.serves(day, meeting_day)):
        return day
    match off_closed:
        case ClosedDay.BACK:
            return policy.days.open_before(day)
        case ClosedDay.FORWARD:
            return policy.days.open_from(day)
        case ClosedDay.STAY:
            return day
