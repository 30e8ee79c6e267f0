"""An allowance is shared: nobody gets a slot that another has, and a channel that rests, rests for all."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from medvind.model import ChannelName
from medvind.store import allowances
from medvind.store.allowances import Free
from medvind.store.database import Database, Session

AHEAD = timedelta(seconds=5)
SECOND = timedelta(seconds=1)
SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM


async def test_workers_at_once_get_slots_that_no_other_has(db: Database, now: datetime) -> None:
    async def reserve() -> datetime:
        async with db.begin() as session:
            free = (await allowances.next_free(session, [SMS], now))[SMS].at
            await allowances.take(session, {SMS: Free(free + SECOND)})
            return free

    slots = await asyncio.gather(*(reserve() for _ in range(20)))
    assert sorted(slots) == [now + number * SECOND for number in range(20)]


async def test_time_that_nobody_used_is_not_saved_up(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await allowances.next_free(session, [SMS], now)
        await allowances.take(session, {SMS: Free(now + SECOND)})
        assert (await allowances.next_free(session, [SMS], now + timedelta(hours=1)))[SMS].at == now + timedelta(hours=1)


async def test_each_channel_has_an_allowance_of_its_own(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await allowances.next_free(session, [SMS], now)
        await allowances.take(session, {SMS: Free(now + AHEAD)})
        assert (await allowances.next_free(session, [TELEGRAM], now))[TELEGRAM].at == now
        assert (await allowances.next_free(session, [SMS], now))[SMS].at == now + AHEAD


async def test_a_rest_moves_everybody_and_a_shorter_one_does_not_end_it(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await allowances.rest(session, SMS, now, 30)
        await allowances.rest(session, SMS, now, 10)
        await allowances.rest(session, TELEGRAM, now, 2)
    async with db.begin() as session:
        assert (await allowances.next_free(session, [SMS], now))[SMS].at == now + timedelta(seconds=30)
        await allowances.rest(session, SMS, now, 60)
        assert (await allowances.next_free(session, [SMS], now))[SMS].at == now + timedelta(seconds=60)
        assert (await allowances.next_free(session, [TELEGRAM], now))[TELEGRAM].at == now + timedelta(seconds=2)


async def room(session: Session, rates: Mapping[ChannelName, float], now: datetime) -> int:
    """How many these channels let go within five seconds."""
    paces = await allowances.paces(session, rates, now)
    return sum(pace.room(rates[name], now, AHEAD) for name, pace in paces.items())


async def test_no_more_is_taken_in_hand_than_is_let_go_in_time(db: Database, now: datetime) -> None:
    rates = {SMS: 1.0, TELEGRAM: 30.0}
    async with db.begin() as session:
        assert await room(session, rates, now) == 6 + 151
        await allowances.next_free(session, [SMS], now)
        await allowances.take(session, {SMS: Free(now + timedelta(seconds=4))})
        assert await room(session, {SMS: 1.0}, now) == 2
        await allowances.rest(session, SMS, now, 6)
        assert await room(session, {SMS: 1.0}, now) == 0
        assert await room(session, rates, now) == 151
        assert await room(session, {}, now) == 0


async def test_after_a_rest_a_channel_goes_at_half_its_rate_for_ten_minutes(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await allowances.rest(session, TELEGRAM, now, 30)
        await allowances.rest(session, TELEGRAM, now, 2)
    back = now + timedelta(seconds=30)
    async with db.read() as session:
        pace = (await allowances.paces(session, [TELEGRAM], back))[TELEGRAM]
        rates = {minutes: pace.rate(30, back + timedelta(minutes=minutes)) for minutes in (0, 9, 10)}
    assert rates == {0: 15, 9: 15, 10: 30}
    async with db.read() as session:
        assert (await allowances.paces(session, [SMS], back))[SMS].rate(1, back) == 1
