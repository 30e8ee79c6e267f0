"""A provider is away: hardly anybody calls it, nothing is lost, the other way is open, and afterwards all of it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from medvind.channels import Outgoing
from medvind.errors import ChannelError, NotSentError, ThrottledError, UndeliverableError, UnknownFateError
from medvind.flows.deliver import Machine, deliver_due
from medvind.flows.turns import Line
from medvind.model import ChannelName, RecipientType, State
from medvind.rules.breaker import Breaker
from medvind.store import breakers, outbox
from medvind.store.breakers import AWAY
from tests.fakes import FakeSms, HandClock, Town
from tests.people import add_person

SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
REFUSED = NotSentError("twilio: ClientConnectorError")
SILENT = UnknownFateError("twilio: SocketTimeoutError")


@dataclass
class Away(FakeSms):
    """Notes when it was called."""

    clock: HandClock
    called: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def send(self, message: Outgoing) -> str:
        self.called.append(self.clock.now())
        return await super().send(message)


class Known(Away):
    """Can be asked whether it is there at all."""

    asked_whether_there = 0

    async def fault(self) -> str | None:
        self.asked_whether_there += 1
        return "twilio: away" if self.fails_with else None


async def owe(town: Town, people: int, channel: ChannelName = SMS, each: int = 1, hours: float = 24) -> None:
    """Answers to so many new people, due now: those may leave at any hour."""
    now, there = town.clock.now(), len(await town.rows())
    async with town.db.begin() as session:
        for number in range(there, there + people):
            phone, chat = (f"+4502{number:06}", None) if channel == SMS else (None, f"9{number:05}")
            name = f"d-{number}"
            person = await add_person(session, town.db.vault, external_id=name, phone=phone, telegram=chat, now=now)
            to, until = (RecipientType.PARTICIPANT, person.id), now + timedelta(hours=hours)
            for key in (f"reply:{name}:{letter}" for letter in range(each)):
                await outbox.reply(session, to, channel, key, "consent_yes", now=now, valid_until=until, subject={})
        await session.execute(text("analyze outbox"))  # as PostgreSQL itself does after a while


async def breaker(town: Town, name: ChannelName = SMS) -> Breaker:
    async with town.db.read() as session:
        return (await breakers.all_of(session)).get(name, Breaker())


def machines(town: Town, rate: float, *channels: ChannelName) -> list[Machine]:
    """Two workers that share what there is."""
    lines = {SMS: Line(town.sms, rate), TELEGRAM: Line(town.telegram, 30)}
    open_lines = {name: line for name, line in lines.items() if name in (channels or lines)}
    return [replace(town.machine, worker=f"worker-{number}", lines=open_lines) for number in range(2)]


async def pass_by(town: Town, at_work: list[Machine], span: timedelta, step: timedelta = MINUTE) -> None:
    """Time goes by, and each worker looks at each step."""
    end = town.clock.now() + span
    while town.clock.now() < end:
        for machine in at_work:
            while await deliver_due(town.db, machine, town.catalogue, town.clock):
                continue
        town.clock.moment += step


async def states(town: Town) -> Mapping[State, int]:
    rows = await town.rows()
    return {state: sum(row.state == state for row in rows) for state in {row.state for row in rows}}


async def test_two_hours_without_the_provider_cost_a_call_a_minute_and_no_message(town: Town) -> None:
    """500 wait; they are through within five minutes once it is back."""
    post = town.sms = Away(town.clock)
    post.fails_with, began = REFUSED, town.clock.now()
    await owe(town, 25, each=20)
    at_work = machines(town, 10, SMS)
    await pass_by(town, at_work, timedelta(hours=2))
    calls = list(post.called)
    opening = [at for at in calls if at - began < MINUTE]
    gaps = [after - before for before, after in zip(calls[len(opening) - 1 :], calls[len(opening) :], strict=False)]
    print(f"{len(calls)} calls in 2 hours, {len(opening)} of them before it was open; the others at least {min(gaps)} apart")
    assert len(opening) == 5
    assert len(calls) <= 120 + len(opening)
    assert min(gaps) >= MINUTE
    assert await states(town) == {State.PLANNED: 500}
    post.fails_with, back = None, town.clock.now()
    while len(post.sent) < 500 and town.clock.now() - back < timedelta(minutes=10):
        await pass_by(town, at_work, 5 * SECOND, 5 * SECOND)
    print(f"500 left within {town.clock.now() - back}")
    assert town.clock.now() - back <= timedelta(minutes=5)
    assert await states(town) == {State.SENT: 500}
    assert len({message.id for message in post.sent}) == len(post.sent) == 500


@pytest.mark.parametrize(("fault", "calls"), [(REFUSED, 5), (UnknownFateError("twilio 502"), 5), (SILENT, 3)])
async def test_it_opens_after_five_failures_or_three_time_outs_and_the_rest_of_the_batch_stays(
    town: Town, fault: ChannelError, calls: int
) -> None:
    post = town.sms = Away(town.clock)
    post.fails_with = fault
    await owe(town, 20)
    with capture_logs() as logs:
        await town.deliver()
    assert len(post.called) == calls
    assert (await breaker(town)).opened_at == town.clock.now()
    assert [line["event"] for line in logs if line["event"].startswith("channel")] == ["channel_opened"]
    waiting = [row for row in await town.rows(State.PLANNED) if row.attempts == 0]
    assert len(waiting) == 20 - calls


@pytest.mark.parametrize("fault", [UndeliverableError("21614", dead=True), UndeliverableError("21617"), ThrottledError("x", 1)])
async def test_whoever_refuses_an_address_or_a_text_or_asks_for_a_rest_is_there(town: Town, fault: ChannelError) -> None:
    town.sms.fails_with = fault
    await owe(town, 12)
    for _ in range(12):
        await deliver_due(town.db, town.machine, town.catalogue, town.clock)
        town.clock.pass_by(seconds=2)
    assert await breaker(town) == Breaker()


async def test_who_is_asked_to_rest_sends_nothing_more_of_the_batch_and_goes_slower_afterwards(town: Town) -> None:
    post = town.sms = Away(town.clock)
    post.fails_with, began = ThrottledError("20429", after=30), town.clock.now()
    await owe(town, 40)
    await pass_by(town, machines(town, 10, SMS), 25 * SECOND, 5 * SECOND)
    assert post.called == [began]
    post.fails_with = None
    await pass_by(town, machines(town, 10, SMS), 15 * SECOND, 5 * SECOND)
    assert len(post.sent) == 40
    first, last = post.called[1], post.called[-1]
    assert (first, last) == (began + 30 * SECOND, first + 39 * SECOND / 5)


async def test_the_other_way_is_open_all_the_while(town: Town) -> None:
    post = town.sms = Away(town.clock)
    post.fails_with = REFUSED
    await owe(town, 30)
    await pass_by(town, machines(town, 10), 20 * MINUTE)
    assert 20 <= len(post.called) <= 5 + 20
    await owe(town, 30, TELEGRAM)
    began = town.clock.now()
    await pass_by(town, machines(town, 10), 10 * SECOND, 5 * SECOND)
    assert len(town.telegram.sent) == 30
    assert town.clock.now() - began <= 15 * SECOND
    assert await breaker(town, TELEGRAM) == Breaker()
    waiting = await town.rows(State.PLANNED)
    assert (len(waiting), AWAY in {row.reason for row in waiting}) == (30, True)
    assert sum(row.attempts for row in waiting) == len(post.called)
    post.fails_with = None
    await pass_by(town, machines(town, 10), 2 * MINUTE)
    assert len(post.sent) == 30


async def test_what_is_too_late_meanwhile_is_ended_and_never_sent(town: Town) -> None:
    town.sms.fails_with = REFUSED
    await owe(town, 10, hours=0.25)
    await pass_by(town, [town.machine], timedelta(minutes=20))
    assert await states(town) == {State.EXPIRED: 10}
    town.sms.fails_with = None
    await pass_by(town, [town.machine], timedelta(minutes=5))
    assert town.sms.sent == []


async def test_the_alarm_is_raised_once_after_a_quarter_of_an_hour_and_the_end_is_told(town: Town) -> None:
    post = town.sms = Away(town.clock)
    post.fails_with = REFUSED
    await owe(town, 5)
    began = town.clock.now()
    with capture_logs() as logs:
        await pass_by(town, [town.machine], timedelta(minutes=14))
        assert "channel_away" not in {line["event"] for line in logs}
        await pass_by(town, [town.machine], timedelta(minutes=30))
        assert len(post.called) >= 5 + 38, "few wait, and still one tries each minute"
        post.fails_with = None
        await pass_by(town, [town.machine], 2 * MINUTE)
    told = [(line["event"], line["log_level"], line["channel"]) for line in logs if line["event"].startswith("channel")]
    assert told == [("channel_opened", "warning", SMS), ("channel_away", "error", SMS), ("channel_back", "info", SMS)]
    closed = (await breaker(town)).closed_at
    assert closed is not None
    assert closed > began
    assert await states(town) == {State.SENT: 5}


async def test_no_message_is_staked_on_a_provider_that_can_be_asked_whether_it_is_there(town: Town) -> None:
    """A try that ends in silence would leave a message in doubt each minute."""
    post = town.sms = Known(town.clock)
    post.fails_with = SILENT
    await owe(town, 10)
    await pass_by(town, [town.machine], timedelta(minutes=30))
    assert len(post.called) == 3
    assert post.asked_whether_there >= 25
    assert await states(town) == {State.PLANNED: 7, State.UNKNOWN: 3}
    post.fails_with = None
    await pass_by(town, [town.machine], 2 * MINUTE)
    assert await states(town) == {State.SENT: 7, State.UNKNOWN: 3}


async def test_a_healthy_channel_has_no_row_and_an_answer_to_the_try_closes_it_whatever_it_is(town: Town) -> None:
    await owe(town, 3)
    await town.deliver()
    async with town.db.read() as session:
        assert await breakers.all_of(session) == {}
    town.sms.fails_with = REFUSED
    await owe(town, 8)
    await town.deliver()
    assert (await breaker(town)).opened_at is not None
    town.sms.fails_with = UndeliverableError("21614", dead=True)
    await pass_by(town, [town.machine], 2 * MINUTE)
    assert (await breaker(town)).opened_at is None
