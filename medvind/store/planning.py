"""Whom to plan: what each person's plan was last made from, and how far it reaches."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update

from medvind.store.among import among
from medvind.store.database import Session, ask
from medvind.store.tables import ParticipantRow

AFTER = (
    select(ParticipantRow.id, ParticipantRow.fingerprint, ParticipantRow.planned_until)
    .where(ParticipantRow.id > bindparam("last"), ParticipantRow.merged_into.is_(None))
    .order_by(ParticipantRow.id)
    .limit(bindparam("size"))
)
MADE_FROM = select(ParticipantRow.id, ParticipantRow.fingerprint, ParticipantRow.planned_until).where(among(ParticipantRow.id))
REACH = select(ParticipantRow.id, ParticipantRow.planned_until).where(among(ParticipantRow.id))
THERE = select(ParticipantRow.id).where(among(ParticipantRow.id)).with_for_update(read=True, key_share=True)
PLANNED = (
    update(ParticipantRow)
    .where(ParticipantRow.id == bindparam("person"))
    .values(fingerprint=bindparam("seen"), planned_until=bindparam("reach"))
)


async def batch_after(session: Session, last: int, size: int) -> dict[int, tuple[str | None, datetime | None]]:
    """The next people by id, with the fingerprint of their facts and the end of their plan."""
    return {person: (seen, until) for person, seen, until in await ask(session, AFTER, last=last, size=size)}


async def made_from(session: Session, people: Collection[int]) -> dict[int, tuple[str | None, datetime | None]]:
    """The same of these people."""
    return {person: (seen, until) for person, seen, until in await ask(session, MADE_FROM, people)}


async def reach(session: Session, people: Collection[int]) -> dict[int, datetime | None]:
    """How far these people's plans reach."""
    return dict(await ask(session, REACH, people))


async def still_there(session: Session, people: Collection[int]) -> set[int]:
    """Those of these people who were not erased meanwhile, and are not until the transaction ends.

    Nothing in the outbox points at a person: what was planned for one who is gone would be owed to nobody for ever.
    """
    if not session.on_postgresql:
        return set(people)  # on SQLite nobody else writes meanwhile
    return {person for (person,) in await ask(session, THERE, people)}


async def planned(session: Session, plans: Mapping[int, tuple[str, datetime]]) -> None:
    """Remembers what these plans were made from and how far they reach."""
    if not plans:
        return
    rows = [{"person": person, "seen": seen, "reach": until} for person, (seen, until) in plans.items()]
    await (await session.direct()).execute(PLANNED, rows)
