"""After a backup was restored nothing that was due is sent again unasked, and a coach knows of each."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from medvind.model import Milestone, State, TaskKind
from medvind.store import backup
from medvind.store.backup import REASON
from medvind.store.database import Database
from medvind.store.outbox import GAVE_WAY
from medvind.store.tables import OutboxRow, TaskRow
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.fakes import HandClock, Town
from tests.people import add_coach, add_duty, add_meeting, add_person

HOUR = timedelta(hours=1)


async def saved(db: Database, folder: Path) -> Path:
    """A backup, in a copy that may be changed."""
    file = folder / "saved.backup"
    file.touch()
    await backup.save(db, file)
    return file


@pytest.fixture
async def other(vault: Vault, tmp_path: Path) -> AsyncIterator[Database]:
    """A new database to restore into."""
    async with Database.open(f"sqlite:///{tmp_path / 'other.db'}", vault) as database:
        yield database


async def test_what_was_due_waits_for_a_coach_and_what_lies_ahead_is_sent(
    db: Database, other: Database, tmp_path: Path, now: datetime
) -> None:
    due, ahead = now - timedelta(hours=1), now + timedelta(hours=1)
    rows: Sequence[tuple[str, State, datetime, dict[str, Any], State]] = [
        ("due", State.PLANNED, due, {}, State.REVIEW),
        ("just-now", State.PLANNED, now, {}, State.REVIEW),
        ("ahead", State.PLANNED, ahead, {}, State.PLANNED),
        ("in-hand", State.CLAIMED, due, {"lease_until": ahead, "attempts": 1}, State.REVIEW),
        ("in-doubt", State.UNKNOWN, due, {"unknown_since": due}, State.REVIEW),
        ("goes-along-with-due", State.PLANNED, ahead, {"carried_by": "due"}, State.REVIEW),
        ("goes-along-in-hand", State.CLAIMED, ahead, {"carried_by": "in-hand"}, State.REVIEW),
        ("goes-along-later", State.PLANNED, ahead, {"carried_by": "ahead"}, State.PLANNED),
        ("gave-way", State.CANCELLED, due, {"reason": f"{GAVE_WAY}day_full"}, State.EXPIRED),
        ("gives-way-later", State.CANCELLED, ahead, {"reason": f"{GAVE_WAY}day_full"}, State.CANCELLED),
        ("withdrawn", State.CANCELLED, due, {"reason": "no longer owed"}, State.CANCELLED),
        ("sent", State.SENT, due, {}, State.SENT),
        ("failed", State.FAILED, due, {}, State.FAILED),
    ]
    async with db.begin() as session:
        person = await add_person(session, db.vault, now=now)
        for key, state, at, columns, _ in rows:
            await add_duty(session, db.vault, person, key=key, state=state, due_at=at, **columns)
    done = await backup.restore(other, await saved(db, tmp_path), now)
    async with other.read() as session:
        assert set(await session.scalars(select(OutboxRow.unknown_since).where(OutboxRow.state == State.REVIEW))) == {due, now}
        states = dict((await session.execute(select(OutboxRow.key, OutboxRow.state))).all())
        tasks = {
            why["key"]: (why["reason"], whose)
            for why, whose in await session.execute(select(TaskRow.why, TaskRow.participant_id))
        }
    print(f"looked at {len(states)} messages")
    assert states == {key: becomes for key, *_, becomes in rows}
    held = {key for key, *_, becomes in rows if becomes is State.REVIEW}
    assert tasks == dict.fromkeys(held, (REASON, person.id))
    assert (done.held_back.to_review, done.held_back.over) == (len(held), 1)


async def test_what_left_after_the_backup_is_not_sent_again_after_it_is_restored(
    db: Database, other: Database, tmp_path: Path, now: datetime, catalogue: Catalogue
) -> None:
    """Ten people, sixteen days: backed up on the third, lost on the ninth, restored within the hour."""
    old = Town(db, HandClock(now), catalogue)
    async with db.begin() as session:
        coach = await add_coach(session, db.vault, now=now)
        people = [
            await add_person(
                session,
                db.vault,
                external_id=f"d-{number}",
                phone=f"+45010000{number:02}",
                coach_id=coach.id,
                milestones={Milestone.COURSE_ENDED: (now - timedelta(days=10 + number)).date()},
                now=now,
            )
            for number in range(10)
        ]
        for number in range(1, 12):
            at = now.replace(tzinfo=None) + timedelta(days=2 + number, hours=4)
            await add_meeting(session, db.vault, external_id=f"m-{number}", starts_at=at, attendees=people[:5], now=now)
    for person in people:
        await old.plan(person.id)
    await old.run_until(now + timedelta(days=2), HOUR)
    file = await saved(db, tmp_path)
    kept = await keys_of(old)
    await old.run_until(now + timedelta(days=8), HOUR)
    left = await keys_of(old)

    await backup.restore(other, file, now + timedelta(days=8))
    new = Town(other, HandClock(now + timedelta(days=8)), catalogue)
    for person in people:
        await new.plan(person.id)
    await new.run_until(now + timedelta(days=16), HOUR)
    again = await keys_of(new) - kept
    between = left - kept
    print(f"{len(kept)} left before the backup, {len(between)} between, {len(again)} after; twice: {sorted(between & again)}")
    assert len(between) > 20
    assert len(again) > 20
    assert between & again == set()
    assert kept <= await keys_of(new)
    reviews = await new.rows(State.REVIEW)
    async with other.read() as session:
        listed = set(await session.scalars(select(TaskRow.key)))
        assert TaskKind.NOT_PLANNED not in set(await session.scalars(select(TaskRow.kind)))
    assert {f"review:{row.id}" for row in reviews} <= listed
    assert between <= {(row.recipient_id, row.kind, row.key) for row in reviews}


async def keys_of(town: Town) -> set[tuple[int, str, str]]:
    """What has left, by the person and its key."""
    return {(row.recipient_id, row.kind, row.key) for row in await town.rows(State.SENT)}
