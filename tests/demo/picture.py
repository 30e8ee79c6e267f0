"""The picture of the phones for the README: `python -m tests.demo.picture` takes it anew, out of the story itself."""

import asyncio
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page, async_playwright

from api.server import listen, serve
from medvind.demo.cast import BEGINS, CAST, at
from medvind.store.database import Database
from medvind.store.schema import migrate
from medvind.store.vault import Vault
from tests.browser import ARGS, path
from tests.conftest import KEYS
from tests.demo.town import EMINE, app_over, town

WHERE = Path(__file__).parents[2] / "docs" / "pictures" / "phones.png"
HOST = "127.0.0.1"
MOMENT = at(23, 3, "10:05")
"""Somewhere in the wait: a check-in has just been asked, and nobody has answered yet."""


async def main() -> None:
    """Runs the story until then, types a little, and takes the picture."""
    stop = asyncio.Event()
    with TemporaryDirectory() as folder, closing(listen(HOST, 0)) as listening:
        async with Database.open(f"sqlite:///{Path(folder, 'demo.db')}", Vault(KEYS)) as db:
            await migrate(db)
            wait, host = await town(db, CAST, MOMENT - BEGINS), f"{HOST}:{listening.getsockname()[1]}"
            serving = asyncio.create_task(serve(app_over(wait, host), listening, stop))
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=path(), args=ARGS)
                tab = await browser.new_page(viewport={"width": 1120, "height": 915}, locale="da-DK")
                await tab.goto(f"http://{host}/phones#{EMINE}")
                await _use(tab)
                await tab.screenshot(path=WHERE, animations="disabled")
                await browser.close()
            stop.set()
            await serving
    print(f"{WHERE}: {WHERE.stat().st_size // 1024} kB")


async def _use(tab: Page) -> None:
    """A low answer, typed so that the buttons stay in the picture: it stands on the coach's side at once."""
    await tab.locator("#thread .taps").last.wait_for()
    await tab.get_by_label("Skriv en besked").fill("2")
    await tab.keyboard.press("Enter")
    await tab.locator("#tasks li", has_text="opkald").wait_for()
    await tab.locator("#owner").evaluate("document.activeElement.blur()")


if __name__ == "__main__":
    WHERE.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(main())
