"""Whether what somebody writes names danger: a plain list decides, that a coach can read. "Not" is not read, no mood guessed.

It is no safety net: it reads no irony, no third person and no spelling that it has not seen. The README says what it missed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from medvind.model import Danger
from medvind.rules.danger_phrases import END, NUMBER, DangerWords, Part, Phrase, tokens_of

_HELPED = re.compile(
    r"(?:(?:ja|ok|okay|tak|jeg|har|lige|nu|så) ){0,6}(?:ringet|ringede|ringer|talt|talte|snakket|snakkede|skrevet)"
    r" (?:lige |nu ){0,2}(?:til|med) livslinien(?: nu| tak| lige nu| som du sagde)?"
)
"""All of a message that says no more than that they have done what our answer named."""
_GAP = 3
"""Words that may stand where a phrase has a gap."""
_TWO_FIGURES = 2
_SHORTEST_NEAR = 5
_LONGEST_NEAR = 40
_NOTHING: frozenset[str] = frozenset()
_AS_SHIPPED = DangerWords()


def level_of(text: str, words: DangerWords = _AS_SHIPPED) -> Danger:
    """How soon a person must see this. `words`: what the municipality changes in the list (`policy.danger`). Never raises."""
    return _lexicon(words).level(tokens_of(text))


def says_helped(text: str) -> bool:
    """Whether all that it says is that they have turned to the helpline. By itself that is a word of worry all the same."""
    return _HELPED.fullmatch(" ".join(text.casefold().strip(" .!,\n").replace(",", " ").split())) is not None


@lru_cache(maxsize=8)
def _lexicon(words: DangerWords) -> "Lexicon":
    return Lexicon(words.phrases())


class Lexicon:
    """The phrases by their first word, and what tells which words of the list a written word is."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._danger: dict[str, list[Phrase]] = {}
        self._harmless: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            first = self._harmless if phrase.level is Danger.NONE else self._danger
            for word in phrase.parts[0].words:
                first.setdefault(word, []).append(phrase)
        self._words = {word for phrase in phrases for part in phrase.parts for word in part.words}
        self._stems = sorted({len(word) - 1 for word in self._words if word.endswith("*")})
        self._tails = sorted({len(word) - 1 for word in self._words if word.startswith("*")})
        self._near: dict[str, set[str]] = {}
        for word in self._words:
            if word.startswith("~"):
                for form in _with_one_left_out(word[1:]):
                    self._near.setdefault(form, set()).add(word)

    def level(self, tokens: Sequence[str]) -> Danger:
        """The most urgent phrase in it, once what is harmless is taken out."""
        known = {token: self._meant(token) for token in set(tokens)}
        said = [known[token] for token in tokens]
        present = _NOTHING.union(*known.values())
        for _, places in list(_found(_possible(self._harmless, present), said)):
            for place in places:
                said[place] = _NOTHING
        worst = Danger.NONE
        for level, _ in _found(_possible(self._danger, present), said):
            if level is Danger.NOW:
                return level
            worst = level
        return worst

    def _meant(self, token: str) -> frozenset[str]:
        """Which words of the list this is: itself, one with any ending or beginning, a number, one with a wrong letter."""
        if token == END:
            return frozenset({END})
        stems = (f"{token[:length]}*" for length in self._stems if length <= len(token))
        tails = (f"*{token[-length:]}" for length in self._tails if length <= len(token))
        number = (NUMBER,) if token.isdecimal() and len(token) >= _TWO_FIGURES else ()
        near: set[str] = set()
        if len(token) >= _SHORTEST_NEAR and self._near:
            near = near.union(*(self._near.get(form, ()) for form in _with_one_left_out(token)))
        return frozenset(word for word in (token, *stems, *tails, *number) if word in self._words) | near


def _with_one_left_out(word: str) -> Iterable[str]:
    """The word, and what is left of it without one of its letters: two words with one wrong letter share such a form."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))} if len(word) <= _LONGEST_NEAR else ()


def _possible(first: Mapping[str, Sequence[Phrase]], present: frozenset[str]) -> dict[str, list[Phrase]]:
    """The phrases of which every word stands somewhere in the text: only these need to be looked for."""
    return {
        word: [phrase for phrase in first[word] if not any(part.words.isdisjoint(present) for part in phrase.parts)]
        for word in present & first.keys()
    }


def _found(first: Mapping[str, Sequence[Phrase]], said: Sequence[frozenset[str]]) -> Iterator[tuple[Danger, Sequence[int]]]:
    """Each phrase that stands there, with the places of its words."""
    for place, meant in enumerate(said):
        for word in meant:
            for phrase in first.get(word, ()):
                rest = _rest(phrase.parts[1:], said, place + 1)
                if rest is not None:
                    yield phrase.level, (place, *rest)


def _rest(parts: Sequence[Part], said: Sequence[frozenset[str]], start: int) -> tuple[int, ...] | None:
    """Where these words stand from here on, or None. A gap ends with the sentence."""
    if not parts:
        return ()
    part = parts[0]
    for place in range(start, min(start + (_GAP if part.after_gap else 0) + 1, len(said))):
        if not part.words.isdisjoint(said[place]):
            rest = _rest(parts[1:], said, place + 1)
            if rest is not None:
                return (place, *rest)
        if END in said[place]:
            break
    return None
