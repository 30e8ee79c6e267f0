"""A transcript as steps: every line is known, or it is a fault that names the file and the line."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from medvind.model import ChannelName, Language

ZONE = ZoneInfo("Europe/Copenhagen")
YEARS = (2026, 2027)
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
CHANNELS = {
    "sms": (ChannelName.SMS,),
    "telegram": (ChannelName.TELEGRAM,),
    "sms and telegram": (ChannelName.SMS, ChannelName.TELEGRAM),
}
SOMEBODY, US = "Somebody", "Medvind"


class TranscriptError(AssertionError):
    """A line that can't be read, or that is not what happens."""

    def __init__(self, file: str, line: int, says: str) -> None:
        super().__init__(f"{file}:{line}: {says}")


@dataclass(frozen=True)
class Participant:
    """Who is in the conversation, and how things stand with them."""

    name: str
    channels: tuple[ChannelName, ...] = ()
    standing: str = ""
    language: Language = Language.DA
    in_business: bool = False
    waiting_since: tuple[int, int] | None = None
    word: str | None = None


@dataclass(frozen=True)
class Step:
    """One line of a transcript."""

    line: int


@dataclass(frozen=True)
class Minute(Step):
    """The clock is put there, after all that falls due on the way. A wall time; `fold` tells two of one night apart."""

    at: datetime


@dataclass(frozen=True)
class Arrives(Step):
    """What must arrive. `to`: at whom, None at the only one; `channel`: None where it isn't said."""

    to: str | None
    channel: ChannelName | None
    text: str
    buttons: tuple[str, ...] = ()
    times: int = 1


@dataclass(frozen=True)
class Writes(Step):
    """Words, on the channel that was used last where none is named."""

    who: str
    channel: ChannelName | None
    text: str
    times: int = 1


@dataclass(frozen=True)
class Taps(Step):
    """A button, under the latest message that begins so, of that day."""

    who: str
    label: str
    under: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class Sends(Step):
    """Something that is no text."""

    who: str
    what: str


@dataclass(frozen=True)
class Bot(Step):
    """Blocks the bot, lets it in again, or brings it into a group."""

    who: str
    does: str


@dataclass(frozen=True)
class Listed(Step):
    """A task that must stand on the coach's list; without a reason: nothing may."""

    who: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Told(Step):
    """An alert to the coach, or to whoever stands in."""

    who: str


@dataclass(frozen=True)
class Plans(Step):
    """A meeting, with everybody where nobody is named."""

    who: tuple[str, ...]
    at: datetime
    place: str


@dataclass(frozen=True)
class Moves(Step):
    """The meeting that was planned last, to another time, and to another place where one is named."""

    at: datetime
    place: str | None


@dataclass(frozen=True)
class Coach(Step):
    """What else the coach does, and about whom."""

    does: str
    who: str = ""
    what: str = ""


@dataclass(frozen=True)
class Happens(Step):
    """What stands in brackets."""

    what: str
    about: str = ""


@dataclass(frozen=True)
class Transcript:
    """One conversation. `alike`: it is played once on each channel with the same words."""

    file: str
    title: str
    people: tuple[Participant, ...]
    coach: tuple[str, str]
    deputy: str | None
    alike: tuple[ChannelName, ...]
    steps: tuple[Step, ...]

    def on(self, channel: ChannelName) -> "Transcript":
        """The same with everybody on this one channel."""
        people = tuple(replace(one, channels=(channel,)) for one in self.people)
        return replace(self, people=people)


def read(path: Path) -> Transcript:
    """The transcript in this file. Raises TranscriptError at the first line that is none we know."""
    return parse(path.name, path.read_text(encoding="utf-8"))


def parse(file: str, text: str) -> Transcript:
    """The same from its text."""
    reader = _Reader(file, text.splitlines())
    return reader.transcript()


WHEN = r"(?P<weekday>\w+) d\. (?P<day>\d{1,2})\. (?P<month>\w+)"
CLOCK = r" kl\. (?P<hour>\d\d)\.(?P<minute>\d\d)"
CHANNEL = r"(?: \((?P<channel>sms|telegram)\))?"
BUTTON = re.compile(r" \[([^\[\]]+)\]$")
HEADING = re.compile(rf"## {WHEN}{CLOCK}(?P<again> \(igen\))?")
BESIDE = re.compile(r"  \|(?: (.*))?")
"""The next line of the same message."""
HAPPENINGS = (
    *("nothing comes", "the service restarts", "the same message arrives again", "the keyboard is gone"),
    "the bot leaves the group",
)


class _Reader:
    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file, self.lines, self.number = file, lines, 0
        self.people: dict[str, Participant] = {}
        self.coach: tuple[str, str] | None = None
        self.deputy: str | None = None
        self.alike: tuple[ChannelName, ...] = ()

    def fault(self, says: str) -> TranscriptError:
        return TranscriptError(self.file, self.number, says)

    def transcript(self) -> Transcript:
        numbered = self._numbered()
        title = self._head(numbered)
        self._given(numbered)
        if self.coach is None or not self.people:
            raise self.fault("Given names no coach or no participant")
        steps = tuple(self._steps(numbered))
        return Transcript(self.file, title, tuple(self.people.values()), self.coach, self.deputy, self.alike, steps)

    def _numbered(self) -> Iterator[str]:
        for number, line in enumerate(self.lines, 1):
            self.number = number
            if line.strip():
                yield line

    def _head(self, lines: Iterator[str]) -> str:
        title = next(lines, "")
        if not title.startswith("# "):
            raise self.fault("a transcript begins with its title: # What the reader learns")
        for line in lines:
            if line == "## Given":
                return title.removeprefix("# ")
            if line.startswith("channels: "):
                self.alike = tuple(self._channels(name)[0] for name in line.removeprefix("channels: ").split(", "))
            elif line.startswith("#"):
                break
        raise self.fault("after the title and its prose comes ## Given")

    def _channels(self, name: str) -> tuple[ChannelName, ...]:
        if name not in CHANNELS:
            raise self.fault(f"no channel is called {name!r}")
        return CHANNELS[name]

    def _given(self, lines: Iterator[str]) -> None:
        for line in lines:
            if line.startswith("## "):
                return
            if found := re.fullmatch(r"- (\w+) is the coach, (\d\d \d\d \d\d \d\d)", line):
                self.coach = (found[1], found[2])
            elif found := re.fullmatch(r"- (\w+) is the deputy", line):
                self.deputy = found[1]
            elif found := re.fullmatch(r"- (\w+), (.+)", line):
                self._participant(found[1], found[2].split(", "))
            else:
                raise self.fault(f"not known in Given: {line}")
        raise self.fault("nothing happens after Given")

    def _participant(self, name: str, words: Sequence[str]) -> None:
        one = Participant(name, channels=self.alike[:1])
        for word in words:
            if word in CHANNELS and not self.alike:
                one = replace(one, channels=CHANNELS[word])
            elif word in {"not asked yet", "said yes", "said stop"}:
                one = replace(one, standing=word)
            elif word == "writes English":
                one = replace(one, language=Language.EN)
            elif word == "in business":
                one = replace(one, in_business=True)
            elif found := re.fullmatch(r"waiting for the money since (\d{1,2})\. (\w+)", word):
                one = replace(one, waiting_since=(self._month(found[2]), int(found[1])))
            elif found := re.fullmatch(r"has the private word (\w+)", word):
                one = replace(one, word=found[1])
            else:
                raise self.fault(f"not known of {name}: {word}")
        if not one.standing or not one.channels:
            raise self.fault(f"it isn't said whether {name} has said yes, or on which channel")
        self.people[name] = one

    def _steps(self, lines: Iterator[str]) -> Iterator[Step]:
        line: str | None = self.lines[self.number - 1]
        while line is not None:
            number, after = self.number, next(lines, None)
            while after is not None and (more := BESIDE.fullmatch(after)):
                line, after = f"{line}\n{more[1] or ''}", next(lines, None)
            now, self.number = self.number, number
            yield self._step(line)
            line, self.number = after, now

    def _step(self, line: str) -> Step:
        for pattern, make in FORMS:
            if found := pattern.fullmatch(line):
                return make(self, found)
        raise self.fault(f"not known: {line}")

    def _month(self, name: str) -> int:
        if name not in MONTHS:
            raise self.fault(f"no month is called {name!r}")
        return MONTHS.index(name) + 1

    def day(self, found: Mapping[str, Any]) -> date:
        """The day of that name and number in one of the years in which transcripts play."""
        if found["weekday"] in WEEKDAYS:
            days = [date(year, self._month(found["month"]), int(found["day"])) for year in YEARS]
            for day in days:
                if day.weekday() == WEEKDAYS.index(found["weekday"]):
                    return day
        raise self.fault(f"no {found['weekday']} is d. {found['day']}. {found['month']} in {YEARS}")

    def moment(self, found: Mapping[str, Any]) -> datetime:
        """A wall time."""
        day = self.day(found)
        return datetime(day.year, day.month, day.day, int(found["hour"]), int(found["minute"]))  # noqa: DTZ001

    def name(self, found: Mapping[str, Any], *, somebody: bool = False) -> str:
        name = str(found["who"])
        if name not in self.people and not (somebody and name == SOMEBODY):
            raise self.fault(f"nobody in Given is called {name}")
        return name

    def coached(self, found: Mapping[str, Any]) -> None:
        if self.coach is None or found["coach"] != self.coach[0]:
            raise self.fault(f"the coach is not called {found['coach']}")


def _minute(reader: _Reader, found: re.Match[str]) -> Step:
    wall = reader.moment(found.groupdict())
    return Minute(reader.number, wall.replace(fold=1 if found["again"] else 0))


def _arrives(reader: _Reader, found: re.Match[str]) -> Step:
    text, buttons = found["text"], list[str]()
    while button := BUTTON.search(text):
        buttons.insert(0, button[1])
        text = text[: button.start()]
    to = found["to"]
    if to is not None and to not in reader.people and to != "somebody":
        raise reader.fault(f"nobody in Given is called {to}")
    if to is None and len(reader.people) > 1:
        raise reader.fault(f"whom does it arrive at? Medvind to one of {', '.join(reader.people)}: ...")
    return Arrives(reader.number, to, _channel(found), text, tuple(buttons), int(found["times"] or 1))


def _channel(found: re.Match[str]) -> ChannelName | None:
    return ChannelName(found["channel"]) if found["channel"] else None


def _writes(reader: _Reader, found: re.Match[str]) -> Step:
    return Writes(reader.number, reader.name(found.groupdict(), somebody=True), _channel(found), found["text"])


def _writes_often(reader: _Reader, found: re.Match[str]) -> Step:
    return Writes(reader.number, reader.name(found.groupdict()), None, found["text"], int(found["times"]))


def _taps(reader: _Reader, found: re.Match[str]) -> Step:
    on = reader.day(found.groupdict()) if found["weekday"] else None
    return Taps(reader.number, reader.name(found.groupdict()), found["label"], found["under"], on)


def _listed(reader: _Reader, found: re.Match[str]) -> Step:
    reader.coached(found.groupdict())
    return Listed(reader.number, reader.name(found.groupdict()), found["reason"])


def _nothing_listed(reader: _Reader, found: re.Match[str]) -> Step:
    reader.coached(found.groupdict())
    return Listed(reader.number)


def _told(reader: _Reader, found: re.Match[str]) -> Step:
    if reader.coach is None or found["who"] not in {reader.coach[0], reader.deputy}:
        raise reader.fault(f"{found['who']} is neither coach nor deputy")
    return Told(reader.number, found["who"])


def _plans(reader: _Reader, found: re.Match[str]) -> Step:
    reader.coached(found.groupdict())
    who = tuple(found["guests"].split(" and ")) if found["guests"] else tuple(reader.people)
    for name in who:
        reader.name({"who": name})
    return Plans(reader.number, who, reader.moment(found.groupdict()), found["place"])


def _moves(reader: _Reader, found: re.Match[str]) -> Step:
    reader.coached(found.groupdict())
    return Moves(reader.number, reader.moment(found.groupdict()), found["place"])


def _coach(does: str) -> Callable[[_Reader, re.Match[str]], Step]:
    def make(reader: _Reader, found: re.Match[str]) -> Step:
        reader.coached(found.groupdict())
        groups = found.groupdict()
        return Coach(reader.number, does, reader.name(groups) if "who" in groups else "", groups.get("what") or "")

    return make


FORMS: tuple[tuple[re.Pattern[str], Callable[[_Reader, re.Match[str]], Step]], ...] = (
    (HEADING, _minute),
    (re.compile(rf"{US}(?: to (?P<to>\w+))?{CHANNEL}(?: (?P<times>\d+) times)?: (?P<text>.+)", re.DOTALL), _arrives),
    (re.compile(r"(?P<coach>\w+)'s list: nothing"), _nothing_listed),
    (re.compile(r"(?P<coach>\w+)'s list: (?P<who>\w+), (?P<reason>.+)"), _listed),
    (re.compile(r"(?P<who>\w+) writes (?P<times>\d+) times: (?P<text>.+)"), _writes_often),
    (re.compile(rf"(?P<who>\w+){CHANNEL}: (?P<text>.+)", re.DOTALL), _writes),
    (re.compile(rf'(?P<who>\w+) taps \[(?P<label>[^\]]+)\](?: under "(?P<under>[^"]+)")?(?: of {WHEN})?'), _taps),
    (
        re.compile(r"(?P<who>\w+) sends (?P<what>a photo|a voice message|her location|his location|a sticker)"),
        lambda reader, found: Sends(reader.number, reader.name(found.groupdict()), found["what"]),
    ),
    (
        re.compile(r"(?P<who>\w+) (?P<does>blocks|unblocks|brings) the bot(?: into a group)?"),
        lambda reader, found: Bot(reader.number, reader.name(found.groupdict()), found["does"]),
    ),
    (re.compile(r"(?P<who>\w+) is told at once"), _told),
    (re.compile(rf"(?P<coach>\w+) plans a meeting(?: with (?P<guests>.+?))? {WHEN}{CLOCK} at (?P<place>.+)"), _plans),
    (re.compile(rf"(?P<coach>\w+) moves the meeting to {WHEN}{CLOCK}(?: at (?P<place>.+))?"), _moves),
    (re.compile(r"(?P<coach>\w+) cancels the meeting"), _coach("cancels")),
    (re.compile(r"(?P<coach>\w+) marks (?P<who>\w+) as (?P<what>absent|present|excused)"), _coach("marks")),
    (re.compile(r"(?P<coach>\w+) sends (?P<who>\w+) a Telegram code"), _coach("sends a code")),
    (re.compile(r"(?P<coach>\w+) hands (?P<who>\w+) a Telegram link"), _coach("hands a link")),
    (re.compile(r"(?P<coach>\w+) gives (?P<who>\w+) the new number (?P<what>\d\d \d\d \d\d \d\d)"), _coach("new number")),
    (
        re.compile(r"\(no trace of (?P<about>\S+) is kept\)"),
        lambda reader, found: Happens(reader.number, "no trace", found["about"]),
    ),
    (
        re.compile(rf"\((?P<what>{'|'.join(HAPPENINGS)})\)"),
        lambda reader, found: Happens(reader.number, found["what"]),
    ),
)
"""Every form that a line can have, the first that fits."""
