"""Calls the real command line, in a process and an environment of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.system.rig import Process, forks

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
    """`medvind ARGV` to its end, with `words` on stdin: a process of its own, forked from one that has imported the house."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        out, err = folder / "out", folder / "err"
        for file in (out, err):
            file.touch()
        process = Process(forks().fork(argv, {"COLUMNS": "120", **settings}, out, folder, words=words, err=str(err)), out)
        code = process.join(LIMIT)
        return Said(code, out.read_text("utf-8"), err.read_text("utf-8"))


def loaded_by(code: str) -> set[str]:
    """The modules that are loaded once this code has run."""
    show = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", show], capture_output=True, text=True, timeout=LIMIT, check=True, env=surroundings({})
    )
    return set(done.stdout.splitlines())
