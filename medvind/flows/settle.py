"""Ends doubts: what was claimed and never recorded, what no answer told. SMS is asked about; for Telegram the kind decides."""

import asyncio
from datetime import datetime, timedelta

import structlog

from medvind.channels import Outgoing, Witness
from medvind.clock import Clock
from medvind.errors import ChannelError
from medvind.flows.deliver import Machine, end_what_is_late, tell_missed
from medvind.flows.plan import load_policy, replan
from medvind.model import ChannelName, RecipientType, State, TaskKind
from medvind.rules.retries import Verdict, judge
from medvind.store import doubts, repeats, riders, tasks
from medvind.store.claims import Claimed
from medvind.store.database import Database, Session
from medvind.store.reach import reach_of
from medvind.store.recipients import coach_phones, senders

BEFORE = timedelta(seconds=60)
"""How long before the claim a provider is asked from: its clock and ours are not the same."""
AGAIN = 5
"""The provider is asked a second time after five times the quiet time: its list may lag."""

log = structlog.get_logger()


async def sweep(db: Database, clock: Clock) -> int:
    """Claims whose lease is over are in doubt from then on; how many. What is too late ends, however much is being sent.

    What calls to the API were answered is forgotten after a day.
    """
    async with db.begin() as session:
        await end_what_is_late(session, clock.now())
        await riders.let_go_of_the_left_behind(session, clock.now())
        await repeats.forget(session, clock.now())
        return await doubts.sweep(session, clock.now())


async def settle_doubts(db: Database, machine: Machine, clock: Clock, stop: asyncio.Event | None = None) -> int:
    """Ends the doubts that have rested long enough; how many were looked at. After `stop` no further one is: they can wait."""
    async with db.read() as session:
        rows = await doubts.in_doubt(session, clock.now() - machine.ask_after)
    for number, row in enumerate(rows):
        if stop is not None and stop.is_set():
            return number
        line = machine.lines.get(row.channel) if row.channel else None
        if line is not None and isinstance(line.channel, Witness):
            await _ask(db, machine, line.channel, row, clock)
        else:
            async with db.begin() as session:
                await _judge(session, row, clock.now())
                await _plan_anew(session, row, clock.now())
    return len(rows)


async def _ask(db: Database, machine: Machine, witness: Witness, row: Claimed, clock: Clock) -> None:
    """Asks the provider, with no transaction open. Twice not found, some minutes apart, means that it was never taken."""
    since = (row.unknown_since or row.due_at) - machine.lease - BEFORE
    if row.asked_at and clock.now() < (row.unknown_since or row.due_at) + AGAIN * machine.ask_after:
        return
    async with db.read() as session:
        outgoing = await _as_sent(session, row)
        known = await doubts.known_ids(session, ChannelName.SMS, since)
    if outgoing is None:
        async with db.begin() as session:
            await _to_a_person(session, row, clock.now(), "the address is gone")
        return
    try:
        found = await witness.find(outgoing, since, known)
    except ChannelError as error:
        log.warning("witness_silent", message=row.public_id, reason=error.reason)
        return
    async with db.begin() as session:
        now = clock.now()
        if found is not None:
            await doubts.settle(session, row, State.SENT, now, provider_id=found, reason=None)
        elif row.asked_at is None:
            await doubts.settle(session, row, State.UNKNOWN, now, asked_at=now)
        elif row.reason == "accepted":
            await _to_a_person(session, row, now, "accepted, but the provider does not know it")
        else:
            await _resend(session, row, now)
        await _plan_anew(session, row, now)


async def _plan_anew(session: Session, row: Claimed, now: datetime) -> None:
    """What somebody was told is a fact: of a meeting that moved meanwhile, they must or must not hear."""
    if row.recipient_type == RecipientType.PARTICIPANT:
        await replan(session, row.recipient_id, now)


async def _as_sent(session: Session, row: Claimed) -> Outgoing | None:
    """The message as it was handed over; None where its address is no longer known."""
    text = doubts.text_of(session, row)
    if row.recipient_type == RecipientType.STRANGER:
        sender = (await senders(session, [row.recipient_id])).get(row.recipient_id)
        return Outgoing(row.public_id, sender.address, text, row.valid_until) if sender else None
    if row.recipient_type != RecipientType.PARTICIPANT:
        own = await coach_phones(session, [row.recipient_id]) if row.recipient_type == RecipientType.COACH else {}
        phone = own.get(row.recipient_id) or (await load_policy(session)).duty_phone
        return Outgoing(row.public_id, phone, text, row.valid_until) if phone else None
    address = (await reach_of(session, [row.recipient_id]))[row.recipient_id].on(ChannelName.SMS)
    return Outgoing(row.public_id, address.value(session), text, row.valid_until) if address else None


async def _resend(session: Session, row: Claimed, now: datetime) -> None:
    """Certainly not sent: it waits again, if it still may, and what was to go along with it may be true for longer."""
    if row.valid_until > now:
        await doubts.settle(session, row, State.PLANNED, now, due_at=now, asked_at=None, reason="was not taken")
        return
    for one in await riders.part(session, row):
        await _resend(session, one, now)
    if await doubts.settle(session, row, State.EXPIRED, now, reason="too late"):
        await tell_missed(session, row, now)


async def _judge(session: Session, row: Claimed, now: datetime) -> None:
    """Nobody can be asked: the kind of message decides, and each that went along has a kind of its own."""
    for one in await riders.part(session, row):
        await _judge(session, one, now)
    later = await doubts.later_step(session, row)
    verdict = judge(row.doubt, tried_in_doubt=row.asked_at is not None, later_step=later)
    if row.reason == "accepted" or verdict is Verdict.SILENCE:
        await doubts.settle(session, row, State.EXPIRED, now, reason="fate unknown")
    elif verdict is Verdict.PERSON or row.valid_until <= now:
        await _to_a_person(session, row, now, "fate unknown")
    else:
        await doubts.settle(session, row, State.PLANNED, now, due_at=now, asked_at=now, reason="sent again in doubt")


async def _to_a_person(session: Session, row: Claimed, now: datetime, reason: str) -> None:
    """`review` always comes with a task."""
    if await doubts.settle(session, row, State.REVIEW, now, reason=reason):
        person = row.recipient_id if row.recipient_type == RecipientType.PARTICIPANT else None
        why = {"message": row.public_id, "kind": row.kind, "key": row.key, "reason": reason}
        await tasks.raise_task(session, TaskKind.REVIEW, f"review:{row.public_id}", person, why, now)
