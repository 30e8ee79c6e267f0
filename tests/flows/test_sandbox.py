"""A made-up number comes to what its row in the table of the sandbox says, by the whole machine."""

from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import select

from medvind.flows.deliver import deliver_due
from medvind.flows.settle import settle_doubts
from medvind.flows.status import record
from medvind.flows.turns import Line
from medvind.model import ChannelName, State, TaskKind
from medvind.store.reach import reach_of
from medvind.store.tables import TaskRow
from sms.sandbox import PLAYS, Sandbox
from tests.fakes import Town
from tests.people import Made, add_meeting, add_person

TOMORROW_AT_TWO = datetime(2026, 11, 25, 14, 0)  # noqa: DTZ001 - a wall time
ENDS: list[tuple[str, State, int, set[TaskKind], bool]] = [
    # number, state after a while, how often it was shown, what the coach is told, whether STOP holds
    ("+4500000001", State.FAILED, 0, {TaskKind.NOT_REACHED}, False),
    ("+4500000002", State.FAILED, 0, {TaskKind.NOT_REACHED}, True),
    ("+4500000003", State.FAILED, 0, {TaskKind.NOT_REACHED}, False),
    ("+4500000004", State.SENT, 1, set(), False),
    ("+4500000005", State.SENT, 1, set(), False),
    ("+4500000006", State.SENT, 1, set(), False),
    ("+4500000007", State.SENT, 1, set(), False),
    ("+4500000008", State.SENT, 1, set(), False),
    ("+4500000009", State.DELIVERED, 1, set(), False),
    ("+4500000010", State.UNDELIVERED, 1, {TaskKind.NOT_REACHED}, False),
    ("+4500000011", State.UNDELIVERED, 1, {TaskKind.NOT_REACHED}, False),
    ("+4500000012", State.UNDELIVERED, 1, {TaskKind.NOT_REACHED}, True),
]


@pytest.mark.parametrize(("number", "state", "times", "tasks", "stopped"), ENDS)
async def test_a_message_to_a_made_up_number_comes_to_what_its_row_says(
    town: Town, coach: Made, number: str, state: State, times: int, tasks: set[TaskKind], stopped: bool
) -> None:
    shown: list[str] = []
    sandbox = Sandbox(shown.append)
    machine = replace(town.machine, lines={ChannelName.SMS: Line(sandbox, 1000.0)})
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, phone=number, now=town.clock.now())
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=[person], now=town.clock.now())
    await town.plan(person.id)
    for minutes in (0, 3, 4, 8):
        town.clock.pass_by(minutes=minutes)
        await settle_doubts(town.db, machine, town.clock)
        await deliver_due(town.db, machine, town.catalogue, town.clock)
        await sandbox.tell_all(partial(record, town.db, clock=town.clock))
    assert [row.state for row in await town.rows() if row.key.endswith(":1d")] == [state]
    assert len(shown) == times
    async with town.db.read() as session:
        told = set(await session.scalars(select(TaskRow.kind)))
        assert told - {TaskKind.NO_REPLY} == tasks  # that nobody answered is no matter of the provider
        consent = (await reach_of(session, [person.id]))[person.id].consent(ChannelName.SMS)
    assert (not consent.purposes) is stopped


def test_every_made_up_number_is_played_through_here() -> None:
    assert [number for number, *_ in ENDS] == list(PLAYS)
