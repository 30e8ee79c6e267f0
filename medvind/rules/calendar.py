"""Danish days: which are free, on which banks and messages rest, and what a clock on the wall means on each."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

DAY = timedelta(days=1)
_SATURDAY = 5
CLOSING_DAYS = frozenset({(6, 5), (12, 24), (12, 31)})
"""No public holidays, but banks and most town halls are closed. 1 May is not among them."""
_ASCENSION = "Kristi himmelfartsdag"


@lru_cache
def public_holidays(year: int) -> Mapping[date, str]:
    """The public holidays by their Danish names. Great Prayer Day is one up to and including 2023."""
    return MappingProxyType(dict(holidays.country_holidays("DK", years=year, language="da", expand=False)))


class Closed(StrEnum):
    """Why banks are closed on a day that is no ordinary Saturday or Sunday."""

    PUBLIC_HOLIDAY = "public_holiday"
    BANK_CLOSING_DAY = "bank_closing_day"


@lru_cache
def bank_closing_days(year: int) -> Mapping[date, Closed]:
    """The days on which banks are closed beside Saturdays and Sundays, in their order; some fall on one of those.

    No list of holidays has the Friday after Ascension Day, and banks are closed on it.
    """
    public = public_holidays(year)
    fridays = {day + DAY for day, name in public.items() if name == _ASCENSION}
    days = sorted(public.keys() | fridays | {date(year, month, day) for month, day in CLOSING_DAYS})
    return MappingProxyType({day: Closed.PUBLIC_HOLIDAY if day in public else Closed.BANK_CLOSING_DAY for day in days})


def is_bank_day(day: date) -> bool:
    """Whether banks are open, which alone decides where a deadline of the tax agency moves."""
    return day.weekday() < _SATURDAY and day not in bank_closing_days(day.year)


def bank_day_from(day: date) -> date:
    """This day, or the next one on which banks are open: deadlines never move back."""
    while not is_bank_day(day):
        day += DAY
    return day


def bank_days_before(day: date, count: int) -> date:
    """So many bank days before this day, which counts for none."""
    for _ in range(count):
        day -= DAY
        while not is_bank_day(day):
            day -= DAY
    return day


def nine_o_clock_day(day: date) -> date | None:
    """Until 09:00 on which day a tax return due on this one still counts as in time; None: there is no such grace.

    It is the next weekday, where the due day or the one after it is a Saturday, a Sunday or a public holiday
    (Skattekontrolloven § 13). Banks have no say in it.
    """
    if not (_is_day_off(day) or _is_day_off(day + DAY)):
        return None
    day += DAY
    while _is_day_off(day):
        day += DAY
    return day


def _is_day_off(day: date) -> bool:
    return day.weekday() >= _SATURDAY or day in public_holidays(day.year)


@dataclass(frozen=True, slots=True)
class OpenDays:
    """On which days messages belong and which count as working days: the town hall's calendar, not the banks'.

    `yearly` are closing days of every year as (month, day), `once` single ones; both count as holidays. `holiday_weeks` are
    ISO weeks in which nobody works; messages go on in them.
    """

    yearly: frozenset[tuple[int, int]] = CLOSING_DAYS
    once: frozenset[date] = frozenset()
    holiday_weeks: frozenset[int] = frozenset()

    def is_holiday(self, day: date) -> bool:
        """Whether this day is a public holiday or a closing day, on whatever weekday."""
        return (day.month, day.day) in self.yearly or day in self.once or day in public_holidays(day.year)

    def is_closed(self, day: date) -> bool:
        """Whether no message belongs on this day: weekend, public holiday or closing day."""
        return day.weekday() >= _SATURDAY or self.is_holiday(day)

    def is_working_day(self, day: date) -> bool:
        """Whether somebody is at work on this day: open, and in no holiday week."""
        return not self.is_closed(day) and day.isocalendar().week not in self.holiday_weeks

    def open_before(self, day: date) -> date:
        """The last open day before this one."""
        day -= DAY
        while self.is_closed(day):
            day -= DAY
        return day

    def open_days_before(self, day: date, count: int) -> date:
        """So many open days before this day, which counts for none."""
        for _ in range(count):
            day = self.open_before(day)
        return day

    def open_from(self, day: date) -> date:
        """This day if it is open, else the next one that is."""
        while self.is_closed(day):
            day += DAY
        return day

    def working_days_from(self, day: date, count: int) -> date:
        """So many working days after this day, before it where the count is negative; the day itself counts for none."""
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def at_work_by(self, last: date, after: date) -> date:
        """The last day up to this one on which somebody is at work, and `last` itself where there is none after `after`."""
        days = (last - DAY * number for number in range((last - after).days))
        return next(filter(self.is_working_day, days), last)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days there are from the first to the last, both included; 0 where the last comes first."""
        return sum(self.is_working_day(first + DAY * number) for number in range((last - first).days + 1))


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the 31st ends on the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def at_wall(day: date, clock: time, zone: str) -> datetime:
    """The moment, in UTC, at which a clock on the wall there shows this.

    A time that summer time skips becomes the first one after the gap; of a doubled one the first counts.
    """
    wall = datetime.combine(day, clock.replace(fold=0), ZoneInfo(zone))
    moment = wall.astimezone(UTC)
    if moment.astimezone(wall.tzinfo).time() == clock:
        return moment
    following = (datetime.combine(day, clock.replace(second=0, microsecond=0)) + timedelta(minutes=1)).time()
    return at_wall(day, following, zone)
