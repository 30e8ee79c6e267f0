"""Sending what is due: claim and gate in one transaction, the call in none, the record in another one."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from medvind.channels import Channel
from medvind.clock import Clock
from medvind.errors import NotSentError, ThrottledError, UndeliverableError, UnknownFateError
from medvind.flows.gate import Letter, pass_gate
from medvind.flows.plan import load_policy, replan
from medvind.model import AddressState, ChannelName, RecipientType, State, TaskKind, Topic
from medvind.rules.retries import backoff
from medvind.rules.segments import measure
from medvind.store import allowances, claims, riders, tasks
from medvind.store.claims import Claimed, Result
from medvind.store.database import Database, Session
from medvind.store.outbox import NO_LONGER_OWED
from medvind.store.reach import reach_of, say, set_state
from medvind.texts import Catalogue

Along = Mapping[int, Sequence[Claimed]]
"""What goes along in messages, by the row of the one that carries them."""
BATCH = 4
"""Claimed at once, for each call that may be under way."""
AHEAD = timedelta(seconds=5)
"""How far slots of an allowance are given out: a lease must not run out while a message waits for its turn."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Line:
    """One way out: the channel and how many messages (SMS: segments) its provider takes in a second."""

    channel: Channel
    rate: float


@dataclass(frozen=True, slots=True)
class Machine:
    """How a worker is set. The lease outlives the time limit of a call by far, else a slow call is sent twice."""

    worker: str
    lines: Mapping[ChannelName, Line]
    lease: timedelta = timedelta(seconds=40)
    patience: float = 10.0
    ask_after: timedelta = timedelta(seconds=120)
    concurrency: int = 50

    @property
    def batch(self) -> int:
        """How many are claimed and written down at once: many, since a batch costs much and one more in it little."""
        return BATCH * self.concurrency


@dataclass(frozen=True, slots=True)
class Slot:
    """A letter and the moment at which its allowance lets it go.

    On the monotonic clock: until when its call may begin, since what the gate saw holds no longer after that (who says STOP
    hears nothing more once a call's time limit is over), and when its lease ends.
    """

    letter: Letter
    at: datetime
    begin_by: float
    lease_ends: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """What may leave now, what goes along in it, and how many duties were looked at. 0: nothing is due now."""

    slots: Sequence[Slot] = ()
    along: Along = field(default_factory=dict)
    looked_at: int = 0


async def deliver_due(db: Database, machine: Machine, catalogue: Catalogue, clock: Clock) -> int:
    """Sends a batch of what is due and records it; how many duties were looked at. 0: nothing is due now."""
    prepared = await prepare(db, machine, catalogue, clock)
    calls = asyncio.Semaphore(machine.concurrency)
    results = await asyncio.gather(*(send(machine, slot, clock, calls) for slot in prepared.slots))
    if results:
        await record(db, results, prepared.along, clock)
    return prepared.looked_at


async def prepare(db: Database, machine: Machine, catalogue: Catalogue, clock: Clock) -> Prepared:
    """Claims a batch and looks at it as things stand now. What may not leave is written down at once."""
    began = clock.monotonic()
    async with db.begin() as session:
        now = clock.now()
        late = await claims.too_late(session, now)
        for claim in late:
            await tell_missed(session, claim, now)
        rates = {name: line.rate for name, line in machine.lines.items()}
        wanted = min(machine.batch, await allowances.room(session, rates, now, AHEAD))
        batch = await claims.claim(session, machine.worker, now, machine.lease, wanted) if wanted else []
        if not batch:
            return Prepared(looked_at=len(late))
        policy = await load_policy(session)
        gated = await pass_gate(session, batch, frozenset(machine.lines), catalogue, policy, now)
        along = {letter.claim.id: letter.riders for letter in gated.letters if letter.riders}
        slots, waiting = await _slots(session, machine, gated.letters, now, began)
        await _record(session, [*gated.results, *waiting], along, now)
    return Prepared(slots, along, len(late) + len(batch))


async def record(db: Database, results: Sequence[Result], along: Along, clock: Clock) -> None:
    """Writes down what came of these calls, all in one transaction. Whose claim is lost is left alone."""
    async with db.begin() as session:
        await _record(session, results, along, clock.now())


async def _slots(
    session: Session, machine: Machine, letters: Sequence[Letter], now: datetime, began: float
) -> tuple[list[Slot], list[Result]]:
    """Gives each letter its turn by the channel's allowance; who would wait too long goes back to the queue."""
    slots, waiting = [], []
    lease_ends = began + machine.lease.total_seconds()
    begin_by = min(began + max(machine.patience, AHEAD.total_seconds() + 1), lease_ends - machine.patience)
    free = await allowances.next_free(session, {letter.channel for letter in letters}, now) if letters else {}
    for letter in letters:
        turn = free[letter.channel]
        if turn - now > AHEAD:
            waiting.append(Result(letter.claim, State.PLANNED, "waits", now, "allowance", turn, tried=False))
            continue
        slots.append(Slot(letter, turn, begin_by, lease_ends))
        free[letter.channel] = turn + timedelta(seconds=_weight(letter) / machine.lines[letter.channel].rate)
    await allowances.take(session, free)
    return slots, waiting


def _weight(letter: Letter) -> int:
    """Providers count an SMS by its segments."""
    return measure(letter.outgoing.text).segments if letter.channel == ChannelName.SMS else 1


async def send(
    machine: Machine, slot: Slot, clock: Clock, calls: asyncio.Semaphore, stop: asyncio.Event | None = None
) -> Result:
    """One call, once fewer than `concurrency` are under way and its turn has come; none is begun after `stop`."""
    async with calls:
        if not (stop and stop.is_set()):
            await clock.sleep_until(slot.at)
        if clock.monotonic() > slot.begin_by or (stop and stop.is_set()):
            return _put_back(slot, clock.now())
        return await _send(machine, slot, clock)


def _put_back(slot: Slot, now: datetime) -> Result:
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
        return Result(claim, State.PLANNED, "throttled", clock.now(), error.reason, clock.now() + _seconds(error), channel=name)
    except NotSentError as error:
        again = clock.now() + backoff(claim.attempts, claim.public_id)
        return Result(claim, State.PLANNED, "not sent", clock.now(), error.reason, again, channel=name)
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


def _seconds(error: ThrottledError) -> timedelta:
    return timedelta(seconds=error.after)


async def _record(session: Session, results: Sequence[Result], along: Along, now: datetime) -> None:
    """Writes down what came of each claim and of all in it, and what follows for the channel, the address and the coach."""
    if not results:
        return
    written, withdrawn = await claims.record(session, results)
    await riders.follow(session, [result.claim.id for result in results if result.claim.id in along])
    await _correct_what_left_late(session, written, withdrawn, along, now)
    for result in written:
        name = result.channel
        log.info("sent" if result.state == State.SENT else "not_sent", message=result.claim.public_id, outcome=result.outcome)
        if name and result.outcome == "throttled" and result.due_at:
            await allowances.rest(session, name, now, (result.due_at - now).total_seconds())
        if result.state == State.EXPIRED:
            await tell_missed(session, result.claim, now)
        if result.state == State.FAILED:
            await _give_up(session, result, now)
    if len(written) < len(results):
        log.warning("claims_lost", count=len(results) - len(written))


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
    for person in told | {result.claim.recipient_id for result in written if result.reason == NO_LONGER_OWED}:
        await replan(session, person, now)


async def _give_up(session: Session, result: Result, now: datetime) -> None:
    """A person hears of it; an address that is no good is written to no more.

    A block in Telegram is a stop there. What SMS refuses as stopped is a STOP that the provider kept to itself: it holds on
    every channel, as each STOP does.
    """
    claim = result.claim
    if claim.recipient_type != RecipientType.PARTICIPANT:
        return
    if result.channel and result.outcome == "dead":
        address = (await reach_of(session, [claim.recipient_id]))[claim.recipient_id].on(result.channel)
        if address:
            await set_state(session, address.id, AddressState.DEAD, result.reason)
    if result.channel and result.outcome == "stopped":
        everywhere = result.channel == ChannelName.SMS
        channels = tuple(ChannelName) if everywhere else (result.channel,)
        how = "STOP" if everywhere else "blocked"
        await say(session, claim.recipient_id, channels, given=False, how=how, now=now)
    if result.outcome in {"dead", "stopped"}:
        await replan(session, claim.recipient_id, now)
    why = {"message": claim.public_id, "kind": claim.kind, "key": claim.key, "reason": result.reason or ""}
    await tasks.raise_task(session, TaskKind.NOT_REACHED, f"not_reached:{claim.public_id}", claim.recipient_id, why, now)


async def tell_missed(session: Session, claim: Claimed, now: datetime) -> None:
    """What was not sent in time stands on the coach's list. A check-in counts as not asked, and is no reason for a call."""
    if claim.topic == Topic.CHECK_INS or claim.recipient_type != RecipientType.PARTICIPANT:
        return
    why = {"message": claim.public_id, "kind": claim.kind, "key": claim.key}
    await tasks.raise_task(session, TaskKind.MISSED, f"missed:{claim.public_id}", claim.recipient_id, why, now)
