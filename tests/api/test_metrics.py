"""What machines watch: the house in numbers that Prometheus can read, with nobody's name or id in them."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx2
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert

from api.app import create_app, create_health_app
from medvind.model import ChannelName, State
from medvind.rules.breaker import Breaker
from medvind.store import allowances, beats, breakers
from medvind.store.database import Database
from medvind.store.tables import AttemptRow
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.api.calling import Api, StillClock
from tests.people import add_duty, add_person, add_task
from tests.store.conftest import new_database

MINUTE = timedelta(minutes=1)
Read = dict[tuple[str, str], float]
"""Numbers by their name and their labels, as `channel=sms`."""


def read(text: str) -> Read:
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(one.name, ",".join(f"{key}={says}" for key, says in one.labels.items())): one.value for one in samples}


async def a_busy_house(api: Api, now: datetime) -> set[str]:
    """Something of everything; the names and ids that nobody may see in it."""
    async with api.db.begin() as session:
        person = await add_person(session, session.vault, external_id="d-047", first_name="Maja", now=now)
        late = await add_duty(session, session.vault, person, due_at=now - 7 * MINUTE)
        await add_duty(session, session.vault, person, due_at=now + MINUTE)
        await add_duty(session, session.vault, person, due_at=now - MINUTE, state=State.UNKNOWN)
        await add_duty(session, session.vault, person, due_at=now - MINUTE, state=State.SENT)
        for outcome in ("sent", "sent", "unknown"):
            row = {"outbox_id": late.id, "number": 1, "channel": ChannelName.SMS, "worker": "host:7", "at": now}
            await session.execute(insert(AttemptRow).values(**row, outcome=outcome))
        await add_task(session, person, now=now)
        await beats.beat(session, "sweep", "host:7", now - 4 * MINUTE)
        await allowances.rest(session, ChannelName.TELEGRAM, now, 30)
        await allowances.next_free(session, [ChannelName.SMS], now - MINUTE)
        await breakers.held(session, ChannelName.SMS)
        await breakers.keep(session, ChannelName.SMS, Breaker(now - 20 * MINUTE, now - 19 * MINUTE, now - 6 * MINUTE))
    return {"d-047", "Maja", "host", person.public_id, late.public_id, "+45"}


async def test_the_house_in_numbers(api: Api, now: datetime) -> None:
    await a_busy_house(api, now)
    answer = await api.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = read(answer.text)
    assert {
        ("medvind_database_up", ""): 1,
        ("medvind_messages", "state=planned"): 2,
        ("medvind_messages", "state=claimed"): 0,
        ("medvind_messages", "state=unknown"): 1,
        ("medvind_messages_due", ""): 1,
        ("medvind_oldest_due_seconds", ""): 0,
        ("medvind_tries_total", "channel=sms,outcome=sent"): 2,
        ("medvind_tries_total", "channel=sms,outcome=unknown"): 1,
        ("medvind_breaker_open", "channel=sms"): 1,
        ("medvind_breaker_open", "channel=telegram"): 0,
        ("medvind_away_seconds", "channel=sms"): 1200,
        ("medvind_allowance_given_out_seconds", "channel=telegram"): 30,
        ("medvind_allowance_share", "channel=telegram"): 0.5,
        ("medvind_allowance_share", "channel=sms"): 1,
        ("medvind_tasks_open", "kind=call"): 1,
        ("medvind_beat_age_seconds", "beat=sweep"): 240,
    }.items() <= found.items()
    assert [name for name, _ in found if name == "medvind_build_info"]


async def test_nobodys_name_or_id_is_in_the_numbers(api: Api, now: datetime) -> None:
    hidden = await a_busy_house(api, now)
    text = (await api.get("/metrics")).text
    print(f"looked for {len(hidden)} words in {len(text.splitlines())} lines")
    assert [word for word in hidden if word in text] == []


async def test_a_message_that_nobody_takes_grows_late(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        person = await add_person(session, session.vault, now=now)
        await add_duty(session, session.vault, person, due_at=now - 7 * MINUTE)
    assert read((await api.get("/metrics")).text)["medvind_oldest_due_seconds", ""] == 420


async def test_an_empty_house_has_numbers_too_and_each_answer_is_read_anew(api: Api, now: datetime) -> None:
    before = read((await api.get("/metrics")).text)
    assert before["medvind_messages", "state=planned"] == 0
    async with api.db.begin() as session:
        await add_duty(session, session.vault, await add_person(session, session.vault, now=now), due_at=now + MINUTE)
    assert read((await api.get("/metrics")).text)["medvind_messages", "state=planned"] == 1


async def test_without_a_database_or_its_schema_it_answers_and_says_so(
    tmp_path: Path, vault: Vault, catalogue: Catalogue, clock: StillClock
) -> None:
    with new_database("postgresql", tmp_path) as bare:
        for url in (bare, f"sqlite:///{tmp_path}/empty.db", "postgresql://nobody@127.0.0.1:1/medvind"):
            async with Database.open(url, vault) as db:
                for app in (create_app(db, catalogue, clock), create_health_app(db, catalogue, clock)):
                    assert await numbers_of(app) == {"medvind_build_info": 1, "medvind_database_up": 0}


async def numbers_of(app: FastAPI) -> dict[str, float]:
    """All that it answers."""
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    return {name: value for (name, _), value in read(answer.text).items()}
