"""Income tax: when somebody is told of B-tax, of the tax return, and of the preliminary assessment."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain

from medvind.model import Ask, ClosedDay, Doubt, Duty, Milestone, PersonFacts, Topic, Why
from medvind.rules.calendar import DAY, at_wall, bank_days_before
from medvind.rules.due_dates import TaxDate, TaxDateType, b_tax_instalments, tax_return_day
from medvind.rules.policy import Policy

_CLOCK, _LAST_CALL = time(9), time(20)
_OPENS_CLOCK = time(10)
_MARGIN = timedelta(days=14)
"""Nothing is moved further from its day than this, neither an alert nor, without a law, an instalment."""
_VALID = timedelta(days=14)


def owed(facts: PersonFacts, policy: Policy, since: datetime, until: datetime) -> Iterator[Duty]:
    """What income tax asks of this person: of the self-employed alone, and B-tax of those who are known to pay it."""
    return chain(
        _b_tax(facts, policy, since, until),
        _tax_return(facts, policy, since, until),
        _preliminary_assessment(facts, policy, since, until),
    )


def _b_tax(facts: PersonFacts, policy: Policy, since: datetime, until: datetime) -> Iterator[Duty]:
    """Each instalment of the time. Two weeks have at least seven bank days, so twice as many days reach back far enough."""
    leads = policy.b_tax_bank_days
    if not facts.pays_b_tax or not leads:
        return
    first, last = since.date() - DAY, until.date() + timedelta(2 * leads[0]) + _MARGIN
    special = policy.special_deadlines.b_tax
    early = min([first - _MARGIN, *(meant for meant, counts in special.items() if first <= counts <= last)])
    for due in b_tax_instalments(early, last, special):
        if first <= due.deadline <= last:
            for lead in leads:
                yield _instalment(due, lead, facts.zone, urgent=lead == leads[-1])


@lru_cache(maxsize=4096)
def _instalment(due: TaxDate, lead: int, zone: str, *, urgent: bool) -> Duty:
    """Leads are bank days, since the money needs them. Nobody is asked whether it is paid. The same for all who pay."""
    name, deadline = f"{due.nominal:%Y-%m}", due.deadline.isoformat()
    return Duty(
        kind="b_tax",
        key=f"b_tax:{name}:{lead}d",
        chain=f"b_tax:{name}",
        when=at_wall(bank_days_before(due.deadline, lead), _CLOCK, zone),
        valid_until=at_wall(due.deadline, _LAST_CALL, zone),
        text="b_tax",
        why=Why("why_b_tax", {"deadline": deadline, "lead": str(lead)}),
        doubt=Doubt.A if urgent else Doubt.B,
        topic=Topic.DEADLINES,
        priority=2 if urgent else 4,
        subject={"instalment": name, "deadline": deadline},
        off_closed=ClosedDay.BACK,
    )


def _tax_return(facts: PersonFacts, policy: Policy, since: datetime, until: datetime) -> Iterator[Duty]:
    """For each tax year in which the business had started, until it is said to be done."""
    started, leads = facts.milestones.get(Milestone.BUSINESS_STARTED), policy.tax_return_lead_days
    if started is None or not leads:
        return
    first, last = since.date() - DAY, until.date() + timedelta(leads[0]) + _MARGIN
    for year in range(max(first.year - 1, started.year), last.year):
        if first <= tax_return_day(year) <= last and f"tax_return:{year}" not in facts.done:
            for lead in leads:
                yield _reminder(year, lead, facts.zone)


def _reminder(year: int, lead: int, zone: str) -> Duty:
    """Tells 1 July itself: the grace until 09:00 on a later day is for accidents."""
    name, day = f"tax_return:{year}", tax_return_day(year)
    return Duty(
        kind="tax_return",
        key=f"{name}:{lead}d",
        chain=name,
        when=at_wall(day - timedelta(lead), _CLOCK, zone),
        valid_until=at_wall(day, _LAST_CALL, zone),
        text="tax_return",
        why=Why("why_tax_return", {"year": str(year), "deadline": day.isoformat(), "lead": str(lead)}),
        doubt=Doubt.B,
        topic=Topic.DEADLINES,
        priority=4,
        subject={"period": name, "year": str(year), "deadline": day.isoformat()},
        asks=Ask.TAX_RETURN,
        open_until=at_wall(day + DAY, time(), zone),
        off_closed=ClosedDay.BACK,
    )


def _preliminary_assessment(facts: PersonFacts, policy: Policy, since: datetime, until: datetime) -> Iterator[Duty]:
    """On the day on which it opens, which somebody has to enter: no rule gives it."""
    started = facts.milestones.get(Milestone.BUSINESS_STARTED)
    for (kind, year), day in policy.tax_days.items():
        near = since.date() - _VALID - _MARGIN <= day <= until.date()
        if kind == TaxDateType.PRELIMINARY_OPENS and near and started is not None and started <= day:
            yield _opening(year, day, facts.zone)


def _opening(year: int, day: date, zone: str) -> Duty:
    over = at_wall(day + _VALID, _OPENS_CLOCK, zone)
    return Duty(
        kind="preliminary_assessment",
        key=f"preliminary_assessment:{year}",
        chain=f"preliminary_assessment:{year}",
        when=at_wall(day, _OPENS_CLOCK, zone),
        valid_until=over,
        text="preliminary_assessment",
        why=Why("why_preliminary_assessment", {"day": day.isoformat()}),
        doubt=Doubt.B,
        topic=Topic.DEADLINES,
        subject={"year": str(year)},
        asks=Ask.CALL,
        open_until=over,
        off_closed=ClosedDay.FORWARD,
    )
