"""A log line holds events, ids and codes. Whatever else is handed to it stays out, an error's text above all."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from medvind.logs import ALLOWED, only_allowed
from tests.commands.calling import LIMIT, surroundings
from tests.house.reading import sources

CANARY = "Kanariefugl Hansen +4501000001 jeg har det skidt"
SCENE = f"""
import asyncio, logging
import structlog
from medvind.logs import set_up_logs

CANARY = {CANARY!r}
set_up_logs(FORM)
log = structlog.get_logger()
log.info("sent", message="opaque-id", to=CANARY, text=CANARY, name=CANARY)
try:
    raise LookupError(CANARY)
except LookupError as error:
    log.error("plan_failed", participant=7, error=type(error).__name__, exc_info=True)
    log.exception("beat_failed", beat="plan")
    log.warning("beat_missed", exc_info=error, stack_info=True)
    for name in ("uvicorn.error", "aiogram.event", "sqlalchemy.engine", "twilio", "somebody.elses"):
        library = logging.getLogger(name)
        library.exception("it failed for %s", CANARY)
        library.warning(CANARY)
        library.info(CANARY)
        library.debug(CANARY)
"""
CRASHES = {
    "an error": "raise ValueError(CANARY)",
    "one behind another": """
try:
    raise LookupError(CANARY)
except LookupError as error:
    raise ValueError(CANARY) from error
""",
    "a group": """
async def fail():
    raise ValueError(CANARY)
async def both():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fail())
asyncio.run(both())
""",
    "a task that nobody waits for": """
async def fail():
    raise ValueError(CANARY)
async def forget():
    await asyncio.wait({asyncio.create_task(fail())})
asyncio.run(forget())
raise ValueError(CANARY)
""",
}


def played(form: str, *, end: str = "") -> str:
    """All that a process wrote, on either stream."""
    code = SCENE.replace("FORM", repr(form)) + end
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=LIMIT, check=False, env=surroundings({})
    )
    assert done.returncode == bool(end), done.stderr
    return done.stdout + done.stderr


def clean(written: str) -> bool:
    return not any(word in written for word in ("Kanariefugl", "Hansen", "01000001", "skidt"))


def test_what_is_not_on_the_list_is_dropped() -> None:
    given = dict.fromkeys(ALLOWED, "x") | {"to": CANARY, "text": CANARY, "exc_info": ValueError(CANARY), "stack": CANARY}
    assert only_allowed(None, "info", given) == dict.fromkeys(ALLOWED, "x")


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_name_number_or_words_come_through_nor_an_errors_text(form: str) -> None:
    written = played(form)
    print(f"looked at {len(written.splitlines())} lines")
    assert len(written.splitlines()) >= 4
    assert clean(written), written
    assert "opaque-id" in written


@pytest.mark.parametrize("crash", CRASHES)
@pytest.mark.parametrize("form", ["json", "console"])
def test_the_last_words_of_a_process_are_which_error_and_where(form: str, crash: str) -> None:
    written = played(form, end=CRASHES[crash])
    assert clean(written), written
    last = written.splitlines()[-1]
    assert "crashed" in last
    assert "ValueError" in last
    assert "<string>:" in last


def test_for_machines_every_line_is_an_object_also_a_librarys() -> None:
    lines = [json.loads(line) for line in played("json", end=CRASHES["a group"]).splitlines()]
    assert {line["event"] for line in lines} == {"sent", "plan_failed", "beat_failed", "beat_missed", "library", "crashed"}
    assert all(line.keys() <= ALLOWED for line in lines)
    theirs = [line for line in lines if line["event"] == "library"]
    assert {line["library"] for line in theirs} == {
        "uvicorn.error",
        "aiogram.event",
        "sqlalchemy.engine",
        "twilio",
        "somebody.elses",
    }
    assert [line["level"] for line in theirs] == ["error", "warning"] * 5
    assert [line.get("error") for line in theirs] == ["LookupError", None] * 5
    assert next(line for line in lines if line["event"] == "plan_failed")["error"] == "LookupError"


BATCH = """
import io, sys
import structlog
from medvind.logs import set_up_logs, together

class Counted(io.StringIO):
    written = 0
    def write(self, text):
        self.written += 1
        return super().write(text)

sys.stderr, real = Counted(), sys.stderr
set_up_logs("json")
log = structlog.get_logger()
try:
    with together():
        for number in range(5):
            log.info("sent", count=number)
        raise LookupError
except LookupError:
    log.info("sent", count=5)
real.write(f"{sys.stderr.written} {sys.stderr.getvalue()}")
"""


def test_the_lines_of_a_batch_are_handed_over_together_and_none_is_lost_by_an_error() -> None:
    done = subprocess.run([sys.executable, "-c", BATCH], capture_output=True, text=True, timeout=LIMIT, check=True)
    times, lines = done.stderr.split(" ", 1)
    assert [json.loads(line)["count"] for line in lines.splitlines()] == list(range(6))
    assert int(times) == 2


def test_every_field_that_the_code_logs_is_on_the_list() -> None:
    """One that is dropped in silence would be missed on the day it is needed."""
    logged = {field for path in sources() for field in fields(path)}
    print(f"looked at {len(logged)} fields")
    assert len(logged) > 8
    assert logged <= ALLOWED


def fields(path: Path) -> Iterator[str]:
    """The names under which this file hands values to its log."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "log":
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
