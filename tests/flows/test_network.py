"""A question to the coach's network: a task with a day, words for the coach alone, and one short answer."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
import structlog
from sqlalchemy import select

from medvind.channels import Inbound, InboundKind
from medvind.flows.receive import receive
from medvind.model import ChannelName, TaskKind
from medvind.store import preferences, settings, tasks
from medvind.store.tables import InboxRow, OutboxRow, TaskRow
from tests.fakes import Town
from tests.people import Made, Person, add_person

ASKS, PASSED_ON, RECEIPT = "Hvad vil du spørge om?", "Tak. Jeg giver det videre.", "Tak for din besked. Karin læser den."
TOPIC = "en revisor i Skive"


class Task(NamedTuple):
    kind: TaskKind
    why: Mapping[str, str]
    created_at: datetime
    due_at: datetime | None


async def listed(town: Town) -> list[Task]:
    columns = (TaskRow.kind, TaskRow.why, TaskRow.created_at, TaskRow.due_at)
    async with town.db.read() as session:
        rows = await session.execute(select(*columns).where(TaskRow.done_at.is_(None)).order_by(TaskRow.id))
        return [Task(*row) for row in rows]


async def test_a_question_is_on_the_coachs_list_until_the_end_of_the_next_day_at_work(town: Town, maja: Person) -> None:
    assert (await town.answer(f"spørg min coach om {TOPIC}")).startswith(PASSED_ON)
    (task,) = await listed(town)
    async with town.db.read() as session:
        message = (await session.execute(select(InboxRow.public_id, InboxRow.meaning))).one()
    assert (task.kind, task.why, message.meaning) == (TaskKind.NETWORK, {"inbox": message.public_id}, "ask_coach")
    assert task.due_at is not None
    here = ZoneInfo("Europe/Copenhagen")
    asked, due = task.created_at.astimezone(here), task.due_at.astimezone(here)
    assert (due.date() - asked.date(), due.hour) == (timedelta(days=1), 16)


async def test_a_closing_day_of_the_municipality_is_no_day_to_answer_on(town: Town, maja: Person) -> None:
    tomorrow = (town.clock.now() + timedelta(days=1)).date()
    async with town.db.begin() as session:
        await settings.put(session, "closing_days", tomorrow.isoformat(), town.clock.now())
    await town.answer(f"spørg om {TOPIC}")
    (task,) = await listed(town)
    assert task.due_at is not None
    assert task.due_at.date() == tomorrow + timedelta(days=1)


async def test_the_words_stand_sealed_in_the_inbox_and_nowhere_else(town: Town, maja: Person) -> None:
    with structlog.testing.capture_logs() as logs:
        await town.answer("spørg")
        await town.answer(TOPIC)
        await town.answer(f"spørg karin om {TOPIC} og mere")
    async with town.db.read() as session:
        rows = [
            repr({column.key: getattr(row, column.key) for column in table.__table__.columns})
            for table in (TaskRow, OutboxRow, InboxRow)
            for row in await session.scalars(select(table))
        ]
    seen = [*rows, *map(repr, logs), *(message.text for message in town.sms.sent)]
    assert len(rows) == 8
    assert [one for one in seen if "revisor" in one.lower()] == []


async def test_nobody_is_sent_a_text_about_it_but_the_one_who_asked(town: Town, maja: Person) -> None:
    await town.answer(f"spørg om {TOPIC}")
    assert {message.to for message in town.sms.sent} == {"+4501000001"}


async def test_the_same_topic_on_one_day_is_one_task_and_another_topic_or_day_is_one_more(town: Town, maja: Person) -> None:
    for text in (f"spørg om {TOPIC}", f"Spørg lige min coach om {TOPIC}, tak!", "spørg"):
        await town.answer(text)
    await town.answer(f"  {TOPIC.upper()} ")
    assert len(await listed(town)) == 1
    await town.answer("spørg om lokaler")
    assert len(await listed(town)) == 2
    town.clock.pass_by(hours=24)
    await town.answer(f"spørg om {TOPIC}")
    assert len(await listed(town)) == 3


async def test_who_asks_once_more_after_it_was_dealt_with_is_not_promised_something_that_stands_nowhere(
    town: Town, maja: Person
) -> None:
    await town.answer(f"spørg om {TOPIC}")
    async with town.db.begin() as session:
        await tasks.close_of(session, maja.id, TaskKind.NETWORK, town.clock.now())
    assert (await town.answer(f"spørg om {TOPIC}")).startswith(PASSED_ON)
    assert len(await listed(town)) == 1


async def test_two_words_without_a_topic_at_once_are_asked_about_once_and_the_coach_finds_out(town: Town, maja: Person) -> None:
    await town.hear("spørg")
    await town.hear("spørg")
    await town.deliver()
    assert [text[:22] for text in town.sms.texts()] == [ASKS[:22], PASSED_ON[:22]]
    assert len(await listed(town)) == 1
    assert (await town.answer(TOPIC)).startswith(PASSED_ON), "the question that was under way is still answered"
    assert len(await listed(town)) == 2


async def test_what_has_been_asked_and_answered_can_be_asked_for_again(town: Town, maja: Person) -> None:
    for topic in ("lokaler", "forsikring"):
        assert (await town.answer("spørg")).startswith(ASKS)
        assert (await town.answer(topic)).startswith(PASSED_ON)
    assert len(await listed(town)) == 2


async def test_what_is_written_after_the_topic_is_a_message_like_any_other(town: Town, maja: Person) -> None:
    await town.answer("spørg")
    assert (await town.answer(TOPIC)).startswith(PASSED_ON)
    assert (await town.answer("og hils din kone")).startswith(RECEIPT)
    assert len(await listed(town)) == 1


async def test_a_question_about_something_private_is_rather_said_than_written(town: Town, maja: Person) -> None:
    told = await town.answer("spørg min coach om min depression")
    assert told.startswith("Tak for din tillid. Skriv helst ikke private ting her")
    assert [task.kind for task in await listed(town)] == [TaskKind.PRIVATE_MATTER]
    assert (await town.answer(f"spørg om {TOPIC}")).startswith(PASSED_ON)


async def test_after_an_hour_what_is_written_is_a_message_like_any_other(town: Town, maja: Person) -> None:
    await town.answer("spørg")
    town.clock.pass_by(minutes=58)
    assert (await town.answer(TOPIC)).startswith(PASSED_ON)
    await town.answer("spørg")
    town.clock.pass_by(minutes=59, seconds=1)
    assert (await town.answer(TOPIC)).startswith(RECEIPT)


async def test_a_word_that_we_hear_of_late_asks_nothing_back_and_the_coach_finds_out(town: Town, maja: Person) -> None:
    at = town.clock.now() - timedelta(hours=2)
    inbound = Inbound(ChannelName.SMS, "late", "+4501000001", InboundKind.TEXT, "spørg", "raw", at=at)
    async with town.db.begin() as session:
        await receive(session, inbound, town.clock.now())
    await town.deliver()
    assert town.sms.sent == []
    assert [task.kind for task in await listed(town)] == [TaskKind.NETWORK, TaskKind.MISSED], "thanks that came too late"


async def test_after_a_stop_nothing_is_answered_and_the_coach_has_the_task(town: Town, maja: Person) -> None:
    await town.answer("stop")
    assert (await town.answer("spørg"), await town.answer(f"spørg om {TOPIC}")) == ("", "")
    assert [task.kind for task in await listed(town)] == [TaskKind.STOPPED, TaskKind.NETWORK, TaskKind.NETWORK]


@pytest.mark.parametrize("text", ["spørg om jeg vil dø", "jeg vil ikke leve mere"])
async def test_words_of_danger_are_heard_in_a_question_too(town: Town, maja: Person, text: str) -> None:
    await town.answer("spørg")
    assert (await town.answer(text)).startswith("Det lyder svært.")
    assert TaskKind.NETWORK not in {task.kind for task in await listed(town)}


async def test_a_private_word_in_answer_to_what_they_want_to_ask_is_kept_nowhere(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        maja = await add_person(session, town.db.vault, coach_id=coach.id, now=town.clock.now())
        await preferences.set_private_word(session, maja.public_id, "solsikke")
    await town.answer("spørg")
    await town.answer("solsikke")
    async with town.db.read() as session:
        rows = await session.execute(select(InboxRow.public_id, InboxRow.text))
        assert "solsikke" not in {session.vault.open(InboxRow.text, row.public_id, row.text) for row in rows}


def test_the_world_of_these_tests_begins_on_a_day_at_work(town: Town) -> None:
    assert town.clock.now() == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
