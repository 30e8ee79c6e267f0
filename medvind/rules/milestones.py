"""The days and moments of one person that a step of a programme can hang on, by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from medvind.model import Milestone, PersonFacts, Rsvp, Subject, Why
from medvind.rules.calendar import DAY, at_wall
from medvind.rules.deadlines import returns_due
from medvind.rules.policy import Policy
from medvind.rules.steps import LAST_CALL, MEETING, SUPPORT_END, VAT_DEADLINE
from medvind.rules.support import support_ends


@dataclass(frozen=True, slots=True)
class Anchor:
    """One day that a step hangs on, local; a meeting has its start too.

    `name` tells it from the others of its kind. After `over` a message before it is not true any longer. Nobody could know
    of it before `known`. `subject` and `why` are those of the messages about it.
    """

    day: date
    over: datetime
    why: Why
    name: str = ""
    start: datetime | None = None
    known: datetime | None = None
    subject: Subject = field(default_factory=dict)


Source = Callable[[PersonFacts, Policy, date, date], Iterator[Anchor]]
"""Those from the first to the last day, both included, at least."""


def anchors(milestone: str, facts: PersonFacts, policy: Policy, first: date, last: date) -> Iterator[Anchor]:
    """What this person has of that name. A date that doesn't recur is there whenever it was."""
    if milestone in _SOURCES:
        yield from _SOURCES[milestone](facts, policy, first, last)
        return
    name = Milestone(milestone)
    day = facts.milestones.get(name)
    if day is not None:
        yield Anchor(day, at_wall(day + DAY, time(), facts.zone), Why(f"why_step_{name}", {"day": day.isoformat()}))


def _support_end(facts: PersonFacts, policy: Policy, _first: date, _last: date) -> Iterator[Anchor]:
    """An extended end is another one, so that its own ladder goes out."""
    end = support_ends(facts, policy)
    if end is not None:
        day = end.isoformat()
        why = Why("why_step_support_end", {"day": day})
        yield Anchor(end, at_wall(end, LAST_CALL, facts.zone), why, name=day, subject={"deadline": day})


def _vat_deadlines(facts: PersonFacts, policy: Policy, first: date, last: date) -> Iterator[Anchor]:
    """A return that is said to be done is none any longer."""
    for due in returns_due(facts, first, last, policy.special_deadlines.vat):
        if due.name not in facts.done:
            subject = {"period": due.name, "deadline": due.deadline.isoformat()}
            over = at_wall(due.deadline, LAST_CALL, facts.zone)
            yield Anchor(due.deadline, over, Why("why_vat", subject), name=due.name, subject=subject)


def _meetings(facts: PersonFacts, _policy: Policy, _first: date, _last: date) -> Iterator[Anchor]:
    """Not those that are called off, nor those to which the person has said no. A moved one is another."""
    for meeting in facts.meetings:
        if meeting.cancelled or meeting.rsvp == Rsvp.NO:
            continue
        start = meeting.starts_at.astimezone(UTC)
        name = meeting.external_id if meeting.sequence == 1 else f"{meeting.external_id}@{meeting.sequence}"
        yield Anchor(
            day=meeting.starts_at.date(),
            over=start,
            why=Why("why_meeting", {"start": meeting.starts_at.isoformat(), "step": "step"}),
            name=name,
            start=start,
            known=meeting.known_since,
            subject={"meeting": meeting.id, "sequence": str(meeting.sequence)},
        )


_SOURCES: Mapping[str, Source] = {SUPPORT_END: _support_end, VAT_DEADLINE: _vat_deadlines, MEETING: _meetings}
