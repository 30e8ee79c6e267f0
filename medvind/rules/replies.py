"""What somebody means: a short message or a tapped button turned into exactly one reply.

A table of whole phrases, no guessing inside sentences: what is in no table is free text, and a person reads it.
STOP wins whatever is open. A JA, a NEJ or a number belongs to the latest open question that takes it.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from medvind.model import Ask, PublicId, Subject
from medvind.rules.words import ARTICLES, NUMBERS, PHRASES, Word, mood, number_phrase, words_of


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something we asked and still take an answer to."""

    id: PublicId
    ask: Ask
    subject: Subject
    asked_at: datetime
    open_until: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """No more messages, of any kind, on any channel."""


@dataclass(frozen=True, slots=True)
class OptIn:
    """Write to me again. A yes to a question never means this."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can I write here?"""


@dataclass(frozen=True, slots=True)
class CallMe:
    """I would like to talk with a human."""


@dataclass(frozen=True, slots=True)
class Joining:
    """A code that a coach handed out, in its own upper and lower case."""

    code: str


@dataclass(frozen=True, slots=True)
class Yes:
    """Yes to this question."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True)
class No:
    """No to this question."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True)
class Maybe:
    """Not sure yet; the question stays open."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True)
class Score:
    """A number from 1 to 5 for this check-in."""

    question: OpenQuestion
    value: int


@dataclass(frozen=True, slots=True)
class NotAScore:
    """Meant for this check-in, but no number from 1 to 5."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True)
class Done:
    """What this question reminded of is done: the VAT of its period filed and paid, the tax return sent."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True)
class FreeText:
    """Words for the coach."""


@dataclass(frozen=True, slots=True)
class OldTap:
    """A button under a message whose question is closed, or is not this person's."""


Reply = Stop | OptIn | Help | CallMe | Joining | Yes | No | Maybe | Score | NotAScore | Done | FreeText | OldTap

_JOIN = re.compile(r"/start\s{1,9}([A-Za-z0-9_-]{1,64})", re.IGNORECASE)
_TAP = re.compile(r"q:([A-Za-z0-9_-]{1,48}):(yes|no|maybe|[1-5]|done|call)")
_SCALE = range(1, 6)
_TAKES_YES = frozenset({Ask.INVITE, Ask.RSVP, Ask.CALL})
_TAKES_DONE = frozenset({Ask.VAT, Ask.TAX_RETURN})
_MOST_DIGITS = 3
"""A longer number is no answer to a question from 1 to 5: a phone number, say, that the coach must see."""


def read_reply(text: str, open_questions: Sequence[OpenQuestion]) -> Reply:
    """What these words mean beside the questions that are open, the latest first. Never raises; `OldTap` never comes of it."""
    if joining := _JOIN.fullmatch(text.strip()):
        return Joining(joining[1])
    words = words_of(text)
    return _command(PHRASES.get(words), open_questions) or _number(words, open_questions) or FreeText()


def read_tap(data: str, open_questions: Sequence[OpenQuestion]) -> Reply:
    """What a tapped button means. It answers its own question and no other; a wish to be called holds for ever."""
    tap = _TAP.fullmatch(data)
    if tap is None:
        return OldTap()
    public_id, word = tap.groups()
    if word == "call":
        return CallMe()
    own = [question for question in open_questions if question.id == public_id]
    if word.isdecimal():
        asked = _latest(own, {Ask.CHECK_IN})
        return Score(asked, int(word)) if asked else OldTap()
    return _command(Word(word), own) or OldTap()


def _command(word: Word | None, questions: Sequence[OpenQuestion]) -> Reply | None:
    """The reply that a known word makes, or None where no open question takes it."""
    match word:
        case None:
            return None
        case Word.STOP:
            return Stop()
        case Word.OPT_IN:
            return OptIn()
        case Word.HELP:
            return Help()
        case Word.CALL:
            return CallMe()
        case Word.YES:
            return Yes(asked) if (asked := _latest(questions, _TAKES_YES)) else None
        case Word.NO:
            return No(asked) if (asked := _latest(questions, _TAKES_YES)) else None
        case Word.MAYBE:
            return Maybe(asked) if (asked := _latest(questions, {Ask.RSVP})) else None
        case Word.DONE:
            return Done(asked) if (asked := _latest(questions, _TAKES_DONE)) else None


def _number(words: str, questions: Sequence[OpenQuestion]) -> Reply | None:
    """A score, or a try at one; None without an open check-in or where there is more to read than a number."""
    asked = _latest(questions, {Ask.CHECK_IN})
    if asked is None:
        return None
    if mood(words):
        return NotAScore(asked)
    found = number_phrase(words)
    figures = [word for word in found if word not in ARTICLES] or found
    if not figures or sum(len(word) for word in figures if word.isdecimal()) > _MOST_DIGITS:
        return None
    values = {NUMBERS[word] if word in NUMBERS else int(word) for word in figures}
    value = values.pop()
    return NotAScore(asked) if values or value not in _SCALE else Score(asked, value)


def _latest(questions: Sequence[OpenQuestion], asks: Collection[Ask]) -> OpenQuestion | None:
    return next((question for question in questions if question.ask in asks), None)


_NATIONAL_ID = re.compile(r"(?<![\d+])(\d\d)(\d\d)(\d\d)[ \t\u00a0]?[-\u2010-\u2015]?[ \t\u00a0]?\d{4}(?!\d)")
BLANKED = "[slettet]"


def blank_national_id(text: str) -> tuple[str, bool]:
    """The text without national ids, and whether there was one: six digits that may be a date, then four.

    No check digit is looked at, since numbers without one are in use. A phone number is shorter, or no date begins it.
    """
    blanked = _NATIONAL_ID.sub(lambda found: BLANKED if _may_be_a_date(*map(int, found.groups())) else found[0], text)
    return blanked, blanked != text


def _may_be_a_date(day: int, month: int, year: int) -> bool:
    """The century isn't written; 29 February of 2000 is the one day that makes a difference."""
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True
