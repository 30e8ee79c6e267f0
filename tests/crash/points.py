"""Every line of the send path as a place to die: a worker runs until it comes there, and kills itself."""

import signal
from collections.abc import Sequence

from tests.crash.together import each_world
from tests.crash.tracing import SEND_PATH
from tests.crash.verdict import Part, judge
from tests.crash.world import LAG, OPEN, World
from tests.system.rig import Process, wait_until

LEAST_REACHED = 0.95
TRANCHE, FEW = 16, 8
PATIENCE = 20.0
"""Seconds until a worker that doesn't come to its line is given up."""
BEFORE = "tests.crash.tracing"


def points(worlds: list[World], every: int) -> Part:
    """Each line that runs in a plain send, on the databases in turn; `every`: only each so manieth."""
    ran = sorted(set().union(*each_world(worlds, plain_send)), key=_in_order)[::every]
    shares = {world.kind: ran[place :: len(worlds)] for place, world in enumerate(worlds)}
    missed = [line for lines in each_world(worlds, lambda world: die_at(world, shares[world.kind])) for line in lines]
    verdict, reached = judge(worlds), len(ran) - len(missed)
    lines = [
        f"  {reached} of {len(ran)} lines of the send path that run in a plain send were died at ({reached / len(ran):.0%})",
        *(f"  {file}: {sum(line.startswith(file) for line in ran)} lines" for file in SEND_PATH),
        *([f"  not reached: {', '.join(missed)}"] if missed else []),
        *verdict.lines(),
    ]
    broken = verdict.broken()
    if reached < LEAST_REACHED * len(ran):
        broken.append(f"only {reached} of {len(ran)} lines were reached")
    return Part("named crash points", lines, broken)


def plain_send(world: World) -> set[str]:
    """The lines that run while a worker sends some messages of each kind by each channel, finds no more, and is stopped."""
    note = world.rig.folder / "lines"
    world.owe(TRANCHE)
    worker = world.started(world.worker(BEFORE_MEDVIND=BEFORE, CRASH_NOTE=str(note)))
    wait_until(lambda: world.count(OPEN) == 0, "a plain send")
    worker.end()
    return set(note.read_text().split())


def die_at(world: World, lines: Sequence[str]) -> list[str]:
    """A worker for each of these lines; those that none came to. What they left is settled at the end."""
    world.twilio.tell(lag=LAG)
    missed = [line for line in lines if not dies_at(world, line)]
    world.settled()
    return missed


def dies_at(world: World, line: str, few: int = FEW) -> bool:
    """Whether a worker that has something to send came to this line."""
    if world.count("state = 'planned'") < few:
        world.owe(TRANCHE)
    worker = world.worker(BEFORE_MEDVIND=BEFORE, CRASH_AT=line)
    try:
        wait_until(lambda: not worker.alive or idle(world, worker), "a worker to come to its line", PATIENCE)
        if worker.alive:
            worker.kill(signal.SIGTERM)  # some lines run only at the end
        wait_until(lambda: not worker.alive, "the end of a worker", PATIENCE)
    except (AssertionError, ProcessLookupError):
        pass
    died = not worker.alive and worker.code is None
    if worker.alive:
        worker.kill()
    return died


def idle(world: World, worker: Process) -> bool:
    """Whether it is at work and there is nothing for it to do."""
    return '"started"' in worker.text() and world.count("state in ('planned', 'claimed')") == 0


def _in_order(line: str) -> tuple[int, int]:
    file, number = line.rsplit(":", 1)
    return [*SEND_PATH].index(file), int(number)
