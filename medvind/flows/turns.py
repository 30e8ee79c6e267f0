"""Who of a batch goes when: by the channel's allowance, its breaker, the day's cap, and what went before in the same chat."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from medvind.channels import Channel
from medvind.clock import Clock
from medvind.flows import breaking
from medvind.flows.breaking import PROBE
from medvind.flows.filling import HOME
from medvind.flows.gate import Draft
from medvind.flows.places import TOGETHER
from medvind.model import ChannelName, State
from medvind.rules.calendar import DAY, at_wall
from medvind.rules.caps import can_wait
from medvind.rules.pacing import Pace
from medvind.rules.segments import measure
from medvind.store import allowances, claims
from medvind.store.allowances import CAPPED, Free
from medvind.store.claims import Result
from medvind.store.database import Session

AHEAD = timedelta(seconds=5)
"""How far slots of an allowance are given out: a lease must not run out while a message waits for its turn."""

EARLY = timedelta(seconds=0.1)
"""What falls due so soon is taken in hand already and waits here: it leaves at its moment, and those beside it cost less."""

CHAT = timedelta(seconds=1)
"""Between two messages in one chat, as Telegram asks of bots; an SMS takes longer than that by itself."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Line:
    """One way out: the channel and how many messages (SMS: segments) its provider takes in a second."""

    channel: Channel
    rate: float


class Turn(NamedTuple):
    """When the allowance lets a draft go, and how much of it that takes."""

    draft: Draft
    at: datetime
    weight: int


async def take_turns(
    session: Session,
    lines: Mapping[ChannelName, Line],
    paces: Mapping[ChannelName, Pace],
    drafts: Sequence[Draft],
    clock: Clock,
    cap: int | None = None,
) -> tuple[list[Turn], list[Result]]:
    """Gives each its turn by the channel's allowance; who would wait too long goes back to the queue.

    So does what would cost more than `cap`, the SMS segments of a day, and can wait for the next one.

    Those whose turns lie close together leave together, with the first of them; nothing before it is due. Counted from when the
    allowance is ours, for which others may have made us wait: turns that are past would be taken all at once, and refused.
    """
    drafts, waiting = await breaking.hold_back(session, paces, drafts, clock.now())
    turns = list[Turn]()
    free = await allowances.next_free(session, {draft.channel for draft in drafts}, clock.now()) if drafts else {}
    starts = dict[ChannelName, datetime]()
    now = clock.now()
    drafts.sort(key=lambda draft: max(draft.claim.due_at, now))
    in_chats = [draft.claim for draft in drafts if draft.channel == ChannelName.TELEGRAM]
    last = await claims.last_in_chat(session, in_chats, now - CHAT)
    today = now.astimezone(ZoneInfo(HOME)).date()
    rates = {name: paces[name].rate(lines[name].rate, now) for name in free}
    for draft in drafts:
        turn, weight = max(free[draft.channel].at, draft.claim.due_at, now), _weight(draft)
        if turn - now > AHEAD:
            waiting.append(Result(draft.claim, State.PLANNED, "waits", now, "allowance", turn, tried=False))
            continue
        if draft.channel == ChannelName.SMS and (until := _spend(free, draft, weight, cap, now, today)):
            waiting.append(Result(draft.claim, State.PLANNED, "waits", now, CAPPED, until, tried=False))
            continue
        if draft.channel not in starts or turn - starts[draft.channel] > timedelta(seconds=TOGETHER):
            starts[draft.channel] = turn
        at = max(starts[draft.channel], draft.claim.due_at)
        who = draft.claim.recipient_type, draft.claim.recipient_id
        if draft.channel == ChannelName.TELEGRAM and who in last:
            at = max(at, last[who] + CHAT)
        turns.append(Turn(draft, at, weight))
        free[draft.channel] = Free(turn + timedelta(seconds=weight / rates[draft.channel]), free[draft.channel].spent)
    await allowances.take(session, free)
    return turns, waiting


async def turn_comes(at: datetime, clock: Clock, stop: asyncio.Event | None = None) -> None:
    """Sleeps until then, and never for longer than turns are given out ahead: the clock may be put back. Not after `stop`."""
    now = clock.now()
    if at > now and (stop is None or not stop.is_set()):
        await clock.sleep_until(min(at, now + AHEAD))


def _spend(
    free: dict[ChannelName, Free], draft: Draft, weight: int, cap: int | None, now: datetime, today: date
) -> datetime | None:
    """Counts an SMS towards its day; or when it is looked at again, where the day's are used up and it can wait.

    What comes back unsent stays counted; the one that tries whether the provider is back hardly ever leaves, and is not.
    """
    mine = free[draft.channel]
    spent = mine.spent.on(today)
    waits = not spent.leaves_room(weight, cap) and can_wait(claim.doubt for claim, _ in draft.parts)
    if waits:
        if spent.capped_at is None:
            log.error("cap_reached", channel=draft.channel, count=spent.segments)
        spent = spent.at_its_cap(now)
    elif draft.claim.reason != PROBE:
        spent = spent.plus(weight)
    free[draft.channel] = Free(mine.at, spent)
    return min(at_wall(today + DAY, time(), HOME), draft.claim.valid_until) if waits else None


def _weight(draft: Draft) -> int:
    """Providers count an SMS by its segments."""
    return measure(draft.text).segments if draft.channel == ChannelName.SMS else 1
