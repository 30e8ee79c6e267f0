"""Who takes part, as data: twelve made-up people as the programme counted them, their coaches, and how each behaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from medvind.model import ChannelName, SupportType

HOME = ZoneInfo("Europe/Copenhagen")
COHORT = "Hold 2026"


def at(day: int, month: int, clock: str) -> datetime:
    """A moment of the story, as the clock on the wall in Denmark shows it."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=HOME)


BEGINS = at(26, 2, "09:30")
COURSE_ENDS = date(2026, 2, 27)
PROMISED = date(2026, 3, 27)
PAID_OUT = date(2026, 4, 29)
DAYS = 73
"""From the last day but one of the course until eleven days after the money: summer time and Easter lie inside."""


@dataclass(frozen=True, slots=True)
class Habit:
    """On reading these words somebody answers, so many minutes later: the next of `says` each time, then no more."""

    reads: str
    says: tuple[str, ...]
    minutes: int = 25


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody writes unasked."""

    at: datetime
    says: str


@dataclass(frozen=True, slots=True)
class Coach:
    """Who follows them."""

    first_name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Persona:
    """One of the twelve. `asked_before`: the yes was given on paper, so no invitation is needed."""

    external_id: str
    first_name: str
    business_name: str
    support_type: SupportType
    coach: Coach
    phone: str
    asked_before: bool = True
    vat_registered_on: date | None = None
    dead: bool = False
    joins_telegram_at: datetime | None = None
    habits: tuple[Habit, ...] = ()
    deeds: tuple[Deed, ...] = ()

    @property
    def telegram(self) -> str:
        """The account they would use, or do."""
        return f"70010000{self.external_id.removeprefix('d')}"

    def address(self, channel: ChannelName) -> str:
        """Where they are on this channel."""
        return self.phone if channel == ChannelName.SMS else self.telegram


def invitation(says: str, minutes: int = 40) -> Habit:
    """The answer to "may we write to you?"."""
    return Habit("Må vi sende dig", (says,), minutes)


def scores(numbers: str, minutes: int = 25) -> Habit:
    """The answers to the check-ins, in their order, with blanks between; `-` leaves one unanswered."""
    return Habit("Hvordan går det med dit projekt", tuple(numbers.split()), minutes)


def meetings(words: str, minutes: int = 50) -> Habit:
    """The answers to "are you coming?", in their order, as above."""
    return Habit("Kommer du?", tuple(words.split()), minutes)


MOVED_YES = Habit("Kan du komme?", ("JA",), 15)
SECOND_TRY = Habit("Hvilket tal passer bedst", ("4",), 3)
VAT_DONE = Habit("moms", ("KLAR",), 180)

KARIN = Coach("Karin", "karin@kommune.example", "+4501009001")
MIKKEL = Coach("Mikkel", "mikkel@kommune.example", "+4501009002")
COACHES = (KARIN, MIKKEL)
DUTY_PHONE = "+4501009009"
"""Of whoever is on duty: told where neither a coach nor a deputy is there to read."""

PENSION, CASH, SICKNESS = SupportType.DISABILITY_PENSION, SupportType.CASH_BENEFIT, SupportType.SICKNESS_BENEFIT

CAST: Sequence[Persona] = (
    Persona(
        *("d01", "Amina", "Aminas Syværksted", CASH, KARIN, "+4501000001"),
        habits=(scores("4 4 5 4 4 4 3 4 5 5"), meetings("JA JA JA"), MOVED_YES),
    ),
    Persona(
        *("d02", "Bo", "Bos Cykler", PENSION, KARIN, "+4501000002"),
        habits=(scores("5 4 4 3 3 3 2 2 1 -", 70), meetings("JA JA -"), MOVED_YES),
    ),
    Persona(
        *("d03", "Camilla", "Camillas Keramik", CASH, KARIN, "+4501000003"),
        habits=(scores("4 3"), meetings("JA")),
    ),
    Persona(
        *("d04", "Dennis", "Dennis Have og Hegn", CASH, KARIN, "+4501000004"),
        asked_before=False,
        habits=(invitation("NEJ", 130),),
    ),
    Persona(
        *("d05", "Emine", "Emines Køkken", CASH, MIKKEL, "+4501000005"),
        asked_before=False,
        joins_telegram_at=at(5, 3, "11:00"),
        habits=(invitation("Ja tak"), scores("4 5 4 4 5 4 4 5 4 5", 8), meetings("JA JA JA", 5), MOVED_YES),
    ),
    Persona(
        *("d06", "Frank", "Franks Møbler", PENSION, KARIN, "+4501000006"),
        habits=(scores("3 4 4 3 4 4 4 3 4 4", 200), meetings("JA NEJ JA"), Habit("Vil du ringes op?", ("RING",), 4)),
    ),
    Persona(
        *("d07", "Gitte", "Gittes Garn", PENSION, KARIN, "+4501000007"),
        habits=(scores("4 4 4 3 3 3 4 3 4 4"), meetings("JA JA JA"), MOVED_YES),
        deeds=(Deed(at(30, 3, "14:10"), "hvornår kommer pengene?"), Deed(at(10, 4, "20:45"), "jeg mangler et papir")),
    ),
    Persona(
        *("d08", "Hassan", "Hassans Madvogn", CASH, MIKKEL, "+4501000008"),
        habits=(scores("4 3 3 4 4 4 4"), meetings("JA JA")),
        deeds=(Deed(at(18, 3, "19:20"), "STOP"), Deed(at(13, 4, "08:15"), "START")),
    ),
    Persona(
        *("d09", "Ida", "Idas Hundepasning", SICKNESS, MIKKEL, "+4501000009"),
        asked_before=False,
        habits=(invitation("ja", 90), scores("fire 3 fint 4 tre 4 4 4 5 4", 15), SECOND_TRY, meetings("JA JA JA"), MOVED_YES),
    ),
    Persona(*("d10", "Jens", "Jens Gårdbutik", PENSION, MIKKEL, "+4501000010"), dead=True),
    Persona(
        *("d11", "Karen", "Karens Naturpleje", CASH, MIKKEL, "+4501000011"),
        vat_registered_on=date(2025, 10, 1),
        habits=(VAT_DONE, scores("4 4 4 4 - 4 4 - 4 4"), meetings("JA JA JA"), MOVED_YES),
    ),
    Persona(
        *("d12", "Lars", "Lars Lydstudie", PENSION, MIKKEL, "+4501000012"),
        asked_before=False,
        habits=(invitation("ja", 26 * 60), scores("3 - 4 - 4 - 3 - 4 -", 300), meetings("måske JA -"), MOVED_YES),
    ),
)
