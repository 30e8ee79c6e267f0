"""Sending what is due: claim and gate in one transaction, the call in none, the record in another one."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from medvind.clock import Clock
from medvind.errors import NotSentError, ThrottledError, UndeliverableError, UnknownFateError
from medvind.flows import breaking, fall_back
from medvind.flows.breaking import Fuse
from medvind.flows.gate import Letter, hand_over, pass_gate
from medvind.flows.places import Place
from medvind.flows.plan import load_policy, replan
from medvind.flows.turns import AHEAD, EARLY, Line, take_turns, turn_comes
from medvind.logs import together
from medvind.model import ChannelName, RecipientType, State, TaskKind, Topic
from medvind.rules.breaker import TRY_EVERY
from medvind.rules.retries import backoff
from medvind.store import allowances, claims, front, outcomes, riders, tasks
from medvind.store.claims import Claimed, Result
from medvind.store.database import Database, Session
from medvind.store.outbox import NO_LONGER_OWED
from medvind.texts import Catalogue

Along = Mapping[int, Sequence[Claimed]]
"""What goes along in messages, by the row of the one that carries them."""
Places = Mapping[ChannelName, Place]
BATCH = 8
"""Claimed at once, for each call that may be under way."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Machine:
    """How a worker is set. The lease outlives the time limit of a call by far, else a slow call is sent twice."""

    worker: str
    lines: Mapping[ChannelName, Line]
    lease: timedelta = timedelta(seconds=40)
    patience: float = 10.0
    ask_after: timedelta = timedelta(seconds=120)
    concurrency: int = 50

    def places(self) -> Places:
        """For the calls of each channel."""
        return {name: Place(self.concurrency, line.rate) for name, line in self.lines.items()}

    @property
    def batch(self) -> int:
        """How many are claimed and written down at once: many, since a batch costs much and one more in it little."""
        return BATCH * self.concurrency


class Slot(NamedTuple):
    """A letter and the moment at which its allowance lets it go, with how much of it that takes.

    On the monotonic clock: until when its call may begin, since what the gate saw holds no longer after that (who says STOP
    hears nothing more once a call's time limit is over), and when its lease ends.
    """

    letter: Letter
    at: datetime
    weight: int
    begin_by: float
    lease_ends: float
    fuse: Fuse


@dataclass(frozen=True, slots=True)
class Prepared:
    """What may leave, what goes along in it, and how many duties were looked at. 0: nothing is due now.

    And what is left: `more` that may be taken at once, or when the `next` is due. What is `blocked` is due and can't be taken
    now: another message to that person is in flight or in doubt, or the channel takes nothing.
    """

    slots: Sequence[Slot] = ()
    along: Along = field(default_factory=dict)
    looked_at: int = 0
    more: bool = False
    next: datetime | None = None
    blocked: bool = False


async def deliver_due(db: Database, machine: Machine, catalogue: Catalogue, clock: Clock) -> int:
    """Sends a batch of what is due and records it; how many duties were looked at. 0: nothing is due now."""
    prepared = await prepare(db, machine, catalogue, clock)
    places = machine.places()
    results = await asyncio.gather(*(send(machine, slot, clock, places) for slot in prepared.slots))
    if results:
        await record(db, results, prepared.along, clock)
    return prepared.looked_at


async def prepare(
    db: Database, machine: Machine, catalogue: Catalogue, clock: Clock, *, many: bool = False, most: int | None = None
) -> Prepared:
    """Claims a batch and looks at it as things will stand when it leaves. What may not leave is written down at once.

    `many`: more is due than a batch takes, as far as one knows. `most`: how many a batch takes; None: the machine's.
    """
    began = clock.monotonic()
    async with db.begin() as session:
        now = clock.now()
        paces = await allowances.paces(session, machine.lines, now)
        await breaking.watch(session, paces, now)
        room = sum(pace.room(machine.lines[name].rate, now, AHEAD) for name, pace in paces.items())
        wanted = min(most or machine.batch, room)
        batch, more = await front.find(session, machine.worker, now + EARLY, wanted, many=many) if wanted else ([], False)
        if not batch:
            return await _what_is_left(session, Prepared(), now)
        policy = await load_policy(session)
        gated = await pass_gate(session, batch, frozenset(machine.lines), catalogue, policy, now)
        turns, waiting = await take_turns(session, machine.lines, paces, gated.drafts, clock, policy.daily_segments)
        letters = await hand_over(session, [turn.draft for turn in turns], now + machine.lease, now)
        await _put_back(session, [*gated.results, *waiting], now)
        prepared = Prepared(looked_at=len(batch), more=more)
        prepared = prepared if more else await _what_is_left(session, prepared, now)
    lease_ends = began + machine.lease.total_seconds()
    begin_by = min(began + max(machine.patience, AHEAD.total_seconds() + 1), lease_ends - machine.patience)
    fuses = {name: Fuse() for name in machine.lines}
    slots = [
        Slot(letter, turn.at, turn.weight, begin_by, lease_ends, fuses[letter.channel])
        for letter, turn in zip(letters, turns, strict=True)
    ]
    along = {letter.claim.id: letter.riders for letter in letters if letter.riders}
    return replace(prepared, slots=slots, along=along)


async def _what_is_left(session: Session, prepared: Prepared, now: datetime) -> Prepared:
    """With what this look leaves behind. What nobody will find any more comes to its end here."""
    due = await front.next_due(session)
    ended = 0
    if not prepared.looked_at or _is_soon(due, now):
        ended = await end_what_is_late(session, now)
        due = await front.next_due(session) if ended else due
    return replace(prepared, looked_at=prepared.looked_at + ended, next=due, blocked=_is_soon(due, now))


def _is_soon(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now + EARLY


async def end_what_is_late(session: Session, now: datetime) -> int:
    """What can't be sent in time any more comes to its end, and the coach knows; how many. The gate ends what it finds."""
    late = await front.too_late(session, now)
    for claim in late:
        await tell_missed(session, claim, now)
    return len(late)


async def record(db: Database, results: Sequence[Result], along: Along, clock: Clock, *, look: bool = False) -> datetime | None:
    """Writes down what came of these calls, all in one transaction. Whose claim is lost is left alone.

    `look`: answers when the next duty is due after that. Where thousands have just left that is no small question: it goes
    past all of them.
    """
    async with db.begin() as session:
        await _record(session, results, along, clock.now())
        return await front.next_due(session) if look else None


async def _put_back(session: Session, results: Sequence[Result], now: datetime) -> None:
    """What may not leave now, and what follows from it for the coach and the plan."""
    await claims.put_back(session, results)
    _say(results)
    for result in results:
        await _follow(session, result, now)
    for person in {result.claim.recipient_id for result in results if result.reason == NO_LONGER_OWED}:
        await replan(session, person, now)


async def send(machine: Machine, slot: Slot, clock: Clock, places: Places, stop: asyncio.Event | None = None) -> Result:
    """One call, when its turn has come and its channel has a place free; none is begun after `stop`."""
    await turn_comes(slot.at, clock, stop)
    return await call(machine, slot, clock, places, stop)


async def call(machine: Machine, slot: Slot, clock: Clock, places: Places, stop: asyncio.Event | None = None) -> Result:
    """The same for one whose turn has come."""
    letter = slot.letter
    async with places[letter.channel].taken(clock, slot.weight):
        line = machine.lines[letter.channel]
        if breaking.is_probe(letter) and not await breaking.answers(line.channel, machine.patience):
            return breaking.wait(letter, clock.now(), clock.now() + TRY_EVERY)
        if slot.fuse.burnt or clock.monotonic() > slot.begin_by or (stop is not None and stop.is_set()):
            return _held_up(slot, clock.now())
        result = await _send(machine, slot, clock)
    slot.fuse.hear(result)
    return result


def _held_up(slot: Slot, now: datetime) -> Result:
    """What has waited for too long here is looked at anew, by this process or another."""
    channel = slot.letter.channel
    return Result(slot.letter.claim, State.PLANNED, "held up", now, "held up", now, channel=channel, tried=False)


async def _send(machine: Machine, slot: Slot, clock: Clock) -> Result:
    """With a hard time limit. What doesn't prove it unsent is unknown."""
    claim, name = slot.letter.claim, slot.letter.channel
    line = machine.lines[name]
    try:
        async with asyncio.timeout(machine.patience):
            provider_id = await line.channel.send(slot.letter.outgoing)
    except ThrottledError as error:
        rested = clock.now() + timedelta(seconds=error.after)
        return Result(claim, State.PLANNED, "throttled", clock.now(), error.reason, rested, channel=name)
    except NotSentError as error:
        tries = 1 if breaking.is_probe(slot.letter) else claim.attempts  # it tried for all: that says nothing of itself
        again = min(clock.now() + backoff(tries, claim.public_id), claim.valid_until)
        outcome = "refused" if error.answered else "not sent"
        return Result(claim, State.PLANNED, outcome, clock.now(), error.reason, again, channel=name)
    except UndeliverableError as error:
        outcome = "stopped" if error.stopped else "dead" if error.dead else "undeliverable"
        return Result(claim, State.FAILED, outcome, clock.now(), error.reason, channel=name)
    except UnknownFateError as error:
        outcome = "accepted" if error.accepted else "unknown"
        return Result(claim, State.UNKNOWN, outcome, clock.now(), outcome if error.accepted else error.reason, channel=name)
    except TimeoutError:
        return Result(claim, State.UNKNOWN, "unknown", clock.now(), "no answer in time", channel=name)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one call must not end the others; it may have been sent
        log.error("call_failed", message=claim.public_id, error=type(error).__name__)  # noqa: TRY400 - it may hold the text
        return Result(claim, State.UNKNOWN, "unknown", clock.now(), "the call failed", channel=name)
    return Result(claim, State.SENT, "sent", clock.now(), provider_id=provider_id, channel=name)


async def _record(session: Session, results: Sequence[Result], along: Along, now: datetime) -> None:
    """Writes down what came of each claim and of all in it, and what follows for the channel, the address and the coach."""
    if not results:
        return
    written, withdrawn = await outcomes.record(session, await fall_back.turn(session, results, along))
    await breaking.note(session, written, now)
    await riders.follow(session, [result.claim.id for result in results if result.claim.id in along])
    await _correct_what_left_late(session, written, withdrawn, along, now)
    _say(written)
    for result in written:
        await _follow(session, result, now)
    if len(written) < len(results):
        log.warning("claims_lost", count=len(results) - len(written))


def _say(results: Sequence[Result]) -> None:
    """A line in the log for each."""
    say = log.bind()
    with together():
        for one in results:
            say.info("sent" if one.state == State.SENT else "not_sent", message=one.claim.public_id, outcome=one.outcome)


async def _follow(session: Session, result: Result, now: datetime) -> None:
    """What follows for the channel, the address and the coach."""
    name = result.channel
    if name and result.outcome == "throttled" and result.due_at:
        await allowances.rest(session, name, now, (result.due_at - now).total_seconds())
    if result.state == State.EXPIRED:
        await tell_missed(session, result.claim, now)
    if result.state == State.FAILED or result.outcome in fall_back.OVER:
        await _give_up(session, result, now)


async def _correct_what_left_late(
    session: Session, written: Sequence[Result], withdrawn: Collection[int], along: Along, now: datetime
) -> None:
    """What the plan withdrew while it was leaving has told something that holds no longer: the plan must know.

    What was withdrawn and did not leave may be owed again by now.
    """
    gone = [result.claim for result in written if result.state in {State.SENT, State.UNKNOWN}]
    riding = {one.id: one.recipient_id for claim in gone for one in along.get(claim.id, ())}
    told = {claim.recipient_id for claim in gone if claim.id in withdrawn}
    told |= {riding[row] for row in await claims.withdrawn(session, list(riding))}
    for person in told:
        await replan(session, person, now)


async def _give_up(session: Session, result: Result, now: datetime) -> None:
    """A person hears of it: once of a way that is closed, and else of each message."""
    claim = result.claim
    if claim.recipient_type != RecipientType.PARTICIPANT:
        return
    if result.channel and result.outcome in fall_back.OVER:
        lost = claim if result.state == State.FAILED else None
        await fall_back.close(session, claim.recipient_id, result.channel, result.outcome, result.reason, now, lost)
        return
    why = {"message": claim.public_id, "kind": claim.kind, "key": claim.key, "reason": result.reason or ""}
    await tasks.raise_task(session, TaskKind.NOT_REACHED, f"not_reached:{claim.public_id}", claim.recipient_id, why, now)


async def tell_missed(session: Session, claim: Claimed, now: datetime) -> None:
    """What was not sent in time stands on the coach's list. A check-in counts as not asked, and is no reason for a call."""
    if claim.topic == Topic.CHECK_INS or claim.recipient_type != RecipientType.PARTICIPANT:
        return
    why = {"message": claim.public_id, "kind": claim.kind, "key": claim.key}
    await tasks.raise_task(session, TaskKind.MISSED, f"missed:{claim.public_id}", claim.recipient_id, why, now)
