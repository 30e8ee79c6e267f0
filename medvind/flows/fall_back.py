"""When a way to somebody ends for good: what Telegram refused goes by SMS, where they have said yes to that.

It stays the same duty under the same key, so that it can't go both ways: only what certainly did not arrive turns, it turns
once, and from SMS nothing turns back. Quiet hours and consent are looked at again before it leaves.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from medvind.flows.plan import replan
from medvind.model import AddressState, ChannelName, PublicId, RecipientType, State, TaskKind
from medvind.store import tasks
from medvind.store.claims import Claimed, Result
from medvind.store.database import Session
from medvind.store.reach import Reach, reach_of, say, set_state, unbind

DEAD, STOPPED, BLOCKED = "dead", "stopped", "blocked"
OVER = (DEAD, STOPPED)
"""How a call ends that brought nothing and closes its way: the address is gone, or the person wants nothing there."""


class Lost(Protocol):
    """A message that can't be delivered any more: a claim, or what a provider has told of later."""

    @property
    def public_id(self) -> PublicId:
        """Its name."""
        ...

    @property
    def kind(self) -> str:
        """What it was about."""
        ...

    @property
    def key(self) -> str:
        """Which duty it was."""
        ...


async def turn(session: Session, results: Sequence[Result], along: Mapping[int, Sequence[Claimed]]) -> list[Result]:
    """The same results, but what may go by SMS instead waits again, due at once, with all that went along in it."""
    refused = [result for result in results if _refused(result)]
    if not refused:
        return list(results)
    reach = await reach_of(session, {result.claim.recipient_id for result in refused})
    turned = {
        result.claim.id
        for result in refused
        if _may_turn(reach[result.claim.recipient_id], [result.claim, *along.get(result.claim.id, ())])
    }
    return [one._replace(state=State.PLANNED, due_at=one.at) if one.claim.id in turned else one for one in results]


def _refused(result: Result) -> bool:
    """An answer goes where the question came from, or nowhere."""
    if result.outcome not in OVER or result.channel != ChannelName.TELEGRAM:
        return False
    return result.claim.recipient_type == RecipientType.PARTICIPANT and result.claim.kind != "reply"


def _may_turn(reach: Reach, carried: Sequence[Claimed]) -> bool:
    """Whether SMS may carry any of this. What is sent again in doubt may have arrived the first time: it never turns.

    What of it SMS may not carry, the plan and the gate keep back.
    """
    if any(one.asked_at is not None for one in carried):
        return False
    return any(reach.is_open(ChannelName.SMS, one.topic.purpose if one.topic else None) for one in carried)


async def close(
    session: Session,
    person: int,
    channel: ChannelName,
    outcome: str,
    reason: str | None,
    now: datetime,
    lost: Lost | None = None,
) -> None:
    """This way is written to no more; what is still owed is planned anew, and the coach hears of it once.

    A block in Telegram is a stop there. What SMS refuses as stopped is a STOP that the provider kept to itself: it holds on
    every channel, as each STOP does. `lost` is the message that can't be delivered any more.
    """
    reach = (await reach_of(session, [person]))[person]
    address, everywhere = reach.on(channel), channel == ChannelName.SMS
    if outcome == DEAD and address:
        await set_state(session, address.id, AddressState.DEAD, reason)
    if outcome == STOPPED:
        channels = tuple(ChannelName) if everywhere else (channel,)
        await say(session, person, channels, given=False, how="STOP" if everywhere else BLOCKED, now=now)
    await unbind(session, person, channel)
    await replan(session, person, now)
    yes = reach.consent(channel).since
    if yes is None and reach.answered:  # they had said no here already: that is no news
        return
    cause = f"{address.public_id if address else person}:{yes or ''}"
    why = _why(reach, channel, reason, lost)
    await tasks.raise_task(session, TaskKind.NOT_REACHED, f"closed:{channel}:{cause}", person, why, now)


def _why(reach: Reach, channel: ChannelName, reason: str | None, lost: Lost | None) -> dict[str, str]:
    """Neutral: who has closed a way, and why, is theirs."""
    message = {"message": lost.public_id, "kind": lost.kind, "key": lost.key} if lost else {}
    if channel == ChannelName.SMS:
        return {**message, "reason": reason or ""}
    says = "why_now_by_sms" if reach.is_open(ChannelName.SMS) else "why_no_way"
    return {**message, "reason": says, "because": reason or ""}
