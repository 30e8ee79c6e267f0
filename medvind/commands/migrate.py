"""`medvind migrate`."""

import asyncio

import typer

from medvind.main import open_database
from medvind.settings import load
from medvind.store.schema import is_ahead, migrate, require_current


def register(root: typer.Typer) -> None:
    """Adds it."""
    root.command("migrate", help="Brings the schema up to date; started twice at once, one does it and the other waits")(start)


def start() -> None:
    """Brings the schema up to date."""
    print(asyncio.run(_migrate()))


async def _migrate() -> str:
    """What there was to do. An older version that is started once more beside a newer one leaves the schema as it is."""
    async with open_database(load()) as db:
        if await is_ahead(db):
            await require_current(db)
            return "the schema is a newer version's, and this one works on it too"
        return "the schema was brought up to date" if await migrate(db) else "the schema is up to date"
