"""Planning a cohort, beside a bare insert of the very rows that came of it; planning it again; and one person at a time."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import func, insert, select

from medvind.flows.plan import plan_all, replan
from medvind.model import Rsvp
from medvind.store.database import Database
from medvind.store.questions import rsvp
from medvind.store.tables import AttendeeRow, MeetingRow, OutboxRow
from tests.bench.alone import Planned, planned_alone
from tests.bench.cohort import add_crowd, add_mixed
from tests.bench.figures import Figure, Target, percentile
from tests.bench.places import MorningClock, Place, opened

PART = 5_000
"""Rows of a bare statement."""
SHARE = 10
"""Memory is compared with that for a tenth of the people."""
FEW_PEOPLE, MANY_DUTIES = 800, 1_000_000
"""Whose duties are some 10,000, and how many there are beside them in the large database."""
ONE_BY_ONE, SERIES = 200, 3
"""People who are planned by themselves, one after the other in each of the two; and how often. The quietest series counts."""
ROWS = "rows/s"


async def cohort(place: Place, empty: str, people: int, clock: MorningClock) -> str:
    """A database with the people and their facts, not yet planned."""
    url = place.copy(empty)
    async with opened(url) as db, db.begin(None) as session:
        await add_mixed(session, people, clock.now())
    return url


def measure(place: Place, empty: str, people: int, clock: MorningClock) -> list[Figure]:
    """Everybody's first plan beside the bare insert, the same plan again beside the first, and how memory grows with people."""
    unplanned = asyncio.run(cohort(place, empty, people, clock))
    few = planned_alone(asyncio.run(cohort(place, empty, max(1, people // SHARE), clock)))
    url = place.copy(unplanned)
    many = planned_alone(url)
    rows, seconds = asyncio.run(_insert_bare(url, place.copy(unplanned)))
    _check(many, rows)
    anew, unchanged = rows / many.anew, rows / many.unchanged
    figures = [
        Figure("plan a new cohort", place.kind, ROWS, anew, rows / seconds, Target(least=0.3)),
        Figure("plan it again, unchanged", place.kind, ROWS, unchanged, anew, Target(least=3)),
    ]
    if many.grown is not None and few.grown is not None:
        name = f"memory, {SHARE} times the people"
        figures.append(Figure(name, place.kind, "MB", many.grown, few.grown, Target(most=1.25)))
    return figures


def _check(done: Planned, rows: int) -> None:
    """A fast plan that leaves somebody out is no result."""
    first, again = done.first, done.again
    if first.failed or first.added + first.gave_way != rows or (again.added, again.unchanged) != (0, first.added):
        raise RuntimeError(f"planning went wrong: {rows} rows, {first}, {again}")


async def _insert_bare(planned: str, url: str) -> tuple[int, float]:
    """How many rows came of a plan, and the seconds to insert them into the same table of another database.

    By executemany, in one transaction, on the same engine as ours. Reading them is not counted.
    """
    rows, seconds = 0, 0.0
    async with opened(planned) as source, opened(url) as db, db.engine.connect() as connection:
        async for part in _parts(source):
            began = time.perf_counter()
            await connection.execute(insert(OutboxRow), part)
            seconds, rows = seconds + time.perf_counter() - began, rows + len(part)
        began = time.perf_counter()
        await connection.commit()
        return rows, seconds + time.perf_counter() - began


async def _parts(source: Database) -> AsyncIterator[list[dict[str, Any]]]:
    last = 0
    while True:
        query = select(OutboxRow.__table__).where(OutboxRow.id > last).order_by(OutboxRow.id).limit(PART)
        async with source.read(None) as session:
            rows = [dict(row) for row in (await session.execute(query)).mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


async def measure_one_by_one(place: Place, empty: str, clock: MorningClock) -> list[Figure]:
    """One person's answer with the plan that follows, where few duties are stored and where many are, by turns."""
    few = await cohort(place, empty, FEW_PEOPLE, clock)
    async with opened(few) as db:
        await plan_all(db, clock, limit=None)
    many = place.copy(few)
    async with opened(few) as calm, opened(many) as full:
        async with full.begin(None) as session:
            await add_crowd(session, MANY_DUTIES)
            print(f"{place.kind}: {await session.scalar(select(func.count(OutboxRow.id))):,} duties are stored")
        series = [await _one_by_one({"small": calm, "large": full}, turn, clock) for turn in range(SERIES)]
    small, large = min(series, key=lambda spans: sum(percentile(one, 99) for one in spans.values())).values()
    figures = []
    for name, share, target in (("median", 50, None), ("p99", 99, Target(under=25))):
        alone, crowded = percentile(small, share), percentile(large, share)
        figures.append(Figure(f"one answer and re-plan, {name}", place.kind, "ms", alone, target=target))
        figures.append(Figure(f"{MANY_DUTIES:,} duties stored, {name}", place.kind, "ms", crowded, alone, Target(most=1.25)))
    return figures


async def _one_by_one(databases: Mapping[str, Database], turn: int, clock: MorningClock) -> dict[str, list[float]]:
    """Milliseconds from somebody's no to their meeting until what follows from it is committed, by database."""
    guests = select(AttendeeRow.participant_id, MeetingRow.public_id).join(MeetingRow, MeetingRow.id == AttendeeRow.meeting_id)
    part = guests.order_by(AttendeeRow.participant_id).limit(ONE_BY_ONE).offset(turn * ONE_BY_ONE)
    async with databases["small"].read() as session:
        chosen = (await session.execute(part)).all()
    spans: dict[str, list[float]] = {name: [] for name in databases}
    for person, meeting in chosen:
        for name, db in databases.items():
            began = time.perf_counter()
            async with db.begin() as session:
                await rsvp(session, meeting, person, Rsvp.NO, clock.now())
                counts = await replan(session, person, clock.now())
            spans[name].append((time.perf_counter() - began) * 1000)
            if not counts.withdrawn:
                raise RuntimeError("a no to a meeting withdrew nothing")
    return spans
