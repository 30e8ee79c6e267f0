"""Programmes as data: versions that never change, and which of them each cohort follows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from medvind.errors import ConflictError
from medvind.store.database import Session, insert_once
from medvind.store.tables import CohortRow, ParticipantRow, ProgrammeRow

FIRST = 1


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a programme: the row inside, its number, and what it says, as it is kept."""

    id: int
    number: int
    says: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort and the version that it follows; None: the programme that Medvind brings."""

    id: int
    programme_id: int | None


async def latest(session: Session, name: str) -> Version | None:
    """The newest version of the programme with this name."""
    query = select(ProgrammeRow.id, ProgrammeRow.version, ProgrammeRow.steps).where(ProgrammeRow.name == name)
    row = (await session.execute(query.order_by(ProgrammeRow.version.desc()).limit(1))).first()
    return Version(*row) if row else None


async def save(session: Session, name: str, number: int, says: Mapping[str, Any], now: datetime) -> int:
    """Keeps a new version; its row. Raises ConflictError where somebody else has just kept one under this number."""
    row = {"name": name, "version": number, "steps": dict(says), "created_at": now}
    new = await insert_once(session, ProgrammeRow, [row], ProgrammeRow.id)
    if not new:
        raise ConflictError(f"programme {name}: version {number} has just been made by somebody else; import it again")
    return int(new[0])


async def cohorts(session: Session) -> dict[str, Cohort]:
    """All cohorts, by name."""
    query = select(CohortRow.name, CohortRow.id, CohortRow.programme_id).order_by(CohortRow.id)
    return {name: Cohort(row, programme) for name, row, programme in await session.execute(query)}


async def follow(session: Session, cohort_ids: Collection[int], programme_id: int) -> None:
    """From now on these cohorts follow this version."""
    await session.execute(update(CohortRow).where(CohortRow.id.in_(cohort_ids)).values(programme_id=programme_id))


async def members(session: Session, cohort_ids: Collection[int]) -> list[int]:
    """Everybody in these cohorts."""
    query = select(ParticipantRow.id).where(ParticipantRow.cohort_id.in_(cohort_ids), ParticipantRow.merged_into.is_(None))
    return list(await session.scalars(query.order_by(ParticipantRow.id)))
