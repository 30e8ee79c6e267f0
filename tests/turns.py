"""How long something keeps everybody else waiting, in things done."""

import asyncio
from itertools import groupby


class Turns:
    """Counts how often others have their turn, in the loop that runs when it is made."""

    def __init__(self) -> None:
        self.count = 0
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_soon(self._go_by)

    def _go_by(self) -> None:
        self.count += 1
        self._next = self._loop.call_soon(self._go_by)

    def end(self) -> None:
        self._next.cancel()


def at_most_at_once(seen: list[int]) -> int:
    """The most that was done while nobody else had a turn."""
    return max(len(list(same)) for _, same in groupby(seen))
