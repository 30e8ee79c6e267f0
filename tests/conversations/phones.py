"""The phones of a conversation: what arrived, and whether it is what had to."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from medvind.channels import Button
from medvind.flows.report import Reader, Todo, todos
from medvind.model import ChannelName, Language, Role, Viewer
from medvind.texts import Catalogue
from tests.conversations.app import App
from tests.conversations.cast import Cast
from tests.conversations.listed import fits
from tests.conversations.steps import SOMEBODY, ZONE, Arrives, Listed, Step, Told, Transcript, TranscriptError
from tests.fakes import FakeSms, HandClock, Town
from tests.standins.telegram_words import Taken

BEFORE = 8
"""How many lines of what came before stand in a failure."""
CODE = "<kode>"
EVERYDAY = frozenset({"skal", "noget"})
"""Longer words that an alert may share with anybody."""


@dataclass
class Got:
    """A message that arrived. `shown`: as Telegram shows it now; `gone`: when Telegram was told to take the keyboard away."""

    channel: ChannelName
    text: str
    buttons: tuple[Button, ...]
    at: datetime
    shown: Taken | None = None
    tapped: bool = False
    gone: datetime | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in self.buttons)

    @property
    def keyboard(self) -> bool:
        """Whether it can be seen."""
        return self.shown is not None and bool(self.shown.buttons)


@dataclass
class Thread:
    """One person's phone."""

    channel: ChannelName | None = None
    arrived: list[Got] = field(default_factory=list)
    unread: list[Got] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class Phones:
    """What reached whom, and what of it no step has spoken of yet. They are the outside world: a restart leaves them."""

    app: App
    cast: Cast
    clock: HandClock
    town: Town

    def __init__(self, transcript: Transcript, catalogue: Catalogue) -> None:
        self.transcript, self.catalogue = transcript, catalogue
        self.sms = FakeSms()
        self.read = 0
        self.threads: dict[str, Thread] = defaultdict(Thread)
        self.history: list[str] = []
        self.code: str | None = None
        self.tapped: Got | None = None
        self.step: Step = transcript.steps[0]

    def fault(self, says: str) -> TranscriptError:
        before = "".join(f"\n    {line}" for line in self.history[-BEFORE:]) or " nothing"
        return TranscriptError(self.transcript.file, self.step.line, f"{says}\n  before:{before}")

    def gather(self) -> None:
        """What has reached the phones since the last look."""
        for message in self.sms.sent[self.read :]:
            self._reaches(message.to, Got(ChannelName.SMS, message.text, message.buttons, self.clock.now()))
        self.read = len(self.sms.sent)
        for taken in self.app.arrived():
            buttons = tuple(Button(button["label"], button["data"]) for button in taken.buttons)
            got = Got(ChannelName.TELEGRAM, taken.text, buttons, self.clock.now(), taken)
            self._reaches(str(taken.chat_id), got)

    def _reaches(self, address: str, got: Got) -> None:
        name = self.cast.who(got.channel, address)
        self.threads[name].arrived.append(got)
        self.threads[name].unread.append(got)
        self.note(f"Medvind to {name} ({got.channel}): {_as_line(got.text, got.labels)}")

    def note(self, what: str) -> None:
        self.history.append(f"{self.clock.now().astimezone(ZONE):%a %d.%m. %H.%M} {what}")

    def arrives(self, step: Arrives) -> None:
        name = SOMEBODY if step.to == "somebody" else step.to or next(iter(self.cast.people))
        unread = self.threads[name].unread
        expected = _as_line(step.text, step.buttons)
        if not unread:
            raise self.fault(f"expected at {name}: {expected}\n  came: nothing{self._elsewhere()}")
        got = unread.pop(0)
        text = self._with_code(step.text, got.text)
        buttons = () if self.transcript.alike and got.channel == ChannelName.SMS else step.buttons
        if step.channel is not None and got.channel != step.channel:
            raise self.fault(f"expected by {step.channel}: {expected}\n  came by {got.channel}: {got.text}")
        if text != got.text or buttons != got.labels:
            raise self.fault(f"expected: {_as_line(text, buttons)}\n  came:     {_as_line(got.text, got.labels)}")

    def _elsewhere(self) -> str:
        return "".join(f"; to {who}: {got.text}" for who, thread in self.threads.items() for got in thread.unread)

    def _with_code(self, text: str, came: str) -> str:
        """A code is known by what stands around it, and from then on by itself."""
        if CODE not in text:
            return text
        before, after = (re.escape(part) for part in text.split(CODE))
        if found := re.fullmatch(f"{before}(\\S+){after}", came):
            self.code = self.code or found[1]
        return text.replace(CODE, self.code or CODE)

    def all_was_said(self, when: str = "") -> None:
        for name, thread in self.threads.items():
            if thread.unread:
                got = thread.unread[0]
                said = _as_line(got.text, got.labels)
                raise self.fault(f"expected: nothing {when}\n  came to {name} by {got.channel}: {said}")
            for got in thread.arrived:
                if got.tapped and got.keyboard:
                    raise self.fault(f"expected: the keyboard that was tapped is gone\n  it stays under: {got.text}")

    def told(self, step: Told) -> None:
        """An alert, whole. It tells nobody's name and no word of what anybody wrote, whatever the transcript expects."""
        thread = self.threads[step.who]
        if not thread.unread:
            raise self.fault(f"expected: {step.who} is told: {step.text}\n  came: nothing{self._elsewhere()}")
        got = thread.unread.pop(0)
        if (step.channel, step.text, ()) != (got.channel, got.text, got.labels):
            came = f"by {got.channel}: {_as_line(got.text, got.labels)}"
            raise self.fault(f"expected: {step.who} is told by {step.channel}: {step.text}\n  came {came}")
        said = {word for one in self.threads.values() for line in one.words for word in _telling(line)}
        if found := (said | {name.casefold() for name in self.cast.people}) & _telling(got.text):
            raise self.fault(f"the alert to {step.who} says {sorted(found)}: {got.text}")

    # Keyboards

    def look_at_keyboards(self) -> None:
        """What Telegram was told of them since the last look: that one goes, and only one under which somebody has tapped."""
        there = {got.shown.message_id: got for thread in self.threads.values() for got in thread.arrived if got.shown}
        for number in self.app.edited():
            got = there.get(number)
            if got is None or not got.tapped or got.keyboard:
                raise self.fault(f"expected: no keyboard is touched\n  another one came under: {got.text if got else number}")
            got.gone = got.gone or self.clock.now()

    def keyboard_is_gone(self) -> None:
        """Of the message that was tapped last."""
        if self.tapped is None:
            raise self.fault("expected: the keyboard is gone\n  no button was tapped")
        if self.tapped.keyboard or self.tapped.gone is None:
            raise self.fault(f"expected: the keyboard is gone\n  it stays under: {self.tapped.text}")

    def keyboard_stays(self) -> None:
        """Of the latest message that came with one. In a file for both channels nothing is looked at by SMS."""
        if self.transcript.alike and ChannelName.TELEGRAM not in self.transcript.people[0].channels:
            return
        came = {got.shown.message_id: got for one in self.threads.values() for got in one.arrived if got.shown and got.labels}
        if not came:
            raise self.fault("expected: the keyboard stays\n  none has come")
        if not (latest := came[max(came)]).keyboard:
            raise self.fault(f"expected: the keyboard stays\n  it is gone under: {latest.text}")

    # The coach's list

    async def listed(self, step: Listed) -> None:
        if step.who is not None:
            await self.task(step.who, step.reason or "")
        elif found := await self._tasks():
            raise self.fault(f"expected on the list: nothing\n  stands there: {_as_list(found)}")

    async def task(self, who: str, reason: str) -> str:
        """The id of the task that is this; it must stand there."""
        found = await self._tasks()
        for one in found:
            if one.participant.first_name == who and fits(reason, one.kind, one.why):
                return one.id
        raise self.fault(f"expected on the list: {who}, {reason}\n  stands there: {_as_list(found)}")

    async def _tasks(self) -> list[Todo]:
        reader = Reader(Viewer(self.cast.coach, Role.COACH), Language.EN, self.catalogue, self.clock.now())
        async with self.town.db.read() as session:
            return list((await todos(session, reader, None, 100)).items)


def _as_line(text: str, labels: tuple[str, ...]) -> str:
    return "\n  | ".join(text.split("\n")) + "".join(f" [{label}]" for label in labels)


def _as_list(found: Sequence[Todo]) -> str:
    return "; ".join(f"{one.participant.first_name}, {one.kind} {dict(one.why)}" for one in found) or "nothing"


def _telling(text: str) -> set[str]:
    """The words of it that are long enough to say something."""
    return set(re.findall(r"\w{4,}", text.casefold())) - EVERYDAY
