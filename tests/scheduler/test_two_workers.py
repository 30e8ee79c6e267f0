"""Two workers on one database, each with beats of its own: every duty once, whoever plans, claims or sends it first."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, update

from medvind.errors import ThrottledError
from medvind.flows.deliver import BATCH, Machine, prepare
from medvind.flows.plan import load_policy
from medvind.flows.turns import Line
from medvind.model import ChannelName, Milestone, RecipientType, State
from medvind.rules.plan import plan
from medvind.store import allowances, front, outbox
from medvind.store.database import Database
from medvind.store.facts import facts_of
from medvind.store.tables import BeatRow, OutboxRow, ParticipantRow
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.fakes import FakeChannel, FakeSms, HandClock
from tests.people import add_coach, add_meeting, add_person
from tests.scheduler.rig import LIMIT
from tests.scheduler.schedulers import Scheduler
from tests.scheduler.stage import Stage

MONTH = timedelta(days=30)
PEOPLE = 4
BLOCKED = "select count(*) from pg_locks where not granted"


@dataclass
class Town:
    """People whose facts are known and for whom nothing has been planned yet."""

    db: Database
    clock: HandClock
    sms: FakeSms = field(default_factory=FakeSms)
    telegram: FakeChannel = field(default_factory=lambda: FakeChannel(ChannelName.TELEGRAM))

    async def settle_in(self) -> None:
        now = self.clock.now()
        async with self.db.begin() as session:
            coach = await add_coach(session, self.db.vault, now=now)
            people = [
                await add_person(
                    session,
                    self.db.vault,
                    external_id=f"d-{number}",
                    phone=f"+450100000{number}" if number % 2 else None,
                    telegram=None if number % 2 else f"700{number}",
                    coach_id=coach.id,
                    milestones={Milestone.COURSE_ENDED: now.date() - timedelta(days=number % 2)},
                    now=now,
                )
                for number in range(PEOPLE)
            ]
            await session.execute(update(ParticipantRow).values(pays_b_tax=True))
            for day in (8, 16):
                starts = (now + timedelta(days=day)).replace(hour=13, tzinfo=None)
                guests, name = people[: day // 4], f"m-{day}"
                await add_meeting(
                    session, self.db.vault, external_id=name, coach_id=coach.id, starts_at=starts, attendees=guests, now=now
                )

    async def expected(self, end: datetime) -> Counter[tuple[int, str]]:
        """What the rules ask for until then, without any worker."""
        now = self.clock.now()
        async with self.db.read() as session:
            policy, people = await load_policy(session), (await session.scalars(select(ParticipantRow.id))).all()
            facts = (await facts_of(session, people, now)).values()
        duties = [(one.id, duty) for one in facts for duty in plan(one, policy, now, MONTH)]
        return Counter((person, duty.key) for person, duty in duties if duty.gave_way is None and duty.when < end)

    async def quiet(self) -> datetime | None:
        """When the next one is due, once nothing is due or under way any more."""
        async with asyncio.timeout(LIMIT):
            while True:
                async with self.db.read() as session:
                    due = await front.next_due(session)
                    busy = await session.scalar(select(OutboxRow.id).where(OutboxRow.state == State.CLAIMED).limit(1))
                if busy is None and (due is None or due > self.clock.now()):
                    return due


def scheduler(town: Town, db: Database, number: int) -> Scheduler:
    lines = {ChannelName.SMS: Line(town.sms, 1000), ChannelName.TELEGRAM: Line(town.telegram, 1000)}
    return Scheduler(db, Machine(f"worker-{number}", lines), town.clock)


async def test_two_schedulers_a_month_long_do_each_duty_once(
    db_url: str, vault: Vault, catalogue: Catalogue, now: datetime
) -> None:
    async with AsyncExitStack() as stack:
        first, second = [await stack.enter_async_context(Database.open(db_url, vault)) for _ in range(2)]
        town = Town(first, HandClock(now))
        await town.settle_in()
        expected = await town.expected(now + MONTH)
        both = [scheduler(town, db, number) for number, db in enumerate((first, second), 1)]
        for one in both:
            await stack.enter_async_context(one.under_way(catalogue))
        await live(town, both, now + MONTH)
        left, owners = await sent(first)
    seen = Counter(message.id for channel in (town.sms, town.telegram) for message in channel.sent)
    by, plans = Counter(row.claimed_by for row in left), [one.looks["plan"] for one in both]
    print(f"{len(left)} duties in {sum(seen.values())} messages, sent by {dict(by)}; plans {plans}, the last by {owners}")
    assert Counter((row.recipient_id, row.key) for row in left) == expected
    assert seen == Counter(row.public_id for row in left if row.carried_by is None)


async def sent(db: Database) -> tuple[Sequence[Any], set[str]]:
    """What has left by the outbox, and whose beats came through last."""
    columns = (OutboxRow.recipient_id, OutboxRow.key, OutboxRow.public_id, OutboxRow.carried_by, OutboxRow.claimed_by)
    async with db.read() as session:
        rows = (await session.execute(select(*columns).where(OutboxRow.sent_at.is_not(None)))).all()
        return rows, set(await session.scalars(select(BeatRow.owner)))


async def live(town: Town, both: list[Scheduler], end: datetime) -> None:
    """Time goes from one duty to the next."""
    async with asyncio.timeout(LIMIT):
        while not all(one.looks["plan"] for one in both):
            await town.quiet()
    while (due := await town.quiet()) is not None and due < end:
        town.clock.moment = max(due, town.clock.now())
        for one in both:
            one.wake.set()


@pytest.fixture
async def stage(postgresql_url: str, vault: Vault, catalogue: Catalogue, now: datetime) -> AsyncIterator[Stage]:
    """A worker on PostgreSQL, where two may claim at the same time."""
    async with Database.open(postgresql_url, vault) as database:
        yield Stage(database, catalogue, now)


async def test_a_worker_that_was_beaten_to_somebody_looks_again_at_once(
    stage: Stage, postgresql_url: str, now: datetime
) -> None:
    """Each claims another of Maja's messages; the slower one must not rest with all the others that it has claimed."""
    async with stage.db.begin() as session:
        maja = await add_person(session, stage.db.vault, now=now)
        bo = await add_person(session, stage.db.vault, external_id="d-2", phone="+4501000002", now=now)
    for person in (maja, maja, bo):
        await stage.answer(person)
    async with AsyncExitStack() as stack:
        async with stage.db.begin() as session:
            mine = select(OutboxRow.id).where(OutboxRow.recipient_id == maja.id).order_by(OutboxRow.id).limit(1)
            taken = {"state": State.CLAIMED, "claimed_by": "worker-2", "lease_until": now + timedelta(minutes=5)}
            await session.execute(update(OutboxRow).where(OutboxRow.id.in_(mine)).values(**taken))
            await stack.enter_async_context(stage.working())
            await until_blocked(postgresql_url)
        await stage.sms.until_sent(1)
    assert [message.to for message in stage.sms.sent] == ["+4501000002"]


async def test_what_comes_back_after_the_end_of_a_burst_is_tried_when_its_time_has_come(
    stage: Stage, postgresql_url: str, now: datetime
) -> None:
    """It is written down while the worker finds that nothing more is due: that look could not see it."""
    async with stage.db.begin() as session:
        people = [
            await add_person(session, stage.db.vault, external_id=f"d-{number}", phone=f"+450100000{number}", now=now)
            for number in range(BATCH + 1)
        ]
    for person in people:
        await stage.answer(person)
    stage.sms.fails_with = ThrottledError("too many", after=0.3)
    stage.sms.open.clear()
    looks, done = count(1), asyncio.Event()

    async def the_first_at_once() -> bool:
        return next(looks) == 1 or await done.wait()

    async with stage.working(concurrency=1, trust=the_first_at_once):
        await stage.sms.until(lambda: stage.sms.called == 1)
        async with stage.db.begin() as session:
            await session.execute(update(OutboxRow).where(OutboxRow.state == State.CLAIMED).values(withdrawn=False))
            stage.sms.open.set()
            await until_blocked(postgresql_url)
            stage.sms.fails_with = None
            await nobody_else_waits(stage)
            done.set()
            await stage.wake.until_asleep()
        await stage.sms.until_sent(BATCH)


async def test_where_calls_are_quick_a_second_batch_is_taken_while_the_first_one_is_looked_at(
    stage: Stage, now: datetime
) -> None:
    """The second look waits until another one begins, which it could not do before the second is over."""
    people = 3 * BATCH
    async with stage.db.begin() as session:
        for number in range(people):
            phone = f"+4501{number:06}"
            await stage.answer(await add_person(session, stage.db.vault, external_id=f"d-{number}", phone=phone, now=now))
    looks, another = count(1), asyncio.Event()

    async def the_second_waits_for_the_third() -> bool:
        if (mine := next(looks)) == 2:
            async with asyncio.timeout(LIMIT):
                await another.wait()
        elif mine > 2:
            another.set()
        return True

    async with stage.working(concurrency=1, trust=the_second_waits_for_the_third):
        await stage.sms.until_sent(people)
    print(f"{people} people, {len({message.to for message in stage.sms.sent})} of them heard once")
    assert len({message.to for message in stage.sms.sent}) == people


async def test_turns_are_counted_from_when_the_allowance_is_ours_however_long_another_held_it(
    stage: Stage, postgresql_url: str, now: datetime
) -> None:
    """Else all that has become late meanwhile would leave at once, and be refused."""
    clock, lines = HandClock(now), {ChannelName.SMS: Line(stage.sms, 2.0)}
    async with stage.db.begin() as session:
        for number in range(3):
            phone = f"+450100000{number}"
            person = await add_person(session, stage.db.vault, external_id=f"d-{number}", phone=phone, now=now)
            key, until = f"reply:{number}", now + timedelta(hours=1)
            to = (RecipientType.PARTICIPANT, person.id)
            await outbox.reply(session, to, ChannelName.SMS, key, "consent_yes", now=now, valid_until=until, subject={})
    async with asyncio.TaskGroup() as group, stage.db.begin() as session:
        await allowances.next_free(session, [ChannelName.SMS], now)
        taking = group.create_task(prepare(stage.db, Machine("worker-1", lines), stage.catalogue, clock))
        await until_blocked(postgresql_url)
        clock.pass_by(seconds=3)
    turns = [(slot.at - now).total_seconds() for slot in (await taking).slots]
    assert turns == [3.0, 3.5, 4.0]


async def nobody_else_waits(stage: Stage) -> None:
    """The message for which there was no room in the batch is withdrawn."""
    async with stage.db.begin() as session:
        await session.execute(update(OutboxRow).where(OutboxRow.state == State.PLANNED).values(state=State.CANCELLED))


async def until_blocked(url: str) -> None:
    """Somebody waits for a lock."""
    async with asyncio.timeout(LIMIT), await psycopg.AsyncConnection.connect(url, autocommit=True) as server:
        while await (await server.execute(BLOCKED)).fetchone() == (0,):
            pass
