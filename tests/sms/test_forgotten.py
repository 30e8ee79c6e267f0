"""What Twilio keeps is deleted there, at wire level: once it may be, and tried until it is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from medvind.channels import Forgets
from medvind.errors import ChannelError, GoneError
from medvind.flows.copies import IN_HAND, SELDOM, clear_up
from medvind.flows.deliver import Machine
from medvind.flows.turns import Line
from medvind.model import ChannelName
from medvind.store import copies
from medvind.store.database import Database
from medvind.store.tables import ProviderCopyRow
from sms.sandbox import Sandbox
from sms.twilio import TwilioSms
from tests.fakes import HandClock
from tests.sms.rig import opened
from tests.standins.twilio import Orders, Taken, Twilio

MAJA, OURS = "+4501000001", "+4501000099"


@pytest.fixture
async def asked(db: Database, twilio: Twilio) -> AsyncIterator["Asked"]:
    clock = HandClock(datetime.now(UTC))
    async with opened(twilio, clock=clock) as channel:
        yield Asked(db, twilio, channel, clock)


class Asked:
    """Copies at the stand-in that are to go, and the beat that sees to it."""

    def __init__(self, db: Database, twilio: Twilio, channel: TwilioSms, clock: HandClock) -> None:
        self.db, self.twilio, self.clock = db, twilio, clock
        self.machine = Machine("worker-1", {ChannelName.SMS: Line(channel, 1)}, patience=0.5)

    async def owe(self, *statuses: str) -> None:
        """A message of each status, one to her and one from her."""
        for number, status in enumerate(statuses):
            to, sender = (MAJA, OURS) if number % 2 else (OURS, MAJA)
            taken = Taken(f"SM{number}", to, sender, "Hej Maja", datetime.now(UTC), status=status)
            self.twilio.taken.append(taken)
        async with self.db.begin() as session:
            await copies.owe(session, ChannelName.SMS, [one.sid for one in self.twilio.taken], self.clock.now())

    async def beat(self) -> int:
        return await clear_up(self.db, self.machine, self.clock)

    async def left(self) -> list[tuple[str, int, timedelta]]:
        """What is still to be done: the id, how often it was tried, how long it rests."""
        async with self.db.read() as session:
            rows = await session.scalars(select(ProviderCopyRow).order_by(ProviderCopyRow.provider_id))
            return [(row.provider_id, row.tries, row.due_at - self.clock.now()) for row in rows]


async def test_both_ways_it_is_gone_there_and_the_errand_with_it(asked: Asked) -> None:
    await asked.owe("delivered", "received", "failed")
    assert await asked.beat() == 3
    assert (asked.twilio.taken, await asked.left(), await asked.beat()) == ([], [], 0)


async def test_many_of_them_go_in_one_look(asked: Asked) -> None:
    await asked.owe(*["delivered"] * 120)
    assert await asked.beat() == 120
    assert asked.twilio.taken == []


async def test_what_somebody_else_has_deleted_is_done_too(asked: Asked) -> None:
    await asked.owe("delivered")
    asked.twilio.taken.clear()
    assert (await asked.beat(), await asked.left()) == (1, [])


async def test_what_is_still_on_its_way_is_deleted_later(asked: Asked) -> None:
    await asked.owe("sent")
    assert await asked.beat() == 0
    [(_, tries, rest)] = await asked.left()
    assert tries == 1
    assert timedelta(minutes=1) <= rest < timedelta(minutes=2)
    asked.twilio.taken[0].status = "delivered"
    assert await asked.beat() == 0
    asked.clock.pass_by(minutes=2)
    assert (await asked.beat(), asked.twilio.taken) == (1, [])


@pytest.mark.parametrize("orders", [Orders("refuse", 500), Orders("hang"), Orders("lose"), Orders("refuse", 404)])
async def test_until_it_is_certain_it_is_tried_again(asked: Asked, orders: Orders) -> None:
    await asked.owe("delivered")
    asked.twilio.orders = orders
    assert await asked.beat() == 0
    assert len(await asked.left()) == 1
    asked.twilio.orders = Orders()
    asked.clock.pass_by(minutes=2)
    assert (await asked.beat(), await asked.left(), asked.twilio.taken) == (1, [], [])


@pytest.mark.parametrize(("orders", "rest"), [(Orders("refuse", 429, 20429, "30"), 30), (Orders("refuse", 401, 20003), 300)])
async def test_where_twilio_wants_a_rest_the_others_wait_too(asked: Asked, orders: Orders, rest: int) -> None:
    await asked.owe("delivered", "delivered")
    asked.twilio.orders = orders
    assert await asked.beat() == 0
    left = await asked.left()
    assert [tries for _, tries, _ in left] == [1, 0]
    assert left[0][2] == timedelta(seconds=rest)
    asked.twilio.orders = Orders()
    asked.clock.pass_by(minutes=31)
    assert await asked.beat() == 2


async def test_what_twilio_refuses_for_a_week_is_told_and_tried_once_a_day(asked: Asked) -> None:
    await asked.owe("sent")
    for hours in (0, 24 * 7):
        asked.clock.pass_by(hours=hours)
        async with asked.db.read() as session:
            assert await copies.stuck(session, asked.clock.now()) == (hours > 0)
        await asked.beat()
    assert [(tries, rest) for _, tries, rest in await asked.left()] == [(2, SELDOM)]


async def test_the_numbers_of_the_console_keep_nothing_so_there_is_nothing_to_delete(asked: Asked) -> None:
    await asked.owe("delivered")
    console = Machine("worker-1", {ChannelName.SMS: Line(Sandbox(), 1)})
    assert await clear_up(asked.db, Machine("worker-1", {}), asked.clock) == 0
    assert len(await asked.left()) == 1
    assert await clear_up(asked.db, console, asked.clock) == 1
    assert await asked.left() == []


async def test_what_one_worker_has_in_hand_no_other_asks_for(asked: Asked) -> None:
    await asked.owe("sent", "sent")
    now = asked.clock.now()
    async with asked.db.begin() as session:
        assert len(await copies.take(session, ChannelName.SMS, now, now + IN_HAND, 9)) == 2
    assert await asked.beat() == 0
    assert [tries for _, tries, _ in await asked.left()] == [0, 0]
    asked.clock.pass_by(minutes=30)
    await asked.beat()
    assert [tries for _, tries, _ in await asked.left()] == [1, 1]


async def test_the_channel_says_what_it_was_told(channel: TwilioSms, twilio: Twilio) -> None:
    assert isinstance(channel, Forgets)
    with pytest.raises(GoneError):
        await channel.forget("SM-nobody")
    twilio.orders = Orders("refuse", 500)
    with pytest.raises(ChannelError):
        await channel.forget("SM-nobody")
