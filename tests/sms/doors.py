"""Twilio's doors in one process, and Twilio knocking at them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import urlencode

import httpx2
from fastapi import FastAPI

from medvind.store.database import Database
from sms import webhook
from sms.signature import HEADER, Signature
from tests.fakes import HandClock
from tests.standins.twilio_words import TOKEN, signature

PUBLIC = "https://kommune.example"


@asynccontextmanager
async def door(db: Database, now: datetime) -> AsyncIterator[httpx2.AsyncClient]:
    """One of the processes that answer Twilio."""
    app = FastAPI()
    app.include_router(webhook.router(db, HandClock(now), Signature(TOKEN, PUBLIC), lambda: None))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield client


async def knock(client: httpx2.AsyncClient, path: str, form: Mapping[str, str]) -> int:
    """Signed and posted as Twilio does; the status that comes back."""
    headers = {HEADER: signature(f"{PUBLIC}{path}", form), "Content-Type": "application/x-www-form-urlencoded"}
    return (await client.post(path, content=urlencode(form), headers=headers)).status_code
