"""`medvind settings`: what the municipality has decided."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from medvind.errors import InvalidError
from medvind.flows.decide import decide
from medvind.flows.plan import plan_all
from medvind.main import clock_of, open_database
from medvind.rules.policy import SETTINGS
from medvind.settings import load
from medvind.store import settings as decisions
from medvind.store.schema import require_current

Key = Annotated[str | None, typer.Argument(help="Its name, such as quiet_hours")]


def register(root: typer.Typer) -> None:
    """Adds `settings get` and `settings set`."""
    group = typer.Typer(help="What the municipality has decided", no_args_is_help=True)
    group.command("get")(get)
    group.command("set")(put)
    root.add_typer(group, name="settings")


def get(key: Key = None) -> None:
    """One setting's value, or all of them with what they mean."""
    decided = asyncio.run(_decided())
    chosen = [setting for setting in SETTINGS if key in {None, setting.key}]
    if not chosen:
        raise _unknown(key or "")
    for setting in chosen:
        value = decided.get(setting.key, setting.default)
        print(value if key else f"{setting.key} = {value}\n    {setting.says}")


async def _decided() -> Mapping[str, str]:
    async with open_database(load()) as db:
        await require_current(db)
        async with db.read() as session:
            return await decisions.decided(session)


def put(key: str, value: str) -> None:
    """Decides, if it makes sense, and plans everybody anew."""
    setting = next((one for one in SETTINGS if one.key == key), None)
    if setting is None:
        raise _unknown(key)
    setting.read({key: value})
    asyncio.run(_put(key, value))


async def _put(key: str, value: str) -> None:
    settings = load()
    clock = clock_of(settings)
    async with open_database(settings) as db:
        await require_current(db)
        async with db.begin(limit=None) as session:
            await decide(session, key, value, clock.now())
        await plan_all(db, clock)


def _unknown(key: str) -> InvalidError:
    return InvalidError(f"{key}: no such setting; there are {', '.join(setting.key for setting in SETTINGS)}")
