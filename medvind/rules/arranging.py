"""One person's duties put in order: what a coach decided, what a later one replaces, latecomers, pauses, peace, and the budget.

`docs/planning.md` says each rule once, in this order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from medvind.model import Adjust, ClosedDay, Duty, GaveWay, Late, PersonFacts
from medvind.rules.budget import fit_together, spread
from medvind.rules.calendar import at_wall
from medvind.rules.policy import Policy
from medvind.rules.sending import settle

_PEACE = timedelta(minutes=30)


def arrange(duties: Iterable[Duty], facts: PersonFacts, policy: Policy) -> list[Duty]:
    """The same duties at the moments at which they will leave, without those that can no longer be true by then.

    What gives way is there, with its reason. Nothing here depends on the time of planning, so the same facts give the same
    arrangement. Hand in whole chains.
    """
    owed, out = _steer(duties, facts)
    chained = _supersede(owed, facts, policy)
    caught_up = _spare_latecomer(chained, facts, policy)
    awake, asleep = _pause(caught_up, facts, policy)
    peaceful = [_leave_in_peace(duty, facts, policy) for duty in awake]
    return [*spread(peaceful, facts, policy), *asleep, *out]


def _steer(duties: Iterable[Duty], facts: PersonFacts) -> tuple[list[Duty], list[Duty]]:
    """What the coach decided: the duties that go on, some at another time, and those that give way."""
    decided = {(one.kind, one.key): one for one in facts.adjustments}
    if not decided:
        return list(duties), []
    every = list(duties)
    ended = {
        duty.chain: duty.when for duty in every if (one := decided.get((duty.kind, duty.key))) and one.action == Adjust.CANCEL
    }
    go_on, out = [], []
    for duty in every:
        one = decided.get((duty.kind, duty.key))
        if duty.chain in ended and duty.when >= ended[duty.chain]:
            out.append(replace(duty, gave_way=GaveWay.CANCELLED))
        elif one and one.action == Adjust.SKIP:
            out.append(replace(duty, gave_way=GaveWay.SKIPPED))
        elif one and one.when:
            go_on.append(replace(duty, when=one.when, off_closed=ClosedDay.STAY))
        else:
            go_on.append(duty)
    return go_on, out


def _supersede(duties: Iterable[Duty], facts: PersonFacts, policy: Policy) -> Iterator[Duty]:
    """Settles each, and ends each when the next of its chain leaves. Of two that fall together the one meant later stays."""
    chains: dict[str, list[tuple[datetime, datetime, Duty]]] = defaultdict(list)
    for duty in duties:
        when = settle(duty.when, duty.off_closed, policy, facts.zone, duty.meeting_day)
        chains[duty.chain].append((when, duty.when, duty))
    for steps in chains.values():
        steps.sort(key=lambda step: step[:2])
        ends = [following for _, (following, _, _) in pairwise(steps)]
        for (when, _, duty), end in zip(steps, [*ends, None], strict=True):
            valid_until = min(duty.valid_until, end) if end else duty.valid_until
            if when < valid_until:
                moved = (when, valid_until) != (duty.when, duty.valid_until)
                yield replace(duty, when=when, valid_until=valid_until) if moved else duty


def _spare_latecomer(duties: Iterable[Duty], facts: PersonFacts, policy: Policy) -> Iterator[Duty]:
    """Of all that was due before somebody joined at most one goes, at once, and along with it what may only do that."""
    past = []
    for duty in duties:
        if facts.joined_at and duty.topic and duty.when < facts.joined_at:
            past.append(duty)
        else:
            yield duty
    if past and facts.joined_at:
        chosen = _choose((duty for duty in past if duty.late == Late.NOW), facts.joined_at, facts, policy)
        if chosen:
            yield chosen
            yield from _along_with(chosen, [duty for duty in past if duty.late == Late.MERGE], facts, policy)


def _choose(waiting: Iterable[Duty], moment: datetime, facts: PersonFacts, policy: Policy) -> Duty | None:
    """Of all that waited for this moment the weightiest that is still true then, of equals the one that was due last."""
    still = []
    for duty in waiting:
        when = settle(moment, ClosedDay.STAY, policy, facts.zone, duty.meeting_day)
        if when < duty.valid_until:
            still.append((duty.when, replace(duty, when=when)))
    return min(still, key=lambda one: (one[1].priority, -one[0].timestamp(), one[1].key), default=(None, None))[1]


def _along_with(chosen: Duty, merging: Sequence[Duty], facts: PersonFacts, policy: Policy) -> Iterator[Duty]:
    together = [chosen]
    for duty in sorted(merging, key=lambda duty: (duty.priority, duty.key)):
        if chosen.when < duty.valid_until and fit_together([*together, duty], facts, policy):
            together.append(duty)
            yield replace(duty, when=chosen.when, carried_by=chosen.key)


def _pause(duties: Iterable[Duty], facts: PersonFacts, policy: Policy) -> tuple[list[Duty], list[Duty]]:
    """What is due in a pause waits for its end, and of all that waits for one end at most one goes."""
    awake: list[Duty] = []
    waiting: dict[datetime, list[Duty]] = defaultdict(list)
    for duty in duties:
        end = _pause_ends(duty, facts)
        if end is None:
            awake.append(duty)
        else:
            waiting[end].append(duty)
    asleep = []
    for end, those in waiting.items():
        chosen = _choose(those, end, facts, policy)
        awake += [chosen] if chosen else []
        asleep += [replace(one, gave_way=GaveWay.PAUSED) for one in those if not chosen or one.key != chosen.key]
    return awake, asleep


def _pause_ends(duty: Duty, facts: PersonFacts) -> datetime | None:
    """When the last of the pauses ends that this one meets, one after the other; None: it meets none."""
    if duty.topic is None:
        return None
    moment, met = duty.when, True
    while met:
        met = False
        for pause in facts.pauses:
            end = pause.ended or at_wall(pause.until, time(), facts.zone)
            if pause.topic in {None, duty.topic} and pause.since <= moment < end:
                moment, met = end, True
    return None if moment == duty.when else moment


def _leave_in_peace(duty: Duty, facts: PersonFacts, policy: Policy) -> Duty:
    """Nothing automatic comes in between two people."""
    talked = facts.talked_at
    if talked is None or duty.topic is None or not talked <= duty.when < talked + _PEACE:
        return duty
    later = settle(talked + _PEACE, ClosedDay.STAY, policy, facts.zone, duty.meeting_day)
    return replace(duty, when=later) if later < duty.valid_until else duty
