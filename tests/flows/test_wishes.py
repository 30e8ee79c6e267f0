"""What somebody asks for by a word of its own."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from medvind.flows.plan import plan_all
from medvind.model import Ask, ChannelName, TaskKind
from medvind.store import pauses, planning, questions, settings
from medvind.store.tables import InboxRow, TaskRow
from tests.fakes import Town
from tests.people import Made, Person, add_person, add_question_and_answer


async def tasks(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        return list(await session.scalars(select(TaskRow.kind).order_by(TaskRow.id)))


async def test_who_would_rather_use_telegram_is_promised_a_code_once_and_in_telegram_there_is_nothing_to_promise(
    town: Town, coach: Made, maja: Person
) -> None:
    async with town.db.begin() as session:
        await add_person(
            session, town.db.vault, external_id="d-2", coach_id=coach.id, phone=None, telegram="7002", now=town.clock.now()
        )
    await town.hear("hellere telegram", "7002", ChannelName.TELEGRAM)
    await town.deliver()
    assert town.telegram.texts()[-1].startswith("Du kan skrive")
    assert await tasks(town) == []
    for _ in range(2):
        await town.hear("telegram")
        await town.deliver()
    assert len(town.sms.sent) == 2
    assert "kode" in town.sms.texts()[-1]
    assert await tasks(town) == [TaskKind.TELEGRAM]


@pytest.mark.parametrize(
    ("asked", "holiday_weeks", "day"),
    [
        ("2026-11-23", "off", date(2026, 12, 23)),
        ("2026-11-24", "off", date(2026, 12, 23)),  # not on Christmas Eve
        ("2026-11-27", "off", date(2026, 12, 23)),  # nor on a Sunday after it
        ("2026-11-24", "52", date(2026, 12, 18)),  # nor in a week in which nobody works
    ],
)
@pytest.mark.parametrize("wish", ["mine data", "slet mig"])
async def test_own_data_and_erasure_are_promised_for_a_day_at_work_within_the_month(
    town: Town, maja: Person, wish: str, asked: str, holiday_weeks: str, day: date
) -> None:
    async with town.db.begin() as session:
        await settings.put(session, "holiday_weeks", holiday_weeks, town.clock.now())
    town.clock.pass_by(seconds=(datetime.fromisoformat(f"{asked}T11:00+01:00") - town.clock.now()).total_seconds())
    for _ in range(2):
        await town.hear(wish)
        await town.deliver()
    assert [text.count(f"senest d. {day.day}. december") for text in town.sms.texts()] == [1, 1]
    async with town.db.read() as session:
        [due] = await session.scalars(select(TaskRow.due_at))
    assert due is not None
    assert due.astimezone(ZoneInfo("Europe/Copenhagen")).date() == day


async def test_who_asks_for_the_card_again_and_again_is_one_thing_to_do_for_the_coach_until_it_is_done(
    town: Town, coach: Made, maja: Person
) -> None:
    for _ in range(3):
        await town.hear("mit")
        await town.deliver()
    assert len(town.sms.sent) == 3
    assert await tasks(town) == [TaskKind.MY_CARD]
    async with town.db.begin() as session:
        await session.execute(update(TaskRow).values(done_at=town.clock.now()))
    await town.hear("mit")
    assert await tasks(town) == [TaskKind.MY_CARD] * 2


async def test_a_text_of_4096_signs_is_still_read(town: Town, maja: Person) -> None:
    for length, meaning in ((4096, "free_text"), (4097, "too_long")):
        await town.hear("hej " * 1024 + "!" * (length - 4096))
        async with town.db.read() as session:
            assert await session.scalar(select(InboxRow.meaning).order_by(InboxRow.id.desc()).limit(1)) == meaning


async def test_a_new_language_makes_the_plan_at_once_since_texts_have_other_lengths(town: Town, maja: Person) -> None:
    await town.plan(maja.id)
    await town.hear("english")
    prints = []
    for looks in range(2):
        async with town.db.read() as session:
            prints.append((await planning.batch_after(session, 0, 9))[maja.id])
        if not looks:
            await plan_all(town.db, town.clock)
    assert prints[0][0] is not None
    assert prints[0] == prints[1]


@pytest.mark.parametrize(
    ("wish", "until"),
    [
        ("pause til 10. januar", date(2027, 1, 10)),
        ("pause til 24. november", None),
        ("pause til 25. november", date(2026, 11, 25)),
        ("pause 90 dage", date(2027, 2, 22)),
        ("pause 91 dage", None),
        ("pause til 29. februar", None),
        ("pause", date(2026, 12, 8)),
    ],
)
async def test_a_pause_lasts_until_the_next_such_day_ninety_days_at_most(
    town: Town, maja: Person, wish: str, until: date | None
) -> None:
    """Asked on 24 November; what can't be is asked about."""
    await town.hear(wish)
    await town.deliver()
    async with town.db.read() as session:
        assert [one.until for one in await pauses.running(session, maja.id, town.clock.now().date())] == [until] * bool(until)
    assert len(town.sms.sent) == 1


async def test_a_choice_of_what_has_closed_meanwhile_is_answered_as_an_old_button_is(town: Town, maja: Person) -> None:
    at, vault = town.clock.now(), town.db.vault
    async with town.db.begin() as session:
        vat = {"period": "2026Q3", "deadline": "2026-12-01"}
        first = await add_question_and_answer(session, vault, maja, ask=Ask.VAT, subject=vat, value=None, asked_at=at)
        tax = {"period": "tax_return:2026", "year": "2026", "deadline": "2027-07-01"}
        later = at + timedelta(minutes=1)
        await add_question_and_answer(session, vault, maja, ask=Ask.TAX_RETURN, subject=tax, value=None, asked_at=later)
    town.clock.pass_by(minutes=2)
    await town.hear("klar")
    await town.deliver()
    async with town.db.begin() as session:
        await questions.close(session, first.public_id, town.clock.now())
    town.clock.pass_by(minutes=1)
    await town.hear("1")
    await town.deliver()
    assert [row.text for row in await town.rows() if row.kind == "reply"] == ["which_question", "old_button"]
