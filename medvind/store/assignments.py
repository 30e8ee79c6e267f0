"""Who followed somebody, from when to when."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import exists, select

from medvind.model import Coached
from medvind.store.among import among
from medvind.store.database import Session, ask
from medvind.store.tables import AssignmentRow, ParticipantRow

HANDED_OVER = (
    exists().where(AssignmentRow.participant_id == ParticipantRow.id, AssignmentRow.until.is_not(None)).label("handed_over")
)
"""Whether somebody else has followed this person before: most have had one coach alone, and then nothing more is asked."""
ALL = (
    select(AssignmentRow.participant_id, AssignmentRow.coach_id, AssignmentRow.since, AssignmentRow.until)
    .where(among(AssignmentRow.participant_id))
    .order_by(AssignmentRow.since, AssignmentRow.id)
)


async def coaches_of(session: Session, people: Collection[int]) -> Mapping[int, tuple[Coached, ...]]:
    """By person, in order. Whoever has none is missing."""
    found: dict[int, list[Coached]] = defaultdict(list)
    for person, *coached in await ask(session, ALL, people):
        found[person].append(Coached(*coached))
    return {person: tuple(theirs) for person, theirs in found.items()}
