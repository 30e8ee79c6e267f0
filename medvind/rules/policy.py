"""What a municipality decides: each setting with its default, its meaning and how its text is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from medvind.errors import FieldError
from medvind.model import Language
from medvind.rules.calendar import OpenDays
from medvind.rules.contacts import read_crisis_numbers, read_email, read_phone
from medvind.rules.danger_phrases import OFF_EXAMPLE, OWN_EXAMPLE, DangerWords, read_danger_off, read_danger_words
from medvind.rules.decided import (
    Step,
    from_to,
    or_off,
    read_closing_days,
    read_ladder,
    read_lead_days,
    read_warning_days,
    read_weeks,
)
from medvind.rules.due_dates import SpecialDeadlines, TaxDays
from medvind.rules.entered import KNOWN_TAX_DAYS, SPECIAL_YEAR, read_special_deadlines, read_tax_days
from medvind.rules.hours import OFF, QuietHours, read_quiet_hours
from medvind.rules.private_matters import OFF_EXAMPLE as PRIVATE_OFF_EXAMPLE
from medvind.rules.private_matters import OWN_EXAMPLE as PRIVATE_EXAMPLE
from medvind.rules.private_matters import PrivateWords, read_private_off, read_private_words
from medvind.rules.steps import Programme

_MOST_MONTHS = 60
_MOST_SEGMENTS = 99_999
_MOST_ORE = 9999

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """All decisions that the rules need. Ladders begin with the longest lead. Only itself is the same, so it is quick to find.

    `made_of` tells two of them apart. `own_hours` are one person's, beside the municipality's. `text_lengths`: by language
    and text, the units that its longest form fills in an SMS; a text that isn't there fills one alone. `programmes` are those
    that a cohort follows, by row. `texts` marks the municipality's own words: another mark, other words.
    """

    quiet_hours: QuietHours
    vat_lead_days: tuple[int, ...]
    meeting_ladder: tuple[Step, ...]
    meeting_chase: int | None = None
    days: OpenDays = field(default_factory=OpenDays)
    daily_messages: int = 2
    weekly_messages: int = 4
    join_minutes: int = 60
    b_tax_bank_days: tuple[int, ...] = ()
    tax_return_lead_days: tuple[int, ...] = ()
    eu_list_lead_days: tuple[int, ...] = ()
    special_deadlines: SpecialDeadlines = field(default_factory=SpecialDeadlines)
    tax_days: TaxDays = field(default_factory=dict)
    support_months: int = 6
    support_lead_days: tuple[int, ...] = ()
    support_warning_days: tuple[int, ...] = ()
    own_hours: QuietHours | None = None
    made_of: str = ""
    text_lengths: Mapping[tuple[Language, str], int] = field(default_factory=dict)
    programmes: Mapping[int, Programme] = field(default_factory=dict)
    texts: str = ""
    duty_phone: str = ""
    duty_email: str = ""
    daily_segments: int | None = None
    segment_price: int | None = None
    crisis_numbers: str = ""
    danger: DangerWords = field(default_factory=DangerWords)
    private: PrivateWords = field(default_factory=PrivateWords)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One decision: its name, what holds until somebody decides, how its text is read, what it means."""

    key: str
    default: str
    parse: Callable[[str], T_co]
    says: str
    example: str = ""

    def read(self, values: Mapping[str, str]) -> T_co:
        """What was decided, or the default. Raises FieldError, which names the setting, the fault and an example."""
        try:
            return self.parse(values.get(self.key, self.default))
        except ValueError as error:
            raise FieldError(
                self.key, "{reason}. For example: {example}", reason=str(error), example=self.example or self.default
            ) from error


_QUIET = Setting(
    "quiet_hours",
    "mon-fri 20:00-08:00; sat 18:00-10:00 meetings; sun all; holidays all",
    read_quiet_hours,
    "When nothing is sent, by weekday, local time; with 'meetings' the rest of the day is only for a meeting on that or the "
    "next day; 'off' sends at any hour and on any day",
)
_VAT = Setting("lead_days.vat", "14 7 2 0", read_lead_days, "Days before a VAT deadline on which it is told; 'off' for none")
_LADDER = Setting(
    "meeting_ladder",
    "7d 1d 2h",
    read_ladder,
    "Days, hours (h) or minutes (m) before a meeting at which it is told; 'off' for none",
)
_CHASE = Setting(
    "meeting_chase", "3", or_off(2, 10), "Open days before a meeting on which the silent are asked once more; 'off': never"
)
_DUTY_PHONE = Setting("duty_phone", "", read_phone, "The number in texts where a coach has none", "+45 20 12 34 56")
_DUTY_EMAIL = Setting("duty_email", "", read_email, "Who is written to when no coach can be", "vagt@kommune.example")
_CRISIS = Setting(
    "crisis_numbers", "Livslinien 70 201 201", read_crisis_numbers, "Who helps in danger besides 112, one or more"
)
_DANGER = Setting("danger_words", "", read_danger_words, "Words of danger of your own, beside the shipped list", OWN_EXAMPLE)
_DANGER_OFF = Setting("danger_off", "", read_danger_off, "Those of the shipped list that do not count here", OFF_EXAMPLE)
_PRIVATE = Setting(
    "private_words", "", read_private_words, "What is too private to be written, beside the shipped list", PRIVATE_EXAMPLE
)
_PRIVATE_OFF = Setting("private_off", "", read_private_off, "Those of that list that do not count here", PRIVATE_OFF_EXAMPLE)

_CLOSING_DAYS = Setting(
    "closing_days",
    "06-05 12-24 12-31",
    read_closing_days,
    "Days on which the town hall is closed beside the public holidays: of every year, like 12-24, or one, like 2026-12-28",
)
_WEEKS = Setting(
    "holiday_weeks",
    "28 29 30 31",
    read_weeks,
    "Weeks of the year that count for no work: working days are counted without them, messages go on; 'off' for none",
)
_DAILY = Setting("daily_messages", "2", from_to(1, 99), "Automatic messages to one person a day at most; the urgent always go")
_WEEKLY = Setting("weekly_messages", "4", from_to(1, 99), "The same a week, from Monday to Sunday")
_JOIN = Setting(
    "join_minutes", "60", from_to(0, 720), "What is due within so many minutes becomes one message, or waits so long; 0: never"
)
_B_TAX = Setting(
    "lead_days.b_tax", "3", read_lead_days, "Bank days before a B-tax instalment on which it is told; 'off' for none"
)
_TAX_RETURN = Setting("lead_days.tax_return", "28 7", read_lead_days, "Days before 1 July on which the tax return is told")
_EU_LIST = Setting(
    "lead_days.eu_list", OFF, read_lead_days, "Days before an EU list on which it is told to who sells there", "7 0"
)
_SPECIAL = Setting(
    "special_deadlines",
    OFF,
    read_special_deadlines,
    "Deadlines that a law has moved: the kind, a VAT period's last day or a B-tax instalment's 20th, and the day that counts",
    SPECIAL_YEAR,
)
_TAX_DAYS = Setting("tax_days", KNOWN_TAX_DAYS, read_tax_days, "Days that the tax agency sets each year, as far as known")
_VAT_FEE = Setting("vat_late_fee", "1400", from_to(0, 9999), "DKK for a VAT return that is missing; no message says it")
_MONTHS = Setting("support_months", "6", from_to(1, _MOST_MONTHS), "Months of support from the start of the business on")
_SUPPORT = Setting("lead_days.support", "42 14", read_lead_days, "Days before the support ends on which the person is told")
_SUPPORT_COACH = Setting("lead_days.support_coach", "90 60 30", read_warning_days, "The same for the coach's list")

DAILY_SEGMENTS = Setting(
    "daily_sms_segments",
    "2000",
    or_off(0, _MOST_SEGMENTS),
    "SMS segments a day over all; then the rest waits for the next day, but for answers and the urgent; 'off': no limit",
)

_PRICE = Setting(
    "sms_price",
    OFF,
    or_off(0, _MOST_ORE),
    "What an SMS segment costs, in øre, to be shown; 'off': nobody has said",
    "35",
)

SETTINGS: tuple[Setting[object], ...] = (
    *(_QUIET, _CLOSING_DAYS, _WEEKS, _DAILY, _WEEKLY, _JOIN, _LADDER, _CHASE),
    *(_VAT, _B_TAX, _TAX_RETURN, _EU_LIST, _SPECIAL, _TAX_DAYS, _VAT_FEE),
    *(_MONTHS, _SUPPORT, _SUPPORT_COACH, _DUTY_PHONE, _DUTY_EMAIL, DAILY_SEGMENTS, _PRICE, _CRISIS, _DANGER, _DANGER_OFF),
    *(_PRIVATE, _PRIVATE_OFF),
)


def policy_from(values: Mapping[str, str]) -> Policy:
    """The decisions over the defaults. A text that can't be read raises FieldError."""
    closing = _CLOSING_DAYS.read(values)
    return Policy(
        quiet_hours=_QUIET.read(values),
        vat_lead_days=_VAT.read(values),
        meeting_ladder=_LADDER.read(values),
        meeting_chase=_CHASE.read(values),
        days=OpenDays(
            yearly=frozenset(day for day in closing if isinstance(day, tuple)),
            once=frozenset(day for day in closing if isinstance(day, date)),
            holiday_weeks=_WEEKS.read(values),
        ),
        daily_messages=_DAILY.read(values),
        weekly_messages=_WEEKLY.read(values),
        join_minutes=_JOIN.read(values),
        b_tax_bank_days=_B_TAX.read(values),
        tax_return_lead_days=_TAX_RETURN.read(values),
        eu_list_lead_days=_EU_LIST.read(values),
        special_deadlines=_SPECIAL.read(values),
        tax_days=_TAX_DAYS.read(values),
        support_months=_MONTHS.read(values),
        support_lead_days=_SUPPORT.read(values),
        support_warning_days=_SUPPORT_COACH.read(values),
        duty_phone=_DUTY_PHONE.read(values),
        duty_email=_DUTY_EMAIL.read(values),
        daily_segments=DAILY_SEGMENTS.read(values),
        segment_price=_PRICE.read(values),
        crisis_numbers=_CRISIS.read(values),
        danger=DangerWords(_DANGER.read(values), _DANGER_OFF.read(values)),
        private=PrivateWords(_PRIVATE.read(values), _PRIVATE_OFF.read(values)),
        made_of=repr(sorted(values.items())),
    )
