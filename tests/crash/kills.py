"""Workers killed at random moments, while the providers lose answers, lag, and call back twice or never."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

from medvind.model import ChannelName
from tests.crash.together import each_world
from tests.crash.verdict import Part, judge
from tests.crash.world import LAG, World
from tests.system.rig import Process, wait_until

WORKERS = 2
LEAST_IN_HAND = 0.3
TRANCHE = 20
ENDS = 120.0
"""Seconds for the last two to end: a look at a hundred doubts is not broken off, and here there are thousands."""
LATEST = 0.06
"""Seconds from when a worker is known to be at work until it is killed, at most."""
BUSY = 0.8
"""The share of kills for which the worker is first seen with something in hand; the others fall whenever they fall."""
DELAY = (0.01, 0.08)
FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (("an empty list", {"lag": 1e6}), ("a slip of type", {"slipped": True}))


@dataclass
class Count:
    """How many were killed, with a claim in hand, and with a message that the provider had and nobody had written down."""

    kills: int = 0
    in_hand: int = 0
    accepted: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.kills + other.kills, self.in_hand + other.in_hand, self.accepted + other.accepted)

    def line(self) -> str:
        """As it is printed."""
        return (
            f"  {self.kills} kills, {self.in_hand} ({self.in_hand / self.kills:.0%}) between claim and record, "
            f"{self.accepted} of them after the provider's yes"
        )


def kills(worlds: list[World], count: int, duties: int, seed: int) -> Part:
    """P1 and P2 under random kills, shared out over the databases."""
    share, owed = count // len(worlds), duties // len(worlds)
    counts = each_world(worlds, lambda world: _kill_all(world, share, owed, random.Random(f"{seed}{world.kind}")))  # noqa: S311
    total, verdict = sum(counts, Count()), judge(worlds)
    broken = verdict.broken()
    if total.in_hand < LEAST_IN_HAND * total.kills:
        broken.append(f"only {total.in_hand} of {total.kills} kills fell between claim and record")
    each = [f"  {world.kind}: {one.line().strip()}" for world, one in zip(worlds, counts, strict=True)]
    return Part("random kills", [total.line(), *each, *verdict.lines(), *whole(worlds)], broken)


def control(worlds: list[World], count: int, seed: int) -> Part:
    """The same with a provider whose list says nothing, first empty, then slipped: it must turn red, else the test is blind."""
    lines, broken = [], []
    for fault, orders in FAULTS:
        first = max(worlds[0].owed, default=0) + 1
        blind = replace(worlds[0], channels=[ChannelName.SMS], letters="A", owed={}, first=first)
        _blind(blind, count, {**orders, "callbacks": 0}, random.Random(seed))  # noqa: S311
        worlds[0].owed |= blind.owed
        worlds[0].line = blind.line
        verdict = judge([blind])
        lines.append(f"  with {fault}: {count} kills, {verdict.looked_at} duties, SMS extra {verdict.sms_extra} (must be > 0)")
        if verdict.sms_extra == 0:
            broken.append(f"the control with {fault} shows no double: the test can't see one")
    return Part("control: the provider's list says nothing", lines, broken)


def whole(worlds: Iterable[World]) -> list[str]:
    """SQLite says of itself that its file is sound."""
    found = [world.ask("pragma integrity_check")[0][0] for world in worlds if world.kind == "sqlite"]
    return [f"  integrity of the SQLite file: {one}" for one in found]


def _kill_all(world: World, kills: int, duties: int, dice: random.Random) -> Count:
    world.start_api()
    count = Count()
    workers = [world.worker() for _ in range(WORKERS)]
    for number in range(kills):
        wanted = duties * (number + 1) // kills
        if wanted > len(world.owed):
            world.owe(min(max(TRANCHE, wanted - len(world.owed)), duties - len(world.owed)))
        misbehave(world, dice)
        _kill(world, workers.pop(0), count, dice)
        workers.append(world.worker())
    for worker in workers:
        world.started(worker).end(ENDS)
    world.settled()
    return count


def _blind(world: World, kills: int, orders: dict[str, Any], dice: random.Random) -> None:
    count, workers = Count(), [world.worker() for _ in range(WORKERS)]
    world.twilio.tell(**{"delay": 0.08, **orders})
    for _ in range(kills):
        world.owe(4)
        _kill(world, workers.pop(0), count, dice)
        workers.append(world.worker())
    for worker in workers:
        world.started(worker).end()
    world.settled(**orders)


def _kill(world: World, worker: Process, count: Count, dice: random.Random) -> None:
    world.started(worker)
    if dice.random() < BUSY:
        world.held(worker)
    Event().wait(dice.uniform(0, LATEST))
    worker.kill()
    wait_until(lambda: not worker.alive, "the end of a killed worker")
    held = world.held_by(worker)
    count.kills += 1
    count.in_hand += bool(held)
    count.accepted += bool(held and world.arrivals(last=40).keys() & set(held))


def misbehave(world: World, dice: random.Random) -> None:
    """Until the next kill: some answers are lost, some never come, and callbacks come doubled, swapped or not at all."""
    way = dice.choices(("accept", "lose", "garble", "hang"), (80, 14, 4, 2))[0]
    states = dice.choice((["sent", "delivered"], ["delivered", "sent"], ["delivered"]))
    delay, callbacks = dice.uniform(*DELAY), dice.choice((0, 0, 1, 2))
    world.twilio.tell(way=way, times=2, delay=delay, lag=LAG, callbacks=callbacks, states=states)
    world.telegram.tell(way=dice.choices(("accept", "lose"), (85, 15))[0], times=2, delay=delay)
