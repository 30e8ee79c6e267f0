"""Karin, her people, and the phones of all who serve them: what they are told of what nobody has read."""

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from medvind.flows import unread, write
from medvind.flows.report import Reader
from medvind.model import Language, Role, TaskKind, Viewer
from medvind.store import deputies, settings
from medvind.store import unread as store
from medvind.store.tables import InboxRow, TaskRow
from tests.fakes import Town
from tests.flows.steering import local
from tests.people import ZONE, Made, Person, add_coach, add_person

KARIN, BENTE, DUTY, SECRET = "+4501009001", "+4501009003", "+4501009002", "kan vi tale om lejemålet"
LONG_AFTER = "2026-12-04 17:00"
"""Over a weekend and a week of work after the last word."""


@dataclass
class Office:
    """Karin with Maja and Osman; what the phones of those who serve them have read, with the time on the wall."""

    town: Town
    karin: Made
    maja: Person
    told: list[tuple[str, str]] = field(default_factory=list)

    async def look(self, worker: str = "worker-1") -> None:
        """One beat, and what leaves after it."""
        before = len(self.town.sms.sent)
        await unread.remind(self.town.db, worker, self.town.clock)
        due = await self.town.next_due()
        if due and due <= self.town.clock.now():
            await self.town.deliver()
        wall = self.town.clock.now().astimezone(ZoneInfo(ZONE))
        new = self.town.sms.sent[before:]
        self.told += [(f"{wall:%a %H:%M}", one.to) for one in new if one.text.startswith("Medvind:")]

    async def live(self, end: str) -> list[tuple[str, str]]:
        """Hour after hour, until then; what was told meanwhile. (To the second: `tests/rules/test_unread.py`.)"""
        self.told = []
        while self.town.clock.now() < local(end):
            self.town.clock.pass_by(hours=1)
            await self.look()
        return self.told

    async def listed(self, kind: TaskKind = TaskKind.UNREAD) -> list[str]:
        """The messages that such tasks are about."""
        query = select(TaskRow.why).where(TaskRow.done_at.is_(None), TaskRow.kind == kind)
        async with self.town.db.read() as session:
            return [why["inbox"] for why in await session.scalars(query.order_by(TaskRow.id))]

    async def came(self) -> list[str]:
        """All that came in, by its id."""
        async with self.town.db.read() as session:
            return list(await session.scalars(select(InboxRow.public_id).order_by(InboxRow.id)))

    async def read(self, message: str, by: Made | None = None) -> None:
        viewer = Viewer((by or self.karin).id, Role.COACH, today=self.town.clock.now().date())
        async with self.town.db.begin() as session:
            await store.read(session, message, seen_by=viewer, now=self.town.clock.now())

    async def write(self, answers: str | None = None) -> None:
        reader = Reader(Viewer(self.karin.id, Role.COACH), Language.DA, self.town.catalogue, self.town.clock.now())
        async with self.town.db.begin() as session:
            await write.write(session, reader, self.maja.public_id, "Hej Maja. Jeg ringer.", answers=answers)

    async def deputy(self, until: date = date(2026, 12, 31), phone: str | None = BENTE) -> Made:
        async with self.town.db.begin() as session:
            bente = await add_coach(session, self.town.db.vault, first_name="Bente", phone=phone, now=self.town.clock.now())
            await deputies.grant(session, self.karin.id, bente.id, until, self.town.clock.now())
        return bente

    async def away(self, first: str, last: str = "2026-12-31") -> None:
        days = date.fromisoformat(first), date.fromisoformat(last)
        async with self.town.db.begin() as session:
            await deputies.add_absence(session, self.karin.id, *days, self.town.clock.now())

    async def duty(self, phone: str = DUTY) -> None:
        async with self.town.db.begin() as session:
            await settings.put(session, "duty_phone", phone, self.town.clock.now())


async def open_office(town: Town) -> Office:
    """On a Tuesday at ten, with Maja and Osman."""
    async with town.db.begin() as session:
        karin = await add_coach(session, town.db.vault, phone=KARIN, now=town.clock.now())
        maja = await add_person(session, town.db.vault, coach_id=karin.id, now=town.clock.now())
        osman, now = "+4501000002", town.clock.now()
        await add_person(
            session, town.db.vault, coach_id=karin.id, external_id="d-002", first_name="Osman", phone=osman, now=now
        )
    return Office(town, karin, maja)
