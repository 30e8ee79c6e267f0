"""From a code to an answer: what a participant sees in Telegram, with the real channel and the real flows."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from aiogram.types import Update as Realistic

from bot.telegram import Telegram
from medvind.flows.deliver import Machine, deliver_due
from medvind.flows.plan import replan
from medvind.flows.turns import Line
from medvind.model import ChannelName, Milestone, Purpose, Rsvp, State, TaskKind
from medvind.store import invites
from medvind.store.database import Database
from medvind.store.reach import find_person, reach_of
from medvind.store.tables import AnswerRow, AttendeeRow, ConsentRow, OutboxRow, TaskRow
from medvind.texts import Catalogue
from tests.bot.polls import emptied, polling
from tests.bot.rig import MAJA, ask, kept
from tests.fakes import HandClock
from tests.people import Person, add_coach, add_meeting, add_person
from tests.standins import telegram_words as words
from tests.standins.telegram import Telegram as Standin

STRANGER = 47110999


@dataclass
class Stage:
    """One participant of Karin's who has said yes to nothing yet, and the bot."""

    db: Database
    standin: Standin
    channel: Telegram
    clock: HandClock
    person: Person
    catalogue: Catalogue

    async def hears(self) -> None:
        """Everything that waits at Telegram is fetched, and what is due goes out."""
        async with polling(self.channel, self.db, self.clock.now()):
            await emptied(self.standin)
        await self.deliver()

    async def deliver(self) -> None:
        machine = Machine("worker-1", {ChannelName.TELEGRAM: Line(self.channel, 1000)})
        while await deliver_due(self.db, machine, self.catalogue, self.clock):
            pass

    async def code(self, *, changes: bool = False) -> str:
        async with self.db.begin() as session:
            return await invites.create(session, self.person.id, self.clock.now(), changes=changes)

    async def meets(self) -> None:
        """The coach plans a meeting in nine days, and the invitation to it goes out."""
        self.clock.pass_by(hours=2)
        starts_at = datetime(2026, 12, 3, 14, 0)  # noqa: DTZ001 - a wall time
        async with self.db.begin() as session:
            now = self.clock.now()
            await add_meeting(session, self.db.vault, starts_at=starts_at, attendees=[self.person], now=now)
            await replan(session, self.person.id, now)
        await self.deliver()

    async def joins(self) -> None:
        await self.standin.say(MAJA, f"/start {await self.code()}")
        await self.hears()

    def texts(self, user: int = MAJA) -> list[str]:
        return [one.text for one in self.standin.taken if one.chat_id == user]

    async def purposes(self) -> frozenset[Purpose]:
        async with self.db.read() as session:
            return (await reach_of(session, [self.person.id]))[self.person.id].consent(ChannelName.TELEGRAM).purposes


@pytest.fixture
async def stage(channel: Telegram, standin: Standin, db: Database, now: datetime, catalogue: Catalogue) -> Stage:
    async with db.begin() as session:
        karin = await add_coach(session, db.vault, now=now)
        milestones = {Milestone.COURSE_ENDED: date(2026, 11, 14)}
        person = await add_person(
            session, db.vault, coach_id=karin.id, phone=None, consented=False, milestones=milestones, now=now
        )
        await replan(session, person.id, now)
    standin.known.clear()
    return Stage(db, standin, channel, HandClock(now), person, catalogue)


async def test_a_code_joins_and_the_answers_come_by_telegram(stage: Stage) -> None:
    await stage.joins()
    assert stage.texts()[0].startswith("Hej Maja. Nu skriver vi til dig her i Telegram.")
    async with stage.db.read() as session:
        assert await find_person(session, ChannelName.TELEGRAM, str(MAJA)) == stage.person.id
    assert await stage.purposes() == frozenset(Purpose)
    assert {how for (how,) in await ask(stage.db, ConsentRow.how)} == {"code"}


async def test_a_code_is_good_for_one_account_alone(stage: Stage) -> None:
    code = await stage.code()
    for user in (MAJA, STRANGER):
        await stage.standin.say(user, f"/start {code}")
    await stage.hears()
    assert [text[:31] for text in stage.texts(STRANGER)] == ["Koden virker ikke længere. Bed "]
    async with stage.db.read() as session:
        assert await find_person(session, ChannelName.TELEGRAM, str(STRANGER)) is None


async def test_a_stranger_who_starts_is_asked_for_the_code_and_leaves_no_participant(stage: Stage) -> None:
    for said in ("/start", "Hej"):
        await stage.standin.say(STRANGER, said)
    await stage.hears()
    assert [text[:35] for text in stage.texts(STRANGER)] == [
        "Hej. Har du fået en kode fra din co",
        "Hej. Medvind skriver kun med dem, s",
    ]


async def test_a_tapped_button_answers_its_own_question_once_though_telegram_repeats_it(stage: Stage) -> None:
    await stage.joins()
    [question] = [one for one in stage.standin.taken if one.buttons]
    assert [button["label"] for button in question.buttons] == ["1", "2", "3", "4", "5"]
    await stage.standin.tap(MAJA, question.buttons[1]["data"])
    await stage.standin.give(stage.standin.waiting[-1][1])
    await stage.hears()
    assert await ask(stage.db, AnswerRow.participant_id, AnswerRow.value) == [(stage.person.id, "2")]
    assert stage.texts()[2].startswith("Tak, fordi du siger det.")
    assert (TaskKind.CALL,) in await ask(stage.db, TaskRow.kind)
    assert question.buttons == [], "what was answered is asked no more"
    called = {"deletewebhook", "getupdates", "answercallbackquery", "editmessagereplymarkup"}
    assert set(stage.standin.names()) == called, "and nobody pretends to be typing"


async def test_a_meeting_can_be_answered_with_yes_no_and_not_yet(stage: Stage) -> None:
    await stage.joins()
    await stage.meets()
    question = next(one for one in reversed(stage.standin.taken) if one.buttons)
    assert [button["label"] for button in question.buttons] == ["JA", "NEJ", "MÅSKE"]
    await stage.standin.tap(MAJA, question.buttons[2]["data"])
    await stage.hears()
    assert await ask(stage.db, AttendeeRow.rsvp) == [(Rsvp.MAYBE,)]
    assert stage.texts()[-1].startswith("Det er helt i orden. Du behøver ikke at vide det endnu.")
    assert question.buttons == []
    await stage.standin.say(MAJA, "ja")
    await stage.hears()
    assert await ask(stage.db, AttendeeRow.rsvp) == [(Rsvp.YES,)]


async def test_another_account_takes_over_by_a_code_made_for_that_and_the_old_one_hears_the_last_of_us(stage: Stage) -> None:
    await stage.joins()
    before = len(stage.texts())
    code = await stage.code(changes=True)
    await stage.standin.say(STRANGER, f"/start {code}")
    await stage.hears()
    assert stage.texts()[before:] == ["Der kommer ikke flere beskeder fra Medvind her. Er du i tvivl, så ring til din coach."]
    assert stage.texts(STRANGER)[0].startswith("Hej Maja. Nu skriver vi til dig her i Telegram.")
    await stage.meets()
    assert stage.texts(STRANGER)[-1].startswith("Vi mødes")
    assert len(stage.texts()) == before + 1


async def test_who_blocks_the_bot_gets_nothing_more_and_who_lets_it_in_again_is_not_asked_twice(stage: Stage) -> None:
    await stage.joins()
    await stage.standin.block(MAJA)
    await stage.hears()
    assert await stage.purposes() == frozenset()
    before = stage.standin.calls
    stage.clock.pass_by(days=30)
    await stage.deliver()
    await stage.standin.unblock(MAJA)
    await stage.hears()
    assert stage.standin.calls == before


async def test_a_block_that_nobody_told_us_of_is_a_stop_all_the_same(stage: Stage) -> None:
    await stage.standin.say(MAJA, f"/start {await stage.code()}")
    stage.standin.blocked.add(MAJA)
    await stage.hears()
    assert stage.texts() == []
    assert await stage.purposes() == frozenset()
    assert (State.FAILED, "telegram 403: bot was blocked by the user") in await ask(stage.db, OutboxRow.state, OutboxRow.reason)


async def test_an_answer_that_is_edited_is_a_new_one_and_told_twice_it_is_one(stage: Stage) -> None:
    await stage.joins()
    await stage.meets()
    await stage.standin.say(MAJA, "Ja")
    written = stage.standin.waiting[-1][0]
    await stage.hears()
    edit = words.edited(next(stage.standin.numbers), MAJA, "Nej", of=written)
    Realistic.model_validate(edit)
    for _ in range(2):
        await stage.standin.give(edit)
        await stage.hears()
    assert await ask(stage.db, AnswerRow.value) == [("yes",), ("no",)]
    assert await ask(stage.db, AttendeeRow.rsvp) == [(Rsvp.NO,)]
    assert [text[:24] for text in stage.texts()[-2:]] == ["Dejligt. Vi ses torsdag ", "Tak, fordi du siger til."]


async def test_an_edit_that_changes_no_word_is_nothing(stage: Stage) -> None:
    await stage.joins()
    await stage.standin.say(MAJA, "hvad med kassen?")
    written = stage.standin.waiting[-1][0]
    await stage.hears()
    told = stage.texts()
    for text in ("hvad med kassen?", "Hvad med kassen", "Hvad  med kassen ..."):
        await stage.standin.give(words.edited(next(stage.standin.numbers), MAJA, text, of=written))
        await stage.hears()
    assert stage.texts() == told
    assert [text for _, kind, text in await kept(stage.db) if kind == "text"][1:] == ["hvad med kassen?"]


@pytest.mark.parametrize("text", ["STOP", "STOP. mit cpr er 010190-1234"])
async def test_a_stop_that_is_typed_into_an_edit_is_obeyed_though_nobody_knows_what_it_changes(stage: Stage, text: str) -> None:
    await stage.joins()
    await stage.standin.give(words.edited(next(stage.standin.numbers), MAJA, text, of=1))
    await stage.hears()
    assert await stage.purposes() == frozenset()
    assert sum(told.startswith("Du får ikke flere beskeder") for told in stage.texts()) == 1


async def test_a_place_that_moves_along_is_answered_once(stage: Stage) -> None:
    await stage.joins()
    place = {"location": words.MEDIA["location"]["location"]}
    number = next(stage.standin.numbers)
    await stage.standin.give(words.message(number, MAJA, **place))
    for _ in range(3):
        await stage.standin.give(words.edited(next(stage.standin.numbers), MAJA, of=number, **place))
    await stage.hears()
    assert sum(told.startswith("Jeg kan kun læse tekst") for told in stage.texts()) == 1
