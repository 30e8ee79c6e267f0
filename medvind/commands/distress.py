"""`medvind distress`: which messages name danger, by the list that comes with Medvind."""

import json
import sys
from typing import Annotated

import typer

from medvind.commands import FOUND_SOMETHING
from medvind.rules.danger import level_of
from medvind.rules.danger_phrases import SHIPPED, listed

EXAMPLE = '{"id": "1", "text": "Hej"}'
Words = Annotated[bool, typer.Option("--list", help="Print the list itself, by level and group")]


def register(root: typer.Typer) -> None:
    """Adds it."""
    root.command(
        "distress",
        help="Words of danger: an object with id and text a line in, one with id and level (now, today, none) a line out. By "
        "the shipped list; what a municipality has added or taken out (danger_words, danger_off) is not looked up",
    )(start)


def start(words: Words = False) -> None:
    """An object a line in, an object a line out. A bad line is told with its number, and the rest is done."""
    if words:
        _print_list()
        return
    bad = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        asked = _read(line)
        if asked is None:
            print(f"stdin: line {number}: expected a JSON object such as {EXAMPLE}", file=sys.stderr)
            bad += 1
            continue
        print(json.dumps({"id": asked[0], "level": level_of(asked[1])}))
    if bad:
        sys.exit(FOUND_SOMETHING)


def _read(line: bytes) -> tuple[str | int | None, str] | None:
    """Its id and its text, or None where it is not as it should be."""
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or not isinstance(read.get("text"), str) or not isinstance(read.get("id"), str | int | None):
        return None
    return read.get("id"), read["text"]


def _print_list() -> None:
    for level, groups in SHIPPED:
        for group, said in groups.items():
            print(f"{level}: {group}")
            for phrase in listed(said):
                print(f"    {phrase}")
