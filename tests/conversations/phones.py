"""The phones of a conversation: what arrived, and whether it is what had to."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from medvind.channels import Outgoing
from medvind.flows.report import Reader, Todo, todos
from medvind.model import ChannelName, Language, Role, Viewer
from medvind.texts import Catalogue
from tests.conversations.cast import Cast
from tests.conversations.listed import fits
from tests.conversations.steps import SOMEBODY, ZONE, Arrives, Listed, Step, Told, Transcript, TranscriptError
from tests.fakes import FakeChannel, FakeSms, HandClock, Town

BEFORE = 8
"""How many lines of what came before stand in a failure."""
CODE = "<kode>"
EVERYDAY = frozenset({"skal", "noget"})
"""Longer words that an alert may share with anybody."""


@dataclass
class Got:
    """A message that arrived, and the buttons under it; `gone`: they were removed."""

    channel: ChannelName
    message: Outgoing
    at: datetime
    gone: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in self.message.buttons)


@dataclass
class Thread:
    """One person's phone."""

    channel: ChannelName | None = None
    arrived: list[Got] = field(default_factory=list)
    unread: list[Got] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class Phones:
    """What reached whom, and what of it no step has spoken of yet. They are the outside world: a restart leaves them."""

    cast: Cast
    clock: HandClock
    town: Town

    def __init__(self, transcript: Transcript, catalogue: Catalogue) -> None:
        self.transcript, self.catalogue = transcript, catalogue
        self.sms, self.telegram = FakeSms(), FakeChannel(ChannelName.TELEGRAM)
        self.read = dict.fromkeys(ChannelName, 0)
        self.threads: dict[str, Thread] = defaultdict(Thread)
        self.history: list[str] = []
        self.code: str | None = None
        self.step: Step = transcript.steps[0]

    def fault(self, says: str) -> TranscriptError:
        before = "".join(f"\n    {line}" for line in self.history[-BEFORE:]) or " nothing"
        return TranscriptError(self.transcript.file, self.step.line, f"{says}\n  before:{before}")

    def gather(self) -> None:
        """What has reached the phones since the last look."""
        for channel in (self.sms, self.telegram):
            for message in channel.sent[self.read[channel.name] :]:
                name = self.cast.who(channel.name, message.to)
                got = Got(channel.name, message, self.clock.now())
                self.threads[name].arrived.append(got)
                self.threads[name].unread.append(got)
                self.note(f"Medvind to {name} ({channel.name}): {_as_line(message.text, got.labels)}")
            self.read[channel.name] = len(channel.sent)

    def note(self, what: str) -> None:
        self.history.append(f"{self.clock.now().astimezone(ZONE):%a %d.%m. %H.%M} {what}")

    def arrives(self, step: Arrives) -> None:
        name = SOMEBODY if step.to == "somebody" else step.to or next(iter(self.cast.people))
        unread = self.threads[name].unread
        expected = _as_line(step.text, step.buttons)
        if not unread:
            others = [f"{who}: {got.message.text}" for who, thread in self.threads.items() for got in thread.unread]
            raise self.fault(f"expected at {name}: {expected}\n  came: nothing{''.join(f'; to {other}' for other in others)}")
        got = unread.pop(0)
        text = self._with_code(step.text, got.message.text)
        buttons = () if self.transcript.alike and got.channel == ChannelName.SMS else step.buttons
        if step.channel is not None and got.channel != step.channel:
            raise self.fault(f"expected by {step.channel}: {expected}\n  came by {got.channel}: {got.message.text}")
        if text != got.message.text or buttons != got.labels:
            raise self.fault(f"expected: {_as_line(text, buttons)}\n  came:     {_as_line(got.message.text, got.labels)}")

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
                said = _as_line(got.message.text, got.labels)
                raise self.fault(f"expected: nothing {when}\n  came to {name} by {got.channel}: {said}")

    def told(self, step: Told) -> None:
        thread = self.threads[step.who]
        if not thread.unread:
            raise self.fault(f"expected: {step.who} is told at once\n  came: nothing")
        text = thread.unread.pop(0).message.text
        said = {word for one in self.threads.values() for line in one.words for word in _telling(line)}
        if found := (said | {name.casefold() for name in self.cast.people}) & _telling(text):
            raise self.fault(f"the alert to {step.who} says {sorted(found)}: {text}")

    async def listed(self, step: Listed) -> None:
        found = await self._tasks()
        says = "; ".join(f"{one.participant.first_name}, {one.kind} {dict(one.why)}" for one in found) or "nothing"
        if step.who is None:
            if found:
                raise self.fault(f"expected on the list: nothing\n  stands there: {says}")
            return
        reason = step.reason or ""
        theirs = [one for one in found if one.participant.first_name == step.who]
        if not any(fits(reason, one.kind, one.why) for one in theirs):
            raise self.fault(f"expected on the list: {step.who}, {reason}\n  stands there: {says}")

    async def _tasks(self) -> list[Todo]:
        reader = Reader(Viewer(self.cast.coach, Role.COACH), Language.EN, self.catalogue, self.clock.now())
        async with self.town.db.read() as session:
            return list((await todos(session, reader, None, 100)).items)


def _as_line(text: str, labels: tuple[str, ...]) -> str:
    return "\n  | ".join(text.split("\n")) + "".join(f" [{label}]" for label in labels)


def _telling(text: str) -> set[str]:
    """The words of it that are long enough to say something."""
    return set(re.findall(r"\w{4,}", text.casefold())) - EVERYDAY
