"""How many SMS a text costs, and how to keep it cheap: the GSM-7 alphabet and the plain twins of typographic signs."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, NamedTuple

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"
_SEPTETS = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENSION, 2)
_SIGNS = re.compile(f"[{re.escape(_BASIC + _EXTENSION)}]*")
_PAIRS = re.compile(f"[{re.escape(_EXTENSION)}]")
ONE_PART = 160
"""Septets in a text that travels alone."""
_ROOM: dict[str, tuple[int, int]] = {"GSM-7": (ONE_PART, 153), "UCS-2": (70, 67)}
"""Units in a text that travels alone, and in each part of a linked one, where a header takes its share."""

_ONE_UNIT = 0xFFFF
"""The last character that UCS-2 writes as one unit; what lies above takes a pair."""


class Segments(NamedTuple):
    """What a text costs. `units` are septets in GSM-7 and 16-bit code units in UCS-2."""

    encoding: Literal["GSM-7", "UCS-2"]
    segments: int
    units: int


def measure(text: str) -> Segments:
    """How a phone network carries this text. One sign outside GSM-7 turns all of it into UCS-2.

    An escape pair (`€`) or a surrogate pair (an emoji) is never split over two parts, so a part may leave with a unit free.
    """
    encoding: Literal["GSM-7", "UCS-2"] = "GSM-7" if _fits(text) else "UCS-2"
    alone, linked = _ROOM[encoding]
    pairs = len(_PAIRS.findall(text)) if encoding == "GSM-7" else sum(ord(sign) > _ONE_UNIT for sign in text)
    units = len(text) + pairs
    if units <= alone:
        return Segments(encoding, 1, units)
    widths = (_SEPTETS[sign] if encoding == "GSM-7" else 1 + (ord(sign) > _ONE_UNIT) for sign in text)
    return Segments(encoding, _parts(widths, linked), units)


def _parts(widths: Iterable[int], room: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts


def _fits(text: str) -> bool:
    return _SIGNS.fullmatch(text) is not None


_TWINS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212", "-")  # hyphens, dashes, minus
    | dict.fromkeys("\u2022\u2023\u25cf\u25e6\u25aa\u00b7", "-")  # bullets
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u2039\u203a`\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\t\u00a0\u2028\u2029\u0085", " ")
    | dict.fromkeys("\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "")
    | {"\u00d7": "x", "\u2044": "/", "\u00ad": ""}
    | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "œ": "oe", "Œ": "OE", "\u0131": "i"}
)
"""Signs whose twin Unicode doesn't know. Accents, fractions, the ellipsis and wide blanks are taken apart by Unicode."""

_JOINERS = re.compile("[\u200c\u200d\ufe0e\ufe0f]")
_FRACTION = re.compile("(?<=[0-9])(?=[¼½¾⅐-⅞])")
_POWER = re.compile("(?<=[0-9])(?=[²³¹⁰-⁹])")


def plain(text: str) -> str:
    """The same words without typographic signs, so that GSM-7 fits. A sign that has no twin (an emoji) stays.

    A coach's dash or a pasted quotation mark would otherwise more than halve the room of a message.
    """
    if _fits(text):
        return text
    text = unicodedata.normalize("NFC", text).translate(_TWINS)
    text = _POWER.sub("^", _FRACTION.sub(" ", text))
    text = "".join(sign if sign in _SEPTETS else _twin(sign) for sign in text)
    bare = _JOINERS.sub("", text)
    return bare if _fits(bare) else text


def _twin(sign: str) -> str:
    apart = unicodedata.normalize("NFKD", sign).translate(_TWINS)
    twin = "".join(part for part in apart if not unicodedata.combining(part))
    return twin if twin and _fits(twin) else sign


def price_of(cost: Segments, each: int | None) -> int | None:
    """What so many segments cost at this price of one; None where nobody has said it."""
    return None if each is None else cost.segments * each
