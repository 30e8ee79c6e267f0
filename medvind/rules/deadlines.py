"""VAT: when each return is due (Momsloven § 57, moved to the next bank day by Opkrævningsloven § 2), and when it is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import zip_longest

from medvind.model import Ask, ClosedDay, Doubt, Duty, PersonFacts, Topic, VatPeriod, Why
from medvind.rules.calendar import DAY, add_months, at_wall, bank_day_from
from medvind.rules.policy import LONGEST_LEAD, Policy

_MONTHS = {VatPeriod.MONTHLY: 1, VatPeriod.QUARTERLY: 3, VatPeriod.HALF_YEARLY: 6}
_AFTER_END = timedelta(days=200)
"""No return is due later than this after its period, even in a year with special dates."""
_MARGIN = timedelta(days=14)
"""An alert is never moved further back than this."""

_CLOCK, _LAST_CALL = time(9), time(20)
_URGENT = 3

SpecialDates = Mapping[tuple[VatPeriod, date], date]
SPECIAL_DATES: SpecialDates = {}
"""Deadlines that a law has moved for one period, by period type and the period's last day. They win over the rule."""


@dataclass(frozen=True, slots=True)
class VatDeadline:
    """One return: its period, and the last day on which it is on time."""

    period: VatPeriod
    name: str
    start: date
    end: date
    deadline: date


def vat_deadlines(period: VatPeriod, first: date, last: date, special: SpecialDates = SPECIAL_DATES) -> Iterator[VatDeadline]:
    """The returns whose period ends from `first` to `last`, both included. Checked for deadlines from late 2016 on."""
    found = _containing(period, first)
    while found.end <= last:
        yield _moved(found, special)
        found = _containing(period, found.end + DAY)


def _moved(found: VatDeadline, special: SpecialDates) -> VatDeadline:
    return replace(found, deadline=special.get((found.period, found.end), found.deadline))


@lru_cache
def _containing(period: VatPeriod, day: date) -> VatDeadline:
    months = _MONTHS[period]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    end = add_months(start, months) - DAY
    match period:
        case VatPeriod.MONTHLY:
            name = f"{start:%Y-%m}"
            due = date(start.year, 8, 17) if start.month == 6 else add_months(start, 1).replace(day=25)  # noqa: PLR2004 - June
        case VatPeriod.QUARTERLY:
            name, due = f"{start.year}Q{end.month // months}", add_months(start, 5)
        case VatPeriod.HALF_YEARLY:
            name, due = f"{start.year}H{end.month // months}", add_months(start, 8)
    return VatDeadline(period, name, start, end, bank_day_from(due))


def _last_return(period: VatPeriod, last_day: date, special: SpecialDates) -> VatDeadline:
    """The return of the period in which a business closed; closed in the first half of a half-year, by the quarter's date."""
    found = _containing(period, last_day)
    quarter = _containing(VatPeriod.QUARTERLY, last_day)
    early = period == VatPeriod.HALF_YEARLY and quarter.end < found.end
    return replace(found, deadline=_moved(quarter, special).deadline) if early else _moved(found, special)


def _returns(facts: PersonFacts, first: date, last: date, special: SpecialDates) -> Mapping[str, VatDeadline]:
    """What this business must file, by name, for periods that end from `first` to `last`, and the last one where it closed.

    A period counts as the type that holds on its last day.
    """
    found: dict[str, VatDeadline] = {}
    registrations = sorted(facts.vat, key=lambda registration: registration.since)
    for current, following in zip_longest(registrations, registrations[1:]):
        if current.period is None:
            continue
        holds_until = following.since - DAY if following else last
        returns = list(vat_deadlines(current.period, max(current.since, first), min(holds_until, last), special))
        if following and following.period is None and current.since <= holds_until:
            returns.append(_last_return(current.period, holds_until, special))
        found |= {each.name: each for each in returns}
    return found


def owed(
    facts: PersonFacts, policy: Policy, since: datetime, until: datetime, special: SpecialDates = SPECIAL_DATES
) -> Iterator[Duty]:
    """What VAT asks of this person. A zero return is due too, so every period counts until it is said to be done."""
    first, last = since.date() - DAY, until.date() + LONGEST_LEAD + _MARGIN
    for name, due in _returns(facts, first - _AFTER_END, last, special).items():
        if name not in facts.done and first <= due.deadline <= last:
            for lead in policy.vat_lead_days:
                yield _alert(due, lead, facts.zone)


def _alert(due: VatDeadline, lead: int, zone: str) -> Duty:
    """Valid to the last call on the day itself: a deadline in the past is never announced."""
    deadline = due.deadline.isoformat()
    urgent = lead <= _URGENT
    return Duty(
        kind="vat",
        key=f"vat:{due.name}:{lead}d",
        chain=f"vat:{due.name}",
        when=at_wall(due.deadline - timedelta(lead), _CLOCK, zone),
        valid_until=at_wall(due.deadline, _LAST_CALL, zone),
        text=_text(lead),
        why=Why("why_vat", {"period": due.name, "deadline": deadline, "lead": str(lead)}),
        doubt=Doubt.A if urgent else Doubt.B,
        topic=Topic.DEADLINES,
        priority=2 if urgent else 4,
        subject={"period": due.name, "deadline": deadline},
        asks=Ask.VAT,
        open_until=at_wall(due.deadline + DAY, time(), zone),
        off_closed=ClosedDay.BACK if lead else ClosedDay.STAY,
    )


_TEXTS = {0: "vat_0", 3: "vat_2", 10: "vat_7", LONGEST_LEAD.days: "vat_14"}
"""By the most days before for which each text is true."""


def _text(lead: int) -> str:
    return next(text for most, text in _TEXTS.items() if lead <= most)
