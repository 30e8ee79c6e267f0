"""`medvind demo`: twelve people through the wait."""

import asyncio
from typing import Annotated

import structlog
import typer
from rich.console import Console

from medvind.demo.cast import DAYS
from medvind.demo.show import demonstrate
from medvind.logs import set_up_logs

ERRORS = 40
"""As `logging` numbers them: nothing less belongs on the board."""


def register(root: typer.Typer) -> None:
    """Adds it."""
    root.command(
        "demo",
        help="Twelve people through the wait, on a fast clock; then their phones and the coach's side",
    )(start)


def start(
    *,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End after the figures")] = False,
    speed: Annotated[float | None, typer.Option(min=0.01, help="Simulated days a second")] = None,
    days: Annotated[int, typer.Option(min=1, max=DAYS, help="How many days of the story")] = DAYS,
) -> None:
    """Needs no key, no account and no settings, and leaves nothing behind."""
    set_up_logs()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(ERRORS))
    asyncio.run(demonstrate(Console(), speed=speed, days=days, serving=not no_serve))
