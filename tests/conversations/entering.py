"""What a coach enters after a meeting, by the flow that the API calls."""

from datetime import datetime

from sqlalchemy import select

from medvind.flows import attend
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
