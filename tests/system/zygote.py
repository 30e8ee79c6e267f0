"""Imports the whole house once and forks a real process for each line on stdin: a JSON object with argv, env, cwd and out.

The child is Medvind as anybody starts it, in a process of its own, to be killed as one. Its pid is answered at once; its
output goes to `out` (what it says on stderr to `err`, where that is given), its exit code to `out`.exit; it reads `words`.
"""

import json
import os
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import medvind.main
from medvind.commands import main
from medvind.texts import Catalogue

__all__ = ["medvind"]
TELEGRAM = "--telegram"
"""Imports Telegram's room as well, which costs seconds that many tests need not pay."""


def child(order: dict[str, Any]) -> None:
    """Becomes `medvind ARGV`."""
    out = Path(order["out"])
    with out.open("ab") as log, Path(order.get("err", out)).open("ab") as errors, tempfile.TemporaryFile() as words:
        words.write(order.get("words", "").encode())
        words.seek(0)
        os.dup2(words.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(errors.fileno(), 2)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    sys.argv = ["medvind", *order["argv"]]
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException as error:  # noqa: BLE001 - whatever ended it, the test must see it
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    done = out.with_suffix(".exit.part")
    done.write_text(str(code))
    done.rename(out.with_suffix(".exit"))
    os._exit(code)


def serve() -> None:
    """Until stdin ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    Catalogue.load()
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        print(pid, flush=True)


if __name__ == "__main__":
    if TELEGRAM in sys.argv:
        import_module("bot.edge")
    serve()
