"""Medvind was off for hours or days: nothing comes too late, nobody gets a burst, and the coach knows what was not said."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from medvind.model import Doubt, State, Topic
from tests.fakes import Town
from tests.flows.outage_world import Arrival, Municipality, Row, only_waiting
from tests.flows.steering import local

HOUR, AFTERWARDS = timedelta(hours=1), timedelta(days=2)
A_MOMENT = timedelta(seconds=5)
"""A message may wait so long for its turn; that is no change of its time."""
OUTAGES = {
    "3 hours": (local("2026-11-24 08:00"), timedelta(hours=3)),
    "30 hours": (local("2026-11-24 06:00"), timedelta(hours=30)),
    "10 days": (local("2026-11-20 06:00"), timedelta(days=10)),
}


async def through(
    town: Town, begins: datetime, length: timedelta, afterwards: timedelta = AFTERWARDS
) -> tuple[Municipality, list[Row]]:
    """Weeks of peace, the outage, and some days after it. Beside them what waited when it began."""
    here = await Municipality.begin(town)
    await here.live_until(begins)
    waiting = [row for row in await here.rows() if row.state == State.PLANNED]
    town.clock.moment = begins + length
    await here.write_for_help(5)
    await here.catch_up(afterwards)
    return here, waiting


@pytest.mark.parametrize("name", OUTAGES)
async def test_after_an_outage_nothing_is_late_nobody_gets_a_burst_and_the_coach_knows_what_was_not_said(
    town: Town, name: str
) -> None:
    begins, length = OUTAGES[name]
    here, waiting = await through(town, begins, length)
    rows, arrivals = await here.rows(), await here.arrivals()
    after = [one for one in arrivals if one.at >= begins]
    print(f"\n{name}: {len(arrivals) - len(after)} messages before, {here.looked['steps']} looks after")
    channels_and_rows_agree(rows, arrivals)
    nothing_left_meanwhile(arrivals, begins, begins + length)
    nothing_was_late(after)
    what_ended_meanwhile_was_not_sent(rows, waiting, begins + length)
    no_burst(after)
    only_the_newest_of_a_chain(rows, after)
    the_coach_knows(rows, await here.missed(), begins + length)


def channels_and_rows_agree(rows: Sequence[Row], arrivals: Sequence[Arrival]) -> None:
    """Each row that says it left is in one message, and each message has its row."""
    counted = Counter(row.id for one in arrivals for row in one.rows)
    assert counted == Counter(row.id for row in rows if row.sent_at)
    assert {row.state for one in arrivals for row in one.rows} == {State.SENT}
    print(f"the channels and the rows agree; looked at {len(arrivals)} messages with {counted.total()} rows")


def nothing_left_meanwhile(arrivals: Sequence[Arrival], begins: datetime, ends: datetime) -> None:
    assert [one for one in arrivals if begins <= one.at < ends] == []


def nothing_was_late(after: Sequence[Arrival]) -> None:
    late = [(row.key, one.at) for one in after for row in one.rows if one.at >= row.valid_until]
    held_up = [row for one in after for row in one.rows if one.at - row.planned_for > HOUR]
    print(f"late: {len(late)} of {sum(len(one.rows) for one in after)} rows; {len(held_up)} of them had been held up")
    assert late == []
    assert held_up


def what_ended_meanwhile_was_not_sent(rows: Sequence[Row], waiting: Sequence[Row], ends: datetime) -> None:
    """Reckoned from what waited when the outage began."""
    now = {row.id: row for row in rows}
    ended = [now[row.id] for row in waiting if row.valid_until <= ends]
    print(f"sent of what ended meanwhile: {sum(row.sent_at is not None for row in ended)} of {len(ended)}")
    assert ended
    assert {row.state for row in ended} == {State.EXPIRED}


def no_burst(after: Sequence[Arrival]) -> None:
    """What is urgent and answers apart. What would be true no longer in an hour needn't wait either."""
    last, soon, looked = dict[str, datetime](), [], 0
    for one in (one for one in after if one.automatic):
        host, before = one.rows[0], last.get(one.to)
        if before is not None and host.doubt != Doubt.A:
            looked += 1
            if one.at - before < HOUR - A_MOMENT and before + HOUR < host.valid_until:
                soon.append((host.key, one.at - before))
        last[one.to] = one.at
    answers = sum(not one.automatic for one in after)
    print(f"within the hour: {len(soon)} of {looked} that were not urgent and not the first; {answers} answers beside them")
    assert soon == []
    assert looked
    assert answers == 5


def only_the_newest_of_a_chain(rows: Sequence[Row], after: Sequence[Arrival]) -> None:
    """Nothing leaves once a later step is due, nor in one message with it."""
    steps = [row for row in rows if row.state in {State.SENT, State.EXPIRED, State.PLANNED}]
    older, looked = [], 0
    for one in after:
        for row in one.rows:
            newer = [step for step in steps if step.person == row.person and step.chain == row.chain and step is not row]
            looked += bool(newer)
            older += [(row.key, step.key) for step in newer if row.planned_for < step.planned_for <= one.at]
    print(f"older than what was due already: {len(older)} of {looked} with other steps in their chain")
    assert older == []
    assert looked


def the_coach_knows(rows: Sequence[Row], missed: Sequence[tuple[str, datetime]], ends: datetime) -> None:
    """Each once, check-ins apart; and before the meeting where that lies ahead."""
    expired = [row for row in rows if row.state == State.EXPIRED]
    owed = [row for row in expired if row.topic != Topic.CHECK_INS]
    assert Counter(message for message, _ in missed) == Counter(row.id for row in owed)
    told = dict(missed)
    ahead = [row for row in owed if row.starts and row.starts > ends]
    print(
        f"on the coach's list: {len(missed)}; expired: {len(owed)} and {len(expired) - len(owed)} check-ins;"
        f" {len(ahead)} of a meeting that still lay ahead"
    )
    assert ahead
    assert all(told[row.id] < row.starts for row in ahead if row.starts)


async def test_a_check_in_that_an_outage_has_swallowed_is_nobodys_silence(town: Town) -> None:
    """Nobody asked them. Others were asked before, and their silence is one all the same."""
    here, _ = await through(town, *OUTAGES["10 days"], HOUR)
    rows, numbers = await here.rows(), await here.numbers()
    waited = {numbers[name] for name in only_waiting()}
    swallowed = [row for row in rows if row.topic == Topic.CHECK_INS and row.person in waited and row.state == State.EXPIRED]
    assert {row.person for row in swallowed} == waited
    signals = await here.signals()
    print(f"\n{len(swallowed)} check-ins of {len(waited)} people were not asked; {len(signals)} others are silent")
    assert signals.keys() & set(only_waiting()) == set()
    assert {reason for reasons in signals.values() for reason in reasons} == {"silence"}
