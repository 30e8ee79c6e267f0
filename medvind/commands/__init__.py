"""The command line: a table of names and modules, loaded when called, so that a small command never imports the web."""

import sys
from importlib import import_module

import typer

from medvind.errors import FileFaultsError, MedvindError, NotFoundError

COMMANDS = {
    "api": ("run", "The coaches' API and the providers' webhooks"),
    "backup": ("backup", "A copy of everything in one file, while Medvind runs"),
    "bot": ("run", "Asks Telegram for updates"),
    "deadlines": ("deadlines", "The dates of the authorities, as a table"),
    "demo": ("demonstrate", "Twelve people through the wait, on a fast clock"),
    "distress": ("distress", "Which messages name danger, by the list that comes with Medvind"),
    "doctor": ("doctor", "Checks settings, database and providers, and says the cure of each fault"),
    "erase": ("erasing", "All of one person out of the database, for good"),
    "erasures": ("erasing", "Who was erased, by opaque ids: for a restore"),
    "export": ("hand_over", "What is kept of somebody, as a file"),
    "import": ("bring_in", "People and meetings from a CSV or XLSX file, a programme from TOML"),
    "invite": ("people", "A one-use code that joins a Telegram account to a person"),
    "keys": ("keys", "Keys for sealing personal values"),
    "migrate": ("migrate", "Brings the schema up to date"),
    "outbox": ("duties", "The duties as they stand"),
    "plan": ("duties", "Makes the plan up to date"),
    "restore": ("backup", "Fills an empty database from a backup"),
    "segments": ("segments", "How many SMS parts a text takes"),
    "serve": ("run", "Everything in one process"),
    "settings": ("decisions", "What the municipality has decided"),
    "timeline": ("people", "What will be sent to one person, when and why"),
    "token": ("tokens", "Keys to the API"),
    "worker": ("run", "Plans and sends"),
}
FOUND_SOMETHING, COULD_NOT_RUN = 1, 2


def build(name: str | None) -> typer.Typer:
    """The command line with this one command loaded; of the others, the names and what they do."""
    root = typer.Typer(
        name="medvind",
        help="Keeps people going while they wait, and tells their coach in time who needs a call.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    loaded = COMMANDS[name][0] if name in COMMANDS else None
    if loaded is not None:
        import_module(f"medvind.commands.{loaded}").register(root)
    for other, (module, says) in COMMANDS.items():
        if module != loaded:
            root.command(other, help=says)(_listed)
    return root


def _listed() -> None:
    """Stands in the list alone: whoever calls it gets the real one."""


def main() -> None:
    """Runs what was asked. Exit 0: done. 1: it ran and found something wrong. 2: it could not run. Errors are one line."""
    name = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    try:
        build(name)()
    except FileFaultsError as error:
        for fault in error.faults:
            print(f"{error.name}: {fault}", file=sys.stderr)
        print(error, file=sys.stderr)
        sys.exit(FOUND_SOMETHING)
    except NotFoundError as error:
        print(error, file=sys.stderr)
        sys.exit(FOUND_SOMETHING)
    except MedvindError as error:
        print(error, file=sys.stderr)
        sys.exit(COULD_NOT_RUN)
