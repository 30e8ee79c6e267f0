"""What a coach enters after a meeting, or sends, by the flows that the API calls."""

from datetime import date, datetime

from sqlalchemy import select

from medvind.errors import InvalidError
from medvind.flows import attend, enrol, join, write
from medvind.flows import erase as forget
from medvind.flows.plan import load_policy, plan_people
from medvind.flows.report import Reader
from medvind.flows.unread import finish
from medvind.model import Attendance, Language, Role, Viewer
from medvind.store import unread
from medvind.store.database import Database
from medvind.store.tables import InboxRow, MeetingRow, ParticipantRow
from tests.conversations.cast import ENV
from tests.conversations.forms import NOTED
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


async def read(db: Database, coach: int, person: Person, now: datetime) -> None:
    """Reads all that one person has written."""
    viewer = Viewer(coach, Role.COACH)
    async with db.begin() as session:
        wrote = await session.scalars(select(InboxRow.public_id).where(InboxRow.participant_id == person.id))
        for message in wrote.all():
            await unread.read(session, message, seen_by=viewer, now=now)


async def deal_with(db: Database, coach: int, task: str, now: datetime) -> None:
    """Strikes a task off the list."""
    async with db.begin() as session:
        await finish(session, Viewer(coach, Role.COACH), task, now)


async def erase(db: Database, coach: int, person: Person, now: datetime) -> str | None:
    """Looks at what would go and lets it go; why that is refused, None where it isn't."""
    viewer = Viewer(coach, Role.COACH)
    try:
        async with db.begin() as session:
            code = (await forget.preview(session, viewer, person.public_id)).code
            await forget.erase_for(session, viewer, person.public_id, code, None, now)
    except InvalidError as refused:
        return str(refused)
    return None


async def note(db: Database, external_id: str, what: str, on: date, now: datetime) -> None:
    """Puts a day of somebody's into the coach's file."""
    column, more = NOTED[what]
    await _bring(db, {"external_id": external_id, column: on.isoformat(), **more}, now)


async def give_number(db: Database, external_id: str, phone: str, now: datetime) -> None:
    """Puts another number in the place of a person's own, as a row of the coach's file does."""
    await _bring(db, {"external_id": external_id, "phone": phone}, now)


async def _bring(db: Database, cells: dict[str, str], now: datetime) -> None:
    async with db.begin() as session:
        done = await enrol.enrol(session, sheet_of(cells), now, env=ENV, by="test")
        await plan_people(session, done.participant_ids, await load_policy(session), now)
