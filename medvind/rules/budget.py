"""Not too many: what is due within the hour becomes one message, and no day and no week holds more than was decided."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from medvind.model import ChannelName, ClosedDay, Doubt, Duty, GaveWay, PersonFacts, Sent
from medvind.rules.policy import Policy
from medvind.rules.segments import ONE_PART
from medvind.rules.sending import settle

ON_TIME = timedelta(minutes=15)
"""What left within this of its time left at its time: the queue is no change of plan."""

INVITATION = "meeting_invite"
"""The kind of duty by which somebody first hears of a meeting."""


@dataclass(slots=True)
class _Message:
    """One message of somebody's day, with all that goes along in it. `left`: nothing can be added any more."""

    key: str
    when: datetime
    duties: list[Duty] = field(default_factory=list)
    left: bool = False


def fit_together(duties: Iterable[Duty], facts: PersonFacts, policy: Policy) -> bool:
    """Whether these can be one message: at most one asks, and by SMS their longest forms fill no second part."""
    together = list(duties)
    if sum(duty.asks is not None for duty in together) > 1:
        return False
    if facts.way == ChannelName.TELEGRAM:
        return True
    lengths = [policy.text_lengths.get((facts.language, duty.text), ONE_PART) for duty in together]
    return sum(lengths) + len(lengths) - 1 <= ONE_PART


def spread(
    duties: Iterable[Duty],
    facts: PersonFacts,
    policy: Policy,
    again: Mapping[str, tuple[datetime, GaveWay]] = MappingProxyType({}),
) -> Iterator[Duty]:
    """The same duties, some at another time, some along with another, some with the reason why they give way.

    The weightier is looked at first, so it keeps its place. What has left counts as it left, and stays. `again` are keys of
    what gave way at its time, when it can leave now, and why it didn't: where there has come to be room at its time, it does.
    """
    week = _Week(facts, policy)
    waiting = []
    for duty in duties:
        if duty.topic is None:  # the invitation: whoever has not said yes gets nothing else
            yield duty
        elif week.has_left(duty):
            yield week.keep(duty)
        else:
            waiting.append(duty)
    week.count_what_is_not_owed_any_more()
    merging = [duty for duty in waiting if duty.carried_by]
    for duty in sorted((duty for duty in waiting if not duty.carried_by), key=_weight):
        yield week.place_again(duty, *again[duty.key]) if duty.key in again else week.place(duty)
    for duty in merging:
        yield from week.merge(duty)


def _weight(duty: Duty) -> tuple[bool, int, datetime, str]:
    return duty.doubt != Doubt.A, duty.priority, duty.when, duty.key


def _when(message: _Message) -> datetime:
    return message.when


def _time_and_key(message: _Message) -> tuple[datetime, str]:
    return message.when, message.key


class _Week:
    """All messages of one person side by side, in order of time."""

    def __init__(self, facts: PersonFacts, policy: Policy) -> None:
        self._facts, self._policy, self._zone = facts, policy, ZoneInfo(facts.zone)
        self._apart = timedelta(minutes=policy.join_minutes)
        self._messages: list[_Message] = []
        self._days: Counter[date] = Counter()
        self._weeks: Counter[tuple[int, int]] = Counter()
        self._sent = {(one.kind, one.key): one for one in facts.sent}

    def has_left(self, duty: Duty) -> bool:
        """Whether it was sent already."""
        return (duty.kind, duty.key) in self._sent

    def keep(self, duty: Duty) -> Duty:
        """What has left stands as it left: where it had waited for its place, at that place."""
        sent = self._sent.pop((duty.kind, duty.key))
        self._count(sent)
        return replace(duty, when=sent.meant, carried_by=sent.carried_by)

    def count_what_is_not_owed_any_more(self) -> None:
        """What was sent under facts that have changed since was read all the same."""
        for sent in self._sent.values():
            self._count(sent)

    def _count(self, sent: Sent) -> None:
        """At its time; what was sent long after it counts where it was read."""
        if sent.carried_by is None:
            self._put(_Message(sent.key, sent.meant if sent.at - sent.meant < ON_TIME else sent.at, left=True))

    def place(self, duty: Duty) -> Duty:
        """At its own time, along with another, later, or not at all."""
        placed, host = self._find(duty)
        if host:
            host.duties.append(duty)
        elif placed.gave_way is None:
            self._put(_Message(placed.key, placed.when, [placed]))
        return placed

    def place_again(self, duty: Duty, when: datetime, reason: GaveWay) -> Duty:
        """What gave way at its time leaves at this one, if there is room at that time now, and at this."""
        if when >= duty.valid_until or self._find(duty)[0].gave_way:
            return replace(duty, gave_way=reason)
        return self.place(replace(duty, when=when))

    def _find(self, duty: Duty) -> tuple[Duty, _Message | None]:
        """Where it goes, and in whose company."""
        near = self._near(duty.when)
        while near:
            host = next((one for one in near if self._takes(one, duty)), None)
            if host:
                return replace(duty, when=host.when, carried_by=host.key), host
            if duty.doubt == Doubt.A:
                break
            later = settle(near[-1].when + self._apart, ClosedDay.STAY, self._policy, self._facts.zone, duty.meeting_day)
            if later >= duty.valid_until:
                return replace(duty, gave_way=GaveWay.NO_ROOM), None
            duty = replace(duty, when=later)
            near = self._near(later)
        full = None if duty.doubt == Doubt.A else self._full(duty)
        return (replace(duty, gave_way=full) if full else duty), None

    def merge(self, duty: Duty) -> Iterator[Duty]:
        """What may only go along with one other: there, or nowhere."""
        for host in self._messages:
            if any(one.key == duty.carried_by for one in host.duties) and self._takes(host, duty):
                host.duties.append(duty)
                yield replace(duty, when=host.when, carried_by=host.key)

    def _near(self, when: datetime) -> list[_Message]:
        """The messages within the hour, in order of time."""
        first = bisect_right(self._messages, when - self._apart, key=_when)
        return self._messages[first : bisect_left(self._messages, when + self._apart, lo=first, key=_when)]

    def _takes(self, host: _Message, duty: Duty) -> bool:
        return not host.left and host.when < duty.valid_until and fit_together([*host.duties, duty], self._facts, self._policy)

    def _full(self, duty: Duty) -> GaveWay | None:
        """An invitation goes before the reminders of its week: nobody can prepare for what they have not heard of."""
        day, week = self._place_of(duty.when)
        later = self._urgent_after(duty.when) if duty.kind == INVITATION else []
        if self._days[day] - sum(day == one for one, _ in later) >= self._policy.daily_messages:
            return GaveWay.DAY_FULL
        in_week = self._weeks[week] - sum(week == one for _, one in later)
        return GaveWay.WEEK_FULL if in_week >= self._policy.weekly_messages else None

    def _urgent_after(self, when: datetime) -> list[tuple[date, tuple[int, int]]]:
        """Day and week of what is kind A and leaves after that moment: it never gives way, whatever comes before it."""
        after = self._messages[bisect_right(self._messages, when, key=_when) :]
        return [self._place_of(one.when) for one in after if one.duties and one.duties[0].doubt == Doubt.A]

    def _put(self, message: _Message) -> None:
        day, week = self._place_of(message.when)
        insort(self._messages, message, key=_time_and_key)
        self._days[day] += 1
        self._weeks[week] += 1

    def _place_of(self, when: datetime) -> tuple[date, tuple[int, int]]:
        day = when.astimezone(UTC).astimezone(self._zone).date()
        year, week, _ = day.isocalendar()
        return day, (year, week)
