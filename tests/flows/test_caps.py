"""Nothing is unbounded: what one person's words cause in an hour, and what all text messages cost in a day."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from medvind.channels import Inbound, InboundKind
from medvind.errors import NotSentError
from medvind.flows.away import capped
from medvind.flows.decide import decide
from medvind.flows.deliver import deliver_due
from medvind.flows.receive import take_in
from medvind.flows.report import Reader
from medvind.flows.turns import Line
from medvind.model import ChannelName, Doubt, Language, Role, State, TaskKind, Viewer
from medvind.rules.caps import MOST_HEARD
from medvind.rules.policy import DAILY_SEGMENTS
from medvind.rules.segments import measure
from medvind.store import allowances
from medvind.store.reach import reach_of
from medvind.store.tables import ConsentRow, InboxRow, TaskRow
from tests.fakes import Town
from tests.people import Made, Person, add_duty, add_inbound, add_person

SMS = ChannelName.SMS
HOUR = timedelta(hours=1)


async def meanings(town: Town) -> Counter[str | None]:
    async with town.db.read() as session:
        return Counter(await session.scalars(select(InboxRow.meaning)))


async def floods(town: Town) -> list[tuple[int | None, dict[str, str]]]:
    """What coaches are told of those who write too much: of whom, and why."""
    async with town.db.read() as session:
        found = await session.execute(select(TaskRow.participant_id, TaskRow.why).where(TaskRow.kind == TaskKind.FLOOD))
        return [(row.participant_id, row.why) for row in found]


async def has_said(town: Town, person: Person, times: int, minutes: float = 5) -> None:
    """So much, so many minutes ago."""
    at = town.clock.now() - timedelta(minutes=minutes)
    async with town.db.begin() as session:
        for _ in range(times):
            await add_inbound(session, town.db.vault, person, "HJÆLP", meaning="help", at=at)


async def answers(town: Town) -> int:
    return sum(row.kind == "reply" for row in await town.rows())


async def test_of_a_flood_60_an_hour_are_answered_all_is_kept_and_the_coach_is_told_once(town: Town, maja: Person) -> None:
    began = town.clock.now()
    for number in range(MOST_HEARD + 10):
        assert await town.hear("HJÆLP" if number % 2 else "RING")
        town.clock.pass_by(seconds=30)
    assert await meanings(town) == {"help": 30, "call_me": 30, "flood": 10}
    assert await answers(town) == MOST_HEARD
    assert await floods(town) == [(maja.id, {"day": "2026-11-24"})]
    town.clock.moment = began + HOUR + timedelta(seconds=45)
    for _ in range(3):
        await town.hear("HJÆLP")
    print(f"{MOST_HEARD + 13} said, {await answers(town)} answered")
    assert await answers(town) == MOST_HEARD + 2, "as many as are an hour old by now"
    assert len(await floods(town)) == 1
    assert not await town.hear("HJÆLP", again=True), "kept is kept: the provider need not tell it again"


async def test_who_stops_is_heard_in_a_flood_and_start_is_not(town: Town, maja: Person) -> None:
    await has_said(town, maja, MOST_HEARD)
    for words in ("Hvornår?", "Stop venligst.", "START", "frameld mig", "JA"):
        await town.hear(words)
    await town.hear("", kind=InboundKind.MEDIA)
    assert await meanings(town) == {"help": MOST_HEARD, "stop": 2, "flood": 4}
    async with town.db.read() as session:
        said = (await session.execute(select(ConsentRow.given, ConsentRow.how).order_by(ConsentRow.id))).all()
    assert said[-1] == (False, "STOP")
    assert [row.key[:5] for row in await town.rows(State.PLANNED)] == ["reply"], "confirmed once"


async def test_nej_to_the_invitation_is_heard_in_a_flood_and_a_blocked_bot_too(town: Town, coach: Made) -> None:
    now = town.clock.now()
    async with town.db.begin() as session:
        vault = town.db.vault
        osman = await add_person(session, vault, external_id="d-2", coach_id=coach.id, consented=False, now=now)
        maja = await add_person(session, vault, coach_id=coach.id, phone=None, telegram="4711", now=now)
    await town.plan(osman.id)
    await town.deliver()
    for person in (osman, maja):
        await has_said(town, person, MOST_HEARD)
    await town.hear("nej tak")
    await town.hear("", sender="4711", channel=ChannelName.TELEGRAM, kind=InboundKind.BLOCKED)
    assert await meanings(town) == {"help": 2 * MOST_HEARD, "no": 1, "blocked": 1}
    async with town.db.read() as session:
        said = set((await session.execute(select(ConsentRow.participant_id, ConsentRow.how, ConsentRow.given))).all())
        reach = await reach_of(session, [maja.id])
    assert (osman.id, "NEJ", False) in said
    assert reach[maja.id].way() is None
    assert await floods(town) == []


async def test_of_many_at_once_no_more_are_heard_than_are_left_of_the_hour(town: Town, maja: Person) -> None:
    await has_said(town, maja, MOST_HEARD - 3)
    await has_said(town, maja, MOST_HEARD, minutes=61)
    many = [Inbound(SMS, f"at-once-{number}", "+4501000001", InboundKind.TEXT, "HJÆLP", "raw") for number in range(8)]
    assert all(await asyncio.gather(*(take_in(town.db, one, town.clock) for one in many)))
    assert (await meanings(town))["flood"] == 5
    assert (await answers(town), len(await floods(town))) == (3, 1)


async def set_cap(town: Town, segments: str) -> None:
    async with town.db.begin() as session:
        await decide(session, DAILY_SEGMENTS.key, segments, town.clock.now())


async def owe(town: Town, coach: Made, doubts: str, hours: float = 48, name: str = "Maja") -> None:
    """One message each, of these kinds, due now; those that are due first are named first."""
    now = town.clock.now()
    async with town.db.begin() as session:
        for number, letter in enumerate(doubts):
            phone, known_as = f"+45010{len(name):02}{100 + number}", f"k-{name}-{number}"
            person = await add_person(
                session, town.db.vault, external_id=known_as, first_name=name, phone=phone, coach_id=coach.id, now=now
            )
            due, until = now - timedelta(minutes=len(doubts) - number), now + timedelta(hours=hours)
            await add_duty(session, town.db.vault, person, due_at=due, doubt=Doubt(letter), valid_until=until)


@pytest.fixture
def reader(town: Town) -> Reader:
    return Reader(Viewer(None, Role.ADMIN), Language.EN, town.catalogue, town.clock.now())


async def test_when_the_days_sms_are_used_up_the_rest_waits_for_the_next_days_hours_and_all_are_told_once(
    town: Town, coach: Made, reader: Reader, now: datetime
) -> None:
    await set_cap(town, "3")
    await owe(town, coach, "BCBCB")
    with capture_logs() as logs:
        await town.deliver()
        await town.run_until(now + timedelta(hours=6))
    assert len(town.sms.sent) == 3
    assert [line["count"] for line in logs if line["event"] == "cap_reached"] == [3]
    waits = await town.rows(State.PLANNED)
    assert {(row.reason, row.due_at) for row in waits} == {(allowances.CAPPED, datetime.fromisoformat("2026-11-24T23:00Z"))}
    async with town.db.read() as session:
        told = await capped(session, replace(reader, now=town.clock.now()))
        assert told is not None
        assert (told.since, told.segments) == (now, 3)
        assert (told.says or "").startswith("Today's SMS have been used up since 10:00.")
        assert await capped(session, replace(reader, now=now + timedelta(days=1))) is None
    await town.run_until(datetime.fromisoformat("2026-11-25T06:59Z"))
    assert len(town.sms.sent) == 3
    await town.run_until(datetime.fromisoformat("2026-11-25T07:01Z"))
    assert len(town.sms.sent) == 5


async def test_what_is_urgent_and_answers_leave_at_any_cost_and_are_counted(town: Town, coach: Made, maja: Person) -> None:
    await set_cap(town, "0")
    await owe(town, coach, "BAC")
    await town.hear("STOP")
    await town.deliver()
    assert len(town.sms.sent) == 2
    async with town.db.read() as session:
        spent = await allowances.spent(session, SMS)
    assert (spent.segments, spent.day) == (2, town.clock.now().date())


async def test_what_waits_too_long_for_that_is_ended_and_stands_on_the_coachs_list(town: Town, coach: Made) -> None:
    await set_cap(town, "1")
    await owe(town, coach, "BB", hours=3)
    await town.run_until(town.clock.now() + timedelta(hours=4))
    assert sorted(row.state for row in await town.rows()) == [State.EXPIRED, State.SENT]
    async with town.db.read() as session:
        assert list(await session.scalars(select(TaskRow.kind))) == [TaskKind.MISSED]


async def test_a_higher_cap_lets_go_at_once_what_waits_and_a_day_has_room_for_what_it_has_room_for(
    town: Town, coach: Made, reader: Reader
) -> None:
    await set_cap(town, "1")
    await owe(town, coach, "BBBBB")
    await town.deliver()
    for cap, leave in (("3", 3), ("2", 3), ("off", 5)):
        await set_cap(town, cap)
        await town.deliver()
        assert len(town.sms.sent) == leave, cap
    async with town.db.read() as session:
        assert await capped(session, reader) is None


async def test_a_long_text_costs_its_segments_and_a_short_one_still_finds_room(town: Town, coach: Made) -> None:
    await set_cap(town, "3")
    await owe(town, coach, "BB", name="Maja 🌻")
    await owe(town, coach, "B")
    await town.deliver()
    costs = [measure(text).segments for text in town.sms.texts()]
    assert costs == [2, 1]
    async with town.db.read() as session:
        assert (await allowances.spent(session, SMS)).segments == 3


async def test_two_workers_share_one_cap(town: Town, coach: Made) -> None:
    await set_cap(town, "7")
    await owe(town, coach, "BC" * 10)
    lines = {SMS: Line(town.sms, 1000)}
    machines = [replace(town.machine, worker=name, lines=lines, concurrency=1) for name in ("one", "two")]
    while any(await asyncio.gather(*(deliver_due(town.db, one, town.catalogue, town.clock) for one in machines))):
        continue
    assert len(town.sms.sent) == 7
    async with town.db.read() as session:
        assert (await allowances.spent(session, SMS)).segments == 7


async def test_an_outage_costs_what_was_handed_over_before_it_was_noticed_and_no_more(town: Town, coach: Made) -> None:
    await set_cap(town, "16")
    await owe(town, coach, "B" * 8)
    town.sms.fails_with = NotSentError("twilio 503")
    await town.deliver()
    await town.run_until(town.clock.now() + HOUR, timedelta(minutes=1))
    async with town.db.read() as session:
        assert (await allowances.spent(session, SMS)).segments == 8
    town.sms.fails_with = None
    await town.run_until(town.clock.now() + timedelta(minutes=10), timedelta(minutes=1))
    assert len(town.sms.sent) == 8
