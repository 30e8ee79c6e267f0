"""Whether what somebody writes is too private for a text message: a plain list decides. Words of danger come first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from medvind.model import Danger
from medvind.rules.danger import Lexicon
from medvind.rules.danger_phrases import MOST_PHRASES as MOST
from medvind.rules.danger_phrases import Phrase, bounded, checked, listed, read_off, read_phrase, tokens_of
from medvind.rules.private_words import HARMLESS, PRIVATE

OWN_EXAMPLE = "min sag i fogedretten, min eksmands gæld"
OFF_EXAMPLE = "min psykolog"
"""As the settings are written."""
_PRIVATE = Danger.TODAY
"""The lists are read as those of danger are; here there is one level, and what is none."""
_ABBREVIATED = re.compile(r"\b(reg|nr|kto)\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PrivateWords:
    """What a municipality changes in the shipped list: phrases of its own, and shipped ones that do not count."""

    added: tuple[str, ...] = ()
    off: tuple[str, ...] = ()

    def phrases(self) -> list[Phrase]:
        """All that count here."""
        off = frozenset(self.off)
        shipped = [phrase for phrase in shipped_phrases() if phrase.text not in off]
        return [*shipped, *(read_phrase(text, _PRIVATE) for text in self.added)]


_AS_SHIPPED = PrivateWords()


def is_private(text: str, words: PrivateWords = _AS_SHIPPED) -> bool:
    """Whether it had better be said than written. `words`: what the municipality changes (`policy.private`). Never raises."""
    return _lexicon(words).level(tokens_of(_ABBREVIATED.sub(r"\1 ", text))) is _PRIVATE


@lru_cache(maxsize=8)
def _lexicon(words: PrivateWords) -> Lexicon:
    return Lexicon(words.phrases())


@cache
def shipped_phrases() -> tuple[Phrase, ...]:
    """The list that comes with Medvind, read once a process."""
    groups: Mapping[str, Danger] = {**dict.fromkeys(PRIVATE.values(), _PRIVATE), HARMLESS: Danger.NONE}
    return tuple(read_phrase(text, level) for said, level in groups.items() for text in listed(said))


def read_private_words(text: str) -> tuple[str, ...]:
    """From `min sag i fogedretten, min gæld`. Raises ValueError with the place and the fault."""
    bounded(text)
    found = tuple(checked(one, place) for place, one in enumerate(listed(text), 1))
    if len(found) > MOST:
        raise ValueError(f"these are more than {MOST} phrases")
    return found


def read_private_off(text: str) -> tuple[str, ...]:
    """Phrases of the shipped list, with commas between. Raises ValueError with the nearest."""
    return read_off(text, {phrase.text for phrase in shipped_phrases()})
