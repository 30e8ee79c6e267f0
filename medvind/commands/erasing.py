"""`medvind erase` and `medvind erasures`: all of one person out of the database, and who ever was."""

import asyncio
import json
import sys
from typing import Annotated

import typer

from medvind.commands.duties import as_utc
from medvind.flows import erase as erasing
from medvind.flows.erase import Preview
from medvind.main import clock_of, open_database
from medvind.rules.erasing import EraseReason
from medvind.settings import load
from medvind.store import erasures
from medvind.store.erasures import Erased
from medvind.store.schema import require_current

NOTHING = "nothing to do: they were erased before"
FIRST = "Tell them first, and file what the law wants kept ('medvind export person'): there is no way back."


def register(root: typer.Typer) -> None:
    """Adds both."""
    root.command("erase", help="All of one person out of the database, for good")(erase)
    root.command("erasures", help="Who was erased, by opaque ids: for a restore")(listed)


def erase(
    participant: str,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing")] = False,
    reason: Annotated[
        EraseReason | None, typer.Option("--reason", help="Why; without one: their own wish, else that it was decided")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask on a terminal")] = False,
) -> None:
    """Deletes it in one transaction; statistics keep their counts. Again, there is nothing to do.

    Whoever wrote SLET MIG may take it back for a day: before that it needs a reason.
    """
    found = asyncio.run(_look(participant))
    if found is None:
        print(NOTHING)
        return
    _tell(found)
    if dry_run:
        return
    if not yes and sys.stdin.isatty():
        typer.confirm(f"{FIRST} Erase {participant}?", abort=True)
    done = asyncio.run(_erase(participant, reason))
    if done is None:
        print(NOTHING)
        return
    print(f"erased: {done.id}, {sum(done.rows.values())} rows; {done.copies} copies are deleted at the provider by the worker")


def _tell(found: Preview) -> None:
    for name, count in found.rows.items():
        print(f"{name}: {count}")
    print(f"copies at the provider: {found.copies}")
    if found.held_at:
        print(f"kept for a case since {as_utc(found.held_at)}")
    if found.not_before:
        print(f"asked for it themself, and may take it back until {as_utc(found.not_before)}")


async def _look(participant: str) -> Preview | None:
    settings = load()
    async with open_database(settings) as db:
        await require_current(db)
        async with db.read() as session:
            return await erasing.look(session, participant)


async def _erase(participant: str, reason: EraseReason | None) -> Erased | None:
    """Raises ConflictError where a worker was just writing about them: nothing was done, call again."""
    settings = load()
    async with open_database(settings) as db:
        async with db.begin(limit=None) as session:
            done = await erasing.erase(session, participant, reason, clock_of(settings).now())
        await db.let_go_of_old_pages()
    return done


def listed() -> None:
    """One JSON object a line. Keep it beside the backups, and give it to `medvind restore --erased`: it names nobody."""
    for name, at in asyncio.run(_listed()):
        print(json.dumps({"id": name, "at": at}))


async def _listed() -> list[tuple[str, str | None]]:
    settings = load()
    async with open_database(settings) as db:
        await require_current(db)
        async with db.read() as session:
            return [(name, as_utc(at)) for name, at in await erasures.all_of_them(session)]
