"""Somebody is erased while a message to them is on its way, in doubt, or being planned: nothing of them comes back."""

import asyncio
from collections.abc import Set as AbstractSet
from datetime import datetime

import pytest
from sqlalchemy import func, select

from medvind.channels import Inbound, InboundKind, Outgoing, Status
from medvind.errors import ConflictError, UnknownFateError
from medvind.flows import erase, status
from medvind.flows.deliver import prepare, record, send
from medvind.flows.plan import plan_all, replan
from medvind.flows.receive import take_in
from medvind.flows.settle import settle_doubts, sweep
from medvind.model import ChannelName, Milestone, PublicId, State
from medvind.rules.erasing import EraseReason
from medvind.store.tables import InboxRow, OutboxRow, ParticipantRow, ProviderCopyRow, TaskRow
from tests.fakes import FakeSms, Town
from tests.people import Made, Person, add_person


async def erased(town: Town, person: Person) -> None:
    async with town.db.begin() as session:
        assert await erase.erase(session, person.external_id, EraseReason.DECIDED, town.clock.now())


async def left(town: Town) -> list[int]:
    """How many people, messages, tasks and things that came in there are."""
    async with town.db.read() as session:
        tables = (ParticipantRow, OutboxRow, TaskRow, InboxRow)
        return [await session.scalar(select(func.count()).select_from(one)) or 0 for one in tables]


async def copies(town: Town) -> list[str]:
    async with town.db.read() as session:
        return list(await session.scalars(select(ProviderCopyRow.provider_id)))


async def in_hand(town: Town, person: Person) -> PublicId:
    """A message that a worker has claimed leaves after its person was erased; its id."""
    await town.hear("ring")
    prepared = await prepare(town.db, town.machine, town.catalogue, town.clock)
    [slot] = prepared.slots
    await erased(town, person)
    result = await send(town.machine, slot, town.clock, town.machine.places())
    await record(town.db, [result], prepared.along, town.clock)
    return slot.letter.claim.public_id


async def test_what_is_just_leaving_may_leave_and_its_copy_is_deleted(town: Town, maja: Person) -> None:
    await in_hand(town, maja)
    assert (len(town.sms.sent), await left(town)) == (1, [0, 0, 0, 0])
    assert "sms-1" in await copies(town)


async def test_a_late_word_of_the_provider_changes_nothing_and_its_copy_is_deleted(town: Town, maja: Person) -> None:
    """The answer to the call was lost; the callback tells the id."""
    town.sms.fails_with, town.sms.loses_answers = UnknownFateError("reset"), True
    message = await in_hand(town, maja)
    before = set(await copies(town))
    told = Status(ChannelName.SMS, message, "SM-told", State.DELIVERED)
    for _ in range(2):
        assert not await status.record(town.db, told, town.clock)
    assert set(await copies(town)) - before == {"SM-told"}
    assert await left(town) == [0, 0, 0, 0]


async def test_a_word_about_a_message_that_nobody_knows_deletes_nothing(town: Town, maja: Person) -> None:
    await erased(town, maja)
    assert not await status.record(town.db, Status(ChannelName.SMS, PublicId("x"), "SM-x", State.DELIVERED), town.clock)
    assert await copies(town) == []


class _Meanwhile(FakeSms):
    """While the provider looks for a message, its person is erased."""

    def __init__(self, town: Town, person: Person) -> None:
        super().__init__()
        self.sent, self._town, self._person = town.sms.sent, town, person

    async def find(self, message: Outgoing, since: datetime, known: AbstractSet[str]) -> str | None:
        await erased(self._town, self._person)
        return await super().find(message, since, known)


@pytest.mark.parametrize(("arrived", "looks"), [(True, 1), (False, 1), (False, 2)])
async def test_a_doubt_ends_with_the_person(town: Town, maja: Person, *, arrived: bool, looks: int) -> None:
    """Also where the provider is just being asked: whatever it says then is about nobody."""
    town.sms.fails_with, town.sms.loses_answers = UnknownFateError("reset"), arrived
    await town.hear("ring")
    await town.deliver()
    town.clock.pass_by(minutes=3)
    if looks == 2:
        await settle_doubts(town.db, town.machine, town.clock)
        town.clock.pass_by(days=1)
    town.sms = _Meanwhile(town, maja)
    await settle_doubts(town.db, town.machine, town.clock)
    assert town.sms.asked == 1
    await sweep(town.db, town.clock)
    await settle_doubts(town.db, town.machine, town.clock)
    assert await left(town) == [0, 0, 0, 0]


async def test_beside_a_planner_nothing_is_left_that_is_owed_to_nobody(town: Town, coach: Made, now: datetime) -> None:
    """Whoever comes first; the loser of a race begins again."""
    for number in range(12):
        async with town.db.begin() as session:
            ended = {Milestone.COURSE_ENDED: now.date()}
            name = f"d-{number}"
            person = await add_person(session, town.db.vault, external_id=name, coach_id=coach.id, milestones=ended, now=now)
        for one in await asyncio.gather(_again(town, person), _planned(town, person), return_exceptions=True):
            assert one is None, one
        assert await left(town) == [0, 0, 0, 0]
    assert (await plan_all(town.db, town.clock, anew=True)).people == 0


async def _again(town: Town, person: Person) -> None:
    for _ in range(5):
        try:
            return await erased(town, person)
        except ConflictError:
            continue
    raise AssertionError("it never came through")


async def _planned(town: Town, person: Person) -> None:
    for _ in range(3):
        try:
            async with town.db.begin() as session:
                await replan(session, person.id, town.clock.now())
        except ConflictError:
            continue


async def test_a_message_that_comes_in_the_middle_is_heard_before_or_is_a_strangers(
    town: Town, coach: Made, now: datetime
) -> None:
    from_her = 0
    for number in range(12):
        async with town.db.begin() as session:
            person = await add_person(session, town.db.vault, external_id=f"d-{number}", coach_id=coach.id, now=now)
        heard = _heard(town, number)
        await asyncio.gather(_again(town, person), heard)
        async with town.db.read() as session:
            assert set(await session.scalars(select(InboxRow.participant_id))) <= {None}
            assert list(await session.scalars(select(TaskRow.kind))) == []
            from_her += await session.scalar(select(func.count()).select_from(InboxRow)) or 0
    print(f"of 12 messages {from_her} came after")


async def _heard(town: Town, number: int) -> None:
    inbound = Inbound(ChannelName.SMS, f"SM-{number}", "+4501000001", InboundKind.TEXT, "ring", "ring")
    await take_in(town.db, inbound, town.clock)


async def test_two_at_once_erase_once(town: Town, maja: Person) -> None:
    async def one() -> str:
        async with town.db.begin() as session:
            done = await erase.erase(session, maja.external_id, EraseReason.DECIDED, town.clock.now())
            return "erased" if done else "before"

    assert sorted(await asyncio.gather(one(), one())) == ["before", "erased"]
