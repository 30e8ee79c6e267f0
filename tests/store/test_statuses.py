"""What a provider says afterwards lifts a row and never lowers it, in whatever order and however often it is said."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select, update

from medvind.channels import Status
from medvind.model import ChannelName, PublicId, State
from medvind.store.database import Database, Session
from medvind.store.statuses import climb
from medvind.store.tables import OutboxRow
from tests.people import Made, add_duty, add_person

SMS = ChannelName.SMS
HEIGHT = {State.SENT: 1, State.UNDELIVERED: 2, State.DELIVERED: 3}


@pytest.fixture
async def duty(db: Database, now: datetime) -> Made:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        return await add_duty(session, db.vault, maja, channel=SMS, state=State.CLAIMED, due_at=now)


def word(duty: Made, state: State, provider_id: str = "SM1", reason: str = "") -> Status:
    return Status(SMS, duty.public_id, provider_id, state, reason)


async def tell(db: Database, at: datetime, *words: Status) -> list[bool]:
    async with db.begin() as session:
        return [await climb(session, one, at) is not None for one in words]


async def seen(db: Database) -> tuple[State, str | None, datetime | None]:
    async with db.read() as session:
        return await stands(session)


async def stands(session: Session) -> tuple[State, str | None, datetime | None]:
    found = await session.execute(select(OutboxRow.state, OutboxRow.provider_id, OutboxRow.sent_at))
    state, provider_id, sent_at = found.one()
    return state, provider_id, sent_at


async def forget(db: Database, state: State) -> None:
    async with db.begin() as session:
        await session.execute(update(OutboxRow).values(state=state, provider_id=None, sent_at=None))


def orders() -> set[Sequence[State]]:
    """Every order in which the three words may come, each said twice. Each shorter one is the beginning of one of these."""
    return set(permutations([State.SENT, State.UNDELIVERED, State.DELIVERED] * 2))


async def test_callbacks_in_every_order_with_doubles_end_in_the_highest_state(db: Database, duty: Made, now: datetime) -> None:
    wrong, looked = 0, set[Sequence[State]]()
    async with db.begin(limit=None) as session:
        for order in orders():
            await session.execute(update(OutboxRow).values(state=State.CLAIMED, provider_id=None, sent_at=None))
            for number, state in enumerate(order, 1):
                await climb(session, word(duty, state), now)
                wrong += await stands(session) != (max(order[:number], key=lambda state: HEIGHT[state]), "SM1", now)
                looked.add(order[:number])
    print(f"{wrong} wrong; looked at {len(looked)} orders")
    assert wrong == 0
    assert len(looked) > 250


async def test_a_word_said_again_changes_nothing(db: Database, duty: Made, now: datetime) -> None:
    await tell(db, now, word(duty, State.DELIVERED))
    later = now + timedelta(days=30)
    assert await tell(db, later, *(word(duty, state) for state in HEIGHT)) == [False, False, False]
    assert await seen(db) == (State.DELIVERED, "SM1", now)


@pytest.mark.parametrize("before", [one for one in State if one not in HEIGHT])
async def test_a_genuine_callback_proves_that_it_was_sent_whatever_we_thought(
    db: Database, duty: Made, now: datetime, before: State
) -> None:
    await forget(db, before)
    assert await tell(db, now, word(duty, State.SENT)) == [True]
    assert await seen(db) == (State.SENT, "SM1", now)


async def test_a_callback_about_another_message_of_the_provider_does_not_touch_the_row(
    db: Database, duty: Made, now: datetime
) -> None:
    await tell(db, now, word(duty, State.SENT, "SM1"))
    strangers = [
        word(duty, State.DELIVERED, "SM2"),
        Status(ChannelName.TELEGRAM, duty.public_id, "SM1", State.DELIVERED),
        Status(SMS, PublicId("nobody"), "SM1", State.DELIVERED),
        Status(SMS, None, "SM2", State.DELIVERED),
    ]
    assert await tell(db, now, *strangers) == [False] * 4
    assert await seen(db) == (State.SENT, "SM1", now)


async def test_without_our_id_the_providers_own_finds_the_row(db: Database, duty: Made, now: datetime) -> None:
    await tell(db, now, word(duty, State.SENT, "SM1"))
    assert await tell(db, now, Status(SMS, None, "SM1", State.DELIVERED)) == [True]
    assert (await seen(db))[0] == State.DELIVERED


async def test_why_it_did_not_arrive_is_kept_and_who_it_was_for_is_told(db: Database, duty: Made, now: datetime) -> None:
    async with db.begin() as session:
        lifted = await climb(session, word(duty, State.UNDELIVERED, reason="30005"), now)
        assert lifted is not None
        assert lifted.public_id == duty.public_id
        assert await session.scalar(select(OutboxRow.reason)) == "30005"
        assert await session.scalar(select(OutboxRow.lease_until)) is None
