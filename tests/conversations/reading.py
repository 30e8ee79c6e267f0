"""A transcript as steps: every line is known, or it is a fault that names the file and the line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from medvind.model import ChannelName, Language
from tests.conversations.forms import FORMS, WHEN, Scene
from tests.conversations.steps import Participant, Step, Transcript

CHANNELS = {
    "sms": (ChannelName.SMS,),
    "telegram": (ChannelName.TELEGRAM,),
    "sms and telegram": (ChannelName.SMS, ChannelName.TELEGRAM),
}
BESIDE = re.compile(r"  \|(?: (.*))?")
"""The next line of the same message."""
AWAY = re.compile(rf"- (?P<coach>\w+) is away(?: from (?P<since>.+))? until {WHEN}")
STANDS_IN = re.compile(rf"- (?P<who>\w+) stands in until {WHEN}, (?P<phone>\d\d \d\d \d\d \d\d)")


def read(path: Path) -> Transcript:
    """The transcript in this file. Raises TranscriptError at the first line that is none we know."""
    return parse(path.name, path.read_text(encoding="utf-8"))


def parse(file: str, text: str) -> Transcript:
    """The same from its text."""
    reader = _Reader(file, text.splitlines())
    return reader.transcript()


class _Reader(Scene):
    def __init__(self, file: str, lines: Sequence[str]) -> None:
        super().__init__(file)
        self.lines = lines
        self.alike: tuple[ChannelName, ...] = ()

    def transcript(self) -> Transcript:
        numbered = self._numbered()
        title = self._head(numbered)
        self._given(numbered)
        if self.coach is None or not self.people:
            raise self.fault("Given names no coach or no participant")
        steps = tuple(self._steps(numbered))
        people = tuple(self.people.values())
        return Transcript(self.file, title, people, self.coach, self.away, self.stands_in, self.deputy, self.alike, steps)

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
            elif found := AWAY.fullmatch(line):
                self._away(found)
            elif found := STANDS_IN.fullmatch(line):
                self.stands_in = (found["who"], found["phone"], self.day(found.groupdict()))
            elif found := re.fullmatch(r"- (\w+) is the deputy", line):
                self.deputy = found[1]
            elif found := re.fullmatch(r"- (\w+), (.+)", line):
                self._participant(found[1], found[2].split(", "))
            else:
                raise self.fault(f"not known in Given: {line}")
        raise self.fault("nothing happens after Given")

    def _away(self, found: re.Match[str]) -> None:
        self.coached(found.groupdict())
        since = re.fullmatch(WHEN, found["since"] or "")
        if found["since"] and since is None:
            raise self.fault(f"no day: {found['since']}")
        self.away = (self.day(since.groupdict()) if since else None, self.day(found.groupdict()))

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
            elif found := re.fullmatch(r"runs (.+)", word):
                one = replace(one, in_business=True, business=found[1])
            elif word == "without a coach":
                one = replace(one, coached=False)
            elif found := re.fullmatch(r"waiting for the money since (\d{1,2})\. (\w+)", word):
                one = replace(one, waiting_since=(self.month(found[2]), int(found[1])))
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
