"""A worker that listens nowhere unless told to, and a port that is taken."""

import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests.commands.calling import LIMIT, medvind, surroundings
from tests.system.rig import Rig, forks, free_port, wait_until


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> dict[str, str]:
    shutil.copy(sqlite_template, tmp_path / "medvind.db")
    address = f"sqlite:///{tmp_path}/medvind.db"
    return {"MEDVIND_ENV": "test", "MEDVIND_DATABASE_URL": address, "MEDVIND_LOG_FORMAT": "json"}


@contextmanager
def worker(settings: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The real process."""
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "medvind", "worker"], env=surroundings(settings), stderr=out)
        try:
            yield process
        finally:
            process.kill()
            process.wait(LIMIT)


def status(port: int, path: str) -> int:
    """The answer's status; 0 where nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            code: int = answer.status
    except HTTPError as refusal:
        with refusal:
            return refusal.code
    except URLError:
        return 0
    return code


def test_a_worker_tells_machines_that_it_lives_where_it_is_told_to(settings: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    rig = Rig(tmp_path, settings | {"MEDVIND_METRICS_PORT": str(port)}, forks())
    process = rig.start("worker")
    try:
        wait_until(lambda: status(port, "/healthz") == 200, "the worker to answer", LIMIT)
        assert status(port, "/readyz") == 200
        assert [status(port, path) for path in ("/v1/participants", "/openapi.json", "/docs", "/")] == [404] * 4
        assert process.end(LIMIT) == 0
    finally:
        rig.clear_up()
    events = [json.loads(line)["event"] for line in process.text().splitlines()]
    assert events == ["started", "stopped"]


def test_a_worker_listens_nowhere_unless_told_to(settings: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with worker(settings, log) as process:
        wait_until(lambda: "started" in log.read_text(), "the worker to start", LIMIT)
        listening = {line.split()[3] for table in ("tcp", "tcp6") for line in sockets(process.pid, table)}
        assert "0A" not in listening
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT) == 0


def sockets(pid: int, table: str) -> list[str]:
    """The lines of the kernel's table that belong to this process."""
    folder = Path(f"/proc/{pid}/fd")
    held = {str(one.readlink()) for one in folder.iterdir() if one.is_symlink()}
    rows = Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    return [row for row in rows if f"socket:[{row.split()[9]}]" in held]


@pytest.mark.parametrize(("command", "name"), [("worker", "MEDVIND_METRICS_PORT"), ("api", "MEDVIND_PORT")])
def test_a_port_in_use_is_one_clear_line_and_2(settings: dict[str, str], command: str, name: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        said = medvind(command, **settings, **{name: str(port)})
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"{name}: can't listen on 127.0.0.1:{port}: Address already in use; stop what is there or choose another port\n"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_that_is_not_this_machines_is_one_clear_line_and_2(settings: dict[str, str], host: str) -> None:
    said = medvind("api", **settings, MEDVIND_HOST=host)
    assert (said.code, said.out) == (2, "")
    assert said.err == f"MEDVIND_HOST: {host} is no address of this machine (for example: 127.0.0.1)\n"
