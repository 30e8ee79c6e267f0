"""People from a coach's spreadsheet. All rows are checked before any is written, and the same file again changes nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, partial
from zoneinfo import ZoneInfo, available_timezones

from medvind.errors import Fault
from medvind.flows import cells
from medvind.flows.cells import CellError, Column, Entry
from medvind.flows.changes import ADDRESSES, MILESTONES, Home, Remarks, changed, newcomer
from medvind.flows.phones import to_e164
from medvind.flows.plan import load_policy
from medvind.flows.sheets import Sheet
from medvind.flows.silenced import silenced
from medvind.model import ChannelName, Language, Role, SupportType, VatPeriod
from medvind.rules.hours import read_quiet_hours
from medvind.rules.policy import Policy
from medvind.rules.sending import open_from, policy_for
from medvind.store import coaches, enrolment, marks, participants
from medvind.store.coaches import Coach
from medvind.store.database import Session
from medvind.store.enrolment import Change
from medvind.store.participants import Kept

HOME = Home()
LONGEST_NAME, LONGEST_LINE = 100, 200
REFUSED = {"telegram_id": "Telegram is joined by a code, never by a file: 'medvind invite PARTICIPANT' makes one."}
TELEGRAM_ID = re.compile(r"[1-9][0-9]{0,18}")
SHARED = (
    "Where two people share a phone, it stands with one of them and the other joins Telegram by a code: what is written from a "
    "number, STOP too, is taken as its owner's."
)
NO_ZONES = frozenset({"Factory", "localtime"})
LONGEST_HOURS = 500
HOURS_LIKE = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun|holidays|all|meetings|off|[0-9]{1,2}[:.][0-9]{2}|[-; ])+")
HOURS_CURE = "Write when the person wants no messages, as mon-fri 16:00-18:00; sun all."


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of a file, in people. `participant_ids` are those whose plan must be made anew; none after a dry run."""

    added: int
    changed: int
    unchanged: int
    participant_ids: tuple[int, ...]
    warnings: tuple[str, ...]


def columns(env: str) -> Mapping[str, Column]:
    """How each column is read. Made-up numbers and Telegram's ids depend on where we are."""
    known = {
        "external_id": Column(
            cells.external_id, clears=False, cure="By it a row is known again: write the one of this person."
        ),
        "first_name": Column(
            cells.text(LONGEST_NAME), clears=False, cure="Messages begin with it: write what they are called."
        ),
        "business_name": Column(cells.text(LONGEST_LINE)),
        "phone": Column(partial(to_e164, env=env)),
        "language": Column(cells.one_of(Language)),
        "zone": Column(_zone),
        "quiet_hours": Column(_quiet_hours),
        "cohort": Column(cells.text(LONGEST_LINE)),
        "coach_email": Column(cells.mail),
        "support_type": Column(cells.one_of(SupportType)),
        **dict.fromkeys(MILESTONES, Column(cells.day)),
        "vat_registered_on": Column(cells.day),
        "vat_period": Column(cells.one_of(VatPeriod)),
        "vat_period_from": Column(cells.day),
        "vat_deregistered_on": Column(cells.day),
        "pays_b_tax": Column(cells.yes_or_no),
        "sells_to_eu": Column(cells.yes_or_no),
        "consent_on": Column(
            cells.day, clears=False, cure="A yes is taken back by the person, who writes STOP; leave it empty."
        ),
        "channel": Column(cells.one_of(ChannelName), clears=False),
    }
    return known | ({"telegram_id": Column(_telegram_id)} if env == "test" else {})


def _telegram_id(cell: str) -> str:
    if not TELEGRAM_ID.fullmatch(cell):
        raise CellError("no Telegram id", "Write the account's number in figures.")
    return cell


@cache
def _zones() -> Mapping[str, str]:
    """The zones of the world, by their names in small letters. What only means `as here` is none of them."""
    return {name.casefold(): name for name in sorted(available_timezones() - NO_ZONES)}


def _zone(cell: str) -> str:
    zone = _zones().get(cell.casefold())
    if zone is None:
        near = get_close_matches(cell.casefold(), _zones(), 1, 0.5)
        cure = f"Did you mean {_zones()[near[0]]}?" if near else "Write it as Europe/Copenhagen or Atlantic/Faroe."
        raise CellError("no zone that the world knows", cure)
    return zone


def _quiet_hours(cell: str) -> str | None:
    """A person's own windows, beside the municipality's; `off` is none of their own.

    What is wrong is repeated only where the cell holds nothing but days and clock times: in a wrong column a name may stand.
    """
    if len(cell) > LONGEST_HOURS:
        raise CellError(f"longer than {LONGEST_HOURS} signs", HOURS_CURE)
    try:
        quiet = read_quiet_hours(cell)
    except ValueError as error:
        problem = str(error) if HOURS_LIKE.fullmatch(cell) else "neither days with hours nor off"
        raise CellError(problem, HOURS_CURE) from None
    return None if quiet.off else cell


async def enrol(
    session: Session, sheet: Sheet, now: datetime, *, env: str, by: str, home: Home = HOME, dry_run: bool = False
) -> Enrolled:
    """Makes the people what the file says. An absent or empty cell leaves what is there, `-` clears it.

    Raises FileFaultsError with every fault of every row, and then nothing is written. A dry run writes nothing and says the
    same. Days are those of the home's zone. `by`: who brings the file in, which is kept beside each yes that stands in it.
    """
    entries, faults = cells.entries(sheet, columns(env), REFUSED)
    joined = await participants.merged(session, [entry.external_id for entry in entries])
    told = [
        one.warning("external_id", f"not used, joined with {joined[name]}")
        for one in entries
        if (name := one.external_id) in joined
    ]
    entries = [one for one in entries if one.external_id not in joined]
    known = await participants.known(session, [entry.external_id for entry in entries])
    emails = {entry.given["coach_email"] for entry in entries if entry.get("coach_email", None)}
    silent = await marks.silent_since(session, {entry.given["phone"] for entry in entries if entry.get("phone", None)})
    today, by_email = now.astimezone(ZoneInfo(home.zone)).date(), await coaches.by_email(session, emails)
    row_by_row = _RowByRow(known, silent, by_email, today, home, faults)
    changes = [row_by_row.change(entry) for entry in entries]
    await _check_addresses(session, entries, changes, row_by_row.remarks)
    _check_hours(entries, await load_policy(session), now, home.zone, row_by_row.remarks)
    cells.raise_all(sheet, row_by_row.remarks.faults)
    different = [change for change in changes if change.before is None or change.before.person != change.after]
    added = sum(change.before is None for change in changes)
    return Enrolled(
        added=added,
        changed=len(different) - added,
        unchanged=len(changes) - len(different),
        participant_ids=() if dry_run else tuple(await enrolment.save(session, different, now, by=by)),
        warnings=(*told, *row_by_row.remarks.warnings),
    )


class _RowByRow:
    """Looks at each row beside what is known, and gathers what there is to say."""

    def __init__(
        self,
        known: Mapping[str, Kept],
        silent: Mapping[str, datetime],
        by_email: Mapping[str, Coach],
        today: date,
        home: Home,
        faults: Sequence[Fault],
    ) -> None:
        self._known = known
        self._silent = silent
        self._by_email = by_email
        self._today = today
        self._home = home
        self.remarks = Remarks(list(faults))

    def change(self, entry: Entry) -> Change:
        """What this row makes of its person."""
        kept = self._known.get(entry.external_id)
        if kept is None and entry.lacks("first_name"):
            self._fault(entry, "first_name", "missing", "Write what the person is called: messages begin with it.")
        before = kept.person if kept else newcomer(entry, self._home)
        since = self._silent.get(entry.get("phone", None) or "")
        before = silenced(before, entry, since, self.remarks, is_new=kept is None) if since else before
        return Change(kept, changed(before, entry, self._coach(entry, before.coach_id), self._home, self._today, self.remarks))

    def _coach(self, entry: Entry, before: int | None) -> int | None:
        email: str | None = entry.get("coach_email", None)
        if email is None:
            return None if "coach_email" in entry.given else before
        coach = self._by_email.get(email)
        if coach is None:
            cure = "Check it, or make the coach: 'medvind token create --role coach --email ADDRESS'."
            self._fault(entry, "coach_email", "no coach has this address", cure)
            return before
        if coach.role != Role.COACH:
            self._fault(entry, "coach_email", f"this address belongs to a {coach.role}", "Write the address of a coach.")
        return coach.id

    def _fault(self, entry: Entry, column: str, problem: str, cure: str) -> None:
        self.remarks.faults.append(entry.fault(column, problem, cure))


async def _check_addresses(session: Session, entries: Sequence[Entry], changes: Sequence[Change], remarks: Remarks) -> None:
    """One living address belongs to one person. A number that changes hands within the file is given up first."""
    claims = _claims(entries, changes, remarks)
    owners = await participants.owners(session, claims.keys())
    kept = {
        (change.before.id, way.channel, way.value)
        for change in changes
        if change.before
        for way in change.after.ways
        if way.lives
    }
    looked_at = {change.before.id for change in changes if change.before}
    for (channel, value), (entry, column, own) in claims.items():
        owner = owners.get((channel, value))
        if owner in {None, own} or (owner in looked_at and (owner, channel, value) not in kept):
            continue
        cure = f"Find out whose it is; where it has changed hands, clear it there first with a -. {SHARED}"
        remarks.faults.append(entry.fault(column, "another participant has it already", cure))


def _check_hours(entries: Sequence[Entry], policy: Policy, now: datetime, zone: str, remarks: Remarks) -> None:
    """A person's own quiet hours and the municipality's together must leave something, else nothing could ever be sent."""
    wished: set[str] = {entry.given["quiet_hours"] for entry in entries if entry.get("quiet_hours", None)}
    full = {hours for hours in wished if not _leave_an_hour(hours, policy, now, zone)}
    for entry in entries:
        if entry.get("quiet_hours", None) in full:
            problem = "with the municipality's own no hour is left to send in"
            remarks.faults.append(entry.fault("quiet_hours", problem, "Leave some hours of some weekday open."))


def _leave_an_hour(hours: str, policy: Policy, now: datetime, zone: str) -> bool:
    try:
        open_from(now, policy_for(policy, hours), zone, None)
    except ValueError:
        return False
    return True


def _claims(
    entries: Sequence[Entry], changes: Sequence[Change], remarks: Remarks
) -> Mapping[tuple[ChannelName, str], tuple[Entry, str, int | None]]:
    """Which row wants which address, for whom. One that two rows want is a fault."""
    claims: dict[tuple[ChannelName, str], tuple[Entry, str, int | None]] = {}
    for entry, change in zip(entries, changes, strict=True):
        for column, channel in ADDRESSES.items():
            address: str | None = entry.get(column, None)
            if address is None:
                continue
            first = claims.setdefault((channel, address), (entry, column, change.before.id if change.before else None))[0]
            if first is not entry:
                problem = f"the same as in row {first.row}"
                remarks.faults.append(entry.fault(column, problem, f"Correct one of the rows. {SHARED}"))
    return claims
