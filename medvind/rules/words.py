"""The form in which words are compared, whatever the phone made of them."""

import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from medvind.rules.stop_words import NEARLY, WISHES
from medvind.rules.vocabulary import AROUND_A_NUMBER, COURTESY, MOODS, NUMBERS, SAID, STOPPING

_LONGEST = 1000
_MOST_FOLDED = 3 * _LONGEST
"""There are signs that stand for eighteen letters: a text of such is no answer, and would take long to read."""
_MOST_WORDS = 12
_POINTS = "\u00a1\u00ab\u00b7\u00bb\u00bf\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u3002\uff01\uff0c"
_EDGES = (string.whitespace + string.punctuation + _POINTS + "\u00a0\u2028\u2029").translate({ord("?"): None, ord("<"): None})
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_LETTERS = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})
_LOOK_ALIKES = ("æøå", "aoa")
"""What is typed for them where a keyboard has no Danish letters."""
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_TOKEN = re.compile(r"[^\W_]+")
_SENTENCE_ENDS = re.compile("[.!?\n\r\u2026\u2028\u2029\u3002\uff01]+")
_SENTENCE, _MOST_LOOKED_AT = 200, 16_384
"""Of a text that is too long to be an answer only short sentences are read, since any of them may be a stop; Telegram's longest
text has 4,096 signs."""
_OF_FIVE = re.compile(r"^(\D*\d) ?/ ?5$")
_CLAUSE_ENDS = re.compile(r"[.,;!\n]+")
_OUT_OF_FIVE = re.compile(r" (?:(?:ud )?af|(?:out )?of) (?:5|fem|five)$")
_STOP_SIGN = "🛑"
_SIGNS = (_STOP_SIGN, "👍", "👌", "✅", "👎", "?")
"""Signs that are a whole answer where no word, and no other of them, stands beside them."""


def words_of(text: str) -> str:
    """The text as it is compared: words in small letters, one blank between; empty where it is too long to be an answer.

    Unicode's look-alikes, hidden signs, accents and drawn-out letters are gone, `æ ø å` are written `ae oe aa`, and a
    courtesy word around a known phrase is dropped.
    """
    return _phrase(_tokens(text))


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it is compared: as a whole, word by word, sentence by sentence, and whether something in it may mean STOP."""

    words: str
    tokens: tuple[str, ...]
    sentences: tuple[str, ...]
    may_stop: bool


def wording_of(text: str) -> Wording:
    """All at once, since a text may be long and each look at its letters costs.

    One that is too long to be an answer has no words, but its sentences, and its beginning may mean STOP.
    """
    tokens = _tokens(text)
    words, seen = _phrase(tokens), text.strip(_EDGES)
    parts, longest = _SENTENCE_ENDS.split(seen[:_MOST_LOOKED_AT]), _LONGEST if len(seen) <= _LONGEST else _SENTENCE
    short = (part for part in dict.fromkeys(parts) if len(part) <= longest)
    sentences = tuple(words_of(part) for part in short) if len(parts) > 1 else (words,)
    return Wording(words, tuple(tokens), sentences, _may_stop(tokens or _tokens(seen[:_LONGEST])))


def clauses(text: str) -> list[str]:
    """The text as it was typed, in the parts that its signs make of it."""
    return _CLAUSE_ENDS.split(text)


def _may_stop(tokens: Sequence[str]) -> bool:
    """Whether it holds a word of stopping or a wish for peace in other words, or is nothing but a stop with a slip in it."""
    said = " ".join(token for token in tokens if token not in COURTESY)
    return not STOPPING.isdisjoint(tokens) or said in _NEARLY or any(f" {wish} " in f" {' '.join(tokens)} " for wish in _WISHES)


def mood(words: str) -> bool:
    """Whether this says how it goes, in words where a number was asked for."""
    return words in _MOOD_PHRASES or " ".join(word for word in words.split() if word not in COURTESY) in _MOOD_PHRASES


def number_phrase(words: str) -> list[str]:
    """The numbers in it, in figures or in words, where nothing else is said but what people put around a number; else none."""
    tokens = _OUT_OF_FIVE.sub("", words).split()
    numbers = [token for token in tokens if token in NUMBERS or token.isdecimal()]
    said = all(token in NUMBERS or token.isdecimal() or token in _FILLERS for token in tokens)
    return numbers if said else []


def _phrase(tokens: Sequence[str]) -> str:
    """The words in a row, without courtesy where that makes a phrase we know; none where there are too many."""
    if len(tokens) > _MOST_WORDS:
        return ""
    phrase = " ".join(tokens)
    bare = " ".join(token for token in tokens if token not in COURTESY)
    return bare if phrase not in PHRASES and bare in PHRASES else phrase


def _tokens(text: str) -> list[str]:
    seen = _INVISIBLE.sub("", text).strip(_EDGES)
    if len(seen) > _LONGEST:
        return []
    folded = unicodedata.normalize("NFKC", seen).casefold().translate(_LETTERS)
    if len(folded) > _MOST_FOLDED:
        return []
    folded = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    folded = _DRAWN_OUT.sub(r"\1", _OF_FIVE.sub(r"\1 af 5", folded.replace("<3", "")))
    tokens = [token for token, _ in groupby(_TOKEN.findall(folded))]
    signs = [sign for sign in _SIGNS if sign in folded]
    return tokens or (signs[:1] if signs[1:] == [] or signs[0] == _STOP_SIGN else [])


def spelled(said: str) -> list[str]:
    """Each of these phrases in every spelling, whichever of the three letters a keyboard lacks."""
    spelled = set(said.split(","))
    for letter, twin in zip(*_LOOK_ALIKES, strict=True):
        spelled |= {phrase.replace(letter, twin) for phrase in spelled}
    return [" ".join(_tokens(phrase)) for phrase in spelled]


PHRASES = {phrase: word for word, said in SAID.items() for phrase in spelled(said)}
"""Every phrase we know, in its compared form, and what it means."""


def compared(said: str) -> frozenset[str]:
    """A list of phrases in their compared form, each in every spelling."""
    return frozenset(spelled(said))


_MOOD_PHRASES = frozenset(spelled(MOODS))
_FILLERS = frozenset(spelled(AROUND_A_NUMBER))
_NEARLY, _WISHES = frozenset(spelled(NEARLY)), frozenset(spelled(WISHES))
