"""Counts of people who were erased, so that figures stay as they were: all of them together, without a day and a group."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from medvind.store.database import Session, ask
from medvind.store.tables import CounterRow

ALL = select(CounterRow.measure, CounterRow.count)


async def add(session: Session, counts: Mapping[str, int]) -> None:
    """Puts these on top, in one order for all, so that two at once never wait for one another."""
    rows = [{"measure": measure, "count": count} for measure, count in sorted(counts.items()) if count]
    if not rows:
        return
    statement = (postgresql.insert if session.on_postgresql else sqlite.insert)(CounterRow).values(rows)
    more = {"count": CounterRow.count + statement.excluded.count}
    await session.execute(statement.on_conflict_do_update(index_elements=["measure"], set_=more))


async def read(session: Session) -> dict[str, int]:
    """All of them, by measure."""
    return dict(await ask(session, ALL))
