"""A token is shown once, and is worth nothing after its days or a word from the administrator."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from medvind.errors import InvalidError, NotFoundError
from medvind.model import Role
from medvind.store import tokens
from medvind.store.database import Database
from medvind.store.tables import TokenRow
from medvind.store.tokens import NewToken
from tests.people import add_coach


async def create(db: Database, now: datetime, role: Role = Role.LEAD, days: int = 90, scope: str | None = None) -> NewToken:
    async with db.begin() as session:
        coach = await add_coach(session, db.vault, now=now) if role == Role.COACH else None
        return await tokens.create(session, role, coach_id=coach.id if coach else None, scope=scope, days=days, now=now)


async def works(db: Database, token: str, now: datetime) -> bool:
    async with db.read() as session:
        try:
            await tokens.get(session, token, now)
        except NotFoundError:
            return False
    return True


async def test_a_token_tells_who_shows_it(db: Database, now: datetime) -> None:
    shown = {role: await create(db, now, role) for role in (Role.COACH, Role.LEAD, Role.ADMIN)}
    shown[Role.SERVICE] = await create(db, now, Role.SERVICE, scope="statistics:read")
    async with db.read() as session:
        for role, new in shown.items():
            viewer = (await tokens.get(session, new.token, now)).viewer
            assert (viewer.role, viewer.token_id, viewer.coach_id is None) == (role, new.id, role != Role.COACH)
            assert viewer.scope == ("statistics:read" if role == Role.SERVICE else None)


async def test_only_the_hash_is_kept_and_nothing_shows_the_token(db: Database, now: datetime) -> None:
    new = await create(db, now)
    assert new.token.startswith("mv_")
    assert len(new.token) >= 3 + 43
    async with db.read() as session:
        kept = [str(value) for row in await session.execute(select(TokenRow.__table__)) for value in row]
        listed = await tokens.listed(session)
    assert not any(new.token in value or new.token[3:] in value for value in kept)
    assert new.token not in repr(listed) + repr(new) + str(new)


async def test_an_expired_token_is_dead(db: Database, now: datetime) -> None:
    new = await create(db, now, days=1)
    assert await works(db, new.token, now + timedelta(hours=23, minutes=59))
    assert not await works(db, new.token, now + timedelta(days=1))


async def test_a_revoked_token_is_dead_at_once_and_revoking_again_changes_nothing(db: Database, now: datetime) -> None:
    new, other = await create(db, now), await create(db, now)
    for later in (0, 5):
        async with db.begin() as session:
            await tokens.revoke(session, new.id, now + timedelta(minutes=later))
    assert not await works(db, new.token, now)
    assert await works(db, other.token, now)
    async with db.read() as session:
        assert [one.revoked_at for one in await tokens.listed(session)] == [now, None]


async def test_a_token_seen_where_it_must_not_be_is_dead(db: Database, now: datetime) -> None:
    new = await create(db, now)
    async with db.begin() as session:
        assert await tokens.revoke_by_token(session, new.token, now)
        assert not await tokens.revoke_by_token(session, new.token, now)
        assert not await tokens.revoke_by_token(session, "mv_unknown", now)
    assert not await works(db, new.token, now)


@pytest.mark.parametrize("guess", ["", "mv_", "mv_" + "a" * 43, "' or 1=1 --", "æøå"])
async def test_what_is_no_token_lets_nobody_in(db: Database, now: datetime, guess: str) -> None:
    new = await create(db, now)
    assert not await works(db, guess, now)
    assert not await works(db, new.token.upper(), now)
    assert not await works(db, new.token + " ", now)


async def test_the_last_use_is_noted_to_the_minute(db: Database, now: datetime) -> None:
    new = await create(db, now)
    for seconds, stale in ((0, True), (59, False), (60, True)):
        at = now + timedelta(seconds=seconds)
        async with db.begin() as session:
            assert (await tokens.get(session, new.token, at)).stale == stale
            await tokens.touch(session, new.id, at)
    async with db.read() as session:
        assert [one.last_used_at for one in await tokens.listed(session)] == [now + timedelta(seconds=60)]


@pytest.mark.parametrize(
    ("role", "scope", "days", "says"),
    [
        (Role.COACH, None, 90, "a coach's token needs the coach it belongs to"),
        (Role.LEAD, "statistics:read", 90, "a scope belongs to the role service"),
        (Role.SERVICE, None, 90, "a scope belongs to the role service"),
        (Role.SERVICE, "everything", 90, "a scope belongs to the role service"),
        (Role.ADMIN, None, 0, "a token is good for at least one day"),
    ],
)
async def test_a_token_that_makes_no_sense_is_not_made(
    db: Database, now: datetime, role: Role, scope: str | None, days: int, says: str
) -> None:
    with pytest.raises(InvalidError, match=says):
        async with db.begin() as session:
            await tokens.create(session, role, scope=scope, days=days, now=now)
    async with db.read() as session:
        assert await tokens.listed(session) == []


async def test_an_id_that_no_token_has_is_said(db: Database, now: datetime) -> None:
    with pytest.raises(NotFoundError, match="'medvind token list' shows them"):
        async with db.begin() as session:
            await tokens.revoke(session, "nobody", now)
