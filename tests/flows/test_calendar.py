"""Calendar files: right on both sides of a change of clocks, the same meeting after a move, and not a word too much."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from medvind.flows.calendar import WORDS, feed_of, file_of
from medvind.model import Language, MeetingKind, PublicId, Rsvp
from medvind.store.feeds import Entry, Owner
from tests.calendars import Part, by, events, moment, read, standings

HOME = "Europe/Copenhagen"
ZONES = (
    HOME,
    "America/New_York",
    "America/Nuuk",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Atlantic/Faroe",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "UTC",
)
NOW = datetime(2026, 10, 1, 7, tzinfo=UTC)
MAJA = Owner(1, Language.DA, HOME)


def entry(starts_at: str = "2026-12-03T14:00", zone: str = HOME, minutes: int = 60, name: str = "abc") -> Entry:
    return Entry(
        id=PublicId(name),
        external_id="m-001",
        kind=MeetingKind.FOLLOW_UP_MEETING,
        title="Opfølgning",
        place="Vestergade 58, 1. sal th.",
        starts_at=datetime.fromisoformat(starts_at).replace(tzinfo=ZoneInfo(zone)),
        minutes=minutes,
        link=None,
        capacity=None,
        series=None,
        sequence=1,
        cancelled=False,
        changed_at=NOW,
    )


def feed(entries: Sequence[Entry], owner: Owner = MAJA, now: datetime = NOW) -> bytes:
    return feed_of(owner, entries, now)


def only_event(file: bytes) -> Part:
    [event] = events(file)
    return event


def test_a_link_stands_in_the_calendar_until_the_meeting_is_called_off() -> None:
    online = replace(entry(), link="https://moede.example.dk/j/123")
    assert only_event(feed([online]))["URL"] == online.link
    for one in (replace(online, cancelled=True), entry()):
        assert "URL" not in {line.name for line in only_event(feed([one])).lines}


NIGHTS = [f"{day}T{clock}" for day in ("2026-10-24", "2026-10-25", "2026-10-26") for clock in ("00:30", "03:30", "14:00")] + [
    f"{day}T{clock}" for day in ("2027-03-27", "2027-03-28", "2027-03-29") for clock in ("00:30", "01:59", "03:30", "14:00")
]


def test_a_meeting_is_at_its_wall_time_before_on_and_after_both_changes_of_clocks() -> None:
    entries = [entry(wall, name=f"m{number}") for number, wall in enumerate(NIGHTS)]
    file = feed(entries)
    calendar, lib = read(file), Calendar.from_ical(file)
    for one, event, read_by_library in zip(entries, calendar.all("VEVENT"), lib.events, strict=True):
        assert event.line("DTSTART").parameters == {"TZID": HOME}
        assert event["DTSTART"] == one.starts_at.strftime("%Y%m%dT%H%M%S")
        start = one.starts_at.astimezone(UTC)
        assert moment(calendar, event, "DTSTART") == read_by_library.start == start
        assert moment(calendar, event, "DTEND") == read_by_library.end == start + timedelta(hours=1)
    print(f"0 wrong; looked at {len(entries)} meetings")


@pytest.mark.parametrize("zone", ZONES)
def test_the_file_itself_tells_how_its_zone_stands_for_programs_that_know_none(zone: str) -> None:
    calendar = read(feed([entry("2026-01-05T12:00", zone, name="a"), entry("2028-12-20T12:00", zone, name="b")]))
    told, home, looked, wrong = standings(calendar, zone), ZoneInfo(zone), 0, []
    for wall in walls(home):
        meant = wall.replace(tzinfo=home).astimezone(UTC)
        if meant.astimezone(home).replace(tzinfo=None) == wall:  # a time that no clock shows is no meeting's
            looked += 1
            wrong += [wall] if by(told, wall) != meant else []
    print(f"{zone}: {len(wrong)} wrong; looked at {looked} times")
    assert wrong == []
    assert looked > 1_000


def walls(home: ZoneInfo) -> Iterator[datetime]:
    """Every noon of three years, and every quarter of an hour on a day on which the clocks are set."""
    day, last = datetime(2026, 1, 1, 12), datetime(2028, 12, 31, 12)  # noqa: DTZ001 - wall times
    while day < last:
        yield day
        if day.replace(tzinfo=home).utcoffset() != (day + timedelta(days=1)).replace(tzinfo=home).utcoffset():
            yield from (day + timedelta(minutes=quarter * 15) for quarter in range(96))
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "minutes", "written"),
    [
        ("2026-10-25T01:30", 60, "20261025T023000"),
        ("2026-10-25T01:30", 120, "20261025T013000Z"),
        ("2026-10-25T01:30", 180, "20261025T033000"),
        ("2026-10-25T02:30", 30, "20261025T010000Z"),
        ("2027-03-28T01:30", 60, "20270328T033000"),
    ],
)
def test_a_meeting_through_the_night_of_a_change_lasts_its_real_minutes(start: str, minutes: int, written: str) -> None:
    file = file_of(entry(start, minutes=minutes), Language.DA)
    event, calendar = only_event(file), read(file)
    assert event["DTEND"] == written
    assert moment(calendar, event, "DTEND") - moment(calendar, event, "DTSTART") == timedelta(minutes=minutes)


def test_a_meeting_in_another_zone_is_told_in_that_zone() -> None:
    file = feed([entry(name="a"), entry("2026-12-03T09:00", "America/Nuuk", name="b")])
    calendar = read(file)
    assert sorted(part["TZID"] for part in calendar.all("VTIMEZONE")) == ["America/Nuuk", HOME]
    there = events(file)[1]
    assert there.line("DTSTART").parameters == {"TZID": "America/Nuuk"}
    assert moment(calendar, there, "DTSTART") == datetime(2026, 12, 3, 11, tzinfo=UTC)


def test_a_zone_is_told_before_the_first_time_that_is_in_it() -> None:
    names = [part.name for part in read(feed([entry(name="a"), entry(zone="Asia/Tokyo", name="b")])).parts]
    assert names == ["VTIMEZONE", "VTIMEZONE", "VEVENT", "VEVENT"]


def test_a_moved_meeting_is_the_same_one_with_a_higher_sequence() -> None:
    first = entry()
    later = NOW + timedelta(days=2)
    moved = replace(first, starts_at=first.starts_at + timedelta(days=1), sequence=2, changed_at=later)
    was, now = only_event(feed([first])), only_event(feed([moved]))
    assert was["UID"] == now["UID"] == only_event(file_of(moved, Language.EN))["UID"] == "abc@medvind"
    assert (was["SEQUENCE"], now["SEQUENCE"]) == ("0", "1")
    assert (was["DTSTAMP"], was["LAST-MODIFIED"]) == ("20261001T070000Z", "20261001T070000Z")
    assert (now["DTSTAMP"], now["LAST-MODIFIED"]) == ("20261003T070000Z", "20261003T070000Z")
    assert now["DTSTART"] == "20261204T140000"


def test_a_meeting_that_is_called_off_stands_in_the_file_as_cancelled() -> None:
    off = replace(entry(), cancelled=True, sequence=2)
    for file in (feed([off]), file_of(off, Language.DA)):
        event = only_event(file)
        assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CANCELLED", "1", "TRANSPARENT")
    on = only_event(feed([entry()]))
    assert (on["STATUS"], on["TRANSP"]) == ("CONFIRMED", "OPAQUE")


@pytest.mark.parametrize(
    ("rsvp", "transparent"), [(Rsvp.NO, "TRANSPARENT"), (Rsvp.YES, "OPAQUE"), (Rsvp.MAYBE, "OPAQUE"), (None, "OPAQUE")]
)
def test_who_said_no_still_sees_the_meeting_and_is_free_then(rsvp: Rsvp | None, transparent: str) -> None:
    event = only_event(feed([replace(entry(), rsvp=rsvp)]))
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", transparent)


def test_the_same_facts_make_the_same_file_an_hour_later() -> None:
    entries = [entry(name="a"), entry("2027-03-28T14:00", name="b")]
    assert feed(entries) == feed(entries, now=NOW + timedelta(hours=1))


def test_a_feed_says_when_and_where_and_nothing_else() -> None:
    secret = replace(entry(), title="Samtale om gæld med Karin")
    looked = 0
    for kind in MeetingKind:
        file = feed([replace(secret, kind=kind, rsvp=Rsvp.YES)])
        event = only_event(file)
        looked += 1
        assert {line.name for line in event.lines} == {
            "UID",
            "SEQUENCE",
            "DTSTAMP",
            "LAST-MODIFIED",
            "DTSTART",
            "DTEND",
            "SUMMARY",
            "LOCATION",
            "STATUS",
            "TRANSP",
            "CLASS",
        }
        assert event["SUMMARY"] in {"Møde", "Kursus", "Netværksdag"}
        assert event["CLASS"] == "PRIVATE"
        assert event["LOCATION"] == secret.place
        assert not any(word in file.decode() for word in ("gæld", "Karin", kind.value, "moms", "regnskab"))
    print(f"0 words too many; looked at {looked} kinds")


def test_a_feed_is_published_and_asks_to_be_fetched_every_hour() -> None:
    calendar = read(feed([entry()]))
    assert (calendar["METHOD"], calendar["VERSION"], calendar["X-WR-CALNAME"]) == ("PUBLISH", "2.0", "Medvind")
    assert calendar["X-PUBLISHED-TTL"] == calendar["REFRESH-INTERVAL"] == "PT1H"
    assert calendar.line("REFRESH-INTERVAL").parameters == {"VALUE": "DURATION"}


def test_nothing_in_a_calendar_rings() -> None:
    for file in (feed([entry()]), file_of(entry(), Language.DA)):
        assert b"ALARM" not in file.upper()
        assert only_event(file).parts == []


def test_somebody_without_meetings_has_a_calendar_with_nothing_on_it() -> None:
    calendar = read(feed([]))
    assert calendar.all("VEVENT") == []
    assert [part["TZID"] for part in calendar.all("VTIMEZONE")] == [HOME]


def test_everybody_reads_their_own_language() -> None:
    assert only_event(feed([entry()]))["SUMMARY"] == "Møde"
    assert only_event(feed([entry()], Owner(1, Language.EN, HOME)))["SUMMARY"] == "Meeting"
    assert all(set(WORDS[language]) == set(MeetingKind) for language in Language)


def test_a_coachs_file_has_the_title_and_without_one_the_kind_in_words() -> None:
    assert only_event(file_of(entry(), Language.DA))["SUMMARY"] == "Opfølgning"
    assert only_event(file_of(replace(entry(), title=""), Language.EN))["SUMMARY"] == "Meeting"


WORDS_OF_COACHES = st.text(st.sampled_from("aZ9 ,;:\\\"\n\tæøåÆØÅé€😀👩‍👧^'=%"), min_size=1, max_size=220)


@given(title=WORDS_OF_COACHES, place=st.one_of(WORDS_OF_COACHES, st.text(max_size=200)))
@example(title="Kaffe, te; og \\n kage\nbagefter", place="Rådhuset, lokale 2; 1. sal")
@example(title="æ" * 200, place="😀" * 200)
@example(title="x" * 74 + "\\,;" * 20, place="a\r\nb\rc\x0bd\x00e\u2028f\x85g\x7fh")
def test_whatever_coaches_write_is_read_back_as_they_wrote_it(title: str, place: str) -> None:
    file = file_of(replace(entry(), title=title, place=place), Language.DA)
    event, [by_library] = only_event(file), Calendar.from_ical(file).events
    assert event["SUMMARY"] == str(by_library["SUMMARY"]) == readable(title)
    assert event["LOCATION"] == str(by_library["LOCATION"]) == readable(place)
    assert only_event(feed([replace(entry(), place=place)]))["LOCATION"] == readable(place)


def readable(text: str) -> str:
    """Breaks of lines as one sign, no other control signs; `\\N` is iCalendar's own way to write a break."""
    lines = "\n".join(text.splitlines()).replace("\\N", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or (sign.isprintable() or ord(sign) > 0x9F))


def test_a_comma_a_semicolon_and_a_new_line_are_escaped() -> None:
    written = only_event(file_of(replace(entry(), title="a, b; c\nd \\ e"), Language.DA)).line("SUMMARY").value
    assert written == r"a\, b\; c\nd \\ e"
