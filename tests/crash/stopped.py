"""A worker that sleeps past its lease (SIGSTOP) and wakes beside another one: it neither calls again nor writes."""

import json
import signal
import sqlite3
from contextlib import closing

import psycopg

from tests.crash.together import each_world
from tests.crash.verdict import Part, judge
from tests.crash.world import LAG, OPEN, World
from tests.system.rig import Process, wait_until

BATCH = 4
"""As many as a worker with one call under way takes in hand at once."""
THINKS = 0.5


def stopped(worlds: list[World], rounds: int) -> Part:
    """One of two workers, again and again, with a message at the provider."""
    each_world(worlds, lambda world: _sleep_again_and_again(world, rounds))
    rejected = sum(lost_claims(world) for world in worlds)
    verdict = judge(worlds)
    broken = verdict.broken()
    if rejected < rounds * len(worlds):
        broken.append(f"only {rejected} claims were rejected in {rounds * len(worlds)} rounds")
    lines = [f"  {rounds * len(worlds)} rounds, {rejected} rejected claims (at least 1 a round)", *verdict.lines()]
    return Part("stopped past the lease", lines, broken)


def _sleep_again_and_again(world: World, rounds: int) -> None:
    for _ in range(rounds):
        sleep_past_the_lease(world)


def sleep_past_the_lease(world: World, duties: int = BATCH) -> None:
    """A worker is stopped in the middle of a call, another takes over and settles all of it, and the first wakes up."""
    world.twilio.tell(delay=THINKS, lag=LAG, callbacks=0)
    world.telegram.tell(delay=THINKS)
    world.owe(duties)
    before = _calls(world)
    first = world.started(world.worker())
    _stop(world, first, before)
    second = world.started(world.worker())
    wait_until(lambda: world.count(OPEN) == 0, "the other worker to settle everything", 60)
    first.kill(signal.SIGCONT)
    wait_until(lambda: "claims_lost" in first.text(), "the claims of the one that slept to be rejected")
    for worker in (first, second):
        assert worker.end() == 0


def _calls(world: World) -> int:
    """How many have arrived at the providers."""
    return world.twilio.count() + world.telegram.count()


def _stop(world: World, worker: Process, before: int) -> None:
    """With a call under way and no lock held: who stops in the middle of a transaction holds up everybody on SQLite.

    `before`: how many calls there had been when the worker was not there yet. Counted later, its first call may be among
    them, and at its last one it holds a single message.
    """

    def caught() -> bool:
        if _calls(world) <= before or len(world.held_by(worker)) <= 1:
            return False
        worker.kill(signal.SIGSTOP)
        if _free(world):
            return True
        worker.kill(signal.SIGCONT)
        return False

    wait_until(caught, "a worker in the middle of a call")


def _free(world: World) -> bool:
    """Whether somebody else may write."""
    try:
        if world.kind == "sqlite":
            with closing(sqlite3.connect(world.url.removeprefix("sqlite:///"), timeout=0.1, isolation_level=None)) as file:
                file.execute("begin immediate")
                file.execute("rollback")
        else:
            with psycopg.connect(world.url) as server:
                server.execute("select id from outbox where state = 'claimed' for update nowait")
    except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable):
        return False
    return True


def lost_claims(world: World) -> int:
    """How many claims were no longer theirs when workers wanted to write down what came of them, by their logs."""
    said = [line for worker in world.rig.started for line in worker.text().splitlines() if '"claims_lost"' in line]
    return sum(int(json.loads(line)["count"]) for line in said)
