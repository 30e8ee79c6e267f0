"""`medvind segments`: how many SMS parts a text takes."""

import json
import sys

import typer

from medvind.errors import InvalidError
from medvind.rules.segments import measure, plain


def register(root: typer.Typer) -> None:
    """Adds it."""
    root.command("segments", help="How many SMS parts a text takes: a JSON string a line in, an object a line out")(start)


def start() -> None:
    """A JSON string a line in; encoding, segments, units and the plain twin a line out."""
    for number, line in enumerate(sys.stdin, 1):
        try:
            text = json.loads(line)
        except json.JSONDecodeError:
            text = None
        if not isinstance(text, str):
            raise InvalidError(f'stdin: line {number}: expected a JSON string such as "Hej"')
        measured = measure(text)
        out = {"encoding": measured.encoding, "segments": measured.segments, "units": measured.units, "plain": plain(text)}
        print(json.dumps(out, ensure_ascii=False))
