"""`medvind serve`, `api`, `bot` and `worker`: the processes."""

from collections.abc import Callable

import typer

from medvind import loop
from medvind.logs import set_up_logs
from medvind.main import Part, run
from medvind.settings import load

PARTS = {
    "serve": (frozenset(Part), "Everything in one process"),
    "api": (frozenset({Part.API}), "The coaches' API and the providers' webhooks"),
    "bot": (frozenset({Part.BOT}), "Asks Telegram for updates"),
    "worker": (frozenset({Part.WORKER}), "Plans and sends"),
}


def register(root: typer.Typer) -> None:
    """Adds the four."""
    for name, (parts, says) in PARTS.items():
        root.command(name, help=says)(_runner(parts))


def _runner(parts: frozenset[Part]) -> Callable[[], None]:
    def start() -> None:
        settings = load()
        set_up_logs(settings.log_format)
        loop.run(run(settings, parts))

    return start
