"""Duties that go along in another one's message: one message, one fate, and nobody left behind."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from medvind.channels import Status
from medvind.errors import NotSentError, UndeliverableError, UnknownFateError
from medvind.flows.settle import settle_doubts, sweep
from medvind.model import ChannelName, Doubt, Milestone, Purpose, Role, State, Topic, Viewer
from medvind.store import doubts, outbox, riders, statuses, threads
from medvind.store.tables import OutboxRow
from tests.claiming import claim, note
from tests.fakes import Town
from tests.people import Made, Person, add_duty, add_meeting, add_person


@pytest.fixture
async def bo(town: Town, coach: Made) -> Person:
    """On Telegram, in the middle of the wait: the word after 20 days and a check-in fall on the same morning."""
    async with town.db.begin() as session:
        return await add_person(
            session,
            town.db.vault,
            external_id="d-002",
            first_name="Bo",
            phone="+4501000002",
            telegram="7002",
            coach_id=coach.id,
            milestones={Milestone.COURSE_ENDED: town.clock.now().date() - timedelta(days=17)},
            now=town.clock.now() - timedelta(days=30),
        )


async def two_in_one(town: Town, bo: Person) -> tuple[Made, Made]:
    """A check-in that is due, and a word on the wait that goes along in it."""
    async with town.db.begin() as session:
        now = town.clock.now()
        host = await add_duty(session, town.db.vault, bo, kind="check_in", key="check_in:2026-W48", text="checkin", due_at=now)
        along = await add_duty(
            session, town.db.vault, bo, kind="waiting_word", key="waiting:30d", text="waiting_30", due_at=now
        )
        await session.execute(
            update(OutboxRow).where(OutboxRow.id == along.id).values(carried_by="check_in:2026-W48", subject={}, topic=None)
        )
        await session.execute(update(OutboxRow).where(OutboxRow.id == host.id).values(topic=None))
    return host, along


async def states(town: Town) -> dict[str, State]:
    return {row.key: row.state for row in await town.rows()}


async def on_the_morning_of_both(town: Town, bo: Person) -> None:
    """Two hours before a meeting, on a day on which a check-in is due too: everything before has left."""
    async with town.db.begin() as session:
        starts = datetime(2026, 12, 1, 12)  # noqa: DTZ001 - a wall time
        await add_meeting(session, town.db.vault, starts_at=starts, attendees=[bo], now=town.clock.now())
    await town.plan(bo.id)
    await town.run_until(town.clock.now() + timedelta(days=6))
    town.telegram.sent.clear()
    await town.run_until(town.clock.now() + timedelta(days=1, minutes=5))


async def test_two_that_are_due_within_the_hour_come_as_one_message_with_both_texts(town: Town, bo: Person) -> None:
    await on_the_morning_of_both(town, bo)
    assert len(town.telegram.sent) == 1, town.telegram.texts()
    reminder, question = town.telegram.texts()[0].split("\n\n")
    assert "kl. 12.00" in reminder
    assert "Hvordan går det" in question
    assert [button.label for button in town.telegram.sent[0].buttons] == ["1", "2", "3", "4", "5"]
    sent = await states(town)
    assert (sent["meeting:m-001:2h"], sent["check_in:2026-W49"]) == (State.SENT, State.SENT)


async def test_each_of_two_in_one_message_names_the_version_of_its_own_text(town: Town, bo: Person) -> None:
    await on_the_morning_of_both(town, bo)
    async with town.db.read() as session:
        said = {key: str(version) for key, version in await session.execute(select(OutboxRow.key, OutboxRow.text_version))}
    assert said["meeting:m-001:2h"].startswith("da/meeting_two_hours@")
    assert said["check_in:2026-W49"].startswith("da/checkin@")


async def test_the_question_that_went_along_can_be_answered(town: Town, bo: Person) -> None:
    await on_the_morning_of_both(town, bo)
    await town.hear("4", "7002", ChannelName.TELEGRAM)
    await town.deliver()
    assert town.telegram.texts()[1].startswith("Hvor er det godt at høre")


async def test_the_thread_shows_one_message(town: Town, bo: Person, coach: Made) -> None:
    await two_in_one(town, bo)
    await town.deliver()
    async with town.db.read() as session:
        seen = await threads.thread(session, bo.public_id, seen_by=Viewer(coach.id, Role.COACH), after=None, limit=9)
    assert [said.text for said in seen.items] == town.telegram.texts()


async def test_what_was_not_sent_goes_together_the_next_time(town: Town, bo: Person) -> None:
    await two_in_one(town, bo)
    town.telegram.fails_with = NotSentError("down")
    await town.deliver()
    assert set((await states(town)).values()) == {State.PLANNED}
    town.telegram.fails_with = None
    town.clock.pass_by(hours=2)
    await town.deliver()
    assert len(town.telegram.sent) == 1
    assert set((await states(town)).values()) == {State.SENT}


async def test_in_doubt_both_are_and_the_end_of_the_doubt_is_both_ones(town: Town, bo: Person) -> None:
    await two_in_one(town, bo)
    town.telegram.fails_with = UnknownFateError("no answer")
    await town.deliver()
    assert set((await states(town)).values()) == {State.UNKNOWN}
    town.telegram.fails_with = None
    town.clock.pass_by(minutes=3)
    await settle_doubts(town.db, town.machine, town.clock)
    ended = await states(town)
    assert (ended["check_in:2026-W48"], ended["waiting:30d"]) == (State.EXPIRED, State.EXPIRED)  # silence is kinder
    await town.deliver()
    assert town.telegram.sent == []


@pytest.mark.parametrize("kinds", [(Doubt.A, Doubt.C), (Doubt.C, Doubt.A)])
async def test_in_doubt_each_is_sent_again_or_not_as_its_own_kind_asks(
    town: Town, coach: Made, kinds: tuple[Doubt, Doubt]
) -> None:
    """A meeting of today is told a second time rather than not at all; a question is never asked twice."""
    async with town.db.begin() as session:
        ada = await add_person(session, town.db.vault, telegram="7003", coach_id=coach.id, now=town.clock.now())
    both = dict(zip(await two_in_one(town, ada), kinds, strict=True))
    async with town.db.begin() as session:
        for made, doubt in both.items():  # answers, which no plan puts off
            change = update(OutboxRow).where(OutboxRow.id == made.id)
            await session.execute(change.values(doubt=doubt, kind="reply"))
    town.telegram.fails_with, town.telegram.loses_answers = UnknownFateError("no answer"), True
    await town.deliver()
    town.telegram.fails_with = None
    town.clock.pass_by(minutes=3)
    await settle_doubts(town.db, town.machine, town.clock)
    await town.deliver()
    first, again = town.telegram.texts()
    assert again in first
    assert again != first
    ended = {row.id: row.state for row in await town.rows()}
    assert [ended[made.public_id] for made in both] == [State.SENT if kind == Doubt.A else State.EXPIRED for kind in kinds]


async def test_what_is_true_for_longer_than_the_message_that_it_went_along_in_is_still_sent(town: Town, maja: Person) -> None:
    """The provider never took them, and by then the one is too late."""
    host, _ = await two_in_one(town, maja)
    async with town.db.begin() as session:
        short = update(OutboxRow).values(text="media", kind="reply", valid_until=town.clock.now() + timedelta(minutes=5))
        await session.execute(short.where(OutboxRow.id == host.id))
        await session.execute(update(OutboxRow).where(OutboxRow.id != host.id).values(text="start", kind="reply"))
    town.sms.fails_with = UnknownFateError("no answer")
    await town.deliver()
    assert set((await states(town)).values()) == {State.UNKNOWN}
    town.sms.fails_with = None
    for minutes in (3, 11):
        town.clock.pass_by(minutes=minutes)
        await settle_doubts(town.db, town.machine, town.clock)
    await town.deliver()
    assert await states(town) == {"check_in:2026-W48": State.EXPIRED, "waiting:30d": State.SENT}


async def test_a_worker_that_died_with_both_in_hand_leaves_both_in_doubt(town: Town, bo: Person) -> None:
    host, along = await two_in_one(town, bo)
    async with town.db.begin() as session:
        (taken,) = await claim(session, "died", town.clock.now(), timedelta(seconds=40), 10)
        assert taken.id == host.id
        waiting = await riders.riding_with(session, [taken])
        assert [one.id for one in waiting[taken.id]] == [along.id]
        await note(session, [taken], ChannelName.TELEGRAM, "begge")
        await riders.take_along(session, "died", [(waiting[taken.id][0], "den ene", "da/checkin@v1")], town.clock.now())
    assert set((await states(town)).values()) == {State.CLAIMED}
    town.clock.pass_by(seconds=41)
    assert await sweep(town.db, town.clock) == 1
    assert set((await states(town)).values()) == {State.UNKNOWN}


async def test_a_message_that_never_will_arrive_ends_both_and_is_one_task(town: Town, bo: Person) -> None:
    await two_in_one(town, bo)
    town.telegram.fails_with = UndeliverableError("gone", dead=False)
    await town.deliver()
    assert set((await states(town)).values()) == {State.FAILED}


async def test_what_the_provider_says_of_the_message_holds_for_both(town: Town, bo: Person) -> None:
    host, _ = await two_in_one(town, bo)
    await town.deliver()
    async with town.db.begin() as session:
        name = await session.scalar(select(OutboxRow.provider_id).where(OutboxRow.id == host.id))
        assert name
        status = Status(ChannelName.TELEGRAM, host.public_id, str(name), State.DELIVERED)
        assert await statuses.climb(session, status, town.clock.now())
    assert set((await states(town)).values()) == {State.DELIVERED}


async def test_what_the_provider_took_after_all_is_not_sent_again_on_its_own(town: Town, bo: Person) -> None:
    """Nobody answered, so both wait for another try; then comes the word that it had been taken."""
    host, _ = await two_in_one(town, bo)
    town.telegram.fails_with, town.telegram.loses_answers = UnknownFateError("no answer"), True
    await town.deliver()
    town.telegram.fails_with = None
    async with town.db.begin() as session:
        (row,) = await doubts.in_doubt(session, town.clock.now())
        assert await doubts.settle(session, row, State.PLANNED, town.clock.now(), due_at=town.clock.now())
        status = Status(ChannelName.TELEGRAM, host.public_id, "telegram-1", State.DELIVERED)
        assert await statuses.climb(session, status, town.clock.now())
    await sweep(town.db, town.clock)
    await town.deliver()
    assert len(town.telegram.sent) == 1
    assert set((await states(town)).values()) == {State.DELIVERED}


async def test_what_waits_for_a_message_that_was_withdrawn_goes_by_itself(town: Town, bo: Person) -> None:
    host, _ = await two_in_one(town, bo)
    async with town.db.begin() as session:
        await outbox.withdraw(session, [host.id], outbox.NO_LONGER_OWED)
    await town.deliver()
    assert town.telegram.sent == []
    await sweep(town.db, town.clock)
    await town.deliver()
    assert len(town.telegram.sent) == 1
    assert (await states(town))["waiting:30d"] == State.SENT


async def test_by_sms_what_has_no_room_after_all_goes_an_hour_later(town: Town, maja: Person) -> None:
    await two_in_one(town, maja)
    await town.deliver()
    assert len(town.sms.sent) == 1
    assert (await states(town))["waiting:30d"] == State.PLANNED
    town.clock.pass_by(minutes=59)
    await town.deliver()
    assert len(town.sms.sent) == 1
    town.clock.pass_by(minutes=1)
    await town.deliver()
    assert len(town.sms.sent) == 2


async def test_by_sms_what_is_urgent_and_has_no_room_goes_at_once(town: Town, maja: Person) -> None:
    _, along = await two_in_one(town, maja)
    async with town.db.begin() as session:
        await session.execute(update(OutboxRow).where(OutboxRow.id == along.id).values(doubt=Doubt.A))
    await town.deliver()
    assert len(town.sms.sent) == 2


async def test_nothing_goes_along_that_its_person_has_not_said_yes_to(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        bo = await add_person(
            session,
            town.db.vault,
            telegram="7002",
            coach_id=coach.id,
            purposes=[Purpose.REMINDERS],
            now=town.clock.now(),
        )
    _, along = await two_in_one(town, bo)
    async with town.db.begin() as session:
        await session.execute(update(OutboxRow).where(OutboxRow.id == along.id).values(topic=Topic.CHECK_INS))
    await town.deliver()
    assert len(town.telegram.sent) == 1
    assert "Hvordan" in town.telegram.texts()[0]
    town.clock.pass_by(hours=2)
    await town.deliver()
    assert len(town.telegram.sent) == 1
    assert (await states(town))["waiting:30d"] == State.CANCELLED


async def test_at_most_one_message_is_in_flight_and_what_goes_along_is_none(town: Town, bo: Person) -> None:
    await two_in_one(town, bo)
    async with town.db.begin() as session:
        await add_duty(session, town.db.vault, bo, key="other", due_at=town.clock.now(), doubt=Doubt.B)
        first = await claim(session, "a", town.clock.now(), timedelta(seconds=40), 10)
        assert len(first) == 1
        assert await claim(session, "b", town.clock.now(), timedelta(seconds=40), 10) == []
