"""Who could use a call, read from what the store knows: the same for a coach's card and for the person it is about."""

from datetime import datetime
from zoneinfo import ZoneInfo

from medvind.model import Attendance, PersonFacts
from medvind.rules.signals import Signal, SignalFacts, read_signal
from medvind.store.cards import Heard


def signal_of(heard: Heard, facts: PersonFacts, zone: str, now: datetime) -> Signal:
    """The rule's reading; times are handed to it as the person's own clock shows them."""
    here, joined = ZoneInfo(zone), facts.joined_at
    known = SignalFacts(
        answers=tuple((at.astimezone(here), value) for at, value in heard.answers),
        asked=tuple(at.astimezone(here) for at in heard.asked),
        joined_at=joined.astimezone(here) if joined else None,
        last_heard_at=heard.last.astimezone(here) if heard.last else None,
        missed=missed_by(facts, here),
    )
    return read_signal(known, now)


def missed_by(facts: PersonFacts, zone: ZoneInfo) -> tuple[datetime, ...]:
    """When the meetings began to which a coach has entered that this person did not come, the latest first."""
    stayed_away = (one for one in facts.meetings if one.attendance == Attendance.NO_SHOW and not one.cancelled)
    return tuple(sorted((one.starts_at.astimezone(zone) for one in stayed_away), reverse=True))
