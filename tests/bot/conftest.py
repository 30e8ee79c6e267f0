"""The stand-in, listening, the channel that speaks to it, and a person who has joined by Telegram."""

import gc
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.telegram import Telegram
from medvind.store.database import Database
from tests.bot.rig import MAJA, opened
from tests.people import Person, add_person
from tests.standins.telegram import Telegram as Standin

gc.freeze()
"""What aiogram brings is looked through no more: a full collection would take longer than the channel's time limit here."""


@pytest.fixture
async def standin() -> AsyncIterator[Standin]:
    """Maja has started the bot."""
    async with Standin.open() as telegram:
        telegram.known.add(MAJA)
        yield telegram


@pytest.fixture
async def channel(standin: Standin) -> AsyncIterator[Telegram]:
    async with opened(standin) as telegram:
        yield telegram


@pytest.fixture
async def maja(db: Database, now: datetime) -> Person:
    async with db.begin() as session:
        return await add_person(session, db.vault, telegram=str(MAJA), now=now)
