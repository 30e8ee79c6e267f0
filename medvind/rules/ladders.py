"""How far from a date a message is meant, and how often: offsets and recurrences, in the words of a programme's file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from medvind.rules.calendar import DAY, OpenDays, add_months, at_wall

MOST_TIMES = 400
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = len(WEEKDAYS)
_NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
"""A fifth one is not in every month."""

OFFSET_CURE = "Write it as '3 days after', '2 weeks before', '5 working days before' or '90 minutes before'."
REPEAT_CURE = "Write it as 'once', 'every 7 days', 'every month', 'every 30 minutes', 'first monday' or 'last friday'."


class Unit(StrEnum):
    """What is counted. Minutes and hours are real time, all else goes by the calendar on the wall."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working day"
    WEEK = "week"
    MONTH = "month"

    @property
    def exact(self) -> bool:
        """Whether it is real time, so that a night on which the clocks change is an hour longer or shorter."""
        return self in {Unit.MINUTE, Unit.HOUR}


_LENGTH = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1), Unit.DAY: DAY, Unit.WEEK: _WEEK * DAY}
_MOST = {Unit.MINUTE: 1440, Unit.HOUR: 168, Unit.DAY: 730, Unit.WORKING_DAY: 260, Unit.WEEK: 104, Unit.MONTH: 24}
_MONTH_AT_MOST = timedelta(days=31)
_UNITS = "|".join(f"{unit}s?" for unit in Unit)
_OFFSET = re.compile(rf"(?P<amount>[0-9]{{1,4}}) (?P<unit>{_UNITS}) (?P<side>before|after)")
_EVERY = re.compile(rf"every (?:(?P<amount>[0-9]{{1,4}}) )?(?P<unit>{_UNITS})")
_SPAN = re.compile(r"(?P<amount>[0-9]{1,6}) (?P<unit>minutes?|hours?|days?|weeks?)")


@dataclass(frozen=True, slots=True)
class Offset:
    """So much before a milestone or after it. 0 days before are still before: not true any longer once it is over."""

    amount: int
    unit: Unit
    before: bool = False

    def __str__(self) -> str:
        """As it stands in a file."""
        return f"{_counted(self.amount, self.unit)} {'before' if self.before else 'after'}"

    @property
    def span(self) -> timedelta:
        """At most so long it is on the calendar."""
        if self.unit == Unit.WORKING_DAY:
            return _LONGEST_REST + self.amount * 4 * DAY
        return self.amount * _LENGTH.get(self.unit, _MONTH_AT_MOST)

    def day_from(self, day: date, days: OpenDays) -> date:
        """The day that is meant, counted from this one. Not for minutes and hours.

        The 31st ends on the last day of a shorter month. Working days leave out closing days and holiday weeks; none of
        them is the day itself.
        """
        amount = -self.amount if self.before else self.amount
        match self.unit:
            case Unit.MONTH:
                return add_months(day, amount)
            case Unit.WORKING_DAY:
                return _working_days_from(days, day, amount)
            case _:
                return day + amount * _LENGTH[self.unit]

    def moment_from(self, moment: datetime) -> datetime:
        """The moment that is meant, in UTC, so much real time from this one. For minutes and hours alone."""
        span = self.amount * _LENGTH[self.unit]
        return moment.astimezone(UTC) + (-span if self.before else span)


_LONGEST_REST = timedelta(days=366)
"""Holiday weeks and closing days in a row are shorter; four calendar days hold a working day in all other weeks."""


@lru_cache(maxsize=4096)
def _working_days_from(days: OpenDays, day: date, amount: int) -> date:
    return days.working_days_from(day, amount)


def read_offset(text: str) -> Offset:
    """From `3 days after` or `1 month before`. Raises ValueError with what is wrong."""
    found = _OFFSET.fullmatch(_plain(text))
    if not found:
        raise ValueError("no distance from a date")
    unit = _unit(found["unit"])
    return Offset(_amount(found["amount"], 0, unit), unit, found["side"] == "before")


def read_span(text: str) -> timedelta:
    """How long something holds, from `36 hours` or `3 days`. Raises ValueError with what is wrong."""
    found = _SPAN.fullmatch(_plain(text))
    if not found:
        raise ValueError("no length of time")
    return int(found["amount"]) * _LENGTH[_unit(found["unit"])]


def spell_span(span: timedelta) -> str:
    """The same the other way, in the largest unit that fits."""
    unit = next(unit for unit in (Unit.DAY, Unit.HOUR, Unit.MINUTE) if not span % _LENGTH[unit])
    return _counted(span // _LENGTH[unit], unit)


@dataclass(frozen=True, slots=True)
class Every:
    """Again after so many units, counted from the first time and never from the one before: the 31st doesn't drift."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        """As it stands in a file."""
        return f"every {self.unit}" if self.amount == 1 else f"every {_counted(self.amount, self.unit)}"

    @property
    def span(self) -> timedelta:
        """At most so long from one to the next."""
        return self.amount * _LENGTH.get(self.unit, _MONTH_AT_MOST)

    def day(self, first: date, number: int) -> date:
        """The day of the time with this number, 0 for the first. Not for minutes and hours."""
        if self.unit == Unit.MONTH:
            return add_months(first, number * self.amount)
        return first + number * self.span


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The nth one of this weekday in each month, from Monday (0); -1 the last. The first is on the start's day or later."""

    nth: int
    weekday: int

    span = _MONTH_AT_MOST + _WEEK * DAY

    def __str__(self) -> str:
        """As it stands in a file."""
        return f"{next(word for word, nth in _NTH.items() if nth == self.nth)} {WEEKDAYS[self.weekday]}"

    def day(self, first: date, number: int) -> date:
        """The day of the time with this number, 0 for the first."""
        month = first.replace(day=1)
        return self._in(add_months(month, number + (self._in(month) < first)))

    def _in(self, month: date) -> date:
        begin = add_months(month, 1) if self.nth < 0 else month
        return begin + (self.nth * _WEEK + (self.weekday - begin.weekday()) % _WEEK) * DAY


@dataclass(frozen=True, slots=True)
class Repeat:
    """A rhythm and its end: after so many times, or after a local day; without either it goes on."""

    rhythm: Every | NthWeekday
    count: int | None = None
    until: date | None = None

    @property
    def span(self) -> timedelta | None:
        """At most so long from the first time to the last; None: nobody knows."""
        return None if self.count is None else self.count * self.rhythm.span


def read_rhythm(text: str) -> Every | NthWeekday | None:
    """From `every 2 weeks` or `last friday`; None for `once`. Raises ValueError with what is wrong."""
    words = _plain(text)
    if words == "once":
        return None
    nth, _, weekday = words.partition(" ")
    if nth in _NTH and weekday in WEEKDAYS:
        return NthWeekday(_NTH[nth], WEEKDAYS.index(weekday))
    found = _EVERY.fullmatch(words)
    if not found:
        raise ValueError("no rhythm")
    unit = _unit(found["unit"])
    if unit == Unit.WORKING_DAY:
        raise ValueError("working days are no rhythm")
    return Every(_amount(found["amount"] or "1", 1, unit), unit)


def times(first: datetime, repeat: Repeat, zone: str, since: datetime, until: datetime) -> Iterator[tuple[int, datetime]]:
    """Number and moment of those meant from `since` on, up to the first that is meant after `until`. The first number is 1.

    A rhythm of minutes or hours is real time; all others keep the time on the wall of that zone. What is handed out for a
    later `since` is the same, without its beginning.
    """
    local = first.astimezone(ZoneInfo(zone))
    number = _number_before(local.date(), first, repeat.rhythm, since)
    while True:
        moment = _time(first, local, repeat.rhythm, number, zone)
        past = repeat.count is not None and number >= repeat.count
        if past or (repeat.until is not None and moment.astimezone(local.tzinfo).date() > repeat.until):
            return
        if moment >= since:
            yield number + 1, moment
        if moment > until:
            return
        number += 1


def _time(first: datetime, local: datetime, rhythm: Every | NthWeekday, number: int, zone: str) -> datetime:
    if isinstance(rhythm, Every) and rhythm.unit.exact:
        return first.astimezone(UTC) + number * rhythm.span
    day = rhythm.day(local.date(), number)
    return first.astimezone(UTC) if day == local.date() else at_wall(day, local.time(), zone)


def _number_before(day: date, first: datetime, rhythm: Every | NthWeekday, since: datetime) -> int:
    """A number whose time comes before `since`, or 0: where looking begins."""
    if isinstance(rhythm, Every) and rhythm.unit.exact:
        return max(0, (since - first) // rhythm.span)
    return max(0, (since.date() - day - DAY) // rhythm.span - 1)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _unit(word: str) -> Unit:
    return Unit(word.removesuffix("s"))


def _amount(word: str, least: int, unit: Unit) -> int:
    amount = int(word)
    if not least <= amount <= _MOST[unit]:
        raise ValueError(f"{amount} is none of {least} to {_MOST[unit]} {unit}s")
    return amount


def _counted(amount: int, unit: Unit) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
