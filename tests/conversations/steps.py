"""What a transcript is made of: who is in it, and what happens, a step for each line."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from medvind.model import ChannelName, Language

ZONE = ZoneInfo("Europe/Copenhagen")
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
    coached: bool = True
    business: str | None = None


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
class Edits(Step):
    """Other words in the place of those that the last message of this wording has, in Telegram."""

    who: str
    before: str
    text: str


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
    """An alert to the coach, or to whoever stands in, as it is sent."""

    who: str
    channel: ChannelName
    text: str


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
class Notes(Step):
    """A day of somebody's, put into the coach's file."""

    who: str
    what: str
    on: date


@dataclass(frozen=True)
class Coach(Step):
    """What else the coach does, and about whom."""

    does: str
    who: str = ""
    what: str = ""
    channel: ChannelName | None = None


@dataclass(frozen=True)
class Happens(Step):
    """What stands in brackets."""

    what: str
    about: str = ""


@dataclass(frozen=True)
class Transcript:
    """One conversation. `alike`: it is played once on each channel with the same words.

    The coach is `away` from a day, the first one where none is said, up to and with another; `stands_in`: who, at which number,
    until when. `deputy` is whoever is on duty.
    """

    file: str
    title: str
    people: tuple[Participant, ...]
    coach: tuple[str, str]
    away: tuple[date | None, date] | None
    stands_in: tuple[str, str, date] | None
    deputy: str | None
    alike: tuple[ChannelName, ...]
    steps: tuple[Step, ...]

    def on(self, channel: ChannelName) -> "Transcript":
        """The same with everybody on this one channel."""
        people = tuple(replace(one, channels=(channel,)) for one in self.people)
        return replace(self, people=people)
