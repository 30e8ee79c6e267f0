"""Calls the app as a program would, at a time that the test sets."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
from fastapi import FastAPI

from api.app import create_app
from medvind.clock import SystemClock
from medvind.model import Role
from medvind.store import tokens
from medvind.store.database import Database
from medvind.texts import Catalogue


@dataclass
class StillClock(SystemClock):
    """Shows what it was told."""

    shows: datetime

    def now(self) -> datetime:
        return self.shows


class Apps:
    """One app for each database and worker, on one clock: each new one would make its routes anew at the first call."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.clock = StillClock(datetime.min.replace(tzinfo=UTC))
        self._catalogue = catalogue
        self._made: dict[tuple[Database, str | None], FastAPI] = {}

    def over(self, db: Database, public_url: str | None = None) -> FastAPI:
        """The app over this database."""
        key = db, public_url
        if key not in self._made:
            self._made[key] = create_app(db, self._catalogue, self.clock, public_url=public_url)
        return self._made[key]


@dataclass(frozen=True)
class Api:
    """The app, its database and its clock."""

    client: httpx2.AsyncClient
    db: Database
    clock: StillClock

    async def token(
        self, role: Role = Role.COACH, *, coach_id: int | None = None, scope: str | None = None, test: bool = False
    ) -> str:
        async with self.db.begin() as session:
            now = self.clock.now()
            new = await tokens.create(session, role, coach_id=coach_id, scope=scope, test=test, days=90, now=now)
        return new.token

    async def get(self, path: str, token: str | None = None, **headers: str) -> httpx2.Response:
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        return await self.client.get(path, headers=signed | {name.replace("_", "-"): text for name, text in headers.items()})

    async def items(self, path: str, token: str, limit: int = 50) -> list[Any]:
        """A whole list, page by page."""
        found: list[Any] = []
        async for page in self.pages(path, token, limit):
            found += page
        return found

    async def pages(self, path: str, token: str, limit: int) -> AsyncIterator[list[Any]]:
        first = address = f"{path}{'&' if '?' in path else '?'}limit={limit}"
        while True:
            answer = await self.get(address, token)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            yield page["items"]
            if page["next"] is None:
                return
            assert not address.endswith(page["next"]), "a page that leads to itself"
            address = f"{first}&cursor={page['next']}"
