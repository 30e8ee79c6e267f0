"""One-use codes that join a Telegram account to a person. Only their hash is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import insert, update

from medvind.store.database import Session
from medvind.store.tables import InviteRow

GOOD_FOR = timedelta(days=7)


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()


async def create(session: Session, participant_id: int, now: datetime) -> str:
    """A fresh code of 128 random bits, good for seven days; earlier ones of this person are good no more."""
    await session.execute(
        update(InviteRow).where(InviteRow.participant_id == participant_id, InviteRow.used_at.is_(None)).values(expires_at=now)
    )
    code = secrets.token_urlsafe(16)
    row = {"participant_id": participant_id, "hash": _hash(code), "created_at": now, "expires_at": now + GOOD_FOR}
    await session.execute(insert(InviteRow).values(**row))
    return code


async def use(session: Session, code: str, now: datetime) -> int | None:
    """Whom this code joins, once; None where it is unknown, used or too old."""
    statement = (
        update(InviteRow)
        .where(InviteRow.hash == _hash(code), InviteRow.used_at.is_(None), InviteRow.expires_at > now)
        .values(used_at=now)
        .returning(InviteRow.participant_id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement)
