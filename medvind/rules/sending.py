"""When a message may leave: quiet hours, closed days, what a later one replaces, and what a latecomer is spared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from medvind.model import ClosedDay, Duty, PersonFacts
from medvind.rules.calendar import DAY, at_wall
from medvind.rules.policy import Policy


def is_quiet(moment: datetime, policy: Policy, zone: str, meeting_day: date | None) -> bool:
    """Whether nothing may be sent now; `meeting_day` is the day of the meeting that the message is about."""
    return _quiet_until(moment, policy, zone, meeting_day) is not None


def open_from(moment: datetime, policy: Policy, zone: str, meeting_day: date | None) -> datetime:
    """This moment, or the end of the quiet hours that it lies in. A policy always leaves some hour of the week."""
    while (later := _quiet_until(moment, policy, zone, meeting_day)) is not None:
        moment = later
    return moment


def _quiet_until(moment: datetime, policy: Policy, zone: str, meeting_day: date | None) -> datetime | None:
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date()
    hours = policy.quiet_hours.on(day, policy.days)
    if hours is None:
        return None
    until = hours.quiet_until(local.time()) if hours.serves(day, meeting_day) else time()
    if until is None:
        return None
    return at_wall(day + DAY if until == time() else day, until, zone)


def settle(when: datetime, off_closed: ClosedDay, policy: Policy, zone: str, meeting_day: date | None = None) -> datetime:
    """The moment, in UTC, at which a message meant for `when` leaves: off closed days first, then out of quiet hours.

    The clock time stays as it was meant. Where quiet hours are off, closed days move nothing either.
    """
    when = when.astimezone(UTC)
    if policy.quiet_hours.off:
        return when
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


def arrange(duties: Iterable[Duty], facts: PersonFacts, policy: Policy) -> list[Duty]:
    """The same duties at the moments at which they will leave, without those that can no longer be true by then.

    Nothing here depends on the time of planning, so the same facts give the same arrangement. Hand in whole chains.
    """
    return list(_spare_latecomer(_supersede(duties, facts, policy), facts, policy))


def _supersede(duties: Iterable[Duty], facts: PersonFacts, policy: Policy) -> Iterator[Duty]:
    """Settles each, and ends each when the next of its chain leaves. Of two that fall together the one meant later stays."""
    chains: dict[str, list[tuple[datetime, datetime, Duty]]] = defaultdict(list)
    for duty in duties:
        when = settle(duty.when, duty.off_closed, policy, facts.zone, duty.meeting_day)
        chains[duty.chain].append((when, duty.when, duty))
    for steps in chains.values():
        steps.sort(key=lambda step: step[:2])
        ends = [following for _, (following, _, _) in pairwise(steps)]
        for (when, _, duty), end in zip(steps, [*ends, None], strict=True):
            valid_until = min(duty.valid_until, end) if end else duty.valid_until
            if when < valid_until:
                moved = (when, valid_until) != (duty.when, duty.valid_until)
                yield replace(duty, when=when, valid_until=valid_until) if moved else duty


def _spare_latecomer(duties: Iterable[Duty], facts: PersonFacts, policy: Policy) -> Iterator[Duty]:
    """Of all that was due before somebody joined only the weightiest still true goes, the latest of several; at once."""
    backlog = []
    for duty in duties:
        if facts.joined_at and duty.topic and duty.when < facts.joined_at:
            when = settle(facts.joined_at, ClosedDay.STAY, policy, facts.zone, duty.meeting_day)
            if when < duty.valid_until:
                backlog.append((duty.when, replace(duty, when=when)))
        else:
            yield duty
    if backlog:
        yield min(backlog, key=lambda due: (due[1].priority, -due[0].timestamp(), due[1].key))[1]
