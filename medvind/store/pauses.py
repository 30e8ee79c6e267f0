"""Pauses: when somebody wants peace, of one topic or of all messages."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select, update

from medvind.model import Pause, PauseReason, Topic, new_id
from medvind.store.among import among
from medvind.store.database import Session, ask
from medvind.store.tables import ParticipantRow, PauseRow
from medvind.store.types import Utc

COLUMNS = (PauseRow.participant_id, PauseRow.since, PauseRow.until, PauseRow.topic, PauseRow.ended_at, PauseRow.reason)
ALL = select(*COLUMNS).where(among(PauseRow.participant_id)).order_by(PauseRow.id)
ENDED = (
    update(PauseRow)
    .where(
        PauseRow.participant_id == bindparam("person"),
        or_(
            and_(PauseRow.until > bindparam("today"), PauseRow.ended_at.is_(None)),
            and_(PauseRow.reason == PauseReason.REST, PauseRow.ended_at > bindparam("now", type_=Utc)),
        ),
    )
    .values(ended_at=bindparam("now", type_=Utc))
    .returning(PauseRow.reason)
)


@dataclass(frozen=True, slots=True)
class Running:
    """A pause that holds now, of one topic or, with None, of all. Messages begin again on the local day `until`."""

    topic: Topic | None
    since: datetime
    until: date
    reason: PauseReason


async def pauses_of(session: Session, people: Collection[int]) -> Mapping[int, tuple[Pause, ...]]:
    """All pauses there ever were of everybody asked about, in one question: what waited for the end of one still does."""
    found: dict[int, list[Pause]] = defaultdict(list)
    for person, since, until, topic, ended, reason in await ask(session, ALL, people):
        found[person].append(Pause(since, until, topic, ended, reason == PauseReason.REST))
    return {person: tuple(found[person]) for person in people}


async def running(session: Session, person: int, today: date) -> list[Running]:
    """What holds on this local day, the oldest first."""
    columns = (PauseRow.topic, PauseRow.since, PauseRow.until, PauseRow.reason)
    query = select(*columns).where(*_running(person, today)).order_by(PauseRow.since, PauseRow.id)
    return [Running(*cells) for cells in await session.execute(query)]


async def begin(
    session: Session, person: int, topic: Topic | None, until: date, reason: PauseReason, *, now: datetime, today: date
) -> None:
    """From now until that local day; where one of this topic runs already, it gets this end and reason."""
    await session.execute(select(ParticipantRow.id).where(ParticipantRow.id == person).with_for_update())
    changes: dict[str, Any] = {"until": until, "reason": reason}
    same = update(PauseRow).where(*_running(person, today), PauseRow.topic == topic).values(**changes)
    if (await session.execute(same.returning(PauseRow.id))).first() is None:
        row = {"public_id": new_id(), "participant_id": person, "topic": topic, "since": now, "created_at": now}
        await session.execute(insert(PauseRow).values(**row, **changes))


async def end(session: Session, person: int, topic: Topic | None, *, now: datetime, today: date) -> bool:
    """Ends the one of this topic at this moment; False where none runs."""
    same = update(PauseRow).where(*_running(person, today), PauseRow.topic == topic).values(ended_at=now)
    return (await session.execute(same.returning(PauseRow.id))).first() is not None


async def end_all(session: Session, person: int, *, now: datetime, today: date) -> frozenset[PauseReason]:
    """Ends every pause of every topic, stops of one kind and rest too; why there were such."""
    return frozenset(reason for (reason,) in await ask(session, ENDED, person=person, today=today, now=now))


async def rest(session: Session, person: int, since: datetime, until: datetime) -> None:
    """Peace between these moments, whatever pauses there are."""
    row = {"public_id": new_id(), "participant_id": person, "topic": None, "since": since, "created_at": since}
    ends = {"until": until.date() + timedelta(days=1), "ended_at": until, "reason": PauseReason.REST}
    await session.execute(insert(PauseRow).values(**row, **ends))


def _running(person: int, today: date) -> tuple[Any, ...]:
    return PauseRow.participant_id == person, PauseRow.until > today, PauseRow.ended_at.is_(None)
