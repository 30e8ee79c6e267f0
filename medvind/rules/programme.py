"""What a programme's own steps ask: so long before or after a date of the person, once or again and again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from medvind.model import Doubt, Duty, Late, Milestone, PersonFacts, Subject, Why
from medvind.rules.calendar import DAY, at_wall
from medvind.rules.ladders import Every, Unit, times
from medvind.rules.milestones import Anchor, anchors
from medvind.rules.policy import Policy
from medvind.rules.sending import settle
from medvind.rules.steps import MANY, MEETING, OWN, SHIPPED, TEXTS, Programme, Step

_LOOK_BACK = timedelta(days=14)
"""Longer than a message waits for an open day."""


def programme_of(facts: PersonFacts, policy: Policy) -> Programme:
    """The one that the person's cohort follows, else the one that Medvind brings."""
    return policy.programmes.get(facts.programme, SHIPPED)


def owed(facts: PersonFacts, policy: Policy, since: datetime, until: datetime) -> Iterator[Duty]:
    """The steps whose condition holds. One that goes once is there whenever it was meant; of the others, those of this time.

    The first after `until` is among them: it ends the last before.
    """
    for ladder in programme_of(facts, policy).ladders:
        going = [step for step in ladder if _holds(step, facts)]
        if going:
            yield from _Ladder(going, facts, policy).duties(since, until)


def _holds(step: Step, facts: PersonFacts) -> bool:
    if step.when.until is not None:
        return step.when.until not in facts.milestones
    return facts.waiting or not step.when.waiting


@dataclass(frozen=True, slots=True)
class _Meant:
    """One message of a step: when it is meant, when it leaves, and which time it is."""

    step: Step
    when: datetime
    leaves: datetime
    number: int = 1


@dataclass(frozen=True, slots=True)
class _Ladder:
    """Steps of one person that end each other, and that hang on the same milestone."""

    steps: Sequence[Step]
    facts: PersonFacts
    policy: Policy

    def duties(self, since: datetime, until: datetime) -> Iterator[Duty]:
        """By anchor: the ladder of one meeting or one period has nothing to do with that of another."""
        milestone = self.steps[0].milestone
        reach = self._reach(since, until) if milestone in MANY else (date.min, date.max)
        for anchor in anchors(milestone, self.facts, self.policy, *reach):
            meant = [one for step in self.steps for one in self._meant(step, anchor, since, until)]
            for one, following in zip_longest(meant, meant[1:]):
                if not (one.step.late == Late.SKIP and anchor.known and one.when < anchor.known):
                    yield self._duty(one, anchor, following)

    def _reach(self, since: datetime, until: datetime) -> tuple[date, date]:
        """Between which days those lie that something of this time can hang on, where there are many."""
        behind, ahead = timedelta(), timedelta()
        for step in self.steps:
            lasts = step.offset.span + step.valid + _LOOK_BACK + ((step.repeat and step.repeat.span) or timedelta())
            behind, ahead = max(behind, lasts), max(ahead, step.offset.span)
        return (since - behind).date() - DAY, (until + ahead).date() + DAY

    def _meant(self, step: Step, anchor: Anchor, since: datetime, until: datetime) -> Iterator[_Meant]:
        first = self._first(step, anchor)
        if step.repeat is None:
            yield _Meant(step, first, self._leaves(step, first, anchor))
            return
        for number, when in times(first, step.repeat, self.facts.zone, since - step.valid - _LOOK_BACK, until):
            yield _Meant(step, when, self._leaves(step, when, anchor), number)

    def _first(self, step: Step, anchor: Anchor) -> datetime:
        if step.offset.unit.exact and anchor.start is not None:
            return step.offset.moment_from(anchor.start)
        return at_wall(step.offset.day_from(anchor.day, self.policy.days), step.clock, self.facts.zone)

    def _leaves(self, step: Step, when: datetime, anchor: Anchor) -> datetime:
        return settle(when, step.closed, self.policy, self.facts.zone, _meeting_day(step, anchor))

    def _duty(self, one: _Meant, anchor: Anchor, following: _Meant | None) -> Duty:
        step = one.step
        several = [anchor.name] if anchor.name else []
        numbered = [str(one.number)] if step.repeat else []
        until = one.leaves + step.valid
        words = TEXTS.get(step.text)
        return Duty(
            kind=step.kind,
            key=":".join([step.key, *several, *numbered]),
            chain=":".join([step.chain, *several]),
            when=one.when,
            valid_until=min(until, anchor.over) if step.offset.before else until,
            text=step.text,
            why=_why(one, anchor),
            doubt=Doubt.B,
            topic=step.topic,
            priority=step.priority,
            subject={**anchor.subject, **self._says(one, following)},
            asks=words.asks if words else None,
            open_until=anchor.over if words and words.asks else None,
            off_closed=step.closed,
            meeting_day=_meeting_day(step, anchor),
            late=step.late,
        )

    def _says(self, one: _Meant, following: _Meant | None) -> Subject:
        """What its text may name: the next of the ladder on the day on which that really leaves, and the months that passed."""
        says = {}
        if following:
            says["next_day"] = following.leaves.astimezone(ZoneInfo(self.facts.zone)).date().isoformat()
        months = months_passed(one.step, one.number)
        if months is not None:
            local = one.when.astimezone(ZoneInfo(self.facts.zone)).date()
            says |= {"months": str(months), "meant": local.isoformat()}
        return says


def months_passed(step: Step, number: int = 1) -> int | None:
    """How many months after its milestone this time of the step is meant; None where that is no whole number of them."""
    offset, rhythm = step.offset, step.repeat.rhythm if step.repeat else None
    if offset.unit != Unit.MONTH or offset.before:
        return None
    if rhythm is None:
        return offset.amount or None
    if isinstance(rhythm, Every) and rhythm.unit == Unit.MONTH:
        return (offset.amount + (number - 1) * rhythm.amount) or None
    return None


def _meeting_day(step: Step, anchor: Anchor) -> date | None:
    return anchor.day if step.milestone == MEETING else None


def _why(one: _Meant, anchor: Anchor) -> Why:
    """What is said of the wait counts its days; all else names the day that it hangs on, praise the months since then."""
    step, months = one.step, months_passed(one.step, one.number)
    if step.kind != OWN:
        return Why("why_waiting_word", {"day": anchor.day.isoformat(), "days": str(step.offset.amount)})
    if step.milestone == Milestone.BUSINESS_STARTED and months is not None:
        return Why(anchor.why.key, {**anchor.why.values, "months": str(months)})
    return anchor.why
