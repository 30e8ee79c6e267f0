"""Maja twice: two records of one person, each with its own phone, and their coach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from medvind.flows import merging
from medvind.flows.merging import Apart, Done
from medvind.flows.plan import plan_all
from medvind.model import Milestone, Role, Viewer
from medvind.store.tables import MergeRow, Row
from tests.fakes import Town
from tests.flows.steering import MONDAY, add_vat
from tests.people import Made, Person, add_coach, add_person

OLD, NEW = "+4501000001", "+4501000002"
Tables = Mapping[str, Mapping[tuple[Any, ...], Mapping[str, Any]]]


@dataclass
class Records:
    """A town in which one person stands twice."""

    town: Town
    coach: Made
    kept: Person
    other: Person

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.coach.id, Role.COACH, token_id="t-1", today=self.now.date())

    @property
    def now(self) -> datetime:
        return self.town.clock.now()

    async def merge(self) -> Done:
        async with self.town.db.begin() as session:
            return await merging.merge(session, self.viewer, self.kept.public_id, self.other.public_id, self.now)

    async def undo(self, done: Done) -> Apart:
        async with self.town.db.begin() as session:
            return await merging.undo(session, self.viewer, self.kept.public_id, done.id, self.now)

    async def plan(self) -> None:
        await plan_all(self.town.db, self.town.clock)

    async def until(self, end: datetime) -> None:
        """Time goes by, from one moment at which something is due to the next."""
        clock = self.town.clock
        while (due := await self.town.next_due() or end) < end:
            clock.moment = max(clock.moment, due)
            await self.town.deliver()
        clock.moment = end

    async def left(self) -> list[tuple[int, str]]:
        """What has left by itself: whose it is by now, and under which key."""
        return [(one.recipient_id, one.key) for one in await self.town.rows() if one.sent_at and one.kind != "reply"]

    def to(self, number: str) -> list[str]:
        """What has reached this phone."""
        return [one.text for one in self.town.sms.sent if one.to == number]

    async def everything(self) -> Tables:
        """All rows of all tables, as they lie there, but for the log itself."""
        found = {}
        async with self.town.db.read() as session:
            for table in Row.metadata.sorted_tables:
                if table.name != MergeRow.__tablename__:
                    rows = (await session.execute(select(table))).mappings()
                    found[table.name] = {tuple(row[key] for key in table.primary_key): dict(row) for row in rows}
        return found


async def two_records(town: Town, *, consented: bool = True, phone: str | None = NEW, **more: Any) -> Records:
    """On a Monday at ten. Both file VAT by quarters, due on 1 December; the second one was signed up by mistake."""
    town.clock.moment = MONDAY
    async with town.db.begin() as session:
        coach = await add_coach(session, town.db.vault, now=MONDAY)
        kept = await add_person(session, town.db.vault, external_id="d-1", phone=OLD, coach_id=coach.id, now=MONDAY)
        other = await add_person(
            session,
            town.db.vault,
            external_id="d-2",
            phone=phone,
            coach_id=coach.id,
            consented=consented,
            milestones={Milestone.COURSE_ENDED: date(2026, 10, 30)},
            now=MONDAY,
            **more,
        )
        for person in (kept, other):
            await add_vat(session, person)
    records = Records(town, coach, kept, other)
    await records.plan()
    return records
