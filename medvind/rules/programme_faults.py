"""What can't be meant in a programme that can be read: steps that land nowhere, and texts that would not be true."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from medvind.errors import FieldFault
from medvind.rules.ladders import Every
from medvind.rules.programme_file import FILE, Reader
from medvind.rules.steps import LAST_CALL, MANY, MEETING, OWN, SUPPORT_END, TEXTS, VAT_DEADLINE, Programme, Step

_BEFORE_ALONE = frozenset({VAT_DEADLINE, MEETING})
"""What is said of them announces them, so it comes before."""


def look_at(data: Mapping[str, Any]) -> tuple[Programme, list[FieldFault]]:
    """The programme of these tables and everything wrong with it. What could not be read is not blamed a second time."""
    reader = Reader(TEXTS)
    programme = reader.programme(data)
    unread = {(fault.part, fault.field) for fault in reader.faults}
    meant = [fault for fault in _faults_of(programme) if (fault.part, fault.field) not in unread]
    return programme, [*reader.faults, *(fault for fault in meant if fault.part != FILE or not unread)]


def _faults_of(programme: Programme) -> Iterator[FieldFault]:
    if not programme.steps and not programme.check_ins:
        yield FieldFault(FILE, "steps", "nothing in it is ever sent", "Write check_ins, waiting_words or steps.")
    times_named = Counter(step.name for step in programme.steps)
    ladders = {step.ladder: step for step in reversed(programme.steps) if step.ladder}
    for step in programme.steps:
        if times_named.pop(step.name, 1) > 1:
            yield _fault(step, "name", "stands twice", "Each step has its own name: its messages are known by it.")
        yield from _of_place(step)
        yield from _of_rhythm(step)
        yield from _of_text(step)
        yield from _of_ladder(step, ladders)


def part_of(step: Step) -> str:
    """How a fault names the step."""
    return f"step {step.name}" if step.kind == OWN else f"waiting word of {step.offset.amount} days"


def _fault(step: Step, field: str, problem: str, cure: str) -> FieldFault:
    return FieldFault(part_of(step), field, problem, cure)


def _of_place(step: Step) -> Iterator[FieldFault]:
    """An offset lands nowhere where there is nothing to count from, or nothing left to be in time for."""
    offset = step.offset
    if offset.unit.exact and step.milestone != MEETING:
        problem = f"'{offset}' lands nowhere: {step.milestone} is a day and has no time of day"
        yield _fault(step, "offset", problem, "Count in days and write a clock, or hang the step on meeting.")
    elif offset.before and not offset.amount:
        too_late = step.milestone in {VAT_DEADLINE, SUPPORT_END} and step.clock >= LAST_CALL
        if offset.unit.exact or too_late:
            problem = f"'{offset}' lands nowhere: by then it is too late to be in time"
            yield _fault(step, "offset", problem, f"Write an earlier offset, or a clock before {LAST_CALL:%H:%M}.")


def _of_rhythm(step: Step) -> Iterator[FieldFault]:
    repeat = step.repeat
    if repeat is None:
        return
    exact = isinstance(repeat.rhythm, Every) and repeat.rhythm.unit.exact
    if repeat.count is None and (exact or step.milestone in MANY):
        why = f"'{repeat.rhythm}'" if exact else f"on each {step.milestone}"
        yield _fault(step, "count", f"missing, and {why} never ends", "Write how many times in all.")


def _of_text(step: Step) -> Iterator[FieldFault]:
    """A text goes only where it is true whenever it leaves."""
    words = TEXTS.get(step.text)
    if words is None:
        return
    if words.of and words.of != step.milestone:
        yield _fault(step, "text", f"{step.text} speaks of {words.of}", f"Hang the step on {words.of}, or use another text.")
    elif words.of in _BEFORE_ALONE and not step.offset.before:
        yield _fault(step, "text", f"{step.text} announces what is over by then", "Write an offset before, or another text.")
    elif words.over and step.offset.before:
        yield _fault(step, "text", f"{step.text} tells of what is not there before", "Write an offset after, or another text.")
    if words.waiting and not step.when.waiting:
        yield _fault(step, "when", f"{step.text} is true only while somebody waits", "Write 'waiting'.")


def _of_ladder(step: Step, ladders: dict[str, Step]) -> Iterator[FieldFault]:
    """A ladder is told one step after the other: each names the next."""
    if not step.ladder:
        if step.kind == OWN and step.name in ladders:
            yield _fault(step, "name", "a ladder is called so too", "Call one of them otherwise.")
        return
    first = ladders[step.ladder]
    if step.repeat:
        yield _fault(step, "repeat", "a step of a ladder goes once", "Leave repeat out, or leave the ladder.")
    if (step.milestone, step.when) != (first.milestone, first.when):
        cure = "Give all its steps the same milestone and the same when."
        yield _fault(step, "ladder", f"step {first.name} of it hangs on another milestone or has another condition", cure)
