"""A breaker is shared: over all workers one message tries, one alarm is raised, and who waited is let go once."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from medvind.model import ChannelName, State
from medvind.rules.breaker import TRY_EVERY, Breaker, Heard
from medvind.store import breakers
from medvind.store.breakers import AWAY
from medvind.store.database import Database, Session
from medvind.store.tables import AttemptRow, OutboxRow
from tests.people import add_duty, add_person

SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM
SECOND = timedelta(seconds=1)


async def opened(db: Database, now: datetime) -> Breaker:
    """A minute ago."""
    breaker = Breaker(now - 2 * TRY_EVERY, now - TRY_EVERY, now)
    async with db.begin() as session:
        await breakers.held(session, SMS)
        await breakers.keep(session, SMS, breaker)
    return breaker


async def test_it_is_kept_for_each_channel_and_all_see_the_same(db: Database, now: datetime) -> None:
    async with db.read() as session:
        assert await breakers.all_of(session) == {}
    breaker = await opened(db, now)
    async with db.begin() as session:
        assert await breakers.held(session, SMS) == breaker
        assert await breakers.held(session, TELEGRAM) == Breaker()
        assert await breakers.all_of(session) == {SMS: breaker, TELEGRAM: Breaker()}


async def test_of_many_workers_one_tries_in_each_minute(db: Database, now: datetime) -> None:
    async def take(moment: datetime) -> bool:
        async with db.begin() as session:
            return await breakers.take_try(session, SMS, moment)

    assert not await take(now)
    await opened(db, now)
    for minute in range(3):
        assert sum(await asyncio.gather(*(take(now + minute * TRY_EVERY) for _ in range(8)))) == 1
        assert not await take(now + minute * TRY_EVERY + 59 * SECOND)


async def test_of_many_workers_one_raises_the_alarm(db: Database, now: datetime) -> None:
    async def take() -> bool:
        async with db.begin() as session:
            return await breakers.take_alarm(session, SMS, now)

    assert not await take()
    await opened(db, now)
    assert sum(await asyncio.gather(*(take() for _ in range(8)))) == 1


async def tell(
    session: Session, duty: int, channel: ChannelName, outcome: str, at: datetime, reason: str = "twilio 500"
) -> None:
    row = {"outbox_id": duty, "number": 1, "channel": channel, "worker": "w", "at": at, "outcome": outcome, "reason": reason}
    await session.execute(insert(AttemptRow).values(**row))


async def test_the_last_tries_are_the_channels_own_in_their_order_and_none_from_before_it_closed(
    db: Database, now: datetime
) -> None:
    async with db.begin() as session:
        duty = (await add_duty(session, db.vault, await add_person(session, db.vault, now=now), due_at=now)).id
        for number, outcome in enumerate(("unknown", "sent", "throttled", "not sent")):
            await tell(session, duty, SMS, outcome, now + number * SECOND)
        await tell(session, duty, TELEGRAM, "sent", now + 9 * SECOND)
        said = await breakers.last_tries(session, SMS, None)
        assert [(one.at - now, one.heard) for one in said] == [
            (0 * SECOND, Heard.FAILED),
            (1 * SECOND, Heard.ANSWERED),
            (3 * SECOND, Heard.FAILED),
        ]
        assert [one.heard for one in await breakers.last_tries(session, SMS, now + SECOND)] == [Heard.FAILED]


async def test_when_it_closes_what_waited_for_the_channel_is_due_at_once_and_nothing_else(db: Database, now: datetime) -> None:
    later = now + timedelta(hours=1)
    held_up = {"planned_for": now, "channel": SMS, "due_at": later}
    cases = {
        "waited": held_up | {"reason": AWAY},
        "failed": held_up | {"reason": "twilio 500", "attempts": 3},
        "quiet hours": held_up | {"reason": "quiet hours"},
        "waited, never sent": held_up | {"reason": AWAY, "channel": None},
        "failed by Telegram": held_up | {"reason": "telegram 500", "attempts": 3, "channel": TELEGRAM},
        "put off by the coach": held_up | {"reason": "twilio 500", "attempts": 1, "planned_for": later},
        "goes along": held_up | {"reason": AWAY, "carried_by": "waited"},
        "sent": held_up | {"reason": None, "attempts": 1, "state": State.SENT},
    }
    async with db.begin() as session:
        person = await add_person(session, db.vault, now=now)
        for name, columns in cases.items():
            await add_duty(session, db.vault, person, key=name, **columns)  # type: ignore[arg-type]
    async with db.begin() as session:
        assert await breakers.let_go(session, SMS, now, now) == 3
        assert await breakers.let_go(session, SMS, now, now) == 0
        due = await session.execute(select(OutboxRow.key).where(OutboxRow.due_at <= now))
        assert sorted(due.scalars()) == ["failed", "waited", "waited, never sent"]
