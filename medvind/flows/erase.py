"""Erasing one person: on their own wish after a day to regret it, or as somebody decides who may. A coach is in the loop.

What must be kept for a case is filed before, by whoever erases; who is held for a case is not erased at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from medvind.errors import FieldError, NotAllowedError, NotFoundError
from medvind.flows.said import HOME
from medvind.model import PublicId, Role, TaskKind, Viewer
from medvind.rules.erasing import REGRET, EraseReason, Refusal, refusal, wanted_it
from medvind.store import erasures, marks, tasks, views
from medvind.store.database import Session
from medvind.store.erasures import Erased, Living
from medvind.store.tables import ParticipantRow

CODE = 8
"""Signs of the code that a look at what would go is answered with: whoever gives it back has looked at that very person."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go. `asked_at`: when they wrote SLET MIG; `not_before`: until then they can take it back.

    `held_at`: since when they are kept for a case, and can't be erased.
    """

    external_id: str
    rows: Mapping[str, int]
    copies: int
    asked_at: datetime | None
    not_before: datetime | None
    held_at: datetime | None
    code: str


async def preview(session: Session, viewer: Viewer, public_id: str) -> Preview:
    """What erasing would take, by table. Changes nothing. Raises NotFoundError for whom this viewer may not erase."""
    return await _look(session, await _living(session, viewer, public_id, held=False))


async def look(session: Session, external_id: str) -> Preview | None:
    """The same for the command line; None for who was erased already. Raises NotFoundError where nobody ever had this id."""
    person = await _named(session, external_id, held=False)
    return await _look(session, person) if person else None


async def hold(session: Session, viewer: Viewer, public_id: str, now: datetime) -> None:
    """Keeps somebody for a case: nobody erases them until it ends. Doing it again is harmless. Raises NotFoundError."""
    person = await _living(session, viewer, public_id)
    await erasures.hold(session, person, person.held_at or now)


async def end_hold(session: Session, viewer: Viewer, public_id: str) -> None:
    """Keeps them no longer. Raises NotFoundError, and NotAllowedError for a coach: a case is not theirs to close."""
    person = await _living(session, viewer, public_id)
    if viewer.role != Role.ADMIN:
        raise NotAllowedError("an administrator ends it")
    await erasures.hold(session, person, None)


async def erase_for(
    session: Session, viewer: Viewer, public_id: str, code: str, reason: EraseReason | None, now: datetime
) -> Erased:
    """Erases somebody; again, it answers the same. A coach does it on the person's own wish, an administrator for a reason too.

    Raises NotFoundError, NotAllowedError, and FieldError, which names what stands in the way and when it may be.
    """
    erased_by = await erasures.who(session, viewer.coach_id)
    person = await _find(session, viewer, public_id)
    if person is None:
        return await _before(session, viewer, public_id, erased_by)
    if code != _code(session, person.public_id):
        raise FieldError("code", "is not this person's; look at what would go first, and take the code from there")
    if reason is not None and viewer.role != Role.ADMIN:
        raise NotAllowedError("a coach erases on the person's own wish; for another reason an administrator does")
    return await _erase(session, person, reason, now, erased_by)


async def erase(session: Session, external_id: str, reason: EraseReason | None, now: datetime) -> Erased | None:
    """The same for the command line; None where they were erased before. Without a wish and a reason it was decided."""
    person = await _named(session, external_id)
    if person is None:
        return None
    if reason is None and await _asked_at(session, person) is None:
        reason = EraseReason.DECIDED
    return await _erase(session, person, reason, now, None)


async def _before(session: Session, viewer: Viewer, public_id: str, by: PublicId | None) -> Erased:
    """What was answered before: to an administrator always, to a coach where it was their own doing. Raises NotFoundError."""
    found = await erasures.find(session, public_id) if viewer.role == Role.ADMIN or by else None
    if found is None or (viewer.role != Role.ADMIN and found.erased_by != by):
        raise NotFoundError(views.NOT_FOUND)
    return found


async def _erase(
    session: Session, person: Living, reason: EraseReason | None, now: datetime, erased_by: PublicId | None
) -> Erased:
    asked_at = await _asked_at(session, person)
    _refuse(refusal(asked_at, reason, now, held=person.held_at is not None), asked_at)
    reason = reason or EraseReason.ASKED
    silent = wanted_it(reason) or asked_at is not None or await erasures.has_stopped(session, person)
    done = await erasures.remove(session, person, reason, now, erased_by=erased_by, silent=silent)
    log.info("erased", participant=done.id, reason=reason, count=sum(done.rows.values()))
    return done


def _refuse(found: Refusal | None, asked_at: datetime | None) -> None:
    match found:
        case None:
            return
        case Refusal.HELD:
            raise FieldError("participant_id", "is kept for a case; an administrator ends that first")
        case Refusal.TOO_SOON if asked_at:
            until = (asked_at + REGRET).astimezone(ZoneInfo(HOME))
            raise FieldError(
                "participant_id", "may take it back until {time}; erase them after that", time=f"{until:%Y-%m-%d %H:%M}"
            )
        case _:
            raise FieldError("reason", "they have not written SLET MIG; an administrator says why they are erased")


async def _look(session: Session, person: Living) -> Preview:
    rows, copies = await erasures.counted(session, person)
    asked_at = await _asked_at(session, person)
    until = asked_at + REGRET if asked_at else None
    code = _code(session, person.public_id)
    return Preview(person.external_id, rows, copies, asked_at, until, person.held_at, code)


async def _asked_at(session: Session, person: Living) -> datetime | None:
    waiting = await tasks.waiting(session, person.row, TaskKind.ERASE)
    return waiting.created_at if waiting else None


async def _find(session: Session, viewer: Viewer, public_id: str, *, held: bool = True) -> Living | None:
    """One of the coach's own people, and for an administrator anybody: they see the municipality's id and no content."""
    its = [ParticipantRow.public_id == PublicId(public_id)]
    if viewer.role != Role.ADMIN:
        its.append(views.own_records(viewer))
    return await erasures.living(session, *its, held=held)


async def _living(session: Session, viewer: Viewer, public_id: str, *, held: bool = True) -> Living:
    person = await _find(session, viewer, public_id, held=held)
    if person is None:
        raise NotFoundError(views.NOT_FOUND)
    return person


async def _named(session: Session, external_id: str, *, held: bool = True) -> Living | None:
    person = await erasures.living(session, ParticipantRow.external_id == external_id, held=held)
    if person is None and await marks.find(session, marks.of_person(session.vault, external_id)) is None:
        raise NotFoundError("no participant has this external id, and nobody who had it was erased")
    return person


def _code(session: Session, public_id: PublicId) -> str:
    return session.vault.blind("erased person", f"code {public_id}")[:CODE]
