"""What a coach enters after a meeting, or sends, by the flows that the API calls."""

from datetime import datetime

from sqlalchemy import select

from medvind.flows import attend, enrol, join
from medvind.flows.plan import load_policy, plan_people
from medvind.model import Attendance, Role, Viewer
from medvind.store.database import Database
from medvind.store.tables import MeetingRow, ParticipantRow
from tests.conversations.cast import ENV
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


async def give_number(db: Database, external_id: str, phone: str, now: datetime) -> None:
    """Puts another number in the place of a person's own, as a row of the coach's file does."""
    async with db.begin() as session:
        done = await enrol.enrol(session, sheet_of({"external_id": external_id, "phone": phone}), now, env=ENV)
        await plan_people(session, done.participant_ids, await load_policy(session), now)
