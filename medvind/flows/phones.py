"""Phone numbers: one form for all spellings, and a clear no to what can't be written to."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from medvind.flows.cells import CellError

DENMARK, COUNTRY_CODE = "DK", 45
MADE_UP = re.compile(r"(?:(?:\+|00)?45)?(0[0-9]{7})")
"""No Danish subscriber's number begins with 0, so these can be nobody's."""
PLAYED_IN = frozenset({"demo", "test"})
BETWEEN = re.compile(r"[\s()./\u00a0\u2010-\u2015-]+")
SIGNS = re.compile(r"\+?[0-9]+")
LONGEST = 40
DEAR = frozenset({PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
MOBILE = re.compile(r"\+45(?:0|2|3[01]|4[0-2]|431|4911|5[0-5]|6[01]|71|81|9[1-3])")
CURE = "Write eight digits, such as 20 12 34 56, with or without +45."


def to_e164(text: str, env: str) -> str:
    """The number as the outside knows it, `+45` and eight digits.

    Raises InvalidError, with the cure and without the number: for what is no Danish number; for the series 70, 80 and 90,
    which cost or only listen; for numbers abroad. Those that begin `+450` are made up, and valid in demo and test alone.
    """
    figures = BETWEEN.sub("", text.strip().removeprefix("tel:")) if len(text) <= LONGEST else ""
    if not SIGNS.fullmatch(figures):
        raise CellError("no phone number", CURE)
    if made_up := MADE_UP.fullmatch(figures):
        if env not in PLAYED_IN:
            raise CellError("a made-up number: none begins with 0", CURE)
        return f"+{COUNTRY_CODE}{made_up[1]}"
    return _danish(figures)


def _danish(figures: str) -> str:
    try:
        number = phonenumbers.parse(figures, DENMARK)
    except NumberParseException:
        raise CellError("no phone number", CURE) from None
    if number.country_code != COUNTRY_CODE:
        raise CellError("a number abroad", "Medvind writes to Danish numbers alone: find one that begins with +45.")
    if not phonenumbers.is_valid_number(number):
        raise CellError("no valid Danish number", CURE)
    series = str(number.national_number)[:2]
    if series in {"70", "80", "90"} or phonenumbers.number_type(number) in DEAR:
        raise CellError(f"a number of the series {series}, which is nobody's own phone", CURE)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def looks_mobile(number: str) -> bool:
    """Whether an E.164 number lies in a mobile series. The plan has exceptions, so a no is worth a warning and no more."""
    return MOBILE.match(number) is not None
