"""Meetings as calendar programs read them (RFC 5545): a file of one meeting, and a private feed for each participant.

A feed lies with whoever keeps the person's calendar, and its address opens it to anybody. So it says no more than a
reminder does: that there is a meeting, when and where; never its title, which a coach wrote for coaches. It brings no alarm:
reminders come from Medvind, and two of them would be one too many.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from medvind.errors import SettingsError
from medvind.flows.report import Reader
from medvind.model import Language, MeetingKind, Rsvp, Viewer
from medvind.store import feeds, views
from medvind.store.database import Session
from medvind.store.feeds import Entry, Owner

PAST = timedelta(days=30)
"""How long a meeting stays in the feed after it began."""
AGAIN = timedelta(hours=1)
"""How often a calendar program should fetch the feed."""
YEAR, DAY, SECOND = timedelta(days=366), timedelta(days=1), timedelta(seconds=1)
NAME = "Medvind"
DOMAIN = "medvind"
"""Behind a meeting's id in its UID. Fixed, so that a service that moves to another address doubles nobody's meetings."""
WORDS: Mapping[Language, Mapping[MeetingKind, str]] = {
    Language.DA: {
        MeetingKind.MEETING: "Møde",
        MeetingKind.FOLLOW_UP_MEETING: "Møde",
        MeetingKind.INFO_MEETING: "Møde",
        MeetingKind.NETWORK_DAY: "Netværksdag",
        MeetingKind.ACCOUNTING_COURSE: "Kursus",
        MeetingKind.VAT_COURSE: "Kursus",
        MeetingKind.ENTREPRENEUR_COURSE: "Kursus",
    },
    Language.EN: {
        MeetingKind.MEETING: "Meeting",
        MeetingKind.FOLLOW_UP_MEETING: "Meeting",
        MeetingKind.INFO_MEETING: "Meeting",
        MeetingKind.NETWORK_DAY: "Network day",
        MeetingKind.ACCOUNTING_COURSE: "Course",
        MeetingKind.VAT_COURSE: "Course",
        MeetingKind.ENTREPRENEUR_COURSE: "Course",
    },
}
"""Neutral on purpose: which course it is, or what a meeting follows up, is nobody's business who sees the calendar."""


async def give_feed(session: Session, viewer: Viewer, public_id: str, public_url: str | None, now: datetime) -> str:
    """The address of a fresh feed of one of the coach's own people, told this once; an earlier address is dead from now on.

    Raises NotFoundError for anybody else, and SettingsError where nobody has said how the outside reaches this service.
    """
    person = await views.person(session, public_id, seen_by=viewer)
    if public_url is None:
        raise SettingsError(
            "MEDVIND_PUBLIC_URL: needed for the address of a calendar (for example: https://medvind.example.dk)"
        )
    return f"{public_url}/calendar/{await feeds.create(session, person.row, now)}.ics"


async def end_feed(session: Session, viewer: Viewer, public_id: str) -> None:
    """Its address is dead from now on; where there is no feed nothing changes. Raises NotFoundError for anybody else."""
    person = await views.person(session, public_id, seen_by=viewer)
    await feeds.end(session, person.row)


async def feed_file(session: Session, secret: str, now: datetime) -> bytes:
    """The meetings of the last 30 and of all coming days, also those that are called off. Raises NotFoundError.

    Who has said no still sees the meeting, since the answer may change; it just takes no time. Who is no longer invited
    doesn't.
    """
    owner = await feeds.get_owner(session, secret)
    return feed_of(owner, await feeds.meetings_since(session, owner.id, now - PAST), now)


async def meeting_file(session: Session, reader: Reader, public_id: str) -> bytes:
    """One meeting, with its title, for the coach who holds it or whose people are invited. Raises NotFoundError for others."""
    return file_of(await feeds.meeting(session, public_id, seen_by=reader.viewer), reader.language)


def feed_of(owner: Owner, entries: Sequence[Entry], now: datetime) -> bytes:
    """The feed itself. Without meetings it has the person's zone, for a calendar must have something in it."""
    events = [_event(entry, WORDS[owner.language][entry.kind]) for entry in entries]
    for event in events:
        event.add("class", "PRIVATE")
    calendar = _calendar(owner.language)
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    here = now.astimezone(ZoneInfo(owner.zone))
    return _written(calendar, [here, *(entry.starts_at for entry in entries)], events)


def file_of(entry: Entry, language: Language) -> bytes:
    """One meeting's file; where nobody gave the meeting a title, its kind in words."""
    event = _event(entry, entry.title or WORDS[language][entry.kind])
    return _written(_calendar(language), [entry.starts_at], [event])


def _calendar(language: Language) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{NAME}//{NAME}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _written(calendar: Calendar, moments: Collection[datetime], events: Sequence[Event]) -> bytes:
    """The zones first: some programs read a time only where its zone was told before."""
    used: dict[str, list[datetime]] = defaultdict(list)
    for moment in moments:
        used[str(moment.tzinfo)].append(moment.astimezone(UTC))
    for name, some in sorted(used.items()):
        calendar.add_component(_zone(name, _new_year(min(some)), _new_year(max(some) + YEAR)))
    for event in events:
        calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file


def _event(entry: Entry, summary: str) -> Event:
    """The same bytes until something changes. `sequence` counts from 1, iCalendar's from 0."""
    event = Event()
    event.add("uid", f"{entry.id}@{DOMAIN}")
    event.add("sequence", entry.sequence - 1)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", _end(entry))
    event.add("summary", _clean(summary))
    event.add("location", _clean(entry.place))
    if entry.link and not entry.cancelled:
        event.add("url", entry.link)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled or entry.rsvp == Rsvp.NO else "OPAQUE")
    return event


def _end(entry: Entry) -> datetime:
    """So many real minutes later. In the second of two equal hours only UTC can say so: iCalendar takes the first."""
    end = (entry.starts_at.astimezone(UTC) + timedelta(minutes=entry.minutes)).astimezone(entry.starts_at.tzinfo)
    return end.astimezone(UTC) if end.fold else end


def _clean(text: str) -> str:
    """Every way to break a line as one, and of the other control characters the tab alone: iCalendar allows no more."""
    lines = "\n".join(text.splitlines())
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc")


def _new_year(moment: datetime) -> datetime:
    """The last one before: whole years, so that a zone's changes are looked for once and then remembered."""
    return datetime(moment.year, 1, 1, tzinfo=UTC)


def _zone(name: str, first: datetime, last: datetime) -> Timezone:
    """How this zone stands between two moments, for programs that don't know it.

    Each change is told by itself, at the wall time that it ended. The library's own way to make one tells the changes of
    spring an hour late.
    """
    zone = Timezone()
    zone.add("tzid", name)
    for begins, before, after, summer, short in _standings(name, first, last):
        part = TimezoneDaylight() if summer else TimezoneStandard()
        part.add("dtstart", begins)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", short)
        zone.add_component(part)
    return zone


Standing = tuple[datetime, timedelta, timedelta, bool, str]
"""From when (wall time as it was before), the offset before and from then on, whether that is summer time, its short name."""


@lru_cache(maxsize=64)
def _standings(name: str, first: datetime, last: datetime) -> tuple[Standing, ...]:
    """How the zone stands at first, and each change until the last moment."""
    zone = ZoneInfo(name)
    return tuple(_standing(moment.astimezone(zone), before) for moment, before in _changes(zone, first, last))


def _standing(moment: datetime, before: timedelta) -> Standing:
    after = moment.utcoffset() or timedelta()
    wall = moment.astimezone(UTC).replace(tzinfo=None) + before
    summer = (moment.dst() or timedelta()) > timedelta()
    return wall, before, after, summer, moment.tzname() or str(after)


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """The first moment, then each at which the clocks of this zone are set, all with the offset before."""

    def offset(moment: datetime) -> timedelta:
        return moment.astimezone(zone).utcoffset() or timedelta()

    yield first, offset(first)
    day = first
    while day < last:
        before, after = day, day + DAY
        day, old = after, offset(before)
        if offset(after) == old:
            continue
        while after - before > SECOND:
            middle = (before + (after - before) / 2).replace(microsecond=0)
            before, after = (middle, after) if offset(middle) == old else (before, middle)
        yield after, old
