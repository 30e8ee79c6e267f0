"""How long something keeps everybody else waiting, in things done."""

import asyncio
from itertools import groupby


class Turns:
    """Counts how often others had their turn."""

    def __init__(self) -> None:
        self.count = 0

    async def go_by(self) -> None:
        while True:
            self.count += 1
            await asyncio.sleep(0)


def at_most_at_once(seen: list[int]) -> int:
    """The most that was done while nobody else had a turn."""
    return max(len(list(same)) for _, same in groupby(seen))
