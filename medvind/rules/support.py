"""The months of support for starting a business: when they end, how many working days are in them, who is told when.

A disability pension goes on and has no end. What somebody lives on is confidential: no word of it stands in a message.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from medvind.model import Ask, ClosedDay, CoachWarning, Doubt, Duty, Milestone, PersonFacts, SupportType, TaskKind, Topic, Why
from medvind.rules.calendar import DAY, OpenDays, add_months, at_wall
from medvind.rules.decided import LONGEST_LEAD
from medvind.rules.policy import Policy

_CLOCK, _LAST_CALL, _OFFICE_OPENS = time(10), time(20), time(8)
_ASK_FROM = 60
"""Days before the end from which on a warning reminds the coach of asking for an extension: a decision takes its time."""


class NoEnd(StrEnum):
    """Why no last day of support can be named."""

    PENSION = "pension"
    NOT_STARTED = "not_started"
    TYPE_UNKNOWN = "type_unknown"


@dataclass(frozen=True, slots=True)
class WorkingMonth:
    """A calendar month, or the part of it that counts. `lost`: days on which others work, taken by the holiday weeks."""

    month: date
    working_days: int
    lost: int


def end_of_support(facts: PersonFacts, policy: Policy) -> date | NoEnd:
    """The last local day of support, with all extensions, or why there is none as far as we know.

    Extensions lengthen the whole time, counted from the start: their order changes nothing.
    """
    start = facts.milestones.get(Milestone.BUSINESS_STARTED)
    if facts.support_type == SupportType.DISABILITY_PENSION:
        return NoEnd.PENSION
    if start is None:
        return NoEnd.NOT_STARTED
    if facts.support_type is None:
        return NoEnd.TYPE_UNKNOWN
    return last_day(start, policy.support_months + sum(extension.months for extension in facts.extensions))


def support_ends(facts: PersonFacts, policy: Policy) -> date | None:
    """The same where it is a day; None for a pension, before a start, and while nobody has said what the person lives on."""
    end = end_of_support(facts, policy)
    return None if isinstance(end, NoEnd) else end


def last_day(start: date, months: int) -> date:
    """The last of so many months from this day on: a day less than the same day of the month, if that month has it.

    If it hasn't, its last day is the last: six months from 31 August, and from the 29th and 30th, end with February.
    """
    end = add_months(start, months)
    return end if end.day < start.day else end - DAY


def effective_working_days(first: date, last: date, policy: Policy) -> int:
    """Days to work on from the first to the last: no weekends, holidays, closing days and holiday weeks."""
    return sum(month.working_days for month in working_months(first, last, policy))


def working_months(first: date, last: date, policy: Policy) -> tuple[WorkingMonth, ...]:
    """The same month by month, so that a summer with its holiday weeks shows as the slack it is."""
    months = []
    while first <= last:
        ends = min(last, first.replace(day=monthrange(first.year, first.month)[1]))
        months.append(_month(policy.days, first, ends))
        first = ends + DAY
    return tuple(months)


@lru_cache(maxsize=4096)
def _month(days: OpenDays, first: date, last: date) -> WorkingMonth:
    """Planning asks for the same months for everybody, again and again."""
    working = days.working_days_between(first, last)
    open_days = sum(not days.is_closed(first + DAY * number) for number in range((last - first).days + 1))
    return WorkingMonth(first.replace(day=1), working, open_days - working)


def owed(facts: PersonFacts, policy: Policy, since: datetime, _until: datetime) -> Iterator[Duty]:
    """What this person is told of their period: that it got longer, and, by the ladder, that it ends."""
    end = support_ends(facts, policy)
    if end is None or (over := at_wall(end, _LAST_CALL, facts.zone)) <= since:
        return
    told = [(lead, at_wall(end - DAY * lead, _CLOCK, facts.zone)) for lead in policy.support_lead_days]
    for (lead, when), (_, following) in pairwise([*told, (0, over)]):
        yield _step(end, lead, when, following)
    if facts.extensions:
        recorded = max(extension.recorded_at for extension in facts.extensions)
        ahead = (end - DAY * lead for lead, when in told if when > recorded)
        yield _longer(end, recorded, over, next(ahead, None))


def _step(end: date, lead: int, when: datetime, following: datetime) -> Duty:
    """A date that must not be missed, so it belongs to the deadlines: one word stops them all.

    True, and open for an answer, until the next step is meant or the last day is over: never two such questions at once.
    """
    return Duty(
        kind="support_end",
        key=f"support_end:{end}:{lead}d",
        chain=f"support_end:{end}",
        when=when,
        valid_until=following,
        text=next(text for most, text in _TEXTS.items() if lead <= most),
        why=Why("why_support_end", {"deadline": end.isoformat(), "lead": str(lead)}),
        doubt=Doubt.B,
        topic=Topic.DEADLINES,
        priority=4,
        subject={"deadline": end.isoformat()},
        asks=Ask.CALL,
        open_until=following,
        off_closed=ClosedDay.BACK,
    )


_TEXTS = {21: "period_end_2w", LONGEST_LEAD.days: "period_end_6w"}
"""By the most days before for which each text fits. Both reckon the weeks anew when they are written."""


def extended_key(end: date) -> str:
    """The key of the message that tells of this new end."""
    return f"support_extended:{end}"


def _longer(end: date, recorded: datetime, over: datetime, next_day: date | None) -> Duty:
    """In the chain of the new end: a step of its ladder that was meant before says no more than this does.

    It announces the next word only where there is one.
    """
    again = {"next_day": next_day.isoformat()} if next_day else {}
    return Duty(
        kind="support_extended",
        key=extended_key(end),
        chain=f"support_end:{end}",
        when=recorded,
        valid_until=over,
        text="period_extended",
        why=Why("why_support_extended", {"deadline": end.isoformat()}),
        doubt=Doubt.B,
        topic=Topic.DEADLINES,
        priority=4,
        subject={"deadline": end.isoformat(), **again},
    )


def warnings(facts: PersonFacts, policy: Policy) -> Iterator[CoachWarning]:
    """What the coach is told: how much there is to work in as soon as the start is known, and what is left before the end.

    A start that lies ahead can still be chosen then. Of somebody enrolled after it: what is left from then on.
    """
    end = support_ends(facts, policy)
    if end is None:
        return
    enrolled_on = facts.created_at.astimezone(ZoneInfo(facts.zone)).date()
    first = max(facts.milestones[Milestone.BUSINESS_STARTED], enrolled_on)
    if first > end:
        return
    yield _warning(end, "enrolled", facts.created_at, _left(first, end, policy))
    for lead in policy.support_warning_days:
        day = end - DAY * lead
        if day > first:
            shows_at = at_wall(day, _OFFICE_OPENS, facts.zone)
            ask = {"ask": "extension"} if lead <= _ASK_FROM else {}
            yield _warning(end, f"{lead}d", shows_at, {**_left(day, end, policy), "lead": str(lead), **ask})


def _left(first: date, last: date, policy: Policy) -> dict[str, str]:
    """Working days and those lost to holiday weeks; nothing is said of the latter where there are none."""
    lost = sum(month.lost for month in working_months(first, last, policy))
    left = {"working_days": str(effective_working_days(first, last, policy))}
    return left | ({"lost": str(lost)} if lost else {})


def _warning(end: date, step: str, shows_at: datetime, says: dict[str, str]) -> CoachWarning:
    return CoachWarning(
        kind=TaskKind.SUPPORT_ENDS,
        key=f"support:{end}:{step}",
        shows_at=shows_at,
        why=Why("why_support", {"deadline": end.isoformat(), **says}),
    )
