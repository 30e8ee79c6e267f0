"""A worker on the machine's own clock, with a channel that tells what it does and can hold a call."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from medvind.channels import Outgoing
from medvind.clock import SystemClock
from medvind.flows.deliver import Machine
from medvind.flows.turns import Line
from medvind.model import ChannelName, RecipientType, State
from medvind.store import listing, outbox
from medvind.store.database import Database
from medvind.texts import Catalogue
from scheduler.leaps import Trust, always
from scheduler.worker import work
from tests.fakes import FakeSms
from tests.people import Person
from tests.scheduler.rig import LIMIT, Running, running

LONG = 60.0
"""A look so long that only a wake-up or a due time can come before it."""


class Counting(FakeSms):
    """Tells when something was sent, and can hold a call."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = asyncio.Condition()
        self.called = 0
        self.open = asyncio.Event()
        self.open.set()
        self.slow: str | None = None

    async def send(self, message: Outgoing) -> str:
        async with self.changed:
            self.called += 1
            self.changed.notify_all()
        if self.slow in {None, message.to}:
            await self.open.wait()
        name = await super().send(message)
        async with self.changed:
            self.changed.notify_all()
        return name

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(LIMIT), self.changed:
            await self.changed.wait_for(condition)

    async def until_sent(self, wanted: int) -> None:
        await self.until(lambda: len(self.sent) == wanted)


class Wake(asyncio.Event):
    """Tells when the worker has gone to sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = asyncio.Event()

    async def wait(self) -> Literal[True]:
        self.asleep.set()
        return await super().wait()

    def clear(self) -> None:
        """The worker does so when it begins to look."""
        super().clear()
        self.asleep.clear()

    async def until_asleep(self) -> None:
        async with asyncio.timeout(LIMIT):
            await self.asleep.wait()


class Stage:
    """A worker on the machine's own clock, moved to a morning on which messages may leave."""

    def __init__(self, db: Database, catalogue: Catalogue, now: datetime) -> None:
        self.db, self.catalogue = db, catalogue
        self.clock = Moved(now)
        self.sms = Counting()
        self.wake = Wake()
        self.number = 0

    def working(
        self, look: float = LONG, concurrency: int = 50, trust: Trust = always, rate: float = 1000
    ) -> AbstractAsyncContextManager[Running]:
        machine = Machine("worker-1", {ChannelName.SMS: Line(self.sms, rate)}, concurrency=concurrency)
        begin = partial(work, self.db, machine, self.catalogue, self.clock, wake=self.wake, look=look, trust=trust)
        return running(lambda stop: begin(stop=stop))

    async def answer(self, person: Person, after: float = 0.0) -> None:
        """Owes an answer, due in so many seconds."""
        self.number += 1
        due = self.clock.now() + timedelta(seconds=after)
        async with self.db.begin() as session:
            to, until = (RecipientType.PARTICIPANT, person.id), due + timedelta(hours=1)
            key = f"reply:{self.number}"
            await outbox.reply(session, to, ChannelName.SMS, key, "consent_yes", now=due, valid_until=until, subject={})

    async def states(self) -> list[State]:
        async with self.db.read() as session:
            return [one.state for one in await listing.listed(session)]


class Moved(SystemClock):
    """The machine's clock, beginning at another moment; it can be moved on."""

    def __init__(self, now: datetime) -> None:
        self.shift = now - super().now()
        self.looks = 0
        self.looked_often = asyncio.Event()

    def now(self) -> datetime:
        self.looks += 1
        if self.looks >= 4:
            self.looked_often.set()
        return super().now() + self.shift
