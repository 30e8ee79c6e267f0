"""Moments are aware and come back as UTC; wall times stay what a person said. On both databases alike."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from medvind.model import MeetingKind
from medvind.store.database import Database
from medvind.store.tables import BeatRow, MeetingRow
from medvind.store.vault import Vault
from tests.people import add_meeting

HOME = ZoneInfo("Europe/Copenhagen")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        datetime(2026, 7, 1, 11, 30, 15, 123456, tzinfo=HOME),
        datetime(2026, 10, 25, 2, 30, tzinfo=HOME),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=HOME),
        datetime(2026, 3, 29, 3, 0, tzinfo=HOME),
        datetime(2027, 1, 1, 0, 0, tzinfo=timezone(timedelta(hours=14))),
    ],
)
async def test_a_moment_comes_back_as_the_same_moment_in_utc(db: Database, moment: datetime) -> None:
    async with db.begin() as session:
        await session.execute(insert(BeatRow).values(name="a", owner="b", at=moment))
    async with db.read() as session:
        back = await session.scalar(select(BeatRow.at))
    assert back is not None
    assert back.tzinfo is UTC or back.utcoffset() == timedelta()
    assert back == moment.astimezone(UTC)


async def test_moments_of_different_zones_are_compared_as_moments(db: Database) -> None:
    early, late = datetime(2026, 7, 1, 10, 30, tzinfo=HOME), datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    async with db.begin() as session:
        rows = [{"name": "late", "owner": "", "at": late}, {"name": "early", "owner": "", "at": early}]
        await session.execute(insert(BeatRow), rows)
        found = (await session.scalars(select(BeatRow.name).where(BeatRow.at < late.astimezone(HOME)))).all()
    assert list(found) == ["early"]


async def test_a_time_without_a_zone_is_refused_before_it_reaches_the_database(db: Database) -> None:
    naive = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="a moment needs a zone"):
        async with db.begin() as session:
            await session.execute(insert(BeatRow).values(name="a", owner="b", at=naive))
    async with db.read() as session:
        with pytest.raises(StatementError, match="a moment needs a zone"):
            await session.scalar(select(BeatRow.name).where(BeatRow.at < naive))


async def test_two_in_the_afternoon_stays_two_whatever_the_summer_does(db: Database, vault: Vault, now: datetime) -> None:
    walls = [
        datetime(2026, 7, 1, 14, 0),  # noqa: DTZ001 - wall times
        datetime(2026, 12, 1, 14, 0),  # noqa: DTZ001
        datetime(2026, 10, 25, 2, 30),  # noqa: DTZ001
        datetime(2026, 3, 29, 2, 30, 1, 5),  # noqa: DTZ001
    ]
    async with db.begin() as session:
        for number, wall in enumerate(walls):
            await add_meeting(session, vault, external_id=f"m-{number}", starts_at=wall, now=now)
    async with db.read() as session:
        assert (await session.scalars(select(MeetingRow.starts_at).order_by(MeetingRow.id))).all() == walls


async def test_a_wall_time_with_a_zone_is_refused(db: Database, vault: Vault, now: datetime) -> None:
    with pytest.raises(StatementError, match="a wall time has no zone"):
        async with db.begin() as session:
            await add_meeting(session, vault, starts_at=now, now=now)


async def test_words_of_a_fixed_list_come_back_as_that_word(db: Database, vault: Vault, now: datetime) -> None:
    async with db.begin() as session:
        for number, kind in enumerate(MeetingKind):
            wall = datetime(2026, 12, 1, 14, 0)  # noqa: DTZ001 - a wall time
            await add_meeting(session, vault, external_id=f"m-{number}", kind=kind, starts_at=wall, now=now)
        found = (await session.scalars(select(MeetingRow.kind).order_by(MeetingRow.id))).all()
    assert list(found) == list(MeetingKind)
    assert all(isinstance(kind, MeetingKind) for kind in found)
