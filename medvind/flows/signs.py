"""Who could use a call, read from what the store knows: the same for a coach's card and for the person it is about."""

from datetime import datetime
from zoneinfo import ZoneInfo

from medvind.rules.signals import Signal, SignalFacts, read_signal
from medvind.store.cards import Heard


def signal_of(heard: Heard, joined_at: datetime | None, zone: str, now: datetime) -> Signal:
    """The rule's reading; times are handed to it as the person's own clock shows them."""
    here = ZoneInfo(zone)
    facts = SignalFacts(
        answers=tuple((at.astimezone(here), value) for at, value in heard.answers),
        asked=tuple(at.astimezone(here) for at in heard.asked),
        joined_at=joined_at.astimezone(here) if joined_at else None,
        last_heard_at=heard.last.astimezone(here) if heard.last else None,
    )
    return read_signal(facts, now)
