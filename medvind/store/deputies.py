"""Who stands in for a coach and how long, and when a coach is away. Days are local, and the last one is always within."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import aliased

from medvind.errors import NotFoundError
from medvind.model import PublicId, Role, Viewer, new_id
from medvind.rules.cover import Contact, Cover
from medvind.store.among import among
from medvind.store.coaches import Coach
from medvind.store.database import Session, ask, insert_once
from medvind.store.tables import AbsenceRow, CoachRow, DeputyRow
from medvind.store.views import NOT_FOUND, Page, page, runs_on

_DEPUTY = select(CoachRow.public_id, CoachRow.first_name, DeputyRow.last_day).join(
    DeputyRow, DeputyRow.deputy_id == CoachRow.id
)
ABSENCE = (AbsenceRow.public_id, AbsenceRow.first_day, AbsenceRow.last_day)
_TODAY = bindparam("today", type_=Date)
_STANDS_IN = aliased(CoachRow)
COVER = (
    select(
        CoachRow.id,
        CoachRow.public_id,
        CoachRow.first_name,
        CoachRow.phone,
        _STANDS_IN.id.label("deputy"),
        _STANDS_IN.public_id.label("deputy_id"),
        _STANDS_IN.first_name.label("deputy_name"),
        _STANDS_IN.phone.label("deputy_phone"),
        DeputyRow.last_day.label("until"),
        AbsenceRow.coach_id.label("absent"),
        AbsenceRow.first_day,
        AbsenceRow.last_day,
    )
    .join(DeputyRow, and_(DeputyRow.coach_id == CoachRow.id, DeputyRow.last_day >= _TODAY), isouter=True)
    .join(_STANDS_IN, _STANDS_IN.id == DeputyRow.deputy_id, isouter=True)
    .join(
        AbsenceRow,
        and_(or_(AbsenceRow.coach_id == CoachRow.id, AbsenceRow.coach_id == _STANDS_IN.id), AbsenceRow.last_day >= _TODAY),
        isouter=True,
    )
    .where(among(CoachRow.id))
)


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who stands in, up to and with that day."""

    id: PublicId
    first_name: str | None
    last_day: date


@dataclass(frozen=True, slots=True)
class Absence:
    """When a coach is away, both days included."""

    id: PublicId
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Colleague:
    """A coach as they stand in the list of coaches."""

    id: PublicId
    first_name: str | None
    deputy: Deputy | None
    away: bool


@dataclass(frozen=True, slots=True)
class Guard:
    """Who is told of a coach's people: the rows of the coach, away or not, and of who stands in."""

    coach: int
    away: bool
    deputy: int | None

    @property
    def in_order(self) -> list[int]:
        """Both of them: first whoever is there."""
        both = [self.coach] if self.deputy is None else [self.coach, self.deputy]
        return both[::-1] if self.away else both

    @property
    def there(self) -> bool:
        """Whether one of them is at work."""
        return not self.away or self.deputy is not None


async def guard_of(session: Session, coach: int, day: date) -> Guard:
    """Whom to tell instead of this coach alone, of what is to be read on this day. A deputy who is away is told too."""
    deputy = await session.scalar(select(DeputyRow.deputy_id).where(DeputyRow.coach_id == coach, runs_on(day)))
    return Guard(coach, await _away(session, coach, day), deputy)


async def covers(session: Session, coaches: Collection[int], today: date) -> dict[int, Cover]:
    """Who looks after the people of each of these coaches from today on, in one question."""
    rows = await ask(session, COVER, coaches, today=today)
    away: dict[tuple[int, int | None], list[tuple[date, date]]] = defaultdict(list)
    for row in rows:
        away[row.id, row.absent].append((row.first_day, row.last_day))
    found: dict[int, Cover] = {}
    for row in rows:
        if row.id not in found:
            coach = _contact(session, row.public_id, row.first_name, row.phone, away[row.id, row.id])
            theirs = (row.deputy_id, row.deputy_name, row.deputy_phone)
            deputy = _contact(session, *theirs, away[row.id, row.deputy]) if row.deputy else None
            found[row.id] = Cover(coach, deputy, row.until)
    return found


async def coach(session: Session, public_id: str, *, seen_by: Viewer) -> Coach:
    """The coach themself, or anybody who follows people for an administrator. Raises NotFoundError for everybody else."""
    query = select(CoachRow.id, CoachRow.public_id, CoachRow.role).where(CoachRow.public_id == PublicId(public_id))
    row = (await session.execute(query.where(_shown(seen_by)))).first()
    if row is None:
        raise NotFoundError(NOT_FOUND)
    return Coach(*row)


async def listed(session: Session, *, seen_by: Viewer, today: date, after: str | None, limit: int) -> Page[Colleague]:
    """All coaches for an administrator, by their id; a coach finds themself. Raises NotFoundError for everybody else."""
    query = select(CoachRow.id, CoachRow.public_id, CoachRow.first_name).where(_shown(seen_by)).order_by(CoachRow.public_id)
    if after is not None:
        query = query.where(CoachRow.public_id > PublicId(after))
    found = await page(session, query, limit, lambda row: row, lambda row: str(row.public_id))
    items = [
        Colleague(
            row.public_id,
            session.vault.maybe(CoachRow.first_name, row.public_id, row.first_name),
            await deputy(session, row.id, today),
            await _away(session, row.id, today),
        )
        for row in found.items
    ]
    return Page(tuple(items), found.next)


async def deputy(session: Session, coach: int, today: date) -> Deputy | None:
    """Who stands in for this coach today."""
    row = (await session.execute(_DEPUTY.where(DeputyRow.coach_id == coach, runs_on(today)))).first()
    return _deputy(session, row) if row else None


async def grant(session: Session, coach: int, who: int, last_day: date, now: datetime) -> Deputy:
    """From now on this one stands in, in place of whoever did."""
    row = {"coach_id": coach, "deputy_id": who, "last_day": last_day, "created_at": now}
    if not await insert_once(session, DeputyRow, [row], DeputyRow.id):
        await session.execute(update(DeputyRow).where(DeputyRow.coach_id == coach).values(row))
    query = _DEPUTY.where(DeputyRow.coach_id == coach)
    return _deputy(session, (await session.execute(query)).one())


async def end(session: Session, coach: int) -> None:
    """Nobody stands in any more."""
    await session.execute(delete(DeputyRow).where(DeputyRow.coach_id == coach))


async def absences(session: Session, coach: int, today: date) -> list[Absence]:
    """Those that are not over, the next one first."""
    query = select(*ABSENCE).where(AbsenceRow.coach_id == coach, AbsenceRow.last_day >= today)
    return [Absence(*row) for row in await session.execute(query.order_by(AbsenceRow.first_day, AbsenceRow.id))]


async def add_absence(session: Session, coach: int, first_day: date, last_day: date, now: datetime) -> Absence:
    """Notes it; the same days once more are the same absence."""
    row = {"public_id": new_id(), "coach_id": coach, "first_day": first_day, "last_day": last_day, "created_at": now}
    await insert_once(session, AbsenceRow, [row], AbsenceRow.id)
    same = (AbsenceRow.coach_id == coach, AbsenceRow.first_day == first_day, AbsenceRow.last_day == last_day)
    return Absence(*(await session.execute(select(*ABSENCE).where(*same))).one())


async def remove_absence(session: Session, coach: int, absence: str) -> None:
    """Takes it back. Raises NotFoundError where this coach has none of that id."""
    theirs = (AbsenceRow.coach_id == coach, AbsenceRow.public_id == PublicId(absence))
    if (await session.execute(delete(AbsenceRow).where(*theirs).returning(AbsenceRow.id))).first() is None:
        raise NotFoundError(NOT_FOUND)


def _deputy(session: Session, row: Any) -> Deputy:
    return Deputy(row.public_id, session.vault.maybe(CoachRow.first_name, row.public_id, row.first_name), row.last_day)


def _contact(session: Session, public_id: PublicId, name: bytes, phone: bytes | None, away: list[tuple[date, date]]) -> Contact:
    vault = session.vault
    return Contact(vault.open(CoachRow.first_name, public_id, name), vault.maybe(CoachRow.phone, public_id, phone), tuple(away))


async def _away(session: Session, coach: int, today: date) -> bool:
    now = (AbsenceRow.coach_id == coach, AbsenceRow.first_day <= today, AbsenceRow.last_day >= today)
    return await session.scalar(select(AbsenceRow.id).where(*now).limit(1)) is not None


def _shown(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role == Role.ADMIN:
        return CoachRow.role == Role.COACH
    if viewer.role == Role.COACH and viewer.coach_id is not None:
        return CoachRow.id == viewer.coach_id
    raise NotFoundError(NOT_FOUND)
