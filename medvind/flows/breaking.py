"""The breaker at work: what tries say of a provider, who waits while it is away, who tries, and who is told."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from medvind.channels import Channel, Examined
from medvind.flows.gate import Draft, Letter
from medvind.model import ChannelName, Doubt, State
from medvind.rules.breaker import Heard, after_probe, after_tries, heard, is_away
from medvind.rules.pacing import Pace
from medvind.store import breakers
from medvind.store.breakers import AWAY
from medvind.store.claims import Result
from medvind.store.database import Session

PROBE = "probe"
"""The reason that the claim of the one carries that tries whether the provider is back."""
AT_EASE = (Doubt.A, Doubt.D)
"""Where there is a choice one of these tries: a double is kinder than silence there, and how a try ends may stay unknown."""
AWAKE, ASLEEP = 20, timedelta(minutes=15)
"""So many of a batch are there for the next tries. The others needn't be looked at each minute: when it is back all are due."""

log = structlog.get_logger()


@dataclass(slots=True)
class Fuse:
    """What the calls of one batch have heard of their provider: the rest of it stays, before the database knows why."""

    tries: list[Heard] = field(default_factory=list)
    asked_to_rest: bool = False
    burnt: bool = False
    """Whether nobody of this batch should call any more."""

    def hear(self, result: Result) -> None:
        """One more has ended."""
        said = heard(result.outcome, result.reason) if result.tried else None
        self.tries += [said] if said else []
        self.asked_to_rest |= result.outcome == "throttled"
        if self.burnt or said is not Heard.ANSWERED:
            self.burnt = self.asked_to_rest or is_away(self.tries)


def is_probe(letter: Letter) -> bool:
    """Whether this one tries."""
    return letter.claim.reason == PROBE


async def watch(session: Session, paces: Mapping[ChannelName, Pace], now: datetime) -> None:
    """Raises the alarm for a provider that has been away for too long, once. While all is well it asks the database nothing."""
    for name, pace in paces.items():
        if pace.breaker.alarms(now) and await breakers.take_alarm(session, name, now):
            log.error("channel_away", channel=name, at=str(pace.breaker.away_since))


async def hold_back(
    session: Session, paces: Mapping[ChannelName, Pace], drafts: Sequence[Draft], now: datetime
) -> tuple[list[Draft], list[Result]]:
    """Those that may go, in their order, and those that wait for a provider that is away, all but one that tries."""
    away = {name: pace.breaker for name, pace in paces.items() if pace.breaker.opened_at is not None}
    trying = set[int]()
    for name, breaker in away.items():
        waiting = [draft for draft in drafts if draft.channel == name]
        if waiting and breaker.may_try(now) and await breakers.take_try(session, name, now):
            trying.add(min(waiting, key=lambda draft: draft.claim.doubt not in AT_EASE).claim.id)
    going, kept = list[Draft](), list[Result]()
    for draft in drafts:
        if draft.channel not in away:
            going.append(draft)
        elif draft.claim.id in trying:
            going.append(replace(draft, claim=draft.claim._replace(reason=PROBE)))
        else:
            soon = sum(one.channel == draft.channel for one in kept) < AWAKE
            kept.append(wait(draft, now, away[draft.channel].next_try(now) if soon else now + ASLEEP))
    return going, kept


def wait(one: Draft | Letter, now: datetime, until: datetime) -> Result:
    """It waits for its channel as long as it is true, which is no attempt."""
    until = min(until, one.claim.valid_until)
    return Result(one.claim, State.PLANNED, "waits", now, AWAY, until, channel=one.channel, tried=False)


async def answers(channel: Channel, patience: float) -> bool:
    """Whether the provider answers a question that costs nothing, where it can be asked one: no message is staked on that."""
    if not isinstance(channel, Examined):
        return True
    try:
        async with asyncio.timeout(patience):
            return await channel.fault() is None
    except TimeoutError:
        return False


async def note(session: Session, written: Iterable[Result], now: datetime) -> None:
    """What these tries say of their providers. Where none has failed and none tried an open breaker, there is nothing to do."""
    said = defaultdict[ChannelName, list[tuple[Result, Heard]]](list)
    for result in written:
        told = heard(result.outcome, result.reason) if result.tried else None
        if result.channel and told:
            said[result.channel].append((result, told))
    for name, those in said.items():
        probe = next((told for result, told in those if result.claim.reason == PROBE), None)
        if probe or any(told is not Heard.ANSWERED for _, told in those):
            await _change(session, name, probe, now)


async def _change(session: Session, name: ChannelName, probe: Heard | None, now: datetime) -> None:
    before = await breakers.held(session, name)
    if before.opened_at is None:
        after = after_tries(before, await breakers.last_tries(session, name, before.closed_at), now)
    else:
        after = after_probe(before, probe, now)
    if after == before:
        return
    await breakers.keep(session, name, after)
    if after.probe_at is not None:
        await breakers.let_go(session, name, now, after.probe_at)
        log.warning("channel_opened", channel=name, at=str(after.away_since))
    else:
        waited = await breakers.let_go(session, name, now, now)
        log.info("channel_back", channel=name, at=str(before.away_since), count=waited)
