"""What coaches may look at. Every question says who is looking, and the answer is in the query itself.

Whoever isn't theirs is not there: somebody else's person and nobody at all raise the same error and make the same page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from medvind.errors import FieldError, MergeRefusedError, NotFoundError
from medvind.model import PublicId, Role, State, Viewer
from medvind.store.claims import in_state
from medvind.store.database import Session
from medvind.store.tables import (
    AllowanceRow,
    AttendeeRow,
    BreakerRow,
    CoachRow,
    CohortRow,
    DeputyRow,
    MeetingRow,
    OutboxRow,
    ParticipantRow,
)

READS_PARTICIPANTS = "participants:read"
NOT_FOUND = "nothing there that this viewer may see"

Item = TypeVar("Item")
Found = Select[*tuple[Any, ...]]
"""A query, whatever its columns are."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of a list; `next` is where the rest begins, None at the end."""

    items: tuple[Item, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as they stand in a line about something else."""

    id: PublicId
    external_id: str
    first_name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A person whom this viewer may see. `row` is the name inside; it never leaves the service."""

    row: int
    id: PublicId
    external_id: str
    first_name: str
    business_name: str | None
    cohort: str | None
    zone: str


STANDS = ParticipantRow.merged_into.is_(None)
"""The condition of a record that stands for a person: one that was joined with another is nobody in any list."""


def own_people(viewer: Viewer) -> ColumnElement[bool]:
    """The people whom a coach serves, with all that is known of them. Raises NotFoundError for everybody else's role."""
    return and_(own_records(viewer), STANDS)


def own_records(viewer: Viewer) -> ColumnElement[bool]:
    """The same with the records that were joined with another one."""
    return ParticipantRow.coach_id.in_(_served(viewer))


def _served(viewer: Viewer) -> Select[int]:
    """Which coaches' people these are: a coach's own, and those of whom they stand in for today."""
    if viewer.role != Role.COACH or viewer.coach_id is None:
        raise NotFoundError(NOT_FOUND)
    stands_in = exists().where(DeputyRow.coach_id == CoachRow.id, DeputyRow.deputy_id == viewer.coach_id, runs_on(viewer.today))
    return select(CoachRow.id).where(or_(CoachRow.id == viewer.coach_id, stands_in))


def runs_on(day: date | None) -> ColumnElement[bool]:
    """The condition of a grant to a deputy that has not ended: its last day ends it, with no job that could be late."""
    return DeputyRow.last_day >= day if day else false()


def listed_people(viewer: Viewer) -> ColumnElement[bool]:
    """Who stands in the list: a coach's own people; everybody for a service that was given just that scope."""
    if viewer.role == Role.SERVICE and viewer.scope == READS_PARTICIPANTS:
        return STANDS
    return own_people(viewer)


def own_meetings(viewer: Viewer) -> ColumnElement[bool]:
    """Meetings that this coach holds or stands in at, or that one of their people is invited to. Raises the same."""
    own = own_people(viewer)
    with_own = exists(
        select(AttendeeRow.meeting_id)
        .join(ParticipantRow, ParticipantRow.id == AttendeeRow.participant_id)
        .where(AttendeeRow.meeting_id == MeetingRow.id, own)
    )
    return or_(MeetingRow.coach_id.in_(_served(viewer)), with_own)


async def people(session: Session, *, seen_by: Viewer, after: str | None, limit: int) -> Page[Seen]:
    """The list of people, by their external id."""
    return await _people(session, listed_people(seen_by), after, limit)


async def followed_people(session: Session, *, seen_by: Viewer, after: str | None, limit: int) -> Page[Seen]:
    """The coach's own people, by their external id."""
    return await _people(session, own_people(seen_by), after, limit)


async def person(session: Session, public_id: str, *, seen_by: Viewer) -> Seen:
    """One of the coach's own people. Raises MergeRefusedError where this record was joined with another one."""
    named = ParticipantRow.public_id == PublicId(public_id)
    found = (await session.execute(_seen(own_people(seen_by)).where(named))).first()
    if found is None:
        other = aliased(ParticipantRow)
        into = select(other.external_id).join(ParticipantRow, ParticipantRow.merged_into == other.id)
        raise refusal(await session.scalar(into.where(own_records(seen_by), named)))
    return _opened(session, found)


def refusal(into: str | None) -> NotFoundError | MergeRefusedError:
    """Why there is nobody under this name: there never was for this viewer, or the record is part of another one."""
    if into is None:
        return NotFoundError(NOT_FOUND)
    return MergeRefusedError("merged", f"this record was joined with {into}; go on with that one, or undo it first", into)


async def hold(session: Session, public_id: str) -> None:
    """Whoever is joined or taken apart waits until this transaction ends, and this one for them."""
    named = ParticipantRow.public_id == PublicId(public_id)
    await session.execute(select(ParticipantRow.id).where(named).with_for_update(key_share=True))


async def oldest_due_at(session: Session, now: datetime) -> datetime | None:
    """Since when the longest waiting message could have left and nobody has taken it; None where nothing waits.

    While the allowances are given out to the last slot a long line is not late: a worker takes what they let go, no more. Nor
    is it while a provider is away, as long as a worker lets one try each minute. What somebody has in hand waits too once the
    lease is over: they are dead, and whoever lives would have found it within seconds.
    """
    waits = (OutboxRow.state == State.PLANNED, OutboxRow.due_at <= now)
    left = (in_state(State.CLAIMED), OutboxRow.lease_until <= now)
    due = [one for where in (waits, left) if (one := await session.scalar(select(func.min(OutboxRow.due_at)).where(*where)))]
    given_out = await session.scalar(select(func.max(AllowanceRow.next_free_at)))
    next_try = await session.scalar(select(func.max(BreakerRow.probe_at)))
    return max([min(due), *(slot for slot in (given_out, next_try) if slot)]) if due else None


async def page(
    session: Session, query: Found, limit: int, read: Callable[[Any], Item], place: Callable[[Any], str]
) -> Page[Item]:
    """The first of what the query finds; `place` says where in the list a row stands."""
    rows: Sequence[Any] = (await session.execute(query.limit(limit + 1))).all()
    kept = rows[:limit]
    return Page(tuple(read(row) for row in kept), place(kept[-1]) if len(rows) > limit else None)


def newest_first(
    query: Found, at: SQLColumnExpression[datetime], name: SQLColumnExpression[PublicId], after: str | None
) -> Found:
    """The query in order of time, beginning after that place. Raises FieldError for a place that no page has named."""
    if after is not None:
        moment, public_id = read_place(after)
        query = query.where(or_(at < moment, and_(at == moment, name < public_id)))
    return query.order_by(at.desc(), name.desc())


def place_of(at: datetime, public_id: str) -> str:
    """Where something stands in a list that is ordered by time."""
    return f"{at.isoformat()} {public_id}"


def no_place() -> FieldError:
    """What is said to a cursor that names no place in a list."""
    return FieldError("cursor", "take it from `next` of the page before")


def read_place(after: str) -> tuple[datetime, PublicId]:
    """The same, read back. Raises FieldError where it is none."""
    moment, _, public_id = after.partition(" ")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise no_place()
        return at.astimezone(UTC), PublicId(public_id)
    except (ValueError, OverflowError):
        raise no_place() from None


def somebody(session: Session, row: Any) -> Somebody:
    """From a row that has the columns of `NAMED`."""
    name = session.vault.open(ParticipantRow.first_name, row.participant, row.first_name)
    return Somebody(row.participant, row.external_id, name)


NAMED = (ParticipantRow.public_id.label("participant"), ParticipantRow.external_id, ParticipantRow.first_name)
"""What a line needs to say whom it is about."""


def _seen(theirs: ColumnElement[bool]) -> Found:
    return (
        select(
            ParticipantRow.id,
            ParticipantRow.public_id,
            ParticipantRow.external_id,
            ParticipantRow.first_name,
            ParticipantRow.business_name,
            CohortRow.name.label("cohort"),
            ParticipantRow.zone,
        )
        .join(CohortRow, CohortRow.id == ParticipantRow.cohort_id, isouter=True)
        .where(theirs)
    )


def _opened(session: Session, row: Any) -> Seen:
    vault = session.vault
    return Seen(
        row=row.id,
        id=row.public_id,
        external_id=row.external_id,
        first_name=vault.open(ParticipantRow.first_name, row.public_id, row.first_name),
        business_name=vault.maybe(ParticipantRow.business_name, row.public_id, row.business_name),
        cohort=row.cohort,
        zone=row.zone,
    )


async def _people(session: Session, theirs: ColumnElement[bool], after: str | None, limit: int) -> Page[Seen]:
    query = _seen(theirs).order_by(ParticipantRow.external_id)
    if after is not None:
        query = query.where(ParticipantRow.external_id > after)
    return await page(session, query, limit, lambda row: _opened(session, row), lambda row: str(row.external_id))
