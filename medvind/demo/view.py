"""What the page shows: the twelve phones, one of them whole, and the coach's side of that person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from medvind.channels import Button
from medvind.demo.cast import Persona
from medvind.demo.screens import Bubble
from medvind.demo.wait import Wait
from medvind.errors import NotFoundError
from medvind.flows import report
from medvind.flows.report import Participant, Reader
from medvind.model import ChannelName, Language, Role, Viewer
from medvind.rules.signals import Level
from medvind.store import coaches
from medvind.store.database import Session

ALL, AHEAD = 200, 3
"""How much is read of a list, and how many messages that will be sent are shown."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A phone in the row. `landed` counts what came, `taken`: in a newcomer's hands, `quiet`: wants no messages."""

    id: str
    name: str
    business: str
    number: str
    channel: ChannelName | None
    quiet: bool
    taken: bool
    dead: bool
    landed: int
    last: str | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A bubble. `parts`: how many SMS it took."""

    number: int
    at: datetime
    channel: ChannelName
    mine: bool
    tap: bool
    text: str
    parts: int | None
    buttons: Sequence[Button]


@dataclass(frozen=True, slots=True)
class Phone:
    """The chosen one. `telegram`: it has joined there."""

    id: str
    telegram: bool
    bubbles: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Job:
    """A task on the coach's list."""

    says: str | None
    at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote for a person to read."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Next:
    """A message that will go out, and why."""

    at: datetime
    why: str | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What the coach sees of the person whose phone it is. `signs`: the facts for which the rule says a call could help."""

    coach: str
    tasks: Sequence[Job]
    words: Sequence[Words]
    signs: Sequence[str]
    next: Sequence[Next]


@dataclass(frozen=True, slots=True)
class View:
    """All of it, as things stand now."""

    now: datetime
    phones: Sequence[Tile]
    phone: Phone
    beside: Beside


async def look(wait: Wait, owner: Persona) -> View:
    """Reads it: the phones from the phones, the coach's side from where coaches read it."""
    now = wait.clock.now()
    async with wait.db.read() as session:
        readers = {one.coach.email: await _reader(session, wait, one) for one in wait.cast}
        known = {
            line.external_id: line
            for reader in readers.values()
            for line in (await report.participants(session, reader, None, ALL)).items
        }
        line = known.get(owner.external_id)
        if line is None:
            raise NotFoundError("nobody has this phone yet")
        card = await report.card(session, readers[owner.coach.email], line.id)
        inbox = await report.inbox(session, readers[owner.coach.email], None, ALL)
    return View(
        now=now,
        phones=[_tile(wait, one, known.get(one.external_id)) for one in wait.cast],
        phone=Phone(
            id=owner.external_id,
            telegram=any(way.channel == ChannelName.TELEGRAM for way in card.channels),
            bubbles=[_shown(bubble) for bubble in wait.screens.of(owner)],
        ),
        beside=Beside(
            coach=owner.coach.first_name,
            tasks=[Job(task.says, task.created_at, task.due_at) for task in card.tasks],
            words=[Words(one.text, one.at) for one in inbox.items if one.participant and one.participant.id == line.id],
            signs=[one.text or one.kind for one in card.signal.reasons if card.signal.level != Level.STEADY],
            next=[Next(message.due_at, message.why) for message in card.messages[:AHEAD]],
        ),
    )


async def _reader(session: Session, wait: Wait, one: Persona) -> Reader:
    coach = await coaches.find_by_email(session, one.coach.email)
    return Reader(Viewer(coach.id if coach else None, Role.COACH), Language.DA, wait.catalogue, wait.clock.now())


def _tile(wait: Wait, one: Persona, line: Participant | None) -> Tile:
    told = wait.screens.of(one)
    return Tile(
        id=one.external_id,
        name=one.first_name,
        business=one.business_name,
        number=one.phone,
        channel=line.channel if line else None,
        quiet=line is not None and line.stopped,
        taken=one.external_id in wait.people.taken,
        dead=one.phone in wait.phones[ChannelName.SMS].dead,
        landed=sum(not bubble.mine for bubble in told),
        last=told[-1].text if told else None,
        last_at=told[-1].at if told else None,
    )


def _shown(bubble: Bubble) -> Shown:
    return Shown(bubble.number, bubble.at, bubble.channel, bubble.mine, bubble.tap, bubble.text, bubble.parts, bubble.buttons)
