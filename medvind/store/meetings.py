"""Meetings as a file of theirs needs them: found by their external id, with who is invited, and written down in one go."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from medvind.model import MeetingKind, PublicId, new_id
from medvind.store.database import Session
from medvind.store.participants import chunks
from medvind.store.tables import AttendeeRow, MeetingRow, ParticipantRow


@dataclass(frozen=True, slots=True)
class Meeting:
    """All of a meeting that a file can change. `starts_at` is wall time in `zone`; `attendees` are rows inside."""

    external_id: str
    kind: MeetingKind
    title: str = field(repr=False)
    place: str = field(repr=False)
    starts_at: datetime
    zone: str
    minutes: int
    coach_id: int | None
    cohort_id: int | None
    attendees: frozenset[int]
    sequence: int = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A meeting in the database."""

    id: int
    public_id: PublicId
    meeting: Meeting


@dataclass(frozen=True, slots=True)
class Change:
    """A meeting as it was, None for a new one, and as it shall be. A risen sequence says that it has moved."""

    before: Kept | None
    after: Meeting

    @property
    def moved(self) -> bool:
        """Whether those invited must hear of another time or place."""
        return self.before is not None and self.after.sequence != self.before.meeting.sequence


async def known(session: Session, names: Collection[str]) -> dict[str, Kept]:
    """Those that exist already, by external id, in two questions for each thousand."""
    found: dict[str, Kept] = {}
    for some in chunks(names):
        rows: Any = (await session.execute(select(MeetingRow.__table__).where(MeetingRow.external_id.in_(some)))).all()
        invited = await _attendees(session, [row.id for row in rows])
        for row in rows:
            meeting = Meeting(
                external_id=row.external_id,
                kind=row.kind,
                title=session.vault.open(MeetingRow.title, row.public_id, row.title),
                place=session.vault.open(MeetingRow.place, row.public_id, row.place),
                starts_at=row.starts_at,
                zone=row.zone,
                minutes=row.minutes,
                coach_id=row.coach_id,
                cohort_id=row.cohort_id,
                attendees=frozenset(invited[row.id]),
                sequence=row.sequence,
            )
            found[row.external_id] = Kept(row.id, row.public_id, meeting)
    return found


async def _attendees(session: Session, meeting_ids: Collection[int]) -> Mapping[int, set[int]]:
    invited: dict[int, set[int]] = defaultdict(set)
    query = select(AttendeeRow.meeting_id, AttendeeRow.participant_id).where(AttendeeRow.meeting_id.in_(meeting_ids))
    for meeting, person in await session.execute(query):
        invited[meeting].add(person)
    return invited


async def members(session: Session, cohort_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Who is in these cohorts now."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in chunks(cohort_ids):
        rows: Any = await session.execute(
            select(ParticipantRow.cohort_id, ParticipantRow.id).where(ParticipantRow.cohort_id.in_(some))
        )
        for cohort, person in rows:
            found[cohort].add(person)
    return {cohort: frozenset(found[cohort]) for cohort in cohort_ids}


async def save(session: Session, changes: Sequence[Change], now: datetime) -> None:
    """Writes it all. Who is invited anew is so since now; who is no longer is no attendee; a moved meeting asks anew."""
    ids = await _add(session, [change.after for change in changes if change.before is None], now)
    await _change(session, [change for change in changes if change.before], now)
    gone, new, asked = [], [], []
    for change in changes:
        meeting = change.before.id if change.before else ids[change.after.external_id]
        before = change.before.meeting.attendees if change.before else frozenset()
        gone += [{"meeting": meeting, "person": person} for person in before - change.after.attendees]
        new += [
            {"meeting_id": meeting, "participant_id": person, "since": now}
            for person in sorted(change.after.attendees - before)
        ]
        asked += [{"meeting": meeting}] if change.moved else []
    this = AttendeeRow.meeting_id == bindparam("meeting")
    await _each(session, delete(AttendeeRow).where(this, AttendeeRow.participant_id == bindparam("person")), gone)
    await _each(session, update(AttendeeRow).where(this).values(rsvp=None, rsvp_at=None), asked)
    await _each(session, insert(AttendeeRow), new)


async def _add(session: Session, meetings: Iterable[Meeting], now: datetime) -> Mapping[str, int]:
    rows = []
    for meeting in meetings:
        public_id = new_id()
        fixed = {"public_id": public_id, "external_id": meeting.external_id, "created_at": now, "changed_at": now}
        rows.append(fixed | _columns(session, public_id, meeting))
    if not rows:
        return {}
    statement = insert(MeetingRow).returning(MeetingRow.external_id, MeetingRow.id)
    return dict((await (await session.connection()).execute(statement, rows)).all())


def _columns(session: Session, public_id: PublicId, meeting: Meeting) -> dict[str, Any]:
    return {
        "kind": meeting.kind,
        "title": session.vault.seal(MeetingRow.title, public_id, meeting.title),
        "place": session.vault.seal(MeetingRow.place, public_id, meeting.place),
        "starts_at": meeting.starts_at,
        "zone": meeting.zone,
        "minutes": meeting.minutes,
        "sequence": meeting.sequence,
        "coach_id": meeting.coach_id,
        "cohort_id": meeting.cohort_id,
    }


async def _change(session: Session, changes: Sequence[Change], now: datetime) -> None:
    rows = {True: list[dict[str, Any]](), False: list[dict[str, Any]]()}
    for change in changes:
        if change.before:
            columns = _columns(session, change.before.public_id, change.after)
            rows[change.moved].append({"row": change.before.id} | {f"new_{name}": it for name, it in columns.items()})
    for moved, some in rows.items():
        if some:
            values: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in some[0] if name != "row"}
            values |= {"changed_at": now} if moved else {}
            await _each(session, update(MeetingRow).where(MeetingRow.id == bindparam("row")).values(**values), some)


async def _each(session: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """One statement for all rows; none where there are none."""
    if rows:
        await (await session.connection()).execute(statement, [dict(row) for row in rows])
