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
POLITE_NO = all_of(
    "så må jeg desværre melde afbud, så må jeg melde afbud, jeg må melde pas, jeg melder pas, det bliver et nej fra mig, "
    "den tid passer mig ikke, tiden passer mig ikke, den dag passer mig ikke, dagen passer mig ikke"
)
"""A no to a meeting."""
ABOUT_A_LETTER = all_of(
    "# kr, # kroner, om at jeg skal betale, om at jeg skal betale tilbage, om at jeg skal betale penge tilbage, "
    "jeg kan ikke betale, jeg ka ikke betale, jeg ka ik betale, jeg ka ikk betale, jeg har ikke råd, kan ikke betale",
    each(_SUBJECT, ("forstår", "fatter"), ("ikke en skid", "ikk en skid", "ik en skid", "intet", "ingenting", "ikke en brik")),
)
"""What stands around a letter; none of it makes one of what is none."""
TO_PAY = each(("skal jeg betale", "skal jeg bare betale"), ("regningen", "rykkeren", "brevet", "kravet"), ("", "nu"))
"""A letter is asked about."""
WAITS = all_of(
    each(("har",), ("i", "du", "kommunen"), ("glemt mig", "helt glemt mig")),
    each(_SUBJECT, ("venter stadig på",), ("pengene", "mine penge", "udbetalingen")),
    "er jeg glemt, er jeg blevet glemt, er der noget nyt, er der nyt, noget nyt, stadig ingen penge, "
    "hvor langt er i, hvor langt er jeg, hvor langt er vi, have you forgotten me, am i forgotten, any news",
)
"""Where the case is."""
