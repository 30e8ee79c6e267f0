"""Whether a channel's provider is away: nobody calls then, but for one try a minute, and coaches are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

LOOK_BACK, FAILURES, SILENCES = 10, 5, 3
"""Away after so many failures among the last ten tries, or so many in a row without any answer: those hold up everything."""
TRY_EVERY = timedelta(seconds=60)
ALARM_AFTER = timedelta(minutes=15)
NO_ANSWER = "no answer in time"
OURS = ("the call failed", "too late")
"""Reasons of our own, which say nothing of the provider."""


class Heard(Enum):
    """What one try says of the provider itself, whatever became of the message."""

    ANSWERED = auto()
    FAILED = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class Try:
    """When a call came to its end, and what it said of the provider."""

    at: datetime
    heard: Heard


@dataclass(frozen=True, slots=True)
class Breaker:
    """One channel's. Closed, unless `opened_at` says since when it is open; `away_since` is the first failure of that outage.

    closed --(5 of 10 failed, or 3 time-outs in a row)--> open --(the one that tries gets an answer)--> closed
    """

    away_since: datetime | None = None
    opened_at: datetime | None = None
    probe_at: datetime | None = None
    alarmed_at: datetime | None = None
    closed_at: datetime | None = None

    def may_try(self, now: datetime) -> bool:
        """Whether it is time for one message to try an open one. At first a minute after it opened."""
        return self.probe_at is not None and self.probe_at <= now

    def next_try(self, now: datetime) -> datetime:
        """When the one after this may try."""
        return self.probe_at if self.probe_at is not None and self.probe_at > now else now + TRY_EVERY

    def alarms(self, now: datetime) -> bool:
        """Whether the provider has been away for so long that somebody must be woken, and nobody has been yet."""
        return self.away_since is not None and self.alarmed_at is None and now - self.away_since >= ALARM_AFTER


CLOSED = Breaker()


def heard(outcome: str, reason: str | None) -> Heard | None:
    """What the outcome of a try says of the provider; None where it says nothing.

    Whoever refuses an address or a text is there. One that asks us to rest is paced and not away.
    """
    match outcome:
        case "sent" | "accepted" | "refused" | "dead" | "stopped" | "undeliverable":
            return Heard.ANSWERED
        case "not sent" | "unknown" if reason not in OURS:
            return Heard.SILENT if reason and (reason == NO_ANSWER or "Timeout" in reason) else Heard.FAILED
        case _:
            return None


def is_away(tries: Sequence[Heard]) -> bool:
    """Whether these tries, the newest last, are enough to call nobody any more."""
    last, newest = tries[-LOOK_BACK:], tries[-SILENCES:]
    return sum(one is not Heard.ANSWERED for one in last) >= FAILURES or list(newest) == [Heard.SILENT] * SILENCES


def after_tries(breaker: Breaker, tries: Sequence[Try], now: datetime) -> Breaker:
    """What a closed one becomes by the tries since it was closed last, the newest last. An open one stays open."""
    if breaker.opened_at is not None or not is_away([one.heard for one in tries]):
        return breaker
    return Breaker(_first_failure(tries), now, now + TRY_EVERY)


def _first_failure(tries: Sequence[Try]) -> datetime:
    """Of the failures that nothing has come between; of those looked at, where the newest try was answered."""
    answers = [place for place, one in enumerate(tries) if one.heard is Heard.ANSWERED]
    since = tries[answers[-1] + 1 :] if answers else tries
    return next(one.at for one in since or tries if one.heard is not Heard.ANSWERED)


def after_probe(breaker: Breaker, answer: Heard | None, now: datetime) -> Breaker:
    """What an open one becomes by the one that tried: any answer of the provider closes it, anything else says nothing new."""
    return Breaker(closed_at=now) if breaker.opened_at is not None and answer is Heard.ANSWERED else breaker
