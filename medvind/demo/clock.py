"""A clock on which two months pass in seconds."""

import asyncio
from datetime import UTC, datetime, timedelta

from medvind.clock import SystemClock

DAY = timedelta(days=1)


class FastClock:
    """Stands still until somebody sleeps; then it is the time slept for.

    `speed`: at most so many days a second, None where nobody watches it run.
    """

    def __init__(self, start: datetime, speed: float | None = None) -> None:
        self._now = self._start = start.astimezone(UTC)
        self.speed = speed
        self._real = SystemClock()
        self._begun = self._real.monotonic()

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the start: nothing else moves this clock."""
        return (self._now - self._start).total_seconds()

    async def sleep_until(self, moment: datetime) -> None:
        """Moves the time on to this moment; whoever watches waits for it in proportion."""
        if self.speed is not None:
            due = self._begun + (moment.astimezone(UTC) - self._start) / DAY / self.speed
            await asyncio.sleep(max(0.0, due - self._real.monotonic()))
        self._now = max(self._now, moment.astimezone(UTC))
