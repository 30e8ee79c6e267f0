"""`medvind migrate`."""

import asyncio

import typer

from medvind.main import open_database
from medvind.settings import load
from medvind.store.schema import migrate


def register(root: typer.Typer) -> None:
    """Adds it."""
    root.command("migrate", help="Brings the schema up to date; started twice at once, one does it and the other waits")(start)


def start() -> None:
    """Brings the schema up to date."""
    print("the schema is up to date" if not asyncio.run(_migrate()) else "the schema was brought up to date")


async def _migrate() -> bool:
    async with open_database(load()) as db:
        return await migrate(db)
