"""`medvind keys`: the secrets by which personal values are sealed."""

import typer

from medvind.store.vault import Keys


def register(root: typer.Typer) -> None:
    """Adds `keys new`."""
    keys = typer.Typer(help="Keys for sealing personal values", no_args_is_help=True)
    keys.callback()(_group)
    keys.command("new")(new)
    root.add_typer(keys, name="keys")


def _group() -> None:
    """Keys for sealing personal values."""


def new() -> None:
    """Prints a fresh set, once. Keep it outside the database and its backups: without it nothing personal opens."""
    named, index = Keys.new().texts()
    print(f"MEDVIND_ENCRYPTION_KEYS={named}\nMEDVIND_INDEX_KEY={index}")
