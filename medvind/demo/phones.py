"""Simulated phones behind the real port, and the people who hold them."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count

from medvind.channels import InboundKind, Outgoing
from medvind.clock import Clock
from medvind.demo.cast import HOME, Habit, Persona
from medvind.demo.files import File
from medvind.errors import UndeliverableError
from medvind.model import ChannelName

GETS_UP, TO_BED = time(7, 30), time(22)
UNASKED = "-"
NO_SUCH_NUMBER = "30005"
"""What Twilio calls a number that nobody has."""


@dataclass(frozen=True, slots=True)
class Says:
    """Somebody writes, or taps a button."""

    channel: ChannelName
    sender: str
    kind: InboundKind
    text: str


@dataclass(frozen=True, slots=True)
class JoinsTelegram:
    """The coach hands this person a code, and it is used."""

    persona: Persona


Act = Says | JoinsTelegram | File


class Agenda:
    """What people will do, in its order."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._number = count()

    def add(self, moment: datetime, act: Act) -> None:
        """Puts it down for that moment."""
        heapq.heappush(self._waiting, (moment, next(self._number), act))

    def next_at(self) -> datetime | None:
        """When the next thing happens."""
        return self._waiting[0][0] if self._waiting else None

    def due(self, now: datetime) -> Iterator[Act]:
        """What happens by now, each once."""
        while self._waiting and self._waiting[0][0] <= now:
            yield heapq.heappop(self._waiting)[2]


class Phones:
    """All phones on one channel. A message lands on the phone whose address it bears; a dead one has no owner."""

    def __init__(self, name: ChannelName, dead: set[str], ring: Callable[[ChannelName, Outgoing], None]) -> None:
        self.name = name
        self.dead, self._ring = dead, ring
        self.landed: list[Outgoing] = []

    async def send(self, message: Outgoing) -> str:
        """Lands it. Raises UndeliverableError where nobody has that number."""
        if message.to in self.dead:
            raise UndeliverableError(NO_SUCH_NUMBER, dead=True)
        self.landed.append(message)
        self._ring(self.name, message)
        return f"{self.name}-{len(self.landed)}"


class People:
    """Reads what lands and puts the answers on the agenda: by habit, some minutes later, and never at night.

    Whose phone somebody else has `taken` in hand answers nothing by habit any more.
    """

    def __init__(self, cast: Sequence[Persona], clock: Clock, agenda: Agenda) -> None:
        self._clock, self._agenda = clock, agenda
        self._by_address = {(channel, one.address(channel)): one for channel in ChannelName for one in cast}
        self.read_by: Counter[tuple[str, str]] = Counter()
        self.taken: set[str] = set()
        for one in cast:
            self._put_down(one)

    def owner(self, channel: ChannelName, address: str) -> Persona:
        """Whose phone that is."""
        return self._by_address[channel, address]

    def still_do(self, act: Act) -> bool:
        """Whether this happens by itself: not where somebody else holds the phone by now."""
        match act:
            case Says():
                return self.owner(act.channel, act.sender).external_id not in self.taken
            case JoinsTelegram():
                return act.persona.external_id not in self.taken
            case File():
                return True

    def read(self, channel: ChannelName, message: Outgoing) -> None:
        """Somebody looks at their phone."""
        persona = self.owner(channel, message.to)
        for habit in persona.habits:
            if habit.reads in message.text:
                self._answer(persona, habit, channel, message)

    def _answer(self, persona: Persona, habit: Habit, channel: ChannelName, message: Outgoing) -> None:
        turn = self.read_by[persona.external_id, habit.reads]
        self.read_by[persona.external_id, habit.reads] += 1
        if turn >= len(habit.says) or habit.says[turn] == UNASKED:
            return
        word = habit.says[turn]
        tap = next((button.data for button in message.buttons if button.label == word), None)
        by_tap = tap is not None and channel == ChannelName.TELEGRAM
        kind, text = (InboundKind.BUTTON, tap) if tap is not None and by_tap else (InboundKind.TEXT, word)
        moment = awake_from(self._clock.now() + timedelta(minutes=habit.minutes))
        self._agenda.add(moment, Says(channel, message.to, kind, text))

    def _put_down(self, one: Persona) -> None:
        for deed in one.deeds:
            self._agenda.add(deed.at, Says(ChannelName.SMS, one.phone, InboundKind.TEXT, deed.says))
        if one.joins_telegram_at is not None:
            self._agenda.add(one.joins_telegram_at, JoinsTelegram(one))


def awake_from(moment: datetime) -> datetime:
    """This moment, or the next morning where people sleep."""
    local = moment.astimezone(HOME)
    if GETS_UP <= local.time() < TO_BED:
        return moment
    morning = local.date() + timedelta(days=local.time() >= TO_BED)
    return datetime.combine(morning, GETS_UP, HOME)
