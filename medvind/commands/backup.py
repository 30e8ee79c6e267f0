"""`medvind backup` and `medvind restore`: everything in one file, and back."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from medvind.commands.files import told, whole
from medvind.errors import InvalidError
from medvind.main import clock_of, open_database
from medvind.settings import Settings, load
from medvind.store import backup
from medvind.store.backup import Contents, Restored

ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


def register(root: typer.Typer) -> None:
    """Adds both."""
    root.command("backup", help="A copy of everything in one file, while Medvind runs")(save)
    root.command("restore", help="Fills an empty database from a backup; what was due by now is not sent again")(restore)


def save(
    file: Annotated[Path, typer.Argument(help="Where the copy goes, such as medvind-2026-11-24.backup")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file where there is one")] = False,
) -> None:
    """Writes a checked copy that its owner alone may read. There is never half a one under this name."""
    settings = load()
    if _is_the_database(file, settings):
        raise InvalidError(f"{file}: this is the database itself; name another file")
    with told(file), whole(file, force=force) as part:
        contents = asyncio.run(_save(settings, part))
    print(f"{file}: {sum(contents.rows.values())} rows in {len(contents.rows)} tables, schema {contents.revision}")


async def _save(settings: Settings, part: Path) -> Contents:
    async with open_database(settings) as db:
        return await backup.save(db, part)


def _is_the_database(file: Path, settings: Settings) -> bool:
    scheme, _, place = settings.database_url.partition(":///")
    return scheme == "sqlite" and Path(place).resolve() == file.resolve()


def restore(
    file: Annotated[Path, typer.Argument(help="What 'medvind backup' wrote")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Delete what is in the database first")] = False,
    erased: Annotated[
        Path | None, typer.Option("--erased", help="What 'medvind erasures' wrote: who must not come back")
    ] = None,
) -> None:
    """All of it or nothing. Messages that were due by now wait for a coach's word: they may have left before.

    Whoever was erased since the backup is erased again: by the list, and with --force by what is in the database.
    """
    settings = load()
    beside = file.with_name(f"{file.name}-wal")
    if beside.exists() and beside.stat().st_size:
        raise InvalidError(f"{file}: a database in use, no backup; 'medvind backup' makes one")
    gone = _read_list(erased) if erased else []
    with told(file), TemporaryDirectory(prefix="medvind-") as folder:
        copy = Path(folder) / "copy.db"
        shutil.copyfile(file, copy)
        done = asyncio.run(_restore(settings, copy, gone, force=force))
    print(f"{sum(done.rows.values())} rows in {len(done.rows)} tables were restored")
    held = done.held_back
    print(f"{held.to_review} messages were due by now and may have left already: none is sent, each is a coach's task")
    print(f"{held.over} more had given way to others, and are over")
    print(f"{done.erased} people had been erased since, and were erased again")


def _read_list(file: Path) -> list[str]:
    """Raises InvalidError with the line that is none of such a list."""
    found: list[str] = []
    with told(file):
        lines = file.read_text("utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            found += [_id(json.loads(line))] if line.strip() else []
        except (ValueError, TypeError, KeyError):
            raise InvalidError(f"{file}: line {number} is none that 'medvind erasures' writes") from None
    return found


def _id(told: Any) -> str:
    """Raises ValueError, TypeError or KeyError where it is none."""
    name: str = told["id"]
    if not ID.fullmatch(name):
        raise ValueError("no id")
    return name


async def _restore(settings: Settings, copy: Path, gone: list[str], *, force: bool) -> Restored:
    async with open_database(settings) as db:
        return await backup.restore(db, copy, clock_of(settings).now(), force=force, erased=gone)
