"""Made-up facts for the rules, and times as a coach would write them: a test says only what it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from medvind.model import Duty, Language, MeetingFacts, MeetingKind, PersonFacts, PublicId, Purpose
from medvind.rules.policy import policy_from

ZONE = "Europe/Copenhagen"
DEFAULTS = policy_from({})
"""What holds until a municipality decides otherwise."""


def local(text: str) -> datetime:
    """This wall time in Copenhagen, as the moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def wall(moment: datetime) -> str:
    """What a clock on a wall in Copenhagen shows, to the minute."""
    return moment.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M")


def person(joined: str | None = "2025-01-06 10:00", **facts: Any) -> PersonFacts:
    """Somebody who said yes to everything at this wall time, or with None has not."""
    base = PersonFacts(
        id=1,
        zone=ZONE,
        language=Language.DA,
        created_at=local("2025-01-06 09:00"),
        joined_at=local(joined) if joined else None,
        consents=frozenset(Purpose) if joined else frozenset(),
    )
    return replace(base, **facts)


def meeting(starts: str, known: str, **facts: Any) -> MeetingFacts:
    """A meeting at this wall time, of which the person could be told from the other on."""
    base = MeetingFacts(
        id=PublicId("public"),
        external_id="m1",
        kind=MeetingKind.MEETING,
        starts_at=datetime.fromisoformat(starts).replace(tzinfo=ZoneInfo(ZONE)),
        minutes=60,
        sequence=1,
        known_since=local(known),
    )
    return replace(base, **facts)


def leaving(duties: Iterable[Duty]) -> list[tuple[str, str]]:
    """Which duty leaves when, by the clock on the wall."""
    return [(duty.key, wall(duty.when)) for duty in duties]
