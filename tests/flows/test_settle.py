import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from medvind.errors import NotSentError, UnknownFateError
from medvind.flows.settle import settle_doubts, sweep
from medvind.model import AddressState, ChannelName, Doubt, Milestone, State, TaskKind
from medvind.rules.retries import Verdict, backoff, judge
from medvind.store import doubts
from medvind.store.reach import reach_of, set_state
from medvind.store.tables import OutboxRow, TaskRow
from tests.claiming import claim
from tests.fakes import Town
from tests.people import Made, Person, add_duty, add_meeting, add_person

TOMORROW_AT_TWO = datetime(2026, 11, 25, 14, 0)  # noqa: DTZ001 - a wall time


async def in_doubt(town: Town, person: Person, *, arrived: bool) -> None:
    """A reminder whose answer was lost: it arrived, or it didn't."""
    async with town.db.begin() as session:
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=[person], now=town.clock.now())
    await town.plan(person.id)
    for channel in (town.sms, town.telegram):
        channel.fails_with = UnknownFateError("reset")
        channel.loses_answers = arrived
    await town.deliver()
    for channel in (town.sms, town.telegram):
        channel.fails_with = None


async def never_taken(town: Town, since: datetime) -> str:
    """Somebody else's message, of which the provider knows nothing; its id."""
    async with town.db.begin() as session:
        omar = await add_person(session, town.db.vault, external_id="d-2", phone="+4501000002", now=since)
        fate: dict[str, Any] = {"state": State.UNKNOWN, "channel": ChannelName.SMS, "sent_text": "Hej", "unknown_since": since}
        return (await add_duty(session, town.db.vault, omar, due_at=since, **fate)).public_id


async def settle(town: Town, *minutes: float) -> None:
    for wait in minutes:
        town.clock.pass_by(minutes=wait)
        await settle_doubts(town.db, town.machine, town.clock)
        await town.deliver()


async def states(town: Town) -> dict[str, State]:
    return {row.key.rsplit(":", 1)[-1]: row.state for row in await town.rows()}


async def test_an_sms_that_arrived_is_found_and_not_sent_again(town: Town, maja: Person) -> None:
    await in_doubt(town, maja, arrived=True)
    await settle(town, 3, 10)
    assert len(town.sms.sent) == 1
    assert (await states(town))["1d"] == State.SENT


async def test_an_sms_that_never_arrived_is_asked_for_twice_and_then_sent(town: Town, maja: Person) -> None:
    await in_doubt(town, maja, arrived=False)
    await settle(town, 1)
    assert town.sms.asked == 0
    await settle(town, 2, 4)
    assert (town.sms.asked, town.sms.sent) == (1, [])
    await settle(town, 6)
    assert (town.sms.asked, len(town.sms.sent)) == (2, 1)
    assert (await states(town))["1d"] == State.SENT


async def test_a_provider_with_a_late_list_is_not_believed_at_once(town: Town, maja: Person) -> None:
    await in_doubt(town, maja, arrived=True)
    taken, town.sms.sent = town.sms.sent, []
    await settle(town, 3)
    town.sms.sent = taken
    await settle(town, 8)
    assert len(town.sms.sent) == 1


async def test_telegram_cannot_be_asked_so_a_needed_reminder_goes_once_more(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, phone=None, telegram="4711", now=town.clock.now())
    await in_doubt(town, person, arrived=True)
    await settle(town, 3, 10, 10)
    assert len(town.telegram.sent) == 2
    assert (await states(town))["1d"] == State.SENT


async def test_a_claim_that_was_never_handed_over_goes_back_at_once(town: Town, maja: Person) -> None:
    async with town.db.begin() as session:
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=[maja], now=town.clock.now())
    await town.plan(maja.id)
    async with town.db.begin() as session:
        await claim(session, "died", town.clock.now(), timedelta(seconds=40), 10)
    town.clock.pass_by(seconds=41)
    assert await sweep(town.db, town.clock) == 1
    await town.deliver()
    assert len(town.sms.sent) == 1


async def test_accepted_without_an_id_is_never_sent_again(town: Town, maja: Person) -> None:
    async with town.db.begin() as session:
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=[maja], now=town.clock.now())
    await town.plan(maja.id)
    town.sms.fails_with = UnknownFateError("no readable answer", accepted=True)
    await town.deliver()
    town.sms.fails_with = None
    await settle(town, 3, 12)
    assert town.sms.sent == []
    assert (await states(town))["1d"] == State.REVIEW
    async with town.db.read() as session:
        assert list(await session.scalars(select(TaskRow.kind))) == [TaskKind.REVIEW]


async def test_who_is_told_to_stop_asks_of_no_further_doubt(town: Town, maja: Person, now: datetime) -> None:
    """A silent provider answers each question after ten seconds, and a hundred may wait."""
    await in_doubt(town, maja, arrived=True)
    await never_taken(town, now)
    town.clock.pass_by(minutes=3)
    stop = asyncio.Event()
    town.sms.when_asked = stop.set
    assert await settle_doubts(town.db, town.machine, town.clock, stop) == 1
    assert await settle_doubts(town.db, town.machine, town.clock, stop) == 0
    assert town.sms.asked == 1
    town.clock.pass_by(minutes=1)
    assert await settle_doubts(town.db, town.machine, town.clock) == 1


async def test_of_two_doubts_as_old_the_one_written_first_comes_first_however_they_lie_on_the_disk(
    town: Town, maja: Person, now: datetime
) -> None:
    await in_doubt(town, maja, arrived=True)
    later = await never_taken(town, now)
    async with town.db.begin() as session:
        earlier = OutboxRow.unknown_since.is_not(None), OutboxRow.public_id != later
        for state in (State.REVIEW, State.UNKNOWN):
            await session.execute(update(OutboxRow).where(*earlier).values(state=state))
    async with town.db.read() as session:
        assert [row.public_id == later for row in await doubts.in_doubt(session, now)] == [False, True]


async def test_while_the_provider_cannot_be_asked_nothing_is_decided(town: Town, maja: Person) -> None:
    await in_doubt(town, maja, arrived=True)
    town.sms.silent = NotSentError("refused")
    await settle(town, 3, 10, 10)
    assert (await states(town))["1d"] == State.UNKNOWN
    town.sms.silent = None
    await settle(town, 1)
    assert (await states(town))["1d"] == State.SENT
    assert len(town.sms.sent) == 1


async def test_a_doubt_about_a_number_that_is_gone_is_for_a_person(town: Town, maja: Person) -> None:
    await in_doubt(town, maja, arrived=False)
    async with town.db.begin() as session:
        address = (await reach_of(session, [maja.id]))[maja.id].on(ChannelName.SMS)
        assert address is not None
        await set_state(session, address.id, AddressState.DEAD, "replaced")
    await settle(town, 3)
    assert (await states(town))["1d"] == State.REVIEW
    async with town.db.read() as session:
        assert list(await session.scalars(select(TaskRow.kind))) == [TaskKind.REVIEW]


async def test_what_was_not_taken_and_is_too_late_by_now_is_told_to_the_coach(town: Town, maja: Person) -> None:
    await in_doubt(town, maja, arrived=False)
    await settle(town, 3)
    town.clock.pass_by(hours=29)
    await settle(town, 1)
    assert (await states(town))["1d"] == State.EXPIRED
    assert town.sms.sent == []
    async with town.db.read() as session:
        assert set(await session.scalars(select(TaskRow.kind))) == {TaskKind.MISSED}


async def test_a_check_in_of_unknown_fate_by_telegram_is_never_asked_twice(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        person = await add_person(
            session,
            town.db.vault,
            coach_id=coach.id,
            phone=None,
            telegram="4711",
            milestones={Milestone.COURSE_ENDED: date(2026, 11, 21)},
            now=town.clock.now(),
        )
    await town.plan(person.id)
    town.telegram.fails_with = UnknownFateError("reset")
    await town.deliver()
    town.telegram.fails_with = None
    await settle(town, 3, 10, 10)
    assert town.telegram.sent == []
    assert [row.state for row in await town.rows() if row.key == "check_in:2026-W48"] == [State.EXPIRED]
    async with town.db.read() as session:
        assert list(await session.scalars(select(TaskRow.kind))) == []


@pytest.mark.parametrize(
    ("doubt", "tried", "later", "verdict"),
    [
        (Doubt.A, False, False, Verdict.AGAIN),
        (Doubt.A, True, False, Verdict.PERSON),
        (Doubt.B, False, True, Verdict.SILENCE),
        (Doubt.B, False, False, Verdict.PERSON),
        (Doubt.C, False, True, Verdict.SILENCE),
        (Doubt.C, True, False, Verdict.SILENCE),
        (Doubt.D, False, False, Verdict.AGAIN),
        (Doubt.D, True, True, Verdict.PERSON),
    ],
)
def test_doubt_prefers_what_is_kinder(doubt: Doubt, verdict: Verdict, *, tried: bool, later: bool) -> None:
    assert judge(doubt, tried_in_doubt=tried, later_step=later) is verdict


def test_retries_wait_1_5_15_and_60_minutes_and_a_little_more() -> None:
    waits = [backoff(attempts, "row").total_seconds() / 60 for attempts in (1, 2, 3, 4, 9)]
    for wait, least in zip(waits, (1, 5, 15, 60, 60), strict=True):
        assert least <= wait <= least * 1.2
    assert len({backoff(1, f"row {number}") for number in range(20)}) > 10
