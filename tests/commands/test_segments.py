"""`medvind segments`: a JSON string a line in, an object a line out."""

import json

import pytest

from tests.commands.calling import medvind


def test_each_line_is_measured_in_its_order() -> None:
    texts = ["Hej", "Svar “JA” – nu", "a" * 161, "🙂" * 36, "", "linje\nskift €"]  # noqa: RUF001 - a coach's dash
    said = medvind("segments", words="".join(f"{json.dumps(text)}\n" for text in texts))
    assert (said.code, said.err) == (0, "")
    found = [json.loads(line) for line in said.out.splitlines()]
    assert [tuple(one.values()) for one in found] == [
        ("GSM-7", 1, 3, "Hej"),
        ("UCS-2", 1, 14, 'Svar "JA" - nu'),
        ("GSM-7", 2, 161, "a" * 161),
        ("UCS-2", 2, 72, "🙂" * 36),
        ("GSM-7", 1, 0, ""),
        ("GSM-7", 1, 14, "linje\nskift €"),
    ]
    assert all(list(one) == ["encoding", "segments", "units", "plain"] for one in found)


def test_nothing_in_nothing_out() -> None:
    said = medvind("segments")
    assert (said.code, said.out, said.err) == (0, "", "")


@pytest.mark.parametrize("line", ["Hej", "5", "[]", "null", '"Hej', "{}"])
def test_a_line_that_is_no_json_string_is_named_and_its_words_are_not_repeated(line: str) -> None:
    said = medvind("segments", words=f'"Hej"\n{line}\n')
    assert said.code == 2
    assert said.err == 'stdin: line 2: expected a JSON string such as "Hej"\n'
    assert len(said.out.splitlines()) == 1
