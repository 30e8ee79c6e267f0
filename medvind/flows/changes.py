"""What one row of a file makes of one person: nothing here asks a database, so each rule can be read and tried alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from medvind.errors import Fault
from medvind.flows.cells import Entry
from medvind.flows.phones import looks_mobile
from medvind.model import AddressState, ChannelName, Language, Milestone, Purpose, VatPeriod
from medvind.rules import registrations
from medvind.rules.calendar import at_wall
from medvind.store.participants import Person, Said, Way
from medvind.store.reach import BESIDE

MILESTONES = {
    "course_ended_on": Milestone.COURSE_ENDED,
    "payout_promised_on": Milestone.PAYOUT_PROMISED,
    "paid_out_on": Milestone.PAID_OUT,
    "business_started_on": Milestone.BUSINESS_STARTED,
}
ADDRESSES = {"phone": ChannelName.SMS, "telegram_id": ChannelName.TELEGRAM}
LIES_AHEAD = "lies ahead; on that day the person reads that the case is done, so write it when the money has come"
REPLACED, REMOVED = "replaced", "removed"
"""Why an address died by a coach's hand. Any other reason is the channel's, and the same file again doesn't undo it."""


@dataclass(slots=True)
class Remarks:
    """What there is to say about a file: faults stop it, warnings don't."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Home:
    """What holds where a file says nothing else: the zone of its days, and the language that people read here."""

    zone: str = "Europe/Copenhagen"
    language: Language = Language.DA


def newcomer(entry: Entry, home: Home) -> Person:
    """Somebody of whom nothing is known yet but who they are."""
    return Person(entry.external_id, entry.get("first_name", ""), home.language, home.zone)


def changed(before: Person, entry: Entry, coach_id: int | None, home: Home, today: date, remarks: Remarks) -> Person:
    """The person as the row says; equal to `before` where it says nothing new. `today` is local."""
    zone: str = entry.get("zone", before.zone) or home.zone
    new_yes = _new_yes(before, entry, zone, today, remarks)
    after = replace(
        before,
        first_name=entry.get("first_name", before.first_name),
        business_name=entry.get("business_name", before.business_name),
        language=entry.get("language", before.language) or home.language,
        zone=zone,
        quiet_hours=entry.get("quiet_hours", before.quiet_hours),
        cohort=entry.get("cohort", before.cohort),
        coach_id=coach_id,
        support_type=entry.get("support_type", before.support_type),
        pays_b_tax=bool(entry.get("pays_b_tax", before.pays_b_tax)),
        sells_to_eu=bool(entry.get("sells_to_eu", before.sells_to_eu)),
        milestones=_milestones(before, entry),
        vat=_vat(before.vat, entry, today, remarks),
        ways=_ways(before, entry, new_yes),
        said=(*before.said, *new_yes),
    )
    _look_at_the_ways(before, after, entry, remarks)
    paid = after.milestones.get(Milestone.PAID_OUT)
    if paid is not None and paid > today and paid != before.milestones.get(Milestone.PAID_OUT):
        remarks.warnings.append(entry.warning("paid_out_on", LIES_AHEAD))
    return after


def _milestones(before: Person, entry: Entry) -> dict[Milestone, date]:
    days = {name: entry.get(column, before.milestones.get(name)) for column, name in MILESTONES.items()}
    return {name: day for name, day in days.items() if day is not None}


def _vat(history: registrations.History, entry: Entry, today: date, remarks: Remarks) -> registrations.History:
    """The registration as the row tells it. A row that names no end leaves the one that is there."""
    since, period = entry.get("vat_registered_on", None), entry.get("vat_period", None)
    opened, end = registrations.reopened(history)
    if since is not None and end is not None and end <= since:
        opened, end = history, None
    end = _vat_end(entry, end, today)
    opened = _vat_periods(opened, since, period, entry, today)
    faults = list(_vat_faults(opened, period, end, entry))
    remarks.faults += faults
    remarks.warnings += _vat_warnings(opened, since, period, end, entry, today)
    return history if faults else registrations.deregister(opened, end) if end else opened


def _vat_end(entry: Entry, end: date | None, today: date) -> date | None:
    """From which day on the business is registered no longer; without a day of its own, a - for the registration ends it."""
    told: date | None = entry.get("vat_deregistered_on", None)
    if told is None and "vat_registered_on" in entry.given and entry.given["vat_registered_on"] is None:
        return min(end or today, today)
    return told if "vat_deregistered_on" in entry.given else end


def _vat_periods(
    history: registrations.History, since: date | None, period: VatPeriod | None, entry: Entry, today: date
) -> registrations.History:
    """By which periods it files. Without a day of its own, another period type holds from today on."""
    from_day: date | None = entry.get("vat_period_from", None)
    if since is not None:
        history = registrations.register(history, since, None if from_day else period, today)
    elif period is not None and from_day is None:
        history = registrations.change_period(history, period, today)
    if period is not None and from_day is not None:
        history = registrations.begin_period(history, period, from_day)
    return history


def _vat_faults(history: registrations.History, period: VatPeriod | None, end: date | None, entry: Entry) -> Iterator[Fault]:
    """What can't be true: `history` is the registration before it ended."""
    since, from_day = registrations.registered_since(history), entry.get("vat_period_from", None)
    ends = entry.get("vat_deregistered_on", None)
    known = "vat_registered_on" not in entry.unread
    if period is None and "vat_period" in entry.given and since and end is None:
        cure = "Write monthly, quarterly or half_yearly; a - in vat_registered_on ends the registration."
        yield entry.fault("vat_period", "a registered business has one", cure)
    if from_day and period is None and "vat_period" not in entry.unread:
        yield entry.fault("vat_period_from", "vat_period is empty", "Write there which period type holds from that day.")
    if from_day and since and from_day < since and known:
        problem = f"before the registration on {since.isoformat()}"
        yield entry.fault("vat_period_from", problem, "Write the day of registration or a later one.")
    if ends and known and (since is None or ends <= since):
        problem = f"not after the registration on {since.isoformat()}" if since else "the business was never registered"
        yield entry.fault("vat_deregistered_on", problem, "Check both days: vat_registered_on comes first.")
    elif from_day and end and end <= from_day and known:
        problem = f"not before the end of the registration on {end.isoformat()}"
        yield entry.fault("vat_period_from", problem, "Write an earlier day, or correct vat_deregistered_on.")


def _vat_warnings(
    history: registrations.History,
    since: date | None,
    period: VatPeriod | None,
    end: date | None,
    entry: Entry,
    today: date,
) -> Iterator[str]:
    """What the row says and what changes nothing."""
    registered = bool(history) and (end is None or today < end)
    if period is not None and entry.lacks("vat_registered_on") and not registered and entry.lacks("vat_period_from"):
        yield entry.warning("vat_period", "not used, since vat_registered_on is empty")
    if since is not None and not registered and end and entry.lacks("vat_deregistered_on"):
        says = f"ended on {end.isoformat()}, and that stays; a - in vat_deregistered_on takes it back"
        yield entry.warning("vat_registered_on", says)


def _new_yes(before: Person, entry: Entry, zone: str, today: date, remarks: Remarks) -> Sequence[Said]:
    """The yes that the row brings, to all purposes it doesn't hold for yet. A later no of the person's own weighs more.

    For an address that nobody has said yes from, one that is newer than what was said from another one is a new yes.
    """
    day: date | None = entry.get("consent_on", None)
    channel: ChannelName | None = entry.get("channel", None)
    if day is None:
        return ()
    if day > today:
        cure = "Write the day on which the person said yes."
        remarks.faults.append(entry.fault("consent_on", f"{day.isoformat()} is still to come", cure))
        return ()
    if channel is None:
        if "channel" not in entry.unread:
            remarks.warnings.append(
                entry.warning("consent_on", "not used, since channel is empty: write sms or telegram there")
            )
        return ()
    moment = at_wall(day, time(), zone)
    held = frozenset[Purpose]() if _is_of_a_new_address(before, entry, channel, moment) else holds(before.said, channel)
    lacking = [purpose for purpose in Purpose if purpose not in held]
    if lacking and any(not said.given and said.at >= moment for said in before.said):
        says = "not used, since the person said no after that; START from their own phone is a new yes"
        remarks.warnings.append(entry.warning("consent_on", says))
        return ()
    return [Said(channel, purpose, given=True, at=moment) for purpose in lacking]


def _is_of_a_new_address(before: Person, entry: Entry, channel: ChannelName, moment: datetime) -> bool:
    """Whether a yes of that moment is about an address that has come since the last one."""
    living = next((way for way in before.ways if way.channel == channel and way.lives), None)
    column = next(column for column, name in ADDRESSES.items() if name == channel)
    comes = column in entry.given and entry.given[column] not in {None, living.value if living else None}
    asked = living is not None and living.state == AddressState.UNCONFIRMED
    return (comes or asked) and all(one.at < moment for one in before.said if one.channel == channel)


def holds(said: Iterable[Said], channel: ChannelName) -> frozenset[Purpose]:
    """What the person has said yes to on this channel, and not no to since."""
    latest = {one.purpose: one.given for one in sorted(said, key=lambda one: one.at) if one.channel == channel}
    return frozenset(purpose for purpose, given in latest.items() if given)


def _ways(before: Person, entry: Entry, new_yes: Sequence[Said]) -> tuple[Way, ...]:
    """The addresses after this row. The first on its channel is active with a yes to that; one in place of another is asked.

    It may belong to somebody else by now, or be mistyped: a yes was said from an address, and holds there.
    """
    ways, confirmed = before.ways, {one.channel for one in new_yes}
    for column, channel in ADDRESSES.items():
        if column in entry.given:
            first = all(way.channel != channel for way in before.ways)
            yes = channel in confirmed or (first and bool(holds(before.said, channel)))
            ways = _with_address(ways, channel, entry.given[column], yes=yes)
    ways = tuple(
        replace(way, state=AddressState.ACTIVE) if way.state == AddressState.UNCONFIRMED and way.channel in confirmed else way
        for way in ways
    )
    if ways == before.ways and not new_yes:
        return ways
    return _with_preferred(ways, entry.get("channel", None), newest=_is_newest(new_yes, before.said))


def _with_address(ways: tuple[Way, ...], channel: ChannelName, value: str | None, *, yes: bool) -> tuple[Way, ...]:
    """Another address in place of the living one, which is dead from now on; None: no address any more."""
    theirs = [way for way in ways if way.channel == channel]
    living = next((way for way in theirs if way.lives), None)
    if (living and living.value == value) or (living is None and (value is None or _found_dead(theirs, value))):
        return ways
    if living and any(way.value == value and way.reason in BESIDE for way in theirs):
        return ways  # a second one of theirs: which of the two is written to was decided when their records were joined
    reason = REPLACED if value else REMOVED
    ended = [replace(way, state=AddressState.DEAD, reason=reason, preferred=False) if way is living else way for way in ways]
    if value is None:
        return tuple(ended)
    state = AddressState.ACTIVE if yes else AddressState.UNCONFIRMED
    return (*ended, Way(channel, value, state, preferred=living is not None and living.preferred))


def _found_dead(theirs: Sequence[Way], value: str) -> bool:
    """Whether this is the address that the channel gave up last."""
    return bool(theirs) and theirs[-1].value == value and theirs[-1].reason not in {REPLACED, REMOVED}


def _is_newest(new_yes: Sequence[Said], before: Sequence[Said]) -> bool:
    """Whether nothing was said yes to after it: then it is how the person wants to be written to."""
    earlier = [one.at for one in before if one.given]
    return bool(new_yes) and all(at <= new_yes[0].at for at in earlier)


def _with_preferred(ways: Sequence[Way], asked: ChannelName | None, *, newest: bool) -> tuple[Way, ...]:
    best = min(
        (way for way in ways if way.lives),
        key=lambda way: (
            not (newest and way.channel == asked),
            not way.preferred,
            way.channel != asked,
            way.state != AddressState.ACTIVE,
        ),
        default=None,
    )
    return tuple(replace(way, preferred=way is best) for way in ways)


def _look_at_the_ways(before: Person, after: Person, entry: Entry, remarks: Remarks) -> None:
    """What the coach should know of how this person is reached."""
    living = {way.channel: way.value for way in after.ways if way.lives}
    number = next((way for way in after.ways if way.channel == ChannelName.SMS and way.lives), None)
    comes = number is not None and number.id is None and number.state == AddressState.UNCONFIRMED
    if comes and holds(before.said, ChannelName.SMS):
        says = "a new number is asked first, and gets nothing else before its JA; consent_on has the day of a yes on paper"
        remarks.warnings.append(entry.warning("phone", says))
    phone: str | None = entry.get("phone", None)
    asked = entry.get("channel", None)
    dead = phone is not None and ChannelName.SMS not in living
    if dead:
        remarks.warnings.append(entry.warning("phone", "nothing reaches this number any more; ask for another one"))
    elif phone is not None and not looks_mobile(phone):
        remarks.warnings.append(entry.warning("phone", "not in a mobile series; text messages may not reach it"))
    if asked == ChannelName.SMS and ChannelName.SMS not in living and not dead and "phone" not in entry.unread:
        remarks.faults.append(entry.fault("phone", "missing, and channel is sms", "Write the number, or empty channel."))
    if living and after.coach_id is None and entry.lacks("coach_email"):
        remarks.warnings.append(entry.warning("coach_email", "without a coach nobody reads what they write; name one"))
    if asked == ChannelName.TELEGRAM and ChannelName.TELEGRAM not in living:
        says = f"Telegram is joined by a code: 'medvind invite {after.external_id}' makes one"
        remarks.warnings.append(entry.warning("channel", says))
