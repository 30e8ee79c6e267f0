"""Cover for a coach: who stands in and until when, and the days on which they are away. A coach decides for themself."""

from datetime import date, datetime, timedelta

from medvind.errors import FieldError
from medvind.flows.filling import home_day
from medvind.model import Role, Viewer
from medvind.store import coaches, deputies
from medvind.store.database import Session
from medvind.store.deputies import Absence, Colleague, Deputy
from medvind.store.views import Page

LONGEST = timedelta(days=366)


async def everybody(session: Session, viewer: Viewer, now: datetime, after: str | None, limit: int) -> Page[Colleague]:
    """All coaches for an administrator, for a coach themself. Raises NotFoundError for everybody else."""
    return await deputies.listed(session, seen_by=viewer, today=home_day(now), after=after, limit=limit)


async def stand_in(session: Session, viewer: Viewer, coach: str, email: str, last_day: date, now: datetime) -> Deputy:
    """From now on whoever has this address sees and serves the coach's people, in place of an earlier deputy.

    Raises NotFoundError, and FieldError, which names the field.
    """
    held = await deputies.coach(session, coach, seen_by=viewer)
    _check(last_day, now)
    found = await coaches.find_by_email(session, email)
    if found is None or found.role != Role.COACH:
        raise FieldError("deputy_email", "no coach has this address; 'medvind token create --role coach' makes one")
    if found.id == held.id:
        raise FieldError("deputy_email", "nobody stands in for themself; name a colleague")
    return await deputies.grant(session, held.id, found.id, last_day, now)


async def end(session: Session, viewer: Viewer, coach: str) -> None:
    """Nobody stands in from now on. Raises NotFoundError."""
    await deputies.end(session, (await deputies.coach(session, coach, seen_by=viewer)).id)


async def absences(session: Session, viewer: Viewer, coach: str, now: datetime) -> list[Absence]:
    """Those that are not over, the next one first. Raises NotFoundError."""
    return await deputies.absences(session, (await deputies.coach(session, coach, seen_by=viewer)).id, home_day(now))


async def be_away(session: Session, viewer: Viewer, coach: str, first_day: date, last_day: date, now: datetime) -> Absence:
    """Notes an absence; the same once more changes nothing. Raises NotFoundError, and FieldError, which names the field."""
    held = await deputies.coach(session, coach, seen_by=viewer)
    _check(last_day, now)
    if last_day < first_day:
        raise FieldError("last_day", "lies before first_day; an absence of one day has the same day in both")
    return await deputies.add_absence(session, held.id, first_day, last_day, now)


async def be_back(session: Session, viewer: Viewer, coach: str, absence: str) -> None:
    """Takes an absence back. Raises NotFoundError."""
    await deputies.remove_absence(session, (await deputies.coach(session, coach, seen_by=viewer)).id, absence)


def _check(last_day: date, now: datetime) -> None:
    if last_day < home_day(now):
        raise FieldError("last_day", "is over already; name today or a day to come")
    if last_day - home_day(now) > LONGEST:
        raise FieldError("last_day", "lies more than a year ahead; name an earlier one, it can be put off later")
