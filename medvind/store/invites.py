"""One-use codes that join a Telegram account to a person. Only their hash is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, insert, select, update

from medvind.store.database import Session
from medvind.store.tables import InviteRow

GOOD_FOR = timedelta(days=7)
SENT_GOOD_FOR = timedelta(hours=24)
"""A code that went out by SMS lies on a phone that others may read."""
SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""None that looks like another one."""
HALF = 5


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
    code = secrets.token_urlsafe(16)
    await _keep(session, participant_id, code, now, GOOD_FOR, changes=changes)
    return code


async def create_to_send(session: Session, participant_id: int, now: datetime) -> str:
    """The seed of a fresh code for a first account, good for 24 hours; earlier ones of this person are good no more.

    The seed may lie in the outbox: it says nothing without the key.
    """
    seed = secrets.token_urlsafe(16)
    await _keep(session, participant_id, sent_code(session, seed), now, SENT_GOOD_FOR, changes=False)
    return seed


def sent_code(session: Session, seed: str) -> str:
    """The ten signs of this seed, two times five: 49 bits that somebody can type."""
    number, signs = int(session.vault.blind("code", seed), 16), ""
    while len(signs) < 2 * HALF:
        number, at = divmod(number, len(SIGNS))
        signs += SIGNS[at]
    return f"{signs[:HALF]}-{signs[HALF:]}"


def was_sent(code: str) -> bool:
    """Whether it is one of those that go out by SMS: no other one is so short."""
    return len(code) == 2 * HALF + 1


async def _keep(session: Session, participant_id: int, code: str, now: datetime, good_for: timedelta, *, changes: bool) -> None:
    await session.execute(
        update(InviteRow).where(InviteRow.participant_id == participant_id, InviteRow.used_at.is_(None)).values(expires_at=now)
    )
    row = {"participant_id": participant_id, "hash": _hash(code), "created_at": now, "expires_at": now + good_for}
    await session.execute(insert(InviteRow).values(changes=changes, **row))


async def made_since(session: Session, participant_id: int, since: datetime) -> bool:
    """Whether a code for this person was made after that, to be sent or handed out."""
    theirs = (InviteRow.participant_id == participant_id, InviteRow.created_at > since)
    return await session.scalar(select(InviteRow.id).where(*theirs).limit(1)) is not None


async def find(session: Session, code: str, now: datetime) -> Invite | None:
    """What this code is good for; None where it is unknown, used or too old."""
    found = await session.execute(select(InviteRow.id, InviteRow.participant_id, InviteRow.changes).where(_good(code, now)))
    row = found.first()
    return Invite(row.id, row.participant_id, bool(row.changes)) if row else None


async def use(session: Session, code: str, now: datetime) -> int | None:
    """Whom this code joins, once; None where it is unknown, used or too old."""
    statement = update(InviteRow).where(_good(code, now)).values(used_at=now).returning(InviteRow.participant_id)
    return await session.scalar(statement.execution_options(synchronize_session=False))
