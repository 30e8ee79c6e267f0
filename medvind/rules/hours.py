"""Quiet hours: when nothing is sent, by weekday, as the municipality or a person spells them."""

import re
from dataclasses import dataclass
from datetime import date, time

from medvind.rules.calendar import OpenDays

OFF = "off"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOLIDAYS = "holidays"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_ENTRY = re.compile(rf"(?P<days>\S+) (?:all|(?P<begin>{_CLOCK})-(?P<end>{_CLOCK})(?P<meetings> meetings)?)")


@dataclass(frozen=True, slots=True)
class Hours:
    """When one day is quiet: from `begin` to `end`, over midnight where that is earlier; without both, the whole day.

    With `meetings` the rest of the day is open only for a meeting on that or the next day.
    """

    begin: time | None = None
    end: time | None = None
    meetings: bool = False

    def serves(self, day: date, meeting_day: date | None) -> bool:
        """Whether these hours leave anything of this day open for a message about a meeting on `meeting_day` (None: other)."""
        if self.begin is None:
            return False
        return not self.meetings or (meeting_day is not None and 0 <= (meeting_day - day).days <= 1)

    def quiet_until(self, clock: time) -> time | None:
        """Until when it is quiet at this time of a day that they serve; None: it isn't; midnight: for the rest of the day."""
        if self.begin is None or self.end is None:
            return time()
        if self.begin < self.end:
            return self.end if self.begin <= clock < self.end else None
        if clock < self.end:
            return self.end
        return time() if clock >= self.begin else None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nothing is sent, by weekday from Monday on; None: never quiet. A holiday's hours replace those of its weekday."""

    week: tuple[Hours | None, ...] = (None,) * 7
    holidays: Hours | None = None
    off: bool = False

    def on(self, day: date, days: OpenDays) -> Hours | None:
        """The quiet hours of this day."""
        if self.holidays is not None and days.is_holiday(day):
            return self.holidays
        return self.week[day.weekday()]


def read_quiet_hours(text: str) -> QuietHours:
    """From `mon-fri 20:00-08:00; sun all`, or `off`. Raises ValueError with what is wrong."""
    if text.strip() == OFF:
        return QuietHours(off=True)
    by_day: dict[str, Hours] = {}
    for entry in text.split(";"):
        days, hours = _entry(" ".join(entry.split()))
        if by_day.keys() & days:
            raise ValueError(f"{' and '.join(sorted(by_day.keys() & days))} said twice")
        by_day |= dict.fromkeys(days, hours)
    quiet = QuietHours(tuple(by_day.get(day) for day in _DAYS), by_day.get(_HOLIDAYS))
    if not any(hours is None or hours.serves(date.min, None) for hours in quiet.week):
        raise ValueError("no hour of the week is left to send in")
    return quiet


def _entry(entry: str) -> tuple[frozenset[str], Hours]:
    found = _ENTRY.fullmatch(entry)
    if not found:
        raise ValueError(f"'{entry}' is neither 'days all' nor 'days HH:MM-HH:MM', with 'meetings' after it or not")
    if found["begin"] is None:
        return _days(found["days"]), Hours()
    if found["begin"] == found["end"]:
        raise ValueError(f"'{entry}' begins when it ends; a whole day is 'all'")
    begin, end = time.fromisoformat(found["begin"]), time.fromisoformat(found["end"])
    return _days(found["days"]), Hours(begin, end, meetings=found["meetings"] is not None)


def _days(text: str) -> frozenset[str]:
    if text == _HOLIDAYS:
        return frozenset({text})
    first, _, last = text.partition("-")
    last = last or first
    if first not in _DAYS or last not in _DAYS:
        raise ValueError(f"'{text}' is no day; days are {', '.join(_DAYS)}, a range of them, and {_HOLIDAYS}")
    begin, end = _DAYS.index(first), _DAYS.index(last)
    if begin > end:
        raise ValueError(f"'{text}' runs over the end of the week; say it as two")
    return frozenset(_DAYS[begin : end + 1])
