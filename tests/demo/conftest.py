"""A browser, and the phones served to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect

from api.server import listen, serve
from medvind.store.vault import Vault
from tests import browser as browsers
from tests.conftest import Engines
from tests.demo.town import AMINA, DENNIS, EMINE, GITTE, JENS, app_over, cast, town

HOST = "127.0.0.1"
PATIENCE = 20_000
"""Milliseconds until something that should be seen is given up: other workers use the machine too."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One for each worker. Its tests share its loop: `pytest.mark.asyncio(loop_scope="session")`."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=browsers.path(), args=browsers.ARGS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def address(sqlite_url: str, vault: Vault, engines: Engines) -> AsyncIterator[str]:
    """Where five phones are served, on the Sunday before the first check-in; nobody answers by habit."""
    db, stop = await engines.at(sqlite_url, vault), asyncio.Event()
    people = [replace(one, habits=()) for one in cast(AMINA, DENNIS, EMINE, GITTE, JENS)]
    wait = await town(db, people, timedelta(days=3, minutes=30))
    with closing(listen(HOST, 0)) as listening:
        host = f"{HOST}:{listening.getsockname()[1]}"
        serving = asyncio.create_task(serve(app_over(wait, host), listening, stop))
        yield f"http://{host}/phones"
        stop.set()
        await serving
    await db.engine.dispose()


@dataclass
class Watched:
    """A tab, and all that went wrong in it: errors on its console, faults of the script, calls to anywhere else."""

    tab: Page
    address: str
    faults: list[str] = field(default_factory=list)

    async def open(self, phone: str = "") -> Page:
        """The page, with that phone in the hand; ready once the people stand there."""
        await self.tab.goto(f"{self.address}#{phone}")
        await self.tab.locator("#people button").first.wait_for(state="attached")
        return self.tab

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(message.text)

    def see(self, request: Request) -> None:
        if not request.url.startswith(self.address):
            self.faults.append(request.url)


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser, address: str) -> AsyncIterator[Watched]:
    """A fresh tab on a desk; fails where anything went wrong in it."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, locale="da-DK")
    context.set_default_timeout(PATIENCE)
    one = Watched(await context.new_page(), address)
    one.tab.on("console", one.hear)
    one.tab.on("pageerror", lambda error: one.faults.append(str(error)))
    one.tab.on("request", one.see)
    yield one
    await context.close()
    assert one.faults == []
