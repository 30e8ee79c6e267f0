"""How the text of a setting is read: numbers, steps before a day, days of closing. What raises ValueError says the fault."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar

from medvind.rules.hours import OFF

_STEP = re.compile(r"(?P<amount>[0-9]{1,3})(?P<unit>[mhd])")
_COUNT = re.compile(r"[0-9]{1,5}")
_CLOSING = re.compile(r"(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2}")
_LEAP_YEAR = 2028
_LAST_WEEK = 53
_MOST_CLOSING_DAYS, _MOST_HOLIDAY_WEEKS = 60, 26

T = TypeVar("T")

LONGEST_LEAD = timedelta(days=60)
_LONGEST_WARNING = 120
_SHORTEST_NOTICE, _LONGEST_NOTICE = timedelta(minutes=30), timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a meeting's ladder: so many minutes, hours or days before the start."""

    amount: int
    unit: Literal["m", "h", "d"]

    @property
    def length(self) -> timedelta:
        """How long before the start; days are counted on the calendar, so for them it only orders."""
        match self.unit:
            case "m":
                return timedelta(minutes=self.amount)
            case "h":
                return timedelta(hours=self.amount)
            case "d":
                return timedelta(days=self.amount)

    def __str__(self) -> str:
        """As it stands in the setting and in keys."""
        return f"{self.amount}{self.unit}"


def read_lead_days(text: str) -> tuple[int, ...]:
    """Days before a deadline on which it is told, the longest first."""
    return tuple(sorted(_steps(text, _lead), reverse=True))


def _lead(word: str) -> int:
    return _number(word, 0, LONGEST_LEAD.days)


def read_warning_days(text: str) -> tuple[int, ...]:
    """The same for a coach, who is warned earlier and never on the day itself."""
    return tuple(sorted(_steps(text, lambda word: _number(word, 1, _LONGEST_WARNING)), reverse=True))


def _number(word: str, least: int, most: int) -> int:
    if not _COUNT.fullmatch(word) or not least <= int(word) <= most:
        raise ValueError(f"'{word}' is no whole number from {least} to {most}")
    return int(word)


def read_ladder(text: str) -> tuple[Step, ...]:
    """The steps before a meeting, the longest first."""
    return tuple(sorted(_steps(text, _step), key=lambda step: step.length, reverse=True))


def _step(word: str) -> Step:
    found = _STEP.fullmatch(word)
    if found:
        step = Step(int(found["amount"]), "m" if found["unit"] == "m" else "h" if found["unit"] == "h" else "d")
        least, most = (timedelta(days=1), LONGEST_LEAD) if step.unit == "d" else (_SHORTEST_NOTICE, _LONGEST_NOTICE)
        if least <= step.length <= most:
            return step
    raise ValueError(f"'{word}' is none of 30m to 720m, 1h to 12h, 1d to {LONGEST_LEAD.days}d")


def _steps(text: str, read: Callable[[str], T]) -> list[T]:
    """The steps of a ladder; `off` is one without any."""
    words = text.split()
    if not words:
        raise ValueError(f"it is empty; '{OFF}' turns it off")
    steps: list[T] = []
    for word in words if words != [OFF] else []:
        step = read(word)
        if step in steps:
            raise ValueError("a step is said twice")
        steps.append(step)
    return steps


def from_to(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number in these bounds."""
    return lambda text: _number(text.strip(), least, most)


def or_off(least: int, most: int) -> Callable[[str], int | None]:
    """Reads a whole number in these bounds; `off` is None."""
    return lambda text: None if text.strip() == OFF else _number(text.strip(), least, most)


def read_closing_days(text: str) -> tuple[date | tuple[int, int], ...]:
    """Days of every year as month and day, and single days."""
    return tuple(_at_most(_MOST_CLOSING_DAYS, _steps(text, _closing_day)))


def _closing_day(word: str) -> date | tuple[int, int]:
    if _CLOSING.fullmatch(word):
        every_year = word.count("-") == 1
        try:
            day = date.fromisoformat(f"{_LEAP_YEAR}-{word}" if every_year else word)
        except ValueError:
            pass
        else:
            return (day.month, day.day) if every_year else day
    raise ValueError(f"'{word}' is neither a day of every year, like 12-24, nor one day, like 2026-12-28")


def read_weeks(text: str) -> frozenset[int]:
    """Weeks of the year, by their number."""
    return frozenset(_at_most(_MOST_HOLIDAY_WEEKS, _steps(text, lambda word: _number(word, 1, _LAST_WEEK))))


def _at_most(most: int, steps: list[T]) -> list[T]:
    """Some days must be left to work and to write on."""
    if len(steps) > most:
        raise ValueError(f"these are more than {most}")
    return steps
