"""Three workers send side by side; one of them is killed with messages in hand. And the end of the only worker is noticed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.verdict import judge
from tests.crash.world import OPEN, World, world
from tests.system.conftest import Stage
from tests.system.rig import Process, forks, wait_until
from tests.system.test_killed_workers import IMPATIENT, reminders

WORKERS, OWED = 3, 192
"""As many messages as keep three workers busy for three seconds: each takes 32 in hand, and one of them may come late."""
PATIENCE = 90.0
"""Seconds: where a busy machine takes too long to connect, the message has not left, and is tried again after a minute."""


@pytest.fixture
def shared(db_url: str, tmp_path: Path) -> Iterator[World]:
    """People who are owed a message each, on each of the two databases."""
    with world(db_url, tmp_path, forks()) as made:
        made.rig.env |= IMPATIENT
        yield made


def test_three_workers_send_together_and_one_that_is_killed_loses_and_doubles_nothing(shared: World) -> None:
    shared.twilio.tell(delay=0.1, callbacks=0)
    shared.telegram.tell(delay=0.1)
    workers = [shared.worker() for _ in range(WORKERS)]
    for worker in workers:
        shared.started(worker)
    shared.owe(OWED)
    wait_until(lambda: all(shared.held_by(one) for one in workers), "all three to have messages in hand")
    workers[0].kill()
    wait_until(lambda: shared.count(OPEN) == 0, "the other two to settle everything", PATIENCE)
    assert [one.end() for one in workers[1:]] == [0, 0]
    verdict, share = judge([shared]), [sent_by(shared, one) for one in workers]
    print(f"sent by each worker: {share}", *verdict.lines(), sep="\n")
    assert verdict.looked_at == OWED
    assert verdict.broken() == []
    assert all(share[1:])


def sent_by(shared: World, worker: Process) -> int:
    """How many calls it has written down."""
    return int(shared.ask(f"select count(*) from attempts where worker like '%:{worker.pid}:%'")[0][0])  # noqa: S608


def test_a_worker_that_died_with_all_that_is_due_in_hand_is_noticed_within_six_minutes(stage: Stage) -> None:
    reminders(stage, 2)
    stage.start_api()
    stage.twilio.tell(delay=30.0, callbacks=0)
    worker = stage.rig.start("worker")
    wait_until(lambda: stage.count("claimed") == 2, "all that is due in hand")
    wait_until(lambda: "sweep" in beats(stage), "its first sweep to be written down")
    assert ready(stage) == 200
    worker.kill()
    stage.clock("2026-11-24 10:02")
    assert ready(stage) == 200
    stage.clock("2026-11-24 10:06")
    assert ready(stage) == 503
    assert beat_age(stage) > 300

    stage.twilio.tell()
    stage.rig.start("worker")
    wait_until(lambda: beat_age(stage) < 60 and ready(stage) == 200, "another worker to bring it back")


def ready(stage: Stage) -> int:
    """What a watchman from outside is told."""
    return stage.twilio.client.get(f"{stage.api}/readyz").status_code


def beats(stage: Stage) -> dict[str, float]:
    """Seconds since each beat last came through, as it is measured from outside."""
    said = stage.twilio.client.get(f"{stage.api}/metrics").text
    found = re.findall(r'^medvind_beat_age_seconds\{beat="(\w+)"\} (\S+)$', said, re.MULTILINE)
    return {beat: float(age) for beat, age in found}


def beat_age(stage: Stage) -> float:
    """Seconds since a worker last swept."""
    return beats(stage)["sweep"]
