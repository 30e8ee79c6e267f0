"""One-use codes that join a Telegram account to a person. Only their hash is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, insert, select, update

from medvind.store.database import Session
from medvind.store.tables import InviteRow

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invite:
    """A code that is still good: whom it joins, and whether it may put another account in the place of the one they have."""

    id: int
    participant_id: int
    changes: bool


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def _good(code: str, now: datetime) -> ColumnElement[bool]:
    return and_(InviteRow.hash == _hash(code), InviteRow.used_at.is_(None), InviteRow.expires_at > now)


async def create(session: Session, participant_id: int, now: datetime, *, changes: bool = False) -> str:
    """A fresh code of 128 random bits, good for seven days; earlier ones of this person are good no more."""
    await session.execute(
        update(InviteRow).where(InviteRow.participant_id == participant_id, InviteRow.used_at.is_(None)).values(expires_at=now)
    )
    code = secrets.token_urlsafe(16)
    row = {"participant_id": participant_id, "hash": _hash(code), "created_at": now, "expires_at": now + GOOD_FOR}
    await session.execute(insert(InviteRow).values(changes=changes, **row))
    return code


async def find(session: Session, code: str, now: datetime) -> Invite | None:
    """What this code is good for; None where it is unknown, used or too old."""
    found = await session.execute(select(InviteRow.id, InviteRow.participant_id, InviteRow.changes).where(_good(code, now)))
    row = found.first()
    return Invite(row.id, row.participant_id, bool(row.changes)) if row else None


async def use(session: Session, code: str, now: datetime) -> int | None:
    """Whom this code joins, once; None where it is unknown, used or too old."""
    statement = update(InviteRow).where(_good(code, now)).values(used_at=now).returning(InviteRow.participant_id)
    return await session.scalar(statement.execution_options(synchronize_session=False))
