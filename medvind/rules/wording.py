"""What no text may say, and how easy it reads: one check for the texts that are shipped and for a municipality's own."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from medvind.model import Language
from medvind.rules.segments import ONE_PART, measure, plain
from medvind.saying import Saying

LONGEST_CHAT = 1000
"""Characters in a text for Telegram: longer ones are hit by its limits sooner, and nobody reads them."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text's words, as Jinja reads them; None where Telegram gets the same as an SMS."""

    text: str
    telegram: str | None = None


@dataclass(frozen=True, slots=True)
class _Ban:
    """A pattern that must not be found in what somebody reads, and what to do instead."""

    pattern: re.Pattern[str]
    says: Saying


def _ban(pattern: str, says: Saying) -> _Ban:
    return _Ban(re.compile(pattern, re.IGNORECASE), says)


ADDRESS = _ban(
    r"https?:|www\.|\w\.(?:dk|com|org|net|eu|me|app)\b|@",
    Saying("'{found}' is a web or mail address, which phone companies filter; name the place instead, such as TastSelv"),
)
AMOUNT = _ban(r"\b(?:kr|kroner|dkk|euro)\b|[€$£]", Saying("'{found}' speaks of an amount; say where it can be seen instead"))
_MEANT = Saying(
    "'{found}' is confidential in an SMS; 'din sag', 'din periode' or 'dit projekt' ('your case', 'your period') say enough"
)
CONFIDENTIAL = {
    Language.DA: _ban(
        r"gæld(?!er\b|ende)|pension|dagpenge|kontanthjælp|inkasso|revalidering|diagnose|handicap"
        r"|\b(?:lån|ydelse|(?<!ikke din )skyld(?!es\b)|rykker|syg|jobcent)|(?<![bs])lån(?:et|s)?\b",
        _MEANT,
    ),
    Language.EN: _ban(r"\b(?:loan|benefit|allowance|pension|debt|owe|dunning|collection|sick|illness|disab|job ?cent)", _MEANT),
}
_PRIVATE = Saying("'{found}' is a word of health, and health stays out of messages; ask about the project")
HEALTH = {
    Language.DA: _ban(
        r"\b(?:læge(?!vagt|:? ?[0-9])|psyk|depress|angst|stress|medicin|terapi|hospital|indlagt|indlæg(?:g|t)|kræft|misbrug"
        r"|smerte)",
        _PRIVATE,
    ),
    Language.EN: _ban(
        r"\b(?:doctor|psych|depress|anxiet|stress|medic(?:in|at)|therap|hospital|cancer|addict|diagnos)", _PRIVATE
    ),
}
_HOLES = (
    _ban(r"[{}]", Saying("'{found}' is left over; a value stands in two braces on each side, such as {{{{ first_name }}}}")),
    _ban(
        r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}",
        Saying("'{found}' is a day as computers write it; add |weekday, |date or |clock to the value"),
    ),
    _ban(r"\b[0-9]{4}(?:[QH][1-4])\b", Saying("'{found}' is a period as computers write it; add |period to the value")),
    _ban(r"\+[0-9]{8,}", Saying("'{found}' is a number that nobody can read aloud; add |phone to the value")),
    _ban(
        r"\b(?-i:None)\b",
        Saying("'{found}' is what a missing value leaves behind; ask for it by {{% if ... is defined %}}"),
    ),
    _ban(r" {2,}|^\s|\s$", Saying("'{found}' is a blank too many; take it out")),
    _ban(r"\.\.| [.,?:]", Saying("'{found}' is a sign too many, or one after a blank; take it out")),
)
_CALLS = re.compile(r"\b112\b|\b70 ?201 ?201\b")
"""Numbers to call are no amounts."""
_FIGURES = re.compile(r"[0-9]{3}|[0-9][.,][0-9]")


def forbidden(texts: Collection[str], language: Language) -> Iterator[Saying]:
    """What is wrong with a text as somebody reads it, in any of its forms: each fault once, with its cure."""
    for ban in (ADDRESS, AMOUNT, CONFIDENTIAL[language], HEALTH[language], *_HOLES):
        found = next(filter(None, map(ban.pattern.search, texts)), None)
        if found:
            yield ban.says.of(found=_whole(found))
    if any(not text for text in texts):
        yield Saying("in one of its forms it says nothing; write something there")
    if any(unicodedata.category(sign) == "Cc" and sign != "\n" for text in texts for sign in text):
        yield Saying("a control character stands in it; type the words anew")


def careless(text: str, language: Language) -> Iterator[Saying]:
    """What somebody should not write in an SMS by hand either: an address, an amount, what is confidential, health."""
    for ban in (ADDRESS, AMOUNT, CONFIDENTIAL[language], HEALTH[language]):
        if found := ban.pattern.search(text):
            yield ban.says.of(found=_whole(found))


def _whole(found: re.Match[str]) -> str:
    """What was found, with the rest of the word that it stands in."""
    text, start, end = found.string, found.start(), found.end()
    while start and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return text[start:end]


def states_a_figure(literal: str) -> Saying | None:
    """The first figure in a text's own letters that could be an amount; None where there is none."""
    found = _FIGURES.search(_CALLS.sub("", literal))
    return Saying("'{found}' could be an amount; amounts stay out of messages", {"found": found[0]}) if found else None


def too_dear(text: str) -> Iterator[Saying]:
    """Why this text is no single cheap SMS, with the cure."""
    cost = measure(text)
    if cost.encoding == "UCS-2":
        yield from (_dear_sign(sign) for sign in dict.fromkeys(text) if measure(sign).encoding == "UCS-2")
    elif cost.units > ONE_PART:
        yield Saying(
            "with the longest values it fills {units} septets, and an SMS has {most}; make it {over} shorter",
            {"units": cost.units, "most": ONE_PART, "over": cost.units - ONE_PART},
        )


def _dear_sign(sign: str) -> Saying:
    twin = plain(sign)
    if twin != sign and measure(twin).encoding == "GSM-7":
        return Saying("'{sign}' leaves room for only 70 characters in an SMS; write {twin}", {"sign": sign, "twin": repr(twin)})
    return Saying("'{sign}' leaves room for only 70 characters in an SMS; take it out", {"sign": sign})


LONGEST_BUSINESS = 24
"""Septets that a business's name takes in a text at most: beside it the longest sentence on VAT has its room in one SMS."""
_LEADS_ON = frozenset({"og", "&", "+", "-", "i", "på", "ved", "for", "af", "til", "med", "and", "of", "in", "at", "the", "by"})
"""What a name doesn't end with where it was cut."""
_STOPS = " .,:;-&+/"
"""What it never ends with: its sentence brings its own."""


LONGEST_PLACE = 25
"""Septets of a place beside which every text on a meeting is one SMS: `Vestergade 58, 1. sal th.`"""


def place_remarks(place: str) -> Iterator[Saying]:
    """What is worth a look in a place that is to stand in messages: it is sent as it was entered, since half of it misleads."""
    units = measure(plain(place)).units
    if units > LONGEST_PLACE:
        says = Saying("{units} characters; above {most} the SMS about it has two parts")
        yield says.of(units=units, most=LONGEST_PLACE)
    found: dict[str, Saying] = {}
    for language in Language:
        for one in forbidden([place] if place else [], language):
            found.setdefault(str(one), one)
    yield from found.values()


def business_name(name: str) -> str:
    """A business's name as any text may say it: in cheap signs, no longer than `LONGEST_BUSINESS`, cut after a whole word.

    Empty where it can't be: a name may be an address, or hold a word that no message says.
    """
    if not name:
        return ""
    line = " ".join(plain(name).split())
    kept: list[str] = []
    for word in (word for word in line.split() if measure(word).encoding == "GSM-7"):
        if measure(" ".join([*kept, word])).units > LONGEST_BUSINESS:
            while kept and kept[-1].lower() in _LEADS_ON:
                kept.pop()
            break
        kept.append(word)
    said = " ".join(kept).rstrip(_STOPS)
    beside = [f"a {one}." for one in (line.rstrip(_STOPS), said)]
    may_stand = said and all(next(forbidden(beside, language), None) is None for language in Language)
    return said if may_stand else ""


def reading_ease(text: str) -> float:
    """LIX: words in a sentence and the share of words of seven letters or more. Below 25 is very easy.

    Clock times and dates lose their full stop first.
    """
    text = re.sub(r"(?<=\d)\.(?=\d)|(?<=\bd)\.|(?<=\bkl)\.|(?<=\d)\.(?= [a-zæøå])", "", text)
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text)
    sentences = [part for part in re.split(r"[.!?:]+(?:\s|$)", text) if re.search(r"\w", part)]
    return len(words) / len(sentences) + 100 * sum(len(word) >= 7 for word in words) / len(words)  # noqa: PLR2004 - by LIX
