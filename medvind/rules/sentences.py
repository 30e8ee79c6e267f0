"""Whole sentences: a head that says something with a tail that can't turn it. Whatever else stands in one, it is not read.

A pure table (`sentence_words`), walked word by word: every word must belong to a piece, so that a `men`, an `ikke` or a word
that nobody has thought of leaves the sentence to a person. Long texts are no answers.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from medvind.rules import sentence_words as said
from medvind.rules import small_words as small
from medvind.rules.vocabulary import COURTESY, HEDGES, Word
from medvind.rules.words import PHRASES, spelled, words_of

_MOST_WORDS = 20
_PHONE, _PHONE_ABROAD = 8, 10
_LONGEST_NUMBER = 7


class Piece(StrEnum):
    """What a part of a sentence is."""

    PLAIN = "plain"
    ABOUT = "about"
    TAIL = "tails"
    MEETING = "meeting"
    TOLD = "told"
    ASKED = "asked"
    DAY = "days"


@dataclass(frozen=True, slots=True)
class Read:
    """What a sentence says, and the kinds of pieces that it is made of."""

    word: Word
    pieces: frozenset[Piece]

    @property
    def is_plain(self) -> bool:
        """Whether it answers any question that takes the word, and not a meeting alone."""
        return Piece.PLAIN in self.pieces and self.pieces.isdisjoint({Piece.MEETING, Piece.ASKED, Piece.DAY})

    @property
    def names_another_day(self) -> bool:
        """A day is named where nothing else ties it to the question: it may be another one than the meeting's."""
        return Piece.DAY in self.pieces and Piece.PLAIN not in self.pieces


def read_sentence(tokens: Sequence[str], *, asks: bool) -> Read | None:
    """What these words say as a whole; None: something else, or who knows. `asks`: there is a question mark in the text."""
    if not 0 < len(tokens) <= _MOST_WORDS:
        return None
    for word, table in _TABLES.items():
        ways = [pieces for pieces in _walk(table, tuple(tokens)) if not asks or _may_ask(word, pieces)]
        if ways:
            return Read(word, max(ways, key=lambda pieces: (len(pieces), sorted(pieces))))
    return None


def asks_if_free(tokens: Sequence[str]) -> bool:
    """Whether this is a yes that hangs on its costing nothing."""
    return " ".join(token for token in tokens if token not in COURTESY) in _IF_FREE


def put_right(tokens: Sequence[str]) -> tuple[str, bool] | None:
    """A number in the words that `number_phrase` reads, and whether a NEJ stood before it; None where it is none of these."""
    bare = [token for token in tokens if token not in COURTESY]
    rest, no = bare, False
    while found := next((phrase for phrase in _PUTS_RIGHT if tuple(rest[: len(phrase)]) == phrase), None):
        rest, no = rest[len(found) :], no or found == ("nej",)
    words = [small.NAMED_NUMBERS.get(token, token) for token in rest if token not in small.AROUND_IT]
    return (" ".join(words), no) if words and words != bare else None


def is_thanks(text: str) -> bool:
    """Whether this is a thank you, an all right or a smile: nothing that needs an answer."""
    if "?" in text:
        return False
    words = words_of(text)
    bare = "".join(sign for sign in text if not sign.isspace() and sign not in _JOINERS)
    smile = bare in _SMILES or (bare != "" and all(sign in small.GLAD for sign in bare))
    return words in _THANKS or smile


def is_slip(words: str, takes: Collection[Word]) -> bool:
    """Whether one of these words was meant, and a finger went beside the key."""
    return _is_beside_any(words, [meant for word in takes for meant in small.EASILY_TYPED.get(word, ())])


def is_number_slip(words: str) -> bool:
    """The same of the numbers from 1 to 5 as they are spelt."""
    return _is_beside_any(words, small.SPELT_NUMBERS)


def _is_beside_any(typed: str, meant: Iterable[str]) -> bool:
    possible = typed.isalpha() and typed not in PHRASES and typed not in small.NO_SLIPS
    return possible and any(_is_beside(typed, one) for one in meant)


def _is_beside(typed: str, meant: str) -> bool:
    """Two letters changed places, one too many beside the right one, or a neighbour of it alone."""
    if len(typed) == len(meant):
        wrong = [number for number, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
        if len(wrong) == 1:
            return frozenset((typed[wrong[0]], meant[wrong[0]])) in _NEIGHBOURS
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1  # noqa: PLR2004 - a pair
        return len(meant) > 2 and swapped and typed[wrong[0]] == meant[wrong[1]] and typed[wrong[1]] == meant[wrong[0]]  # noqa: PLR2004
    if len(typed) != len(meant) + 1:
        return False
    for number, letter in enumerate(typed):
        beside = {typed[number - 1]} if number else set()
        beside |= set(typed[number + 1 : number + 2])
        if typed[:number] + typed[number + 1 :] == meant and any(frozenset((letter, one)) in _NEIGHBOURS for one in beside):
            return True
    return False


def _may_ask(word: Word, pieces: frozenset[Piece]) -> bool:
    """`Er momsen sendt?` says nothing of the kind. What asks for something may do so with a question mark."""
    return Piece.ASKED in pieces if word in _ANSWERS else True


_Phrase = tuple[str, ...]
_Table = dict[str, list[tuple[_Phrase, Piece | None]]]
_ANSWERS = frozenset({Word.YES, Word.NO, Word.DONE})
_HEADS = frozenset({Piece.PLAIN, Piece.ABOUT})
_FIRST = frozenset({None, Piece.TOLD, *_HEADS})
_WILD, _NUMBER = "*", "#"
_JOINERS = "\u200d\ufe0f" + "".join(chr(tone) for tone in range(0x1F3FB, 0x1F400))
_SMILES = frozenset({":)", ":-)", ";)", ";-)", ":d", ":D", "<3", "(:", "=)"})


def _walk(table: _Table, tokens: _Phrase) -> set[frozenset[Piece]]:
    """The kinds of pieces of each way to read all of it: an opening, a head, and what may stand around it."""
    ahead: list[set[frozenset[Piece]]] = [set() for _ in range(len(tokens) + 1)]
    ahead[0].add(frozenset())
    for at in range(len(tokens)):
        for so_far in tuple(ahead[at]):
            for length, piece in _pieces(table, tokens, at, begun=bool(so_far)):
                ahead[at + length].add(so_far | {piece} if piece else so_far)
    return {found for found in ahead[-1] if not found.isdisjoint(_HEADS)}


def _pieces(table: _Table, tokens: _Phrase, at: int, *, begun: bool) -> Iterator[tuple[int, Piece | None]]:
    """What may stand here: first an opening, then a head, or what is told before it."""
    if tokens[at] in COURTESY or (begun and tokens[at] in _LINKS):
        yield 1, None
    if begun and (digits := _phone(tokens, at)):
        yield digits, Piece.TAIL
    numbers = table.get(_NUMBER, ()) if _is_number(tokens[at]) else ()
    for phrase, piece in (*table.get(tokens[at], ()), *numbers, *(_CLOSE if begun else _OPEN).get(tokens[at], ())):
        if (begun or piece in _FIRST) and _fits(phrase, tokens[at : at + len(phrase)]):
            yield len(phrase), piece


def _phone(tokens: _Phrase, at: int) -> int:
    """How many words from here are a phone number; 0: none."""
    digits = ""
    for number, token in enumerate(tokens[at:], 1):
        if not token.isdecimal():
            break
        digits += token
        if len(digits) == _PHONE or (len(digits) == _PHONE_ABROAD and digits.startswith("45")):
            after = tokens[at + number : at + number + 1]
            if not after or not after[0].isdecimal():
                return number
    return 0


def _fits(phrase: _Phrase, tokens: _Phrase) -> bool:
    return len(phrase) == len(tokens) and all(
        _is_name(token) if meant == _WILD else _is_number(token) if meant == _NUMBER else meant == token
        for meant, token in zip(phrase, tokens, strict=True)
    )


def _is_number(token: str) -> bool:
    return token.isdecimal() and len(token) <= _LONGEST_NUMBER


def _is_name(token: str) -> bool:
    return token.isalpha() and len(token) > 1 and token not in _NO_NAMES


def _table(parts: Iterable[tuple[str, Piece | None]]) -> _Table:
    """By the first word of each phrase, which may be a number; none begins with a name."""
    table: _Table = {}
    for phrases, piece in parts:
        for phrase in _tuples(phrases):
            table.setdefault(phrase[0], []).append((phrase, piece))
    return table


def _tuples(phrases: str) -> list[_Phrase]:
    """Each in every spelling; the wild cards stay, two numbers side by side too."""
    marked = phrases.replace(_WILD, "xnamex").replace("# #", "xonex xtwox").replace(_NUMBER, "xonex")
    return sorted(tuple(_MARKS.get(word, word) for word in phrase.split()) for phrase in {*spelled(marked)} if phrase)


_MARKS = {"xnamex": _WILD, "xonex": _NUMBER, "xtwox": _NUMBER}
_LINKS = frozenset({"og", "and", "for", "da"})
"""What ties a tail on."""
_OPEN, _CLOSE = _table([(said.OPENERS, None)]), _table([(said.CLOSERS, None)])
_TABLES = {word: _table((getattr(parts, piece), piece) for piece in Piece) for word, parts in said.SENTENCES.items()}
_NO_NAMES = (HEDGES | said.NO_NAMES).union(
    token
    for phrase in (
        *(one for table in (*_TABLES.values(), _OPEN, _CLOSE) for ones in table.values() for one, _ in ones),
        *map(str.split, PHRASES),
    )
    for token in phrase
)
"""Every word of ours is among them."""
_IF_FREE = frozenset(map(" ".join, _tuples(small.IF_FREE)))
_PUTS_RIGHT = sorted(_tuples(small.PUTS_RIGHT), key=len, reverse=True)
_THANKS = frozenset(map(" ".join, _tuples(small.THANKS)))
_NEIGHBOURS = frozenset(frozenset(pair) for row in small.NEIGHBOURS for pair in pairwise(row))
