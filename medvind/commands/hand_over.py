"""`medvind export person`: what is kept of somebody, in a file for their coach's hand."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from medvind.commands.files import told, whole
from medvind.flows import own_data
from medvind.main import clock_of, open_database
from medvind.settings import load
from medvind.store.participants import get_id
from medvind.store.schema import require_current


def register(root: typer.Typer) -> None:
    """Adds `export person`."""
    group = typer.Typer(help="What is kept of somebody, as a file", no_args_is_help=True)
    group.command("person")(person)
    group.callback()(_group)
    root.add_typer(group, name="export")


def _group() -> None:
    """With one command alone it would be none of its own."""


def person(
    participant: str,
    *,
    out: Annotated[Path, typer.Option("--out", help="Where the file goes, such as d-1.json")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file where there is one")] = False,
) -> None:
    """Writes all of it as JSON, in a file that its owner alone may read: words and numbers stand in it in clear."""
    with told(out), whole(out, force=force) as part:
        part.write_bytes(asyncio.run(_copy(participant)))
    print(f"{out}: hand it over yourself or by Digital Post, never into a chat, and delete it afterwards")


async def _copy(participant: str) -> bytes:
    settings = load()
    async with open_database(settings) as db:
        await require_current(db)
        async with db.read() as session:
            return await own_data.copy_of(session, await get_id(session, participant), clock_of(settings).now())
