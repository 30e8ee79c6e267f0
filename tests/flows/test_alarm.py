"""Words of danger: who is told, how often, and that a phone is not told twice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from medvind.model import State, TaskKind
from medvind.store import deputies, settings
from medvind.store.tables import CoachRow, TaskRow
from tests.fakes import Town
from tests.people import Made, add_coach, add_person

KARIN, DUTY, BENTE = "+4501009001", "+4501009002", "+4501009003"
WORDS, HEAVY = "jeg vil ikke leve mere", "det er håbløst alt sammen"
TODAY = date(2026, 11, 24)


async def somebody(town: Town, coach_phone: str | None, duty: str) -> None:
    async with town.db.begin() as session:
        coach: Made = await add_coach(session, town.db.vault, phone=coach_phone, now=town.clock.now())
        await add_person(session, town.db.vault, coach_id=coach.id, now=town.clock.now())
        await settings.put(session, "duty_phone", duty, town.clock.now())


async def with_deputy(
    town: Town, duty: str, *, ends: date, away: bool = False, phone: str | None = BENTE, coach_phone: str | None = KARIN
) -> None:
    """Somebody whose coach Karin has Bente as deputy, and may be away today."""
    async with town.db.begin() as session:
        now = town.clock.now()
        karin = await add_coach(session, town.db.vault, phone=coach_phone, now=now)
        bente = await add_coach(session, town.db.vault, first_name="Bente", phone=phone, now=now)
        await add_person(session, town.db.vault, coach_id=karin.id, now=now)
        await deputies.grant(session, karin.id, bente.id, ends, now)
        if away:
            await deputies.add_absence(session, karin.id, TODAY, TODAY, now)
        await settings.put(session, "duty_phone", duty, now)


async def listed(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        return list(await session.scalars(select(TaskRow.kind).where(TaskRow.done_at.is_(None))))


def told(town: Town) -> list[str]:
    """The phones that read that there is something to read."""
    assert not any(word in text for text in alerts(town) for word in ("leve", "håbløst", "Maja"))
    return [message.to for message in town.sms.sent if message.text in alerts(town)]


def alerts(town: Town) -> list[str]:
    return [text for text in town.sms.texts() if text.startswith("Medvind: Et menneske har skrevet")]


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


async def test_the_deputy_is_told_with_the_coach_and_on_the_day_after_the_grant_no_more(town: Town) -> None:
    await with_deputy(town, DUTY, ends=TODAY)
    for words, phones in ((WORDS, [KARIN, BENTE, DUTY]), (HEAVY, [KARIN, BENTE])):
        town.sms.sent.clear()
        town.clock.moment += timedelta(minutes=11)
        written = town.clock.now()
        await town.hear(words)
        await town.deliver()
        assert town.clock.now() - written < timedelta(seconds=60)
        assert told(town) == phones, words
    town.sms.sent.clear()
    town.clock.moment += timedelta(days=1)
    await town.hear(HEAVY)
    await town.deliver()
    assert told(town) == [KARIN]


async def test_while_a_coach_is_away_the_deputy_is_told_first_and_the_coach_all_the_same(town: Town) -> None:
    await with_deputy(town, DUTY, ends=TODAY, away=True)
    await town.hear(WORDS)
    await town.deliver()
    assert told(town) == [BENTE, KARIN, DUTY]


@pytest.mark.parametrize("words", [WORDS, HEAVY])
async def test_words_of_a_person_without_a_coach_reach_whoever_is_on_duty_at_once(town: Town, words: str) -> None:
    async with town.db.begin() as session:
        await add_person(session, town.db.vault, now=town.clock.now())
        await settings.put(session, "duty_phone", DUTY, town.clock.now())
    await town.hear(words)
    await town.deliver()
    assert told(town) == [DUTY]


async def test_whoever_is_on_duty_reads_heavy_words_only_where_no_coach_and_no_deputy_is_at_work(town: Town) -> None:
    await somebody(town, KARIN, DUTY)
    await town.hear(HEAVY)
    await town.deliver()
    assert (told(town), alerts(town)) == (
        [KARIN],
        ["Medvind: Et menneske har skrevet noget, som du skal læse i dag. Åbn din liste."],
    )
    async with town.db.begin() as session:
        (karin,) = await session.scalars(select(CoachRow.id))
        await deputies.add_absence(session, karin, TODAY, TODAY, town.clock.now())
    town.sms.sent.clear()
    town.clock.moment += timedelta(minutes=11)
    await town.hear(HEAVY)
    await town.deliver()
    assert told(town) == [KARIN, DUTY]


@pytest.mark.parametrize(("coach", "deputy"), [(None, BENTE), (KARIN, None), (None, None)])
async def test_who_has_no_phone_is_stood_in_for_by_who_has_one(town: Town, coach: str | None, deputy: str | None) -> None:
    await with_deputy(town, DUTY, ends=TODAY, coach_phone=coach, phone=deputy)
    await town.hear(HEAVY)
    await town.deliver()
    assert told(town) == ([phone for phone in (coach, deputy) if phone] or [DUTY])


@pytest.mark.parametrize(
    ("written", "told_to_read"),
    [
        ((HEAVY, HEAVY, WORDS, HEAVY), ["i dag. Åbn din liste.", "nu. Åbn din liste, og ring."]),
        ((WORDS, HEAVY), ["nu. Åbn din liste, og ring."]),
    ],
)
async def test_heavy_words_are_told_once_and_danger_after_them_again(
    town: Town, written: tuple[str, ...], told_to_read: list[str]
) -> None:
    await somebody(town, KARIN, "")
    for words in written:
        town.clock.pass_by(minutes=1)
        await town.hear(words)
        await town.deliver()
    assert [text.split("læse ")[1] for text in alerts(town)] == told_to_read


async def test_heavy_words_on_the_evening_before_an_absence_are_told_to_whoever_is_there_when_they_are_read(town: Town) -> None:
    """On a Friday at five nobody reads any more, and from Monday on the coach is away."""
    await somebody(town, KARIN, DUTY)
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    async with town.db.begin() as session:
        (karin,) = await session.scalars(select(CoachRow.id))
        await deputies.add_absence(session, karin, monday, monday, town.clock.now())
    town.clock.moment += (friday - TODAY) + timedelta(hours=7)
    await town.hear(HEAVY)
    await town.deliver()
    assert told(town) == [KARIN, DUTY]
    assert [text for text in town.sms.texts() if "Karin" in text] == [], "a promise of hers would pass in silence"


async def test_what_a_municipality_has_added_to_the_list_and_taken_off_it_holds_for_the_next_message(town: Town) -> None:
    await somebody(town, KARIN, "")
    async with town.db.begin() as session:
        await settings.put(session, "danger_words", "now: gå i havnen; none: håbløst", town.clock.now())
    await town.hear(HEAVY)
    assert await listed(town) == [], "it was said not to count here"
    await town.hear("jeg vil gå i havnen")
    await town.deliver()
    assert (told(town), await listed(town)) == ([KARIN], [TaskKind.DANGER])
