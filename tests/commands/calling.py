"""Calls the real command line, in a process and an environment of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT = 60.0


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


def surroundings(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment without any setting but these."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("MEDVIND_")}
    return bare | {"PYTHONPATH": str(ROOT), "COLUMNS": "120"} | dict(settings)


def medvind(*argv: str, words: str = "", **settings: str) -> Said:
    """`medvind ARGV` to its end, with `words` on stdin."""
    done = subprocess.run(
        [sys.executable, "-m", "medvind", *argv],
        input=words,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        env=surroundings(settings),
    )
    return Said(done.returncode, done.stdout, done.stderr)


def loaded_by(code: str) -> set[str]:
    """The modules that are loaded once this code has run."""
    show = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", show], capture_output=True, text=True, timeout=LIMIT, check=True, env=surroundings({})
    )
    return set(done.stdout.splitlines())
