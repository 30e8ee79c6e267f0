"""PostgreSQL stopped hard and started again while workers send: nothing is lost, and no worker dies of it."""

import os
from pathlib import Path

import psycopg

from tests import postgres
from tests.crash.verdict import Part, judge
from tests.crash.world import OPEN, World
from tests.system.rig import wait_until

WORKERS, TRANCHE = 3, 48
COUNT_ON = "select setval('participants_id_seq', (select max(id) from participants))"
"""A crash lets PostgreSQL skip some numbers; here a person's number is also their phone's."""


def restarts(worlds: list[World], count: int) -> Part:
    """On PostgreSQL alone, and on a server of our own."""
    name = "PostgreSQL stopped hard"
    mine = [world for world in worlds if world.kind == "postgresql"]
    if not mine or postgres.ADDRESS in os.environ:
        return Part(name, ["  not looked at: no PostgreSQL of our own in this run"], [])
    (world,) = mine
    _keep_every_commit(world)
    world.twilio.tell(delay=0.05)
    world.telegram.tell(delay=0.05)
    workers = [world.worker() for _ in range(WORKERS)]
    for worker in workers:
        world.started(worker)
    in_hand = 0
    for _ in range(count):
        world.owe(TRANCHE)
        wait_until(lambda: world.count("state = 'claimed'") > 0, "workers at work")
        in_hand += world.count("state = 'claimed'")
        restart()
        world.ask(COUNT_ON)
        wait_until(lambda: world.count(OPEN) == 0, "workers to go on", 90)
    dead = [worker for worker in workers if not worker.alive]
    codes = [worker.end() for worker in workers if worker.alive]
    verdict = judge(mine)
    broken = verdict.broken()
    if dead or any(codes):
        broken.append(f"{len(dead)} workers dead, exit codes {codes}")
    line = f"  {count} restarts with {in_hand} claims in hand before them; {len(dead)} dead of {len(workers)} workers"
    return Part(name, [line, *verdict.lines()], broken)


def restart() -> None:
    """At once, without a checkpoint, as after a crash of the server."""
    folder = Path(os.environ[postgres.FOLDER])
    postgres._run(folder, "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "-t", "60", "restart")


def _keep_every_commit(world: World) -> None:
    """Tests are quicker when the server may forget its last commits in a crash; here it may not."""
    name = world.url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(world.url, autocommit=True) as server:
        server.execute(f"alter database {name} set synchronous_commit = on".encode())
