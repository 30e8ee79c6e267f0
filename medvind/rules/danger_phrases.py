"""How a phrase of the list of danger is written and read, and what a municipality adds to the list or takes out of it."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import groupby

from medvind.model import Danger
from medvind.rules import danger_scenes as scenes
from medvind.rules import danger_words as danish
from medvind.rules import danger_words_en as english

SHIPPED: tuple[tuple[Danger, Mapping[str, str]], ...] = (
    (Danger.NOW, danish.NOW),
    (Danger.NOW, english.NOW),
    (Danger.NOW, scenes.NOW),
    (Danger.TODAY, danish.TODAY),
    (Danger.TODAY, english.TODAY),
    (Danger.TODAY, scenes.TODAY),
    (Danger.NONE, danish.HARMLESS),
    (Danger.NONE, english.HARMLESS),
    (Danger.NONE, scenes.HARMLESS),
)
KINDS = {kind: "".join(words.split()) for kind, words in {**danish.KINDS, **english.KINDS, **scenes.KINDS}.items()}
END, GAP, NUMBER = ".", "..", "#"
LONGEST_TEXT = 16_384
"""Signs of a message that are looked at; Telegram's longest has 4,096."""
MOST_REMEMBERED = 4096
"""Words of the list that are folded once: the same few stand in many phrases, and the first message waits for all of them."""
OWN_EXAMPLE = "now: hoppe fra broen, gå i havnen; today: ikke .. betale huslejen; none: skære .. brød"
OFF_EXAMPLE = "på druk"
"""As the settings are written; `medvind distress --list` prints the list."""
LONGEST_SETTING, MOST_PHRASES, MOST_WORDS, FEWEST_LETTERS = 4000, 100, 10, 4

SPELLINGS = {**danish.SPELLINGS, **english.SPELLINGS}

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_APOSTROPHES = re.compile("['\u2018\u2019\u201b`\u00b4\u02bc]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_LETTERS = (("æ", "a"), ("ø", "o"), ("ae", "a"), ("oe", "o"))
_DRAWN_OUT = re.compile(r"([^\W\d_])\1+")
_SIGNS = "\U0001f48a\U0001f52a\U0001f52b\u26b0\u2620"
"""A pill, a knife, a pistol, a coffin, a skull."""
_SEVERAL = re.compile(rf"([{_SIGNS}])(?:\s*\1)+")
"""Many of a sign say more than one, and are written as two."""
_TOKEN = re.compile(f"[^\\W_]+|{'|'.join(sign + sign + '?' for sign in _SIGNS)}|[.!?;]+")
_DOTS = re.compile(r"\.{2,}")
_FIGURES = str.maketrans("013457", "oieast")
_BETWEEN_LETTERS = re.compile(r"(?<![^\W_])([^\W\d_])[.\-_](?=[^\W\d_](?![^\W_]))")
_SPELLED_OUT = 4
"""So many single letters in a row are one word, spelled out."""
_WORD = re.compile(r"[~*]?[^\W_]+\*?")


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a phrase: any of these, at once or after a small gap."""

    words: frozenset[str]
    after_gap: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """What means danger of a level, or, at `none`, what is harmless. `text` is how it stands in the list."""

    text: str
    level: Danger
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class DangerWords:
    """What a municipality changes in the shipped list: phrases of its own by level, and shipped ones that do not count."""

    added: tuple[tuple[Danger, str], ...] = ()
    off: tuple[str, ...] = ()

    def phrases(self) -> list[Phrase]:
        """All that count here."""
        off = frozenset(self.off)
        shipped = [phrase for phrase in shipped_phrases() if phrase.text not in off]
        return [*shipped, *(read_phrase(text, level) for level, text in self.added)]


def folded(text: str) -> str:
    """Small letters without accents, hidden signs or doubled letters; `æ ae å aa` are `a`, `ø oe` are `o`."""
    seen = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", _INVISIBLE.sub("", text[:LONGEST_TEXT])))[:LONGEST_TEXT]
    seen = _ACCENTS.sub("", unicodedata.normalize("NFKD", seen.casefold()))
    for letters, one in _LETTERS:
        seen = seen.replace(letters, one)
    seen = _BETWEEN_LETTERS.sub(r"\1 ", seen)
    return _SEVERAL.sub(r"\1\1", _DRAWN_OUT.sub(r"\1", seen))


def tokens_of(text: str) -> list[str]:
    """The words of a message as they are compared, signs that say something, and `.` where a sentence ends."""
    found = [
        END if token[0] in ".!?;" else _letters(token) for token in _TOKEN.findall(folded(text)) if not _DOTS.fullmatch(token)
    ]
    return [token for token, _ in groupby([*_respelled(_joined(found)), END])]


def _letters(token: str) -> str:
    """`selvm0rd` is meant as it sounds; a figure by itself stays one."""
    return token if token.isdecimal() or token.isalpha() else _DRAWN_OUT.sub(r"\1", token.translate(_FIGURES))


def _joined(tokens: Iterable[str]) -> Iterator[str]:
    """A word that is spelled out letter by letter is one word."""
    for single, run in groupby(tokens, key=lambda token: len(token) == 1 and token.isalpha()):
        letters = list(run)
        yield from [_DRAWN_OUT.sub(r"\1", "".join(letters))] if single and len(letters) >= _SPELLED_OUT else letters


def _respelled(tokens: Iterable[str]) -> Iterator[str]:
    """Common misspellings and shortenings, of one word or of two, in their usual form."""
    spellings, waiting = _spellings(), ""
    for token in tokens:
        pair = f"{waiting} {token}"
        if waiting and pair in spellings:
            yield from spellings[pair]
            waiting = ""
            continue
        if waiting:
            yield from spellings.get(waiting, (waiting,))
        waiting = token
    if waiting:
        yield from spellings.get(waiting, (waiting,))


@cache
def _spellings() -> Mapping[str, tuple[str, ...]]:
    return {folded(said): tuple(folded(usual).split()) for usual, many in SPELLINGS.items() for said in many.split(", ")}


@cache
def shipped_phrases() -> tuple[Phrase, ...]:
    """The list that comes with Medvind, read once a process."""
    return tuple(read_phrase(text, level) for level, groups in SHIPPED for said in groups.values() for text in listed(said))


def listed(said: str) -> list[str]:
    """The phrases of one group, as they are written."""
    return [" ".join(text.split()) for text in said.split(",") if text.strip()]


def read_phrase(text: str, level: Danger) -> Phrase:
    """One phrase of the list. Raises ValueError, which says what is wrong with it."""
    parts: list[Part] = []
    gap = False
    for word in _respelled(text.split()):
        if word == GAP:
            gap = True
            continue
        parts.append(Part(_alternatives(word), gap))
        gap = False
    if gap or not parts or parts[0].after_gap or parts[0].words == {END}:
        raise ValueError("it must begin and end with a word")
    if len(parts) > MOST_WORDS:
        raise ValueError(f"it has more than {MOST_WORDS} words")
    return Phrase(text, level, tuple(parts))


@lru_cache(maxsize=MOST_REMEMBERED)
def _alternatives(word: str) -> frozenset[str]:
    return frozenset(_alternative(one) for one in KINDS.get(word, word).split("/"))


@lru_cache(maxsize=MOST_REMEMBERED)
def _alternative(word: str) -> str:
    if word in {END, NUMBER} or set(word) <= set(_SIGNS):
        return word
    if not _WORD.fullmatch(word):
        raise ValueError(f"'{word}' is no word")
    before, after = word[0] if word[0] in "~*" else "", "*" if word.endswith("*") else ""
    if before and after:
        raise ValueError(f"'{word}' has a sign before and after it")
    return before + next(_respelled([folded(word.strip("~*"))])) + after


def read_danger_words(text: str) -> tuple[tuple[Danger, str], ...]:
    """From `now: hoppe fra broen; today: kan ikke betale huslejen, mister butikken`; `none:` for what is harmless here.

    Raises ValueError with the place and the fault.
    """
    bounded(text)
    found: list[tuple[Danger, str]] = []
    for place, entry in enumerate(text.split(";") if text.strip() else [], 1):
        level, colon, said = entry.partition(":")
        if not colon or level.strip() not in set(Danger) or not listed(said):
            raise ValueError(f"entry {place} does not say now:, today: or none: and then phrases with commas between")
        found += [(Danger(level.strip()), checked(one, place)) for one in listed(said)]
    if len(found) > MOST_PHRASES:
        raise ValueError(f"these are more than {MOST_PHRASES} phrases")
    return tuple(found)


def checked(text: str, place: int) -> str:
    """A phrase so short that it would be in every message is refused."""
    try:
        read_phrase(text, Danger.NOW)
    except ValueError as error:
        raise ValueError(f"entry {place}, '{text}': {error}") from None
    if sum(map(str.isalpha, text)) < FEWEST_LETTERS and text.isascii():
        raise ValueError(f"entry {place}, '{text}': it has fewer than {FEWEST_LETTERS} letters")
    return text


def read_danger_off(text: str) -> tuple[str, ...]:
    """Shipped phrases as `medvind distress --list` prints them, with commas between. Raises ValueError with the nearest."""
    return read_off(text, {phrase.text for phrase in shipped_phrases()})


def read_off(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Which phrases of a list do not count. Raises ValueError with the nearest for what is none of it."""
    bounded(text)
    asked = listed(text)
    for one in asked:
        if one not in known:
            near = get_close_matches(one, known, 1, 0.5)
            raise ValueError(f"'{one}' is no phrase of the list{f'; the nearest is {near[0]!r}' if near else ''}")
    return tuple(asked)


def bounded(text: str) -> None:
    """Raises ValueError for a setting that nobody could read any more."""
    if len(text) > LONGEST_SETTING:
        raise ValueError(f"it is longer than {LONGEST_SETTING} signs")
