"""Another coach takes over: the person is told once who it is, from when, and at which number."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from medvind.model import Coached, Doubt, Duty, PersonFacts, Topic, Why
from medvind.rules.calendar import DAY
from medvind.rules.policy import Policy
from medvind.rules.sending import open_from

_TIME_TO_CORRECT = timedelta(hours=1)
"""A file that named the wrong coach can be put right until then, and nobody hears of it."""
_OF_USE = timedelta(days=14)
_TWO = 2


def owed(facts: PersonFacts, policy: Policy, _since: datetime, _until: datetime) -> Iterator[Duty]:
    """One word to whoever knew somebody else as their coach; none while nobody follows them."""
    known = _known(facts, policy)
    if len(known) < _TWO or known[-1].until is not None:
        return
    local = known[-1].since.astimezone(ZoneInfo(facts.zone))
    day = local.date().isoformat()
    when = known[-1].since + _TIME_TO_CORRECT
    yield Duty(
        kind="coach_changed",
        key=f"coach_changed:{local:%Y-%m-%dT%H.%M}",
        chain="coach_changed",
        when=when,
        valid_until=when + _OF_USE,
        text="coach_changed",
        why=Why("why_coach_changed", {"day": day}),
        doubt=Doubt.B,
        topic=Topic.MEETINGS,
        priority=4,
        subject={"deadline": day},
    )


def _known(facts: PersonFacts, policy: Policy) -> Sequence[Coached]:
    """Those whom the person knows as their coach, in order: who went again before a word of them could leave is none of them.

    The first one is known without a word, after a day; who comes back after somebody whom nobody heard of has never been away.
    """
    known: list[Coached] = []
    for one in facts.coaches:
        heard = open_from(one.since + _TIME_TO_CORRECT, policy, facts.zone, None) if known else one.since + DAY
        if one.until is not None and one.until <= heard:
            continue
        if known and known[-1].coach == one.coach:
            one = Coached(one.coach, known.pop().since, one.until)  # noqa: PLW2901 - the two are one
        known.append(one)
    return known
