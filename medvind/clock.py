"""The only place that asks for the time."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

SHORTEST = 0.001
"""Seconds: a loop that is asked to sleep for less may not sleep at all."""


class Clock(Protocol):
    """Time as the flows need it: the wall for people, monotonic for differences, and a sleep that follows the wall."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump."""
        ...

    async def sleep_until(self, moment: datetime) -> None:
        """Returns when the wall shows this moment, or at once where it is past."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()

    async def sleep_until(self, moment: datetime) -> None:
        """Returns when the wall shows this moment, or at once where it is past; never before: loops wake a little early."""
        until = time.monotonic() + (moment - self.now()).total_seconds()
        while (left := until - time.monotonic()) > 0:  # noqa: ASYNC110 - time is what it waits for
            await asyncio.sleep(max(left, SHORTEST))


class ShiftedClock(SystemClock):
    """The machine's clock plus the seconds that stand in a file, read at every look: whole processes travel in time.

    For `test` and `demo` only. A file that is missing or half written counts as no shift.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """The moment, aware, in UTC, as the file shifts it."""
        now = super().now()
        try:
            return now + timedelta(seconds=float(self._file.read_text(encoding="ascii")))
        except (OSError, ValueError, OverflowError):
            return now
