"""Who could use a call: facts about one person turned into a level, each with the facts that made it.

The rule is three lines that anybody can explain. A missed answer is never turned into a low one: silence is a fact of
its own, and it only counts where something was asked. Why somebody stayed away from a meeting nobody knows, and nobody guesses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TABLE_VERSION = "three-lines-1"
"""Stored beside every level, so that it can be explained after the rule has changed."""

_LOW = 2
_SILENCE = timedelta(days=28)
_STAYED_AWAY, _LATELY = 2, timedelta(days=30)


class Level(StrEnum):
    """How soon a coach might look. No order among people follows from it."""

    STEADY = "steady"
    WATCH = "watch"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """What the person did and said. `answers` (when, 1 to 5), `asked` (when) and `missed` begin with the latest.

    `missed` are the starts of meetings to which they did not come. Times are aware. Reasons tell days as these times show
    them, so hand them in as local ones.
    """

    answers: tuple[tuple[datetime, int], ...] = ()
    asked: tuple[datetime, ...] = ()
    joined_at: datetime | None = None
    last_heard_at: datetime | None = None
    missed: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact behind a level. The catalogue's `signal_{kind}` makes a sentence of it; values are text, times in ISO form."""

    kind: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signal:
    """A level, never without its reasons."""

    level: Level
    reasons: tuple[Reason, ...]
    table_version: str = TABLE_VERSION


def read_signal(facts: SignalFacts, now: datetime) -> Signal:
    """`act` after a last answer of 2 or less, after 28 days in which we asked and heard nothing, or two meetings missed in 30.

    Else `steady`; one meeting that was missed is a fact beside the others.
    """
    found = tuple(reason for reason in (_low_answer(facts), _silence(facts, now)) if reason)
    missed = _missed(facts, now)
    if found or len(missed) >= _STAYED_AWAY:
        return Signal(Level.ACT, (*found, *missed))
    return Signal(Level.STEADY, (_last_word(facts), *missed))


def _low_answer(facts: SignalFacts) -> Reason | None:
    if not facts.answers or facts.answers[0][1] > _LOW:
        return None
    return _answer("low_answer", facts)


def _silence(facts: SignalFacts, now: datetime) -> Reason | None:
    """Quiet since we last heard something, or since the person joined. Before joining nobody owes us a word."""
    if facts.joined_at is None:
        return None
    since = max(facts.joined_at, facts.last_heard_at or facts.joined_at)
    if now - since < _SILENCE or not any(since <= asked <= now for asked in facts.asked):
        return None
    return Reason("silence", {"days": str((now - since).days), "since": since.isoformat()})


def _missed(facts: SignalFacts, now: datetime) -> tuple[Reason, ...]:
    """Each meeting of the last 30 days to which the person did not come and had not said so."""
    lately = (start for start in facts.missed if start <= now <= start + _LATELY)
    return tuple(Reason("no_show", {"at": start.isoformat()}) for start in lately)


def _last_word(facts: SignalFacts) -> Reason:
    return _answer("last_answer", facts) if facts.answers else Reason("no_answer", {})


def _answer(kind: str, facts: SignalFacts) -> Reason:
    at, value = facts.answers[0]
    return Reason(kind, {"value": str(value), "at": at.isoformat()})
