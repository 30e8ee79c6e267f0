"""A coach who looks at one person's plan and steers it: Maja's business files VAT by quarters, due on 1 December 2026."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from medvind.flows import steer
from medvind.flows.report import Reader
from medvind.flows.steer import Message
from medvind.model import Adjust, Language, Milestone, PauseReason, Role, Topic, VatPeriod, Viewer
from medvind.store.database import Session
from medvind.store.pauses import Running
from medvind.store.tables import VatPeriodRow
from tests.fakes import Town
from tests.people import ZONE, Made, Person, add_coach, add_person

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
"""10:00 in Copenhagen. All of the ladder lies ahead: 14, 7 and 2 days before, the last one moved off a Sunday, and the day."""
LADDER = [
    ("vat:2026Q3:14d", "2026-11-17 09:00"),
    ("vat:2026Q3:7d", "2026-11-24 09:00"),
    ("vat:2026Q3:2d", "2026-11-27 09:00"),
    ("vat:2026Q3:0d", "2026-12-01 09:00"),
]


def local(text: str) -> datetime:
    """This wall time in Copenhagen, as the moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


async def add_vat(session: Session, person: Made, since: date = date(2025, 1, 1)) -> None:
    """The person's business files by quarters."""
    await session.execute(insert(VatPeriodRow).values(participant_id=person.id, since=since, period=VatPeriod.QUARTERLY))


@dataclass
class Desk:
    """The coach's, with Maja's plan on it."""

    town: Town
    coach: Made
    maja: Person

    @property
    def reader(self) -> Reader:
        viewer = Viewer(self.coach.id, Role.COACH)
        return Reader(viewer, Language.EN, self.town.catalogue, self.town.clock.now())

    async def live_until(self, end: datetime) -> None:
        """Time goes by, from one moment at which something is due to the next."""
        clock = self.town.clock
        while (due := await self.town.next_due() or end) < end:
            clock.moment = max(clock.moment, due)
            await self.town.deliver()
        clock.moment = end
        await self.town.deliver()

    async def plan(self, days: int = 90) -> list[Message]:
        async with self.town.db.begin() as session:
            return await steer.show(session, self.reader, self.maja.public_id, days)

    async def item(self, key: str) -> Message:
        return next(one for one in await self.plan() if one.key == key)

    async def decide(self, action: Adjust, key: str, at: str = "") -> Message:
        async with self.town.db.begin() as session:
            return await self.decide_in(session, action, (await self.item_in(session, key)).id, at)

    async def item_in(self, session: Session, key: str) -> Message:
        found = await steer.show(session, self.reader, self.maja.public_id, 90)
        return next(one for one in found if one.key == key)

    async def decide_in(self, session: Session, action: Adjust, item: str, at: str = "") -> Message:
        whose = (session, self.reader, self.maja.public_id, item)
        match action:
            case Adjust.MOVE:
                return await steer.move(*whose, local(at))
            case Adjust.SKIP:
                return await steer.skip(*whose)
            case Adjust.CANCEL:
                return await steer.cancel(*whose)

    async def undo(self, key: str) -> Message:
        async with self.town.db.begin() as session:
            item = (await self.item_in(session, key)).id
            return await steer.undo(session, self.reader, self.maja.public_id, item)

    async def pause(self, until: date, topic: Topic | None = None, reason: PauseReason = PauseReason.AWAY) -> Running:
        async with self.town.db.begin() as session:
            return await steer.pause(session, self.reader, self.maja.public_id, topic, until, reason)

    async def resume(self, topic: Topic | None = None) -> list[Running]:
        async with self.town.db.begin() as session:
            return await steer.resume(session, self.reader, self.maja.public_id, topic)


async def a_desk(town: Town, **milestones: date) -> Desk:
    """At ten on a Monday, with a person who said yes that moment; with `course_ended` they wait and are asked how it goes."""
    town.clock.moment = MONDAY
    days = {Milestone(name): day for name, day in milestones.items()}
    async with town.db.begin() as session:
        coach = await add_coach(session, town.db.vault, now=MONDAY)
        maja = await add_person(session, town.db.vault, coach_id=coach.id, milestones=days, now=MONDAY)
        await add_vat(session, maja)
    return Desk(town, coach, maja)


def leaving(messages: Sequence[Message]) -> list[tuple[str, str]]:
    """Which message leaves when, by the person's own clock; what gave way is left out."""
    return [(one.key, f"{one.local:%Y-%m-%d %H:%M}") for one in messages if one.gave_way is None]


def given_way(messages: Sequence[Message]) -> dict[str, Any]:
    """What gave way, and why."""
    return {one.key: one.gave_way.reason for one in messages if one.gave_way}
