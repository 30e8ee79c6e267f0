"""Imports the whole house once and forks a real process for each order: a line of JSON with argv, env, cwd and out.

The child is Medvind as anybody starts it, in a process of its own, to be killed as one. Its pid is answered at once; its
output goes to `out` (what it says on stderr to `err`, where that is given), its exit code to `out`.exit; it reads `words`.
A module named by BEFORE_MEDVIND in its environment is told to `begin()` first.
Where argv begins with `standin` the child is a provider instead. The house is imported when the first order comes.
"""

import asyncio
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.standins import telegram, twilio
from tests.standins.running import Listening, run

TELEGRAM = "--telegram"
"""Imports Telegram's room as well, which costs seconds that not everybody need pay."""
STANDIN = "standin"
PROVIDERS: Mapping[str, Callable[[], AbstractAsyncContextManager[Listening]]] = {
    "twilio": twilio.Twilio.open,
    "telegram": telegram.Telegram.open,
}


def warm_up() -> None:
    """What every process would import and reckon for itself, with the same result."""
    import_module("medvind.main")
    commands = import_module("medvind.commands")
    for module in {module for module, _ in commands.COMMANDS.values()}:
        import_module(f"medvind.commands.{module}")
    if TELEGRAM in sys.argv:
        import_module("bot.edge")
    for driver in ("psycopg", "aiosqlite"):
        import_module(driver)
    import_module("medvind.texts").longest_units()
    import_module("medvind.rules.calendar").bank_closing_days(2026)
    if TELEGRAM in sys.argv:  # the run's own; a version to come may have a migration that waits for its test
        import_module("tests.system.warm").go_round()
    gc.freeze()


def standin(name: str, port_file: str) -> None:
    """A provider, until SIGTERM."""
    asyncio.run(run(PROVIDERS[name](), Path(port_file)))


def child(order: dict[str, Any]) -> None:
    """Becomes `medvind ARGV`, or a provider."""
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
    argv = order["argv"]
    sys.argv = ["medvind", *argv]
    main: Callable[[], None] = partial(standin, *argv[1:]) if argv[0] == STANDIN else import_module("medvind.commands").main
    code = 0
    if before := os.environ.get("BEFORE_MEDVIND"):
        import_module(before).begin()
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


def serve(listening: socket.socket) -> None:
    """Until stdin ends: whoever started this is done, or dead."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm = False
    while True:
        ready, _, _ = select.select([0, listening.fileno()], [], [])
        if 0 in ready:
            return
        if not warm:
            warm_up()
            warm = True
        _answer(listening)


def _answer(listening: socket.socket) -> None:
    caller, _ = listening.accept()
    with caller, caller.makefile("rw", encoding="utf-8") as line:
        order = json.loads(line.readline())
        pid = os.fork()
        if pid == 0:
            listening.close()
            caller.close()
            child(order)
        line.write(f"{pid}\n")


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
