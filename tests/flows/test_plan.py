from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select, update

from medvind.errors import NotSentError
from medvind.flows.plan import load_policy, plan_all
from medvind.model import Ask, Milestone, State
from medvind.store import settings
from medvind.store.database import Session
from medvind.store.tables import AnswerRow, MeetingRow, MilestoneRow, ParticipantRow
from tests.fakes import Town
from tests.people import Made, Person, add_meeting, add_person, add_question_and_answer

TUESDAY_AT_TWO = datetime(2026, 12, 8, 14, 0)  # noqa: DTZ001 - a wall time


async def with_meeting(town: Town, person: Person) -> Made:
    async with town.db.begin() as session:
        return await add_meeting(session, town.db.vault, starts_at=TUESDAY_AT_TWO, attendees=[person], now=town.clock.now())


async def test_a_meeting_in_two_weeks_owes_its_invitation_and_its_ladder(town: Town, maja: Person) -> None:
    await with_meeting(town, maja)
    await town.plan(maja.id)
    assert [row.key for row in await town.rows(State.PLANNED)] == [
        "meeting:m-001:invite",
        "meeting:m-001:7d",
        "meeting:m-001:chase",
        "meeting:m-001:1d",
        "meeting:m-001:2h",
    ]


async def test_planning_twice_changes_nothing(town: Town, maja: Person) -> None:
    await with_meeting(town, maja)
    await town.plan(maja.id)
    before = await town.rows()
    again = await plan_all(town.db, town.clock, anew=True)
    assert (again.added, again.moved, again.withdrawn, again.unchanged) == (0, 0, 0, 5)
    assert await town.rows() == before


async def test_whose_facts_are_as_they_were_is_passed_by(town: Town, maja: Person) -> None:
    await with_meeting(town, maja)
    assert (await plan_all(town.db, town.clock)).added == 5
    reaches = await planned_until(town)
    town.clock.pass_by(minutes=5)
    again = await plan_all(town.db, town.clock)
    assert (again.people, again.added, again.unchanged) == (1, 0, 5)
    assert await planned_until(town) == reaches
    assert (await plan_all(town.db, town.clock, anew=True)).unchanged == 5
    assert await planned_until(town) > reaches


async def planned_until(town: Town) -> datetime:
    async with town.db.read() as session:
        return (await session.scalars(select(ParticipantRow.planned_until))).one() or town.clock.now()


async def test_a_moved_meeting_moves_its_reminders_and_the_old_ones_are_withdrawn(town: Town, maja: Person) -> None:
    meeting = await with_meeting(town, maja)
    await town.plan(maja.id)
    await town.deliver()
    async with town.db.begin() as session:
        later = TUESDAY_AT_TWO + timedelta(days=2)
        changes = {"starts_at": later, "sequence": 2, "changed_at": town.clock.now()}
        await session.execute(update(MeetingRow).where(MeetingRow.id == meeting.id).values(**changes))
    await town.plan(maja.id)
    planned = {row.key for row in await town.rows(State.PLANNED)}
    steps = ("7d", "chase", "1d", "2h")
    assert planned == {"meeting:m-001:moved:2", *(f"meeting:m-001@2:{step}" for step in steps)}
    assert {row.key for row in await town.rows(State.CANCELLED)} == {f"meeting:m-001:{step}" for step in steps}


async def test_the_money_ends_the_check_ins(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        milestones = {Milestone.COURSE_ENDED: date(2026, 11, 20)}
        person = await add_person(
            session, town.db.vault, external_id="d-9", coach_id=coach.id, milestones=milestones, now=town.clock.now()
        )
    await town.plan(person.id)
    kinds = [row.kind for row in await town.rows(State.PLANNED)]
    assert kinds.count("waiting_word") == 2
    assert kinds.count("check_in") >= 10
    async with town.db.begin() as session:
        row = {"participant_id": person.id, "name": Milestone.PAID_OUT, "day": date(2026, 11, 24)}
        session.add(MilestoneRow(**row))
    await town.plan(person.id)
    assert [row.key for row in await town.rows(State.PLANNED)] == ["step:payout_done"]


async def test_a_retry_that_waits_is_not_pulled_forward_by_planning(town: Town, maja: Person) -> None:
    await with_meeting(town, maja)
    await town.plan(maja.id)
    town.sms.fails_with = NotSentError("refused")
    await town.deliver()
    waiting = next(row for row in await town.rows() if row.key.endswith("invite"))
    await town.plan(maja.id)
    assert next(row for row in await town.rows() if row.key.endswith("invite")).due_at == waiting.due_at > town.clock.now()


async def test_a_look_at_the_next_days_leaves_what_lies_beyond_them(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        milestones = {Milestone.COURSE_ENDED: date(2026, 11, 20)}
        await add_person(session, town.db.vault, coach_id=coach.id, milestones=milestones, now=town.clock.now())
    await plan_all(town.db, town.clock)
    before = await town.rows()
    assert (await plan_all(town.db, town.clock, until=timedelta(days=10), anew=True)).withdrawn == 0
    assert await town.rows() == before


async def have_filed(town: Town, session: Session, person: Person, periods: Sequence[str]) -> None:
    now = town.clock.now()
    for period in periods:
        await add_question_and_answer(
            session, town.db.vault, person, ask=Ask.VAT, value="done", subject={"period": period}, asked_at=now
        )


async def test_the_same_facts_in_another_order_are_the_same_facts(town: Town, coach: Made) -> None:
    days = {Milestone.COURSE_ENDED: date(2026, 11, 20), Milestone.PAYOUT_PROMISED: date(2026, 12, 20)}
    periods = [f"{year}Q{quarter}" for year in (2023, 2024, 2025) for quarter in range(1, 5)]
    async with town.db.begin() as session:
        maja = await add_person(session, town.db.vault, coach_id=coach.id, milestones=days, now=town.clock.now())
        await have_filed(town, session, maja, periods)
    await plan_all(town.db, town.clock)
    reaches = await planned_until(town)
    async with town.db.begin() as session:
        for table in (AnswerRow, MilestoneRow):
            await session.execute(delete(table))
        rows = [{"participant_id": maja.id, "name": name, "day": day} for name, day in reversed(days.items())]
        await session.execute(insert(MilestoneRow), rows)
        await have_filed(town, session, maja, [*reversed(periods)])
    town.clock.pass_by(minutes=5)
    await plan_all(town.db, town.clock)
    assert await planned_until(town) == reaches


async def test_the_same_decisions_are_the_same_policy(town: Town) -> None:
    async with town.db.begin() as session:
        before = await load_policy(session)
        assert await load_policy(session) is before
        await settings.put(session, "daily_messages", "3", town.clock.now())
        after = await load_policy(session)
    assert (before.daily_messages, after.daily_messages) == (2, 3)
    assert before.made_of != after.made_of
