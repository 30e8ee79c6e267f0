"""What a coach reads about the people they follow: facts, and the rule's reasons as sentences. Nobody is ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from medvind.channels import InboundKind
from medvind.errors import InvalidError
from medvind.flows import support
from medvind.flows.plan import load_policy
from medvind.flows.signs import signal_of
from medvind.flows.support import Support
from medvind.flows.taps import LABELS
from medvind.model import ChannelName, Language, Milestone, PersonFacts, PublicId, Stage, State, Viewer, Why
from medvind.rules.policy import Policy
from medvind.rules.signals import Level
from medvind.rules.stages import stage_of
from medvind.rules.support import support_ends
from medvind.store import cards, threads, views
from medvind.store.cards import Coming, Due, Heard, Invited, Job, Way, Word
from medvind.store.database import Session
from medvind.store.facts import facts_of
from medvind.store.reach import Reach, reach_of
from medvind.store.threads import CheckIn, Incoming, Said
from medvind.store.views import Page, Seen, Somebody
from medvind.texts import Catalogue

BATCH = 200
MESSAGES, ANSWERS, TASKS = 5, 10, 50
"""How much of each stands on a card."""

Message = TypeVar("Message", Said, Incoming)


@dataclass(frozen=True, slots=True)
class Participant:
    """A line in the list of people. `stopped`: they have said no to everything."""

    id: PublicId
    external_id: str
    first_name: str
    business_name: str | None
    cohort: str | None
    stage: Stage
    channel: ChannelName | None
    stopped: bool
    last_heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """A named date. `days_since` counts from it to today and is below zero while it lies ahead."""

    name: Milestone
    day: date
    days_since: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A message that will go out, and why as a sentence; None where the catalogue has no words for that reason."""

    id: PublicId
    kind: str
    due_at: datetime
    state: State
    why: str | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One fact behind a level, as a sentence."""

    kind: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Sign:
    """A level and the facts that made it, with the version of the rule."""

    level: Level
    reasons: tuple[Explained, ...]
    table_version: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who could use a call, and why."""

    participant: Somebody
    signal: Sign


@dataclass(frozen=True, slots=True)
class Todo(Job):
    """The same with a sentence that says what it is about; None where the catalogue has no words for it."""

    says: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """All that a coach needs before a call, on one page. `waiting_days`: since the course, while the money has not come."""

    participant: Participant
    waiting_days: int | None
    support: Support
    milestones: tuple[Day, ...]
    channels: Sequence[Way]
    consents: Sequence[Word]
    messages: Sequence[Planned]
    answers: Sequence[CheckIn]
    meetings: Sequence[Invited]
    signal: Sign
    tasks: Sequence[Todo]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in which language, and when."""

    viewer: Viewer
    language: Language
    catalogue: Catalogue
    now: datetime

    def sentence(self, why: Why) -> str | None:
        """A reason in words. A reason without words must not hide the rest of a card."""
        try:
            return self.catalogue.why(why, self.language)
        except InvalidError:
            return None


async def todos(session: Session, reader: Reader, after: str | None, limit: int, due: Due | None = None) -> Page[Todo]:
    """What is open on this viewer's list, the newest first; with `due` what has a time, the first due first."""
    page = await cards.jobs(session, seen_by=reader.viewer, after=after, limit=limit, now=reader.now, due=due)
    return Page(tuple(_todo(job, reader) for job in page.items), page.next)


def _todo(job: Job, reader: Reader) -> Todo:
    """A warning of the plan brings its own sentence; for the others the kind has one."""
    reason = job.why.get("reason", "")
    why = Why(reason, {key: value for key, value in job.why.items() if key != "reason"})
    says = reader.sentence(why if reason.startswith("why_") else Why(f"task_{job.kind}"))
    return Todo(job.id, job.kind, job.participant, job.why, job.created_at, job.due_at, job.topic, says)


async def participants(session: Session, reader: Reader, after: str | None, limit: int) -> Page[Participant]:
    """The people this viewer may list, by their external id."""
    page = await views.people(session, seen_by=reader.viewer, after=after, limit=limit)
    known = await _know(session, page.items)
    return Page(tuple(known.line(seen, reader.now) for seen in page.items), page.next)


async def signals(session: Session, reader: Reader, after: str | None, limit: int) -> Page[Standing]:
    """Whose facts ask for a look, by their external id: an order that says nothing about them."""
    found: list[Standing] = []
    more = True
    while more and len(found) <= limit:
        page = await views.followed_people(session, seen_by=reader.viewer, after=after, limit=BATCH)
        known = await _know(session, page.items)
        signs = [(seen, known.sign(seen, reader)) for seen in page.items]
        found += [
            Standing(Somebody(seen.id, seen.external_id, seen.first_name), sign)
            for seen, sign in signs
            if sign.level != Level.STEADY
        ]
        after, more = page.next, page.next is not None
    kept = tuple(found[:limit])
    return Page(kept, kept[-1].participant.external_id if len(found) > limit else None)


async def card(session: Session, reader: Reader, public_id: str) -> Card:
    """One of the coach's own people. Raises NotFoundError for anybody else."""
    seen = await views.person(session, public_id, seen_by=reader.viewer)
    known = await _know(session, [seen])
    answers = await threads.check_ins(session, seen_by=reader.viewer, after=None, limit=ANSWERS, answered_by=seen.row)
    tasks = await cards.jobs(session, seen_by=reader.viewer, after=None, limit=TASKS, now=reader.now, participant=seen.row)
    days = known.days(seen, reader.now)
    waiting = known.facts[seen.row].waiting
    return Card(
        participant=known.line(seen, reader.now),
        waiting_days=next((max(day.days_since, 0) for day in days if waiting and day.name == Milestone.COURSE_ENDED), None),
        support=support.standing(known.facts[seen.row], known.policy, _today(seen, reader.now)),
        milestones=days,
        channels=await cards.ways(session, seen.row),
        consents=await cards.words(session, seen.row),
        messages=[_planned(message, reader) for message in await cards.coming(session, seen.row, MESSAGES)],
        answers=answers.items,
        meetings=await cards.invited(session, seen.row, reader.now),
        signal=known.sign(seen, reader),
        tasks=[_todo(job, reader) for job in tasks.items],
    )


async def thread(session: Session, reader: Reader, public_id: str, after: str | None, limit: int) -> Page[Said]:
    """All that was said with one person, the newest first."""
    page = await threads.thread(session, public_id, seen_by=reader.viewer, after=after, limit=limit)
    return Page(tuple(_readable(said, reader) for said in page.items), page.next)


async def inbox(session: Session, reader: Reader, after: str | None, limit: int, *, unread: bool = False) -> Page[Incoming]:
    """What came in that a person should read, the newest first; with `unread` only what nobody has read yet."""
    page = await threads.to_read(session, seen_by=reader.viewer, after=after, limit=limit, unread=unread)
    return Page(tuple(_readable(incoming, reader) for incoming in page.items), page.next)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store knows of a page of people, by row: looked up for all of them at once."""

    facts: Mapping[int, PersonFacts]
    reach: Mapping[int, Reach]
    heard: Mapping[int, Heard]
    policy: Policy

    def line(self, seen: Seen, now: datetime) -> Participant:
        reach = self.reach[seen.row]
        way = reach.way()
        heard = self.heard.get(seen.row, Heard())
        facts = self.facts[seen.row]
        return Participant(
            id=seen.id,
            external_id=seen.external_id,
            first_name=seen.first_name,
            business_name=seen.business_name,
            cohort=seen.cohort,
            stage=stage_of(facts.milestones, _today(seen, now), support_ends(facts, self.policy)),
            channel=way.channel if way else None,
            stopped=reach.has_stopped,
            last_heard_at=heard.last,
        )

    def days(self, seen: Seen, now: datetime) -> tuple[Day, ...]:
        today = _today(seen, now)
        dates = sorted(self.facts[seen.row].milestones.items(), key=lambda named: (named[1], named[0]))
        return tuple(Day(name, day, (today - day).days) for name, day in dates)

    def sign(self, seen: Seen, reader: Reader) -> Sign:
        facts = self.facts[seen.row]
        signal = signal_of(self.heard.get(seen.row, Heard()), facts, seen.zone, reader.now)
        reasons = [Explained(one.kind, reader.sentence(Why(f"signal_{one.kind}", one.values))) for one in signal.reasons]
        return Sign(signal.level, tuple(reasons), signal.table_version)


async def _know(session: Session, people: Sequence[Seen]) -> _Known:
    rows = [seen.row for seen in people]
    facts, reach = await facts_of(session, rows), await reach_of(session, rows)
    return _Known(facts, reach, await cards.heard(session, rows), await load_policy(session))


def _planned(message: Coming, reader: Reader) -> Planned:
    return Planned(message.id, message.kind, message.due_at, message.state, reader.sentence(message.why))


def _readable(message: Message, reader: Reader) -> Message:
    """A tap as the word that stood on the button; words as they were written."""
    if message.kind != InboundKind.BUTTON or message.text is None:
        return message
    word = message.text.rpartition(":")[2]
    return replace(message, text=LABELS[reader.language].get(word, word))


def _today(seen: Seen, now: datetime) -> date:
    return now.astimezone(ZoneInfo(seen.zone)).date()
