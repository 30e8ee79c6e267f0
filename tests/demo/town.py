"""Some of the twelve on the morning the story begins, with the page of their phones before them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from fastapi import FastAPI

from api.app import create_app
from medvind.demo import door
from medvind.demo.board import NoBoard
from medvind.demo.cast import BEGINS, CAST, Persona
from medvind.demo.clock import FastClock
from medvind.demo.door import SECRET, Door
from medvind.demo.hands import Hands
from medvind.demo.wait import Wait
from medvind.store.database import Database
from medvind.texts import Catalogue

HALF_AN_HOUR = timedelta(minutes=30)
"""Everybody has been written to, and nobody has answered yet."""
AMINA, DENNIS, EMINE, GITTE, JENS = "d01", "d04", "d05", "d07", "d10"


def cast(*names: str) -> Sequence[Persona]:
    """These of the twelve."""
    return [one for one in CAST if one.external_id in names]


async def town(db: Database, people: Sequence[Persona], span: timedelta = HALF_AN_HOUR) -> Wait:
    """They and the service in a migrated database, so long after the beginning."""
    wait = Wait(db, FastClock(BEGINS), Catalogue.load(), people)
    await wait.run(BEGINS + span, NoBoard())
    await wait.happen()
    return wait


APPS: dict[Database, FastAPI] = {}
"""One for each database and worker: each new one would make its routes anew."""


def app_over(wait: Wait, *hosts: str) -> FastAPI:
    """The demo's app under these names."""
    if wait.db not in APPS:
        APPS[wait.db] = create_app(wait.db, wait.catalogue, wait.clock, extra=[door.router])
    app = APPS[wait.db]
    app.state.door = Door(Hands(wait), frozenset(hosts))
    return app


@dataclass(frozen=True)
class Phones:
    """The page's side of the wire: it knows the secret, as the page does."""

    client: httpx2.AsyncClient
    wait: Wait
    secret: str

    async def call(self, what: str, **body: str) -> Any:
        answer = await self.client.post(f"/phones/{what}", json=body, headers={SECRET: self.secret})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def write(self, phone: str, text: str, channel: str = "sms") -> Any:
        return await self.call("write", phone=phone, channel=channel, text=text)

    async def view(self, phone: str) -> Any:
        answer = await self.client.get("/phones/view", params={"phone": phone}, headers={SECRET: self.secret})
        assert answer.status_code == 200, answer.text
        return answer.json()


HOST = "127.0.0.1:8000"


@asynccontextmanager
async def phones_of(wait: Wait) -> AsyncIterator[Phones]:
    """Theirs, without a socket."""
    app = app_over(wait, HOST)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=f"http://{HOST}") as client:
        yield Phones(client, wait, app.state.door.secret)
