"""`medvind distress`: an object a line in, a level a line out, and a bad line stops no other."""

import json

import pytest

from medvind.rules.danger_phrases import shipped_phrases
from tests.commands.calling import medvind

WANT = 'expected a JSON object such as {"id": "1", "text": "Hej"}\n'


def test_each_line_gets_its_level_in_its_order() -> None:
    lines = [
        {"id": "a", "text": "Jeg vil ikke leve mere"},
        {"id": 2, "text": "Jeg kan ikke mere", "level": "none"},
        {"text": "Tak, jeg kommer på torsdag"},
        {"id": None, "text": ""},
    ]
    said = medvind("distress", words="".join(f"{json.dumps(line)}\n" for line in lines) + "\n")
    assert (said.code, said.err) == (0, "")
    assert [json.loads(line) for line in said.out.splitlines()] == [
        {"id": "a", "level": "now"},
        {"id": 2, "level": "today"},
        {"id": None, "level": "none"},
        {"id": None, "level": "none"},
    ]


def test_nothing_in_nothing_out_and_no_database_is_asked() -> None:
    said = medvind("distress", MEDVIND_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert (said.code, said.out, said.err) == (0, "", "")


@pytest.mark.parametrize(
    "line",
    ["Hej", "5", "[]", "null", '"Hej"', "{}", '{"id": "1"}', '{"text": 5}', '{"text": null}', '{"id": [], "text": "Hej"}'],
)
def test_a_bad_line_is_told_with_its_number_and_not_its_words_and_the_rest_is_done(line: str) -> None:
    good = '{"id": "1", "text": "Hej"}'
    said = medvind("distress", words=f"{good}\n\n{line}\n{good}\n")
    assert said.code == 1
    assert said.err == f"stdin: line 3: {WANT}"
    assert said.out == '{"id": "1", "level": "none"}\n' * 2


def test_the_list_is_printed_as_a_municipality_takes_out_of_it() -> None:
    said = medvind("distress", "--list")
    printed = {line.strip() for line in said.out.splitlines() if line.startswith("    ")}
    assert (said.code, printed) == (0, {phrase.text for phrase in shipped_phrases()})


def test_help_says_whose_list_it_is() -> None:
    assert "not looked up" in " ".join(medvind("distress", "--help").out.replace("│", " ").split())
