"""`python -m tests.year.run --people 1000 --years 3`: the real product, years long, beside the oracle."""

import argparse
import logging
import sys
import time as stopwatch
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from sqlalchemy import Connection, create_engine, select

from medvind import loop
from medvind.channels import Inbound, InboundKind
from medvind.flows import enrol, meet, steer, support
from medvind.flows.deliver import deliver_due
from medvind.flows.plan import load_policy, plan_all, plan_people, replan
from medvind.flows.receive import receive
from medvind.flows.report import Reader
from medvind.flows.sheets import Row, Sheet
from medvind.model import ChannelName, Language, PauseReason, RecipientType, Role, Rsvp, State, Topic, Viewer
from medvind.store import front, questions
from medvind.store.database import Database, Session
from medvind.store.schema import migrate
from medvind.store.tables import MeetingRow, OutboxRow, ParticipantRow
from medvind.store.vault import Keys, Vault
from medvind.texts import Catalogue
from tests.fakes import HandClock, Town
from tests.people import add_coach
from tests.year.oracle import Walk
from tests.year.people import FIRST, SUCCESSOR, Deed, Person, make_people
from tests.year.verdict import MINUTE, Message, Verdict, compare, report

HOME = "Europe/Copenhagen"
KEYS = Keys({"test": bytes(range(32))}, bytes(range(32, 64)))
COACH = "karin@kommune.example"
LEFT = (State.SENT, State.DELIVERED)
PLANNING = timedelta(days=56)
"""The beat plans hourly and passes by whom it knows; eight weeks are often enough: who is passed by has sixty days ahead."""
MEMORY = Path("/dev/shm")  # noqa: S108 - nothing here must outlive the run, and a disk would only slow it down


class _Years:
    """A town whose clock runs from one thing that happens to the next."""

    def __init__(self, town: Town, glance: Connection, people: Sequence[Person], days: int) -> None:
        self.town, self.glance, self.people = town, glance, {person.name: person for person in people}
        self.begin = datetime.combine(FIRST, time(), UTC)
        self.end = self.begin + timedelta(days)
        self.rows: dict[str, tuple[int, str]] = {}
        self.taken_over = set[str]()
        self.machine = replace(town.machine, concurrency=1000)
        self.unsaid: dict[str, set[tuple[datetime, str]]] = defaultdict(set)

    async def run(self) -> None:
        """Everything in the order of time: what becomes known, the look at all plans, and what falls due."""
        deeds = sorted(
            (
                (at, name, kind, what)
                for name, person in self.people.items()
                for at, kind, what in person.deeds
                if at < self.end
            ),
            key=lambda deed: deed[:3],
        )
        moments = {at: list(those) for at, those in groupby(deeds, key=lambda deed: deed[0])}
        looks = [self.begin + PLANNING * number for number in range((self.end - self.begin) // PLANNING + 1)]
        for moment in sorted({*moments, *looks}):
            await self._pass_until(moment)
            self.town.clock.moment = moment
            if moment in moments:
                await self._do(moments[moment])
            if moment in looks:
                await plan_all(self.town.db, self.town.clock)
            await self._pass_until(moment + MINUTE)
        await self._pass_until(self.end)

    async def _pass_until(self, moment: datetime) -> None:
        """What falls due before then leaves when it falls due."""
        while (due := self.glance.scalar(front.NEXT_DUE) or self.end) < moment:
            self.town.clock.moment = max(due, self.town.clock.moment)
            if not await deliver_due(self.town.db, self.machine, self.town.catalogue, self.town.clock):
                raise RuntimeError(f"something is due at {due} and does not leave")

    async def _do(self, deeds: Sequence[tuple[datetime, str, str, dict[str, Any]]]) -> None:
        """All that happens at one moment, in one transaction, each by the flow that does it in the product."""
        now = self.town.clock.now()
        async with self.town.db.begin(None) as session:
            rows = [(name, what) for _, name, kind, what in deeds if kind == "row"]
            meetings = [(name, what) for _, name, kind, what in deeds if kind == "meeting"]
            concerned: set[int] = set()
            if rows:
                sheet = _sheet([self._person(name, what) for name, what in rows])
                done = await enrol.enrol(session, sheet, now, env="test", by="test")
                concerned |= set(done.participant_ids)
                self.taken_over |= {name for name, what in rows if "coach_email" in what}
                await self._learn_rows(session, [name for name, what in rows if "consent_on" in what])
            if meetings:
                sheet = _sheet([_meeting(name, what) for name, what in meetings])
                concerned |= set((await meet.bring_in(session, sheet, now, zone=HOME)).participant_ids)
            if concerned:
                await plan_people(session, sorted(concerned), await load_policy(session), now)
            for at, name, kind, what in deeds:
                await self._one(session, name, (at, kind, what))

    async def _learn_rows(self, session: Session, names: Sequence[str]) -> None:
        columns = (ParticipantRow.external_id, ParticipantRow.id, ParticipantRow.public_id)
        for name, row, public_id in await session.execute(select(*columns).where(ParticipantRow.external_id.in_(names))):
            self.rows[name] = (row, public_id)

    def _person(self, name: str, what: Mapping[str, Any]) -> dict[str, Any]:
        if "consent_on" not in what:
            return {"external_id": name, **what}
        person, number = self.people[name], int(name.removeprefix("p-"))
        own = {} if person.quiet[1] > time(23) else {"quiet_hours": _own_hours(*person.quiet)}
        way = (
            {"phone": self.address(name), "channel": "sms"}
            if person.sms
            else {"telegram_id": self.address(name), "channel": "telegram"}
        )
        return {
            "external_id": name,
            "first_name": f"Nr {number}",
            "zone": person.zone,
            "coach_email": COACH,
            **own,
            **way,
            **what,
        }

    def address(self, name: str) -> str:
        """A made-up number, or a Telegram id."""
        number = int(name.removeprefix("p-"))
        return f"+450{number:07}" if self.people[name].sms else f"{number + 1}"

    async def _one(self, session: Session, name: str, deed: Deed) -> None:
        """What is done to one person alone."""
        at, kind, what = deed
        now, (row, public_id) = self.town.clock.now(), self.rows.get(name, (0, ""))
        match kind:
            case "stop":
                await self._hear(session, name, "STOP")
            case "words":
                await self._hear(session, name, "Jeg vil gerne tale om min ide")
            case "klar":
                period = what["chain"].removeprefix("vat:")
                asked = [one for one in await questions.open_for(session, row, now) if one.subject.get("period") == period]
                if asked:
                    await self._hear(session, name, f"q:{asked[0].id}:done", InboundKind.BUTTON)
                else:
                    self.unsaid[name].add((at, what["chain"]))
            case "answer":
                meeting = await session.scalar(select(MeetingRow.public_id).where(MeetingRow.external_id == what["id"]))
                await questions.rsvp(session, f"{meeting}", row, Rsvp(what["said"]), now)
                await replan(session, row, now)
            case "pause":
                topic = Topic(what["topic"]) if what["topic"] else None
                await steer.pause(session, self._reader(name), public_id, topic, what["until"], PauseReason.AWAY)
            case "extend":
                granted_on = self.people[name].wall(now).date()
                await support.grant(session, self._reader(name).viewer, public_id, what["months"], granted_on, now)
            case _:
                return  # a row of a file: all rows of a moment go together

    def _reader(self, name: str) -> Reader:
        coach = 2 if name in self.taken_over else 1
        return Reader(Viewer(coach, Role.COACH), Language.DA, self.town.catalogue, self.town.clock.now())

    async def _hear(self, session: Session, name: str, text: str, kind: InboundKind = InboundKind.TEXT) -> None:
        self.town.heard += 1
        way = ChannelName.SMS if self.people[name].sms else ChannelName.TELEGRAM
        inbound = Inbound(way, f"in-{self.town.heard}", self.address(name), kind, text, text)
        await receive(session, inbound, self.town.clock.now())

    async def sent(self) -> dict[str, list[Message]]:
        """What left to each, and what the channels took twice; answers to what somebody wrote are no part of a plan."""
        names = {row: name for name, (row, _) in self.rows.items()}
        took = Counter(message.id for channel in (self.town.sms, self.town.telegram) for message in channel.sent)
        columns = (OutboxRow.recipient_id, OutboxRow.key, OutboxRow.sent_at, OutboxRow.public_id, OutboxRow.carried_by)
        query = select(*columns).where(
            OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.kind != "reply", OutboxRow.state.in_(LEFT)
        )
        found: dict[str, list[Message]] = defaultdict(list)
        async with self.town.db.read(None) as session:
            for row, key, at, public_id, along in await session.execute(query):
                assert at is not None
                name = names[row]
                found[name] += [Message(key, self.people[name].wall(at), along)] * max(1, took[public_id])
        return found


def _own_hours(opens: time, closes: time) -> str:
    return f"mon-sun {closes:%H:%M}-{opens:%H:%M}"


def _meeting(name: str, what: Mapping[str, Any]) -> dict[str, Any]:
    if "start" not in what:
        return {"external_id": what["id"], "cancelled": True}
    fixed = {"kind": "meeting", "place": "Vestergade 58", "coach_email": COACH, "participants": name}
    return {"external_id": what["id"], "starts_at": f"{what['start']:%Y-%m-%d %H:%M}", **fixed}


def _sheet(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """As if it had been read from a file."""
    cells = [{column: _cell(value) for column, value in row.items()} for row in rows]
    columns = dict.fromkeys(column for row in cells for column in row)
    return Sheet("made-up", 1, tuple(columns), tuple(Row(number, row) for number, row in enumerate(cells, 2)))


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else value.isoformat() if isinstance(value, date) else str(value)


@contextmanager
def _glance(folder: Path) -> Iterator[Connection]:
    """A second look at the database, for what is asked after every message: no transaction and no thread around it."""
    engine = create_engine(f"sqlite:///{folder / 'year.db'}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


async def _simulate(people: Sequence[Person], days: int, folder: Path) -> Verdict:
    vault, clock = Vault(KEYS), HandClock(datetime.combine(FIRST, time(), UTC) - timedelta(days=1))
    async with Database.open(f"sqlite:///{folder / 'year.db'}", vault) as db:
        await migrate(db)
        async with db.begin() as session:
            for email in (COACH, SUCCESSOR):
                await add_coach(session, vault, email=email, now=clock.now())
        with _glance(folder) as glance:
            years = _Years(Town(db, clock, Catalogue.load()), glance, people, days)
            await years.run()
        sent = await years.sent()
    verdict = Verdict()
    for person in people:
        facts = person.events(frozenset(years.unsaid[person.name]))
        walk = Walk({"sms": person.sms, "quiet": person.quiet, "from": FIRST, "days": days, "events": facts})
        expected = [Message(key, at, along) for key, at, along in walk.left]
        last = person.wall(years.end - timedelta(days=1))
        compare(person, _until(last, expected), _until(last, sent[person.name]), verdict)
    return verdict


def _until(end: datetime, messages: Iterable[Message]) -> list[Message]:
    """Everywhere on earth the last day ends at another moment: it is left out."""
    return [message for message in messages if message.at < end]


def simulate(people: Sequence[Person], days: int) -> Verdict:
    """These people, in this process, on a database of their own."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return loop.run(_simulate(people, days, Path(folder)))


def _quietly() -> None:
    """A hundred thousand lines say that something was sent."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def everybody(seed: int, count: int, days: int) -> Verdict:
    """All of them, in two parts that run side by side. Whoever lives by the same clock is together: more leaves at once."""
    people = sorted(make_people(seed, count), key=lambda person: (person.zone != HOME, person.zone, person.quiet))
    cut = len(people) * 11 // 20  # those of many clocks have more moments, so they are fewer
    verdict = Verdict()
    with ProcessPoolExecutor(2, initializer=_quietly) as pool:
        for part in pool.map(simulate, (people[:cut], people[cut:]), (days, days)):
            verdict.add(part)
    return verdict


def main() -> int:
    """0: nothing wrong."""
    options = argparse.ArgumentParser(prog="python -m tests.year.run", description=__doc__)
    options.add_argument("--people", type=int, default=1000)
    options.add_argument("--years", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    began = stopwatch.perf_counter()
    verdict = everybody(asked.seed, asked.people, 365 * asked.years)
    print(report(verdict))
    print(f"{stopwatch.perf_counter() - began:.0f} seconds")
    return 1 if any(verdict.faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
