"""What gives way is kept with its reason and comes back; and whoever can't be planned stops nobody else."""

from datetime import timedelta

from sqlalchemy import select, update

from medvind.flows.plan import plan_all
from medvind.model import Milestone, State, TaskKind
from medvind.store import outbox, settings
from medvind.store.tables import OutboxRow, ParticipantRow, TaskRow
from tests.fakes import Town
from tests.people import Made, Person, add_person

FULL = f"{outbox.GAVE_WAY}day_full"


async def waiting(town: Town, coach: Made, external_id: str = "d-002", phone: str = "+4501000002") -> Person:
    """Somebody whose check-in is due today."""
    async with town.db.begin() as session:
        return await add_person(
            session,
            town.db.vault,
            external_id=external_id,
            phone=phone,
            coach_id=coach.id,
            milestones={Milestone.COURSE_ENDED: town.clock.now().date() - timedelta(days=3)},
            now=town.clock.now() - timedelta(days=3),
        )


async def decide(town: Town, key: str, value: str) -> None:
    async with town.db.begin() as session:
        await settings.put(session, key, value, town.clock.now())


async def standing(town: Town) -> list[tuple[str, State, str | None]]:
    return [(row.key, row.state, row.reason) for row in await town.rows() if row.due_at < town.clock.now() + timedelta(days=18)]


async def test_what_gives_way_is_kept_with_its_reason_and_nobody_is_sent_it(town: Town, coach: Made) -> None:
    await decide(town, "weekly_messages", "1")
    bo = await waiting(town, coach)
    await decide(town, "quiet_hours", "off")
    async with town.db.begin() as session:
        await session.execute(update(ParticipantRow).where(ParticipantRow.id == bo.id).values(created_at=town.clock.now()))
    counts = await plan_all(town.db, town.clock)
    await town.run_until(town.clock.now() + timedelta(days=18), timedelta(hours=6))
    gave_way = [row for row in await town.rows() if row.reason and row.reason.startswith(outbox.GAVE_WAY)]
    print(f"{counts.gave_way} gave way; looked at {len(await town.rows())} rows")
    assert len(gave_way) >= counts.gave_way > 0
    assert {row.state for row in gave_way} == {State.CANCELLED}
    assert all(row.sent_at is None for row in gave_way)


async def test_planning_again_leaves_what_gave_way_as_it_is(town: Town, coach: Made) -> None:
    await decide(town, "weekly_messages", "1")
    await waiting(town, coach)
    first = await plan_all(town.db, town.clock)
    before = await town.rows()
    again = await plan_all(town.db, town.clock, anew=True)
    assert (again.added, again.moved, again.withdrawn) == (0, 0, 0)
    assert again.gave_way == first.gave_way > 0
    assert await town.rows() == before


async def test_what_gave_way_comes_back_when_there_is_room(town: Town, coach: Made) -> None:
    await decide(town, "weekly_messages", "1")
    await waiting(town, coach)
    gave_way = (await plan_all(town.db, town.clock)).gave_way
    await decide(town, "weekly_messages", "4")
    after = await plan_all(town.db, town.clock)
    assert (after.gave_way, after.moved) == (0, gave_way)
    assert {row.state for row in await town.rows()} == {State.PLANNED}
    await decide(town, "weekly_messages", "1")
    assert (await plan_all(town.db, town.clock)).gave_way == gave_way


async def test_what_gave_way_and_is_owed_no_longer_is_withdrawn(town: Town, coach: Made) -> None:
    await decide(town, "weekly_messages", "1")
    bo = await waiting(town, coach)
    await plan_all(town.db, town.clock)
    await town.hear("STOP", "+4501000002")
    async with town.db.read() as session:
        reasons = set(await session.scalars(select(OutboxRow.reason).where(OutboxRow.recipient_id == bo.id)))
    assert not any((reason or "").startswith(outbox.GAVE_WAY) for reason in reasons)


async def test_a_rule_that_fails_for_one_person_fails_for_that_person_alone(town: Town, coach: Made, maja: Person) -> None:
    bo = await waiting(town, coach)
    cy = await waiting(town, coach, "d-003", "+4501000003")
    async with town.db.begin() as session:
        nothing_left = update(ParticipantRow).where(ParticipantRow.id == bo.id)
        await session.execute(nothing_left.values(quiet_hours="mon-sun 08:00-20:00"))
    counts = await plan_all(town.db, town.clock)
    assert (counts.people, counts.failed) == (3, 1)
    assert {row.recipient_id for row in await town.rows()} == {cy.id}
    assert await open_tasks(town) == [(TaskKind.NOT_PLANNED, bo.id)]
    assert (await plan_all(town.db, town.clock)).failed == 1  # tried again every night, and still one task
    assert await open_tasks(town) == [(TaskKind.NOT_PLANNED, bo.id)]
    async with town.db.begin() as session:
        await session.execute(update(ParticipantRow).where(ParticipantRow.id == bo.id).values(quiet_hours=None))
    assert (await plan_all(town.db, town.clock)).failed == 0
    assert await open_tasks(town) == []
    assert {row.recipient_id for row in await town.rows()} == {bo.id, cy.id}


async def open_tasks(town: Town) -> list[tuple[TaskKind, int | None]]:
    async with town.db.read() as session:
        rows = await session.execute(select(TaskRow.kind, TaskRow.participant_id).where(TaskRow.done_at.is_(None)))
        return [(kind, person) for kind, person in rows]
