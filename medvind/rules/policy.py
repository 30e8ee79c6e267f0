"""What a municipality decides: each setting with its default, its meaning and how its text is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Generic, Literal, TypeVar

from medvind.errors import InvalidError
from medvind.rules.calendar import is_holiday

OFF = "off"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOLIDAYS = "holidays"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_ENTRY = re.compile(rf"(?P<days>\S+) (?:all|(?P<begin>{_CLOCK})-(?P<end>{_CLOCK})(?P<meetings> meetings)?)")
_STEP = re.compile(r"(?P<amount>[0-9]{1,3})(?P<unit>[mhd])")
_LEAD = re.compile(r"[0-9]{1,2}")
_COUNT = re.compile(r"[0-9]{1,4}")
_PHONE = re.compile(r"\+[0-9]{8,15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}\.[^@\s]{1,63}")

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LONGEST_LEAD = timedelta(days=60)
_SHORTEST_NOTICE, _LONGEST_NOTICE = timedelta(minutes=30), timedelta(hours=12)


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

    def on(self, day: date) -> Hours | None:
        """The quiet hours of this day."""
        if self.holidays is not None and is_holiday(day):
            return self.holidays
        return self.week[day.weekday()]


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


@dataclass(frozen=True, slots=True)
class Policy:
    """All decisions that the rules need. Ladders begin with the longest lead."""

    quiet_hours: QuietHours
    vat_lead_days: tuple[int, ...]
    meeting_ladder: tuple[Step, ...]
    duty_phone: str = ""
    duty_email: str = ""


def _quiet_hours(text: str) -> QuietHours:
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


def _lead_days(text: str) -> tuple[int, ...]:
    return tuple(sorted(_steps(text, _lead), reverse=True))


def _lead(word: str) -> int:
    if not _LEAD.fullmatch(word) or int(word) > LONGEST_LEAD.days:
        raise ValueError(f"'{word}' is no number of days from 0 to {LONGEST_LEAD.days}")
    return int(word)


def _ladder(text: str) -> tuple[Step, ...]:
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


def _phone(text: str) -> str:
    number = "".join(text.split())
    if number and not _PHONE.fullmatch(number):
        raise ValueError("it is no number with its country code")
    return number


def _email(text: str) -> str:
    address = text.strip()
    if address and not _EMAIL.fullmatch(address):
        raise ValueError("it is no mail address")
    return address


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text.strip()):
        raise ValueError(f"'{text}' is no whole number from 0 to 9999")
    return int(text)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One decision: its name, what holds until somebody decides, how its text is read, what it means.

    Not `followed`: it is kept and checked, but no rule reads it yet, and whoever decides is told so.
    """

    key: str
    default: str
    parse: Callable[[str], T_co]
    says: str
    example: str = ""
    followed: bool = True

    def read(self, values: Mapping[str, str]) -> T_co:
        """What was decided, or the default. Raises InvalidError, which names the setting, the fault and an example."""
        try:
            return self.parse(values.get(self.key, self.default))
        except ValueError as error:
            raise InvalidError(f"{self.key}: {error}. For example: {self.example or self.default}") from error


_QUIET = Setting(
    "quiet_hours",
    "mon-fri 20:00-08:00; sat 18:00-10:00 meetings; sun all; holidays all",
    _quiet_hours,
    "When nothing is sent, by weekday, local time; with 'meetings' the rest of the day is only for a meeting on that or the "
    "next day; 'off' sends at any hour and on any day",
)
_VAT = Setting("lead_days.vat", "14 7 2 0", _lead_days, "Days before a VAT deadline on which it is told; 'off' for none")
_LADDER = Setting(
    "meeting_ladder", "7d 1d 2h", _ladder, "Days, hours (h) or minutes (m) before a meeting at which it is told; 'off' for none"
)
_DUTY_PHONE = Setting("duty_phone", "", _phone, "The number in texts where a coach has none", "+45 20 12 34 56")
_DUTY_EMAIL = Setting("duty_email", "", _email, "Who is written to when no coach can be", "vagt@kommune.example")

_DAILY = Setting("daily_messages", "2", _count, "Automatic messages to one person a day at most", followed=False)
_WEEKLY = Setting("weekly_messages", "4", _count, "The same a week", followed=False)
_JOIN = Setting(
    "join_minutes", "60", _count, "What is due within so many minutes becomes one message; 0 for never", followed=False
)

SETTINGS: tuple[Setting[object], ...] = (_QUIET, _VAT, _LADDER, _DUTY_PHONE, _DUTY_EMAIL, _DAILY, _WEEKLY, _JOIN)


def policy_from(values: Mapping[str, str]) -> Policy:
    """The decisions over the defaults. A text that can't be read raises InvalidError."""
    return Policy(
        quiet_hours=_QUIET.read(values),
        vat_lead_days=_VAT.read(values),
        meeting_ladder=_LADDER.read(values),
        duty_phone=_DUTY_PHONE.read(values),
        duty_email=_DUTY_EMAIL.read(values),
    )
