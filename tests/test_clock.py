"""The clock is the one place that asks for the time; a whole process travels by a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from medvind.clock import ShiftedClock, SystemClock
from medvind.loop import run

NEAR = timedelta(seconds=5)


def near(shown: datetime, wanted: datetime) -> bool:
    return shown.utcoffset() == timedelta() and abs(shown - wanted) < NEAR


def test_the_machines_clock_is_aware_and_in_utc() -> None:
    assert near(SystemClock().now(), datetime.now(UTC))
    assert abs(SystemClock().monotonic() - monotonic()) < NEAR.total_seconds()


def test_the_file_is_read_at_every_look(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = ShiftedClock(file)
    for seconds in ("0", "86400", "-7200\n", " 2.5e5 "):
        file.write_text(seconds)
        assert near(clock.now(), datetime.now(UTC) + timedelta(seconds=float(seconds)))


@pytest.mark.parametrize("half", [b"", b"-", b"8640O", b"\xff\xfe", "½".encode(), b"nan", b"inf", b"-inf", b"1e300"])
def test_a_file_that_is_half_written_counts_as_no_shift(tmp_path: Path, half: bytes) -> None:
    file = tmp_path / "clock"
    file.write_bytes(half)
    assert near(ShiftedClock(file).now(), datetime.now(UTC))


def test_a_file_that_is_not_there_counts_as_no_shift(tmp_path: Path) -> None:
    assert near(ShiftedClock(tmp_path / "nowhere" / "clock").now(), datetime.now(UTC))
    assert near(ShiftedClock(tmp_path).now(), datetime.now(UTC))


def test_the_monotonic_side_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("864000")
    assert abs(ShiftedClock(file).monotonic() - monotonic()) < NEAR.total_seconds()


async def test_sleeping_until_a_moment_that_is_past_returns_at_once(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("3600")
    clock, began = ShiftedClock(file), monotonic()
    await clock.sleep_until(datetime.now(UTC) + timedelta(minutes=59))
    await clock.sleep_until(clock.now() + timedelta(seconds=0.2))
    assert 0.15 < monotonic() - began < NEAR.total_seconds()


def test_nobody_is_woken_before_the_moment() -> None:
    """On the loop that the processes run on, which rounds to milliseconds."""
    early = run(_early())
    print(f"{len([one for one in early if one])} of {len(early)} woken early")
    assert early == [False] * 200


async def _early() -> list[bool]:
    clock, found = SystemClock(), list[bool]()
    for number in range(200):
        moment = clock.now() + timedelta(microseconds=700 + 13 * number)
        await clock.sleep_until(moment)
        found.append(clock.now() < moment)
    return found
