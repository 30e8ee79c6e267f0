"""A programme as it is written: in a municipality's file, and in the database, where each version stays as it was."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from medvind.errors import FieldFault, InvalidError
from medvind.model import ClosedDay, Topic
from medvind.rules.ladders import Offset, Repeat, spell_span
from medvind.rules.programme_fields import CHECK_INS, STEP, WHOLE, WORD, Field, shown
from medvind.rules.steps import OWN, TEXTS, CheckIns, Programme, Step, waiting_word

FILE = "programme"
"""The part of a file that is the file itself."""
MOST_STEPS = 100
_PARTS = ("cohorts", "check_ins", "waiting_words", "steps")
_VALUES = {"closed_days": "closed"}
_REQUIRED = {name for name, field in STEP.items() if field.required}


class Reader:
    """Reads the parts of a programme and gathers every fault of them. Without `texts` any text is taken as it is written."""

    def __init__(self, texts: Collection[str] = ()) -> None:
        self.faults: list[FieldFault] = []
        self._texts = texts

    def programme(self, data: Mapping[str, Any]) -> Programme:
        """The programme, as far as it can be read; whoever asks looks at `faults` first."""
        given = self._fields(FILE, data, WHOLE)
        words = [self._word(number, one) for number, one in enumerate(self._tables("waiting_words", data), 1)]
        steps = [self._step(number, one) for number, one in enumerate(self._tables("steps", data), 1)]
        read = tuple(step for step in (*words, *steps) if step is not None)
        return Programme(given.get("name", ""), read, self._check_ins(data["check_ins"]) if "check_ins" in data else None)

    def fault(self, part: str, field: str, problem: str, cure: str) -> None:
        """One more thing wrong."""
        self.faults.append(FieldFault(part, field, problem, cure))

    def _tables(self, name: str, data: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Each in square brackets twice; anything else is no list of tables."""
        tables = data.get(name, [])
        cure = f"Begin each with a line [[{name}]], and write at most {MOST_STEPS}."
        if not isinstance(tables, list) or len(tables) > MOST_STEPS or not all(isinstance(one, Mapping) for one in tables):
            self.fault(FILE, name, "no list of tables, or too long a one", cure)
            return []
        return tables

    def _check_ins(self, data: object) -> CheckIns | None:
        if not isinstance(data, Mapping):
            self.fault(FILE, "check_ins", "no table", "Begin it with a line [check_ins].")
            return None
        return CheckIns(**self._fields("check_ins", data, CHECK_INS))

    def _word(self, number: int, data: Mapping[str, Any]) -> Step | None:
        part = f"waiting word {number}"
        given = self._fields(part, data, WORD)
        return waiting_word(**given) if {"days", "text"} <= given.keys() else None

    def _step(self, number: int, data: Mapping[str, Any]) -> Step | None:
        name = data.get("name")
        part = f"step {shown(name)}" if isinstance(name, str) and name.isidentifier() else f"step {number}"
        given = self._fields(part, data, STEP)
        repeat = self._repeat(part, data, given)
        if not given.keys() >= _REQUIRED:
            return None
        words, offset = TEXTS.get(given["text"]), given["offset"]
        usual = {"topic": words.topic if words else Topic.ENCOURAGEMENT, "closed": _usual_closed(offset)}
        return Step(**{**usual, **given}, repeat=repeat)

    def _repeat(self, part: str, data: Mapping[str, Any], given: dict[str, Any]) -> Repeat | None:
        """Takes the three fields that say it out of those given."""
        once = "repeat" not in data or ("repeat" in given and given["repeat"] is None)
        rhythm, count, until = (given.pop(field, None) for field in ("repeat", "count", "until"))
        if count is not None and until is not None:
            self.fault(part, "count", "stands beside until", "Keep one of the two.")
        elif once and (count is not None or until is not None):
            field = "until" if count is None else "count"
            self.fault(part, field, "the step goes once", f"Write how often under repeat, or leave {field} out.")
        return Repeat(rhythm, count, until) if rhythm else None

    def _fields(self, part: str, data: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
        """What could be read, under the names of the values that are made of it."""
        parts = _PARTS if part == FILE else ()
        for name in data:
            if name not in fields and name not in parts:
                known = Field(str, f"There are {', '.join((*fields, *parts))}.", known=(*fields, *parts))
                self.fault(part, shown(name), "no such field", known.cure_of(name))
        found = {}
        for name, field in fields.items():
            if name not in data:
                if field.required:
                    self.fault(part, name, "missing", field.cure)
                continue
            try:
                found[_VALUES.get(name, name)] = field.read(data[name])
            except ValueError as error:
                self.fault(part, name, str(error), field.cure_of(data[name]))
        text = found.get("text")
        if text is not None and self._texts and text not in self._texts:
            self.fault(part, "text", f"'{shown(text)}' is no text that a programme can use", fields["text"].cure_of(text))
        return found


def _usual_closed(offset: Offset) -> ClosedDay:
    """What is meant for a moment stays; what comes before a date goes back, and what comes after one forward."""
    if offset.unit.exact:
        return ClosedDay.STAY
    return ClosedDay.BACK if offset.before else ClosedDay.FORWARD


def restore(name: str, data: Mapping[str, Any]) -> Programme:
    """A version from the database. Raises InvalidError where this Medvind can't read it."""
    reader = Reader()
    programme = reader.programme({**data, "name": name})
    if reader.faults:
        raise InvalidError(f"a stored programme: {reader.faults[0]}")
    return programme


def spell(programme: Programme) -> dict[str, Any]:
    """All of it but the name, with every default said: what `restore` reads, in every version of Medvind to come."""
    words = [step for step in programme.steps if step.kind != OWN]
    spelled: dict[str, Any] = {
        "waiting_words": [{"days": step.offset.amount, "text": step.text, "clock": f"{step.clock:%H:%M}"} for step in words],
        "steps": [_spell_step(step) for step in programme.steps if step.kind == OWN],
    }
    if programme.check_ins:
        every = programme.check_ins
        spelled["check_ins"] = {"first": str(every.first), "every": str(every.every), "clock": f"{every.clock:%H:%M}"}
    return spelled


def _spell_step(step: Step) -> dict[str, Any]:
    spelled: dict[str, Any] = {
        "name": step.name,
        "milestone": step.milestone,
        "offset": str(step.offset),
        "text": step.text,
        "clock": f"{step.clock:%H:%M}",
        "topic": step.topic.value,
        "priority": step.priority,
        "valid": spell_span(step.valid),
        "late": step.late.value,
        "when": str(step.when),
        "closed_days": step.closed.value,
    }
    if step.repeat:
        spelled["repeat"] = str(step.repeat.rhythm)
        spelled |= {"count": step.repeat.count} if step.repeat.count else {}
        spelled |= {"until": step.repeat.until.isoformat()} if step.repeat.until else {}
    return spelled | ({"ladder": step.ladder} if step.ladder else {})
