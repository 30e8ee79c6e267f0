"""Two records of one person: which address is written to, and what is still allowed. Neither says more than it did before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from medvind.model import AddressState, ChannelName, Purpose

UNDO_WITHIN = timedelta(days=30)
"""So long all that was owed to either record was planned before they were joined: afterwards what left is no longer known
to be the same.
"""


class Whose(StrEnum):
    """Of which record something is: the one that stays, or the one that is joined to it."""

    KEPT = "kept"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Way:
    """A living address. `used_at`: when something last came from it, or since when it is there."""

    id: int
    state: AddressState
    preferred: bool
    used_at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """What the rules need of one record. `said`: the last word on each channel and purpose; `numbers`: so many it has had."""

    ways: Mapping[ChannelName, Way] = field(default_factory=dict)
    said: Mapping[tuple[ChannelName, Purpose], bool] = field(default_factory=dict)
    numbers: int = 0

    def is_open(self, channel: ChannelName) -> bool:
        """Whether something may go there: a confirmed address with a yes behind it."""
        way = self.ways.get(channel)
        return way is not None and way.state == AddressState.ACTIVE and any(self.said.get((channel, it)) for it in Purpose)

    @property
    def has_stopped(self) -> bool:
        """Whether they have answered, and want nothing on any channel."""
        return bool(self.said) and not any(self.said.values())


@dataclass(frozen=True, slots=True)
class Joined:
    """What becomes of the addresses of two records. `written_to`: whose on each channel; what is `beside` gets nothing more.

    `preferred` is the channel of the one that is written to first; `withdrawn`: what is no longer said yes to.
    """

    written_to: Mapping[ChannelName, Whose]
    beside: tuple[Way, ...]
    preferred: ChannelName | None
    withdrawn: frozenset[tuple[ChannelName, Purpose]]
    stopped: bool


def join(kept: Record, other: Record) -> Joined:
    """Of two addresses on a channel the open one is written to, then the one that was heard from last."""
    both = {Whose.KEPT: kept, Whose.OTHER: other}
    written_to = {channel: _chosen(both, channel) for channel in ChannelName if channel in kept.ways or channel in other.ways}
    beside = tuple(way for whose, one in both.items() for channel, way in one.ways.items() if written_to[channel] != whose)
    withdrawn = _withdrawn(both, written_to)
    yes = {what for one in both.values() for what, given in one.said.items() if given}
    stopped = bool(kept.said or other.said) and yes == withdrawn
    return Joined(written_to, beside, _preferred(both, written_to), withdrawn, stopped)


def _chosen(both: Mapping[Whose, Record], channel: ChannelName) -> Whose:
    there = [whose for whose, one in both.items() if channel in one.ways]
    return max(there, key=lambda whose: _weight(both[whose], channel))


def _weight(one: Record, channel: ChannelName) -> tuple[bool, bool, datetime]:
    way = one.ways[channel]
    return one.is_open(channel), way.state == AddressState.ACTIVE, way.used_at


def _preferred(both: Mapping[Whose, Record], written_to: Mapping[ChannelName, Whose]) -> ChannelName | None:
    """An open one, and of those that was preferred before, in the record that stays sooner than in the other one."""

    def weight(channel: ChannelName) -> tuple[bool, bool, bool]:
        whose = written_to[channel]
        was = both[whose].ways[channel].preferred
        return both[whose].is_open(channel), was and whose == Whose.KEPT, was

    return max(written_to, key=weight, default=None)


def _holds(both: Mapping[Whose, Record], channel: ChannelName, purpose: Purpose) -> bool:
    """A no of either weighs more than a yes of the other, and a stop holds everywhere."""
    words = [one.said.get((channel, purpose)) for one in both.values()]
    return any(words) and False not in words and not any(one.has_stopped for one in both.values())


def _withdrawn(both: Mapping[Whose, Record], written_to: Mapping[ChannelName, Whose]) -> frozenset[tuple[ChannelName, Purpose]]:
    """What one of them has said yes to and doesn't hold any more, or would hold for an address that it was not said from.

    A number that is still to be asked gets nothing before its own yes, whatever was said from another one.
    """
    found = set()
    for channel in ChannelName:
        whose = written_to.get(channel)
        way = both[whose].ways[channel] if whose else None
        for purpose in Purpose:
            yes = [of for of, one in both.items() if one.said.get((channel, purpose))]
            foreign = way is not None and way.state == AddressState.ACTIVE and whose not in yes
            if yes and (foreign or not _holds(both, channel, purpose)):
                found.add((channel, purpose))
    return frozenset(found)
