from datetime import datetime
from itertools import permutations

import pytest
from sqlalchemy import select

from medvind.channels import Status
from medvind.flows.status import record_status
from medvind.model import ChannelName, PublicId, State, TaskKind
from medvind.store.tables import TaskRow
from medvind.store.tasks import raise_task
from tests.fakes import Town
from tests.people import Person, add_duty

WORDS = (State.SENT, State.DELIVERED, State.UNDELIVERED)


async def say(town: Town, message: PublicId | None, provider_id: str, state: State) -> bool:
    async with town.db.begin() as session:
        return await record_status(session, Status(ChannelName.SMS, message, provider_id, state), town.clock.now())


async def test_states_only_climb_in_whatever_order_the_words_come(town: Town, maja: Person, now: datetime) -> None:
    orders = [[*order, *order] for order in permutations(WORDS)]
    for number, order in enumerate(orders):
        async with town.db.begin() as session:
            duty = await add_duty(
                session,
                town.db.vault,
                maja,
                key=f"k-{number}",
                state=State.SENT,
                channel=ChannelName.SMS,
                sent_text="Hej",
                due_at=now,
            )
        for state in order:
            await say(town, duty.public_id, f"SM{number}", state)
    ended = [row.state for row in await town.rows()]
    assert ended == [State.DELIVERED] * len(orders)


@pytest.mark.parametrize("before", [State.UNKNOWN, State.CLAIMED, State.PLANNED])
async def test_a_callback_proves_that_a_message_in_doubt_was_taken(
    town: Town, maja: Person, now: datetime, before: State
) -> None:
    async with town.db.begin() as session:
        duty = await add_duty(session, town.db.vault, maja, state=before, channel=ChannelName.SMS, sent_text="Hej", due_at=now)
    assert await say(town, duty.public_id, "SM1", State.SENT)
    assert [(row.state, row.provider_id) for row in await town.rows()] == [(State.SENT, "SM1")]
    assert not await say(town, duty.public_id, "SM1", State.SENT)


async def test_a_word_about_somebody_elses_message_moves_nothing(town: Town, maja: Person, now: datetime) -> None:
    async with town.db.begin() as session:
        duty = await add_duty(
            session, town.db.vault, maja, state=State.SENT, channel=ChannelName.SMS, sent_text="Hej", due_at=now
        )
    await say(town, duty.public_id, "SM1", State.SENT)
    assert not await say(town, PublicId("nobody"), "SM9", State.DELIVERED)
    assert not await say(town, None, "SM9", State.DELIVERED)


async def on_the_list(town: Town) -> list[TaskKind]:
    """What the coach is asked to look at still."""
    async with town.db.read() as session:
        return list(await session.scalars(select(TaskRow.kind).where(TaskRow.done_at.is_(None)).order_by(TaskRow.id)))


@pytest.mark.parametrize(
    ("before", "task", "words", "left"),
    [
        (State.SENT, None, [State.UNDELIVERED], [TaskKind.NOT_REACHED]),
        (State.SENT, None, [State.UNDELIVERED, State.DELIVERED], []),
        (State.SENT, None, [State.DELIVERED, State.UNDELIVERED], []),
        (State.FAILED, TaskKind.NOT_REACHED, [State.SENT], [TaskKind.NOT_REACHED]),
        (State.FAILED, TaskKind.NOT_REACHED, [State.SENT, State.DELIVERED], []),
        (State.REVIEW, TaskKind.REVIEW, [State.SENT], []),
        (State.REVIEW, TaskKind.REVIEW, [State.UNDELIVERED], [TaskKind.NOT_REACHED]),
        (State.EXPIRED, TaskKind.MISSED, [State.SENT, State.DELIVERED], []),
    ],
)
async def test_a_task_that_a_later_word_disproves_goes_from_the_list(
    town: Town, maja: Person, now: datetime, before: State, task: TaskKind | None, words: list[State], left: list[TaskKind]
) -> None:
    async with town.db.begin() as session:
        duty = await add_duty(session, town.db.vault, maja, state=before, channel=ChannelName.SMS, sent_text="Hej", due_at=now)
        await raise_task(session, TaskKind.CALL, "call:1", maja.id, {}, now)
        if task is not None:
            await raise_task(session, task, f"{task}:{duty.public_id}", maja.id, {"message": duty.public_id}, now)
    for word in words:
        await say(town, duty.public_id, "SM1", word)
    assert await on_the_list(town) == [TaskKind.CALL, *left]
