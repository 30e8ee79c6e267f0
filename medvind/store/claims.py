"""Taking duties to send them, and putting back what may not leave (see `outcomes` for what came of those that did)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)

from medvind.model import Ask, ChannelName, Doubt, PublicId, RecipientType, State, Topic
from medvind.store.among import among
from medvind.store.database import Session, ask
from medvind.store.each import EachRow
from medvind.store.outbox import OF_A_PLAN
from medvind.store.tables import OutboxRow


class Claimed(NamedTuple):
    """A duty in hand, with all that the gate and the text need. The claim is (`worker`, `attempts`)."""

    id: int
    public_id: PublicId
    recipient_type: RecipientType
    recipient_id: int
    kind: str
    key: str
    channel: ChannelName | None
    due_at: datetime
    valid_until: datetime
    doubt: Doubt
    topic: Topic | None
    text: str
    subject: dict[str, Any]
    asks: Ask | None
    open_until: datetime | None
    attempts: int
    worker: str | None
    unknown_since: datetime | None
    asked_at: datetime | None
    sent_text: bytes | None
    reason: str | None
    withdrawn: bool
    words: bytes | None


NAMES = tuple("claimed_by" if name == "worker" else name for name in Claimed._fields)
COLUMNS = tuple(getattr(OutboxRow, name) for name in NAMES)
"""Of each field its column; the worker's has a name of its own."""


class Result(NamedTuple):
    """What came of a claim. `due_at` goes with `planned`, `provider_id` with `sent`; `outcome` is the word in `attempts`.

    Not `tried`: it never came to a call (quiet hours, its turn not yet), so it counts as no attempt.
    """

    claim: Claimed
    state: State
    outcome: str
    at: datetime
    reason: str | None = None
    due_at: datetime | None = None
    provider_id: str | None = None
    channel: ChannelName | None = None
    tried: bool = True


UNSETTLED = (State.CLAIMED, State.UNKNOWN)


def in_state(state: State, of: type[OutboxRow] = OutboxRow) -> ColumnElement[bool]:
    """Spelled out in the statement: a state that comes as a parameter hides from the planner that its own index will do.

    SQLite must also be told in the index's own words that it holds what is claimed and what is in doubt.
    """
    its = of.state == literal(state, of.state.type, literal_execute=True)
    if state not in UNSETTLED:
        return its
    among_both = bindparam(None, UNSETTLED, expanding=True, literal_execute=True, type_=of.state.type)
    return and_(of.state.in_(among_both), its)


class Handed(NamedTuple):
    """What is about to be sent, and where: noted first, so that a witness can be asked about it."""

    claim: Claimed
    channel: ChannelName
    text: str
    version: str


def opening(now: ColumnElement[datetime]) -> Mapping[str, ColumnElement[Any]]:
    """What a duty that asks says of its question once it is about to leave: since when it is one, and until when. Once."""
    asks = OutboxRow.asks.is_not(None)
    closes = func.coalesce(OutboxRow.closes_at, OutboxRow.open_until, OutboxRow.valid_until)
    return {"opened_at": case((asks, func.coalesce(OutboxRow.opened_at, now))), "closes_at": case((asks, closes))}


TAKE = EachRow(
    {
        "row": OutboxRow.id.type,
        "by": OutboxRow.channel.type,
        "sealed": OutboxRow.sent_text.type,
        "version": String(),
    },
    lambda of: (
        update(OutboxRow)
        .where(OutboxRow.id == of("row"), OutboxRow.state == State.PLANNED)
        .values(
            state=State.CLAIMED,
            claimed_by=of("worker"),
            lease_until=of("ends"),
            attempts=OutboxRow.attempts + 1,
            reason=None,
            channel=of("by"),
            sent_text=of("sealed"),
            text_version=of("version"),
            **opening(of("now")),
        )
    ),
    same={"worker": String(), "ends": OutboxRow.lease_until.type, "now": OutboxRow.opened_at.type},
)


async def take(session: Session, handed: Sequence[Handed], lease_ends: datetime, now: datetime) -> None:
    """Claims what one worker found, and notes what is about to leave the house, sealed. Nobody else can take it until then.

    What it asks is open from now on: it may arrive, and be answered, before anybody here knows that it left.
    """
    if not handed:
        return
    sealed = session.vault.seal_each(OutboxRow.sent_text, [(one.claim.public_id, one.text) for one in handed])
    rows = [
        {
            "row": one.claim.id,
            "by": one.channel,
            "sealed": text,
            "version": one.version,
        }
        for one, text in zip(handed, sealed, strict=True)
    ]
    await TAKE.run(session, rows, worker=handed[0].claim.worker, ends=lease_ends, now=now)


PUT_BACK = EachRow(
    {"row": OutboxRow.id.type, "became": OutboxRow.state.type, "because": String(), "again_at": OutboxRow.due_at.type},
    lambda of: (
        update(OutboxRow)
        .where(OutboxRow.id == of("row"), OutboxRow.state == State.PLANNED)
        .values(
            state=of("became"),
            reason=of("because"),
            due_at=func.coalesce(of("again_at"), OutboxRow.due_at),
            sent_text=None,
        )
    ),
)


def words_of(session: Session, claim: Claimed) -> str | None:
    """What a coach has written by hand for this message; None where it is written from a text."""
    return session.vault.maybe(OutboxRow.words, claim.public_id, claim.words)


async def put_back(session: Session, results: Sequence[Result]) -> None:
    """What was found and may not leave now: it waits again, or has come to its end. It counts as no attempt."""
    rows = [{"row": one.claim.id, "became": one.state, "because": one.reason, "again_at": one.due_at} for one in results]
    await PUT_BACK.run(session, rows)


WITHDRAWN = select(OutboxRow.id).where(among(OutboxRow.id), OutboxRow.withdrawn)
LAST_LEFT = (
    select(OutboxRow.recipient_id, func.max(OutboxRow.sent_at))
    .where(
        OutboxRow.recipient_type == RecipientType.PARTICIPANT,
        among(OutboxRow.recipient_id),
        OF_A_PLAN,
        OutboxRow.sent_at > bindparam("since"),
    )
    .group_by(OutboxRow.recipient_id)
)


IN_CHAT = (
    select(OutboxRow.recipient_type, OutboxRow.recipient_id, func.max(OutboxRow.sent_at))
    .where(among(OutboxRow.recipient_id), OutboxRow.channel == ChannelName.TELEGRAM, OutboxRow.sent_at > bindparam("since"))
    .group_by(OutboxRow.recipient_type, OutboxRow.recipient_id)
)


async def withdrawn(session: Session, row_ids: Collection[int]) -> set[int]:
    """Which of these are owed no longer, by a change since they were claimed."""
    return {row for (row,) in await ask(session, WITHDRAWN, row_ids)}


async def last_left(session: Session, people: Collection[int], since: datetime) -> Mapping[int, datetime]:
    """When the last message after `since` left to each of these people; answers and a coach's words are none."""
    return {person: at for person, at in await ask(session, LAST_LEFT, people, since=since) if at}


async def last_in_chat(
    session: Session, claims: Collection[Claimed], since: datetime
) -> Mapping[tuple[RecipientType, int], datetime]:
    """When the last message after `since` left by Telegram to whom these are for; answers too."""
    found = await ask(session, IN_CHAT, {claim.recipient_id for claim in claims}, since=since)
    return {(kind, who): at for kind, who, at in found if at}
