"""Meetings as a file of theirs needs them: found by their external id, with who is invited, and written down in one go."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, insert, select, update

from medvind.model import Ask, Attendance, MeetingKind, PublicId, Rsvp, new_id
from medvind.store.database import Session, insert_once
from medvind.store.meeting_facts import told_of
from medvind.store.meeting_versions import is_same, keep_versions, versions_of
from medvind.store.participants import chunks
from medvind.store.tables import AnswerRow, AttendeeRow, MeetingRow, OutboxRow, ParticipantRow

THIS = AttendeeRow.meeting_id == bindparam("meeting")
THEIRS = AttendeeRow.participant_id == bindparam("person")


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
    cancelled: bool = False
    link: str | None = field(default=None, repr=False)
    capacity: int | None = None
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A meeting in the database. `entered`: those of whom a coach has said whether they came."""

    id: int
    public_id: PublicId
    meeting: Meeting
    entered: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """A meeting as it was, None for a new one, and as it shall be. A risen sequence says that those invited must hear of it."""

    before: Kept | None
    after: Meeting

    @property
    def moved(self) -> bool:
        """Whether it has another time or place, is cancelled, or is taken up again."""
        return self.before is not None and self.after.sequence != self.before.meeting.sequence

    @property
    def shows(self) -> bool:
        """Whether a calendar that has it shows something else from now on."""
        return self.moved or (self.before is not None and self.after.link != self.before.meeting.link)


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
                cancelled=row.cancelled,
                link=session.vault.maybe(MeetingRow.link, row.public_id, row.link),
                capacity=row.capacity,
                series=row.series,
            )
            entered = frozenset(person for person, came in invited[row.id].items() if came)
            found[row.external_id] = Kept(row.id, row.public_id, meeting, entered)
    return found


async def _attendees(session: Session, meeting_ids: Collection[int]) -> Mapping[int, dict[int, Attendance | None]]:
    invited: dict[int, dict[int, Attendance | None]] = defaultdict(dict)
    columns = (AttendeeRow.meeting_id, AttendeeRow.participant_id, AttendeeRow.attendance)
    for meeting, person, came in await session.execute(select(*columns).where(AttendeeRow.meeting_id.in_(meeting_ids))):
        invited[meeting][person] = came
    return invited


async def members(session: Session, cohort_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Who is in these cohorts now."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in chunks(cohort_ids):
        rows: Any = await session.execute(
            select(ParticipantRow.cohort_id, ParticipantRow.id).where(
                ParticipantRow.cohort_id.in_(some), ParticipantRow.merged_into.is_(None)
            )
        )
        for cohort, person in rows:
            found[cohort].add(person)
    return {cohort: frozenset(found[cohort]) for cohort in cohort_ids}


async def save(session: Session, changes: Sequence[Change], now: datetime) -> None:
    """Writes it all. Who is invited anew is so since now; who is no longer is no attendee; a moved meeting asks anew.

    A cancelled one asks nothing and keeps its answers, so that who said no need not hear of it.
    """
    ids = await _add(session, [change.after for change in changes if change.before is None], now)
    await _change(session, [change for change in changes if change.before], now)
    gone, new = [], []
    for change in changes:
        meeting = change.before.id if change.before else ids[change.after.external_id]
        before = change.before.meeting.attendees if change.before else frozenset()
        gone += [{"meeting": meeting, "person": person} for person in before - change.after.attendees]
        new += [
            {"meeting_id": meeting, "participant_id": person, "since": now}
            for person in sorted(change.after.attendees - before)
        ]
    await _each(session, delete(AttendeeRow).where(THIS, THEIRS), gone)
    await _each(session, insert(AttendeeRow), new)
    await _ask_anew(session, [change for change in changes if change.moved and not change.after.cancelled])


async def follow_cohorts(session: Session, moves: Collection[tuple[int, int | None, int | None]], now: datetime) -> None:
    """Whoever comes into a cohort is invited to its meetings to come, since now; whoever leaves one, to them no longer.

    Each move is a person, the cohort left, and the one that they are in now.
    """
    ahead: dict[int, list[int]] = defaultdict(list)
    cohorts = {cohort for _, *both in moves for cohort in both if cohort is not None}
    columns = (MeetingRow.id, MeetingRow.cohort_id, MeetingRow.starts_at, MeetingRow.zone)
    for some in chunks(cohorts):
        rows: Any = await session.execute(select(*columns).where(MeetingRow.cohort_id.in_(some)).order_by(MeetingRow.id))
        for meeting, cohort, starts_at, zone in rows:
            if starts_at.replace(tzinfo=ZoneInfo(zone)) > now:
                ahead[cohort].append(meeting)
    gone = [{"meeting": meeting, "person": person} for person, left, _ in moves if left for meeting in ahead[left]]
    new = [
        {"meeting_id": meeting, "participant_id": person, "since": now, "rsvp": None, "rsvp_at": None}
        for person, _, joined in moves
        if joined
        for meeting in ahead[joined]
    ]
    await _each(session, delete(AttendeeRow).where(THIS, THEIRS), gone)
    await insert_once(session, AttendeeRow, new, AttendeeRow.meeting_id)


async def _ask_anew(session: Session, changes: Sequence[Change]) -> None:
    """Answers were given to another time or place. One to the very same, to which a meeting is moved back, holds again.

    It doesn't where the person has heard since that the meeting is cancelled.
    """
    kept = {change.before.public_id: (change.before.id, change.after.sequence) for change in changes if change.before}
    if not kept:
        return
    await _each(
        session, update(AttendeeRow).where(THIS).values(rsvp=None, rsvp_at=None), [{"meeting": row} for row, _ in kept.values()]
    )
    people = frozenset[int]().union(*(change.after.attendees for change in changes))
    versions, told_off = await versions_of(session, list(kept)), dict[tuple[int, PublicId], int]()
    for some in chunks(people):
        told_off |= await told_of(session, some, "meeting_cancelled")
    again = {}
    for person, meeting, sequence, value, at in await _answers(session, people):
        row, current = kept.get(meeting, (0, 0))
        same = is_same(session, versions.get((meeting, sequence)), versions.get((meeting, current)))
        if same and sequence > told_off.get((person, meeting), 0):
            again[row, person] = {"meeting": row, "person": person, "said": Rsvp(value), "said_at": at}
    values = {
        "rsvp": bindparam("said", type_=AttendeeRow.rsvp.type),
        "rsvp_at": bindparam("said_at", type_=AttendeeRow.rsvp_at.type),
    }
    await _each(session, update(AttendeeRow).where(THIS, THEIRS).values(**values), list(again.values()))


async def _answers(session: Session, people: Collection[int]) -> Sequence[tuple[int, PublicId, int, str, datetime]]:
    """What these people have answered to invitations, the last one last: who, to which meeting under which sequence, what."""
    found = []
    columns = (AnswerRow.participant_id, OutboxRow.subject, AnswerRow.value, AnswerRow.at)
    query = select(*columns).join(OutboxRow, OutboxRow.id == AnswerRow.outbox_id).where(OutboxRow.asks == Ask.RSVP)
    for some in chunks(people):
        rows = await session.execute(query.where(AnswerRow.participant_id.in_(some)).order_by(AnswerRow.id))
        found += [(person, PublicId(about["meeting"]), int(about["sequence"]), said, at) for person, about, said, at in rows]
    return found


async def _add(session: Session, meetings: Iterable[Meeting], now: datetime) -> Mapping[str, int]:
    rows: list[dict[str, Any]] = []
    for meeting in meetings:
        public_id = new_id()
        fixed = {"public_id": public_id, "external_id": meeting.external_id, "created_at": now, "changed_at": now}
        rows.append(fixed | _columns(session, public_id, meeting))
    if not rows:
        return {}
    statement = insert(MeetingRow).returning(MeetingRow.external_id, MeetingRow.id)
    ids: dict[str, int] = dict((await (await session.direct()).execute(statement, rows)).all())
    await keep_versions(session, [_version(ids[row["external_id"]], row, now) for row in rows])
    return ids


def _version(meeting: int, columns: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    told = ("sequence", "starts_at", "zone", "place", "cancelled")
    return {"meeting_id": meeting, "at": now} | {name: columns[name] for name in told}


def _columns(session: Session, public_id: PublicId, meeting: Meeting) -> dict[str, Any]:
    return {
        "kind": meeting.kind,
        "title": session.vault.seal(MeetingRow.title, public_id, meeting.title),
        "place": session.vault.seal(MeetingRow.place, public_id, meeting.place),
        "starts_at": meeting.starts_at,
        "zone": meeting.zone,
        "minutes": meeting.minutes,
        "sequence": meeting.sequence,
        "cancelled": meeting.cancelled,
        "coach_id": meeting.coach_id,
        "cohort_id": meeting.cohort_id,
        "link": session.vault.seal(MeetingRow.link, public_id, meeting.link) if meeting.link else None,
        "capacity": meeting.capacity,
        "series": meeting.series,
    }


async def _change(session: Session, changes: Sequence[Change], now: datetime) -> None:
    rows = {True: list[dict[str, Any]](), False: list[dict[str, Any]]()}
    versions = []
    for change in changes:
        if change.before:
            columns = _columns(session, change.before.public_id, change.after)
            rows[change.shows].append({"row": change.before.id} | {f"new_{name}": it for name, it in columns.items()})
            versions += [_version(change.before.id, columns, now)] if change.moved else []
    for shows, some in rows.items():
        if some:
            values: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in some[0] if name != "row"}
            values |= {"changed_at": now} if shows else {}
            await _each(session, update(MeetingRow).where(MeetingRow.id == bindparam("row")).values(**values), some)
    await keep_versions(session, versions)


async def _each(session: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """One statement for all rows; none where there are none."""
    if rows:
        await (await session.direct()).execute(statement, [dict(row) for row in rows])
