"""A coach's own words on their way: all that holds for what Medvind sends holds for them, and no plan touches them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from medvind.errors import InvalidError, UndeliverableError, UnknownFateError
from medvind.flows import write
from medvind.flows.report import Reader
from medvind.flows.settle import settle_doubts, sweep
from medvind.flows.write import Draft
from medvind.model import ChannelName, Language, Role, State, TaskKind, Viewer
from medvind.store.facts import facts_of
from medvind.store.listing import Listed
from medvind.store.tables import TaskRow
from tests.fakes import Town
from tests.flows.steering import a_desk, local
from tests.people import Made, Person, add_person

COACH_WORD = "coach_word"


async def write_to(
    town: Town, coach: Made, person: Person, text: str = "Hej Maja", channel: ChannelName | None = None
) -> Draft:
    reader = Reader(Viewer(coach.id, Role.COACH), Language.DA, town.catalogue, town.clock.now())
    async with town.db.begin() as session:
        return (await write.write(session, reader, person.public_id, text, channel))[1]


async def words(town: Town) -> list[Listed]:
    return [row for row in await town.rows() if row.kind == COACH_WORD]


async def listed(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        return list(await session.scalars(select(TaskRow.kind)))


@pytest.fixture
async def bo(town: Town, coach: Made) -> Person:
    """On both channels, Telegram first."""
    async with town.db.begin() as session:
        return await add_person(session, town.db.vault, coach_id=coach.id, telegram="7001", now=town.clock.now())


async def test_planning_anew_leaves_a_coachs_words_alone(town: Town, coach: Made, maja: Person) -> None:
    await write_to(town, coach, maja)
    await town.plan(maja.id)
    await town.deliver()
    assert town.sms.texts() == ["Besked fra Karin: Hej Maja"]


async def test_a_stop_while_they_wait_for_the_morning_stops_them(town: Town, coach: Made, maja: Person) -> None:
    town.clock.moment = local("2026-11-24 21:00")
    await write_to(town, coach, maja)
    await town.hear("STOP")
    await town.run_until(local("2026-11-25 12:00"))
    assert [row.state for row in await words(town)] == [State.CANCELLED]
    assert not any("Besked fra Karin" in text for text in town.sms.texts())
    with pytest.raises(InvalidError, match="has said STOP"):
        await write_to(town, coach, maja)


async def test_words_that_telegram_refuses_for_good_go_by_sms_once(town: Town, coach: Made, bo: Person) -> None:
    town.telegram.fails_with = UndeliverableError("telegram 403", dead=True)
    await write_to(town, coach, bo, "Hej \N{EN DASH} Bo")
    await town.deliver()
    assert town.sms.texts() == ["Besked fra Karin: Hej - Bo"]


async def test_words_of_unknown_fate_in_telegram_are_not_said_twice_and_the_coach_looks(
    town: Town, coach: Made, bo: Person
) -> None:
    town.telegram.fails_with = UnknownFateError("time-out")
    town.telegram.loses_answers = True
    await write_to(town, coach, bo)
    await town.deliver()
    town.clock.pass_by(minutes=30)
    town.telegram.fails_with = None
    await sweep(town.db, town.clock)
    await settle_doubts(town.db, town.machine, town.clock)
    await town.deliver()
    assert len(town.telegram.sent) == 1
    assert [row.state for row in await words(town)] == [State.REVIEW]
    assert await listed(town) == [TaskKind.REVIEW]


async def test_what_could_not_be_sent_for_half_a_day_is_not_sent_and_stands_on_the_list(
    town: Town, coach: Made, maja: Person
) -> None:
    made = await write_to(town, coach, maja)
    town.clock.moment = made.valid_until + timedelta(minutes=1)
    await sweep(town.db, town.clock)
    await town.deliver()
    assert town.sms.sent == []
    assert await listed(town) == [TaskKind.MISSED]


async def test_a_pause_and_the_days_two_messages_do_not_hold_a_coachs_words_back(town: Town) -> None:
    desk = await a_desk(town, course_ended=local("2026-11-01 12:00").date())
    await desk.plan()
    town.clock.moment = local("2026-11-17 10:00")
    await desk.pause(local("2026-12-01 12:00").date())
    for _ in range(3):
        await write_to(town, desk.coach, desk.maja)
    await town.deliver()
    assert town.sms.texts()[-3:] == ["Besked fra Karin: Hej Maja"] * 3


async def test_a_reminder_waits_half_an_hour_after_a_coachs_words_and_no_longer(town: Town) -> None:
    desk = await a_desk(town, course_ended=local("2026-11-01 12:00").date())
    await desk.plan()
    await desk.live_until(local("2026-11-17 08:50"))
    await write_to(town, desk.coach, desk.maja)
    await town.deliver()
    await desk.live_until(local("2026-11-17 09:19"))
    assert town.sms.texts()[-1] == "Besked fra Karin: Hej Maja"
    await desk.live_until(local("2026-11-17 09:21"))
    assert town.sms.texts()[-1].startswith("Som ejer af Majas Keramik skal du indberette")


async def test_a_reminder_waits_too_for_words_that_waited_for_the_morning(town: Town) -> None:
    desk = await a_desk(town, course_ended=local("2026-11-01 12:00").date())
    await desk.plan()
    await desk.live_until(local("2026-11-16 21:00"))
    made = await write_to(town, desk.coach, desk.maja)
    assert made.due_at == local("2026-11-17 08:00")
    async with town.db.read() as session:
        facts = (await facts_of(session, [desk.maja.id]))[desk.maja.id]
    assert facts.talked_at == made.due_at
