"""A day that somebody names in passing: `i morgen`, `på fredag`. Whether it is the meeting's is told by the calendar alone."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from medvind.rules.vocabulary import WEEKDAYS

_WEEK = 7
_WEEKDAYS = {name: number % _WEEK for number, name in enumerate(WEEKDAYS.split(", "))}
_AHEAD = {
    ("i", "dag"): 0,
    ("i", "morgen"): 1,
    ("i", "overmorgen"): 2,
    ("i", "aften"): 0,
    ("i", "eftermiddag"): 0,
    ("i", "formiddag"): 0,
}
_HOURS = frozenset(
    {"kl", "klokken", "efter", "foer", "mellem", "formiddag", "formiddagen", "eftermiddag", "eftermiddagen", "aften", "uge"}
    | {"senere", "after", "before", "later", "week", "at"}
)
_ENGLISH = {"today": 0, "tonight": 0, "tomorrow": 1}


def names_a_day(tokens: Sequence[str]) -> bool:
    """Whether a day is named here at all."""
    return bool(_ahead(tokens) or _weekdays(tokens))


def names_a_time(tokens: Sequence[str]) -> bool:
    """Whether a day or an hour is named here; `now` and `when you can` are none."""
    return names_a_day(tokens) or not _HOURS.isdisjoint(tokens)


def is_the_day(tokens: Sequence[str], said_on: date, meeting: date) -> bool:
    """Whether all days that are named here are the meeting's, and there is one; a weekday is the next of its name."""
    ahead = _ahead(tokens) + [(weekday - said_on.weekday()) % _WEEK for weekday in _weekdays(tokens)]
    return bool(ahead) and all(said_on + timedelta(days) == meeting for days in ahead)


def may_be_the_day(tokens: Sequence[str], said_on: date, meeting: date) -> bool:
    """The same of a day that the question has named already: there `torsdag` is that Thursday, however far ahead it is."""
    weekdays = all(weekday == meeting.weekday() for weekday in _weekdays(tokens))
    return weekdays and all(said_on + timedelta(days) == meeting for days in _ahead(tokens))


def _ahead(tokens: Sequence[str]) -> list[int]:
    pairs = [days for pair, days in _AHEAD.items() if pair in pairwise(tokens)]
    return pairs + [_ENGLISH[token] for token in tokens if token in _ENGLISH]


def _weekdays(tokens: Sequence[str]) -> list[int]:
    return [_WEEKDAYS[token] for token in tokens if token in _WEEKDAYS]
