"""A worker that is killed between claim, call and record loses nothing and doubles no SMS. Counted at the provider."""

import random
from collections import Counter
from threading import Event

from tests.system.conftest import Stage
from tests.system.people import meeting, person
from tests.system.rig import wait_until

PEOPLE = 110
KILLS = 30
LATEST = 0.1
"""Seconds from an arrival until the worker is killed, at most: what it does then is the call, the record or the next claim."""
IMPATIENT = {
    "MEDVIND_LEASE_SECONDS": "2",
    "MEDVIND_SEND_TIMEOUT_SECONDS": "0.8",
    "MEDVIND_ASK_AFTER_SECONDS": "0.4",
    "MEDVIND_LOOK_SECONDS": "0.2",
    "MEDVIND_WORKERS_CONCURRENCY": "2",
}
"""Short times, in the order that keeps the promise: the lease outlives the call, and the quiet time the provider's lag."""


def reminders(stage: Stage, count: int) -> None:
    """A reminder for each of so many people, due now."""
    stage.clock("2026-11-24 10:00")
    stage.set_up()
    people = [person(f"d-{one}", "Kim", f"+4501{one:06}") for one in range(count)]
    meetings = [meeting(f"m-{one}", "2026-11-25 09:30", [f"d-{one}"], place=f"Stien {one}") for one in range(count)]
    stage.rig.run("import", "participants", stage.rig.write("people.csv", people))
    stage.rig.run("import", "meetings", stage.rig.write("meetings.csv", meetings))


def kill_one(stage: Stage, dice: random.Random) -> bool:
    """Kills a worker a moment after one or two more messages have arrived; whether it died with a message in hand."""
    before = stage.twilio.count()
    worker = stage.rig.start("worker", **IMPATIENT)
    stage.twilio.has_taken(before + dice.randint(1, 2))
    Event().wait(dice.uniform(0, LATEST))
    worker.kill()
    wait_until(lambda: not worker.alive, "the end of a killed worker")
    return stage.count("claimed") > 0


def test_workers_killed_while_they_send_lose_nothing_and_double_no_sms(stage: Stage) -> None:
    reminders(stage, PEOPLE)
    stage.twilio.tell(delay=0.03)
    dice = random.Random(4)  # noqa: S311 - the same kills at each run
    in_hand = sum(kill_one(stage, dice) for _ in range(KILLS))
    worker = stage.rig.start("worker", **IMPATIENT)
    wait_until(lambda: stage.count("sent") >= PEOPLE, "all of it to be sent", limit=60)
    assert worker.end() == 0
    assert {row["state"] for row in due(stage)} == {"sent"}

    arrived = Counter(one["to"] for one in stage.twilio.messages())
    lost = PEOPLE - len(arrived)
    doubled = sum(count - 1 for count in arrived.values())
    said = f"{KILLS} kills, {in_hand} with a message in hand; {PEOPLE} reminders, {lost} lost, {doubled} doubled"
    print(said)
    assert (lost, doubled) == (0, 0), said
    assert in_hand >= KILLS * 0.3, said


def due(stage: Stage) -> list[dict[str, str]]:
    """The reminders of the day before."""
    return [row for row in stage.rig.outbox() if row["key"].endswith(":1d")]
