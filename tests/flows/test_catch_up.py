"""What came while nobody could take it is asked for afterwards, has its effect once, and comes too late for nobody's no."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from medvind.channels import Inbound, InboundKind
from medvind.errors import DatabaseAwayError, UnknownFateError
from medvind.flows.catch_up import OVERLAP, catch_up
from medvind.flows.receive import receive, take_in
from medvind.model import ChannelName, Milestone, Purpose, State, TaskKind
from medvind.store import settings
from medvind.store.database import Database
from medvind.store.reach import reach_of
from medvind.store.tables import AnswerRow, InboxRow, TaskRow
from medvind.texts import Catalogue
from tests.fakes import FakeSms, HandClock, Town
from tests.people import Made, Person, add_consent, add_person

MAJA = "+4501000001"


class Remembering(FakeSms):
    """Like Twilio: it can be asked what people sent."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Inbound] = []
        self.asked_since: list[datetime] = []

    async def arrived(self, since: datetime) -> Sequence[Inbound]:
        self.asked_since.append(since)
        if self.silent is not None:
            raise self.silent
        return [one for one in self.held if one.at is None or one.at >= since]


@pytest.fixture
def sms() -> Remembering:
    return Remembering()


@pytest.fixture
def town(db: Database, now: datetime, catalogue: Catalogue, sms: Remembering) -> Town:
    return Town(db, HandClock(now), catalogue, sms=sms)


@pytest.fixture
async def waiting(town: Town, coach: Made) -> Person:
    """Asked this morning how it goes; the providers were asked a moment before."""
    milestones = {Milestone.COURSE_ENDED: date(2026, 11, 14)}
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, milestones=milestones, now=town.clock.now())
    await town.plan(person.id)
    await town.deliver()
    await town.hear("HJÆLP", sender="+4501000077")
    await catch_up(town.db, town.machine, town.clock)
    town.clock.pass_by(seconds=10)
    return person


def said(town: Town, text: str, number: int = 1) -> Inbound:
    """Written now; the provider remembers it, and we have not heard of it."""
    one = Inbound(ChannelName.SMS, f"missed-{number}", MAJA, InboundKind.TEXT, text, text, town.clock.now())
    assert isinstance(town.sms, Remembering)
    town.sms.held.append(one)
    return one


async def look(town: Town, **later: float) -> int:
    """The next look, so much later, and what follows from it."""
    town.clock.pass_by(**later)
    taken = await catch_up(town.db, town.machine, town.clock)
    await town.deliver()
    return taken


async def purposes(town: Town, person: Person) -> frozenset[Purpose]:
    async with town.db.read() as session:
        return (await reach_of(session, [person.id]))[person.id].consent(ChannelName.SMS).purposes


async def answers(town: Town) -> list[str]:
    async with town.db.read() as session:
        return list(await session.scalars(select(AnswerRow.value).order_by(AnswerRow.id)))


async def tasks(town: Town) -> list[TaskKind]:
    async with town.db.read() as session:
        return list(await session.scalars(select(TaskRow.kind).order_by(TaskRow.id)))


async def meanings(town: Town) -> list[str | None]:
    async with town.db.read() as session:
        of_people = select(InboxRow.meaning).where(InboxRow.participant_id.is_not(None)).order_by(InboxRow.id)
        return list(await session.scalars(of_people))


async def test_what_the_webhook_gave_up_on_is_taken_once_and_answered_while_an_answer_is_good(
    town: Town, waiting: Person
) -> None:
    said(town, "4")
    assert await look(town, minutes=5) == 1
    assert town.sms.texts()[-1].startswith("Hvor er det godt")
    sent = len(town.sms.sent)
    assert await look(town, minutes=5) == 0
    assert (await answers(town), len(town.sms.sent)) == (["4"], sent)


@pytest.mark.parametrize("webhook_first", [True, False])
async def test_webhook_and_look_have_one_effect_in_either_order(town: Town, waiting: Person, *, webhook_first: bool) -> None:
    one = said(town, "4")
    told = Inbound(one.channel, one.provider_id, one.sender, one.kind, one.text, one.raw)
    if webhook_first:
        assert await take_in(town.db, told, town.clock)
    assert await look(town, minutes=5) == (not webhook_first)
    assert not await take_in(town.db, told, town.clock)
    assert await answers(town) == ["4"]


async def test_hours_later_an_answer_counts_and_the_coach_hears_instead_of_a_reply_out_of_the_blue(
    town: Town, waiting: Person
) -> None:
    sent = len(town.sms.sent)
    said(town, "4")
    assert await look(town, hours=5) == 1
    assert (await answers(town), len(town.sms.sent)) == (["4"], sent)
    assert await tasks(town) == [TaskKind.MISSED]


async def test_a_question_that_has_closed_meanwhile_still_takes_what_was_said_in_time(town: Town, waiting: Person) -> None:
    said(town, "2")
    assert await look(town, days=8) == 1
    assert await answers(town) == ["2"]
    assert set(await tasks(town)) >= {TaskKind.CALL}


async def test_what_was_said_before_a_question_is_no_answer_to_it(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        milestones = {Milestone.COURSE_ENDED: date(2026, 11, 14)}
        person = await add_person(session, town.db.vault, coach_id=coach.id, milestones=milestones, now=town.clock.now())
    await town.hear("HJÆLP", sender="+4501000077")
    said(town, "4")
    town.clock.pass_by(minutes=1)
    await town.plan(person.id)
    await town.deliver()
    assert await look(town, minutes=1) == 1
    assert (await answers(town), await meanings(town)) == ([], ["free_text"])


async def test_a_stop_is_honoured_however_late_we_hear_of_it(town: Town, waiting: Person) -> None:
    said(town, "STOP")
    await look(town, days=3)
    assert await purposes(town, waiting) == frozenset()
    assert [row.kind for row in await town.rows(State.PLANNED)] == []


async def test_a_yes_that_somebody_else_wrote_down_meanwhile_does_not_undo_a_stop(town: Town, waiting: Person) -> None:
    said(town, "STOP")
    town.clock.pass_by(hours=1)
    async with town.db.begin() as session:
        await add_consent(session, waiting, ChannelName.SMS, how="import", now=town.clock.now())
    await look(town, hours=1)
    assert await purposes(town, waiting) == frozenset()


async def test_a_late_stop_holds_on_another_channel_too_for_which_somebody_wrote_a_yes_down_meanwhile(
    town: Town, waiting: Person
) -> None:
    said(town, "STOP")
    town.clock.pass_by(hours=1)
    async with town.db.begin() as session:
        await add_consent(session, waiting, ChannelName.TELEGRAM, how="import", now=town.clock.now())
    await look(town, hours=1)
    async with town.db.read() as session:
        reach = (await reach_of(session, [waiting.id]))[waiting.id]
    assert [reach.consent(channel).purposes for channel in ChannelName] == [frozenset()] * 2


@pytest.mark.parametrize(("missed", "heard", "holds"), [("STOP", "START", True), ("START", "STOP", False)])
async def test_the_last_word_counts_in_whatever_order_we_hear(
    town: Town, waiting: Person, missed: str, heard: str, *, holds: bool
) -> None:
    said(town, missed)
    town.clock.pass_by(minutes=2)
    await town.hear(heard)
    await town.deliver()
    planned, sent = len(await town.rows(State.PLANNED)), len(town.sms.sent)
    await look(town, minutes=2)
    assert bool(await purposes(town, waiting)) is holds
    assert (len(await town.rows(State.PLANNED)), len(town.sms.sent)) == (planned, sent)
    assert "overtaken" in await meanings(town)


@pytest.mark.parametrize(("words", "holds"), [(("STOP", "START"), True), (("START", "STOP"), False)])
async def test_what_was_missed_is_taken_in_the_order_in_which_it_was_said(
    town: Town, waiting: Person, words: tuple[str, str], *, holds: bool
) -> None:
    for number, word in enumerate(words):
        said(town, word, number)
        town.clock.pass_by(minutes=1)
    assert await look(town, hours=2) == 2
    assert bool(await purposes(town, waiting)) is holds


NOW, TODAY = ("STOP. jeg vil ikke leve mere", TaskKind.DANGER), ("STOP. det er håbløst alt sammen", TaskKind.CONCERN)


@pytest.mark.parametrize(("words", "raised"), [NOW, TODAY])
async def test_a_stop_beside_words_of_danger_that_is_heard_late_undoes_no_start_that_was_sent_since(
    town: Town, waiting: Person, words: str, raised: TaskKind
) -> None:
    said(town, words)
    town.clock.pass_by(minutes=2)
    await town.hear("START")
    await town.deliver()
    planned = {row.key for row in await town.rows(State.PLANNED)}
    await look(town, hours=3)
    assert bool(await purposes(town, waiting))
    assert planned
    assert {row.key for row in await town.rows(State.PLANNED)} == planned
    assert raised in await tasks(town)
    assert TaskKind.STOPPED not in await tasks(town)


@pytest.mark.parametrize(("words", "raised"), [NOW, TODAY])
@pytest.mark.parametrize("entered", [False, True], ids=["nothing since", "a yes was entered since"])
async def test_a_stop_beside_words_of_danger_holds_however_late_we_hear_of_it(
    town: Town, waiting: Person, words: str, raised: TaskKind, *, entered: bool
) -> None:
    said(town, words)
    town.clock.pass_by(hours=1)
    if entered:
        async with town.db.begin() as session:
            await add_consent(session, waiting, ChannelName.SMS, how="import", now=town.clock.now())
    await look(town, hours=2)
    assert await purposes(town, waiting) == frozenset()
    assert await town.rows(State.PLANNED) == []
    assert {raised, TaskKind.STOPPED} <= set(await tasks(town))


async def test_an_earlier_answer_does_not_replace_a_later_one(town: Town, waiting: Person) -> None:
    said(town, "1")
    town.clock.pass_by(minutes=2)
    await town.hear("5")
    await look(town, minutes=2)
    assert await answers(town) == ["5"]
    assert await tasks(town) == []


async def test_a_provider_that_cannot_be_asked_is_asked_again_from_the_same_moment(
    town: Town, sms: Remembering, waiting: Person
) -> None:
    said(town, "4")
    sms.silent = UnknownFateError("twilio 500")
    assert await look(town, hours=2) == 0
    sms.silent = None
    assert await look(town, hours=2) == 1
    assert sms.asked_since[-1] == sms.asked_since[-2]
    await look(town, hours=2)
    assert sms.asked_since[-1] == town.clock.now() - timedelta(hours=2) - OVERLAP


async def test_a_look_that_the_database_broke_off_is_done_again(town: Town, waiting: Person, db: Database) -> None:
    said(town, "4")
    town.clock.pass_by(hours=2)
    async with Database.open("postgresql://nobody@127.0.0.1:1/medvind", db.vault) as away:
        with pytest.raises(DatabaseAwayError):
            await catch_up(away, town.machine, town.clock)
    assert await look(town) == 1


async def test_before_anybody_has_ever_written_there_is_nothing_to_ask_for(town: Town, sms: Remembering) -> None:
    await look(town)
    assert sms.asked_since == []
    await look(town, minutes=5)
    assert len(sms.asked_since) == 1


async def test_one_that_cannot_be_handled_is_shown_to_a_person_and_holds_up_no_other(town: Town, waiting: Person) -> None:
    async with town.db.begin() as session:
        await settings.put(session, "quiet_hours", "whenever", town.clock.now())
    said(town, "START", 1)
    said(town, "STOP", 2)
    assert await catch_up(town.db, town.machine, town.clock) == 2
    assert await meanings(town) == ["unreadable", "stop"]


@pytest.mark.parametrize("days", [0, 1, 30, 500])
async def test_a_message_told_again_long_after_has_no_effect(town: Town, waiting: Person, days: int) -> None:
    one = Inbound(ChannelName.SMS, "in-again", MAJA, InboundKind.TEXT, "STOP", "raw")
    assert await take_in(town.db, one, town.clock)
    town.clock.pass_by(minutes=1)
    await town.hear("START")
    town.clock.pass_by(days=days)
    async with town.db.begin() as session:
        assert not await receive(session, one, town.clock.now())
    assert await purposes(town, waiting) != frozenset()
