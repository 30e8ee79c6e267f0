"""Caps: what one person's words may cause in an hour, and what all text messages together may cost in a day."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from medvind.model import Ask, Doubt
from medvind.rules.meanings import (
    AskCoach,
    FreeText,
    HalfYes,
    Help,
    No,
    NotAScore,
    OpenQuestion,
    OptIn,
    PrivateMatter,
    PrivateWord,
    Reply,
    Stop,
    WhoWrites,
    WrongNumber,
    Yes,
)

MOST_HEARD, HEARD_WITHIN = 60, timedelta(hours=1)
"""Nobody types so much; a robot that answers our answers does."""
CAN_WAIT = (Doubt.B, Doubt.C)
"""A is urgent, and D answers somebody: STOP must be confirmed whatever it costs."""


def is_always_heard(reply: Reply) -> bool:
    """Whether it counts however much somebody has written before: a no to everything always does."""
    match reply:
        case Stop() | No(OpenQuestion(ask=Ask.INVITE)):
            return True
        case _:
            return False


def counts_unproven(reply: Reply) -> bool:
    """Whether it has an effect from a changed number before its JA: what is about the number, peace, and how to write.

    Whoever holds that phone may be anybody: all else is kept for a person to read.
    """
    match reply:
        case (
            Stop()
            | OptIn()
            | Help()
            | WhoWrites()
            | WrongNumber()
            | Yes(OpenQuestion(ask=Ask.INVITE))
            | No(OpenQuestion(ask=Ask.INVITE))
        ):
            return True
        case _:
            return False


def holds_beside_national_id(reply: Reply) -> bool:
    """Whether it means what it says although a national id stood beside it: what needs a reader is left to one."""
    return not isinstance(reply, FreeText | PrivateMatter | PrivateWord | AskCoach | NotAScore | HalfYes)


def can_wait(doubts: Iterable[Doubt]) -> bool:
    """Whether a message with these duties in it may wait for another day: not where one of them can't."""
    return all(one in CAN_WAIT for one in doubts)


class Spent(NamedTuple):
    """The segments handed over on `day`, as the clock in town hall counts days; `capped_at`: when the first one had to wait."""

    day: date | None = None
    segments: int = 0
    capped_at: datetime | None = None

    def on(self, day: date) -> "Spent":
        """What it is on this day: each begins at nothing."""
        return self if self.day == day else Spent(day)

    def leaves_room(self, weight: int, cap: int | None) -> bool:
        """Whether so many segments more stay within the cap; None: there is none."""
        return cap is None or self.segments + weight <= cap

    def plus(self, weight: int) -> "Spent":
        """With so many segments more."""
        return Spent(self.day, self.segments + weight, self.capped_at)

    def at_its_cap(self, now: datetime) -> "Spent":
        """Something has to wait from now on, if not already."""
        return self if self.capped_at else self._replace(capped_at=now)
