"""Every line of the send path as a place to die: a worker runs until it comes there, and kills itself."""

import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.crash.together import each_world
from tests.crash.tracing import SEND_PATH
from tests.crash.verdict import Part, judge
from tests.crash.world import LAG, World
from tests.system.rig import Process, wait_until

TRANCHE, FEW = 16, 8
CROWD = 48
"""Several batches: one is called while the next is claimed and the last is written down, on PostgreSQL two side by side."""
TRIES = 5
"""Workers for one line at most: what is beside what, and who waits for too long, is a matter of milliseconds."""
PATIENCE = 20.0
"""Seconds until a worker that doesn't come to its line is given up."""
RETRIES = 120.0
"""Seconds in which what could not be sent was tried again."""
BEFORE = "tests.crash.tracing"


@dataclass(frozen=True)
class Send:
    """How a send goes: how much is owed, what the providers do, and whether it is stopped in the midst of it."""

    name: str
    owed: int = TRANCHE
    few: int = FEW
    twilio: Mapping[str, Any] = field(default_factory=dict)
    telegram: Mapping[str, Any] = field(default_factory=dict)
    stopped: bool = False


def _rough(way: str) -> Send:
    """The first calls, and the first looks at what is in doubt."""
    return Send(f"answers: {way}", few=TRANCHE, twilio={"way": way, "times": 4}, telegram={"way": way, "times": 2})


PLAIN = Send("plain")
SENDS = (
    PLAIN,
    Send("a crowd", CROWD, CROWD),
    Send("a crowd, stopped", CROWD, CROWD, stopped=True),
    _rough("lose"),
    _rough("garble"),
    _rough("hang"),
    Send(
        "too fast",
        twilio={"way": "refuse", "status": 429, "code": 20429, "retry_after": "1", "times": 2},
        telegram={"way": "refuse", "status": 429, "description": "Too Many Requests", "retry_after": 1, "times": 2},
    ),
)
"""A line is died at in the first of these in which it runs."""
Found = Mapping[str, Send]
"""By line: the send in which it ran."""


def points(worlds: list[World], every: int) -> Part:
    """Each line that runs in a send, on a database on which it does; `every`: only each so manieth."""
    found = each_world(worlds, look)
    shares = dict(zip((world.kind for world in worlds), share_out(found, every), strict=True))
    missed = [line for lines in each_world(worlds, lambda world: die_at(world, shares[world.kind])) for line in lines]
    ran = {line: send for share in shares.values() for line, send in share.items()}
    verdict = judge(worlds)
    lines = [
        f"  {len(ran) - len(missed)} of {len(ran)} lines of the send path were died at",
        *(f"  {file}: {sum(line.startswith(file) for line in ran)} lines" for file in SEND_PATH),
        *(f"  {send.name}: {sum(one == send for one in ran.values())} lines" for send in SENDS),
        *verdict.lines(),
    ]
    return Part("named crash points", lines, [*verdict.broken(), *(f"no worker died at {line}" for line in missed)])


def look(world: World) -> Found:
    """Each line that runs on this database, with the first of the sends in which it does."""
    found: dict[str, Send] = {}
    for number, send in enumerate(SENDS):
        note = world.rig.folder / f"lines-{number}"
        world.owe(send.owed)
        _play(world, send, world.started(begin(world, send, CRASH_NOTE=str(note))), RETRIES)
        world.settled()
        found = dict.fromkeys(note.read_text().split(), send) | found
    return found


def share_out(found: Sequence[Found], every: int) -> list[Found]:
    """Each line to one of the databases on which it ran: a plain send goes before others, and who has fewer lines takes it."""
    shares: list[dict[str, Send]] = [{} for _ in found]
    for line in sorted(set().union(*found), key=_in_order)[::every]:
        first = min(SENDS.index(lines[line]) for lines in found if line in lines)
        able = [share for share, lines in zip(shares, found, strict=True) if lines.get(line) == SENDS[first]]
        min(able, key=len)[line] = SENDS[first]
    return list(shares)


def die_at(world: World, lines: Found) -> list[str]:
    """A worker for each of these lines; those that none came to. What they left is settled at the end."""
    missed = [line for line, send in lines.items() if not any(dies_at(world, line, send) for _ in range(TRIES))]
    world.settled()
    return missed


def dies_at(world: World, line: str, send: Send = PLAIN) -> bool:
    """Whether a worker that has something to send came to this line."""
    if world.count("state = 'planned'") < send.few:
        world.owe(send.owed)
    worker = begin(world, send, CRASH_AT=line)
    with suppress(AssertionError, ProcessLookupError):
        _play(world, send, worker)
    died = not worker.alive and worker.code is None
    if worker.alive:
        worker.kill()
    return died


def begin(world: World, send: Send, **watch: str) -> Process:
    """A worker that looks at its lines, before providers that do what belongs to this send."""
    world.twilio.tell(lag=LAG, **send.twilio)
    world.telegram.tell(**send.telegram)
    return world.worker(BEFORE_MEDVIND=BEFORE, **watch)


def _play(world: World, send: Send, worker: Process, patience: float = PATIENCE) -> None:
    """Until it is dead: it sends what there is and is then stopped, or is stopped with something in hand."""

    def at_its_end() -> bool:
        return not worker.alive or (bool(world.held_by(worker)) if send.stopped else idle(world, worker))

    wait_until(at_its_end, "a worker to come to its line", patience)
    if worker.alive:
        worker.kill(signal.SIGTERM)  # some lines run only at the end
    wait_until(lambda: not worker.alive, "the end of a worker", PATIENCE)


def idle(world: World, worker: Process) -> bool:
    """Whether it is at work and there is nothing for it to do."""
    return '"started"' in worker.text() and world.count("state in ('planned', 'claimed')") == 0


def _in_order(line: str) -> tuple[int, int]:
    file, number = line.rsplit(":", 1)
    return [*SEND_PATH].index(file), int(number)
