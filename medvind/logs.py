"""Logs by an allow-list: event names, ids, codes and counts. Nobody's name, number or words can get in."""

import json
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict

ALLOWED = frozenset(
    {"event", "level", "timestamp", "message", "participant", "channel", "meaning", "outcome", "reason", "attempts"}
    | {"beat", "count", "parts", "path", "status", "library", "error", "at", "seconds", "language"}
)
QUIET = ("twilio", "aiohttp", "aiogram", "httpx", "sqlalchemy", "apscheduler", "uvicorn", "alembic", "asyncio")


def set_up_logs(form: str | None = None) -> None:
    """To stderr; for people on a terminal, else one JSON object a line. Libraries speak from warnings on, without words.

    What ends the process for want of a handler is told in the same way: which error and where, never its text.
    """
    _lines.to = sys.stderr
    readable = form == "console" or (form is None and sys.stderr.isatty())
    render: Any = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer(_json)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _lines)),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Libraries()], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _last_words


class _Lines:
    """Each is handed to the system at once, but those of a batch together: to hand one over costs more than to make it."""

    def __init__(self) -> None:
        self.to: TextIO = sys.stderr
        self._held: list[str] | None = None

    def write(self, line: str) -> None:
        """At once, or at the end of what is held."""
        if self._held is None:
            self.to.write(line)
        else:
            self._held.append(line)

    def flush(self) -> None:
        """What is not held."""
        if self._held is None:
            self.to.flush()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Written at the end, whatever happens."""
        held = self._held = list[str]()
        try:
            yield
        finally:
            self._held = None
            self.write("".join(held))
            self.flush()


_lines = _Lines()


def together() -> AbstractContextManager[None]:
    """What is logged in here is written in one go. Nothing may be awaited in here, and no other thread may log."""
    return _lines.held()


def only_allowed(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Drops every field that isn't on the list: a new one must be thought about first."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def _json(event: EventDict, default: Callable[[Any], Any]) -> str:
    """What UTF-8 can't spell is escaped: a line that can't be written must not end what it speaks of."""
    try:
        return orjson.dumps(event, default).decode()
    except TypeError:
        return json.dumps(event, default=default)


class _Libraries(logging.Handler):
    """Which library spoke and which error it met. Its words stay behind: they may hold an address or a text."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().log(record.levelno, "library", library=record.name, **_named(error))


def _last_words(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """In place of a traceback, whose last line repeats the error's text."""
    structlog.get_logger().critical("crashed", **_named(error))


def _named(error: BaseException | None) -> dict[str, str]:
    """The errors by their kinds, and where each was raised."""
    found = [] if error is None else list(_inner(error))
    if not found:
        return {}
    return {"error": ", ".join(type(one).__name__ for one in found), "at": ", ".join(_place(one) for one in found)}


def _inner(error: BaseException) -> Iterator[BaseException]:
    """What a group of errors holds, or the error itself."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _inner(one)
    else:
        yield error


def _place(error: BaseException) -> str:
    """The way there through the code: files, lines and functions hold no values."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
