"""Keys to the API. A token is shown once; what is kept is its SHA-256, which 256 random bits need no more than."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import insert, or_, select, update

from medvind.errors import InvalidError, NotFoundError
from medvind.model import PublicId, Role, Viewer, new_id
from medvind.store.database import Session
from medvind.store.tables import TokenRow

HOME = ZoneInfo("Europe/Copenhagen")
"""Whose day it is."""
PREFIX = "mv_"
"""So that people, and programs that look for leaked secrets, know one when they see it."""
RANDOM_BYTES = 32
TOUCH = timedelta(minutes=1)
"""The last use is shown to the minute: a read must not wait for a writer each time."""
SCOPES = frozenset({"participants:read", "messages:write", "import:write", "statistics:read"})


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token on its way to its holder: shown now, and never again."""

    id: PublicId
    token: str

    def __repr__(self) -> str:
        """The id alone."""
        return f"NewToken({self.id})"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who shows this token. `stale`: its last use is not from this minute, so `touch` it."""

    viewer: Viewer
    stale: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A token as the command line prints it: everything but the token."""

    id: PublicId
    role: Role
    scope: str | None
    coach_id: int | None
    test: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


async def create(
    session: Session,
    role: Role,
    *,
    coach_id: int | None = None,
    scope: str | None = None,
    test: bool = False,
    days: int,
    now: datetime,
) -> NewToken:
    """A new token, good for so many days. Raises InvalidError where role, coach and scope don't fit together."""
    if role == Role.COACH and coach_id is None:
        raise InvalidError("a coach's token needs the coach it belongs to")
    if (role == Role.SERVICE) != (scope is not None) or (scope is not None and scope not in SCOPES):
        raise InvalidError(f"a scope belongs to the role service, and is one of {', '.join(sorted(SCOPES))}")
    if days < 1:
        raise InvalidError("a token is good for at least one day, e.g. 90")
    new = NewToken(new_id(), PREFIX + secrets.token_urlsafe(RANDOM_BYTES))
    row = {
        "public_id": new.id,
        "coach_id": coach_id,
        "role": role,
        "scope": scope,
        "test": test,
        "hash": _hash(new.token),
        "created_at": now,
        "expires_at": now + timedelta(days=days),
    }
    await session.execute(insert(TokenRow).values(**row))
    return new


async def get(session: Session, token: str, now: datetime) -> Holder:
    """Who shows it. Raises NotFoundError for one that is unknown, expired or revoked: they look the same."""
    row = (
        await session.execute(
            select(
                TokenRow.coach_id, TokenRow.role, TokenRow.scope, TokenRow.public_id, TokenRow.test, TokenRow.last_used_at
            ).where(TokenRow.hash == _hash(token), TokenRow.revoked_at.is_(None), TokenRow.expires_at > now)
        )
    ).first()
    if row is None:
        raise NotFoundError("no living token")
    viewer = Viewer(row.coach_id, row.role, row.scope, row.public_id, now.astimezone(HOME).date(), row.test)
    return Holder(viewer, stale=row.last_used_at is None or now - row.last_used_at >= TOUCH)


async def touch(session: Session, token_id: str, now: datetime) -> None:
    """Notes that it was used now."""
    old = or_(TokenRow.last_used_at.is_(None), TokenRow.last_used_at <= now - TOUCH)
    await session.execute(update(TokenRow).where(TokenRow.public_id == PublicId(token_id), old).values(last_used_at=now))


async def listed(session: Session) -> list[Listed]:
    """All tokens there ever were, the oldest first."""
    query = select(
        TokenRow.public_id,
        TokenRow.role,
        TokenRow.scope,
        TokenRow.coach_id,
        TokenRow.test,
        TokenRow.created_at,
        TokenRow.expires_at,
        TokenRow.last_used_at,
        TokenRow.revoked_at,
    )
    return [Listed(*row) for row in (await session.execute(query.order_by(TokenRow.id)))]


async def revoke(session: Session, token_id: str, now: datetime) -> None:
    """Dead from now on; a second time changes nothing. Raises NotFoundError for an id that no token has."""
    known = await session.scalar(select(TokenRow.id).where(TokenRow.public_id == PublicId(token_id)))
    if known is None:
        raise NotFoundError("no token has this id; 'medvind token list' shows them")
    await session.execute(update(TokenRow).where(TokenRow.id == known, TokenRow.revoked_at.is_(None)).values(revoked_at=now))


async def revoke_by_token(session: Session, token: str, now: datetime) -> bool:
    """Dead from now on, because it was seen where it must not be; False where no living token looks like this."""
    living = (TokenRow.hash == _hash(token), TokenRow.revoked_at.is_(None))
    gone = await session.execute(update(TokenRow).where(*living).values(revoked_at=now).returning(TokenRow.id))
    return gone.first() is not None


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
