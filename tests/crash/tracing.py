"""Inside a worker: looks at every line of the send path as it is about to run, notes it, or ends the process there.

`CRASH_AT` names the line (`medvind/flows/deliver.py:73`) or a function whose first line it is
(`medvind/store/outcomes.py:record`), `CRASH_NOTE` a file for all lines that ran. It kills itself as
anybody else would: with SIGKILL, no hook in the product and nothing cleaned up.
"""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
SEND_PATH: Mapping[str, tuple[str, ...]] = {
    "scheduler/worker.py": (),
    "medvind/flows/deliver.py": (),
    "medvind/flows/gate.py": (),
    "medvind/flows/turns.py": (),
    "medvind/store/claims.py": (),
    "medvind/store/outcomes.py": (),
    "medvind/store/front.py": (),
    "medvind/wire.py": (),
    "sms/transport.py": ("Transport.request",),
    "sms/twilio.py": ("TwilioSms.send",),
    "bot/telegram.py": ("Telegram.send", "handing_over"),
    "bot/transport.py": ("Transport.make_request", "Transport._exchange", "Transport._form", "_decoded"),
}
"""The files, and of those that do more than send the functions that do."""


class Watch:
    """What `sys.settrace` calls."""

    def __init__(self, at: str | None, note: str | None) -> None:
        self._at = at
        self._note = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if note else None
        self._seen: set[str] = set()
        self._files: dict[CodeType, str | None] = {}

    def enter(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        """A function begins, or goes on after an await: the lines of the send path are looked at."""
        code = frame.f_code
        if code not in self._files:
            self._files[code] = watched(code)
        return self.step if self._files[code] else None

    def step(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """A line is about to run."""
        if event == "line":
            file = self._files[frame.f_code]
            name = f"{file}:{frame.f_lineno}"
            if self._at in {name, f"{file}:{frame.f_code.co_qualname}"}:
                os.kill(os.getpid(), signal.SIGKILL)
            if self._note is not None and name not in self._seen:
                self._seen.add(name)
                os.write(self._note, f"{name}\n".encode())
        return self.step


def watched(code: CodeType) -> str | None:
    """The file of a function that belongs to the send path, by its place in the house; else None."""
    file = code.co_filename.removeprefix(f"{ROOT}/")
    if file not in SEND_PATH or code.co_name == "<module>":
        return None
    names = SEND_PATH[file]
    return file if not names or code.co_qualname.startswith(names) else None


def begin() -> None:
    """From here on."""
    sys.settrace(Watch(os.environ.get("CRASH_AT"), os.environ.get("CRASH_NOTE")).enter)
