"""Meetings from a coach's spreadsheet. Of another time or place, and of a cancelled meeting, everybody invited hears."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from medvind.flows import cells
from medvind.flows.cells import CellError, Column, Entry
from medvind.flows.changes import Remarks
from medvind.flows.sheets import Sheet
from medvind.model import MeetingKind, Role
from medvind.rules.national_id import blank_national_id
from medvind.rules.wording import place_remarks
from medvind.store import coaches, meetings, participants
from medvind.store.coaches import Coach
from medvind.store.database import Session
from medvind.store.meetings import Change, Kept, Meeting

LONGEST_NAME, LONGEST_LINE = 100, 160
USUAL_MINUTES, DAY_MINUTES = 60, 1440
MOST_PEOPLE = 10_000
AS_SEQUENCE = re.compile(r".*@[0-9]+")
CLOCK = re.compile(
    r"(?P<day>[0-9. -]{8,13}?)(?: |T)(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]{1,9})?))?"
)
TIME_CURE = "Write it as 2026-12-03 14:00 or 3.12.2026 14:00, as the clock on the wall shows it."
REQUIRED = {
    "starts_at": "Write when it begins, as 2026-12-03 14:00.",
    "place": "Write where it is: every message about it says so.",
}


@dataclass(frozen=True, slots=True)
class Arranged:
    """What came of a file, in meetings. `participant_ids` are those whose plan must be made anew; none after a dry run."""

    added: int
    changed: int
    unchanged: int
    participant_ids: tuple[int, ...]
    warnings: tuple[str, ...]


def _name(cell: str) -> str:
    """A moved meeting's messages carry its sequence behind an @, so no name of a meeting ends like that."""
    name = cells.text(LONGEST_NAME)(cell)
    if AS_SEQUENCE.fullmatch(name):
        raise CellError("ends in @ and a number", "Leave the @ out.")
    return name


def starts_at(cell: str) -> datetime:
    """Wall time, without a zone: the meeting's zone stands beside it."""
    found = CLOCK.fullmatch(cell)
    if found is None:
        raise CellError(f"{cells.dated(cell)} is no day and time", TIME_CURE)
    day = cells.day(found["day"].strip())
    seconds, _, fraction = (found["second"] or "0").partition(".")
    try:
        clock = time(int(found["hour"]), int(found["minute"]), int(seconds), int(f"{fraction:0<6.6}"))
    except ValueError:
        raise CellError(f"{cells.dated(cell)} is no time of day", TIME_CURE) from None
    return datetime.combine(day, clock)


COLUMNS: Mapping[str, Column] = {
    "external_id": Column(_name, clears=False, cure="By it a row is known again: write the one of this meeting."),
    "kind": Column(cells.one_of(MeetingKind), clears=False),
    "title": Column(cells.text(LONGEST_LINE)),
    "starts_at": Column(starts_at, clears=False, cure=REQUIRED["starts_at"]),
    "minutes": Column(cells.whole(1, DAY_MINUTES)),
    "place": Column(cells.text(LONGEST_LINE), clears=False, cure=REQUIRED["place"]),
    "link": Column(cells.link),
    "capacity": Column(cells.whole(1, MOST_PEOPLE)),
    "series": Column(cells.text(LONGEST_NAME)),
    "coach_email": Column(cells.mail),
    "cohort": Column(cells.text(LONGEST_LINE)),
    "participants": Column(cells.several),
    "cancelled": Column(cells.yes_or_no),
}


async def bring_in(session: Session, sheet: Sheet, now: datetime, *, zone: str, dry_run: bool = False) -> Arranged:
    """Makes the meetings what the file says, in wall time of `zone`. An absent or empty cell leaves what is there.

    Where a row names people or a cohort, they and the cohort's members of now are those invited, and nobody else. Raises
    FileFaultsError with every fault of every row, and then nothing is written; a dry run writes nothing and says the same.
    """
    entries, faults = cells.entries(sheet, COLUMNS, {})
    row_by_row = await _beside_what_is_known(session, entries, Remarks(faults), zone, now)
    changes = [row_by_row.change(entry) for entry in entries]
    cells.raise_all(sheet, row_by_row.remarks.faults)
    different = [change for change in changes if change.before is None or change.before.meeting != change.after]
    if not dry_run:
        await meetings.save(session, different, now)
    added = sum(change.before is None for change in changes)
    return Arranged(
        added=added,
        changed=len(different) - added,
        unchanged=len(changes) - len(different),
        participant_ids=() if dry_run else _concerned(different),
        warnings=tuple(row_by_row.remarks.warnings),
    )


def _concerned(changes: Sequence[Change]) -> tuple[int, ...]:
    """Everybody whose plan may be another now: those invited, and those no longer."""
    before = [change.before.meeting.attendees for change in changes if change.before]
    return tuple(sorted(frozenset().union(*before, *(change.after.attendees for change in changes))))


async def _beside_what_is_known(
    session: Session, entries: Sequence[Entry], remarks: Remarks, zone: str, now: datetime
) -> "_RowByRow":
    """Asks for all that the rows speak of, in a fixed number of questions."""
    known = await meetings.known(session, [entry.external_id for entry in entries])
    people = await participants.ids_of(session, {name for entry in entries for name in entry.get("participants", None) or ()})
    emails = {entry.given["coach_email"] for entry in entries if entry.get("coach_email", None)}
    cohorts = await participants.cohort_ids(session)
    named = {cohorts.get(entry.get("cohort", None) or "") for entry in entries}
    had = {kept.meeting.cohort_id for kept in known.values()}
    members = await meetings.members(session, [cohort for cohort in named | had if cohort is not None])
    return _RowByRow(known, people, await coaches.by_email(session, emails), cohorts, members, remarks, ZoneInfo(zone), now)


@dataclass(frozen=True, slots=True)
class _RowByRow:
    """Looks at each row beside what is known, and gathers what there is to say."""

    known: Mapping[str, Kept]
    people: Mapping[str, int]
    coaches: Mapping[str, Coach]
    cohorts: Mapping[str, int]
    members: Mapping[int, frozenset[int]]
    remarks: Remarks
    zone: ZoneInfo
    now: datetime

    def change(self, entry: Entry) -> Change:
        """What this row makes of its meeting."""
        kept = self.known.get(entry.external_id)
        before = kept.meeting if kept else self._new(entry)
        start = entry.get("starts_at", before.starts_at)
        cohort = self._cohort(entry, before.cohort_id)
        zone = self.zone.key if "starts_at" in entry.given else before.zone
        after = replace(
            before,
            kind=entry.get("kind", before.kind),
            title=entry.get("title", before.title) or "",
            place=entry.get("place", before.place),
            starts_at=start,
            zone=zone,
            minutes=entry.get("minutes", before.minutes) or USUAL_MINUTES,
            coach_id=self._coach(entry, before.coach_id),
            cohort_id=cohort,
            attendees=self._attendees(entry, before.attendees, cohort) | self._came(kept, start, zone),
            cancelled=bool(entry.get("cancelled", before.cancelled)),
            link=entry.get("link", before.link),
            capacity=entry.get("capacity", before.capacity),
            series=entry.get("series", before.series),
        )
        moved = kept is not None and _as_told(before) != _as_told(after)
        self._look_at(entry, after, moved=moved, new_time=kept is None or before.starts_at != after.starts_at)
        return Change(kept, replace(after, sequence=before.sequence + moved))

    def _new(self, entry: Entry) -> Meeting:
        for column, cure in REQUIRED.items():
            if entry.lacks(column):
                self._fault(entry, column, "missing", cure)
        if entry.get("cancelled", None):
            self._fault(entry, "cancelled", "a meeting that nobody knows of", "Leave the row out, or write no here.")
        someday = self.now.astimezone(self.zone).replace(tzinfo=None)
        place = entry.get("place", "")
        start = entry.get("starts_at", someday)
        return Meeting(
            entry.external_id, MeetingKind.MEETING, "", place, start, self.zone.key, USUAL_MINUTES, None, None, frozenset()
        )

    def _look_at(self, entry: Entry, after: Meeting, *, moved: bool, new_time: bool) -> None:
        """A new time that no clock shows, or that is past, is a fault; what tells nobody anything is worth a look."""
        local = after.starts_at.replace(tzinfo=ZoneInfo(after.zone))
        wall = after.starts_at.isoformat(" ", "minutes")
        given = "starts_at" in entry.given
        if given and local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != after.starts_at:
            self._fault(entry, "starts_at", f"{wall} is skipped when the clocks go forward", TIME_CURE)
        elif given and new_time and local <= self.now:
            self._fault(entry, "starts_at", f"{wall} is past", "Write a time to come: of this one nobody can be told.")
        elif moved and local <= self.now:
            self._warn(entry, "starts_at", "in the past; nobody is told")
        if "place" in entry.given and (moved or new_time):
            for remark in place_remarks(after.place):
                self._warn(entry, "place", str(remark))
        if after.capacity is not None and len(after.attendees) > after.capacity and not after.cancelled:
            self._warn(entry, "capacity", f"{len(after.attendees)} are invited, and there is room for {after.capacity}")
        if (moved or new_time) and not after.attendees and not {"cohort", "participants"} & entry.unread:
            self._warn(entry, "participants", "nobody is invited")

    def _cohort(self, entry: Entry, before: int | None) -> int | None:
        name: str | None = entry.get("cohort", None)
        if name is None:
            return None if "cohort" in entry.given else before
        if name not in self.cohorts:
            near = get_close_matches(name, self.cohorts, 1)
            cure = f"Did you mean {near[0]}?" if near else "A cohort begins with the first participant in it."
            self._fault(entry, "cohort", "no participant is in this cohort", cure)
        return self.cohorts.get(name, before)

    def _attendees(self, entry: Entry, before: frozenset[int], cohort: int | None) -> frozenset[int]:
        """Those named and the cohort's members. A row that speaks of neither leaves who is there."""
        if "participants" not in entry.given and "cohort" not in entry.given:
            return before
        named = entry.get("participants", None) or ()
        unknown = [blank_national_id(name)[0] for name in named if name not in self.people]
        if unknown:
            cure = "Import them first, or correct the external_id."
            self._fault(entry, "participants", f"nobody is called {', '.join(unknown)}", cure)
        of_cohort = self.members[cohort] if cohort is not None else frozenset()
        return of_cohort | {self.people[name] for name in named if name in self.people}

    def _came(self, kept: Kept | None, start: datetime, zone: str) -> frozenset[int]:
        """Of whom a coach has said whether they came stays with a meeting that has begun: a cohort's members change later."""
        begun = start.replace(tzinfo=ZoneInfo(zone)) <= self.now
        return kept.entered if kept and begun else frozenset()

    def _coach(self, entry: Entry, before: int | None) -> int | None:
        email: str | None = entry.get("coach_email", None)
        if email is None:
            return None if "coach_email" in entry.given else before
        coach = self.coaches.get(email)
        if coach is None or coach.role != Role.COACH:
            cure = "Check it, or make the coach: 'medvind token create --role coach --email ADDRESS'."
            self._fault(entry, "coach_email", "no coach has this address", cure)
        return coach.id if coach else before

    def _fault(self, entry: Entry, column: str, problem: str, cure: str) -> None:
        self.remarks.faults.append(entry.fault(column, problem, cure))

    def _warn(self, entry: Entry, column: str, says: str) -> None:
        self.remarks.warnings.append(entry.warning(column, says))


def _as_told(meeting: Meeting) -> tuple[datetime, str, str, bool]:
    """What those invited must hear of when it changes."""
    return meeting.starts_at, meeting.zone, meeting.place, meeting.cancelled
