"""What doesn't have the shape that a field of a call must have: pydantic finds it, and these are our words for it.

Its own would repeat what was sent.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from medvind.saying import Saying

WHOLE_NUMBER, TRUTH = Saying("a whole number is needed"), Saying("true or false is needed")
DAY = Saying("a day is needed, such as 2026-12-24")
MOMENT = Saying("a time with its zone is needed, such as 2026-12-24T10:00:00+01:00")
FIELDS = Saying("fields and their values in braces are needed; see /docs")
CHOICE, EMPTY, OTHER = Saying("can only be: {allowed}"), Saying("must not be empty"), Saying("can't be used")

SHAPES: Mapping[str, Saying] = {
    "missing": Saying("is missing"),
    "extra_forbidden": Saying("there is no such field; leave it out"),
    "json_invalid": Saying("can't be read as JSON"),
    "model_attributes_type": FIELDS,
    "list_type": Saying("a list is needed"),
    "too_short": EMPTY,
    "too_long": Saying("at most {max_length} in one call"),
    "string_type": Saying("a text is needed"),
    "string_unicode": Saying("a sign in it can't be read; type it anew"),
    "string_too_short": Saying("at least {min_length} characters"),
    "string_too_long": Saying("at most {max_length} characters"),
    "string_pattern_mismatch": Saying("isn't written as it must be; see /docs"),
    **dict.fromkeys(("enum", "literal_error"), CHOICE),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float", "finite_number"), WHOLE_NUMBER),
    "greater_than_equal": Saying("at least {ge}"),
    "less_than_equal": Saying("at most {le}"),
    **dict.fromkeys(("bool_type", "bool_parsing"), TRUTH),
    **dict.fromkeys(("date_type", "date_from_datetime_parsing", "date_from_datetime_inexact"), DAY),
    **dict.fromkeys(("datetime_type", "datetime_parsing", "datetime_from_date_parsing"), MOMENT),
    "timezone_aware": Saying("needs a time zone, such as +01:00"),
}
"""By pydantic's name of the fault: those that a field of ours can have. Any other is `OTHER`."""

OF_SHAPES: Mapping[str, str] = {
    "is missing": "mangler",
    "there is no such field; leave it out": "det felt findes ikke; udelad det",
    "can't be read as JSON": "kan ikke læses som JSON",
    "fields and their values in braces are needed; see /docs": "skal være felter og værdier i tuborgklammer; se i /docs",
    "a list is needed": "skal være en liste",
    "must not be empty": "må ikke være tom",
    "at most {max_length} in one call": "højst {max_length} i ét kald",
    "a text is needed": "skal være en tekst",
    "a sign in it can't be read; type it anew": "et af tegnene kan ikke læses; skriv det igen",
    "at least {min_length} characters": "mindst {min_length} tegn",
    "at most {max_length} characters": "højst {max_length} tegn",
    "isn't written as it must be; see /docs": "er ikke skrevet, som det skal være; se i /docs",
    "can only be: {allowed}": "kan kun være: {allowed}",
    "a whole number is needed": "skal være et helt tal",
    "at least {ge}": "mindst {ge}",
    "at most {le}": "højst {le}",
    "true or false is needed": "skal være true eller false",
    "a day is needed, such as 2026-12-24": "skal være en dag som 2026-12-24",
    "a time with its zone is needed, such as 2026-12-24T10:00:00+01:00": (
        "skal være et tidspunkt med tidszone som 2026-12-24T10:00:00+01:00"
    ),
    "needs a time zone, such as +01:00": "mangler en tidszone, som +01:00",
    "can't be used": "kan ikke bruges",
}


def field_of(place: Sequence[str | int]) -> str:
    """The field's name; of one entry of a list, the name of the list."""
    return next((part for part in reversed(place) if isinstance(part, str)), "body")


def shape_of(kind: str, context: Mapping[str, Any]) -> Saying:
    """What is wrong, by pydantic's name of it. Of the context only our own limits and names are told, never what was sent."""
    said = SHAPES.get(kind, OTHER)
    if said is CHOICE:
        return said.of(allowed=", ".join(re.findall(r"'([^']*)'", str(context["expected"]))))
    if kind == "string_too_short" and context["min_length"] == 1:
        return EMPTY
    return said.of(**{name: context[name] for name in ("ge", "le", "min_length", "max_length") if name in context})
