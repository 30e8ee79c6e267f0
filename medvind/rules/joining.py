"""The one message to somebody who hasn't said yes: may we write?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from medvind.model import Ask, CoachWarning, Doubt, Duty, PersonFacts, TaskKind, Why
from medvind.rules.policy import Policy

_VALID = timedelta(days=14)
_OPEN = timedelta(days=30)
_A_WEEK = timedelta(days=7)


def invite_key(numbers: int) -> str:
    """Of the invitation to the last of so many numbers."""
    return "invite" if numbers == 1 else f"invite@{numbers}"


def owed(facts: PersonFacts, _policy: Policy, _since: datetime, _until: datetime) -> Iterator[Duty]:
    """The invitation, once to each number, while nobody has answered: the first may have been mistyped.

    Where the yes came from another number, it asks whether this one is right.
    """
    if facts.invite_since is None:
        return
    day = facts.invite_since.astimezone(ZoneInfo(facts.zone)).date()
    yield Duty(
        kind="invite",
        key=invite_key(facts.numbers),
        chain="invite",
        when=facts.invite_since,
        valid_until=facts.invite_since + _VALID,
        text="number_check" if facts.moved else "invite",
        why=Why("why_new_number" if facts.moved else "why_invite", {"day": day.isoformat()}),
        doubt=Doubt.C,
        priority=1,
        asks=Ask.INVITE,
        open_until=facts.invite_since + _OPEN,
    )


def warnings(facts: PersonFacts, _policy: Policy) -> Iterator[CoachWarning]:
    """After a week without an answer it is the coach who looks: nobody is asked twice. A late answer ends it."""
    if facts.invite_since is not None:
        key, why = f"invite:{facts.numbers}", Why("why_invite_no_answer")
        yield CoachWarning(TaskKind.NO_ANSWER, key, facts.invite_since + _A_WEEK, why)
