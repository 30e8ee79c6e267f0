"""Which test stands where, so that the workers of a run end together."""

from collections.abc import Sequence
from itertools import groupby

import pytest

LONGEST = (
    "tests/system/test_killed_workers",
    "tests/system/test_main_job",
    "tests/demo/",
    "tests/system/",
    "tests/flows/test_outages",
    "tests/flows/test_whatever_happens",
    "tests/year/",
)
TOGETHER = ("tests/demo/test_demo", "tests/demo/test_phones_in_a_browser", "tests/year/")
"""They share what took long to make."""


def in_shares(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """The longest at the beginning of each worker's share.

    At first xdist gives each worker a row of neighbours, equally many to each; then whoever is done takes from the end of
    another's row.
    """
    long = sorted((item for item in items if _rank(item) < len(LONGEST)), key=_rank)
    short = [item for item in items if _rank(item) == len(LONGEST)]
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for number, (_, some) in enumerate(groupby(long, key=_belongs_to)):
        shares[number % workers] += some
    ordered = list[pytest.Item]()
    for number, share in enumerate(shares):
        room = max(0, (len(items) - len(ordered)) // (workers - number) - len(share))
        ordered += [*share, *short[:room]]
        del short[:room]
    return ordered + short


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, part in enumerate(LONGEST) if item.nodeid.startswith(part)), len(LONGEST))


def _belongs_to(item: pytest.Item) -> str:
    return next((part for part in TOGETHER if item.nodeid.startswith(part)), item.nodeid)
