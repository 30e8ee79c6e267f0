"""Numbers and addresses that a municipality decides, as their text is read."""

import re

from medvind.rules.segments import measure

_PHONE = re.compile(r"\+[0-9]{8,15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}\.[^@\s]{1,63}")
_HELP = re.compile(r"(?P<who>[^\W\d_][^\d,.!?:;]*?):? (?P<number>[0-9]{2,4}( [0-9]{2,4}){0,4})")
MOST_CRISIS_SEPTETS = 34
"""What the answer to words of danger has room for in one SMS, with the longest names and a doctor's number beside it."""


def read_phone(text: str) -> str:
    """A number with its country code and without blanks, or none. Raises ValueError, which does not repeat it."""
    number = "".join(text.split())
    if number and not _PHONE.fullmatch(number):
        raise ValueError("it is no number with its country code")
    return number


def read_email(text: str) -> str:
    """A mail address, or none. Raises ValueError, which does not repeat it."""
    address = text.strip()
    if address and not _EMAIL.fullmatch(address):
        raise ValueError("it is no mail address")
    return address


def read_crisis_numbers(text: str) -> str:
    """Who helps and their number as it stands in `crisis`: `Livslinien: 70 201 201`. 112 is said there anyway.

    Raises ValueError.
    """
    if len(text) > 2 * MOST_CRISIS_SEPTETS:
        raise ValueError(f"it is longer than the {MOST_CRISIS_SEPTETS} signs that an SMS has room for")
    found = [_HELP.fullmatch(" ".join(one.split())) for one in text.split(",")]
    said = ", ".join(f"{one['who']}: {one['number']}" for one in found if one)
    if not all(found):
        raise ValueError("it is not a name and a number, with a comma before the next")
    if measure(said).encoding != "GSM-7":
        raise ValueError("it has a sign that makes an SMS longer; plain letters and figures do not")
    if measure(said).units > MOST_CRISIS_SEPTETS:
        raise ValueError(f"it is longer than the {MOST_CRISIS_SEPTETS} signs that an SMS has room for")
    return said
