"""Alive is not ready: the second asks the database, its schema and the oldest message."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from api.app import create_app
from medvind.model import ChannelName, State
from medvind.store import allowances
from medvind.store.database import Database
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.api.calling import Api, StillClock
from tests.people import add_duty, add_person


async def test_alive_needs_no_token(api: Api) -> None:
    answer = await api.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_ready_when_nothing_waits(api: Api) -> None:
    answer = await api.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "reasons": []})


@pytest.mark.parametrize(
    ("state", "minutes", "status"),
    [
        (State.PLANNED, -60, 200),
        (State.PLANNED, 5, 200),
        (State.PLANNED, 6, 503),
        (State.SENT, 60, 200),
        (State.UNKNOWN, 60, 200),
    ],
)
async def test_not_ready_when_a_message_is_late(api: Api, now: datetime, state: State, minutes: int, status: int) -> None:
    async with api.db.begin() as session:
        person = await add_person(session, session.vault, now=now)
        await add_duty(session, session.vault, person, state=state, due_at=now - timedelta(minutes=minutes))
    answer = await api.get("/readyz")
    assert answer.status_code == status
    assert len(answer.json()["reasons"]) == (status == 503)


@pytest.mark.parametrize(("seconds", "status"), [(4, 200), (-290, 200), (-301, 503)])
async def test_a_line_that_is_as_long_as_the_allowance_makes_it_is_not_late(
    api: Api, now: datetime, seconds: int, status: int
) -> None:
    async with api.db.begin() as session:
        person = await add_person(session, session.vault, now=now)
        await add_duty(session, session.vault, person, due_at=now - timedelta(hours=1))
        await allowances.next_free(session, [ChannelName.SMS], now)
        await allowances.take(session, {ChannelName.SMS: now + timedelta(seconds=seconds)})
    assert (await api.get("/readyz")).status_code == status


async def test_not_ready_without_the_schema_or_the_database(
    tmp_path: Path, vault: Vault, catalogue: Catalogue, clock: StillClock
) -> None:
    cases = {
        f"sqlite:///{tmp_path}/empty.db": "the schema is old: run 'medvind migrate'",
        "postgresql://nobody@127.0.0.1:1/medvind": "the database does not answer",
    }
    for url, reason in cases.items():
        async with Database.open(url, vault) as db:
            transport = httpx2.ASGITransport(create_app(db, catalogue, clock))
            async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
                answer = await client.get("/readyz")
                assert (answer.status_code, answer.json()["reasons"]) == (503, [reason])
                assert (await client.get("/healthz")).status_code == 200
