"""A clock that is moved by hand, channels that remember, and a small town to try flows in."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from medvind.channels import Inbound, InboundKind, Outgoing
from medvind.errors import ChannelError
from medvind.flows.deliver import Machine, deliver_due
from medvind.flows.plan import replan
from medvind.flows.receive import receive
from medvind.flows.turns import EARLY, Line
from medvind.model import ChannelName, State
from medvind.store import front, listing
from medvind.store.database import Database
from medvind.store.listing import Listed
from medvind.texts import Catalogue

MOST = 10_000
"""More than a test ever has due at once."""


class HandClock:
    """Shows what it is set to; sleeping moves it."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    async def sleep_until(self, moment: datetime) -> None:
        self.moment = max(self.moment, moment)

    def pass_by(self, **span: float) -> datetime:
        self.moment += timedelta(**span)
        return self.moment


class FakeChannel:
    """Takes every message, or fails as it is told; like Telegram, it can't be asked afterwards."""

    def __init__(self, name: ChannelName) -> None:
        self.name = name
        self.sent: list[Outgoing] = []
        self.fails_with: ChannelError | None = None
        self.loses_answers = False

    async def send(self, message: Outgoing) -> str:
        if self.fails_with is not None and not self.loses_answers:
            raise self.fails_with
        self.sent.append(message)
        if self.fails_with is not None:
            raise self.fails_with
        return f"{self.name}-{len(self.sent)}"

    def texts(self) -> list[str]:
        return [message.text for message in self.sent]


class FakeSms(FakeChannel):
    """Like Twilio: it can be asked what it took."""

    def __init__(self) -> None:
        super().__init__(ChannelName.SMS)
        self.asked = 0
        self.silent: ChannelError | None = None
        self.when_asked: Callable[[], None] | None = None

    async def find(self, message: Outgoing, since: datetime, known: AbstractSet[str]) -> str | None:
        del since
        self.asked += 1
        if self.when_asked is not None:
            self.when_asked()
        if self.silent is not None:
            raise self.silent
        taken = {f"{self.name}-{number}": one for number, one in enumerate(self.sent, 1)}
        same = [name for name, one in taken.items() if one.to == message.to and one.text == message.text]
        return next((name for name in same if name not in known), None)


@dataclass
class Town:
    """A database, two channels and a clock: what a flow needs to run."""

    db: Database
    clock: HandClock
    catalogue: Catalogue
    sms: FakeSms = field(default_factory=FakeSms)
    telegram: FakeChannel = field(default_factory=lambda: FakeChannel(ChannelName.TELEGRAM))
    worker: str = "worker-1"
    heard: int = 0

    @property
    def machine(self) -> Machine:
        lines = {ChannelName.SMS: Line(self.sms, 1000), ChannelName.TELEGRAM: Line(self.telegram, 1000)}
        return Machine(self.worker, lines)

    async def plan(self, person: int) -> None:
        async with self.db.begin() as session:
            await replan(session, person, self.clock.now())

    async def deliver(self) -> int:
        """Until nothing is due any more."""
        total = 0
        while done := await deliver_due(self.db, self.machine, self.catalogue, self.clock):
            total += done
            assert total < MOST, f"sending never ends: {(await self.rows(State.PLANNED))[:2]}"
            due = await self.next_due()
            if due is None or due > self.clock.now() + EARLY:
                break
        return total

    async def run_until(self, end: datetime, step: timedelta = timedelta(minutes=30)) -> None:
        """Lets time go by in steps and sends what falls due at the next one; where nothing does, nobody looks."""
        while (now := self.clock.now()) < end:
            due = await self.next_due() or end
            self.clock.moment = min(end, now + step * max(1, -((now - due) // step)))
            await self.deliver()

    async def next_due(self) -> datetime | None:
        """When the next message is due."""
        async with self.db.read() as session:
            return await front.next_due(session)

    async def hear(
        self,
        text: str,
        sender: str = "+4501000001",
        channel: ChannelName = ChannelName.SMS,
        *,
        kind: InboundKind = InboundKind.TEXT,
        again: bool = False,
    ) -> bool:
        """Somebody writes; `again` repeats the provider's last one."""
        self.heard += not again
        inbound = Inbound(channel, f"in-{self.heard}", sender, kind, text, f"raw of {text}")
        async with self.db.begin() as session:
            return await receive(session, inbound, self.clock.now())

    async def answer(self, text: str) -> str:
        """What comes back by SMS to what Maja writes, a minute before; empty where nothing does."""
        before = len(self.sms.sent)
        await self.hear(text)
        await self.deliver()
        self.clock.pass_by(minutes=1)
        return self.sms.texts()[-1] if len(self.sms.sent) > before else ""

    async def rows(self, state: State | None = None) -> list[Listed]:
        async with self.db.read() as session:
            return await listing.listed(session, state=state)
