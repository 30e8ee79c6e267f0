"""The form that keeps the house readable: short files, short functions, one late import, tests without tricks."""

import ast
from pathlib import Path

from tests.house.reading import ROOT, functions, naming, proofs, sources, tree

LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 300, 50, 22
LATE_IMPORTS = {("medvind/main.py", "bot.edge")}
"""The whole list, each with its reason in a docstring."""
TRICKS = {"mock", "patch", "monkeypatch", "MagicMock", "AsyncMock", "mocker"}
SLEEPERS = {"tests/system/rig.py", "tests/bot/rig.py"}
"""Where waiting for a condition is kept: it looks again after a nap, and has a limit. A stand-in may be a slow provider."""


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_of_the_product_is_longer_than_a_reader_can_hold() -> None:
    looked = [path for path in sources() if "migrations" not in path.parts]
    long = {short(path): lines for path in looked if (lines := len(path.read_text().splitlines())) >= LONGEST_FILE}
    print(f"{len(long)} too long; looked at {len(looked)} files")
    assert long == {}


def test_functions_are_short() -> None:
    lengths = {f"{short(path)}:{name}": length for path in sources() for name, length in functions(path)}
    long = {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION and "migrations" not in name}
    usual = sorted(lengths.values())[len(lengths) * 9 // 10]
    print(f"{len(long)} too long; looked at {len(lengths)} functions, nine of ten have at most {usual} lines")
    assert long == {}
    assert usual <= USUAL_FUNCTION


def test_imports_stand_at_the_top() -> None:
    late = {
        (short(path), ast.unparse(inner).removeprefix("import "))
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    assert late == LATE_IMPORTS


def test_nothing_is_patched_in_the_tests() -> None:
    used = {
        (short(path), name)
        for path in naming(proofs(), {*TRICKS, "unittest"})
        for node in ast.walk(tree(path))
        for name in names(node)
        if name in TRICKS or name.startswith("unittest.mock")
    }
    print(f"{len(used)} tricks; looked at {len(proofs())} files")
    assert used == set()


def test_no_test_sleeps_for_a_fixed_time() -> None:
    naps = [
        short(path)
        for path in naming(proofs(), ["sleep"])
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and "sleep" in names(node.func)
        and ast.unparse(node.func) in {"time.sleep", "sleep", "asyncio.sleep"}
    ]
    print(f"{len(naps)} naps; looked at {len(proofs())} files")
    assert len(naps) <= 2
    assert set(naps) <= SLEEPERS


def names(node: ast.AST) -> list[str]:
    """What this piece of code calls by name, brings in, or asks for."""
    match node:
        case ast.Name():
            return [node.id]
        case ast.Attribute():
            return [node.attr]
        case ast.arg():
            return [node.arg]
        case ast.Import() | ast.ImportFrom():
            module = getattr(node, "module", None)
            return [*([module] if module else []), *(one.name for one in node.names)]
        case _:
            return []


def test_the_test_names_are_sentences() -> None:
    found = [(short(path), name) for path in proofs() for name, _ in functions(path) if name.startswith("test_")]
    curt = [one for one in found if one[1].count("_") < 3]
    print(f"{len(curt)} curt; looked at {len(found)} tests")
    assert curt == []


def test_no_two_tests_of_one_file_have_the_same_name() -> None:
    for path in proofs():
        own = [name for name, _ in functions(path) if name.startswith("test_")]
        assert len(own) == len(set(own)), short(path)
