"""VAT: what a business must file, and when it is told of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from medvind.model import Ask, ClosedDay, Doubt, Duty, Milestone, PersonFacts, Topic, VatPeriod, VatRegistration, Why
from medvind.rules.calendar import DAY, at_wall
from medvind.rules.decided import LONGEST_LEAD
from medvind.rules.due_dates import NONE_MOVED, SpecialDates, VatDeadline, eu_list_deadline, moved, vat_period
from medvind.rules.policy import Policy

_AFTER_END = timedelta(days=75)
"""No return is due later than this after its period, where no law has moved it."""
_MARGIN = timedelta(days=14)
"""An alert is never moved further back than this."""

_CLOCK, _LAST_CALL = time(9), time(20)
_URGENT = 3


def returns_due(facts: PersonFacts, first: date, last: date, special: SpecialDates = NONE_MOVED) -> Iterator[VatDeadline]:
    """What this business must file by a day from the first to the last, both included, whether or not it is done.

    Where a business that closed files twice in one half-year, by different days, the second return is called `2026H1@2`.
    """
    if not facts.vat:
        return
    ends = [end for (_, end), day in special.items() if first <= day <= last]
    told: dict[str, date] = {}
    for due in _filed(facts.vat, min([first - _AFTER_END, *ends]), last, special):
        name = due.name if told.get(due.name, due.deadline) == due.deadline else f"{due.name}@2"
        if name not in told and first <= due.deadline <= last:
            yield due if name == due.name else replace(due, name=name)
        told[name] = due.deadline


def _filed(registrations: Sequence[VatRegistration], first: date, last: date, special: SpecialDates) -> Iterator[VatDeadline]:
    """The returns that cover each registered day once, from the half-year of `first` on: at its start all periods begin.

    A period counts as the type that holds on its last day, and so does what is left over of a longer one that it cuts short.
    """
    history = list({one.since: one for one in sorted(registrations, key=lambda one: one.since)}.values())
    day, place = max(history[0].since, vat_period(VatPeriod.HALF_YEARLY, first).start), 0
    while day <= last:
        while place + 1 < len(history) and history[place + 1].since <= day:
            place += 1
        period, following = history[place].period, history[place + 1] if place + 1 < len(history) else None
        if period is None:
            day = following.since if following else date.max
            continue
        found = vat_period(period, day)
        if following is None or following.since > found.end:
            yield moved(found, special)
            day = found.end + DAY
        elif following.period is None:
            yield _last_return(period, following.since - DAY, special)
            day = following.since
        else:
            place += 1


def _last_return(period: VatPeriod, last_day: date, special: SpecialDates) -> VatDeadline:
    """The return of the period in which a business closed; closed in the first half of a half-year, by the quarter's date."""
    found = vat_period(period, last_day)
    quarter = vat_period(VatPeriod.QUARTERLY, last_day)
    early = period == VatPeriod.HALF_YEARLY and quarter.end < found.end
    return replace(found, deadline=moved(quarter, special).deadline) if early else moved(found, special)


def owed(facts: PersonFacts, policy: Policy, since: datetime, until: datetime) -> Iterator[Duty]:
    """What VAT asks of this person. A zero return is due too, so every period counts until it is said to be done.

    Sales to other EU countries are listed by the month, only where there were any, so that nobody is asked whether it is done.
    """
    first = since.date() - DAY
    if facts.vat and policy.vat_lead_days:
        last = until.date() + timedelta(policy.vat_lead_days[0]) + _MARGIN
        for due in returns_due(facts, first, last, policy.special_deadlines.vat):
            if due.name not in facts.done:
                for lead in policy.vat_lead_days:
                    yield _alert("vat", due.name, due.deadline, lead, facts.zone, _text(due, lead, facts), Ask.VAT)
    if facts.sells_to_eu and policy.eu_list_lead_days:
        last = until.date() + timedelta(policy.eu_list_lead_days[0]) + _MARGIN
        for name, deadline in _lists_due(facts, first, last):
            for lead in policy.eu_list_lead_days:
                yield _alert("eu_list", name, deadline, lead, facts.zone, "eu_list", Ask.CALL)


def _lists_due(facts: PersonFacts, first: date, last: date) -> Iterator[tuple[str, date]]:
    """The months whose list is due from the first to the last day, by name: those at whose end the business is registered."""
    month = vat_period(VatPeriod.MONTHLY, first - _AFTER_END)
    while (deadline := eu_list_deadline(month.end)) <= last:
        if first <= deadline and _registered(facts, month.end):
            yield month.name, deadline
        month = vat_period(VatPeriod.MONTHLY, month.end + DAY)


def _registered(facts: PersonFacts, day: date) -> bool:
    holding = [one for one in facts.vat if one.since <= day]
    return bool(holding) and max(holding, key=lambda one: one.since).period is not None


@lru_cache(maxsize=4096)
def _alert(kind: str, name: str, deadline: date, lead: int, zone: str, text: str, asks: Ask | None = None) -> Duty:
    """Valid to the last call on the day itself: a deadline in the past is never announced. The same for all whom it meets."""
    urgent = lead <= _URGENT
    subject = {"period": name, "deadline": deadline.isoformat()}
    return Duty(
        kind=kind,
        key=f"{kind}:{name}:{lead}d",
        chain=f"{kind}:{name}",
        when=at_wall(deadline - timedelta(lead), _CLOCK, zone),
        valid_until=at_wall(deadline, _LAST_CALL, zone),
        text=text,
        why=Why(f"why_{kind}", {**subject, "lead": str(lead)}),
        doubt=Doubt.A if urgent else Doubt.B,
        topic=Topic.DEADLINES,
        priority=2 if urgent else 4,
        subject=subject,
        asks=asks,
        open_until=at_wall(deadline + DAY, time(), zone) if asks else None,
        off_closed=ClosedDay.BACK if lead else ClosedDay.STAY,
    )


_TEXTS = {0: "vat_0", 3: "vat_2", 10: "vat_7", LONGEST_LEAD.days: "vat_14"}
"""By the most days before for which each text is true."""


def _text(due: VatDeadline, lead: int, facts: PersonFacts) -> str:
    """Where the business had not started by the period's end no sale is known, and half-way a zero return is what to say."""
    text = next(text for most, text in _TEXTS.items() if lead <= most)
    started = facts.milestones.get(Milestone.BUSINESS_STARTED)
    return "vat_zero" if text == "vat_7" and (started is None or started > due.end) else text
