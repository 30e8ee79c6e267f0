"""The duties: what is owed to whom, under keys made of facts. This file keeps the plan; `front` and `claims` send it.

    owed -> planned -> claimed -> sent -> delivered | undelivered
              |  ^        |
              |  |        +-> planned    certainly not sent: due again later, or by SMS instead
              |  |        +-> failed     never will be
              |  |        `-> unknown -> sent | delivered | undelivered    a witness has seen it
              |  |                   `-> planned | expired | review        its kind decides
              |  `--- cancelled          owed again
              +-----> cancelled          withdrawn, stopped, gives way
              +-----> expired            too late
              +-----> failed             can't be written
              `-----> review             restored from a backup

A row is `claimed` under a lease, once it has passed the gate; when the lease is over nobody knows what became of it, and it
is `unknown`. `review` always comes with a task. The unique key (recipient, kind, key) makes planning twice harmless; a
partial unique index lets one message be in flight to a person.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal, or_, select, true, update
from sqlalchemy.orm import InstrumentedAttribute

from medvind.model import Ask, ChannelName, Doubt, Duty, RecipientType, State, new_id
from medvind.store.among import among
from medvind.store.database import Session, ask, insert_new, insert_once
from medvind.store.tables import OutboxRow
from medvind.store.wake import notify, notify_if_soon

NO_LONGER_OWED = "no longer owed"
STOPPED = "stopped"
REPLY, COACH_WORD = "reply", "coach_word"
"""The kinds that no plan asks for: an answer to what somebody wrote, and what their coach writes by hand."""
OF_A_PLAN = OutboxRow.kind.not_in((REPLY, COACH_WORD))
GAVE_WAY = "gave way: "
"""How the reason of a duty begins that is owed and gives way to others; the code of `GaveWay` stands after it."""
WAITS = or_(OutboxRow.state == State.PLANNED, and_(OutboxRow.state == State.CANCELLED, OutboxRow.reason.startswith(GAVE_WAY)))
"""Still owed and not under way: it waits for its time, or it gives way and may come back."""
BLANK: Mapping[str, Any] = {"state": State.PLANNED, "channel": None, "withdrawn": False, "attempts": 0}


@dataclass(frozen=True, slots=True)
class Kept:
    """A duty as the outbox has it: enough to tell whether it is still what the rules ask for.

    What has come to its end says nothing any more, and is only known to be there.
    """

    id: int
    recipient_id: int
    kind: str
    key: str
    state: State
    reason: str | None
    withdrawn: bool
    says: Mapping[str, Any] = field(default_factory=dict)

    @property
    def gave_way(self) -> bool:
        """Whether it is owed and kept without being sent."""
        return self.state == State.CANCELLED and (self.reason or "").startswith(GAVE_WAY)


HEAD: tuple[InstrumentedAttribute[Any], ...] = (
    OutboxRow.id,
    OutboxRow.recipient_id,
    OutboxRow.kind,
    OutboxRow.key,
    OutboxRow.state,
    OutboxRow.reason,
    OutboxRow.withdrawn,
)
COMPARED = (
    OutboxRow.chain,
    OutboxRow.planned_for,
    OutboxRow.valid_until,
    OutboxRow.priority,
    OutboxRow.doubt,
    OutboxRow.topic,
    OutboxRow.text,
    OutboxRow.subject,
    OutboxRow.why,
    OutboxRow.asks,
    OutboxRow.open_until,
    OutboxRow.carried_by,
)
NAMES = tuple(column.key for column in COMPARED)
OPEN = or_(WAITS, OutboxRow.state == State.CLAIMED)
THEIRS = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, among(OutboxRow.recipient_id))
MAY_COME_BACK, LONG_AGO = (State.PLANNED, State.CLAIMED, State.CANCELLED), timedelta(days=100)
PLANS = (*THEIRS, OF_A_PLAN)
STANDING = select(*HEAD, *COMPARED).where(*PLANS, OPEN)
STILL_KNOWN = or_(
    OutboxRow.state.in_(MAY_COME_BACK), OutboxRow.planned_for > bindparam("since", type_=OutboxRow.planned_for.type)
)
PAST = select(*HEAD).where(*PLANS, OPEN.is_not(true()), STILL_KNOWN)
"""Somebody's past grows with the years: of it only the keys are read, and of what ended long ago not even those.

Should a plan ask for such a one again, its key is taken and the insert leaves it as it is.
"""
WAITING = select(func.count()).where(*THEIRS, OutboxRow.state == State.PLANNED)
MOVE = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row"), or_(OutboxRow.state == State.PLANNED, OutboxRow.state == State.CANCELLED))
    .values({name: bindparam(f"new_{name}") for name in ("state", "reason", *NAMES)})
    .values(due_at=bindparam("new_planned_for"), withdrawn=False)
)
WITHDRAW = (
    update(OutboxRow)
    .where(among(OutboxRow.id), OPEN)
    .values(
        state=case((WAITS, literal(State.CANCELLED, OutboxRow.state.type)), else_=OutboxRow.state),
        reason=case((WAITS, bindparam("because", type_=OutboxRow.reason.type)), else_=OutboxRow.reason),
        withdrawn=or_(OutboxRow.withdrawn, OutboxRow.state == State.CLAIMED),
    )
)


def standing(duty: Duty) -> tuple[State, str | None]:
    """How the row of a duty that has not left stands, and why."""
    if duty.gave_way is None:
        return State.PLANNED, None
    return State.CANCELLED, f"{GAVE_WAY}{duty.gave_way}"


def as_columns(duty: Duty) -> dict[str, Any]:
    """What the row keeps of a duty beside its key: facts and ids, no text."""
    return {
        "chain": duty.chain,
        "planned_for": duty.when,
        "valid_until": duty.valid_until,
        "priority": duty.priority,
        "doubt": duty.doubt,
        "topic": duty.topic,
        "text": duty.text,
        "subject": dict(duty.subject),
        "why": {"key": duty.why.key, "values": dict(duty.why.values)},
        "asks": duty.asks,
        "open_until": duty.open_until,
        "carried_by": duty.carried_by,
    }


async def kept_for(session: Session, participant_ids: Collection[int], now: datetime) -> dict[int, list[Kept]]:
    """The duties that plans have made for these people, by person, but for what ended long ago."""
    kept: dict[int, list[Kept]] = defaultdict(list)
    for row in await ask(session, STANDING, participant_ids):
        says = dict(zip(NAMES, row[len(HEAD) :], strict=True))
        kept[row.recipient_id].append(Kept(*(*row[: len(HEAD)], says)))
    for row in await ask(session, PAST, participant_ids, since=now - LONG_AGO):
        kept[row.recipient_id].append(Kept(*row))
    return kept


async def count_planned(session: Session, participant_ids: Collection[int]) -> int:
    """How many duties of these people wait."""
    return sum(count for (count,) in await ask(session, WAITING, participant_ids))


async def owe(session: Session, duties: Iterable[tuple[int, Duty]], now: datetime) -> int:
    """Keeps what is owed to participants, what gives way with its reason; how many of them are new."""
    fixed = {**BLANK, "recipient_type": RecipientType.PARTICIPANT, "created_at": now}
    rows = [
        {
            **fixed,
            "public_id": new_id(),
            "recipient_id": person,
            "kind": duty.kind,
            "key": duty.key,
            "due_at": duty.when,
            **as_columns(duty),
            **dict(zip(("state", "reason"), standing(duty), strict=True)),
        }
        for person, duty in duties
    ]
    await notify_if_soon(session, (row["due_at"] for row in rows if row["state"] == State.PLANNED), now)
    return await insert_new(session, OutboxRow, rows)


async def move(session: Session, changes: Sequence[tuple[int, Duty]]) -> None:
    """Makes planned or cancelled rows what the rules ask for now: waiting again, or giving way."""
    if not changes:
        return
    rows = []
    for row_id, duty in changes:
        state, reason = standing(duty)
        says = {f"new_{name}": value for name, value in as_columns(duty).items()}
        rows.append({"row": row_id, "new_state": state, "new_reason": reason, **says})
    await (await session.direct()).execute(MOVE, rows)
    if any(row["new_state"] == State.PLANNED for row in rows):
        await notify(session)


async def withdraw(session: Session, row_ids: Collection[int], reason: str) -> None:
    """No longer owed: planned rows are cancelled; one that is just being sent is marked, and the gate stops it."""
    if row_ids:
        await (await session.direct()).execute(WITHDRAW, {"asked": list(row_ids), "because": reason})


async def stop(session: Session, participant_id: int, *, but: str) -> None:
    """Nothing more to this person: what is planned is cancelled, what is being sent or in doubt may not leave again.

    Spared is the text that confirms the stop: whoever says it twice must still hear that it was heard.
    """
    theirs = (
        OutboxRow.recipient_type == RecipientType.PARTICIPANT,
        OutboxRow.recipient_id == participant_id,
        OutboxRow.text != but,
    )
    await session.execute(update(OutboxRow).where(*theirs, WAITS).values(state=State.CANCELLED, reason=STOPPED))
    under_way = OutboxRow.state.in_((State.CLAIMED, State.UNKNOWN))
    await session.execute(update(OutboxRow).where(*theirs, under_way).values(withdrawn=True))


async def reply(
    session: Session,
    to: tuple[RecipientType, int],
    channel: ChannelName,
    key: str,
    text: str,
    *,
    now: datetime,
    valid_until: datetime,
    subject: Mapping[str, str],
    asks: Ask | None = None,
    open_until: datetime | None = None,
) -> None:
    """Owes an answer to what somebody wrote, on the channel they wrote on, at once and at any hour. It may ask back."""
    row = {
        **BLANK,
        "public_id": new_id(),
        "recipient_type": to[0],
        "recipient_id": to[1],
        "kind": REPLY,
        "key": key,
        "chain": key,
        "channel": channel,
        "planned_for": now,
        "due_at": now,
        "valid_until": valid_until,
        "priority": 0,
        "doubt": Doubt.D,
        "topic": None,
        "text": text,
        "subject": dict(subject),
        "why": {"key": "why_reply", "values": {}},
        "asks": asks,
        "open_until": open_until,
        "carried_by": None,
        "created_at": now,
    }
    await insert_once(session, OutboxRow, [row], OutboxRow.id)
    await notify(session)
