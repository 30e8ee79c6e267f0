"""What a newcomer watches: the date, who got what and why, who answered. Live on a terminal, a few lines elsewhere."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from medvind.clock import SystemClock
from medvind.demo.cast import BEGINS, COURSE_ENDS, DAYS, HOME, PAID_OUT, PROMISED
from medvind.model import ChannelName, Language
from medvind.store.database import Database
from medvind.store.figures import Figures, figures, last_heard, last_told
from medvind.texts import Catalogue

WEEK, EXAMPLES, MANY = timedelta(weeks=1), 3, 100
OFTEN = 0.1
"""Seconds between two pictures."""
TOLD_LINES, HEARD_LINES, OTHER_LINES, NAMES = 3, 5, 14, 3
TAPS = {"yes": "JA", "no": "NEJ", "maybe": "MÅSKE", "done": "KLAR", "call": "RING"}


@dataclass(slots=True)
class Entry:
    """Something that was sent or said, and to or by whom: one stands for all who share the minute."""

    at: datetime
    channel: ChannelName
    text: str
    kind: str
    note: str
    style: str
    names: list[str] = field(default_factory=list)

    def line(self) -> Text:
        """As it stands on the board."""
        more = f" and {len(self.names) - NAMES} more" if len(self.names) > NAMES else ""
        line = Text(f"{_local(self.at):%d %b %H:%M} ", style="dim")
        line.append(", ".join(self.names[:NAMES]) + more, style="bold").append(f" by {self.channel}: ", style="dim")
        return line.append(self.text, style=self.style).append(f"  ({self.note})", style="italic dim")


class Board(Protocol):
    """Where the story is shown."""

    async def show(self, db: Database, now: datetime) -> None:
        """Shows how things stand, or nothing where it was just shown."""
        ...


class NoBoard:
    """Nobody is watching."""

    async def show(self, db: Database, now: datetime) -> None:
        """Shows nothing."""


@contextmanager
def board(console: Console, catalogue: Catalogue) -> Iterator[Board]:
    """The right one for this console."""
    if not console.is_terminal:
        yield Lines(console, catalogue)
        return
    with Live(console=console, auto_refresh=False, transient=True) as live:
        yield Picture(live, catalogue)


@dataclass(slots=True)
class Lines:
    """A few lines a week, for a log."""

    console: Console
    catalogue: Catalogue
    _until: datetime = BEGINS + WEEK

    async def show(self, db: Database, now: datetime) -> None:
        """The week in examples, no two alike, with the counts so far."""
        if now < self._until:
            return
        since, self._until = self._until - WEEK, self._until + WEEK
        count, told, heard = await _look(db, self.catalogue)
        self._print(Text(f"{_local(now):%a %d %b}  {_phase(_local(now).date())}; {_counts(count)}", style="bold"))
        examples = _examples(heard, since) + _examples(told, since)
        for entry in sorted(examples, key=attrgetter("at")):
            self._print(Text("  ").append_text(entry.line()))

    def _print(self, line: Text) -> None:
        self.console.print(line, soft_wrap=True)


@dataclass(slots=True)
class Picture:
    """The whole picture, several times a second."""

    live: Live
    catalogue: Catalogue
    _real: SystemClock = field(default_factory=SystemClock)
    _shown: float = float("-inf")

    async def show(self, db: Database, now: datetime) -> None:
        """Draws it anew, where the last one is old enough for the eye."""
        if self._real.monotonic() - self._shown < OFTEN:
            return
        count, told, heard = await _look(db, self.catalogue)
        room = max(2, (self.live.console.height - OTHER_LINES) // TOLD_LINES)
        self.live.update(self._drawn(now, count, told[:room], heard[:HEARD_LINES]), refresh=True)
        self._shown = self._real.monotonic()

    def _drawn(self, now: datetime, count: Figures, told: Sequence[Entry], heard: Sequence[Entry]) -> RenderableType:
        local = _local(now)
        head = Table.grid(expand=True, padding=(0, 1))
        head.add_column(ratio=1)
        head.add_column(justify="right")
        head.add_row(Text(f"{local:%A} {day_of(local)} {local:%Y, %H:%M}", style="bold cyan"), Text(_phase(local.date())))
        head.add_row(ProgressBar(total=DAYS, completed=(now - BEGINS) / timedelta(days=1)), Text(_counts(count), style="dim"))
        return Group(
            Panel(head, title="Medvind: twelve people and the wait", border_style="cyan"),
            _panel("Who gets what, and why", told, "green"),
            _panel("What they answer", heard, "yellow"),
        )


def _panel(title: str, entries: Sequence[Entry], style: str) -> Panel:
    return Panel(Group(*(entry.line() for entry in entries)), title=title, title_align="left", border_style=style)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(HOME)


def day_of(day: date) -> str:
    """Such as 27 March."""
    return f"{day.day} {day:%B}"


def _phase(today: date) -> str:
    """Where the twelve are, in a few words."""
    if today <= COURSE_ENDS:
        return f"the course, until {day_of(COURSE_ENDS)}"
    if today >= PAID_OUT:
        return f"the money came on {day_of(PAID_OUT)}"
    waiting = f"day {(today - COURSE_ENDS).days} of the wait"
    late = (today - PROMISED).days
    return f"{waiting}, {late} days later than promised" if late > 0 else f"{waiting}, promised by {day_of(PROMISED)}"


def _counts(count: Figures) -> str:
    sent, received, tasks = (sum(counts.values()) for counts in (count.sent, count.received, count.tasks))
    return f"{sent} sent, {received} came in, {tasks} for the coaches"


async def _look(db: Database, catalogue: Catalogue) -> tuple[Figures, list[Entry], list[Entry]]:
    """The counts, and the latest messages and answers: what many got or said in the same minute stands in one entry."""
    async with db.read() as session:
        count, told, heard = await figures(session), await last_told(session, MANY), await last_heard(session, MANY)
    messages, answers = dict[object, Entry](), dict[object, Entry]()
    for message in told:
        why = catalogue.why(message.why, Language.EN)
        entry = Entry(message.at, message.channel, message.text, message.key, why, "green")
        messages.setdefault((_minute(message.at), message.channel, message.key, why), entry).names.append(message.first_name)
    for answer in heard:
        said = _said(answer.text)
        entry = Entry(answer.at, answer.channel, said, answer.meaning, f"understood as {answer.meaning}", "yellow")
        answers.setdefault((_minute(answer.at), answer.channel, said), entry).names.append(answer.first_name)
    return count, list(messages.values()), list(answers.values())


def _minute(moment: datetime) -> datetime:
    """Without its seconds."""
    return moment.replace(second=0, microsecond=0)


def _said(text: str) -> str:
    """Words as they were written; a tap as the button it was on."""
    word = text.rpartition(":")[2]
    return f"[{TAPS.get(word, word)}]" if text.startswith("q:") else text


def _examples(entries: Sequence[Entry], since: datetime) -> list[Entry]:
    """The latest few since then, no two of the same kind."""
    kinds = {entry.kind: entry for entry in reversed(entries) if entry.at >= since}
    return sorted(kinds.values(), key=attrgetter("at"))[-EXAMPLES:]
