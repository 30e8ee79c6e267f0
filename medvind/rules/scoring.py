"""A number for the check-in with words beside it: the number counts, and the words are somebody's to read."""

import re
from collections.abc import Sequence

from medvind.model import Ask
from medvind.rules.meanings import OpenQuestion, Reply, ScoreAndMore, Stop
from medvind.rules.vocabulary import ARTICLES, MONTHS, NUMBERS, Word
from medvind.rules.words import PHRASES, number_phrase, words_of

_MOST_SIGNS = 1000
_PARTS = re.compile(r"(?<!\d)[.,!?;:\n]+|[.,!?;:\n]+(?!\d)|\s[-\u2013]\s")
_FIRST = re.compile(r"([1-5]|[^\W\d]{2,4}) (.+)", re.DOTALL)
_ORDINAL = re.compile(r"[1-5]\. [a-zæøå]")
_AFTER = (
    "ring men fordi for jeg det kan vil og da så desværre vi der her er hvis ja nej tak har call but because i it can and my "
    "could please so"
)
_GOES_ON = frozenset(_AFTER.split())
"""How words go on after a number that is an answer; `3 kunder` is none."""
_JOINS = frozenset({"og", "men", "and", "but", "så", "ja"})
_MONTHS = frozenset(name for names in MONTHS for name in names)


def score_and_more(text: str, questions: Sequence[OpenQuestion]) -> Reply | None:
    """A number that stands first, or alone in a sentence, where the check-in was asked last; None where it may be no answer.

    A STOP beside it is one. What holds another number is read by a person: nobody knows which of them was the answer.
    """
    if not questions or questions[0].ask != Ask.CHECK_IN or len(text) > _MOST_SIGNS:
        return None
    parts = [part.strip() for part in _split(text.strip()) if words_of(part) or part.split()]
    values = [value for part in parts if (value := _value(part)) is not None]
    rest = [part for part in parts if _value(part) is None]
    if len(values) != 1 or not rest or any(map(_counts, rest)):
        return None
    wishes = {PHRASES.get(words_of(_without_joins(part))) for part in rest}
    if Word.STOP in wishes:
        return Stop()
    return ScoreAndMore(questions[0], values[0], Word.CALL in wishes)


def _split(text: str) -> list[str]:
    """Sentence by sentence, and what goes on without a sign after a number that stands first."""
    first = _FIRST.match(text)
    if first and _value(first[1]) and first[2].split()[0].strip(".,!?").casefold() in _GOES_ON:
        return [first[1], *_PARTS.split(first[2])]
    parts = _PARTS.split(text)
    ordinal = _ORDINAL.match(text) and text[3:].split(maxsplit=1)[0].casefold() not in _GOES_ON
    return [] if ordinal or (len(parts) > 1 and words_of(parts[1]).partition(" ")[0] in _MONTHS) else parts


def _value(part: str) -> int | None:
    """The one number from 1 to 5 that this says, and nothing else."""
    found = [word for word in number_phrase(words_of(part)) if word not in ARTICLES or words_of(part) == word]
    values = {NUMBERS[word] if word in NUMBERS else int(word) for word in found if word in NUMBERS or len(word) == 1}
    value = values.pop() if len(values) == 1 and len(found) == 1 else None
    return value if value in range(1, 6) else None


def _counts(part: str) -> bool:
    """Whether another number is in it; `en dag` is none."""
    return any(word.isdecimal() or (word in NUMBERS and word not in ARTICLES) for word in re.findall(r"\w+", part.casefold()))


def _without_joins(part: str) -> str:
    first, _, after = part.partition(" ")
    return after if first.casefold() in _JOINS else part
