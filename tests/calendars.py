"""Reads a calendar file by hand, strictly and byte by byte: no library says whether a file is one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

LONGEST = 75
NAMED = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:,\"]+)*):(.*)", re.DOTALL)
WALL = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Line:
    """What stands before the colon, and after it as it was written."""

    name: str
    parameters: Mapping[str, str]
    value: str

    @property
    def text(self) -> str:
        """As people read it."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass
class Part:
    """What stands between BEGIN and END."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.line(name).text

    def line(self, name: str) -> Line:
        [line] = [line for line in self.lines if line.name == name]
        return line

    def all(self, name: str) -> list["Part"]:
        return [part for part in self.parts if part.name == name]


def read(file: bytes) -> Part:
    """The calendar in a file. Fails where the file is none: a lone CR or LF, a long line, a broken letter, an open part."""
    whole = Part("")
    opened = [whole]
    for line in _lines(file):
        if line.name == "BEGIN":
            part = Part(line.value)
            opened[-1].parts.append(part)
            opened.append(part)
        elif line.name == "END":
            assert opened.pop().name == line.value
        else:
            opened[-1].lines.append(line)
    assert opened == [whole]
    [calendar] = whole.parts
    assert calendar.name == "VCALENDAR"
    assert calendar.parts, "a calendar must have something in it"
    return calendar


def _lines(file: bytes) -> Iterator[Line]:
    assert file.endswith(b"\r\n")
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", file), "a lone CR or LF"
    rows = file.removesuffix(b"\r\n").split(b"\r\n")
    assert all(0 < len(row) <= LONGEST for row in rows), max(rows, key=len)
    assert not any(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", row.decode()) for row in rows), "no control characters"
    for line in b"\r\n".join(rows).decode().replace("\r\n ", "").split("\r\n"):
        named = NAMED.fullmatch(line)
        assert named, line
        name, parameters, value = named.groups()
        pairs = [pair.partition("=") for pair in parameters.split(";")[1:]]
        yield Line(name, {key: text for key, _, text in pairs}, value)


def events(file: bytes) -> list[Part]:
    return read(file).all("VEVENT")


def moment(calendar: Part, event: Part, name: str) -> datetime:
    """The moment in UTC, by what the file itself says of its zones: of two equal hours the first counts."""
    line = event.line(name)
    if line.value.endswith("Z"):
        return datetime.strptime(line.value, WALL + "Z").replace(tzinfo=UTC)
    return at(calendar, line.parameters["TZID"], datetime.strptime(line.value, WALL))  # noqa: DTZ007 - a wall time


def at(calendar: Part, zone: str, wall: datetime) -> datetime:
    """What this wall time is in UTC, as the file describes the zone."""
    return by(standings(calendar, zone), wall)


Standing = tuple[datetime, timedelta]
"""From which wall time on, and how far from UTC."""


def standings(calendar: Part, zone: str) -> list[Standing]:
    [described] = [part for part in calendar.all("VTIMEZONE") if part["TZID"] == zone]
    return [(datetime.strptime(part["DTSTART"], WALL), _offset(part["TZOFFSETTO"])) for part in described.parts]  # noqa: DTZ007


def by(stands: Iterable[Standing], wall: datetime) -> datetime:
    """The moment in UTC: the last standing that had begun by then counts."""
    _, offset = max(standing for standing in stands if standing[0] <= wall)
    return (wall - offset).replace(tzinfo=UTC)


def _offset(text: str) -> timedelta:
    sign, hours, minutes = -1 if text[0] == "-" else 1, int(text[1:3]), int(text[3:5])
    return sign * timedelta(hours=hours, minutes=minutes)
