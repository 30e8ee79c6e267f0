"""The forms that a line of a transcript can have, and the step that each is."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from medvind.model import ChannelName
from tests.conversations.steps import (
    SOMEBODY,
    US,
    Arrives,
    Bot,
    Coach,
    Edits,
    Happens,
    Listed,
    Minute,
    Moves,
    Notes,
    Participant,
    Plans,
    Sends,
    Step,
    Taps,
    Told,
    TranscriptError,
    Writes,
)

YEARS = (2026, 2027)
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
WHEN = r"(?P<weekday>\w+) d\. (?P<day>\d{1,2})\. (?P<month>\w+)"
CLOCK = r" kl\. (?P<hour>\d\d)\.(?P<minute>\d\d)"
CHANNEL = r"(?: \((?P<channel>sms|telegram)\))?"
BUTTON = re.compile(r" \[([^\[\]]+)\]$")
HEADING = re.compile(rf"## {WHEN}{CLOCK}(?P<again> \(igen\))?")
NOTED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "the course ended": ("course_ended_on", {}),
    "the money came": ("paid_out_on", {}),
    "the business started": ("business_started_on", {}),
    "VAT by quarter from": ("vat_registered_on", {"vat_period": "quarterly"}),
    "no more VAT from": ("vat_deregistered_on", {}),
}
"""In which column of the coach's file a day stands, and what else in that row."""
HAPPENINGS = (
    *("nothing comes", "the service restarts", "the same message arrives again"),
    *("the keyboard is gone", "the keyboard stays", "the bot leaves the group"),
)


class Scene:
    """What is known of a conversation when one of its lines is read."""

    def __init__(self, file: str) -> None:
        self.file, self.number = file, 0
        self.people: dict[str, Participant] = {}
        self.coach: tuple[str, str] | None = None
        self.deputy: str | None = None
        self.away: tuple[date | None, date] | None = None
        self.stands_in: tuple[str, str, date] | None = None

    def fault(self, says: str) -> TranscriptError:
        """With the line that is being read."""
        return TranscriptError(self.file, self.number, says)

    def month(self, name: str) -> int:
        if name not in MONTHS:
            raise self.fault(f"no month is called {name!r}")
        return MONTHS.index(name) + 1

    def day(self, found: Mapping[str, Any]) -> date:
        """The day of that name and number in one of the years in which transcripts play."""
        if found["weekday"] in WEEKDAYS:
            days = [date(year, self.month(found["month"]), int(found["day"])) for year in YEARS]
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


def _minute(scene: Scene, found: re.Match[str]) -> Step:
    wall = scene.moment(found.groupdict())
    return Minute(scene.number, wall.replace(fold=1 if found["again"] else 0))


def _arrives(scene: Scene, found: re.Match[str]) -> Step:
    text, buttons = found["text"], list[str]()
    while button := BUTTON.search(text):
        buttons.insert(0, button[1])
        text = text[: button.start()]
    to = found["to"]
    if to is not None and to not in scene.people and to != "somebody":
        raise scene.fault(f"nobody in Given is called {to}")
    if to is None and len(scene.people) > 1:
        raise scene.fault(f"whom does it arrive at? Medvind to one of {', '.join(scene.people)}: ...")
    return Arrives(scene.number, to, _channel(found), text, tuple(buttons), int(found["times"] or 1))


def _channel(found: re.Match[str]) -> ChannelName | None:
    return ChannelName(found["channel"]) if found["channel"] else None


def _writes(scene: Scene, found: re.Match[str]) -> Step:
    return Writes(scene.number, scene.name(found.groupdict(), somebody=True), _channel(found), found["text"])


def _edits(scene: Scene, found: re.Match[str]) -> Step:
    return Edits(scene.number, scene.name(found.groupdict()), found["before"], found["text"])


def _writes_often(scene: Scene, found: re.Match[str]) -> Step:
    return Writes(scene.number, scene.name(found.groupdict()), None, found["text"], int(found["times"]))


def _taps(scene: Scene, found: re.Match[str]) -> Step:
    on = scene.day(found.groupdict()) if found["weekday"] else None
    return Taps(scene.number, scene.name(found.groupdict()), found["label"], found["under"], on)


def _listed(scene: Scene, found: re.Match[str]) -> Step:
    scene.coached(found.groupdict())
    return Listed(scene.number, scene.name(found.groupdict()), found["reason"])


def _nothing_listed(scene: Scene, found: re.Match[str]) -> Step:
    scene.coached(found.groupdict())
    return Listed(scene.number)


def _told(scene: Scene, found: re.Match[str]) -> Step:
    colleague = scene.stands_in[0] if scene.stands_in else None
    if scene.coach is None or found["who"] not in {scene.coach[0], scene.deputy, colleague}:
        raise scene.fault(f"{found['who']} is neither coach nor deputy, and stands in for nobody")
    return Told(scene.number, found["who"], ChannelName(found["channel"]), found["text"])


def _told_nothing(scene: Scene, found: re.Match[str]) -> Step:
    raise scene.fault(f"told what? {found['who']} is told by sms: ...")


def _plans(scene: Scene, found: re.Match[str]) -> Step:
    scene.coached(found.groupdict())
    who = tuple(found["guests"].split(" and ")) if found["guests"] else tuple(scene.people)
    for name in who:
        scene.name({"who": name})
    return Plans(scene.number, who, scene.moment(found.groupdict()), found["place"])


def _moves(scene: Scene, found: re.Match[str]) -> Step:
    scene.coached(found.groupdict())
    return Moves(scene.number, scene.moment(found.groupdict()), found["place"])


def _notes(scene: Scene, found: re.Match[str]) -> Step:
    scene.coached(found.groupdict())
    if found["what"] not in NOTED:
        raise scene.fault(f"nothing like that can be noted: {found['what']}; known are: {', '.join(NOTED)}")
    return Notes(scene.number, scene.name(found.groupdict()), found["what"], scene.day(found.groupdict()))


def _coach(does: str) -> Callable[[Scene, re.Match[str]], Step]:
    def make(scene: Scene, found: re.Match[str]) -> Step:
        scene.coached(found.groupdict())
        groups = found.groupdict()
        way = ChannelName(groups["channel"]) if groups.get("channel") else None
        return Coach(scene.number, does, scene.name(groups) if "who" in groups else "", groups.get("what") or "", way)

    return make


FORMS: tuple[tuple[re.Pattern[str], Callable[[Scene, re.Match[str]], Step]], ...] = (
    (HEADING, _minute),
    (re.compile(rf"{US}(?: to (?P<to>\w+))?{CHANNEL}(?: (?P<times>\d+) times)?: (?P<text>.+)", re.DOTALL), _arrives),
    (re.compile(r"(?P<coach>\w+)'s list: nothing"), _nothing_listed),
    (re.compile(r"(?P<coach>\w+)'s list: (?P<who>\w+), (?P<reason>.+)"), _listed),
    (re.compile(r"(?P<who>\w+) writes (?P<times>\d+) times: (?P<text>.+)"), _writes_often),
    (re.compile(r'(?P<who>\w+) edits "(?P<before>[^"]+)" to: (?P<text>.+)', re.DOTALL), _edits),
    (re.compile(rf"(?P<who>\w+){CHANNEL}: (?P<text>.+)", re.DOTALL), _writes),
    (re.compile(rf'(?P<who>\w+) taps \[(?P<label>[^\]]+)\](?: under "(?P<under>[^"]+)")?(?: of {WHEN})?'), _taps),
    (
        re.compile(r"(?P<who>\w+) sends (?P<what>a photo|a voice message|her location|his location|a sticker)"),
        lambda scene, found: Sends(scene.number, scene.name(found.groupdict()), found["what"]),
    ),
    (
        re.compile(r"(?P<who>\w+) (?P<does>blocks|unblocks|brings) the bot(?: into a group)?"),
        lambda scene, found: Bot(scene.number, scene.name(found.groupdict()), found["does"]),
    ),
    (re.compile(r"(?P<who>\w+) is told by (?P<channel>sms|telegram): (?P<text>.+)", re.DOTALL), _told),
    (re.compile(r"(?P<who>\w+) is told.*"), _told_nothing),
    (re.compile(rf"(?P<coach>\w+) plans a meeting(?: with (?P<guests>.+?))? {WHEN}{CLOCK} at (?P<place>.+)"), _plans),
    (re.compile(rf"(?P<coach>\w+) moves the meeting to {WHEN}{CLOCK}(?: at (?P<place>.+))?"), _moves),
    (re.compile(r"(?P<coach>\w+) cancels the meeting"), _coach("cancels")),
    (re.compile(r"(?P<coach>\w+) marks (?P<who>\w+) as (?P<what>absent|present|excused)"), _coach("marks")),
    (re.compile(rf"(?P<coach>\w+) writes to (?P<who>\w+){CHANNEL}: (?P<what>.+)", re.DOTALL), _coach("writes")),
    (re.compile(r"(?P<coach>\w+) can't write to (?P<who>\w+): (?P<what>.+)"), _coach("can't write")),
    (re.compile(rf"(?P<coach>\w+) notes of (?P<who>\w+): (?P<what>.+) {WHEN}"), _notes),
    (re.compile(r"(?P<coach>\w+) reads what (?P<who>\w+) wrote"), _coach("reads")),
    (re.compile(r"(?P<coach>\w+) deals with: (?P<who>\w+), (?P<what>.+)"), _coach("deals with")),
    (re.compile(r"(?P<coach>\w+) erases (?P<who>\w+)"), _coach("erases")),
    (re.compile(r"(?P<coach>\w+) can't erase (?P<who>\w+): (?P<what>.+)"), _coach("can't erase")),
    (re.compile(r"(?P<coach>\w+) sends (?P<who>\w+) a Telegram code"), _coach("sends a code")),
    (re.compile(r"(?P<coach>\w+) hands (?P<who>\w+) a Telegram link"), _coach("hands a link")),
    (re.compile(r"(?P<coach>\w+) gives (?P<who>\w+) the new number (?P<what>\d\d \d\d \d\d \d\d)"), _coach("new number")),
    (
        re.compile(r"\(no trace of (?P<about>\S+) is kept\)"),
        lambda scene, found: Happens(scene.number, "no trace", found["about"]),
    ),
    (
        re.compile(rf"\((?P<what>{'|'.join(HAPPENINGS)})\)"),
        lambda scene, found: Happens(scene.number, found["what"]),
    ),
)
"""Every form that a line can have, the first that fits."""
