"""The one message to somebody who hasn't said yes: may we write?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from medvind.model import Ask, Doubt, Duty, PersonFacts, Why
from medvind.rules.policy import Policy

_VALID = timedelta(days=14)
_OPEN = timedelta(days=30)


def owed(facts: PersonFacts, _policy: Policy, _since: datetime, _until: datetime) -> Iterator[Duty]:
    """The invitation, once to each number, while nobody has answered: the first may have been mistyped."""
    if facts.invite_since is None:
        return
    yield Duty(
        kind="invite",
        key="invite" if facts.numbers == 1 else f"invite@{facts.numbers}",
        chain="invite",
        when=facts.invite_since,
        valid_until=facts.invite_since + _VALID,
        text="invite",
        why=Why("why_invite"),
        doubt=Doubt.C,
        priority=1,
        asks=Ask.INVITE,
        open_until=facts.invite_since + _OPEN,
    )
