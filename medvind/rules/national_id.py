"""National ids: found in what people write, and taken out before anything is kept."""

import re
from datetime import date

_BLANKS = r"[ \t\u00a0\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"
"""Signs that cannot be seen come along with what is copied."""
_NATIONAL_ID = re.compile(rf"(?<![\d+])(\d\d)(\d\d)(\d\d){_BLANKS}[-\u2010-\u2015\u2212]?{_BLANKS}\d{{4}}(?!\d)")
BLANKED = "[slettet]"
_MENTION = re.compile(
    r"(?:(?:\b(?:og|and)[ ,]{1,3})?(?:\b(?:mit|my|det er|it is)[ ,]{1,3})?\b(?:cpr|personnummer|person nummer|id)"
    rf"(?:[- ]?(?:nr|nummer|number)\b)?[.:, ]{{0,3}}(?:(?:er|is)\b[: ]{{0,3}})?)?{re.escape(BLANKED)}",
    re.IGNORECASE,
)


def blank_national_id(text: str) -> tuple[str, bool]:
    """The text without national ids, and whether there was one: six digits that may be a date, then four.

    No check digit is looked at, since numbers without one are in use. A phone number is shorter, or no date begins it.
    """
    blanked = _NATIONAL_ID.sub(lambda found: BLANKED if _may_be_a_date(*map(int, found.groups())) else found[0], text)
    return blanked, blanked != text


def beside_national_id(text: str) -> str:
    """What else stands in a text whose ids were taken out, without the words that lead up to one (`mit cpr er [slettet]`)."""
    return _MENTION.sub(". ", text) if BLANKED in text else text


def _may_be_a_date(day: int, month: int, year: int) -> bool:
    """The century isn't written; 29 February of 2000 is the one day that makes a difference."""
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True
