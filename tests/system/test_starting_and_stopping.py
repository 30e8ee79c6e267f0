"""What an operator sees when a start is refused, and that stopping under load leaves nothing in doubt."""

import socket
from contextlib import closing

from tests.system.conftest import Stage
from tests.system.rig import wait_until
from tests.system.test_killed_workers import due, reminders


def test_a_port_in_use_is_said_in_one_line(stage: Stage) -> None:
    stage.set_up()
    with closing(socket.create_server(("127.0.0.1", stage.port))):
        said = stage.rig.run("api", code=2).strip()
    cure = "stop what is there or choose another port"
    assert said == f"MEDVIND_PORT: can't listen on 127.0.0.1:{stage.port}: Address already in use; {cure}"


def test_an_old_schema_stops_the_start_and_names_the_cure(stage: Stage) -> None:
    fresh = {"MEDVIND_DATABASE_URL": f"sqlite:///{stage.rig.folder / 'fresh.db'}"}
    for command in ("worker", "api", "bot", "plan"):
        said = stage.rig.run(command, code=2, **fresh).strip()
        assert said == "the database's schema is not the one this version needs: run 'medvind migrate' first"


def test_a_wrong_setting_stops_the_start_and_gives_an_example(stage: Stage) -> None:
    said = stage.rig.run("worker", code=2, MEDVIND_LEASE_SECONDS="soon").strip()
    assert len(said.splitlines()) == 1
    assert said.startswith("MEDVIND_LEASE_SECONDS: ")
    assert "40" in said


def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_in_hand(stage: Stage) -> None:
    reminders(stage, 80)
    stage.twilio.tell(delay=0.2)
    stops = 3
    for _ in range(stops):
        stop_under_load(stage)
        assert (stage.count("claimed"), stage.count("unknown")) == (0, 0)
    sent = [row for row in due(stage) if row["state"] == "sent"]
    print(f"{stops} stops with {len(sent)} messages sent: 0 in doubt")
    assert stops <= len(sent) == stage.twilio.count() < 80


def stop_under_load(stage: Stage) -> None:
    """Asks a worker to stop while its provider thinks."""
    before = stage.twilio.count()
    worker = stage.rig.start("worker", MEDVIND_WORKERS_CONCURRENCY="10")
    wait_until(lambda: stage.twilio.count() > before, "messages under way")
    assert worker.end(15) == 0
