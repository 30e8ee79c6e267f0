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


def sampled(items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """What is played, and what only SQLite plays: the first case of each test and each fourth after it run on both."""
    there, seen = {item.nodeid for item in items}, Counter[str]()
    played, left = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        test, _, case = item.nodeid.partition("[")
        twin = f"{test}[{case.replace('postgresql', 'sqlite')}"
        if item.nodeid.startswith(WHOLE) or twin == item.nodeid or twin not in there:
            played.append(item)
            continue
        (left if seen[test] % EVERY else played).append(item)
        seen[test] += 1
    return played, left
