"""Somebody is silent to an invitation: asked once more, then on the coach's list until it begins or an answer comes."""

import pytest
from sqlalchemy import select

from medvind.flows.plan import plan_all
from medvind.model import Role, State, TaskKind, Viewer
from medvind.store import cards, gauges
from medvind.store.tables import CoachRow, TaskRow
from tests.fakes import Town
from tests.flows.arranging import FOLLOW_UP, add_people, arrange
from tests.flows.steering import local

ALONE = FOLLOW_UP | {"starts_at": "2026-12-10 14:00", "participants": "d-1"}
"""A Thursday: the silent are asked again on Monday, and stand on the list from Wednesday morning."""
CHASE = (
    "Kan du komme torsdag d. 10. december kl. 14.00? Sted: Vestergade 58, 1. sal. "
    "Sig bare til, hvis du ikke kan. Svar JA, NEJ eller MÅSKE. Hilsen Karin"
)


@pytest.fixture(autouse=True)
async def people(town: Town) -> dict[str, int]:
    return await add_people(town)


async def live_until(town: Town, end: str) -> None:
    """What falls due leaves; the look at all plans comes by at the end, as it does each hour."""
    moment = local(end)
    while (due := await town.next_due()) and due <= moment:
        town.clock.moment = max(town.clock.now(), due)
        await town.deliver()
    town.clock.moment = moment
    await look(town)


async def look(town: Town) -> None:
    await plan_all(town.db, town.clock)


async def on_the_list(town: Town) -> list[str]:
    """What the coach has to look at now."""
    async with town.db.read() as session:
        karin = await session.scalar(select(CoachRow.id))
        viewer = Viewer(karin, Role.COACH)
        page = await cards.jobs(session, seen_by=viewer, after=None, limit=50, now=town.clock.now())
        counted = (await gauges.read(session, town.clock.now())).tasks
    assert sum(counted.values()) == len(page.items)
    return [job.why["start"] for job in page.items if job.kind == TaskKind.NO_REPLY]


async def sent(town: Town, text: str) -> int:
    return sum(one == text for one in town.sms.texts())


async def test_who_does_not_answer_is_asked_once_more_and_then_stands_on_the_coachs_list_until_it_begins(town: Town) -> None:
    await arrange(town, ALONE)
    await live_until(town, "2026-12-07 09:59")
    assert await sent(town, CHASE) == 0
    await live_until(town, "2026-12-07 10:00")
    assert await sent(town, CHASE) == 1
    await live_until(town, "2026-12-09 07:59")
    assert await on_the_list(town) == []
    await live_until(town, "2026-12-09 08:00")
    assert await on_the_list(town) == ["2026-12-10T14:00:00+01:00"]
    await live_until(town, "2026-12-10 13:59")
    assert await on_the_list(town) == ["2026-12-10T14:00:00+01:00"]
    town.clock.moment = local("2026-12-10 14:00")  # nobody has planned anything anew since
    assert await on_the_list(town) == []
    await live_until(town, "2026-12-20 12:00")
    assert (await sent(town, CHASE), await on_the_list(town)) == (1, [])


@pytest.mark.parametrize("word", ["ja", "nej", "måske"])
async def test_any_answer_before_the_chase_cancels_it_and_the_place_on_the_list(town: Town, word: str) -> None:
    await arrange(town, ALONE)
    await live_until(town, "2026-12-06 12:00")
    await town.hear(word)
    await live_until(town, "2026-12-10 13:00")
    assert (await sent(town, CHASE), await on_the_list(town)) == (0, [])
    rows = {row.key: row.state for row in await town.rows()}
    assert rows["meeting:m-1:chase"] == State.CANCELLED


@pytest.mark.parametrize("word", ["ja", "måske"])
async def test_an_answer_to_the_chase_is_an_answer_to_the_invitation_and_takes_the_person_off_the_list(
    town: Town, word: str
) -> None:
    await arrange(town, ALONE)
    await live_until(town, "2026-12-09 08:30")
    assert len(await on_the_list(town)) == 1
    await town.hear(word)
    assert await on_the_list(town) == []
    async with town.db.read() as session:
        left = await session.scalars(select(TaskRow.key).where(TaskRow.kind == TaskKind.NO_REPLY))
        assert left.all() == []
    await live_until(town, "2026-12-10 15:00")
    assert await on_the_list(town) == []


async def test_after_a_move_the_silent_are_asked_and_chased_anew_and_the_old_place_on_the_list_is_gone(town: Town) -> None:
    await arrange(town, ALONE)
    await live_until(town, "2026-12-09 09:00")
    assert len(await on_the_list(town)) == 1
    await arrange(town, ALONE | {"starts_at": "2026-12-17 14:00"})
    assert await on_the_list(town) == []
    await live_until(town, "2026-12-14 10:00")
    again = CHASE.replace("10. december", "17. december")
    assert (await sent(town, CHASE), await sent(town, again)) == (1, 1)
    await live_until(town, "2026-12-16 08:00")
    assert await on_the_list(town) == ["2026-12-17T14:00:00+01:00"]


async def test_who_could_not_be_asked_is_not_called_silent(town: Town) -> None:
    await town.hear("STOP")
    await arrange(town, ALONE)
    await live_until(town, "2026-12-10 13:00")
    assert await on_the_list(town) == []
