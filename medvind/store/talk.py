"""When a human last wrote: the person or the coach."""

from datetime import datetime

from sqlalchemy import update

from medvind.store.database import Session
from medvind.store.tables import ParticipantRow


async def talked(session: Session, participant_id: int, now: datetime) -> None:
    """Somebody wrote to or about this person now; the plan that follows from it is the caller's to make."""
    await session.execute(update(ParticipantRow).where(ParticipantRow.id == participant_id).values(talked_at=now))
