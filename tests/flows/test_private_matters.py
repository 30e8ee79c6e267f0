"""What had better be said than written: one kind word a day, and something for the coach to look at."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from medvind.model import TaskKind
from medvind.store import settings
from medvind.store.tables import InboxRow, TaskRow
from tests.fakes import Town
from tests.people import Person

TOLD, RECEIPT = "Tak for din tillid. Skriv helst ikke private ting her", "Tak for din besked. Karin læser den."
DEPRESSION = "lægen siger jeg har en depression"


async def listed(town: Town) -> list[tuple[TaskKind, Mapping[str, str]]]:
    async with town.db.read() as session:
        return [(kind, why) for kind, why in await session.execute(select(TaskRow.kind, TaskRow.why).order_by(TaskRow.id))]


async def test_who_writes_something_private_is_asked_to_call_and_the_coach_sees_it(town: Town, maja: Person) -> None:
    told = await town.answer(DEPRESSION)
    assert told.startswith(TOLD)
    assert "depression" not in told
    async with town.db.read() as session:
        message = (await session.execute(select(InboxRow.public_id, InboxRow.meaning))).one()
    assert message.meaning == "private_matter"
    assert await listed(town) == [(TaskKind.PRIVATE_MATTER, {"inbox": message.public_id})]


async def test_it_is_said_once_a_day_and_else_the_coach_reads_it_as_ever(town: Town, maja: Person) -> None:
    assert (await town.answer(DEPRESSION)).startswith(TOLD)
    assert (await town.answer("min psykiater ringer i morgen")).startswith(RECEIPT)
    assert len(await listed(town)) == 1
    town.clock.pass_by(hours=23, minutes=50)
    assert (await town.answer(DEPRESSION)).startswith(RECEIPT)
    town.clock.pass_by(minutes=20)
    assert (await town.answer(DEPRESSION)).startswith(TOLD)
    assert len(await listed(town)) == 2


async def test_words_of_danger_weigh_more_and_for_a_day_nobody_is_told_not_to_write(town: Town, maja: Person) -> None:
    assert (await town.answer(f"{DEPRESSION} og vil ikke leve mere")).startswith("Det lyder svært.")
    assert (await town.answer(DEPRESSION)).startswith("Tak, fordi du skriver.")
    assert TaskKind.PRIVATE_MATTER not in {kind for kind, _ in await listed(town)}


async def test_after_a_stop_nothing_is_answered_and_the_coach_sees_that_they_wrote(town: Town, maja: Person) -> None:
    await town.answer("stop")
    assert await town.answer(DEPRESSION) == ""
    assert [kind for kind, _ in await listed(town)] == [TaskKind.STOPPED, TaskKind.WROTE_AFTER_STOP]


@pytest.mark.parametrize("text", ["stop. jeg har en depression", "ring"])
async def test_what_means_something_is_not_looked_through(town: Town, maja: Person, text: str) -> None:
    assert not (await town.answer(text)).startswith(TOLD)
    assert TaskKind.PRIVATE_MATTER not in {kind for kind, _ in await listed(town)}


async def test_a_municipalitys_own_words_count_and_what_it_takes_out_does_not(town: Town, maja: Person) -> None:
    async with town.db.begin() as session:
        await settings.put(session, "private_words", "min gæld", town.clock.now())
        await settings.put(session, "private_off", "lægen siger jeg har", town.clock.now())
    assert (await town.answer("min gæld vokser")).startswith(TOLD)
    assert (await town.answer("lægen siger jeg har ret")).startswith(RECEIPT)
    town.clock.pass_by(days=2)
    assert (await town.answer("lægen siger jeg har ret")).startswith(RECEIPT)
