"""The address of a calendar: one for each person, good until it is ended; and which meetings stand behind it."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from medvind.errors import NotFoundError
from medvind.model import Language, Role, Rsvp, Viewer, new_id
from medvind.store import feeds
from medvind.store.database import Database
from medvind.store.tables import FeedRow
from tests.people import ZONE, Person, add_coach, add_meeting, add_person


@pytest.fixture
async def maja(db: Database, now: datetime) -> Person:
    async with db.begin() as session:
        return await add_person(session, db.vault, now=now)


@pytest.fixture
async def bo(db: Database, now: datetime) -> Person:
    async with db.begin() as session:
        return await add_person(session, db.vault, external_id="d-002", phone=None, language=Language.EN, now=now)


async def create(db: Database, person: Person, now: datetime) -> str:
    async with db.begin() as session:
        return await feeds.create(session, person.id, now)


async def end(db: Database, person: Person) -> None:
    async with db.begin() as session:
        await feeds.end(session, person.id)


async def opens(db: Database, secret: str) -> int | None:
    """Whose calendar; None where nothing opens."""
    async with db.read() as session:
        try:
            return (await feeds.get_owner(session, secret)).id
        except NotFoundError:
            return None


async def test_a_secret_opens_the_calendar_of_its_person_alone(db: Database, maja: Person, bo: Person, now: datetime) -> None:
    majas, bos = await create(db, maja, now), await create(db, bo, now)
    assert [await opens(db, secret) for secret in (majas, bos)] == [maja.id, bo.id]
    async with db.read() as session:
        assert await feeds.get_owner(session, bos) == feeds.Owner(bo.id, Language.EN, ZONE)


async def test_a_new_secret_ends_the_earlier_one_of_this_person_alone(
    db: Database, maja: Person, bo: Person, now: datetime
) -> None:
    first, other = await create(db, maja, now), await create(db, bo, now)
    second = await create(db, maja, now + timedelta(minutes=1))
    assert [await opens(db, secret) for secret in (first, second, other)] == [None, maja.id, bo.id]


async def test_of_several_made_at_once_one_is_left(db: Database, maja: Person, now: datetime) -> None:
    made = await asyncio.gather(*(create(db, maja, now) for _ in range(4)))
    assert sorted([await opens(db, secret) for secret in made], key=str) == [maja.id, None, None, None]


async def test_an_ended_secret_opens_nothing_and_a_new_one_can_be_made(
    db: Database, maja: Person, bo: Person, now: datetime
) -> None:
    majas, bos = await create(db, maja, now), await create(db, bo, now)
    for _ in range(2):
        await end(db, maja)
        assert [await opens(db, secret) for secret in (majas, bos)] == [None, bo.id]
    assert await opens(db, await create(db, maja, now)) == maja.id


async def test_a_secret_fits_an_address_and_its_hash_alone_is_kept(db: Database, maja: Person, now: datetime) -> None:
    made = set()
    for _ in range(20):
        secret = await create(db, maja, now)
        made.add(secret)
        assert len(secret) == 43
        assert secret.replace("-", "").replace("_", "").isalnum()
        async with db.read() as session:
            [kept] = (await session.execute(select(FeedRow.__table__))).all()
        assert not any(secret in str(value) for value in kept)
    assert len(made) == 20


@pytest.mark.parametrize("guess", ["", "x", "%", "' or 1=1 --", "a" * 5000, "æøå"])
async def test_what_is_no_secret_opens_nothing(db: Database, maja: Person, now: datetime, guess: str) -> None:
    await create(db, maja, now)
    assert await opens(db, guess) is None


async def test_the_hash_itself_opens_nothing(db: Database, maja: Person, now: datetime) -> None:
    """Whoever has read the database can't fetch anybody's calendar."""
    await create(db, maja, now)
    async with db.read() as session:
        kept = await session.scalar(select(FeedRow.hash))
    assert kept
    assert await opens(db, kept) is None


async def test_a_person_sees_their_own_meetings_since_then_in_order(
    db: Database, maja: Person, bo: Person, now: datetime
) -> None:
    noon = datetime(2026, 12, 3, 12)  # noqa: DTZ001 - wall times
    async with db.begin() as session:
        for name, wall, zone, guests in (
            ("m-1", noon, ZONE, [maja]),
            ("m-2", noon, "Europe/London", [maja, bo]),
            ("m-3", noon.replace(hour=11), ZONE, [maja]),
            ("m-4", noon - timedelta(minutes=61), ZONE, [maja]),
            ("m-5", noon, ZONE, [bo]),
        ):
            await add_meeting(
                session, db.vault, external_id=name, title=name, starts_at=wall, zone=zone, attendees=guests, now=now
            )
    since = datetime.fromisoformat("2026-12-03T11:00+01:00")
    async with db.read() as session:
        found = await feeds.meetings_since(session, maja.id, since)
    assert [entry.title for entry in found] == ["m-3", "m-1", "m-2"]
    assert [entry.starts_at.isoformat() for entry in found][1:] == ["2026-12-03T12:00:00+01:00", "2026-12-03T12:00:00+00:00"]


async def test_called_off_refused_and_moved_are_told_as_they_stand(db: Database, maja: Person, now: datetime) -> None:
    wall = datetime(2026, 12, 3, 12)  # noqa: DTZ001 - a wall time
    async with db.begin() as session:
        await add_meeting(
            session, db.vault, starts_at=wall, sequence=3, cancelled=True, attendees=[maja], rsvp=Rsvp.NO, now=now
        )
    async with db.read() as session:
        [entry] = await feeds.meetings_since(session, maja.id, now)
    assert (entry.sequence, entry.cancelled, entry.rsvp, entry.changed_at) == (3, True, Rsvp.NO, now)
    assert entry.place not in repr(entry)
    assert entry.title not in repr(entry)


async def test_a_meeting_is_found_by_who_holds_it_and_by_whose_people_are_invited(db: Database, now: datetime) -> None:
    wall = datetime(2026, 12, 3, 12)  # noqa: DTZ001 - a wall time
    async with db.begin() as session:
        holder, follows, other = [(await add_coach(session, db.vault, now=now)).id for _ in range(3)]
        guest = await add_person(session, db.vault, coach_id=follows, now=now)
        theirs = await add_person(session, db.vault, external_id="d-9", phone=None, coach_id=other, now=now)
        made = await add_meeting(session, db.vault, starts_at=wall, coach_id=holder, attendees=[guest], now=now)
        await add_meeting(session, db.vault, external_id="m-9", starts_at=wall, attendees=[theirs], now=now)
    assert await seen(db, made.public_id, Viewer(holder, Role.COACH))
    assert await seen(db, made.public_id, Viewer(follows, Role.COACH))
    nobody = [Viewer(other, Role.COACH), Viewer(None, Role.ADMIN), Viewer(holder, Role.LEAD), Viewer(None, Role.COACH)]
    nobody.append(Viewer(None, Role.SERVICE, "participants:read"))
    assert not any([await seen(db, made.public_id, viewer) for viewer in nobody])
    assert not await seen(db, new_id(), Viewer(holder, Role.COACH))


async def seen(db: Database, public_id: str, viewer: Viewer) -> bool:
    async with db.read() as session:
        try:
            return (await feeds.meeting(session, public_id, seen_by=viewer)).id == public_id
        except NotFoundError:
            return False
