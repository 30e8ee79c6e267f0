"""Workers asked to stop (SIGTERM) under load: they end what they have in hand, in time, and leave nothing in doubt."""

import random
import time
from dataclasses import dataclass, field
from threading import Event

from tests.crash.together import each_world
from tests.crash.verdict import Part, judge
from tests.crash.world import World

PATIENCE = 3.0
"""The time limit of a call."""
MARGIN = 5.0
LATEST = 0.3
PATIENT = {"MEDVIND_SEND_TIMEOUT_SECONDS": str(PATIENCE), "MEDVIND_LEASE_SECONDS": "15", "MEDVIND_WORKERS_CONCURRENCY": "4"}


@dataclass
class Stops:
    """How they went."""

    busy: int = 0
    codes: list[int | None] = field(default_factory=list)
    left: int = 0
    longest: float = 0.0


def terms(worlds: list[World], count: int, seed: int) -> Part:
    """So many stops, shared out over the databases."""
    share = count // len(worlds)
    found = each_world(worlds, lambda world: _stop_all(world, share, random.Random(f"{seed}{world.kind}")))  # noqa: S311
    busy, left = sum(one.busy for one in found), sum(one.left for one in found)
    codes = [code for one in found for code in one.codes]
    longest, verdict = max(one.longest for one in found), judge(worlds)
    bad = sum(code != 0 for code in codes)
    broken = verdict.broken()
    broken += [f"{bad} of {len(codes)} did not end with 0 in {PATIENCE + MARGIN:g} s"] if bad else []
    broken += [f"{left} duties were left in hand or in doubt"] if left else []
    line = (
        f"  {len(codes)} stops, {busy} with messages in hand: {bad} that did not end with 0 in {PATIENCE + MARGIN:g} s "
        f"(the longest took {longest:.1f} s), {left} duties left unknown or claimed of {verdict.looked_at}"
    )
    return Part("SIGTERM under load", [line, *verdict.lines()], broken)


def _stop_all(world: World, count: int, dice: random.Random) -> Stops:
    stops = Stops()
    world.twilio.tell(delay=0.15, callbacks=0)
    world.telegram.tell(delay=0.15)
    for number in range(count):
        if number % 2 == 0:
            world.owe(16)
        worker = world.started(world.worker(**PATIENT))
        stops.busy += bool(world.held(worker))
        Event().wait(dice.uniform(0, LATEST))
        began = time.monotonic()
        try:
            stops.codes.append(worker.end(PATIENCE + MARGIN))
        except AssertionError:
            stops.codes.append(None)
            worker.kill()
        stops.longest = max(stops.longest, time.monotonic() - began)
        stops.left += world.count("state in ('claimed', 'unknown')")
    world.settled()
    return stops
