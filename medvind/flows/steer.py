"""One person's plan as it is seen and steered: what will be sent, when and why; moved, left out, cancelled; paused, resumed.

What a coach decides is kept as a fact about the person, so it outlives every planning, and the plan follows in the same
transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from medvind.errors import ConflictError, FieldError
from medvind.flows.plan import HORIZON, load_policy, plan_people
from medvind.flows.report import Reader
from medvind.model import Adjust, Adjustment, Ask, ChannelName, GaveWay, PauseReason, PublicId, Topic, Why
from medvind.rules.calendar import add_months
from medvind.store import adjustments, participants, pauses, views
from medvind.store.adjustments import Item
from medvind.store.database import Session
from medvind.store.pauses import Running
from medvind.store.reach import reach_of
from medvind.store.views import Seen

FARTHEST = 366
"""Days: no further does anybody look, and so far a decision must show at once."""
LONGEST_PAUSE = 12
"""Months."""


class Standing(StrEnum):
    """What becomes of a message of the plan."""

    PLANNED = "planned"
    GAVE_WAY = "gave_way"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message that is owed is not sent, as a word and as a sentence."""

    reason: GaveWay
    text: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the plan. `local` is `at` on the person's own clock; `channel` is the one it would take as things are now.

    `carried_by` is the key of the message that it goes along with, `adjustment` what a coach decided: about this one or,
    where its chain was cancelled, about an earlier step.
    """

    id: PublicId
    kind: str
    key: str
    at: datetime
    local: datetime
    valid_until: datetime
    channel: ChannelName | None
    state: Standing
    why: str | None
    carried_by: str | None
    gave_way: Reason | None
    adjustment: Adjustment | None


async def timeline(session: Session, reader: Reader, person: int, days: int) -> list[Message]:
    """What lies ahead of a person in so many days, in the order in which it leaves; what gave way stands with its reason.

    The plan is made up to date first, so that what is shown is what will be sent. Whether the reader may see this person
    was asked before.
    """
    span, now = timedelta(days=days), reader.now
    await plan_people(session, [person], await load_policy(session), now, horizon=max(HORIZON, span))
    return await _read(session, reader, person, await adjustments.items(session, person, now, now + span))


async def show(session: Session, reader: Reader, public_id: str, days: int) -> list[Message]:
    """The same for a coach. Raises NotFoundError where it isn't one of their own people."""
    seen = await views.person(session, public_id, seen_by=reader.viewer)
    return await timeline(session, reader, seen.row, days)


async def move(session: Session, reader: Reader, public_id: str, item_id: str, at: datetime) -> Message:
    """Another time for this message; in quiet hours it leaves at their end.

    Raises FieldError for a time that is past or at which the message would be true no longer.
    """
    seen, item = await _find(session, reader, public_id, item_id)
    if at <= reader.now:
        raise FieldError("at", "in the past")
    own = _own(item, await _decided(session, seen.row))
    if own:
        await adjustments.take_back(session, seen.row, own)
        item = await _plan_anew(session, reader, seen, item)
    if at >= item.valid_until:
        raise FieldError("at", "true no longer; before {time}", time=item.valid_until.isoformat())
    item = await _decide(session, reader, seen, item, Adjust.MOVE, at)
    if not item.ahead or item.gave_way == GaveWay.SKIPPED:
        raise FieldError("at", "nothing leaves at that hour, and afterwards it would be true no longer")
    return await _answer(session, reader, seen, item)


async def skip(session: Session, reader: Reader, public_id: str, item_id: str) -> Message:
    """Leaves this message out, and nothing else of its chain."""
    seen, item = await _find(session, reader, public_id, item_id)
    return await _answer(session, reader, seen, await _decide(session, reader, seen, item, Adjust.SKIP))


async def cancel(session: Session, reader: Reader, public_id: str, item_id: str) -> Message:
    """Leaves out this message and what comes after it in its chain. What an earlier step has cancelled is so already."""
    seen, item = await _find(session, reader, public_id, item_id)
    if item.gave_way != GaveWay.CANCELLED:
        item = await _decide(session, reader, seen, item, Adjust.CANCEL, item.due_at)
    return await _answer(session, reader, seen, item)


async def undo(session: Session, reader: Reader, public_id: str, item_id: str) -> Message:
    """Takes back what was decided about this message; of a cancelled chain, for the whole of it. Without that it stays."""
    seen, item = await _find(session, reader, public_id, item_id)
    decided = _governing(item, await _decided(session, seen.row))
    if decided:
        await adjustments.take_back(session, seen.row, decided)
        item = await _plan_anew(session, reader, seen, item)
    return await _answer(session, reader, seen, item)


async def paused(session: Session, reader: Reader, public_id: str) -> list[Running]:
    """The pauses that hold now. Raises NotFoundError where it isn't one of the coach's own people."""
    seen = await views.person(session, public_id, seen_by=reader.viewer)
    return await pauses.running(session, seen.row, _today(seen, reader.now))


async def pause(
    session: Session, reader: Reader, public_id: str, topic: Topic | None, until: date, reason: PauseReason
) -> Running:
    """Peace from now until this local day begins; one that runs already for the topic gets this end and reason.

    Raises FieldError for a day that isn't to come, or is more than a year away.
    """
    seen = await views.person(session, public_id, seen_by=reader.viewer)
    today = _today(seen, reader.now)
    if until <= today:
        raise FieldError("until", "a day to come; messages begin again on it")
    if until > add_months(today, LONGEST_PAUSE):
        raise FieldError("until", "at most a year from now")
    await pauses.begin(session, seen.row, topic, until, reason, now=reader.now, today=today)
    await _plan(session, seen.row, reader.now)
    return next(one for one in await pauses.running(session, seen.row, today) if one.topic == topic)


async def resume(session: Session, reader: Reader, public_id: str, topic: Topic | None) -> list[Running]:
    """Ends the pause of this topic now, and answers with those that still hold. Where none runs nothing changes."""
    seen = await views.person(session, public_id, seen_by=reader.viewer)
    today = _today(seen, reader.now)
    if await pauses.end(session, seen.row, topic, now=reader.now, today=today):
        await _plan(session, seen.row, reader.now)
    return await pauses.running(session, seen.row, today)


async def _find(session: Session, reader: Reader, public_id: str, item_id: str) -> tuple[Seen, Item]:
    """The message and whose it is. Raises ConflictError where it has left, or is leaving, or is owed no longer."""
    seen = await views.person(session, public_id, seen_by=reader.viewer)
    item = await adjustments.get(session, seen.row, item_id)
    if item.kind == "reply":
        raise FieldError("item", "an answer to what somebody wrote leaves at once")
    if not item.ahead:
        raise ConflictError("this message is no longer part of the plan")
    return seen, item


async def _decide(session: Session, reader: Reader, seen: Seen, item: Item, action: Adjust, at: datetime | None = None) -> Item:
    what = Adjustment(item.kind, item.key, item.chain, action, at)
    await adjustments.decide(session, seen.row, what, reader.viewer.coach_id, reader.now)
    return await _plan_anew(session, reader, seen, item)


async def _plan_anew(session: Session, reader: Reader, seen: Seen, item: Item) -> Item:
    """The message as it stands in the plan that follows."""
    await _plan(session, seen.row, reader.now)
    return await adjustments.get(session, seen.row, item.id)


async def _plan(session: Session, person: int, now: datetime) -> None:
    await plan_people(session, [person], await load_policy(session), now, horizon=timedelta(days=FARTHEST))


async def _decided(session: Session, person: int) -> Sequence[Adjustment]:
    return (await adjustments.adjustments_of(session, [person]))[person]


def _own(item: Item, decided: Sequence[Adjustment]) -> Adjustment | None:
    return next((one for one in decided if (one.kind, one.key) == (item.kind, item.key)), None)


def _as_shown(decided: Adjustment | None) -> Adjustment | None:
    """Only what is moved has a time."""
    return decided and (decided if decided.action == Adjust.MOVE else replace(decided, when=None))


def _governing(item: Item, decided: Sequence[Adjustment]) -> Adjustment | None:
    """What was decided about this message, or about its chain where that is why it gave way."""
    if item.gave_way == GaveWay.CANCELLED:
        return next((one for one in decided if (one.chain, one.action) == (item.chain, Adjust.CANCEL)), None)
    return _own(item, decided)


async def _answer(session: Session, reader: Reader, seen: Seen, item: Item) -> Message:
    return (await _read(session, reader, seen.row, [item]))[0]


async def _read(session: Session, reader: Reader, person: int, items: Sequence[Item]) -> list[Message]:
    zone = ZoneInfo(await participants.zone_of(session, person))
    way = (await reach_of(session, [person]))[person].way()
    decided = await _decided(session, person)
    return [
        Message(
            id=item.id,
            kind=item.kind,
            key=item.key,
            at=item.due_at,
            local=item.due_at.astimezone(zone),
            valid_until=item.valid_until,
            channel=item.channel or _channel(item, way.channel if way else None),
            state=Standing.GAVE_WAY if item.gave_way else Standing.PLANNED,
            why=reader.sentence(item.why),
            carried_by=item.carried_by,
            gave_way=_reason(item.gave_way, reader) if item.gave_way else None,
            adjustment=_as_shown(_governing(item, decided)),
        )
        for item in items
    ]


def _reason(gave_way: GaveWay, reader: Reader) -> Reason:
    return Reason(gave_way, reader.sentence(Why(f"gave_way_{gave_way}")))


def _channel(item: Item, way: ChannelName | None) -> ChannelName | None:
    """Who has not said yes can only be invited, by SMS."""
    return ChannelName.SMS if item.asks == Ask.INVITE else way


def _today(seen: Seen, now: datetime) -> date:
    return now.astimezone(ZoneInfo(seen.zone)).date()
