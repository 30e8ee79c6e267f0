"""What can be wrong with a field of a call has its Danish sentence: none is forgotten or left over, none loses a value."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

from api.faults import DANISH, OF_CALLS
from api.shapes import OF_SHAPES
from api.word_faults import OF_WORDS
from tests.house.reading import PACKAGES, ROOT, sources, tree

MAKERS = {"Saying": 0, "FieldError": 1}
"""What makes a sentence, and which of its arguments is the English one."""
MADE_HERE = {"medvind/saying.py", "medvind/errors.py"}
GIVEN_ON = {"medvind/flows/preview.py: shown.missing"}
"""The whole list of sentences that are no words at the call: each was made elsewhere, by one of the makers."""
ENGLISH_ALONE = {"reason"}
"""A library's own words, or those for whoever runs the service: the Danish sentence goes without them."""
FILES = {"medvind/flows/programmes.py"}
"""Reads files of the command line, where the name of the file stands before the colon. No call brings one."""
SAME_IN_BOTH = {"{field}: {fault}"}
FIELD = re.compile(r"[\w.-]+: ")


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(path: Path, names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    """Each call of one of these names, with the name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in names:
                yield name, node


def made() -> Iterator[tuple[Path, str, ast.Call, ast.expr]]:
    """Every sentence that the product makes: where, by what, and what stands there for the English words."""
    for path in sources():
        if short(path) not in MADE_HERE:
            for name, call in calls(path, set(MAKERS)):
                yield path, name, call, call.args[MAKERS[name]]


def sentences() -> list[tuple[str, str, ast.Call]]:
    return [
        (says.value, name, call)
        for _, name, call, says in made()
        if isinstance(says, ast.Constant) and isinstance(says.value, str)
    ]


def places(sentence: str) -> set[str]:
    """The names of the values that stand in it."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def given(name: str, call: ast.Call) -> set[object] | None:
    """The values at the call; None where they are put in later, or can't be read off."""
    if name == "FieldError":
        return {one.arg for one in call.keywords}
    if len(call.args) == 1 or not isinstance(call.args[1], ast.Dict):
        return None
    keys = call.args[1].keys
    return {key.value for key in keys if isinstance(key, ast.Constant)} if None not in keys else None


def test_every_english_sentence_about_a_field_has_one_danish_sentence_and_none_is_left_over() -> None:
    english = {sentence for sentence, _, _ in sentences()}
    print(f"looked at {len(sentences())} places with {len(english)} sentences, and {len(DANISH)} in Danish")
    assert len(english) > 100
    assert english - DANISH.keys() == set(), "without a Danish sentence"
    assert DANISH.keys() - english == set(), "a Danish sentence that nothing says any more"
    assert len(DANISH) == len(OF_CALLS) + len(OF_WORDS) + len(OF_SHAPES), "in two tables"


def test_a_danish_sentence_has_the_values_of_the_english_one_and_other_words() -> None:
    other = {one: danish for one, danish in DANISH.items() if places(one) - ENGLISH_ALONE != places(danish)}
    print(f"{len(other)} with other values; looked at {len(DANISH)} sentences")
    assert other == {}
    assert {one for one, danish in DANISH.items() if one == danish} == SAME_IN_BOTH


def test_a_sentence_is_given_just_the_values_that_stand_in_it() -> None:
    looked = [(sentence, values) for sentence, name, call in sentences() if (values := given(name, call)) is not None]
    wrong = [(sentence, values) for sentence, values in looked if values != places(sentence)]
    print(f"{len(wrong)} wrong; looked at {len(looked)} calls")
    assert len(looked) > 50
    assert wrong == []


def test_a_sentence_about_a_field_stands_in_words_where_it_is_made() -> None:
    others = {f"{short(path)}: {ast.unparse(says)}" for path, _, _, says in made() if not isinstance(says, ast.Constant)}
    assert others == GIVEN_ON


def test_nothing_that_a_call_reaches_names_a_field_without_a_danish_sentence() -> None:
    reached = reach()
    refused = [(path, call) for path in reached for _, call in calls(path, {"InvalidError"})]
    named = [(short(path), ast.unparse(call)) for path, call in refused if call.args and names_a_field(call.args[0])]
    unsaid = [one for one in named if one[0] not in FILES]
    print(f"{len(unsaid)} unsaid; looked at {len(refused)} refusals in {len(reached)} modules that the API reaches")
    assert len(reached) > 100
    assert {file for file, _ in named} == FILES
    assert unsaid == []


def names_a_field(says: ast.expr) -> bool:
    """Whether this is `field: what is wrong`, also where the field's name is a value."""
    match says:
        case ast.Constant(value=str(words)):
            return FIELD.match(words) is not None
        case ast.JoinedStr(values=[ast.Constant(value=str(words)), *_]):
            return FIELD.match(words) is not None
        case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant(value=str(words)), *_]):
            return words.startswith(": ")
        case _:
            return True


@cache
def reach() -> frozenset[Path]:
    """The modules that the API's own import, and those that they import, to the end."""
    known = {module_of(path): path for path in sources()}
    waiting = [path for path in sources() if path.is_relative_to(ROOT / "api")]
    found = set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [known[name] for name in imported(path) if name in known]
    return frozenset(found)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[str]:
    """By full name; `from a import b` may mean the module `a.b`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PACKAGES:
            yield node.module or ""
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
