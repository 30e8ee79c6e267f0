"""What is shipped: five packages under names that are ours, and an image that holds nothing it should not."""

import re
import shlex
from importlib.metadata import distributions, packages_distributions

from medvind.commands import COMMANDS
from medvind.sources import EXAMPLES
from tests.house.reading import PACKAGES, ROOT, project

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SECRETS = re.compile(r"AC[0-9a-f]{32}|[0-9]{6,}:[\w-]{35}|-----BEGIN|(?i:password|secret|token|keys?)\s*=\s*\S")


def steps() -> list[tuple[str, str]]:
    """The image's recipe, a step a line: its word and what follows."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return [(word.upper(), rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines()) if word]


def last_stage() -> list[tuple[str, str]]:
    found = steps()
    begin = max(number for number, (word, _) in enumerate(found) if word == "FROM")
    return found[begin:]


def test_the_wheel_lists_the_five_packages() -> None:
    listed = project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(listed) == sorted(PACKAGES)
    assert all((ROOT / name / "__init__.py").exists() for name in listed)


def test_no_package_of_the_environment_owns_one_of_our_names() -> None:
    owners = packages_distributions()
    ours = {*PACKAGES, "tests"}
    others = {name: set(owners.get(name, [])) - {"medvind"} for name in ours}
    print(f"looked at {len(owners)} names of {len(list(distributions()))} distributions")
    assert len(owners) > 50
    assert {name: whose for name, whose in others.items() if whose} == {}


def test_the_command_is_the_table_of_commands() -> None:
    assert project()["project"]["scripts"] == {"medvind": "medvind.commands:main"}
    modules = {path.stem for path in (ROOT / "medvind" / "commands").glob("*.py")}
    assert {module for module, _ in COMMANDS.values()} <= modules


def test_the_image_does_not_run_as_root() -> None:
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert users
    assert not {"root", "0"} & {user.partition(":")[0] for user in users}
    words = [word for word, _ in last_stage()]
    assert words.index("USER") < words.index("CMD")


def test_the_image_says_whether_it_is_well_and_can_be_stopped() -> None:
    words = dict(last_stage())
    assert "/healthz" in words["HEALTHCHECK"]
    assert words["STOPSIGNAL"] == "SIGTERM"
    command = re.findall(r'"([^"]*)"', words["CMD"])
    assert command[0] == "medvind"
    assert command[1] in COMMANDS


def test_the_image_holds_no_secret() -> None:
    assert SECRETS.search(DOCKERFILE) is None
    set_up = [name for word, rest in steps() if word in {"ENV", "ARG"} for name in re.findall(r"(\w+)=", rest)]
    ours = [name for name in set_up if name.startswith("MEDVIND_")]
    print(f"looked at {len(steps())} steps and {len(set_up)} variables")
    assert ours
    assert not [name for name in ours if re.search(r"KEY|TOKEN|SECRET|PASSWORD", name)]
    assert set(ours) <= EXAMPLES.keys()


def test_the_image_is_made_of_files_that_are_there_and_of_the_whole_product() -> None:
    copied = [
        source.rstrip("/")
        for word, rest in steps()
        if word in {"COPY", "ADD"} and not rest.startswith("--from")
        for source in shlex.split(rest)[:-1]
    ]
    missing = [source for source in copied if not (ROOT / source).exists()]
    print(f"{len(missing)} missing; looked at {len(copied)} sources")
    assert missing == []
    assert {*PACKAGES, "pyproject.toml", "requirements"} <= set(copied)
    assert "." not in copied


def test_the_image_takes_locked_packages_alone() -> None:
    installs = [rest for word, rest in steps() if word == "RUN" and "pip install" in rest]
    assert installs
    for rest in installs:
        assert "--require-hashes" in rest or "--no-deps" in rest
