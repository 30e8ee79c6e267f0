"""Logs by an allow-list: event names, ids, codes and counts. Nobody's name, number or words can get in."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict

ALLOWED = frozenset(
    "event level timestamp message outcome channel meaning participant error count parts beat attempts reason exc_info path status".split()
)
QUIET = ("twilio", "aiohttp", "aiogram", "httpx", "sqlalchemy", "apscheduler", "uvicorn", "alembic", "asyncio")


def set_up_logs(form: str | None = None) -> None:
    """To stderr; for people on a terminal, else one JSON object a line. Libraries speak from warnings on."""
    readable = form == "console" or (form is None and sys.stderr.isatty())
    render: Any = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s", force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def only_allowed(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Drops every field that isn't on the list: a new one must be thought about first."""
    return {key: value for key, value in event.items() if key in ALLOWED}
