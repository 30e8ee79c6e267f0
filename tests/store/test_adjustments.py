"""What coaches decide about single messages, and what lies ahead of a person."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from medvind.errors import NotFoundError
from medvind.model import Adjust, Adjustment, GaveWay, RecipientType, State
from medvind.store import adjustments, outbox
from medvind.store.database import Database
from tests.flows.enrolling import statements
from tests.people import add_duty, add_person

LATER = datetime(2026, 11, 26, 9, tzinfo=UTC)
SKIP = Adjustment("vat", "vat:2026Q3:14d", "vat:2026Q3", Adjust.SKIP)
MOVE = Adjustment("vat", "vat:2026Q3:14d", "vat:2026Q3", Adjust.MOVE, LATER)
CANCEL = Adjustment("vat", "vat:2026Q3:14d", "vat:2026Q3", Adjust.CANCEL)
CANCEL_LATER = Adjustment("vat", "vat:2026Q3:2d", "vat:2026Q3", Adjust.CANCEL)
CANCEL_ELSEWHERE = Adjustment("vat", "vat:2026Q4:14d", "vat:2026Q4", Adjust.CANCEL)


async def test_the_last_decision_about_a_message_holds(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        for what in (SKIP, CANCEL, MOVE, CANCEL_ELSEWHERE):
            await adjustments.decide(session, maja.id, what, None, now)
        assert await adjustments.adjustments_of(session, [maja.id]) == {maja.id: (MOVE, CANCEL_ELSEWHERE)}


async def test_of_a_chain_one_step_at_most_is_cancelled(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = (await add_person(session, db.vault, now=now)).id
        bo = (await add_person(session, db.vault, external_id="d-2", phone=None, now=now)).id
        for one in (maja, bo):
            await adjustments.decide(session, one, CANCEL_LATER, None, now)
        for what in (CANCEL_ELSEWHERE, CANCEL):
            await adjustments.decide(session, maja, what, None, now)
        found = await adjustments.adjustments_of(session, [maja, bo])
    assert found == {maja: (CANCEL_ELSEWHERE, CANCEL), bo: (CANCEL_LATER,)}


async def test_what_is_taken_back_was_never_decided(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        for what in (CANCEL_ELSEWHERE, SKIP):
            await adjustments.decide(session, maja.id, what, None, now)
        await adjustments.take_back(session, maja.id, SKIP)
        await adjustments.take_back(session, maja.id, MOVE)
        assert await adjustments.adjustments_of(session, [maja.id]) == {maja.id: (CANCEL_ELSEWHERE,)}


async def test_decisions_about_many_people_are_one_question(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        people = [
            (await add_person(session, db.vault, external_id=f"d-{number}", phone=None, now=now)).id for number in range(20)
        ]
        for one in people:
            await adjustments.decide(session, one, SKIP, None, now)
        with statements(db) as sent:
            found = await adjustments.adjustments_of(session, people)
    assert found == dict.fromkeys(people, (SKIP,))
    assert len(sent) == 1


async def test_ahead_lies_what_will_be_sent_and_what_gave_way_and_nothing_else(db: Database, now: datetime) -> None:
    gave_way = f"{outbox.GAVE_WAY}{GaveWay.DAY_FULL}"
    hour, day = timedelta(hours=1), timedelta(days=1)
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)

        async def owe(key: str, due_at: datetime, state: State = State.PLANNED, **columns: Any) -> None:
            await add_duty(session, db.vault, maja, key=key, state=state, due_at=due_at, **columns)

        await owe("second", now + 2 * hour)
        await owe("first", now - hour)
        await owe("third", now + 3 * hour, State.CANCELLED, reason=gave_way)
        await owe("on the last day", now + 5 * day)
        await owe("too far", now + 5 * day + hour)
        await owe("too late", now - 2 * day)
        await owe("coach's", now, recipient_type=RecipientType.COACH)
        for state in set(State) - {State.PLANNED, State.CANCELLED}:
            await owe(state, now + hour, state)
        await owe("withdrawn", now + hour, State.CANCELLED, reason=outbox.NO_LONGER_OWED)
        await owe("without a reason", now + hour, State.CANCELLED)
        found = await adjustments.items(session, maja.id, now, now + 5 * day)
    assert [(one.key, one.gave_way) for one in found] == [
        ("first", None),
        ("second", None),
        ("third", GaveWay.DAY_FULL),
        ("on the last day", None),
    ]
    assert all(one.ahead for one in found)


async def test_a_message_is_found_by_whom_it_is_for_alone(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        bo = await add_person(session, db.vault, external_id="d-2", phone=None, now=now)
        sent = await add_duty(session, db.vault, maja, state=State.SENT, due_at=now)
        found = await adjustments.get(session, maja.id, sent.public_id)
        assert (found.id, found.state, found.ahead) == (sent.public_id, State.SENT, False)
        for person, name in ((bo.id, sent.public_id), (maja.id, "nobody")):
            with pytest.raises(NotFoundError):
                await adjustments.get(session, person, name)
