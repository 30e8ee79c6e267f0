"""What a coach enters after a meeting, or sends, by the flows that the API calls."""

from datetime import datetime

from sqlalchemy import select

from medvind.flows import attend, join
from medvind.model import Attendance, Role, Viewer
from medvind.store.database import Database
from medvind.store.tables import MeetingRow, ParticipantRow

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
