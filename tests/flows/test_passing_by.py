"""Planning everybody looks closely only at those for whom something has changed, whatever it was."""

from datetime import datetime, timedelta

from sqlalchemy import insert

from medvind.flows.plan import Counts, plan_all
from medvind.model import VatPeriod
from medvind.store import settings
from medvind.store.tables import VatPeriodRow
from tests.fakes import Town
from tests.people import Person, add_meeting


async def with_meeting(town: Town, person: Person) -> Counts:
    async with town.db.begin() as session:
        starts_at = datetime(2026, 12, 10, 14, 0)  # noqa: DTZ001 - a wall time
        await add_meeting(session, town.db.vault, starts_at=starts_at, attendees=[person], now=town.clock.now())
    return await plan_all(town.db, town.clock)


async def test_a_fact_that_changed_behind_the_plan_is_noticed(town: Town, maja: Person) -> None:
    await with_meeting(town, maja)
    async with town.db.begin() as session:
        since = town.clock.now().date() - timedelta(300)
        row = {"participant_id": maja.id, "since": since, "period": VatPeriod.MONTHLY}
        await session.execute(insert(VatPeriodRow).values(**row))
    assert (await plan_all(town.db, town.clock)).added > 0


async def test_a_decision_of_the_municipality_reaches_those_whose_facts_are_as_they_were(town: Town, maja: Person) -> None:
    planned = await with_meeting(town, maja)
    async with town.db.begin() as session:
        await settings.put(session, "meeting_ladder", "1d", town.clock.now())
    counts = await plan_all(town.db, town.clock)
    assert (planned.added, counts.withdrawn, counts.moved + counts.unchanged) == (5, 2, 3)


async def test_without_a_change_everybody_is_passed_by(town: Town, maja: Person) -> None:
    planned = await with_meeting(town, maja)
    assert await plan_all(town.db, town.clock) == Counts(unchanged=planned.added, people=1)
