"""Whether the documents and the locks still tell the truth: `make check` runs it. Prints what it looked at."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROWS = {"A": 13, "B": 6, "C": 6, "D": 8, "E": 12, "F": 4, "G": 6, "H": 7, "I": 8, "S": 30, "N": 18, "R": 32}
STATES = {"works", "partly", "not yet"}
HERE = Path(__file__).parents[1]
LOCKS = ("runtime", "build", "dev")


def main() -> int:
    """One line for each fault; exit 1 where there is one."""
    faults = [*features(), *locks(), *dependencies(), *links()]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"documents: {len(faults)} faults; looked at {sum(ROWS.values())} features, {len(LOCKS)} locks, {len(pages())} pages")
    return 1 if faults else 0


def features() -> Iterator[str]:
    """Every feature has one line, in its form, and every test it names exists."""
    lines = re.findall(r"^\| ([A-Z]\d+) \| ([a-z ]+) \| (.+) \|$", read("docs/features.md"), re.MULTILINE)
    tests = known_tests()
    seen = [row for row, _, _ in lines]
    for row in (f"{letter}{number}" for letter, most in ROWS.items() for number in range(1, most + 1)):
        if seen.count(row) != 1:
            yield f"docs/features.md: {row} has {seen.count(row)} lines, not one"
    for row, state, says in lines:
        named = re.findall(r"`(test_\w+)`", says)
        if state not in STATES:
            yield f"docs/features.md: {row}: {state!r} is none of {', '.join(sorted(STATES))}"
        if state == "works" and not named:
            yield f"docs/features.md: {row} works, but names no test"
        yield from (f"docs/features.md: {row}: no test is called {name}" for name in named if name not in tests)


def known_tests() -> set[str]:
    """The names of all tests."""
    found = (re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8")) for path in (HERE / "tests").rglob("*.py"))
    return {name for names in found for name in names}


def locks() -> Iterator[str]:
    """Every dependency is locked, every lock has hashes, and no lock names where it came from."""
    project = tomllib.loads(read("pyproject.toml"))
    asked = {"runtime": project["project"]["dependencies"], **project["dependency-groups"]}
    for name in LOCKS:
        text = read(f"requirements/{name}.txt")
        pinned = set(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==", text, re.MULTILINE))
        for requirement in asked[name]:
            package = re.split(r"[\[<>=~!;]", requirement)[0].strip().lower()
            if package not in pinned:
                yield f"requirements/{name}.txt: {package} is asked for and not locked; run 'make lock'"
        if text.count("==") - len(re.findall(r"; .*==.*", text)) > text.count("    --hash=") or "://" in text:
            yield f"requirements/{name}.txt: a hash is missing, or an address stands in it; run 'make lock'"


def dependencies() -> Iterator[str]:
    """Each runtime dependency has earned its line."""
    page = read("docs/dependencies.md")
    for requirement in tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]:
        package = re.split(r"[\[<>=~!;]", requirement)[0].strip()
        if f"| {package} |" not in page:
            yield f"docs/dependencies.md: {package} has no line"


def links() -> Iterator[str]:
    """Links between pages lead somewhere."""
    for page in pages():
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                yield f"{page.relative_to(HERE)}: the link to {target} leads nowhere"


def pages() -> list[Path]:
    """All documents."""
    return [*HERE.glob("*.md"), *(HERE / "docs").rglob("*.md")]


def read(name: str) -> str:
    """A file of the project, or nothing where it is missing."""
    path = HERE / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
