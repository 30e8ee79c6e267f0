"""Extensions of the support for starting a business: who granted how many months, and when."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from medvind.model import Extension, PublicId, RecipientType, State, new_id
from medvind.store.among import among
from medvind.store.database import Session, ask, insert_once
from medvind.store.tables import OutboxRow, SupportPeriodRow

COLUMNS = (SupportPeriodRow.public_id, SupportPeriodRow.months, SupportPeriodRow.granted_on, SupportPeriodRow.created_at)
ALL = (
    select(SupportPeriodRow.participant_id, *COLUMNS[1:])
    .where(among(SupportPeriodRow.participant_id))
    .order_by(SupportPeriodRow.granted_on)
)
ON_ITS_WAY = (State.CLAIMED, State.UNKNOWN, State.SENT, State.DELIVERED, State.REVIEW)


@dataclass(frozen=True, slots=True)
class Granted:
    """An extension as it stands in the list of one person."""

    id: PublicId
    months: int
    granted_on: date
    recorded_at: datetime


async def extensions_of(session: Session, people: Collection[int]) -> Mapping[int, tuple[Extension, ...]]:
    """By person, in the order in which they were granted. Whoever has none is missing."""
    found: dict[int, list[Extension]] = defaultdict(list)
    for person, *extension in await ask(session, ALL, people):
        found[person].append(Extension(*extension))
    return {person: tuple(theirs) for person, theirs in found.items()}


async def listed(session: Session, participant_id: int) -> list[Granted]:
    """One person's, in the order in which they were recorded."""
    query = select(*COLUMNS).where(SupportPeriodRow.participant_id == participant_id).order_by(SupportPeriodRow.id)
    return [Granted(*row) for row in await session.execute(query)]


async def add(
    session: Session, participant_id: int, months: int, granted_on: date, coach_id: int | None, now: datetime
) -> Granted:
    """Records it, or answers with what is recorded for that day already: the caller sees whether the months are the same."""
    row = {
        "public_id": new_id(),
        "participant_id": participant_id,
        "months": months,
        "granted_on": granted_on,
        "coach_id": coach_id,
        "created_at": now,
    }
    await insert_once(session, SupportPeriodRow, [row], SupportPeriodRow.id)
    of_that_day = (SupportPeriodRow.participant_id == participant_id, SupportPeriodRow.granted_on == granted_on)
    return Granted(*(await session.execute(select(*COLUMNS).where(*of_that_day))).one())


async def remove(session: Session, participant_id: int, extension: PublicId) -> bool:
    """Takes one back; False where this person has none of that name."""
    theirs = (SupportPeriodRow.participant_id == participant_id, SupportPeriodRow.public_id == extension)
    gone = await session.execute(delete(SupportPeriodRow).where(*theirs).returning(SupportPeriodRow.id))
    return gone.first() is not None


async def may_have_read(session: Session, participant_id: int, key: str) -> bool:
    """Whether the message under this key has left, or may have."""
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == participant_id)
    query = select(OutboxRow.id).where(*theirs, OutboxRow.key == key, OutboxRow.state.in_(ON_ITS_WAY))
    return (await session.execute(query)).first() is not None
