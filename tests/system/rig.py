"""Real processes on a database of their own: started, asked, killed, and waited for with a limit."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

ROOT = Path(__file__).parents[2]
LIMIT = 30.0
T = TypeVar("T")


def wait_until(condition: Callable[[], T], what: str, limit: float = LIMIT) -> T:
    """The condition's value once it is true; fails with the words where it doesn't become so in time."""
    end = time.monotonic() + limit
    while not (value := condition()):
        if time.monotonic() > end:
            message = f"waited {limit:g} s in vain: {what}"
            raise AssertionError(message)
        time.sleep(0.02)
    return value


@dataclass(frozen=True)
class Process:
    """One `medvind …` under way, and where its output goes."""

    pid: int
    out: Path

    @property
    def code(self) -> int | None:
        """Its exit code, None while it runs (or where it was killed)."""
        done = self.out.with_suffix(".exit")
        return int(done.read_text()) if done.exists() else None

    @property
    def alive(self) -> bool:
        """Whether there still is a process: a killed one leaves no exit code."""
        return Path(f"/proc/{self.pid}").exists()

    def text(self) -> str:
        return self.out.read_text()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def end(self, limit: float = LIMIT) -> int:
        """Asks it to stop, as an operator would, and waits for its exit code."""
        self.kill(signal.SIGTERM)
        return self.join(limit)

    def join(self, limit: float = LIMIT) -> int:
        wait_until(lambda: self.code is not None, f"the end of {self.out.stem}", limit)
        return self.code or 0


@dataclass
class Rig:
    """Starts processes by forking one that has imported everything once."""

    folder: Path
    env: dict[str, str]
    zygote: "Forks"
    numbers: Iterator[int] = field(default_factory=count)
    started: list[Process] = field(default_factory=list)

    def start(self, *argv: str, **env: str) -> Process:
        """`medvind ARGV` in the background."""
        out = self.folder / f"{next(self.numbers):03}-{argv[0]}.log"
        out.touch()
        process = Process(self.zygote.fork(argv, {**self.env, **env}, out, self.folder), out)
        self.started.append(process)
        return process

    def run(self, *argv: str, code: int = 0, **env: str) -> str:
        """`medvind ARGV` to its end; its output. Fails where the exit code is another one."""
        process = self.start(*argv, **env)
        assert process.join() == code, f"medvind {' '.join(argv)}: exit {process.code}\n{process.text()}"
        return process.text()

    def outbox(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("outbox", "--json").splitlines() if line.startswith("{")]

    def write(self, name: str, rows: list[Mapping[str, str]]) -> str:
        """A spreadsheet as a coach would export it: semicolons, and a byte order mark."""
        lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
        (self.folder / name).write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
        return str(self.folder / name)

    def clear_up(self) -> None:
        for process in self.started:
            if process.code is None:
                with_suppressed(process.kill)

    def living(self) -> list[Process]:
        """Those that still run."""
        return [process for process in self.started if process.code is None and process.alive]


def free_port() -> int:
    """A port that nobody listens on, below those that the kernel hands out for outgoing connections."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    message = "no free port"
    raise AssertionError(message)


def with_suppressed(action: Callable[[], None]) -> None:
    """For a process that may be gone already."""
    try:
        action()
    except ProcessLookupError:
        return


class Forks:
    """A process that forks, and where it listens. Several may ask it at once, from whatever process."""

    def __init__(self, path: str) -> None:
        self.path = path

    def fork(self, argv: tuple[str, ...], env: Mapping[str, str], out: Path, cwd: Path, **more: str) -> int:
        """A new process; its pid. `more`: what it reads (`words`), and where it complains (`err`)."""
        order = {"argv": argv, "env": dict(env), "out": str(out), "cwd": str(cwd), **more}
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.path)
            line.sendall(json.dumps(order).encode() + b"\n")
            with line.makefile(encoding="ascii") as answer:
                pid = answer.readline()
        assert pid, "the process that forks has died"
        return int(pid)


class Zygote(Forks):
    """Such a process of one's own, of the house at this root. It ends with whoever started it."""

    def __init__(self, *words: str, root: Path = ROOT) -> None:
        self._folder = TemporaryDirectory(prefix="medvind-forks-")
        super().__init__(f"{self._folder.name}/socket")
        bare = {name: value for name, value in os.environ.items() if not name.startswith("MEDVIND_")}
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self.path)
            listening.listen()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.system.zygote", str(listening.fileno()), *words],
                stdin=subprocess.PIPE,
                cwd=root,
                env={**bare, "PYTHONPATH": str(root)},
                pass_fds=[listening.fileno()],
            )

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(LIMIT)
        self._folder.cleanup()


FORKS = "MEDVIND_TEST_FORKS"
"""Where the process listens from which all of a run's tests fork theirs: it imports the house once for all of them."""


def forks() -> Forks:
    """The run's own."""
    return Forks(os.environ[FORKS])
