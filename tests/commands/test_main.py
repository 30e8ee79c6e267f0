"""The command line as scripts meet it: every promised command, and exit codes that mean the same everywhere."""

from importlib import import_module
from typing import Any

import pytest
import typer

from medvind.commands import COMMANDS, build
from tests.commands.calling import loaded_by, medvind

PROMISED = (
    *(
        "api",
        "backup",
        "bot",
        "deadlines",
        "demo",
        "distress",
        "doctor",
        "erase",
        "erasures",
        "import",
        "invite",
        "keys",
        "migrate",
    ),
    *("outbox", "plan", "restore", "segments", "serve", "settings", "timeline", "token", "worker"),
)

OPTIONS = {
    "demo": "--no-serve --speed --days",
    "import participants": "--dry-run",
    "import meetings": "--dry-run",
    "plan": "--until --json",
    "timeline": "--days --json",
    "outbox": "--json --state --participant",
    "deadlines vat": "--period --from --to --format --decided",
    "deadlines b-tax": "--from --to --format --decided",
    "deadlines tax-return": "--from --to --format --decided",
    "deadlines bank-days": "--from --to --format",
    "token create": "--role --email --first-name --phone --scope --test --days --json",
    "token list": "--json",
    "settings get": "",
    "settings set": "",
    "token revoke": "",
    "keys new": "",
    "erase": "--dry-run --reason --yes",
    "erasures": "",
    "invite": "--change",
    "distress": "--list",
    "segments": "",
    "backup": "--force",
    "restore": "--force --erased",
}
"""By command, the options that scripts rely on; whatever else it takes stands by its place."""


def test_every_promised_command_is_there() -> None:
    assert set(PROMISED) <= COMMANDS.keys()
    said = medvind("--help")
    assert said.code == 0
    missing = [name for name in COMMANDS if f" {name} " not in said.out]
    print(f"looked at {len(COMMANDS)} commands")
    assert missing == []


@pytest.mark.parametrize("name", PROMISED)
def test_every_command_is_made_by_the_module_that_the_table_names(name: str) -> None:
    root = typer.Typer()
    import_module(f"medvind.commands.{COMMANDS[name][0]}").register(root)
    made = {command.name for command in root.registered_commands} | {group.name for group in root.registered_groups}
    assert name in made


@pytest.mark.parametrize("name", PROMISED)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        build(name)(args=[name, "--help"], prog_name="medvind")
    assert end.value.code == 0
    assert f"medvind {name}" in capsys.readouterr().out


@pytest.mark.parametrize("command", OPTIONS)
def test_every_promised_option_is_an_option_and_not_a_place(command: str) -> None:
    name, _, inner = command.partition(" ")
    made: Any = typer.main.get_command(build(name))
    for word in (name, inner) if inner else (name,):
        made = made.commands[word]
    options = {one for parameter in made.params if parameter.param_type_name == "option" for one in parameter.opts}
    assert set(OPTIONS[command].split()) == options


@pytest.mark.parametrize("argv", [["sgements"], ["segments", "--no-such-option"], ["deadlines", "vat"], ["keys", "nwe"]])
def test_what_is_no_command_ends_with_2_and_says_nothing_on_stdout(argv: list[str]) -> None:
    said = medvind(*argv)
    assert (said.code, said.out) == (2, "")
    assert said.err


def test_a_setting_that_is_wrong_is_one_line_on_stderr_and_2() -> None:
    for command in ("worker", "migrate", "doctor"):
        said = medvind(command, MEDVIND_ENV="live")
        assert (said.code, said.out) == (2, "")
        assert said.err == "MEDVIND_ENV: Input should be 'production', 'test' or 'demo' (for example: production)\n"


def test_a_small_command_never_loads_the_web_or_the_database() -> None:
    loaded = loaded_by("from medvind.commands import build\nbuild('segments')")
    assert "medvind.commands.segments" in loaded
    assert not loaded & {"sqlalchemy", "fastapi", "pydantic", "aiogram", "twilio", "apscheduler", "jinja2", "medvind.main"}


def test_the_house_is_put_together_without_loading_telegram() -> None:
    loaded = loaded_by("import medvind.main")
    print(f"looked at {len(loaded)} modules")
    assert {"medvind.main", "fastapi", "sqlalchemy"} <= loaded
    assert not {name for name in loaded if name.partition(".")[0] == "aiogram" or name.startswith("bot.")}
