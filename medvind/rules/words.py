"""The words people answer with, and the form in which they are compared. All of it is data: a word more is an entry more."""

import re
import string
import unicodedata
from enum import StrEnum
from itertools import groupby


class Word(StrEnum):
    """What a known word asks for or answers; the answers are also what a button carries."""

    STOP = "stop"
    OPT_IN = "opt in"
    HELP = "help"
    CALL = "call"
    DONE = "done"
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


_SAID = {
    Word.STOP: (
        "stop, stopp, stopall, stop all, stop alt, stop alle, stop det hele, afmeld, afmeld mig, afmelding, frameld, "
        "frameld mig, framelding, unsubscribe, unsubscribe me, cancel, end, quit, nej stop, stop medvind, "
        "stop alle beskeder"
    ),
    Word.OPT_IN: ("start, tilmeld, tilmeld mig, unstop"),
    Word.HELP: ("hjælp, help, info, hjælp mig, help me, ?"),
    Word.CALL: (
        "ring, ring til mig, ring mig op, ring op, ring gerne, ring gerne til mig, du må gerne ringe, "
        "i må gerne ringe, vil gerne ringes op, jeg vil gerne ringes op, ja ring, call, call me, please call me"
    ),
    Word.DONE: (
        "klar, færdig, jeg er færdig, er færdig, helt færdig, done, i am done, finished, sendt, det er sendt, "
        "klaret, det er klaret, indberettet, indberettet og betalt, sendt og betalt, betalt, det er betalt, ordnet, "
        "det er ordnet"
    ),
    Word.YES: (
        "ja, jatak, jada, ja da, jep, jeps, jo, joda, javel, j, y, yes, yep, yeah, sure, ok, okay, okey, oki, k, "
        "gerne, ja gerne, meget gerne, ja meget gerne, selvfølgelig, ja selvfølgelig, naturligvis, klart, ja klart, "
        "helt sikkert, ja helt sikkert, det kan jeg, ja det kan jeg, ja det kan jeg godt, det kan jeg godt, "
        "jeg kommer, ja jeg kommer, jeg kommer gerne, ja jeg kommer gerne, jeg er med, ja jeg er med, det må i, "
        "ja det må i, ja det må i gerne, det må i gerne, ja det må du gerne, fint med mig, det passer fint, "
        "ja det passer fint, ja ok, ok ja, yes i can, i am coming, i will be there, of course, 👍"
    ),
    Word.NO: (
        "nej, nejtak, nope, næ, næh, nah, niks, n, no, no way, desværre, desværre nej, nej desværre, "
        "desværre ikke, nej ikke, helst ikke, nej helst ikke, kan ikke, jeg kan ikke, nej jeg kan ikke, nej kan ikke, "
        "kan desværre ikke, jeg kan desværre ikke, nej jeg kan desværre ikke, nej desværre jeg kan ikke, "
        "desværre jeg kan ikke, det kan jeg ikke, nej det kan jeg ikke, nej det kan jeg desværre ikke, "
        "det kan jeg desværre ikke, jeg kommer ikke, nej jeg kommer ikke, kommer ikke, det må i ikke, "
        "nej det må i ikke, ikke interesseret, jeg er ikke interesseret, can t, i can t, cannot, i cannot, "
        "no i can t, i am not coming, not interested, sorry no, 👎"
    ),
    Word.MAYBE: (
        "måske, måske ikke, muligvis, ved ikke, ved det ikke, jeg ved det ikke, ved ikke endnu, ved det ikke endnu, "
        "det ved jeg ikke, jeg ved det ikke endnu, det ved jeg ikke endnu, ikke sikker, jeg er ikke sikker, "
        "måske det ved jeg ikke, maybe, perhaps, not sure, i am not sure, don t know, i don t know"
    ),
}
_COURTESY = frozenset(
    {"venligst", "tak", "please", "thanks", "thank", "you", "nu", "now", "hej", "hi", "hello", "lige", "saa", "mvh"}
)
_MOODS = (
    "ok, okay, godt, fint, fint nok, meget godt, rigtig godt, det går godt, det går fint, det går ok, går godt, "
    "går fint, super, skidt, dårligt, det går skidt, det går dårligt, ikke så godt, ikke godt, tungt, det er tungt, "
    "sådan da, nogenlunde, nul, ingen, good, fine, bad, not good, so so"
)
_COUNTED = (
    ("nul", "zero"),
    ("en", "et", "one"),
    ("to", "two"),
    ("tre", "three"),
    ("fire", "four"),
    ("fem", "five"),
    ("seks", "six"),
    ("syv", "seven"),
    ("otte", "eight"),
    ("ni", "nine"),
    ("ti", "ten"),
    ("elleve", "eleven"),
    ("tolv", "twelve"),
    ("tretten", "thirteen"),
)
NUMBERS = {name: value for value, names in enumerate(_COUNTED) for name in names}
ARTICLES = frozenset({"en", "et"})
"""One, or a mere article beside another number: "et 3-tal"."""

_AROUND_A_NUMBER = (
    "ca, cirka, omkring, vel, nok, vist, mest, jeg, vil, siger, sige, giver, give, det, den, er, bliver, bare, kun, "
    "en, et, tal, tallet, mit, svar, svaret, tak, venligst, hej, i, dag, lige, nu, about, around, say, d, it, is, my, "
    "answer, a, an, number, today, thanks, please, hi"
)

_LONGEST = 1000
_MOST_WORDS = 12
_POINTS = "\u00a1\u00ab\u00b7\u00bb\u00bf\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u3002\uff01\uff0c"
_EDGES = (string.whitespace + string.punctuation + _POINTS + "\u00a0\u2028\u2029").translate({ord("?"): None, ord("<"): None})
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_LETTERS = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})
_LOOK_ALIKES = ("æøå", "aoa")
"""What is typed for them where a keyboard has no Danish letters."""
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_TOKEN = re.compile(r"[^\W_]+")
_SIGNS = ("👍", "👎", "?")
"""Signs that are a whole answer where no word stands beside them."""


def words_of(text: str) -> str:
    """The text as it is compared: words in small letters, one blank between; empty where it is too long to be an answer.

    Unicode's look-alikes, hidden signs, accents and drawn-out letters are gone, `æ ø å` are written `ae oe aa`, and a
    courtesy word around a known phrase is dropped.
    """
    tokens = _tokens(text)
    phrase = " ".join(tokens)
    bare = " ".join(token for token in tokens if token not in _COURTESY)
    return bare if phrase not in PHRASES and bare in PHRASES else phrase


def mood(words: str) -> bool:
    """Whether this says how it goes, in words where a number was asked for."""
    return words in _MOOD_PHRASES


def number_phrase(words: str) -> list[str]:
    """The numbers in it, in figures or in words, where nothing else is said but what people put around a number; else none."""
    tokens = words.removesuffix(" ud af 5").removesuffix(" out of 5").removesuffix(" af 5").removesuffix(" of 5").split()
    numbers = [token for token in tokens if token in NUMBERS or token.isdecimal()]
    said = all(token in NUMBERS or token.isdecimal() or token in _FILLERS for token in tokens)
    return numbers if said else []


def _tokens(text: str) -> list[str]:
    seen = _INVISIBLE.sub("", text).strip(_EDGES)
    if len(seen) > _LONGEST:
        return []
    folded = unicodedata.normalize("NFKC", seen).casefold().translate(_LETTERS)
    folded = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    folded = _DRAWN_OUT.sub(r"\1", folded.replace("<3", "").replace("/5", " af 5"))
    tokens = [token for token, _ in groupby(_TOKEN.findall(folded))]
    if not tokens:
        return [sign for sign in _SIGNS if sign in folded][:1]
    return tokens if len(tokens) <= _MOST_WORDS else []


def _phrases(said: str) -> list[str]:
    """Each in every spelling, whichever of the three letters a keyboard lacks."""
    spelled = set(said.split(","))
    for letter, twin in zip(*_LOOK_ALIKES, strict=True):
        spelled |= {phrase.replace(letter, twin) for phrase in spelled}
    return [" ".join(_tokens(phrase)) for phrase in spelled]


PHRASES = {phrase: word for word, said in _SAID.items() for phrase in _phrases(said)}
"""Every phrase we know, in its compared form, and what it means."""

_MOOD_PHRASES = frozenset(_phrases(_MOODS))
_FILLERS = frozenset(_AROUND_A_NUMBER.split(", "))
