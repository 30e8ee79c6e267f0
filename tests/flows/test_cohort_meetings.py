"""Who comes into a cohort and who leaves it, and what they are invited to."""

import pytest
from sqlalchemy import select

from medvind.model import Rsvp
from medvind.store.tables import AttendeeRow
from tests.fakes import Town
from tests.flows import enrolling
from tests.flows.arranging import FOLLOW_UP, add_people, arrange, bring, counts, meeting

TO_COHORT = FOLLOW_UP | {"participants": "", "cohort": "Hold 1"}


@pytest.fixture(autouse=True)
async def people(town: Town) -> dict[str, int]:
    return await add_people(town)


async def test_whoever_comes_into_a_cohort_is_invited_to_its_meetings_to_come(town: Town, people: dict[str, int]) -> None:
    early = {"external_id": "m-0", "starts_at": "2026-11-25 14:00"}
    await bring(town, TO_COHORT | early)
    await bring(town, TO_COHORT)
    await bring(town, FOLLOW_UP | {"participants": "d-1", "external_id": "m-2"})
    since = town.clock.pass_by(days=2)
    new = {"external_id": "d-4", "first_name": "Ali", "phone": "+4501000004", "cohort": "Hold 1"}
    done = await enrolling.bring(town, new, {"external_id": "d-3", "cohort": "Hold 1"})
    assert people["d-3"] in done.participant_ids
    assert (await meeting(town, "m-1")).attendees == {people["d-1"], people["d-2"], *done.participant_ids}
    assert (await meeting(town, "m-0")).attendees == {people["d-1"], people["d-2"]}
    assert (await meeting(town, "m-2")).attendees == {people["d-1"]}
    async with town.db.read() as session:
        query = select(AttendeeRow.since).where(AttendeeRow.participant_id.in_(done.participant_ids))
        assert set(await session.scalars(query)) == {since}
    assert counts(await bring(town, TO_COHORT)) == (0, 0, 1)


async def test_whoever_changes_cohort_leaves_the_meetings_to_come_of_the_old_one(town: Town, people: dict[str, int]) -> None:
    await enrolling.bring(town, {"external_id": "d-3", "cohort": "Hold 2"})
    for name, cohort in (("m-1", "Hold 1"), ("m-2", "Hold 2")):
        await bring(town, TO_COHORT | {"cohort": cohort, "external_id": name})
    await enrolling.bring(town, {"external_id": "d-1", "cohort": "Hold 2"}, {"external_id": "d-2", "cohort": "-"})
    assert (await meeting(town, "m-1")).attendees == frozenset()
    assert (await meeting(town, "m-2")).attendees == {people["d-1"], people["d-3"]}
    await enrolling.bring(town, {"external_id": "d-1", "business_name": "Kims Keramik"})
    assert (await meeting(town, "m-2")).attendees == {people["d-1"], people["d-3"]}


async def test_who_is_named_in_a_meeting_of_the_cohort_they_come_into_keeps_their_answer(
    town: Town, people: dict[str, int]
) -> None:
    await arrange(town, TO_COHORT | {"participants": "d-3"})
    await town.deliver()
    await town.hear("ja", "+4501000003")
    await enrolling.bring(town, {"external_id": "d-3", "cohort": "Hold 1"})
    async with town.db.read() as session:
        query = select(AttendeeRow.rsvp).where(AttendeeRow.participant_id == people["d-3"])
        assert (await session.scalars(query)).one() == Rsvp.YES
