"""The fields of a programme's file: how each is read, and what to write where that fails."""

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from medvind.model import ClosedDay, Late, Milestone, Topic
from medvind.rules.ladders import (
    MOST_TIMES,
    OFFSET_CURE,
    REPEAT_CURE,
    Every,
    NthWeekday,
    Offset,
    Unit,
    read_offset,
    read_rhythm,
    read_span,
)
from medvind.rules.national_id import blank_national_id
from medvind.rules.steps import MILESTONES, TEXTS, When

LONGEST_NAME = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_SHORTEST_VALID, _LONGEST_VALID = timedelta(minutes=15), timedelta(days=30)
_LEAST_DAYS, _MOST_DAYS = 7, 91
_SHOWN = 40

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is read. `read` raises ValueError with what is wrong; `cure` says what to write.

    Where there are `known` words, the nearest of them is proposed instead.
    """

    read: Callable[[Any], Any]
    cure: str
    required: bool = False
    known: Collection[str] = ()

    def cure_of(self, value: object) -> str:
        """What to write instead of this."""
        near = difflib.get_close_matches(str(value), self.known, 1)
        return f"Did you mean {near[0]}?" if near else self.cure


def shown(value: object) -> str:
    """What somebody wrote, short and without what could be a national id."""
    return blank_national_id(" ".join(str(value).split()))[0][:_SHOWN]


def _string(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("no text")
    return " ".join(value.split())


def _named(value: object) -> str:
    name = _string(value)
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{shown(name)}' is no name of a step")
    return name


def _title(value: object) -> str:
    title = _string(value)
    if len(title) > LONGEST_NAME or not title.isprintable():
        raise ValueError(f"longer than {LONGEST_NAME} characters, or with signs that nobody sees")
    return title


def _milestone(value: object) -> str:
    name = _string(value)
    if name not in MILESTONES:
        raise ValueError(f"there is no milestone '{shown(name)}'")
    return name


def _clock(value: object) -> time:
    """A time of day to the minute; TOML has times of its own, which bring seconds."""
    if isinstance(value, time) and value == value.replace(second=0, microsecond=0):
        return value
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return time.fromisoformat(value)
    raise ValueError(f"'{shown(value)}' is no time of day")


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(_string(value))
    except ValueError:
        raise ValueError(f"'{shown(value)}' is no day") from None


def _spelled(read: Callable[[str], Any]) -> Callable[[object], Any]:
    """A spelling of the ladders; what was written is named before what is wrong with it."""

    def spell(value: object) -> Any:
        text = _string(value)
        try:
            return read(text)
        except ValueError as error:
            raise ValueError(f"'{shown(text)}': {error}") from None

    return spell


def _whole(least: int, most: int) -> Callable[[object], int]:
    def whole(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"'{shown(value)}' is no whole number from {least} to {most}")
        return value

    return whole


def _one_of(words: type[Word]) -> Callable[[object], Word]:
    def one_of(value: object) -> Word:
        if value not in list(words):
            raise ValueError(f"'{shown(value)}' is none of {', '.join(words)}")
        return words(str(value))

    return one_of


def _valid(value: object) -> timedelta:
    span: timedelta = _spelled(read_span)(value)
    if not _SHORTEST_VALID <= span <= _LONGEST_VALID:
        raise ValueError(f"'{shown(value)}' is none of 15 minutes to 30 days")
    return span


def _when(value: object) -> When:
    words = _string(value)
    kind, _, name = words.partition(" ")
    if words in {"always", "waiting"}:
        return When(waiting=words == "waiting")
    if kind != "until" or name not in list(Milestone):
        raise ValueError(f"'{shown(words)}' is no condition")
    return When(until=Milestone(name))


def _first(value: object) -> Offset:
    offset: Offset = _spelled(read_offset)(value)
    if offset.before or offset.unit.exact:
        raise ValueError(f"'{shown(value)}' is not so many days after the course")
    return offset


def _every(value: object) -> Every:
    """A question is named after its week, so no week has two."""
    rhythm: Every | NthWeekday | None = _spelled(read_rhythm)(value)
    if isinstance(rhythm, Every) and rhythm.unit in {Unit.DAY, Unit.WEEK} and _LEAST_DAYS <= rhythm.span.days <= _MOST_DAYS:
        return rhythm
    raise ValueError(f"'{shown(value)}' is not every {_LEAST_DAYS} to {_MOST_DAYS} days")


_CLOCK_CURE = "Write it as '10:00', local time."
_TEXT_CURE = f"A programme can use {', '.join(TEXTS)}."
WHOLE: Mapping[str, Field] = {"name": Field(_title, "Write how the programme is called.", required=True)}
CHECK_INS: Mapping[str, Field] = {
    "first": Field(_first, "Write it as '3 days after': the course's end is meant."),
    "every": Field(_every, "Write it as 'every 7 days' or 'every 2 weeks'."),
    "clock": Field(_clock, _CLOCK_CURE),
}
WORD: Mapping[str, Field] = {
    "days": Field(_whole(1, 365), "Write how many days after the course.", required=True),
    "text": Field(_string, _TEXT_CURE, required=True, known=tuple(TEXTS)),
    "clock": Field(_clock, _CLOCK_CURE),
}
STEP: Mapping[str, Field] = {
    "name": Field(_named, "Write small letters a to z, figures and _, at most 40, first a letter.", required=True),
    "milestone": Field(_milestone, f"A step hangs on {', '.join(MILESTONES)}.", required=True, known=MILESTONES),
    "offset": Field(_spelled(read_offset), OFFSET_CURE, required=True),
    "text": Field(_string, _TEXT_CURE, required=True, known=tuple(TEXTS)),
    "clock": Field(_clock, _CLOCK_CURE),
    "repeat": Field(_spelled(read_rhythm), REPEAT_CURE),
    "count": Field(_whole(1, MOST_TIMES), "Write how many times in all."),
    "until": Field(_day, "Write the last day, as 2027-06-30."),
    "topic": Field(_one_of(Topic), "It says which consent the step needs, and what stops it.", known=tuple(Topic)),
    "priority": Field(_whole(1, 9), "1 is the weightiest."),
    "valid": Field(_valid, "Write it as '3 days' or '36 hours': so long it is true after it leaves."),
    "late": Field(_one_of(Late), "It says what becomes of a step that is past when somebody joins.", known=tuple(Late)),
    "when": Field(_when, f"Write 'always', 'waiting' or 'until' and one of {', '.join(Milestone)}."),
    "closed_days": Field(_one_of(ClosedDay), "It says where the step goes off a weekend or a holiday.", known=tuple(ClosedDay)),
    "ladder": Field(_named, "Write the same name at each step of the ladder, spelled like the name of a step."),
}
