"""One database, both providers and real workers on it, people who are owed a message each, and the truth about all of them."""

import asyncio
import sqlite3
from base64 import b64encode
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import psycopg

from medvind.errors import DatabaseAwayError
from medvind.flows.plan import load_policy, plan_people
from medvind.model import ChannelName, Milestone, RecipientType
from medvind.rules import policy
from medvind.store import outbox, settings
from medvind.store.database import Database, Session
from medvind.store.vault import Keys, Vault
from tests.people import Made, add_coach, add_meeting, add_person
from tests.standins.telegram_words import TOKEN as BOT_TOKEN
from tests.standins.twilio_words import ACCOUNT, NUMBER, TOKEN
from tests.system.rig import LIMIT, Forks, Process, Rig, free_port, wait_until
from tests.system.standins import Standin, standins

HOME = ZoneInfo("Europe/Copenhagen")
MORNING = datetime(2026, 11, 24, 10, 5, tzinfo=HOME)
"""A Tuesday: check-ins and the reminders of the day before are due, and no quiet hours are near."""
KEYS = Keys({"test": bytes(range(32))}, bytes(range(32, 64)))
SECRET = "hemmelig-4700"
FIRST_CHAT = 47_000_000
DUE = "planned_for < '2026-11-24 22:00'"
"""The duties of this morning; those of the days to come are none of ours."""
LETTERS = "ABCD"
"""The kinds of the promises, in turn: a reminder of tomorrow's meeting, an invitation, a check-in, an answer."""
CHANNELS = (ChannelName.SMS, ChannelName.TELEGRAM)
TIMEOUT, LEASE, ASK_AFTER, LAG = 1.0, 3.0, 1.0, 0.4
"""Short times, in the order that keeps the promise: the lease outlives the call, and the quiet time the provider's lag."""
AGAIN = 10
"""How often a story tries to write beside workers that write all the time."""
OPEN = "state in ('planned', 'claimed', 'unknown')"
T = TypeVar("T")


def phone_of(number: int) -> str:
    """A made-up number of their own."""
    return f"+4501{number:06}"


@dataclass(frozen=True)
class Owed:
    """What one person is owed: the letter of its kind and the channel that it goes by."""

    number: int
    letter: str
    channel: ChannelName


@dataclass(frozen=True)
class Ended:
    """How a duty stands in our own table."""

    state: str
    reason: str | None
    task: bool


@dataclass
class World:
    """Everything that one story of crashes needs."""

    kind: str
    url: str
    rig: Rig
    twilio: Standin
    telegram: Standin
    port: int
    channels: Sequence[ChannelName] = CHANNELS
    letters: str = LETTERS
    owed: dict[int, Owed] = field(default_factory=dict)
    first: int = 1
    coach: Made | None = None
    line: Any = None

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What the database itself says, over a line that is kept: a story asks often. One that broke is made anew."""
        if self.line is None:
            self.line = self._call()
        try:
            cursor = self.line.execute(query)
        except psycopg.OperationalError:
            self.line = self._call()
            cursor = self.line.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _call(self) -> Any:
        if self.kind == "sqlite":
            file = self.url.removeprefix("sqlite:///")
            return sqlite3.connect(file, timeout=LIMIT, isolation_level=None, check_same_thread=False)
        return psycopg.connect(self.url, autocommit=True)

    def hang_up(self) -> None:
        """At the end."""
        if self.line is not None:
            self.line.close()

    def count(self, where: str) -> int:
        """How many duties that are due by now are so."""
        return int(self.ask(f"select count(*) from outbox where {DUE} and {where}")[0][0])  # noqa: S608

    def held_by(self, worker: Process) -> list[int]:
        """Who is owed what this worker has in hand: claimed, and not written down."""
        query = f"select recipient_id from outbox where state = 'claimed' and claimed_by like '%:{worker.pid}:%'"  # noqa: S608
        return [person for (person,) in self.ask(query)]

    def held(self, worker: Process, limit: float = 2.0) -> list[int]:
        """The same once there is something; nobody where nothing is to be had in time."""
        try:
            return wait_until(lambda: self.held_by(worker), "something in hand", limit)
        except AssertionError:
            return []

    def in_store(self, act: Callable[[Session], Awaitable[T]]) -> T:
        """Something done in one transaction, by the store's own functions."""

        async def run() -> T:
            async with Database.open(self.url, Vault(KEYS)) as db:
                for _ in range(AGAIN):
                    with suppress(DatabaseAwayError):
                        async with db.begin(None) as session:
                            return await act(session)
            message = "the database was away for too long"
            raise AssertionError(message)

        with asyncio.Runner() as runner:
            return runner.run(run())

    def now(self) -> datetime:
        """What every process reads on the wall."""
        shift = Path(self.rig.env["MEDVIND_CLOCK_FILE"]).read_text(encoding="ascii")
        return datetime.now(UTC) + timedelta(seconds=float(shift))

    def owe(self, count: int) -> list[Owed]:
        """So many new people, each of whom is owed one message from now on, by turns of every kind on every channel."""
        first, now = max(self.owed, default=self.first - 1) + 1, self.now()
        turns = [(letter, channel) for letter in self.letters for channel in self.channels]
        new = [Owed(number, *turns[number % len(turns)]) for number in range(first, first + count)]
        self.owed |= {one.number: one for one in new}
        self.telegram.tell("know", users=[FIRST_CHAT + one.number for one in new])
        self.in_store(lambda session: _owe(session, self, new, now))
        return new

    def worker(self, **more: str) -> Process:
        """A worker in the background."""
        return self.rig.start("worker", **more)

    def start_api(self) -> Process:
        """The API, which hears the callbacks, once it answers."""
        process = self.rig.start("api")
        wait_until(lambda: '"started"' in process.text(), "the API to start")
        return process

    def started(self, worker: Process) -> Process:
        """The same once it has said that it is at work."""
        wait_until(lambda: '"started"' in worker.text() or not worker.alive, "a worker to start")
        return worker

    def settled(self, patience: float = 120.0, **orders: Any) -> None:
        """Waits until nothing is due, in hand or in doubt, with one good worker at it, and a provider that only lags.

        Gives up where nothing has come to its end for so many seconds, longer than a first retry waits: how long all takes
        depends on how much there is.
        """
        self.twilio.tell(**{"lag": LAG, **orders})
        self.telegram.tell()
        worker = self.worker(MEDVIND_WORKERS_CONCURRENCY="10")
        try:
            while still := self.count(OPEN):
                wait_until(partial(self._fewer_open, still), "a duty to be settled", patience)
        except AssertionError:
            print(
                f"  {self.kind}: {self.count(OPEN)} duties are still open, and none was settled for {patience:g} s", flush=True
            )
        self.started(worker).end()

    def _fewer_open(self, than: int) -> bool:
        return self.count(OPEN) < than

    def arrivals(self, last: int = 0) -> Counter[int]:
        """How often each person's phone has shown a message, as the providers know; of all, or of the last ones."""
        sms = (one for one in self.twilio.ask(f"messages?last={last}") if one["direction"] != "inbound")
        numbers = [int(one["to"].removeprefix("+4501")) for one in sms]
        return Counter([*numbers, *(one["chat_id"] - FIRST_CHAT for one in self.telegram.ask(f"messages?last={last}"))])

    def ends(self) -> dict[int, Ended]:
        """How each person's duty stands at the end, in our own table, and whether somebody is told."""
        tasks = {person for (person,) in self.ask("select participant_id from tasks where kind = 'review'")}
        rows = self.ask(f"select recipient_id, state, reason from outbox where {DUE}")  # noqa: S608
        return {person: Ended(state, reason, person in tasks) for person, state, reason in rows}


async def _owe(session: Session, world: World, new: Sequence[Owed], now: datetime) -> None:
    if world.coach is None:
        world.coach = await add_coach(session, session.vault, now=now - timedelta(60))
        await settings.put(session, policy.DAILY_SEGMENTS.key, "off", now)  # thousands are owed, and all are to leave today
    for one in new:
        sms = one.channel == ChannelName.SMS
        ended = {Milestone.COURSE_ENDED: date(2026, 11, 21)} if one.letter == "C" else {}
        person = await add_person(
            session,
            session.vault,
            external_id=f"d-{one.number}",
            coach_id=world.coach.id,
            phone=phone_of(one.number) if sms else None,
            telegram=None if sms else str(FIRST_CHAT + one.number),
            milestones=ended,
            now=now,
        )
        assert person.id == one.number
        await _cause(session, one, person, now)
    await plan_people(session, [one.number for one in new], await load_policy(session), now)


async def _cause(session: Session, one: Owed, person: Made, now: datetime) -> None:
    """The fact that makes the duty: a meeting tomorrow (A) or in ten days (B), a course that has ended (C), a question (D)."""
    if one.letter in "AB":
        day = date(2026, 11, 25) if one.letter == "A" else date(2026, 12, 4)
        starts_at = datetime(day.year, day.month, day.day, 9, 30)  # noqa: DTZ001 - as the wall shows it
        await add_meeting(
            session,
            session.vault,
            external_id=f"m-{one.number}",
            place=f"Stien {one.number}",
            starts_at=starts_at,
            attendees=[person],
            now=now,
        )
    if one.letter == "D":
        to = (RecipientType.PARTICIPANT, person.id)
        until = now + timedelta(hours=2)
        key = f"reply:{one.number}"
        await outbox.reply(session, to, one.channel, key, "media", now=now, valid_until=until, subject={})


def _environment(url: str, folder: Path, port: int, twilio: Standin, telegram: Standin) -> dict[str, str]:
    return {
        "MEDVIND_ENCRYPTION_KEYS": "test:" + b64encode(bytes(range(32))).decode(),
        "MEDVIND_INDEX_KEY": b64encode(bytes(range(32, 64))).decode(),
        "MEDVIND_ENV": "test",
        "MEDVIND_DATABASE_URL": url,
        "MEDVIND_CLOCK_FILE": str(folder / "clock"),
        "MEDVIND_LOG_FORMAT": "json",
        "MEDVIND_PORT": str(port),
        "MEDVIND_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MEDVIND_SMS__PROVIDER": "twilio",
        "MEDVIND_TWILIO__ACCOUNT_SID": ACCOUNT,
        "MEDVIND_TWILIO__AUTH_TOKEN": TOKEN,
        "MEDVIND_TWILIO__FROM": NUMBER,
        "MEDVIND_TWILIO__BASE_URL": twilio.url,
        "MEDVIND_TWILIO__RATE": "1000",
        "MEDVIND_TELEGRAM__TOKEN": BOT_TOKEN,
        "MEDVIND_TELEGRAM__BASE_URL": telegram.url,
        "MEDVIND_TELEGRAM__RATE": "1000",
        "MEDVIND_LEASE_SECONDS": str(LEASE),
        "MEDVIND_SEND_TIMEOUT_SECONDS": str(TIMEOUT),
        "MEDVIND_ASK_AFTER_SECONDS": str(ASK_AFTER),
        "MEDVIND_LOOK_SECONDS": "0.2",
        "MEDVIND_WORKERS_CONCURRENCY": "1",
    }


@contextmanager
def world(url: str, folder: Path, forks: Forks) -> Iterator[World]:
    """On a migrated, empty database. Whatever it has started is gone at the end."""
    port = free_port()
    (folder / "clock").write_text(str((MORNING - datetime.now(UTC)).total_seconds()), encoding="ascii")
    with standins(folder, "twilio", "telegram", forks=forks) as (twilio, telegram):
        rig = Rig(folder, _environment(url, folder, port, twilio, telegram), forks)
        made = World(url.partition(":")[0], url, rig, twilio, telegram, port)
        try:
            yield made
        finally:
            made.hang_up()
            rig.clear_up()
            wait_until(lambda: not rig.living(), "killed processes to be gone")
