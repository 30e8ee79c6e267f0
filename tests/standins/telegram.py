"""Telegram's Bot API on loopback, at wire level: takes messages as it does, refuses what it refuses, and fails as it is told.

In a test: `async with Telegram.open() as telegram`. As a process: `python -m tests.standins.telegram PORT_FILE`, told what to
do by `POST /control`, to have people do something by `POST /control/say` (`tap`, `block`, `unblock`), and asked what it took by
`GET /control/messages` and `GET /control/menus`. Updates wait until they are asked for, or are posted where a webhook is set.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.standins import telegram_words as words
from tests.standins.running import reset, run, think
from tests.standins.telegram_words import TOKEN, Orders, Taken, buttons, refuses

FIRST = 600_000_001
AGAIN = 0.02
"""Seconds after which an update that was not taken is posted again."""


class Telegram:
    """The stand-in. `taken` is the truth about what was accepted; `calls` counts the messages that arrived whole.

    `known` are those who have started the bot, `called` the other methods in their order, `waiting` what nobody has taken,
    `menus` what each menu of commands says.
    """

    def __init__(self, client: ClientSession) -> None:
        self.base_url = ""
        self.taken: list[Taken] = []
        self.calls = 0
        self.called: list[tuple[str, dict[str, str]]] = []
        self.menus: dict[str, dict[str, str]] = {}
        self.known: set[int] = set()
        self.blocked: set[int] = set()
        self.waiting: list[tuple[int, Any]] = []
        self.webhook: dict[str, str] | None = None
        self.heard = asyncio.Event()
        self.orders = Orders()
        self.numbers = count(FIRST)
        self._changed = asyncio.Condition()
        self._asker: object = None
        self._client = client
        self._site: web.TCPSite | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["Telegram"]:
        """Listening on a free port of loopback."""
        async with ClientSession(timeout=ClientTimeout(total=15)) as client:
            telegram = cls(client)
            app = web.Application(client_max_size=2**24)
            app.router.add_route("*", "/bot{token}/{method}", telegram._serve)
            app.router.add_get("/control/messages", telegram._show)
            app.router.add_get("/control/count", telegram._count)
            app.router.add_get("/control/menus", telegram._show_menus)
            app.router.add_post("/control", telegram._obey)
            app.router.add_post("/control/{deed}", telegram._have_done)
            runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
            await runner.setup()
            telegram._site = web.TCPSite(runner, "127.0.0.1", 0)
            await telegram._site.start()
            telegram.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            posting = asyncio.create_task(telegram._post())
            try:
                yield telegram
            finally:
                posting.cancel()
                await asyncio.gather(posting, return_exceptions=True)
                await runner.cleanup()

    async def stop_listening(self) -> None:
        """From now on connections are refused."""
        if self._site is not None:
            await self._site.stop()

    async def give(self, update: Any, number: int | None = None) -> None:
        """Something came: it waits in its place until it is confirmed."""
        number = update["update_id"] if number is None else number
        async with self._changed:
            self.waiting.append((number, update))
            self._changed.notify_all()

    async def say(self, user: int, text: str) -> None:
        """Somebody writes; who starts the bot can be written to."""
        if text.startswith("/start"):
            self.known.add(user)
        await self.give(words.message(next(self.numbers), user, text))

    async def know(self, users: Sequence[int]) -> None:
        """These have started the bot some time ago."""
        self.known.update(users)

    async def tap(self, user: int, data: str) -> None:
        """Somebody taps a button under the last message that had it."""
        theirs = (one for one in reversed(self.taken) if one.chat_id == user and one.had(data))
        under = next((one.message_id for one in theirs), words.UNDER)
        await self.give(words.tap(next(self.numbers), user, data, under=under))

    async def block(self, user: int) -> None:
        """Somebody blocks the bot."""
        self.blocked.add(user)
        await self.give(words.membership(next(self.numbers), user, "kicked"))

    async def unblock(self, user: int) -> None:
        """Somebody lets it in again."""
        self.blocked.discard(user)
        await self.give(words.membership(next(self.numbers), user, "member"))

    async def emptied(self) -> None:
        """Returns once everything that waits is confirmed."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self.waiting)

    def names(self) -> list[str]:
        """The other methods that were called."""
        return [name for name, _ in self.called]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        method = request.match_info["method"].lower()
        self.calls += method == "sendmessage"
        if method != "sendmessage":
            self.called.append((method, form))
        self.heard.set()
        if request.match_info["token"] != TOKEN:
            return _no(401, "Unauthorized")
        way = self.orders.next_way(method)
        await think(self.orders.delay)
        if way == "refuse":
            return self._refuse()
        if way == "hang":
            await asyncio.Event().wait()
        if way == "reset":
            return reset(request)
        answer = await self._do(method, form)
        if way == "lose":
            return reset(request)
        return web.Response(text="<html>") if way == "garble" else answer

    async def _do(self, method: str, form: Mapping[str, str]) -> web.Response:
        match method:
            case "sendmessage":
                return self._send(form)
            case "getupdates":
                return await self._updates(form)
            case "getme":
                more = dict.fromkeys(("can_join_groups", "can_read_all_group_messages", "supports_inline_queries"), False)
                return _yes(words.bot() | more)
            case "setwebhook":
                return await self._set_webhook(form)
            case "deletewebhook":
                self.webhook = None
                return _yes(True)
            case "answercallbackquery" | "leavechat":
                return _yes(True)
            case "editmessagereplymarkup":
                return self._edit(form)
            case "setmycommands":
                return self._set_menu(form)
            case _:
                return _no(404, "Not Found")

    def _send(self, form: Mapping[str, str]) -> web.Response:
        refused = refuses(form, self.known, self.blocked)
        if refused:
            return _no(*refused)
        preview = not json.loads(form.get("link_preview_options", "{}")).get("is_disabled", False)
        tags = [{"label": label, "data": data} for label, data in buttons(form)]
        marked, offered = "parse_mode" in form, [tag["data"] for tag in tags]
        taken = Taken(len(self.taken) + 1, int(form["chat_id"]), form["text"], tags, marked, preview, offered)
        self.taken.append(taken)
        return _yes(taken.as_json())

    def _edit(self, form: Mapping[str, str]) -> web.Response:
        """Other buttons under a message, or none."""
        there = (one for one in self.taken if (one.message_id, one.chat_id) == (int(form["message_id"]), int(form["chat_id"])))
        message, tags = next(there, None), [{"label": label, "data": data} for label, data in buttons(form)]
        if message is None or message.buttons == tags:
            return _no(400, words.NOT_THERE if message is None else words.THE_SAME)
        message.buttons = tags
        return _yes(message.as_json())

    def _set_menu(self, form: Mapping[str, str]) -> web.Response:
        refused = words.refuses_menu(form)
        if refused:
            return _no(400, refused)
        whose, says = words.menu_of(form)
        self.menus[whose] = says
        return _yes(True)

    async def _updates(self, form: Mapping[str, str]) -> web.Response:
        """One asker at a time: a second one ends the first. What lies before the offset is forgotten for good."""
        if self.webhook:
            return _no(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        offset, limit, seconds = int(form.get("offset", "0")), int(form.get("limit", "100")), int(form.get("timeout", "0"))
        me = self._asker = object()
        async with self._changed:
            self.waiting = [one for one in self.waiting if one[0] >= offset]
            self._changed.notify_all()
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait_for(lambda: self.waiting or self._asker is not me)
            except TimeoutError:
                pass
            if self._asker is not me:
                return _no(409, "Conflict: terminated by other getUpdates request; make sure that only one bot runs")
            return _yes([update for _, update in self.waiting[:limit]])

    async def _set_webhook(self, form: Mapping[str, str]) -> web.Response:
        url = urlsplit(form.get("url", ""))
        if url.scheme != "https" and url.hostname != "127.0.0.1":
            return _no(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        async with self._changed:
            self.webhook = dict(form)
            self._changed.notify_all()
        return _yes(True)

    async def _post(self) -> None:
        """One after the other to the webhook, each until it is taken; what the answer asks for is done."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self.waiting and self.webhook)
            secret, url = (self.webhook or {}).get("secret_token", ""), (self.webhook or {}).get("url", "")
            one = self.waiting[0]
            try:
                headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
                async with self._client.post(url, json=one[1], headers=headers) as answer:
                    taken, asked = answer.ok, await answer.text()
            except (ClientError, TimeoutError):
                taken, asked = False, ""
            if not taken:
                await think(AGAIN)
                continue
            call = json.loads(asked or "{}")
            if "method" in call:
                self.called.append((call["method"].lower(), {name: str(call[name]) for name in call if name != "method"}))
            async with self._changed:
                self.waiting.remove(one)
                self._changed.notify_all()

    def _refuse(self) -> web.Response:
        orders = self.orders
        headers = {} if orders.header is None else {"Retry-After": orders.header}
        if orders.description is None:
            return web.Response(status=orders.status, text="<html>no</html>", headers=headers)
        more = {"retry_after": orders.retry_after, "migrate_to_chat_id": orders.moved_to}
        answer = _no(orders.status, orders.description, {name: value for name, value in more.items() if value is not None})
        answer.headers.update(headers)
        return answer

    async def _show(self, request: web.Request) -> web.Response:
        last = int(request.query.get("last", "0"))
        return web.json_response([asdict(one) for one in self.taken[-last:]])

    async def _count(self, _request: web.Request) -> web.Response:
        return web.json_response(len(self.taken))

    async def _show_menus(self, _request: web.Request) -> web.Response:
        return web.json_response(self.menus)

    async def _obey(self, request: web.Request) -> web.Response:
        self.orders = Orders(**await request.json())
        return web.json_response(asdict(self.orders))

    async def _have_done(self, request: web.Request) -> web.Response:
        deeds: Mapping[str, Callable[..., Awaitable[None]]] = {
            "say": self.say,
            "know": self.know,
            "tap": self.tap,
            "block": self.block,
            "unblock": self.unblock,
        }
        await deeds[request.match_info["deed"]](**await request.json())
        return web.json_response({"done": True})


def _yes(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _no(status: int, description: str, parameters: Mapping[str, int] | None = None) -> web.Response:
    more = {"parameters": parameters} if parameters else {}
    return web.json_response({"ok": False, "error_code": status, "description": description, **more}, status=status)


if __name__ == "__main__":
    asyncio.run(run(Telegram.open(), Path(sys.argv[1])))
