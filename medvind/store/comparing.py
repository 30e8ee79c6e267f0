"""Where two records say different things of one person."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from medvind.store.database import Session
from medvind.store.tables import (
    CoachRow,
    CohortRow,
    MilestoneRow,
    ParticipantRow,
    ProgrammeRow,
    SupportPeriodRow,
    VatPeriodRow,
)

SHOWN = ("coach", "cohort", "programme", "language", "zone")
"""What is no secret of the person's: of the rest it is only said that it differs."""
NOT_TAKEN_OVER = ("business_name", "private_word")
"""What is bound to its own record, so that the other one can't have it: it has to be set there anew."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the two say differently. What `kept` says holds; None: it isn't shown, or nothing is said."""

    what: str
    kept: str | None
    other: str | None


async def differences(session: Session, kept: int, other: int) -> list[Difference]:
    """In a fixed order; where only one of them says something it is taken over, but for what can't be."""
    mine, theirs = await _profile(session, kept), await _profile(session, other)
    found = []
    for what, says in theirs.items():
        own = mine.get(what)
        if says is None or says == own or (own is None and what not in NOT_TAKEN_OVER):
            continue
        found.append(Difference(what, _shown(what, own), _shown(what, says)))
    return found


def _shown(what: str, says: Any) -> str | None:
    return str(says[-1] if isinstance(says, tuple) else says) if what in SHOWN and says is not None else None


async def _profile(session: Session, row: int) -> dict[str, Any]:
    query = (
        select(ParticipantRow.__table__, CoachRow.public_id.label("coach"), CoachRow.first_name.label("called"), CohortRow.name)
        .add_columns(ProgrammeRow.name.label("programme"), ProgrammeRow.version)
        .join(CoachRow, CoachRow.id == ParticipantRow.coach_id, isouter=True)
        .join(CohortRow, CohortRow.id == ParticipantRow.cohort_id, isouter=True)
        .join(ProgrammeRow, ProgrammeRow.id == CohortRow.programme_id, isouter=True)
    )
    one: Any = (await session.execute(query.where(ParticipantRow.id == row))).one()
    vault = session.vault
    days = select(MilestoneRow.name, MilestoneRow.day).where(MilestoneRow.participant_id == row).order_by(MilestoneRow.id)
    return {
        "coach": one.coach and (one.coach, vault.maybe(CoachRow.first_name, one.coach, one.called)),
        "cohort": one.name,
        "programme": one.programme and f"{one.programme} {one.version}",
        "language": str(one.language),
        "zone": one.zone,
        "first_name": vault.open(ParticipantRow.first_name, one.public_id, one.first_name),
        "business_name": vault.maybe(ParticipantRow.business_name, one.public_id, one.business_name),
        "private_word": one.private_word,
        "support_type": one.support_type,
        "quiet_hours": one.quiet_hours,
        "pays_b_tax": one.pays_b_tax,
        "sells_to_eu": one.sells_to_eu,
        **{str(name): day for name, day in (await session.execute(days))},
        "vat": await _history(session, row, VatPeriodRow.since, VatPeriodRow.period),
        "support": await _history(session, row, SupportPeriodRow.granted_on, SupportPeriodRow.months),
    }


async def _history(session: Session, row: int, *columns: Any) -> tuple[Any, ...] | None:
    theirs = select(*columns).where(columns[0].class_.participant_id == row).order_by(columns[0])
    return tuple(await session.execute(theirs)) or None
