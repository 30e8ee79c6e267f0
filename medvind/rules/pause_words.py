"""A wish for peace: "pause", "pause 14 dage", "pause til 10. december"."""

import re
from dataclasses import dataclass

from medvind.rules.vocabulary import MONTHS, NUMBERS, PAUSE_UNITS, WEEKDAYS

_MONTHS = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
_POLITE = (
    r"(?:jeg vil gerne have |jeg vil have |jeg vil gerne holde |maa jeg faa |kan jeg faa |hold |i want to |i would like to )?"
    r"(?:en )?"
)
_SPAN = re.compile(rf"{_POLITE}pause (?:i |for |paa )?(\d{{1,3}}|[a-z]+) ?({'|'.join(PAUSE_UNITS)})")
_DAY = re.compile(
    rf"{_POLITE}pause (?:indtil|til|until) (?:(?:{'|'.join(WEEKDAYS.split(', '))}) )?(?:den |d |the )?"
    rf"(\d{{1,2}}) (?:af )?(\d{{1,2}}|{'|'.join(_MONTHS)})(?: (20\d\d))?"
)
_WEEKDAY = re.compile(rf"{_POLITE}pause (?:indtil|til|until) (?:paa |on )?({'|'.join(WEEKDAYS.split(', '))})")
_OVER = re.compile(
    r"(?:annuller|annuler|afbryd|afslut|stop|slut med|ophaev|drop|fortryd|cancel|end|stop) (?:min |the |my )?paus(?:e|en)"
    r"|(?:ingen|ikke|no|nej ingen) pause|paus(?:e|en) (?:slut|er slut)|jeg vil (?:gerne )?i gang igen|fortsaet"
)
_UNCLEAR = re.compile(rf"{_POLITE}pause (?:(?:indtil|til|until) \w+|(?:i |for |paa )?\d+)(?: \w+){{0,4}}")
_COURTESY = re.compile(r"^(?:venligst|please|hej|hi) | (?:venligst|please|tak|thanks|nu|mvh)$")
_LONGEST = 366


@dataclass(frozen=True, slots=True)
class Span:
    """So many days from today."""

    days: int


@dataclass(frozen=True, slots=True)
class Day:
    """Until this day of the calendar; without a year the next such day. It need not exist."""

    day: int
    month: int
    year: int | None


@dataclass(frozen=True, slots=True)
class Weekday:
    """Until the next such day; 0 is a Monday."""

    number: int


@dataclass(frozen=True, slots=True)
class Over:
    """It shall be over: they want to hear from us again."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """An end is named that we can't read: until when is to be asked."""


End = Span | Day | Weekday | Over | Unclear


def end_alone(words: str) -> End | None:
    """The same where until when was just asked, so that the word itself needn't be said: "14 dage", "til jul", "30"."""
    return (
        pause_end(f"pause {words} dage")
        if words.isdecimal()
        else pause_end(f"pause {words}") or pause_end(f"pause til {words}")
    )


def pause_end(words: str) -> End | None:
    """How long somebody wants peace, where they say it; `words` as `words_of` gives them. None: it says no such thing."""
    bare = _COURTESY.sub("", words)
    if found := _SPAN.fullmatch(bare):
        count = int(found[1]) if found[1].isdecimal() else NUMBERS.get(found[1], 0)
        days = count * PAUSE_UNITS[found[2]]
        if 0 < days <= _LONGEST:
            return Span(days)
    if found := _DAY.fullmatch(bare):
        month = _MONTHS.get(found[2]) or int(found[2])
        if 1 <= month <= len(MONTHS):
            return Day(int(found[1]), month, int(found[3]) if found[3] else None)
    if found := _WEEKDAY.fullmatch(bare):
        return Weekday(WEEKDAYS.split(", ").index(found[1]) % 7)
    if _OVER.fullmatch(bare):
        return Over()
    return Unclear() if _UNCLEAR.fullmatch(bare) else None
