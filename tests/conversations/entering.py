"""What a coach enters after a meeting, or sends, by the flows that the API calls."""

from datetime import datetime

from sqlalchemy import select

from medvind.errors import InvalidError
from medvind.flows import attend, enrol, join, write
from medvind.flows.plan import load_policy, plan_people
from medvind.flows.report import Reader
from medvind.model import Attendance, Language, Role, Viewer
from medvind.store.database import Database
from medvind.store.tables import MeetingRow, ParticipantRow
from tests.conversations.cast import ENV
from tests.conversations.steps import Coach
from tests.fakes import Town
from tests.people import Person
from tests.spreadsheets import sheet_of

CAME = {"absent": Attendance.NO_SHOW, "present": Attendance.ATTENDED, "excused": Attendance.EXCUSED}


async def mark(db: Database, coach: int, meeting: str, person: int, came: str, now: datetime) -> None:
    """Enters for one person whether they came to this meeting."""
    async with db.begin() as session:
        held = await session.scalar(select(MeetingRow.public_id).where(MeetingRow.external_id == meeting))
        who = await session.scalar(select(ParticipantRow.public_id).where(ParticipantRow.id == person))
        assert held is not None
        assert who is not None
        await attend.enter(session, Viewer(coach, Role.COACH), held, {who: CAME[came]}, now)


async def send_code(db: Database, coach: int, person: int, now: datetime) -> None:
    """Sends one person a Telegram code by SMS."""
    async with db.begin() as session:
        who = await session.scalar(select(ParticipantRow.public_id).where(ParticipantRow.id == person))
        assert who is not None
        await join.send_code(session, Viewer(coach, Role.COACH), who, now)


async def write_to(town: Town, coach: int, person: Person, step: Coach) -> str | None:
    """Writes to somebody by hand; why that is refused, None where it isn't."""
    reader = Reader(Viewer(coach, Role.COACH), Language.DA, town.catalogue, town.clock.now())
    try:
        async with town.db.begin() as session:
            await write.write(session, reader, person.public_id, step.what or "Hej", step.channel)
    except InvalidError as refused:
        return str(refused)
    return None


async def give_number(db: Database, external_id: str, phone: str, now: datetime) -> None:
    """Puts another number in the place of a person's own, as a row of the coach's file does."""
    async with db.begin() as session:
        done = await enrol.enrol(session, sheet_of({"external_id": external_id, "phone": phone}), now, env=ENV, by="test")
        await plan_people(session, done.participant_ids, await load_policy(session), now)
