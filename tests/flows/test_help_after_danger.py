"""A call for help right after words of danger: heard as one, and told to nobody a second time."""

import pytest
from sqlalchemy import select

from medvind.model import TaskKind
from medvind.store.tables import TaskRow
from tests.fakes import Town
from tests.people import Person


async def raised(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        return sorted(await session.scalars(select(TaskRow.kind)))


def told(town: Town) -> list[str]:
    """The phones that read that there is something to read."""
    return [message.to for message in town.sms.sent if message.text.startswith("Medvind: Et menneske har skrevet")]


@pytest.mark.parametrize("words", ["hjælp", "HJÆLP!", "hjælp mig", "help", "?", "ring", "ring til mig", "call me"])
async def test_who_calls_for_help_after_words_of_danger_reads_where_it_is_and_nobody_is_told_twice(
    town: Town, maja: Person, words: str
) -> None:
    await town.hear("jeg vil ikke leve mere")
    await town.deliver()
    alerts = told(town)
    assert len(alerts) == 1
    for minutes in (12, 70, 1200):
        town.clock.pass_by(minutes=minutes)
        await town.hear(words)
        await town.deliver()
        assert "112" in town.sms.texts()[-1]
        assert "70 201 201" in town.sms.texts()[-1]
        assert "JA, NEJ" not in town.sms.texts()[-1]
    assert told(town) == alerts
    assert (await raised(town)).count(TaskKind.DANGER) == 1


async def test_the_wish_to_be_called_stands_once_an_hour_beside_the_danger(town: Town, maja: Person) -> None:
    await town.hear("jeg vil ikke leve mere")
    for minutes, calls in ((1, 1), (20, 1), (41, 2)):
        town.clock.pass_by(minutes=minutes)
        await town.hear("ring")
        assert (await raised(town)).count(TaskKind.CALL) == calls


async def test_a_day_after_it_help_is_the_list_of_words_again(town: Town, maja: Person) -> None:
    await town.hear("jeg vil ikke leve mere")
    town.clock.pass_by(hours=24, minutes=1)
    await town.hear("hjælp")
    await town.deliver()
    assert "JA, NEJ" in town.sms.texts()[-1]
