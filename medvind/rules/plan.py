"""Everything that one person should get: the same facts always give the same messages."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import chain

from medvind.model import CoachWarning, Duty, PersonFacts
from medvind.rules import attendance, check_ins, coaches, deadlines, joining, meetings, programme, silence, support, taxes
from medvind.rules.arranging import arrange
from medvind.rules.policy import Policy
from medvind.rules.sending import policy_for

HORIZON = timedelta(days=90)
Source = Callable[[PersonFacts, Policy, datetime, datetime], Iterable[Duty]]
WARNINGS: tuple[Callable[[PersonFacts, Policy], Iterable[CoachWarning]], ...] = (
    joining.warnings,
    meetings.warnings,
    silence.warnings,
    support.warnings,
)
SOURCES: tuple[Source, ...] = (
    joining.owed,
    meetings.owed,
    attendance.owed,
    deadlines.owed,
    taxes.owed,
    support.owed,
    check_ins.owed,
    programme.owed,
    coaches.owed,
)
_SETTLING_IN = timedelta(days=90)
"""Longer than anything due before somebody joined can still be true."""
_MARGIN = timedelta(days=14)
"""A duty meant for after the horizon may leave within it, but not from further than this."""


def plan(facts: PersonFacts, policy: Policy, now: datetime, horizon: timedelta = HORIZON) -> list[Duty]:
    """What is owed from now to the horizon, in the order in which it leaves, and what gives way, with its reason.

    `now` chooses what is shown, and moves only what becomes known after its time. Raises ValueError where the facts make no
    sense.
    """
    policy, until = policy_for(policy, facts.quiet_hours), now + horizon
    since = _reckoned_from(facts, now)
    owed = chain.from_iterable(source(facts, policy, since, until + _MARGIN) for source in SOURCES)
    arranged = arrange((duty for duty in owed if _allowed(duty, facts)), facts, policy, now)
    ahead = [duty for duty in arranged if duty.valid_until > now and duty.when <= until]
    return sorted(ahead, key=lambda duty: (duty.when, duty.key))


def warnings(facts: PersonFacts, policy: Policy) -> list[CoachWarning]:
    """What the coach should be told of this person, ahead of time. Raises ValueError where the facts make no sense."""
    return [warning for source in WARNINGS for warning in source(facts, policy)]


def _reckoned_from(facts: PersonFacts, now: datetime) -> datetime:
    """Which single message a latecomer gets must not change with time, so it is chosen as on the day of joining."""
    new = facts.joined_at is not None and timedelta() <= now - facts.joined_at < _SETTLING_IN
    return facts.joined_at if new and facts.joined_at else now


def _allowed(duty: Duty, facts: PersonFacts) -> bool:
    """The invitation needs no consent, since it asks for it; all else needs one that covers its purpose."""
    return duty.topic is None or (facts.joined_at is not None and duty.topic.purpose in facts.consents)
