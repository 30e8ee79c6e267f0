"""National ids: found in what people write, and taken out before anything is kept."""

import re
from datetime import date

_BLANKS = r"[ \t\u00a0\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"
"""Signs that cannot be seen come along with what is copied."""
_DASHES = r"-\u2010-\u2015\u2212"
_APART = r"(?P<apart>\. ?|[ \u00a0/-]?)"
"""Between day, month and year, each time the same: what stands so in a span of days (`01.01-31.12.26`) is no one day."""
_LAST = rf"{_BLANKS}(?:[{_DASHES}]{_BLANKS}\d\d \d\d(?! ?\d)|[{_DASHES}./]?{_BLANKS}(?P<last>\d{{4}})(?!\d))"
_NATIONAL_ID = re.compile(rf"(?<![\d+])(?P<day>\d\d){_APART}(?P<month>\d\d)(?P=apart)(?P<year>\d\d){_LAST}")
_HOUR = re.compile("(?:[01][0-9]|2[0-3])(?:00|15|30|45)")
_THIS_CENTURY = range(20, 40)
"""Who was born in these years takes part in nothing yet, so `27.11.26 1400` is a day and an hour."""
BLANKED = "[slettet]"
_MENTION = re.compile(
    r"(?:(?:\b(?:og|and)[ ,]{1,3})?(?:\b(?:mit|my|det er|it is)[ ,]{1,3})?\b(?:cpr|personnummer|person nummer|id)"
    rf"(?:[- ]?(?:nr|nummer|number)\b)?[.:, ]{{0,3}}(?:(?:er|is)\b[: ]{{0,3}})?)?{re.escape(BLANKED)}",
    re.IGNORECASE,
)


def blank_national_id(text: str) -> tuple[str, bool]:
    """The text without national ids, and whether there was one: a possible day, month and year, then four digits.

    People part them by points, blanks, dashes and slashes. No check digit is looked at, since numbers without one are in use.
    A phone number is shorter, or no date begins it.
    """
    blanked = _NATIONAL_ID.sub(lambda found: BLANKED if _is_one(found) else found[0], text)
    return blanked, blanked != text


def beside_national_id(text: str) -> str:
    """What else stands in a text whose ids were taken out, without the words that lead up to one (`mit cpr er [slettet]`)."""
    return _MENTION.sub(". ", text) if BLANKED in text else text


def _is_one(found: re.Match[str]) -> bool:
    year = int(found["year"])
    hour = found["apart"] and year in _THIS_CENTURY and _HOUR.fullmatch(found["last"] or "")
    return not hour and _may_be_a_date(int(found["day"]), int(found["month"]), year)


def _may_be_a_date(day: int, month: int, year: int) -> bool:
    """The century isn't written; 29 February of 2000 is the one day that makes a difference."""
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True
