"""The word behind which somebody's own card is: guessed three times a day at most, and what is tried stands nowhere."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from medvind.channels import Inbound, InboundKind
from medvind.flows.receive import quarantine
from medvind.model import ChannelName, TaskKind
from medvind.store import preferences
from medvind.store.tables import InboxRow, TaskRow, WordTryRow
from tests.conversations.traces import traces
from tests.fakes import Town
from tests.people import Made, Person, add_person

CHAT, WORD = "7001", "solsikke"
ASKS, WRONG, NO_MORE = "Skriv dit private ord", "Det var ikke ordet.", "Vi stopper her for i dag"
SHOWN = "Det her kan Karin se om dig"
DANGER, STOPPED = "Det lyder svært.", "Du får ikke flere beskeder fra Medvind"


@pytest.fixture
async def maja(town: Town, coach: Made) -> Person:
    async with town.db.begin() as session:
        maja = await add_person(session, town.db.vault, coach_id=coach.id, telegram=CHAT, now=town.clock.now())
        await preferences.set_private_word(session, maja.public_id, WORD)
    return maja


async def answer(town: Town, *texts: str, channel: ChannelName = ChannelName.TELEGRAM) -> str:
    """How the answer to the last of these begins."""
    sender, phone = (CHAT, town.telegram) if channel == ChannelName.TELEGRAM else ("+4501000001", town.sms)
    for text in texts:
        before = len(phone.sent)
        await town.hear(text, sender, channel)
        await town.deliver()
        town.clock.pass_by(seconds=20)
    return phone.texts()[-1] if len(phone.sent) > before else ""


async def listed(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        return list(await session.scalars(select(TaskRow.kind).where(TaskRow.done_at.is_(None)).order_by(TaskRow.id)))


async def kept(town: Town) -> list[str]:
    """What stands in the inbox, as the coach reads it."""
    async with town.db.read() as session:
        rows = await session.execute(select(InboxRow.public_id, InboxRow.text).order_by(InboxRow.id))
        return [session.vault.open(InboxRow.text, row.public_id, row.text) for row in rows]


async def test_after_three_wrong_words_the_coach_shows_the_card_and_reads_so_once(town: Town, maja: Person) -> None:
    assert (await answer(town, "mit")).startswith(ASKS)
    assert (await answer(town, "tulipan")).startswith(WRONG)
    assert (await answer(town, "rosenbusk")).startswith(WRONG)
    assert await listed(town) == []
    assert (await answer(town, "margerit")).startswith(NO_MORE)
    assert await listed(town) == [TaskKind.MY_CARD]
    for _ in range(3):
        assert (await answer(town, "mit")).startswith(NO_MORE)
    assert await listed(town) == [TaskKind.MY_CARD]


async def test_asking_again_gives_no_new_tries_and_the_right_word_helps_no_more(town: Town, maja: Person) -> None:
    assert (await answer(town, "mit", "tulipan", "mit", "rosenbusk", "mit")).startswith(ASKS)
    assert (await answer(town, "mit", "margerit")).startswith(NO_MORE)
    assert not (await answer(town, WORD)).startswith(SHOWN)
    assert (await answer(town, "mit")).startswith(NO_MORE)


async def test_a_question_that_arrives_after_the_third_wrong_word_opens_nothing(town: Town, maja: Person) -> None:
    await answer(town, "mit", "tulipan", "rosenbusk")
    await town.hear("mit", CHAT, ChannelName.TELEGRAM)
    await town.hear("margerit", CHAT, ChannelName.TELEGRAM)
    await town.deliver()
    assert (await answer(town, WORD)).startswith(NO_MORE)
    assert await listed(town) == [TaskKind.MY_CARD]


async def test_a_try_is_given_back_after_a_day_one_by_one(town: Town, maja: Person) -> None:
    await answer(town, "mit", "tulipan")
    town.clock.pass_by(hours=23, minutes=50)
    assert (await answer(town, "mit", "rosenbusk", "margerit")).startswith(NO_MORE)
    town.clock.pass_by(minutes=20)
    assert (await answer(town, "mit")).startswith(ASKS)
    assert (await answer(town, "anemone")).startswith(NO_MORE)
    town.clock.pass_by(days=1, minutes=1)
    assert (await answer(town, "mit", WORD)).startswith(SHOWN)


async def test_the_right_word_gives_no_wrong_ones_back(town: Town, maja: Person) -> None:
    assert (await answer(town, "mit", "tulipan", "rosenbusk", WORD)).startswith(SHOWN)
    assert (await answer(town, "mit", "margerit")).startswith(NO_MORE)


async def test_a_new_word_begins_anew(town: Town, maja: Person) -> None:
    await answer(town, "mit", "tulipan", "rosenbusk", "margerit")
    async with town.db.begin() as session:
        await preferences.set_private_word(session, maja.public_id, "havblik")
        assert list(await session.scalars(select(WordTryRow.id))) == []
    assert (await answer(town, "mit", "tulipan", "rosenbusk")).startswith(WRONG)
    assert (await answer(town, "havblik")).startswith(SHOWN)


async def test_without_a_word_any_more_the_coach_shows_the_card(town: Town, maja: Person) -> None:
    await answer(town, "mit")
    async with town.db.begin() as session:
        await preferences.set_private_word(session, maja.public_id, None)
    assert (await answer(town, WORD)).startswith("På dit kort står det")
    assert await listed(town) == [TaskKind.MY_CARD]
    assert await traces(town.db, WORD) == []


async def test_somebody_elses_wrong_words_are_not_counted(town: Town, coach: Made, maja: Person) -> None:
    async with town.db.begin() as session:
        other = await add_person(
            session, town.db.vault, external_id="d-2", phone=None, telegram="7002", coach_id=coach.id, now=town.clock.now()
        )
        for minutes in range(3):
            await preferences.note_wrong_word(session, other.id, town.clock.now() - timedelta(minutes=minutes))
        await preferences.set_private_word(session, maja.public_id, WORD)
        assert len(list(await session.scalars(select(WordTryRow.id)))) == 3
    assert (await answer(town, "mit", "tulipan", WORD)).startswith(SHOWN)


async def test_what_is_tried_stands_nowhere_wrong_or_right(town: Town, maja: Person) -> None:
    tried = ["tulipan", "Rosen Busk", WORD.upper()]
    await answer(town, "mit", *tried)
    assert await kept(town) == ["mit", *["[slettet]"] * 3]
    for word in tried:
        assert await traces(town.db, word) == []


@pytest.mark.parametrize("channel", list(ChannelName))
async def test_the_word_stands_nowhere_though_nobody_asked_for_it(town: Town, maja: Person, channel: ChannelName) -> None:
    await answer(town, " Solsikke ", channel=channel)
    await answer(town, "jeg sår en solsikke i haven", channel=channel)
    assert await kept(town) == ["[slettet]", "jeg sår en solsikke i haven"]
    assert await traces(town.db, "Solsikke") == []


async def test_what_is_longer_than_a_word_can_be_is_no_try_and_the_coach_reads_it(town: Town, maja: Person) -> None:
    long = "jeg har glemt det, men kan vi tage det på tirsdag når vi ses?"
    await answer(town, "mit", long)
    assert await kept(town) == ["mit", long]
    async with town.db.read() as session:
        assert list(await session.scalars(select(WordTryRow.id))) == []


async def test_words_of_danger_and_a_stop_come_before_the_word_and_can_be_read(town: Town, maja: Person) -> None:
    assert (await answer(town, "mit", "jeg vil ikke leve mere")).startswith(DANGER)
    assert (await answer(town, "stop")).startswith(STOPPED)
    assert await kept(town) == ["mit", "jeg vil ikke leve mere", "stop"]
    assert TaskKind.DANGER in await listed(town)
    async with town.db.read() as session:
        assert list(await session.scalars(select(WordTryRow.id))) == []


async def test_a_stop_is_one_though_it_is_somebodys_word(town: Town, maja: Person) -> None:
    async with town.db.begin() as session:
        await preferences.set_private_word(session, maja.public_id, "stop")
    assert (await answer(town, "mit", "stop")).startswith(STOPPED)
    assert await kept(town) == ["mit", "stop"]


async def test_a_try_that_cannot_be_handled_stands_nowhere_either(town: Town, maja: Person) -> None:
    await answer(town, "mit")
    inbound = Inbound(ChannelName.TELEGRAM, "in-x", CHAT, InboundKind.TEXT, "tulipan", "raw of tulipan")
    async with town.db.begin() as session:
        assert await quarantine(session, inbound, town.clock.now())
    assert (await kept(town))[-1] == "[slettet]"
    assert await traces(town.db, "tulipan") == []
