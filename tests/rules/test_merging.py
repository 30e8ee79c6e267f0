"""Which address of two records is written to, and what is still said yes to: never more than before."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from medvind.model import AddressState, ChannelName, Purpose
from medvind.rules.merging import Record, Way, Whose, join

SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM
ACTIVE, UNCONFIRMED = AddressState.ACTIVE, AddressState.UNCONFIRMED
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def way(number: int, state: AddressState = ACTIVE, *, preferred: bool = False, days: int = 0) -> Way:
    return Way(number, state, preferred, NOON + timedelta(days=days))


def said(*channels: ChannelName, given: bool = True) -> Mapping[tuple[ChannelName, Purpose], bool]:
    return {(channel, purpose): given for channel in channels for purpose in Purpose}


def test_of_two_open_addresses_the_one_heard_from_last_is_written_to_and_the_other_is_heard() -> None:
    old, new = way(1, days=0), way(2, days=3)
    joined = join(Record({SMS: old}, said(SMS), 1), Record({SMS: new}, said(SMS), 1))
    assert (joined.written_to, joined.beside, joined.stopped) == ({SMS: Whose.OTHER}, (old,), False)
    again = join(Record({SMS: new}, said(SMS), 1), Record({SMS: old}, said(SMS), 1))
    assert (again.written_to, again.beside) == ({SMS: Whose.KEPT}, (old,))


def test_an_open_address_is_written_to_before_one_that_is_not() -> None:
    asked = way(2, UNCONFIRMED, days=9)
    joined = join(Record({SMS: way(1)}, said(SMS), 1), Record({SMS: asked}, {}, 1))
    assert (joined.written_to, joined.beside, joined.withdrawn) == ({SMS: Whose.KEPT}, (asked,), frozenset())


@pytest.mark.parametrize("stopped", Whose)
def test_a_stop_of_either_holds_on_every_channel(stopped: Whose) -> None:
    yes, no = Record({SMS: way(1)}, said(SMS), 1), Record({TELEGRAM: way(2)}, said(TELEGRAM, given=False))
    joined = join(no, yes) if stopped == Whose.KEPT else join(yes, no)
    assert joined.stopped
    assert joined.withdrawn == said(SMS).keys()


def test_a_no_to_one_purpose_holds_and_the_rest_goes_on() -> None:
    purpose = next(iter(Purpose))
    partly = {**said(SMS), (SMS, purpose): False}
    joined = join(Record({SMS: way(1)}, said(SMS), 1), Record({SMS: way(2)}, partly, 1))
    assert (set(joined.withdrawn), joined.stopped) == ({(SMS, purpose)}, False)


def test_a_yes_is_not_carried_to_an_address_that_it_was_not_said_from() -> None:
    """The number that said yes is dead; the other one is active, and nobody knows by what yes."""
    joined = join(Record({}, said(SMS), 1), Record({SMS: way(2)}, {}, 1))
    assert (set(joined.withdrawn), joined.stopped) == (set(said(SMS)), True)


def test_a_number_that_is_still_to_be_asked_keeps_what_it_is_asked_about() -> None:
    joined = join(Record({}, said(SMS), 1), Record({SMS: way(2, UNCONFIRMED)}, {}, 1))
    assert (joined.withdrawn, joined.stopped) == (frozenset(), False)


def test_each_keeps_the_channel_that_only_it_has_and_the_way_that_was_preferred_stays() -> None:
    first, second = way(1, preferred=True), way(2, preferred=True)
    joined = join(Record({SMS: first}, said(SMS), 1), Record({TELEGRAM: second}, said(TELEGRAM)))
    assert joined.written_to == {SMS: Whose.KEPT, TELEGRAM: Whose.OTHER}
    assert (joined.beside, joined.preferred, joined.withdrawn) == ((), SMS, frozenset())


def test_nobody_who_can_be_reached_and_nobody_who_has_answered() -> None:
    joined = join(Record(), Record())
    assert (dict(joined.written_to), joined.beside, joined.preferred, joined.stopped) == ({}, (), None, False)


def test_no_address_is_ever_opened_by_it() -> None:
    """All of: no address, one to be asked, an active one; nothing said, a yes, a no; on both sides."""
    ways = [{}, {SMS: way(1, UNCONFIRMED)}, {SMS: way(1)}]
    words = [{}, said(SMS), said(SMS, given=False), said(TELEGRAM)]
    looked = 0
    for mine, theirs in product(product(ways, words), repeat=2):
        kept, other = Record(mine[0], mine[1], len(mine[0])), Record(theirs[0], theirs[1], len(theirs[0]))
        joined = join(kept, other)
        whose = joined.written_to.get(SMS)
        written = {Whose.KEPT: kept, Whose.OTHER: other}[whose] if whose else Record()
        yes = {what for one in (kept, other) for what, given in one.said.items() if given} - joined.withdrawn
        confirmed = SMS in written.ways and written.ways[SMS].state == ACTIVE
        opened = confirmed and any(channel == SMS for channel, _ in yes)
        assert not opened or written.is_open(SMS), (mine, theirs)
        assert not (yes and (kept.has_stopped or other.has_stopped)), (mine, theirs)
        looked += 1
    print(f"{looked} pairs of records, none of them open where it was not")
