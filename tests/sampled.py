"""Of a long table PostgreSQL plays a sample: what differs between the two databases lies in the store, not in the next row."""

from collections import Counter
from collections.abc import Sequence

import pytest

EVERY = 4
ASKED = "--every-case"
WHOLE = ("tests/store/", "tests/system/", "tests/conversations/")
"""The store's own tables are played whole, and so are whole processes; conversations have a sample of their own."""
NAMED = "MEDVIND_TEST_EVERY_CASE"
"""How the first process of a run tells its workers that somebody wants all of it."""


def wants_all(config: pytest.Config) -> bool:
    """Who names a file, a test or a word in its name gets every case of it."""
    named = config.args_source != pytest.Config.ArgsSource.TESTPATHS or config.getoption("keyword")
    return bool(named or config.getoption(ASKED))


def left_out(names: Sequence[str]) -> frozenset[str]:
    """Which of these tests SQLite alone plays. The first case of each test and each fourth after it are played on both."""
    there, seen = frozenset(names), Counter[str]()
    left = set[str]()
    for name in names:
        test, _, case = name.partition("[")
        twin = f"{test}[{case.replace('postgresql', 'sqlite')}"
        if name.startswith(WHOLE) or twin == name or twin not in there:
            continue
        if seen[test] % EVERY:
            left.add(name)
        seen[test] += 1
    return frozenset(left)
