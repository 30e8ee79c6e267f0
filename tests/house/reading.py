"""The project as text: its files, and what is written in them."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("medvind", "bot", "sms", "api", "scheduler")


def sources() -> list[Path]:
    """The product's files."""
    return sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def proofs() -> list[Path]:
    """The tests' files."""
    return sorted((ROOT / "tests").rglob("*.py"))


def naming(paths: Iterable[Path], words: Iterable[str]) -> list[Path]:
    """Those that hold one of these words at all: the others need not be taken apart."""
    wanted = tuple(words)
    return [path for path in paths if any(word in path.read_text(encoding="utf-8") for word in wanted)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function's name and its length in lines."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
