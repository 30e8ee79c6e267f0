"""Sending what is due at once, and what falls due one by one, beside the bare twilio client. Counted at Twilio's stand-in."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from twilio.rest import Client

from medvind.channels import Outgoing
from medvind.flows.deliver import Machine
from medvind.flows.plan import plan_all
from medvind.flows.turns import Line
from medvind.model import ChannelName
from medvind.texts import Catalogue
from scheduler.worker import work
from sms.transport import Transport
from sms.twilio import LONGEST_WAIT, TwilioSms
from tests.bench.cohort import add_invited, phone_of
from tests.bench.figures import Tally
from tests.bench.places import MorningClock, Place, opened
from tests.standins.twilio_words import ACCOUNT, NUMBER, TOKEN

CONCURRENCY = 50
"""Calls in flight, as the service has it unless it is told otherwise."""
UNLIMITED = 1_000_000.0
"""Segments a second that the allowance lets go: what is measured is the service, not the provider's patience."""
TIMEOUT = 10.0
LOOK = 1.0
"""The longest sleep of a worker that is a process of its own."""

WORDS = "Vi mødes onsdag d. 9. december kl. 14.00. Sted: Rådhuset, lokale 2. Kommer du? Svar JA eller NEJ. Hilsen Karin"


class Counted:
    """The channel, and an event that is set once so many messages were sent through it."""

    name = ChannelName.SMS

    def __init__(self, channel: TwilioSms, wanted: int) -> None:
        self._channel = channel
        self._left = wanted
        self.all = asyncio.Event()

    async def send(self, message: Outgoing) -> str:
        """As the channel does."""
        sid = await self._channel.send(message)
        self._left -= 1
        if self._left == 0:
            self.all.set()
        return sid


@dataclass(frozen=True, slots=True)
class Sender:
    """What sends: the stand-in's address, the time, the texts, and the seconds after which what has not left is lost."""

    standin: str
    clock: MorningClock
    catalogue: Catalogue
    limit: float

    async def work(self, url: str, wanted: int) -> float:
        """Runs a worker until so many messages were sent and are written down; the seconds that took."""
        stop, wake = asyncio.Event(), asyncio.Event()
        async with opened(url) as db, self._channel() as sms:
            channel = Counted(sms, wanted)
            machine = Machine("bench", {ChannelName.SMS: Line(channel, UNLIMITED)}, concurrency=CONCURRENCY)
            began = time.perf_counter()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(work(db, machine, self.catalogue, self.clock, wake=wake, stop=stop, look=LOOK))
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.limit):
                        await channel.all.wait()
                stop.set()
            return time.perf_counter() - began

    def _channel(self) -> AbstractAsyncContextManager[TwilioSms]:
        return TwilioSms.open(
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            sender=NUMBER,
            base_url=self.standin,
            public_url=None,
            timeout=TIMEOUT,
            clock=self.clock,
        )

    async def send_bare(self, messages: Sequence[Mapping[str, Any]]) -> float:
        """The same words to the same numbers by the client alone, as many at once; the seconds that took."""
        waiting = iter(messages)

        async def send_some(client: Client) -> None:
            for message in waiting:
                await _create(client, message)

        async with self._client() as client:
            began = time.perf_counter()
            async with asyncio.TaskGroup() as tasks:
                for _ in range(CONCURRENCY):
                    tasks.create_task(send_some(client))
            return time.perf_counter() - began

    async def send_bare_on_time(self, moments: Sequence[datetime]) -> None:
        """One at each moment, by the client alone: how late this machine is by itself."""
        async with self._client() as client, asyncio.TaskGroup() as tasks:
            for person, moment in enumerate(moments, 1):
                await self.clock.sleep_until(moment)
                tasks.create_task(_create(client, {"to": phone_of(person), "body": WORDS}))

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[Client]:
        async with Transport.open(self.standin, TIMEOUT, self.clock) as transport:
            yield Client(ACCOUNT, TOKEN, http_client=transport)


async def _create(client: Client, message: Mapping[str, Any]) -> None:
    await client.messages.create_async(to=message["to"], from_=NUMBER, body=message["body"], validity_period=LONGEST_WAIT)


async def plan_invitations(place: Place, empty: str, moments: Sequence[datetime], clock: MorningClock) -> str:
    """A fresh database in which one message is due at each of these moments, by the service's own plan."""
    url = place.copy(empty)
    async with opened(url) as db:
        async with db.begin(None) as session:
            await add_invited(session, moments, clock.now())
        counts = await plan_all(db, clock, limit=None)
    if counts.failed or counts.people != len(moments) or not counts.added:
        raise RuntimeError(f"planning went wrong: {counts}")
    return url


def one_by_one(clock: MorningClock, each_second: int, seconds: int, lead: timedelta) -> list[datetime]:
    """Moments evenly apart, the first one after the lead."""
    first = clock.now() + lead
    return [first + timedelta(seconds=number / each_second) for number in range(each_second * seconds)]


def tally(arrived: Sequence[Mapping[str, Any]], wanted: int, early: int = 0) -> Tally:
    """What became of one message to each of so many people."""
    numbers = Counter(message["to"] for message in arrived)
    found = sum(phone_of(person) in numbers for person in range(1, wanted + 1))
    return Tally(wanted, wanted - found, len(arrived) - found, early)


def lateness(arrived: Sequence[Mapping[str, Any]], moments: Sequence[datetime], clock: MorningClock) -> list[float]:
    """Milliseconds from when each message was due until it arrived; below zero, it was early."""
    due = {phone_of(person): moment for person, moment in enumerate(moments, 1)}
    at = [(message["to"], datetime.fromisoformat(message["at"]) + clock.ahead) for message in arrived]
    return [(came - due[number]).total_seconds() * 1000 for number, came in at]
