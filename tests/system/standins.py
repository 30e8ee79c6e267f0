"""The providers' stand-ins as processes of their own, told what to do and asked for the truth over HTTP."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from tests.system.rig import LIMIT, ROOT, Forks, Process, wait_until, with_suppressed


@dataclass(frozen=True)
class Standin:
    """One provider on loopback."""

    url: str
    client: httpx2.Client

    def ask(self, path: str) -> Any:
        """What it knows."""
        return self.client.get(f"{self.url}/control/{path}").json()

    def tell(self, path: str = "", **body: Any) -> Any:
        """Gives it an order, or has somebody do something."""
        return self.client.post(f"{self.url}/control/{path}".rstrip("/"), json=body).json()

    def messages(self) -> list[dict[str, Any]]:
        """All that it has accepted from us, in its order: the truth, whatever our own tables say."""
        return [one for one in self.ask("messages") if one.get("direction") != "inbound"]

    def count(self) -> int:
        """How many these are: quick to answer, for whoever asks again and again."""
        return int(self.ask("count"))

    def has_taken(self, least: int) -> None:
        """Waits until Twilio has accepted so many, and asks once: to ask again and again takes the processor."""
        try:
            self.ask(f"count?least={least}")
        except httpx2.TimeoutException:
            message = f"waited {LIMIT:g} s in vain: {least} messages at the provider"
            raise AssertionError(message) from None


@contextmanager
def standins(folder: Path, *names: str, forks: Forks | None = None) -> Iterator[list[Standin]]:
    """Started together, so that their imports overlap, or forked; listening once they are handed out."""
    with ExitStack() as stack:
        client = stack.enter_context(httpx2.Client(timeout=LIMIT))
        files = [folder / f"{name}.port" for name in names]
        for name, file in zip(names, files, strict=True):
            stack.enter_context(_forked(forks, name, file) if forks else _process(name, file))
        yield [Standin(f"http://127.0.0.1:{_port(file)}", client) for file in files]


def _port(file: Path) -> str:
    """Where it listens, once it does."""
    return wait_until(lambda: file.read_text() if file.exists() else "", f"{file.stem} to listen")


@contextmanager
def _process(name: str, file: Path) -> Iterator[None]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-m", f"tests.standins.{name}", str(file)]
    with file.with_suffix(".log").open("wb") as log, subprocess.Popen(words, cwd=ROOT, env=env, stdout=log, stderr=log) as one:
        try:
            yield
        finally:
            one.terminate()


@contextmanager
def _forked(forks: Forks, name: str, file: Path) -> Iterator[None]:
    out = file.with_suffix(".log")
    out.touch()
    one = Process(forks.fork(("standin", name, str(file)), {}, out, file.parent), out)
    try:
        yield
    finally:
        with_suppressed(partial(one.kill, signal.SIGTERM))
