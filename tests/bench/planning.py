"""Planning a cohort, beside a bare insert of the very rows that came of it; planning it again; and one person at a time."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from medvind.flows.plan import Counts, plan_all, replan
from medvind.model import Rsvp
from medvind.store.database import Database
from medvind.store.questions import rsvp
from medvind.store.tables import AttendeeRow, MeetingRow, OutboxRow
from tests.bench.cohort import add_mixed
from tests.bench.figures import Figure, percentile
from tests.bench.places import MorningClock, Place, opened

PART = 5_000
"""Rows of a bare statement."""
ONE_BY_ONE = 200
"""People who are planned by themselves."""
ROWS = "rows/s"


async def cohort(place: Place, empty: str, people: int, clock: MorningClock) -> str:
    """A database with the people and their facts, not yet planned."""
    url = place.copy(empty)
    async with opened(url) as db, db.begin(None) as session:
        await add_mixed(session, people, clock.now())
    return url


async def measure(place: Place, people: str, clock: MorningClock) -> list[Figure]:
    """The people's first plan, the same plan again, the bare insert, and one person's answer with the plan that follows."""
    async with opened(place.copy(people)) as db:
        began = time.perf_counter()
        first = await plan_all(db, clock, limit=None)
        planned = time.perf_counter()
        again = await plan_all(db, clock, limit=None)
        passed_by = time.perf_counter()
        rows = await _rows(db)
        _check(first, again, len(rows))
        spans = await _one_by_one(db, clock)
    bare = len(rows) / await _insert_bare(place.copy(people), rows)
    return [
        Figure("plan a new cohort", place.kind, ROWS, len(rows) / (planned - began), bare),
        Figure("plan it again, unchanged", place.kind, ROWS, len(rows) / (passed_by - planned), bare),
        Figure("one answer and re-plan, median", place.kind, "ms", percentile(spans, 50)),
        Figure("one answer and re-plan, p99", place.kind, "ms", percentile(spans, 99)),
    ]


def _check(first: Counts, again: Counts, rows: int) -> None:
    """A fast plan that leaves somebody out is no result."""
    if first.failed or first.added != rows or (again.added, again.unchanged) != (0, rows):
        raise RuntimeError(f"planning went wrong: {rows} rows, {first}, {again}")


async def _rows(db: Database) -> list[dict[str, Any]]:
    async with db.read(None) as session:
        return [dict(row) for row in (await session.execute(select(OutboxRow.__table__))).mappings()]


async def _insert_bare(url: str, rows: Sequence[dict[str, Any]]) -> float:
    """Seconds to insert these rows by executemany, in one transaction, into the same table on the same engine."""
    async with opened(url) as db:
        began = time.perf_counter()
        async with db.engine.begin() as connection:
            for start in range(0, len(rows), PART):
                await connection.execute(insert(OutboxRow), rows[start : start + PART])
        return time.perf_counter() - began


async def _one_by_one(db: Database, clock: MorningClock) -> list[float]:
    """Milliseconds from somebody's no to their meeting until what follows from it is committed."""
    async with db.read() as session:
        guests = select(AttendeeRow.participant_id, MeetingRow.public_id).join(
            MeetingRow, MeetingRow.id == AttendeeRow.meeting_id
        )
        chosen = (await session.execute(guests.order_by(AttendeeRow.participant_id).limit(ONE_BY_ONE))).all()
    spans = []
    for person, meeting in chosen:
        began = time.perf_counter()
        async with db.begin() as session:
            await rsvp(session, meeting, person, Rsvp.NO, clock.now())
            counts = await replan(session, person, clock.now())
        spans.append((time.perf_counter() - began) * 1000)
        if not counts.withdrawn:
            raise RuntimeError("a no to a meeting withdrew nothing")
    return spans
