"""A programme as data: the steps that hang on a person's own dates, and the rhythm of the check-ins. And the shipped one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cached_property

from medvind.model import Ask, ClosedDay, Late, Milestone, Topic
from medvind.rules.ladders import Every, Offset, Repeat, Unit

SUPPORT_END, VAT_DEADLINE, MEETING = "support_end", "vat_deadline", "meeting"
MILESTONES = (*(name.value for name in Milestone), SUPPORT_END, VAT_DEADLINE, MEETING)
"""All that a step can hang on: the dates of a person, the last day of support, each VAT deadline, each meeting's start."""
MANY = frozenset({VAT_DEADLINE, MEETING})
"""Those of which a person has several."""
USUAL_CLOCK, USUAL_VALID = time(10), timedelta(days=3)
LAST_CALL = time(20)
"""Until then a message before a date is still of use on the day itself."""
OWN, WAITING_WORD = "step", "waiting_word"
"""The kinds of message that come of a programme."""
_WAITING = "waiting"
_AFTER_COURSE, _WEEKLY = Offset(3, Unit.DAY), Every(7, Unit.DAY)


@dataclass(frozen=True, slots=True)
class Words:
    """A text that a step may use: its usual topic, the question that it asks, and what it speaks of.

    With `waiting` it is true only while somebody waits; with `of` it goes with that milestone alone, with `over` not before
    that day.
    """

    topic: Topic = Topic.ENCOURAGEMENT
    asks: Ask | None = None
    of: str | None = None
    waiting: bool = False
    over: bool = False


TEXTS: Mapping[str, Words] = {
    "no_news": Words(waiting=True),
    "waiting_30": Words(waiting=True),
    "small_step": Words(waiting=True),
    "milestone": Words(of=Milestone.BUSINESS_STARTED),
    "waiting_start": Words(of=Milestone.COURSE_ENDED, waiting=True, over=True),
    "payout_done": Words(of=Milestone.PAID_OUT, over=True),
    "vat_14": Words(Topic.DEADLINES, Ask.VAT, VAT_DEADLINE),
    "vat_7": Words(Topic.DEADLINES, Ask.VAT, VAT_DEADLINE),
    "meeting_days_before": Words(Topic.MEETINGS, Ask.RSVP, MEETING),
    "meeting_two_hours": Words(Topic.MEETINGS, None, MEETING),
}
"""Texts that stay true whenever they leave. Answers and promises of a call aren't among them: nothing would follow."""


@dataclass(frozen=True, slots=True)
class When:
    """Under what condition a step is owed: always, while the person waits, or until the date of a milestone is known."""

    waiting: bool = False
    until: Milestone | None = None

    def __str__(self) -> str:
        """As it stands in a file."""
        return f"until {self.until}" if self.until else _WAITING if self.waiting else "always"


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a programme.

    `clock` is local and holds for days and more; minutes and hours count from the very moment. `valid` is how long it is
    true after it leaves. Steps of one `ladder` end each other. `closed` is where it goes off closed days.
    """

    name: str
    milestone: str
    offset: Offset
    text: str
    clock: time = USUAL_CLOCK
    repeat: Repeat | None = None
    topic: Topic = Topic.ENCOURAGEMENT
    priority: int = 5
    valid: timedelta = USUAL_VALID
    late: Late = Late.NOW
    when: When = When()
    closed: ClosedDay = ClosedDay.FORWARD
    ladder: str = ""
    kind: str = OWN

    @property
    def key(self) -> str:
        """The name under which it is owed; what has several occurrences adds which."""
        return f"waiting:{self.name}" if self.kind == WAITING_WORD else f"step:{self.name}"

    @property
    def chain(self) -> str:
        """What it shares with the other steps of its ladder."""
        return _WAITING if self.kind == WAITING_WORD else f"step:{self.ladder or self.name}"


@dataclass(frozen=True, slots=True)
class CheckIns:
    """How often it is asked how things go, while somebody waits: first so long after the course, then every so many days."""

    first: Offset = _AFTER_COURSE
    every: Every = _WEEKLY
    clock: time = USUAL_CLOCK


@dataclass(frozen=True)
class Programme:
    """All that a programme has to say of its own. Deadlines and meetings speak for themselves beside it."""

    name: str
    steps: tuple[Step, ...] = ()
    check_ins: CheckIns | None = None

    @cached_property
    def ladders(self) -> tuple[tuple[Step, ...], ...]:
        """The steps by ladder, each in the order in which they are meant; a step of its own is one alone."""
        found: dict[str, list[Step]] = {}
        for step in self.steps:
            found.setdefault(step.chain, []).append(step)
        return tuple(tuple(sorted(steps, key=_distance)) for steps in found.values())


def _distance(step: Step) -> tuple[timedelta, time]:
    return -step.offset.span if step.offset.before else step.offset.span, step.clock


def waiting_word(days: int, text: str, clock: time = USUAL_CLOCK) -> Step:
    """A word on where things stand, so many days after the course, while the money has not come."""
    return Step(
        name=f"{days}d",
        milestone=Milestone.COURSE_ENDED,
        offset=Offset(days, Unit.DAY),
        text=text,
        clock=clock,
        when=When(waiting=True),
        kind=WAITING_WORD,
    )


SHIPPED = Programme(
    "Medvind",
    (
        waiting_word(20, "no_news"),
        waiting_word(30, "waiting_30"),
        Step("milestone", Milestone.BUSINESS_STARTED, Offset(1, Unit.MONTH), "milestone"),
        Step("payout_done", Milestone.PAID_OUT, Offset(0, Unit.DAY), "payout_done", valid=timedelta(days=7), late=Late.SKIP),
    ),
    CheckIns(),
)
"""What holds for everybody whose cohort follows no other."""
