"""Writes down what a file has changed of people: each table once for the whole file, whatever the number of rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from medvind.model import PublicId, new_id
from medvind.store.database import Session, insert_once
from medvind.store.meetings import follow_cohorts
from medvind.store.participants import Kept, Person, Way, cohort_ids
from medvind.store.tables import (
    AddressRow,
    AssignmentRow,
    CohortRow,
    ConsentRow,
    MilestoneRow,
    ParticipantRow,
    VatPeriodRow,
)

HOW = "import"
"""How a yes came to us that stands in a coach's file."""
FROM_BEFORE = "before erasure"
"""How a no came to us of somebody who was erased and is brought in again."""


@dataclass(frozen=True, slots=True)
class Change:
    """A person as they were, None for a new one, and as they shall be."""

    before: Kept | None
    after: Person


@dataclass(frozen=True, slots=True)
class _Written:
    """A change whose person has a row."""

    id: int
    before: Person | None
    after: Person


async def save(session: Session, changes: Sequence[Change], now: datetime, *, by: str) -> list[int]:
    """Writes it all and answers with the rows of these people. An address given up is free for somebody else at once.

    `by`: who enters it; kept beside each yes.
    """
    cohorts = await _cohorts(session, {change.after.cohort for change in changes if change.after.cohort})
    ids = await _add_people(session, [change.after for change in changes if change.before is None], cohorts, now)
    written = [
        _Written(change.before.id if change.before else ids[change.after.external_id], _person(change), change.after)
        for change in changes
    ]
    await _change_people(session, [change for change in changes if change.before], cohorts)
    await follow_cohorts(session, [_move(one, cohorts) for one in written if _cohort(one.before) != _cohort(one.after)], now)
    await _milestones(session, written)
    await _vat(session, written)
    await _ways(session, written, now)
    await _consents(session, written, by)
    await _assignments(session, written, now)
    return [one.id for one in written]


def _person(change: Change) -> Person | None:
    return change.before.person if change.before else None


def _cohort(person: Person | None) -> str | None:
    return person.cohort if person else None


def _move(one: _Written, cohorts: Mapping[str, int]) -> tuple[int, int | None, int | None]:
    """Who goes from which cohort to which."""
    return one.id, cohorts.get(_cohort(one.before) or ""), cohorts.get(one.after.cohort or "")


async def _cohorts(session: Session, names: Iterable[str]) -> Mapping[str, int]:
    await insert_once(session, CohortRow, [{"name": name} for name in sorted(names)], CohortRow.id)
    return await cohort_ids(session)


async def _add_people(
    session: Session, people: Sequence[Person], cohorts: Mapping[str, int], now: datetime
) -> Mapping[str, int]:
    rows = []
    for person in people:
        public_id = new_id()
        fixed = {"public_id": public_id, "external_id": person.external_id, "created_at": now}
        rows.append(fixed | _columns(session, public_id, person, cohorts))
    if not rows:
        return {}
    statement = insert(ParticipantRow).returning(ParticipantRow.external_id, ParticipantRow.id)
    return dict((await (await session.direct()).execute(statement, rows)).all())


def _columns(session: Session, public_id: PublicId, person: Person, cohorts: Mapping[str, int]) -> dict[str, Any]:
    seal, business = session.vault.seal, person.business_name
    return {
        "first_name": seal(ParticipantRow.first_name, public_id, person.first_name),
        "business_name": seal(ParticipantRow.business_name, public_id, business) if business else None,
        "language": person.language,
        "zone": person.zone,
        "quiet_hours": person.quiet_hours,
        "cohort_id": cohorts[person.cohort] if person.cohort else None,
        "coach_id": person.coach_id,
        "support_type": person.support_type,
        "pays_b_tax": person.pays_b_tax,
        "sells_to_eu": person.sells_to_eu,
    }


async def _change_people(session: Session, changes: Iterable[Change], cohorts: Mapping[str, int]) -> None:
    rows = [
        {"row": change.before.id}
        | {f"new_{name}": it for name, it in _columns(session, change.before.public_id, change.after, cohorts).items()}
        for change in changes
        if change.before and _profile(change.before.person) != _profile(change.after)
    ]
    if rows:
        values: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in rows[0] if name != "row"}
        await _each(session, update(ParticipantRow).where(ParticipantRow.id == bindparam("row")).values(**values), rows)


def _profile(person: Person) -> tuple[object, ...]:
    """What stands in the person's own row."""
    lives = (person.cohort, person.coach_id, person.support_type, person.pays_b_tax, person.sells_to_eu)
    return (person.first_name, person.business_name, person.language, person.zone, person.quiet_hours, *lives)


async def _milestones(session: Session, written: Sequence[_Written]) -> None:
    gone, new = [], []
    for one in written:
        before = dict(one.before.milestones) if one.before else {}
        gone += [{"person": one.id, "what": name} for name in before if one.after.milestones.get(name) != before[name]]
        new += [
            {"participant_id": one.id, "name": name, "day": day}
            for name, day in one.after.milestones.items()
            if before.get(name) != day
        ]
    theirs = (MilestoneRow.participant_id == bindparam("person"), MilestoneRow.name == bindparam("what"))
    await _each(session, delete(MilestoneRow).where(*theirs), gone)
    await _each(session, insert(MilestoneRow), new)


async def _vat(session: Session, written: Sequence[_Written]) -> None:
    gone, new = [], []
    for one in written:
        before = one.before.vat if one.before else ()
        gone += [{"person": one.id, "day": entry.since} for entry in before if entry not in one.after.vat]
        new += [
            {"participant_id": one.id, "since": entry.since, "period": entry.period}
            for entry in one.after.vat
            if entry not in before
        ]
    theirs = (VatPeriodRow.participant_id == bindparam("person"), VatPeriodRow.since == bindparam("day"))
    await _each(session, delete(VatPeriodRow).where(*theirs), gone)
    await _each(session, insert(VatPeriodRow), new)


async def _ways(session: Session, written: Sequence[_Written], now: datetime) -> None:
    """First what ends, then what begins: one living address belongs to one person, and one of theirs is preferred."""
    changed = [way for one in written if one.before for way in one.after.ways if way.id and way not in one.before.ways]
    rows = [{"row": way.id, "new_state": way.state, "new_reason": way.reason} for way in changed]
    statement = update(AddressRow).where(AddressRow.id == bindparam("row"))
    values: dict[str, Any] = {"state": bindparam("new_state"), "reason": bindparam("new_reason"), "preferred": False}
    await _each(session, statement.values(**values), rows)
    new = [_address(session, one.id, way, now) for one in written for way in one.after.ways if way.id is None]
    await _each(session, insert(AddressRow), new)
    await _each(session, statement.values(preferred=True), [{"row": way.id} for way in changed if way.preferred])


def _address(session: Session, person: int, way: Way, now: datetime) -> Mapping[str, Any]:
    public_id = new_id()
    return {
        "public_id": public_id,
        "participant_id": person,
        "channel": way.channel,
        "value": session.vault.seal(AddressRow.value, public_id, way.value),
        "blind": session.vault.blind(way.channel, way.value),
        "state": way.state,
        "reason": way.reason,
        "preferred": way.preferred,
        "since": now,
    }


async def _consents(session: Session, written: Sequence[_Written], by: str) -> None:
    rows = []
    for one in written:
        before = len(one.before.said) if one.before else 0
        rows += [
            {
                "participant_id": one.id,
                "channel": said.channel,
                "purpose": said.purpose,
                "given": said.given,
                "at": said.at,
                "how": HOW if said.given else FROM_BEFORE,
                "text_version": None,
                "entered_by": by,
            }
            for said in one.after.said[before:]
        ]
    await _each(session, insert(ConsentRow), rows)


async def _assignments(session: Session, written: Sequence[_Written], now: datetime) -> None:
    changed = [one for one in written if (one.before.coach_id if one.before else None) != one.after.coach_id]
    ended = [{"person": one.id} for one in changed if one.before]
    theirs = (AssignmentRow.participant_id == bindparam("person"), AssignmentRow.until.is_(None))
    await _each(session, update(AssignmentRow).where(*theirs).values(until=now), ended)
    begun = [{"participant_id": one.id, "coach_id": one.after.coach_id, "since": now} for one in changed if one.after.coach_id]
    await _each(session, insert(AssignmentRow), begun)


async def _each(session: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """One statement for all rows; none where there are none."""
    if rows:
        await (await session.direct()).execute(statement, [dict(row) for row in rows])
