"""Whom to plan: what each person's plan was last made from, and how far it reaches."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from medvind.store.database import Session
from medvind.store.tables import ParticipantRow


async def batch_after(session: Session, last: int, size: int) -> dict[int, tuple[str | None, datetime | None]]:
    """The next people by id, with the fingerprint of their facts and the end of their plan."""
    query = select(ParticipantRow.id, ParticipantRow.fingerprint, ParticipantRow.planned_until)
    rows = await session.execute(query.where(ParticipantRow.id > last).order_by(ParticipantRow.id).limit(size))
    return {person: (seen, until) for person, seen, until in rows}


async def reach(session: Session, people: Collection[int]) -> dict[int, datetime | None]:
    """How far these people's plans reach."""
    query = select(ParticipantRow.id, ParticipantRow.planned_until).where(ParticipantRow.id.in_(people))
    return dict((await session.execute(query)).all())


async def planned(session: Session, plans: Mapping[int, tuple[str, datetime]]) -> None:
    """Remembers what these plans were made from and how far they reach."""
    if not plans:
        return
    statement = update(ParticipantRow).where(ParticipantRow.id == bindparam("person"))
    rows = [{"person": person, "seen": seen, "reach": until} for person, (seen, until) in plans.items()]
    changes: dict[str, Any] = {"fingerprint": bindparam("seen"), "planned_until": bindparam("reach")}
    await (await session.connection()).execute(statement.values(**changes), rows)
