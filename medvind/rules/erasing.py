"""When a person may be erased: a wish by chat can be taken back for a day, and what must be kept for a case is kept."""

from datetime import datetime, timedelta
from enum import StrEnum

REGRET = timedelta(hours=24)
"""So long a wish to be deleted can be taken back by a word."""


class EraseReason(StrEnum):
    """Why somebody was erased.

    Asked: they wrote SLET MIG, and a day has passed. Asked otherwise: they said it to somebody, or don't want to wait.
    Mistake: they should never have been entered. Decided: the municipality's rules say so.
    """

    ASKED = "asked"
    ASKED_OTHERWISE = "asked_otherwise"
    MISTAKE = "mistake"
    DECIDED = "decided"


class Refusal(StrEnum):
    """What stands in the way: kept for a case; the day of regret is not over; they have not asked."""

    HELD = "held"
    TOO_SOON = "too_soon"
    NOT_ASKED = "not_asked"


def refusal(asked_at: datetime | None, reason: EraseReason | None, now: datetime, *, held: bool) -> Refusal | None:
    """What stands in the way of it, None where nothing does.

    `asked_at`: when they wrote SLET MIG, if that still stands. A `reason` that somebody else gives takes its place, and the
    day of regret's; what is kept for a case gives way to none.
    """
    if held:
        return Refusal.HELD
    if reason not in {None, EraseReason.ASKED}:
        return None
    if asked_at is None:
        return Refusal.NOT_ASKED
    return Refusal.TOO_SOON if now < asked_at + REGRET else None


def wanted_it(reason: EraseReason) -> bool:
    """Whether it was the person's own wish: then they don't want to be written to again either."""
    return reason in {EraseReason.ASKED, EraseReason.ASKED_OTHERWISE}
