"""Words of danger: who is told, how often, and that a phone is not told twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from medvind.model import State, TaskKind
from medvind.store import settings
from medvind.store.tables import TaskRow
from tests.fakes import Town
from tests.people import Made, add_coach, add_person

KARIN, DUTY = "+4501009001", "+4501009002"
WORDS = "jeg vil ikke leve mere"


async def somebody(town: Town, coach_phone: str | None, duty: str) -> None:
    async with town.db.begin() as session:
        coach: Made = await add_coach(session, town.db.vault, phone=coach_phone, now=town.clock.now())
        await add_person(session, town.db.vault, coach_id=coach.id, now=town.clock.now())
        await settings.put(session, "duty_phone", duty, town.clock.now())


async def listed(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        return list(await session.scalars(select(TaskRow.kind).where(TaskRow.done_at.is_(None))))


def told(town: Town) -> list[str]:
    """The phones that read that there is something to read."""
    assert not any("leve" in text for text in town.sms.texts())
    return [message.to for message in town.sms.sent if message.text.startswith("Medvind: Et menneske har skrevet")]


@pytest.mark.parametrize(
    ("coach", "duty", "phones"),
    [
        (KARIN, DUTY, {KARIN, DUTY}),
        (KARIN, "", {KARIN}),
        (None, DUTY, {DUTY}),
        (KARIN, KARIN, {KARIN}),
    ],
)
async def test_the_coach_and_whoever_is_on_duty_are_told_in_the_same_minute_and_one_phone_once(
    town: Town, coach: str | None, duty: str, phones: set[str]
) -> None:
    await somebody(town, coach, duty)
    await town.hear(WORDS)
    await town.deliver()
    assert (set(told(town)), len(told(town))) == (phones, len(phones))
    assert sum(text.startswith("Det lyder svært.") for text in town.sms.texts()) == 1


async def test_with_nobodys_number_the_task_stands_on_the_list_and_the_operator_reads_why(town: Town) -> None:
    await somebody(town, None, "")
    with capture_logs() as logs:
        await town.hear(WORDS)
    await town.deliver()
    assert told(town) == []
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["nobody_to_tell"]
    assert await listed(town) == [TaskKind.DANGER]


async def test_whoever_has_just_been_told_to_read_is_not_told_of_each_message(town: Town) -> None:
    await somebody(town, KARIN, "")
    for _ in range(5):
        await town.hear(WORDS)
        await town.deliver()
        town.clock.pass_by(minutes=2)
    assert told(town) == [KARIN]
    assert await listed(town) == [TaskKind.DANGER] * 5
    town.clock.moment += timedelta(minutes=10)
    await town.hear(WORDS)
    await town.deliver()
    assert told(town) == [KARIN] * 2


async def test_words_of_danger_are_answered_after_a_stop_and_when_settings_make_no_sense(town: Town) -> None:
    await somebody(town, KARIN, "")
    await town.hear("STOP")
    await town.deliver()
    async with town.db.begin() as session:
        await settings.put(session, "quiet_hours", "whenever", town.clock.now())
    await town.hear(WORDS)
    async with town.db.begin() as session:
        await settings.put(session, "quiet_hours", "off", town.clock.now())
    await town.deliver()
    assert told(town) == [KARIN]
    assert any(text.startswith("Det lyder svært.") for text in town.sms.texts())
    assert await town.rows(State.FAILED) == []
