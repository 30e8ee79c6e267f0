"""The phrases that the programme has written down: each is there, and nobody need believe that one is sent which isn't."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import medvind
from medvind.model import ChannelName, Language
from medvind.rules.steps import SHIPPED, TEXTS
from medvind.texts import Catalogue, check, longest_values, shipped

HOUSE = Path(medvind.__file__).parent
ROOT = Path(__file__).parents[2]
PHRASES: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "tests/data/phrases.toml").read_text("utf-8"))
ALL = [key for table in PHRASES.values() for key in table]
NAMED_ONLY = {"cover.py"}
"""It says whom a text names, and sends none."""


def says(path: Path, key: str) -> bool:
    """Whether this file has the text's key in its words, or words in which only a part is filled in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Constant(value=str(words)) if words == key:
                return True
            case ast.JoinedStr(values=[ast.Constant(value=str(begin)), *rest]):
                parts = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"\w+" for one in rest]
                if re.fullmatch(re.escape(begin) + "".join(parts), key):
                    return True
            case _:
                pass
    return False


def test_all_61_phrases_are_in_the_catalogue_in_each_language_and_pass_its_checks() -> None:
    assert (len(ALL), len(set(ALL))) == (61, 61)
    missing = [f"{language}/{key}" for language in Language for key in ALL if key not in shipped(language)]
    assert missing == []
    checked = {(key, language): check(key, language, shipped(language)[key]).faults for key in ALL for language in Language}
    faults = {where: found for where, found in checked.items() if found}
    print(f"{len(faults)} wrong of {len(checked)} texts")
    assert faults == {}


@pytest.mark.parametrize("key", sorted(PHRASES["sent"]))
def test_what_is_said_to_be_sent_is_named_where_it_is_sent(key: str) -> None:
    assert says(HOUSE / PHRASES["sent"][key], key)


@pytest.mark.parametrize("key", sorted(PHRASES["programmes"]))
def test_what_a_programme_may_send_is_in_no_programme_of_ours(key: str) -> None:
    assert key in TEXTS
    assert key not in {step.text for step in SHIPPED.steps}


@pytest.mark.parametrize("key", sorted(PHRASES["waits"]))
def test_a_phrase_that_waits_is_sent_by_nothing_and_names_what_is_not_there_yet(key: str) -> None:
    row, reason = PHRASES["waits"][key]
    lines = (ROOT / "docs/features.md").read_text("utf-8")
    found = re.search(rf"^\| {row} \| ([a-z ]+) \|", lines, re.MULTILINE)
    assert found is not None
    assert found[1] != "works"
    assert reason
    rooms = [path for room in ("flows", "rules") for path in sorted((HOUSE / room).glob("*.py"))]
    assert [path.name for path in rooms if path.name not in NAMED_ONLY and says(path, key)] == []
    assert key not in TEXTS


@pytest.mark.parametrize("key", sorted([*PHRASES["waits"], *PHRASES["programmes"], "payout_done", "coach_changed"]))
def test_each_of_these_can_be_written_with_made_up_facts_as_a_preview_shows_it(key: str) -> None:
    catalogue = Catalogue.load()
    for language in Language:
        text = catalogue.render(key, language, ChannelName.SMS, next(iter(longest_values()))).text
        assert text
        print(text)
