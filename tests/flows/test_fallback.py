"""What Telegram will never take goes by SMS, once, under the same key, where there is a yes to it; or the coach hears of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from medvind.channels import InboundKind, Outgoing
from medvind.errors import NotSentError, UndeliverableError, UnknownFateError
from medvind.flows.deliver import deliver_due
from medvind.flows.settle import settle_doubts
from medvind.model import AddressState, ChannelName, Doubt, Milestone, Purpose, State, TaskKind
from medvind.store.tables import AddressRow, AttemptRow, OutboxRow, TaskRow
from tests.fakes import FakeChannel, Town
from tests.people import Made, Person, add_consent, add_meeting, add_person

TOMORROW_AT_TWO = datetime(2026, 11, 25, 14, 0)  # noqa: DTZ001 - a wall time
REMINDER = "meeting:m-001:1d"
BLOCKED = UndeliverableError("telegram 403: bot was blocked by the user", stopped=True)
GONE = UndeliverableError("telegram 403: user is deactivated", dead=True)
PHONE, CHAT = "+4501000001", "7001"
GROUPS = ("yes", "no", "unconfirmed", "check_ins alone", "reached")
"""What there is beside Telegram: a yes to SMS; a no; a number nobody has confirmed; a yes to something else; no need of it."""
STORM = 40


class Chat(FakeChannel):
    """Telegram, where some can't be reached any more; something may happen while it thinks."""

    def __init__(self, refuses: Mapping[str, UndeliverableError]) -> None:
        super().__init__(ChannelName.TELEGRAM)
        self.refuses = refuses
        self.calls = 0
        self.meanwhile: Callable[[], Awaitable[Any]] | None = None

    async def send(self, message: Outgoing) -> str:
        self.calls += 1
        if self.meanwhile:
            await self.meanwhile()
        if message.to in self.refuses:
            raise self.refuses[message.to]
        return await super().send(message)


@pytest.fixture
async def bo(town: Town, coach: Made) -> Person:
    """On Telegram, with a yes to SMS too."""
    async with town.db.begin() as session:
        return await add_person(session, town.db.vault, coach_id=coach.id, phone=PHONE, telegram=CHAT, now=town.clock.now())


async def meet(town: Town, *people: Person) -> None:
    async with town.db.begin() as session:
        now = town.clock.now()
        await add_meeting(session, town.db.vault, starts_at=TOMORROW_AT_TWO, attendees=people, now=now)
    for person in people:
        await town.plan(person.id)


async def told(town: Town) -> list[tuple[int | None, str]]:
    """What the coach hears of messages that reach nobody: about whom, and the reason."""
    async with town.db.read() as session:
        query = select(TaskRow.participant_id, TaskRow.why).where(TaskRow.kind == TaskKind.NOT_REACHED)
        return [(person, why["reason"]) for person, why in await session.execute(query.order_by(TaskRow.id))]


async def tries(town: Town) -> list[tuple[int, ChannelName | None, str]]:
    """Every call that was made: the message's number, the channel, what came of it."""
    async with town.db.read() as session:
        query = select(AttemptRow.outbox_id, AttemptRow.channel, AttemptRow.outcome).order_by(AttemptRow.id)
        return [(row, channel, outcome) for row, channel, outcome in await session.execute(query)]


async def reminder(town: Town) -> tuple[State, ChannelName | None, int]:
    return next((row.state, row.channel, row.attempts) for row in await town.rows() if row.key == REMINDER)


async def crowd(town: Town, coach: Made) -> dict[str, str]:
    """So many of each group, all on Telegram; by the name of each the group."""
    groups, people, now = {}, [], town.clock.now()
    async with town.db.begin() as session:
        for number in range(STORM):
            group, name = GROUPS[number % len(GROUPS)], f"d-{number}"
            person = await add_person(
                session,
                town.db.vault,
                external_id=name,
                coach_id=coach.id,
                phone=f"+45010000{number:02}",
                telegram=f"70{number:02}",
                now=now,
            )
            sms = (AddressRow.participant_id == person.id, AddressRow.channel == ChannelName.SMS)
            if group == "unconfirmed":
                await session.execute(update(AddressRow).where(*sms).values(state=AddressState.UNCONFIRMED))
            refused = {"no": tuple(Purpose), "check_ins alone": (Purpose.REMINDERS, Purpose.SHARING)}.get(group, ())
            await add_consent(session, person, ChannelName.SMS, purposes=refused, given=False, now=now)
            groups[name] = group
            people.append(person)
    await meet(town, *people)
    return groups


async def test_in_a_storm_of_refusals_nothing_goes_both_ways_and_without_a_yes_nothing_goes_by_sms(
    town: Town, coach: Made
) -> None:
    """Half of them have blocked the bot, half have given up their account."""
    groups = await crowd(town, coach)
    numbers = {group: [n for n in range(STORM) if groups[f"d-{n}"] == group] for group in GROUPS}
    town.telegram = Chat({f"70{n:02}": (BLOCKED, GONE)[n % 2] for n in range(STORM) if groups[f"d-{n}"] != "reached"})
    before = {row.id: (row.recipient_id, row.kind, row.key) for row in await town.rows()}
    await asyncio.gather(*(deliver_due(town.db, town.machine, town.catalogue, town.clock) for _ in range(2)))
    await town.deliver()
    assert sorted(message.to for message in town.sms.sent) == [f"+45010000{n:02}" for n in numbers["yes"]]
    assert sorted(message.to for message in town.telegram.sent) == [f"70{n:02}" for n in numbers["reached"]]
    ours, theirs = ({message.id for message in channel.sent} for channel in (town.sms, town.telegram))
    assert ours & theirs == set()
    rows = {row.id: row for row in await town.rows()}
    assert {name: (row.recipient_id, row.kind, row.key) for name, row in rows.items()} == before
    assert {(rows[name].state, rows[name].channel, rows[name].attempts) for name in ours} == {(State.SENT, ChannelName.SMS, 2)}
    lost = Counter(row.state for row in rows.values() if row.attempts == 1 and row.id not in theirs)
    assert lost == {State.FAILED: 24}
    calls = Counter((channel, result) for _, channel, result in await tries(town))
    assert calls == {
        (ChannelName.TELEGRAM, "stopped"): 16,
        (ChannelName.TELEGRAM, "dead"): 16,
        (ChannelName.TELEGRAM, "sent"): 8,
        (ChannelName.SMS, "sent"): 8,
    }
    heard = await told(town)
    assert Counter(reason for _, reason in heard) == {"why_now_by_sms": 16, "why_no_way": 16}
    assert len({person for person, _ in heard}) == 32
    without_a_way = {person for person, reason in heard if reason == "why_no_way"}
    assert without_a_way & {row.recipient_id for row in rows.values() if row.state == State.PLANNED} == set()
    await town.run_until(town.clock.now() + timedelta(days=1), timedelta(hours=3))
    assert await told(town) == heard
    assert {message.to for message in town.sms.sent} == {f"+45010000{n:02}" for n in numbers["yes"]}
    assert town.telegram.calls == 32 + len(town.telegram.sent)


async def test_each_kind_of_message_turns_once(town: Town, coach: Made) -> None:
    people = []
    async with town.db.begin() as session:
        for number, doubt in enumerate(Doubt):
            phone, chat = f"+450100000{number}", f"700{number}"
            people.append(
                await add_person(
                    session,
                    town.db.vault,
                    external_id=doubt,
                    coach_id=coach.id,
                    phone=phone,
                    telegram=chat,
                    now=town.clock.now(),
                )
            )
    await meet(town, *people)
    async with town.db.begin() as session:
        for person, doubt in zip(people, Doubt, strict=True):
            await session.execute(update(OutboxRow).where(OutboxRow.recipient_id == person.id).values(doubt=doubt))
    town.telegram.fails_with = BLOCKED
    await town.deliver()
    assert Counter(message.to for message in town.sms.sent) == {f"+450100000{number}": 1 for number in range(4)}


async def test_what_turns_after_the_day_is_over_waits_for_the_morning(town: Town, bo: Person) -> None:
    town.clock.moment += timedelta(hours=9, minutes=59, seconds=55)  # five seconds to eight in the evening
    chat = town.telegram = Chat({CHAT: BLOCKED})
    await meet(town, bo)

    async def think() -> None:
        town.clock.pass_by(seconds=9)

    chat.meanwhile = think
    await town.deliver()
    assert town.sms.sent == []
    assert await reminder(town) == (State.PLANNED, None, 1)
    await town.run_until(town.clock.now() + timedelta(hours=12, minutes=1), timedelta(hours=1))
    assert [message.text[:5] for message in town.sms.sent] == ["Husk:"]


async def test_what_may_have_arrived_does_not_turn(town: Town, bo: Person) -> None:
    """Not while nobody knows, and not where Telegram refuses it when it is sent again in doubt."""
    await meet(town, bo)
    async with town.db.begin() as session:
        await session.execute(update(OutboxRow).where(OutboxRow.key == REMINDER).values(doubt=Doubt.A))
    town.telegram.fails_with, town.telegram.loses_answers = UnknownFateError("reset"), True
    await town.deliver()
    assert len(town.telegram.sent) == 1
    town.telegram.fails_with, town.telegram.loses_answers = BLOCKED, False
    for _ in range(4):
        town.clock.pass_by(minutes=3)
        await settle_doubts(town.db, town.machine, town.clock)
        await town.deliver()
    assert [outcome for _, _, outcome in await tries(town)] == ["unknown", "stopped"]
    assert (await reminder(town))[0] == State.FAILED
    assert town.sms.sent == []
    assert await told(town) == [(bo.id, "why_now_by_sms")]


async def test_from_sms_nothing_turns_back(town: Town, bo: Person) -> None:
    chat = town.telegram = Chat({CHAT: BLOCKED})
    town.sms.fails_with = UndeliverableError("twilio 30005", dead=True)
    await meet(town, bo)
    await town.run_until(town.clock.now() + timedelta(days=1), timedelta(hours=1))
    assert await reminder(town) == (State.FAILED, ChannelName.SMS, 2)
    assert chat.calls == 1
    assert [(channel, outcome) for _, channel, outcome in await tries(town)] == [
        (ChannelName.TELEGRAM, "stopped"),
        (ChannelName.SMS, "dead"),
    ]
    assert await told(town) == [(bo.id, "why_now_by_sms"), (bo.id, "twilio 30005")]


async def test_what_turned_is_tried_again_by_sms_alone(town: Town, bo: Person) -> None:
    chat = town.telegram = Chat({CHAT: BLOCKED})
    town.sms.fails_with = NotSentError("down")
    await meet(town, bo)
    await town.deliver()
    assert await reminder(town) == (State.PLANNED, ChannelName.SMS, 2)
    town.sms.fails_with = None
    await town.run_until(town.clock.now() + timedelta(minutes=10), timedelta(minutes=1))
    assert (chat.calls, len(town.sms.sent)) == (1, 1)


async def test_what_goes_along_turns_too_and_each_arrives_once(town: Town, coach: Made) -> None:
    """Two hours before a meeting a check-in is due as well: by SMS the two have no room in one message."""
    now = town.clock.now()
    async with town.db.begin() as session:
        bo = await add_person(
            session,
            town.db.vault,
            coach_id=coach.id,
            telegram=CHAT,
            milestones={Milestone.COURSE_ENDED: now.date() - timedelta(days=17)},
            now=now - timedelta(days=30),
        )
        starts = datetime(2026, 12, 1, 12)  # noqa: DTZ001 - a wall time
        await add_meeting(session, town.db.vault, starts_at=starts, attendees=[bo], now=now)
    await town.plan(bo.id)
    await town.run_until(now + timedelta(days=6, hours=2), timedelta(hours=2))
    chat = town.telegram = Chat({CHAT: BLOCKED})
    await town.run_until(now + timedelta(days=7, hours=3), timedelta(minutes=30))
    assert [message.text[:13] for message in town.sms.sent] == ["Vi ses i dag ", "Hej Maja. Hvo"]
    states = {row.key: (row.state, row.channel) for row in await town.rows()}
    assert states["meeting:m-001:2h"] == states["check_in:2026-W49"] == (State.SENT, ChannelName.SMS)
    assert (chat.calls, len(await told(town))) == (1, 1)


async def test_an_answer_goes_where_the_question_came_from_or_nowhere(town: Town, bo: Person) -> None:
    town.telegram.fails_with = BLOCKED
    for text in ("HJÆLP", "Er der nogen?"):
        await town.hear(text, CHAT, ChannelName.TELEGRAM)
        await town.deliver()
    assert town.sms.sent == []
    assert {row.state for row in await town.rows()} == {State.FAILED}
    assert await told(town) == [(bo.id, "why_now_by_sms")]


async def test_a_stop_while_telegram_refuses_holds_for_sms(town: Town, bo: Person) -> None:
    chat = town.telegram = Chat({CHAT: BLOCKED})
    await meet(town, bo)

    async def stop() -> None:
        await town.hear("STOP", PHONE)

    chat.meanwhile = stop
    await town.deliver()
    assert [text[:24] for text in town.sms.texts()] == ["Du får ikke flere besked"]


async def test_whoever_blocks_the_bot_before_it_writes_is_written_to_by_sms_at_once(town: Town, bo: Person) -> None:
    await meet(town, bo)
    await town.hear("", CHAT, ChannelName.TELEGRAM, kind=InboundKind.BLOCKED)
    await town.deliver()
    assert (town.telegram.sent, len(town.sms.sent)) == ([], 1)
    assert await reminder(town) == (State.SENT, ChannelName.SMS, 1)
    assert await told(town) == [(bo.id, "why_now_by_sms")]


@pytest.mark.parametrize("doubt", [Doubt.A, Doubt.C])
async def test_what_may_have_arrived_before_the_block_does_not_come_by_sms(town: Town, bo: Person, doubt: Doubt) -> None:
    await meet(town, bo)
    async with town.db.begin() as session:
        await session.execute(update(OutboxRow).where(OutboxRow.key == REMINDER).values(doubt=doubt))
    town.telegram.fails_with, town.telegram.loses_answers = UnknownFateError("reset"), True
    await town.deliver()
    await town.hear("", CHAT, ChannelName.TELEGRAM, kind=InboundKind.BLOCKED)
    town.clock.pass_by(minutes=3)
    await settle_doubts(town.db, town.machine, town.clock)
    await town.deliver()
    assert (len(town.telegram.sent), len(town.sms.sent)) == (1, 0)
