"""A small form of `make crash`: a worker that sleeps past its lease, and workers that die at named points of the send path."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from medvind.model import ChannelName
from tests.crash.points import Send, dies_at
from tests.crash.stopped import lost_claims, sleep_past_the_lease
from tests.crash.verdict import judge
from tests.crash.world import World, world
from tests.system.rig import forks
from tests.system.test_killed_workers import IMPATIENT

POINTS = ("medvind/flows/deliver.py:_send", "medvind/store/outcomes.py:record")
"""With a message in hand that nobody has been called for, and with an answer that is not written down."""

NO_MORE = Send("of what is owed already", few=0)


@pytest.fixture
def small(db_url: str, tmp_path: Path) -> Iterator[World]:
    """People who are owed a message each, on each of the two databases, and one call at a time."""
    with world(db_url, tmp_path, forks()) as made:
        made.rig.env |= {**IMPATIENT, "MEDVIND_WORKERS_CONCURRENCY": "1"}
        yield made


def test_a_worker_that_wakes_after_its_lease_neither_calls_nor_writes(small: World) -> None:
    small.channels = [ChannelName.SMS]
    sleep_past_the_lease(small, duties=2)
    verdict, rejected = judge([small]), lost_claims(small)
    print(f"{rejected} claims rejected; {verdict.looked_at} duties, {len(verdict.lost)} lost, {verdict.sms_extra} extra")
    assert verdict.broken() == []
    assert rejected == 2


def test_a_worker_that_dies_at_a_named_point_loses_and_doubles_nothing(small: World) -> None:
    small.owe(16)
    assert [point for point in POINTS if not dies_at(small, point, NO_MORE)] == []
    small.settled(lag=0)
    verdict = judge([small])
    print(*verdict.lines(), sep="\n")
    assert verdict.looked_at == 16
    assert verdict.broken() == []
