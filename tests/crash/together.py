"""The databases side by side, since a story waits more than it works; and their end, however it comes."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from typing import TypeVar

from medvind.store.database import Database
from medvind.store.schema import migrate
from medvind.store.vault import Vault
from tests.bench.places import Place
from tests.crash.world import KEYS, World, world
from tests.system.rig import Zygote

T = TypeVar("T")


def each_world(worlds: Sequence[World], act: Callable[[World], T]) -> list[T]:
    """The same on each, at once; their answers in order."""
    with ThreadPoolExecutor(len(worlds)) as pool:
        return list(pool.map(act, worlds))


@contextmanager
def zygotes(count: int) -> Iterator[list[Zygote]]:
    """A process to fork from for each database."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Zygote("--telegram"))) for _ in range(count)]


@contextmanager
def worlds(places: Sequence[Place], forks: Sequence[Zygote], name: str) -> Iterator[list[World]]:
    """A fresh one on each database."""
    with ExitStack() as stack:
        made = []
        for place, one in zip(places, forks, strict=True):
            folder, url = place.folder / f"{name}-{place.kind}", place.empty()
            folder.mkdir()
            _migrate(url)
            made.append(stack.enter_context(world(url, folder, one)))
        yield made


def _migrate(url: str) -> None:
    async def run() -> None:
        async with Database.open(url, Vault(KEYS)) as db:
            await migrate(db)

    with asyncio.Runner() as runner:
        runner.run(run())
