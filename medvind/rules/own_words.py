"""Sentences in people's own words that are read as a word of ours, for `sentence_words`. All of it is data."""

from collections.abc import Iterable
from itertools import product


def each(*parts: Iterable[str]) -> str:
    """Every way to put one of each part together."""
    return ", ".join(" ".join(" ".join(words).split()) for words in product(*parts))


def all_of(*phrases: str) -> str:
    """All of these together."""
    return ", ".join(phrases)


_SUBJECT = ("", "jeg")

COMES_AFTER_ALL = all_of(
    each(_SUBJECT, ("kommer alligevel", "kan alligevel", "kan alligevel godt", "kan godt alligevel")),
    each(_SUBJECT, ("kan godt", "kan alligevel godt", "kan alligevel"), ("komme", "være med", "deltage"), ("", "alligevel")),
    "alligevel ja",
)
"""A yes to a meeting, also where a no went before."""
