"""A small world for tests in which anything may happen in any order: two people, their coach, real flows, a real database."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from medvind.flows import attend, enrol, meet, steer
from medvind.flows.plan import load_policy, plan_all, plan_people
from medvind.flows.report import Reader
from medvind.model import Ask, Attendance, ChannelName, Doubt, Language, PauseReason, PersonFacts, Role, State, Topic, Viewer
from medvind.rules.policy import Policy
from medvind.store import coaches, front, meetings, views
from medvind.store.database import Database
from medvind.store.facts import facts_of
from medvind.store.tables import MeetingRow, OutboxRow
from medvind.texts import Catalogue
from tests.fakes import HandClock, Town
from tests.spreadsheets import sheet_of

T = TypeVar("T")
BEGINS = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KARIN = "karin@kommune.example"
PHONES = {"d-1": ("+4501000001", ChannelName.SMS), "d-2": ("7002", ChannelName.TELEGRAM)}
LEFT = (State.SENT, State.DELIVERED)


@dataclass(frozen=True)
class Kept:
    """What the outbox says of one automatic message."""

    person: int
    key: str
    when: datetime
    valid_until: datetime
    doubt: Doubt
    state: State
    carried_by: str | None
    meeting_day: date | None
    sent_at: datetime | None
    reason: str | None
    asks: Ask | None


class World:
    """Time stands still between two edits; each edit is one transaction, with the plan that follows."""

    def __init__(self, opening: Coroutine[Any, Any, Database], catalogue: Catalogue) -> None:
        self._runner = asyncio.Runner()
        self.town = Town(self.run(opening), HandClock(BEGINS), catalogue)
        self.checked: Counter[str] = Counter()
        self.run(self._settle_in())

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        """In this world's own loop."""
        return self._runner.run(doing)

    def close(self) -> None:
        """Ends the world and lets go of its database."""
        self.run(self.town.db.engine.dispose())
        self._runner.close()

    async def _settle_in(self) -> None:
        async with self.town.db.begin() as session:
            self.coach = await coaches.add(session, Role.COACH, KARIN, "Karin", "+4501009001", BEGINS)
        for name, (address, channel) in PHONES.items():
            way = {"phone": address} if channel == ChannelName.SMS else {"telegram_id": address}
            await self._enrol({"external_id": name, "first_name": "Maja", "coach_email": KARIN, "cohort": "Hold 1"} | way)

    @property
    def reader(self) -> Reader:
        return Reader(Viewer(self.coach, Role.COACH), Language.DA, self.town.catalogue, self.town.clock.now())

    async def _enrol(self, row: dict[str, str]) -> None:
        async with self.town.db.begin() as session:
            now = self.town.clock.now()
            done = await enrol.enrol(session, sheet_of(row), now, env="test", by="test")
            await plan_people(session, done.participant_ids, await load_policy(session), now)

    def fact(self, name: str, **cells: str) -> None:
        """Cells of the coach's file."""
        self.run(self._enrol({"external_id": name} | cells))

    def meeting(self, name: str, **cells: str) -> None:
        """A row of the meetings' file."""

        async def bring() -> None:
            async with self.town.db.begin() as session:
                now = self.town.clock.now()
                row = {"external_id": name, "cohort": "Hold 1"} | cells
                done = await meet.bring_in(session, sheet_of(row), now, zone="Europe/Copenhagen")
                await plan_people(session, done.participant_ids, await load_policy(session), now)

        self.run(bring())

    def came(self, name: str, meeting: str, attendance: Attendance | None) -> None:
        """The coach enters whether somebody came; of a meeting that there isn't, nothing."""

        async def enter() -> None:
            async with self.town.db.begin() as session:
                known = (await meetings.known(session, [meeting])).get(meeting)
                person, viewer = await self._id(name), Viewer(self.coach, Role.COACH)
                if known:
                    await attend.enter(session, viewer, known.public_id, {person: attendance}, self.town.clock.now())

        self.run(enter())

    def says(self, name: str, text: str) -> None:
        """Somebody writes, and is answered."""
        self.run(self.town.hear(text, *PHONES[name]))
        self.run(self.town.deliver())

    def pause(self, name: str, days: int, topic: Topic | None) -> None:
        async def rest() -> None:
            async with self.town.db.begin() as session:
                until = self.town.clock.now().date() + timedelta(days)
                await steer.pause(session, self.reader, await self._id(name), topic, until, PauseReason.AWAY)

        self.run(rest())

    def resume(self, name: str, topic: Topic | None) -> None:
        async def wake() -> None:
            async with self.town.db.begin() as session:
                await steer.resume(session, self.reader, await self._id(name), topic)

        self.run(wake())

    def decide(self, name: str, number: int, action: str, hours: int) -> None:
        """The coach looks at the plan and moves, skips, cancels one message, or takes back what was decided about it."""

        async def act() -> None:
            async with self.town.db.begin() as session:
                person = await self._id(name)
                shown = await steer.show(session, self.reader, person, 90)
                if not shown:
                    return
                one = shown[number % len(shown)]
                if action == "move":
                    await steer.move(session, self.reader, person, one.id, one.at + timedelta(hours=hours))
                else:
                    await getattr(steer, action)(session, self.reader, person, one.id)

        self.run(act())

    async def _id(self, name: str) -> str:
        async with self.town.db.read() as session:
            people = await views.people(session, seen_by=Viewer(self.coach, Role.COACH), after=None, limit=9)
        return next(one.id for one in people.items if one.external_id == name)

    def pass_by(self, span: timedelta) -> None:
        """Time goes by; what falls due is sent when it does."""
        self.run(self._until(self.town.clock.now() + span))

    async def _until(self, end: datetime) -> None:
        clock = self.town.clock
        while True:
            async with self.town.db.read() as session:
                due = await front.next_due(session)
            if due is None or due > end:
                break
            clock.moment = max(clock.now(), due)
            looked = await self.town.deliver()
            assert looked, "something is due, and nobody looks at it"
        clock.moment = end

    def plan_again(self) -> tuple[int, int, int]:
        """How many rows planning everybody anew adds, moves and withdraws."""
        counts = self.run(plan_all(self.town.db, self.town.clock, anew=True))
        assert counts.failed == 0
        return counts.added, counts.moved, counts.withdrawn

    def rows(self) -> list[Kept]:
        """All automatic messages to people that are or were owed."""
        return self.run(self._rows())

    async def _rows(self) -> list[Kept]:
        async with self.town.db.read() as session:
            meetings = await session.execute(select(MeetingRow.public_id, MeetingRow.starts_at))
            days = {public_id: starts_at.date() for public_id, starts_at in meetings}
            rows = await session.scalars(select(OutboxRow).where(OutboxRow.kind != "reply", OutboxRow.topic.is_not(None)))
            return [
                Kept(
                    row.recipient_id,
                    row.key,
                    row.planned_for,
                    row.valid_until,
                    row.doubt,
                    row.state,
                    row.carried_by,
                    days.get(row.subject.get("meeting", "")),
                    row.sent_at,
                    row.reason,
                    row.asks,
                )
                for row in rows
            ]

    def facts(self) -> tuple[Mapping[int, PersonFacts], Policy]:
        """What the rules know of both, and what was decided."""

        async def look() -> tuple[Mapping[int, PersonFacts], Policy]:
            async with self.town.db.read() as session:
                return await facts_of(session, [1, 2]), await load_policy(session)

        return self.run(look())

    def shown(self, days: int) -> list[tuple[int, str, datetime]]:
        """What the coach sees of the next days of both: whose, what, when."""

        async def look() -> list[tuple[int, str, datetime]]:
            found = []
            for number, name in enumerate(PHONES, 1):
                async with self.town.db.begin() as session:
                    plan = await steer.show(session, self.reader, await self._id(name), days)
                found += [(number, one.key, one.at) for one in plan if one.gave_way is None]
            return found

        return sorted(self.run(look()))

    def sent_since(self, moment: datetime) -> list[tuple[int, str, datetime]]:
        """What has left since then, in the same form."""
        return sorted((row.person, row.key, row.when) for row in self.rows() if row.sent_at and row.sent_at >= moment)


def local_day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Europe/Copenhagen")).date()
