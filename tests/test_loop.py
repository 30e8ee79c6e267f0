"""Long work lets what waits beside it have its turn."""

from medvind.loop import BREATH, in_breaths
from tests.turns import Turns, at_most_at_once


async def test_after_every_few_things_others_have_their_turn() -> None:
    turns, seen, things = Turns(), list[int](), list[int]()
    async for one in in_breaths(range(100)):
        seen.append(turns.count)
        things.append(one)
    turns.end()
    print(f"{len(things)} things, at most {at_most_at_once(seen)} in one go")
    assert things == list(range(100))
    assert at_most_at_once(seen) == BREATH
