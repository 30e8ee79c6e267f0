"""One person's duties put in order: what a coach decided, what a later one replaces, latecomers, pauses, peace, and the budget.

`docs/planning.md` says each rule once, in this order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from operator import itemgetter

from medvind.model import Adjust, ClosedDay, Doubt, Duty, GaveWay, Late, PersonFacts, Topic
from medvind.rules.budget import fit_together, spread
from medvind.rules.calendar import at_wall
from medvind.rules.policy import Policy
from medvind.rules.sending import settle

_PEACE = timedelta(minutes=30)
_FULL = frozenset({GaveWay.DAY_FULL, GaveWay.WEEK_FULL, GaveWay.NO_ROOM})
_NOT_ASKED_LATER = frozenset({Topic.CHECK_INS, Topic.ENCOURAGEMENT})
_REMEMBERED = timedelta(days=7)
"""So long all that filled a week is still known after it; later nobody can tell whether there has come to be room."""
_A_LITTLE_LATER = timedelta(hours=2)
"""What was chosen leaves so much later at the most, where it must wait for the end of a talk or beside another message."""
_STILL_WAITS = timedelta(days=1)
"""What was due longer ago than this before somebody wrote and has not left is no part of their talk."""


def arrange(duties: Iterable[Duty], facts: PersonFacts, policy: Policy, now: datetime | None = None) -> list[Duty]:
    """The same duties at the moments at which they will leave, without those that can no longer be true by then.

    What gives way is there, with its reason. `now` matters only to what becomes known after its time: that leaves now; without
    it everything was known in time. All else depends on the facts alone. Hand in whole chains.
    """
    owed, out = _steer(duties, facts)
    past = _Past.of([*owed, *out], facts)
    chained = _supersede(owed, facts, policy)
    caught_up = _spare_latecomer(chained, facts, policy, past)
    awake, asleep = _pause(caught_up, facts, policy, past)
    known, again = _not_before_it_was_known(awake, facts, policy, now)
    awake, still_asleep = _pause(known, facts, policy, past)
    peaceful = [duty if duty.key in again else _leave_in_peace(duty, facts, policy, past) for duty in awake]
    return [*spread(peaceful, facts, policy, again), *asleep, *still_asleep, *out]


def _steer(duties: Iterable[Duty], facts: PersonFacts) -> tuple[list[Duty], list[Duty]]:
    """What the coach decided: the duties that go on, some at another time, and those that give way."""
    decided = {(one.kind, one.key): one for one in facts.adjustments}
    if not decided:
        return list(duties), []
    every = list(duties)
    ended = _ended(every, facts)
    go_on, out = [], []
    for duty in every:
        one = decided.get((duty.kind, duty.key))
        if duty.chain in ended and duty.when >= ended[duty.chain]:
            out.append(replace(duty, gave_way=GaveWay.CANCELLED))
        elif one and one.action == Adjust.SKIP:
            out.append(replace(duty, gave_way=GaveWay.SKIPPED))
        elif one and one.action == Adjust.MOVE and one.when:
            go_on.append(replace(duty, when=one.when, off_closed=ClosedDay.STAY))
        else:
            go_on.append(duty)
    return go_on, out


def _ended(every: Sequence[Duty], facts: PersonFacts) -> dict[str, datetime]:
    """From when on each cancelled chain is silent: from the cancelled step on, wherever that stands now.

    A step of long ago is reckoned no more, so then the moment counts at which it would have left. What is said of a meeting
    is all there as long as that stands: where the step is missing the meeting has moved, and its ladder begins anew.
    """
    cancelled = {(one.kind, one.key): one for one in facts.adjustments if one.action == Adjust.CANCEL}
    meetings = {duty.chain for duty in every if duty.topic == Topic.MEETINGS}
    ended = {one.chain: one.when for one in cancelled.values() if one.when and one.chain not in meetings}
    return ended | {duty.chain: duty.when for duty in every if (duty.kind, duty.key) in cancelled}


@dataclass(frozen=True, slots=True)
class _Past:
    """What has left already, and when. `gone` are the moments for which that was meant of it which is owed no longer."""

    sent: Mapping[tuple[str, str], datetime]
    gone: frozenset[datetime]
    with_meetings: frozenset[datetime]

    @classmethod
    def of(cls, owed: Iterable[Duty], facts: PersonFacts) -> "_Past":
        """`gone` without what is said of meetings: that waits for the end of a pause, but for nobody's joining."""
        keys = {(duty.kind, duty.key) for duty in owed}
        gone = [one for one in facts.sent if (one.kind, one.key) not in keys]
        own = frozenset(one.meant for one in gone if not one.kind.startswith("meeting_"))
        return cls({(one.kind, one.key): one.at for one in facts.sent}, own, frozenset(one.meant for one in gone))


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


def _spare_latecomer(duties: Iterable[Duty], facts: PersonFacts, policy: Policy, before: _Past) -> Iterator[Duty]:
    """Of all that was due before somebody joined at most one goes, at once, and along with it what may only do that."""
    past = []
    for duty in duties:
        if facts.joined_at and duty.topic and duty.when < facts.joined_at:
            past.append(duty)
        else:
            yield duty
    if past and facts.joined_at:
        chosen = _choose((duty for duty in past if duty.late == Late.NOW), facts.joined_at, facts, policy, before)
        if chosen:
            yield chosen
            yield from _along_with(chosen, [duty for duty in past if duty.late == Late.MERGE], facts, policy)


def _choose(waiting: Iterable[Duty], moment: datetime, facts: PersonFacts, policy: Policy, past: _Past) -> Duty | None:
    """Of all that waited for this moment the weightiest that is still true then, of equals the one that was due last.

    One that has left since stays the one, and one that has left and is owed no longer (it was answered, say) leaves no room.
    What had left before waits for nothing.
    """
    still = []
    for duty in waiting:
        when = settle(moment, ClosedDay.STAY, policy, facts.zone, duty.meeting_day)
        left = past.sent.get((duty.kind, duty.key))
        over = any(when <= one <= when + _A_LITTLE_LATER for one in past.gone) if left is None else left < moment
        if when < duty.valid_until and not over:
            still.append(((left is None, duty.priority, -duty.when.timestamp(), duty.key), replace(duty, when=when)))
    return min(still, key=itemgetter(0), default=(None, None))[1]


def _along_with(chosen: Duty, merging: Sequence[Duty], facts: PersonFacts, policy: Policy) -> Iterator[Duty]:
    together = [chosen]
    for duty in sorted(merging, key=lambda duty: (duty.priority, duty.key)):
        if chosen.when < duty.valid_until and fit_together([*together, duty], facts, policy):
            together.append(duty)
            yield replace(duty, when=chosen.when, carried_by=chosen.key)


def _not_before_it_was_known(
    duties: Iterable[Duty], facts: PersonFacts, policy: Policy, now: datetime | None
) -> tuple[list[Duty], dict[str, tuple[datetime, GaveWay]]]:
    """What becomes known after its time leaves now, and what waits already keeps the time that it has.

    Beside them, by key, what gave way to others at its time, and when it could leave now; never, where that is long ago.
    """
    waits = {(one.kind, one.key): one for one in facts.waits}
    sent = {(one.kind, one.key) for one in facts.sent}
    known, again = list[Duty](), dict[str, tuple[datetime, GaveWay]]()
    for duty in duties:
        name = duty.kind, duty.key
        held = waits.get(name)
        if now is None or duty.topic is None or duty.when >= now or name in sent:
            known.append(duty)
            continue
        since = held.meant if held and held.gave_way is None else now
        when = max(duty.when, settle(since, ClosedDay.STAY, policy, facts.zone, duty.meeting_day))
        if held and held.gave_way in _FULL:
            known.append(replace(duty, when=held.meant))
            again[duty.key] = when if now - held.meant <= _REMEMBERED else duty.valid_until, held.gave_way
        elif when < duty.valid_until:
            known.append(replace(duty, when=when))
    return known, again


def _pause(duties: Iterable[Duty], facts: PersonFacts, policy: Policy, past: _Past) -> tuple[list[Duty], list[Duty]]:
    """What is due in a pause waits for its end, and of all that waits for one end at most one goes.

    How somebody is, and that we think of them, is not asked and said after a rest: a human has been there meanwhile.
    """
    awake: list[Duty] = []
    asleep: list[Duty] = []
    waiting: dict[datetime, list[Duty]] = defaultdict(list)
    for duty in duties:
        end = _pause_ends(duty, facts)
        if end is None:
            awake.append(duty)
        elif duty.topic in _NOT_ASKED_LATER and _in_rest(duty, facts):
            asleep.append(replace(duty, gave_way=GaveWay.PAUSED))
        else:
            waiting[end].append(duty)
    every = replace(past, gone=past.with_meetings)
    for end, those in waiting.items():
        chosen = _choose(those, end, facts, policy, every)
        awake += [chosen] if chosen else []
        asleep += [replace(one, gave_way=GaveWay.PAUSED) for one in those if not chosen or one.key != chosen.key]
    return awake, asleep


def _in_rest(duty: Duty, facts: PersonFacts) -> bool:
    return any(one.rest and one.ended and one.since <= duty.when < one.ended for one in facts.pauses)


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


def _leave_in_peace(duty: Duty, facts: PersonFacts, policy: Policy, past: _Past) -> Duty:
    """Nothing automatic comes in between two people, not even what an earlier word has kept waiting, or a queue.

    Only a deadline of the next days does: there silence costs money.
    """
    talked, pressing = facts.talked_at, duty.topic == Topic.DEADLINES and duty.doubt == Doubt.A
    if talked is None or duty.topic is None or pressing or not talked - _STILL_WAITS < duty.when < talked + _PEACE:
        return duty
    if duty.when < talked and (duty.kind, duty.key) in past.sent:
        return duty
    later = settle(talked + _PEACE, ClosedDay.STAY, policy, facts.zone, duty.meeting_day)
    return replace(duty, when=later) if later < duty.valid_until else duty
