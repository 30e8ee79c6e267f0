"""Twilio on loopback, at wire level: takes messages as it does, refuses what it refuses, calls back, and fails as it is told.

In a test: `async with Twilio.open() as twilio`. As a process: `python -m tests.standins.twilio PORT_FILE`, told what to do by
`POST /control` and asked what it took by `GET /control/messages`, how many by `GET /control/count`; with `?least=3` it answers
once there are so many.
"""

import asyncio
import re
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.standins.running import reset, run, think
from tests.standins.twilio_words import ACCOUNT, NUMBER, TOKEN, inbound_form, refuses, signature, status_form

LOGIN = "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
HERE = f"/2010-04-01/Accounts/{ACCOUNT}"
MESSAGES = f"{HERE}/Messages.json"
SERVER_ERROR = 500

Way = Literal["accept", "lose", "garble", "reset", "hang", "refuse"]
"""accept; accept and reset before the answer; accept and answer what nobody can read; reset after the body; never answer;
answer with `status`, `code` and `retry_after`."""


@dataclass
class Taken:
    """A message that Twilio has accepted, or (inbound) that somebody has sent to its number."""

    sid: str
    to: str
    sender: str
    body: str
    at: datetime
    status_callback: str = ""
    validity_period: str = ""
    service: str = ""
    direction: str = "outbound-api"
    status: str = "queued"
    media: str = "0"

    def as_json(self) -> dict[str, Any]:
        """As Twilio's API shows it. What waits in the queue has no date of sending yet."""
        at = format_datetime(self.at)
        sent = None if self.status == "queued" else at
        shown: dict[str, Any] = {"sid": self.sid, "to": self.to, "from": self.sender, "body": self.body}
        shown |= {"direction": self.direction, "num_media": self.media, "messaging_service_sid": self.service or None}
        dates = {"date_created": at, "date_sent": sent, "date_updated": at}
        return {**shown, **dates, "status": self.status, "account_sid": ACCOUNT, "error_code": None, "error_message": None}


@dataclass
class Orders:
    """How it behaves. `times` counts down to `accept` (None: until told otherwise); `callbacks` is how often each is sent.

    `delay` is how many seconds it thinks before it answers, `lag` how many its list is behind. A list that has `slipped` shows
    numbers as numbers and not as text: nothing in it equals what it is compared with, and nothing fails.
    """

    way: Way = "accept"
    status: int = 500
    code: int | None = None
    retry_after: str | None = None
    times: int | None = None
    lag: float = 0.0
    delay: float = 0.0
    slipped: bool = False
    callbacks: int = 1
    states: list[str] = field(default_factory=lambda: ["sent", "delivered"])

    def next_way(self) -> Way:
        """What to do with this request."""
        if self.times is None:
            return self.way
        self.times -= 1
        return self.way if self.times >= 0 else "accept"


class Twilio:
    """The stand-in. `taken` is the truth about what was accepted; `calls` counts the requests to send that arrived whole."""

    def __init__(self, client: ClientSession) -> None:
        self.base_url = ""
        self.taken: list[Taken] = []
        self.calls = 0
        self.heard = asyncio.Event()
        self._next = asyncio.Event()
        self.orders = Orders()
        self.account = "active"
        self._client = client
        self._site: web.TCPSite | None = None
        self._calling: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["Twilio"]:
        """Listening on a free port of loopback."""
        async with ClientSession(timeout=ClientTimeout(total=15)) as client:
            twilio = cls(client)
            app = web.Application()
            app.router.add_post(MESSAGES, twilio._create)
            app.router.add_get(MESSAGES, twilio._list)
            app.router.add_delete(f"{HERE}/Messages/{{sid}}.json", twilio._delete)
            app.router.add_get(f"{HERE}.json", twilio._account)
            app.router.add_get("/control/messages", twilio._show)
            app.router.add_get("/control/count", twilio._count)
            app.router.add_post("/control", twilio._obey)
            app.router.add_post("/control/text", twilio._text)
            app.router.add_route("*", "/{rest:.*}", twilio._nowhere)
            runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
            await runner.setup()
            twilio._site = web.TCPSite(runner, "127.0.0.1", 0)
            await twilio._site.start()
            twilio.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            try:
                yield twilio
            finally:
                for task in twilio._calling:
                    task.cancel()
                await asyncio.gather(*twilio._calling, return_exceptions=True)
                await runner.cleanup()

    async def stop_listening(self) -> None:
        """From now on connections are refused."""
        if self._site is not None:
            await self._site.stop()

    async def text(self, url: str, sender: str, body: str, *, sid: str | None = None, **fields: str) -> int:
        """Somebody writes to the number: signs and posts it as Twilio does, and answers with the status that came back."""
        form = inbound_form(sender, body, sid=sid, **fields)
        self.keep(form)
        return await self.post(url, form)

    def keep(self, form: Mapping[str, str], at: datetime | None = None) -> None:
        """Remembers what somebody wrote, whether its webhook arrives or not."""
        sid, media, service = form["MessageSid"], form["NumMedia"], form.get("MessagingServiceSid", "")
        words = (form["To"], form["From"], form["Body"], at or datetime.now(UTC))
        if not any(one.sid == sid for one in self.taken):
            self.taken.append(Taken(sid, *words, direction="inbound", status="received", media=media, service=service))

    async def post(self, url: str, form: Mapping[str, str]) -> int:
        """Any signed webhook; 0 where nobody answers. What follows a # in its address is for Twilio alone."""
        url = url.partition("#")[0]
        try:
            async with self._client.post(url, data=form, headers={"X-Twilio-Signature": signature(url, form)}) as answer:
                return answer.status
        except (ClientError, TimeoutError):
            return 0

    def sent(self) -> list[Taken]:
        """What was accepted from us."""
        return [one for one in self.taken if one.direction != "inbound"]

    async def _create(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.calls += 1
        self.heard.set()
        if request.headers.get("Authorization") != LOGIN:
            return _error(401, 20003)
        way = self.orders.next_way()
        if way == "refuse":
            return _error(self.orders.status, self.orders.code, self.orders.retry_after)
        if way == "hang":
            await asyncio.Event().wait()
        if way == "reset":
            return reset(request)
        refused = refuses(form)
        if refused:
            return _error(400, refused)
        taken = self._take(form)
        if way == "lose":
            return reset(request)
        await think(self.orders.delay)
        return web.Response(status=201, text="<html>") if way == "garble" else web.json_response(taken.as_json(), status=201)

    def _take(self, form: Mapping[str, str]) -> Taken:
        service, sender = form.get("MessagingServiceSid", ""), form.get("From", "")
        callback, validity = form.get("StatusCallback", ""), form.get("ValidityPeriod", "")
        sid = f"SM{len(self.taken) + 1:032x}"
        taken = Taken(sid, form["To"], sender, form["Body"], datetime.now(UTC), callback, validity, service)
        self.taken.append(taken)
        self._next.set()
        self._next = asyncio.Event()
        if urlsplit(callback).hostname == "127.0.0.1":
            task = asyncio.create_task(self._call_back(taken))
            self._calling.add(task)
            task.add_done_callback(self._calling.discard)
        return taken

    async def _call_back(self, taken: Taken) -> None:
        tries = 1 + int((re.search(r"#.*\brc=(\d)", taken.status_callback) or "00")[1])
        for state in self.orders.states:
            for _ in range(self.orders.callbacks):
                taken.status = state
                for _ in range(tries):
                    if 0 < await self.post(taken.status_callback, status_form(taken.sid, taken.to, state)) < SERVER_ERROR:
                        break

    async def _list(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != LOGIN:
            return _error(401, 20003)
        inbound = request.query.get("To") == NUMBER
        way = self.orders.way if inbound and self.orders.times is None else "accept" if inbound else self.orders.next_way()
        if way == "refuse":
            return _error(self.orders.status, self.orders.code, self.orders.retry_after)
        to, since = request.query.get("To"), request.query.get("DateSent>", "")[:10]
        size, page = int(request.query.get("PageSize", "50")), int(request.query.get("Page", "0"))
        visible = datetime.now(UTC) - timedelta(seconds=self.orders.lag)
        found = [one for one in reversed(self.taken) if one.at <= visible and to in {None, one.to}]
        found = [one for one in found if not since or (one.status != "queued" and f"{one.at:%Y-%m-%d}" >= since)]
        more = len(found) > size * (page + 1)
        following = request.rel_url.update_query(Page=page + 1)
        shown = [self._shown(one) for one in found[size * page : size * (page + 1)]]
        return web.json_response({"messages": shown, "page": page, "next_page_uri": str(following) if more else None})

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        """What is still on its way can't be deleted."""
        if request.headers.get("Authorization") != LOGIN:
            return _error(401, 20003)
        way = self.orders.next_way()
        if way == "refuse":
            return _error(self.orders.status, self.orders.code, self.orders.retry_after)
        if way == "hang":
            await asyncio.Event().wait()
        found = next((one for one in self.taken if one.sid == request.match_info["sid"]), None)
        if found is None:
            return _error(404, 20404)
        if found.status in {"queued", "sent"}:
            return _error(409, 20009)
        self.taken.remove(found)
        return reset(request) if way == "lose" else web.Response(status=204)

    def _shown(self, taken: Taken) -> dict[str, Any]:
        shown = taken.as_json()
        return shown | {"to": int(taken.to)} if self.orders.slipped else shown

    async def _account(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != LOGIN:
            return _error(401, 20003)
        return web.json_response({"sid": ACCOUNT, "status": self.account})

    async def _show(self, request: web.Request) -> web.Response:
        last = int(request.query.get("last", "0"))
        return web.json_response([asdict(one) | {"at": one.at.isoformat()} for one in self.taken[-last:]])

    async def _count(self, request: web.Request) -> web.Response:
        while (count := self._accepted()) < int(request.query.get("least", "0")):
            await self._next.wait()
        return web.json_response(count)

    def _accepted(self) -> int:
        return sum(one.direction != "inbound" for one in self.taken)

    async def _obey(self, request: web.Request) -> web.Response:
        self.orders = Orders(**await request.json())
        return web.json_response(asdict(self.orders))

    async def _text(self, request: web.Request) -> web.Response:
        return web.json_response({"status": await self.text(**await request.json())})

    async def _nowhere(self, _request: web.Request) -> web.Response:
        return _error(404, 20404)


def _error(status: int, code: int | None, retry_after: str | None = None) -> web.Response:
    """As Twilio words it; without a code it is somebody on the way who answers."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    if code is None:
        return web.Response(status=status, text="<html>no</html>", headers=headers)
    return web.json_response({"code": code, "message": f"Error {code}", "status": status}, status=status, headers=headers)


if __name__ == "__main__":
    asyncio.run(run(Twilio.open(), Path(sys.argv[1])))
