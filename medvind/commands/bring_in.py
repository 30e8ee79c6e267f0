"""`medvind import`: what coaches keep in spreadsheets, and the municipality's programme."""

import asyncio
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from medvind.errors import InvalidError
from medvind.flows import enrol, meet, programmes, sheets
from medvind.flows.changes import Home
from medvind.flows.plan import BATCH, Counts, load_policy, plan_people
from medvind.main import clock_of, open_database
from medvind.settings import Settings, load
from medvind.store.database import Session
from medvind.store.schema import require_current
from medvind.texts import Catalogue

File = Annotated[Path, typer.Argument(help="CSV (comma or semicolon, UTF-8) or XLSX")]
Toml = Annotated[Path, typer.Argument(help="TOML, as docs/programmes.md shows")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing")]
MOST_SIGNS = 80


def register(root: typer.Typer) -> None:
    """Adds `import participants`, `import meetings` and `import programme`."""
    group = typer.Typer(help="People and meetings from a CSV or XLSX file, a programme from TOML", no_args_is_help=True)
    group.command("participants")(participants)
    group.command("meetings")(meetings)
    group.command("programme")(programme)
    root.add_typer(group, name="import")


def participants(file: File, *, dry_run: DryRun = False) -> None:
    """People, by their external_id. The same file again changes nothing; a changed row changes that person and the plan."""
    asyncio.run(_run(file, "participants", dry_run=dry_run))


def meetings(file: File, *, dry_run: DryRun = False) -> None:
    """Meetings, by their external_id; a changed time or place is a moved meeting, and the plan follows."""
    asyncio.run(_run(file, "meetings", dry_run=dry_run))


def programme(file: Toml, *, dry_run: DryRun = False) -> None:
    """What is sent when, as data. A changed file is a new version; the cohorts that it names follow it, and their plan too."""
    asyncio.run(_run_programme(file, dry_run=dry_run))


async def _run_programme(file: Path, *, dry_run: bool) -> None:
    settings, data = load(), programmes.read(file.name, _content(file, programmes.MOST_BYTES))
    async with open_database(settings) as db:
        await require_current(db)
        async with db.begin(limit=None) as session:
            now = clock_of(settings).now()
            done = await programmes.bring_in(session, file.name, data, Catalogue.load(), now, dry_run=dry_run)
            counts = await _plan(session, done.participant_ids, settings)
    said = f"programme {done.name}: version {done.version}; cohorts: {done.changed} changed, {done.unchanged} unchanged"
    print(said + _outcome(counts, dry_run=dry_run))


async def _run(file: Path, what: str, *, dry_run: bool) -> None:
    settings, sheet = load(), _read(file)
    async with open_database(settings) as db:
        await require_current(db)
        async with db.begin(limit=None) as session:
            done, counts = await _bring_in(session, settings, what, sheet, dry_run=dry_run)
    for warning in done.warnings:
        print(f"{file.name}: {warning}", file=sys.stderr)
    said = f"{what}: {done.added} added, {done.changed} changed, {done.unchanged} unchanged"
    print(said + _outcome(counts, dry_run=dry_run))


def _outcome(counts: Counts, *, dry_run: bool) -> str:
    return " (dry run: nothing was written)" if dry_run else f"; plan: {counts.added} added, {counts.moved} moved"


def _read(file: Path) -> sheets.Sheet:
    return sheets.read(file.name, _content(file, sheets.MOST_BYTES))


def _content(file: Path, most: int) -> bytes:
    """Of a file that is too large, no more than it takes to say so."""
    try:
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        raise InvalidError(f"{file}: {error.strerror}") from None


async def _bring_in(
    session: Session, settings: Settings, what: str, sheet: sheets.Sheet, *, dry_run: bool
) -> tuple[enrol.Enrolled | meet.Arranged, Counts]:
    now = clock_of(settings).now()
    done: enrol.Enrolled | meet.Arranged
    if what == "participants":
        home = Home(settings.zone, settings.language)
        done = await enrol.enrol(session, sheet, now, env=settings.env, by=_operator(), home=home, dry_run=dry_run)
    else:
        done = await meet.bring_in(session, sheet, now, zone=settings.zone, dry_run=dry_run)
    return done, Counts() if dry_run else await _plan(session, sorted(done.participant_ids), settings)


def _operator() -> str:
    """Who sits at the command line, by the account's name; behind sudo, whoever asked for it."""
    try:
        return f"operator {os.environ.get('SUDO_USER') or getpass.getuser()}"[:MOST_SIGNS]
    except (ImportError, KeyError, OSError):  # an account without a name, as in some containers
        return "operator"


async def _plan(session: Session, people: Sequence[int], settings: Settings) -> Counts:
    """In the same transaction: whoever sees the people sees their plan."""
    policy, counts = await load_policy(session), Counts()
    console = Console(stderr=True)
    starts = range(0, len(people), BATCH)
    for start in track(starts, "planning", console=console, transient=True, disable=not console.is_terminal):
        counts += await plan_people(session, people[start : start + BATCH], policy, clock_of(settings).now())
    return counts
