"""Alive is not ready: the second asks the database, its schema and the oldest message."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from api.app import create_app
from medvind.model import ChannelName, Role, State
from medvind.rules.breaker import Breaker
from medvind.store import allowances, breakers
from medvind.store.allowances import Free
from medvind.store.database import Database
from medvind.store.schema import OLD, OUTGROWN
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.api.calling import Api, StillClock
from tests.people import add_coach, add_duty, add_person
from tests.store.taken import taken

WELL: dict[str, object] = {"away": [], "capped": None}


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


@pytest.mark.parametrize(("minutes", "seconds_left", "status"), [(60, 1, 200), (5, -1, 200), (6, -1, 503)])
async def test_not_ready_when_a_dead_worker_has_a_late_message_in_hand(
    api: Api, now: datetime, minutes: int, seconds_left: int, status: int
) -> None:
    due, lease = now - timedelta(minutes=minutes), now + timedelta(seconds=seconds_left)
    async with api.db.begin() as session:
        person = await add_person(session, session.vault, now=now)
        await add_duty(session, session.vault, person, state=State.CLAIMED, due_at=due, lease_until=lease)
    assert (await api.get("/readyz")).status_code == status


@pytest.mark.parametrize(("seconds", "status"), [(4, 200), (-290, 200), (-301, 503)])
async def test_a_line_that_is_as_long_as_the_allowance_makes_it_is_not_late(
    api: Api, now: datetime, seconds: int, status: int
) -> None:
    async with api.db.begin() as session:
        person = await add_person(session, session.vault, now=now)
        await add_duty(session, session.vault, person, due_at=now - timedelta(hours=1))
        await allowances.next_free(session, [ChannelName.SMS], now)
        await allowances.take(session, {ChannelName.SMS: Free(now + timedelta(seconds=seconds))})
    assert (await api.get("/readyz")).status_code == status


async def sms_is_away(api: Api, now: datetime, *, minutes: float, next_try: datetime) -> None:
    """For so many minutes."""
    since = now - timedelta(minutes=minutes)
    async with api.db.begin() as session:
        await breakers.held(session, ChannelName.SMS)
        await breakers.keep(session, ChannelName.SMS, Breaker(since, since, next_try))


@pytest.mark.parametrize(("minutes", "since"), [(8, "09:52"), (1440, "2026-11-23 10:00")])
async def test_a_provider_that_is_away_is_named_and_what_waits_for_it_is_not_late(
    api: Api, now: datetime, minutes: int, since: str
) -> None:
    await sms_is_away(api, now, minutes=minutes, next_try=now + timedelta(seconds=30))
    async with api.db.begin() as session:
        person = await add_person(session, session.vault, now=now)
        await add_duty(session, session.vault, person, due_at=now - timedelta(hours=1))
    answer = await api.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "reasons": [f"sms: provider away since {since}"]})


async def test_where_nobody_tries_any_more_what_waits_for_an_absent_provider_is_late(api: Api, now: datetime) -> None:
    await sms_is_away(api, now, minutes=60, next_try=now - timedelta(minutes=6))
    async with api.db.begin() as session:
        person = await add_person(session, session.vault, now=now)
        await add_duty(session, session.vault, person, due_at=now - timedelta(hours=1))
    answer = await api.get("/readyz")
    assert (answer.status_code, len(answer.json()["reasons"])) == (503, 2)


async def test_coaches_read_that_a_channel_is_away_and_the_banner_goes_with_it(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        coach = await add_coach(session, session.vault, now=now)
    tokens = [await api.token(coach_id=coach.id), await api.token(Role.LEAD), await api.token(Role.ADMIN)]
    assert [(await api.get("/v1/status", token)).json() for token in tokens] == [WELL] * 3
    await sms_is_away(api, now, minutes=14, next_try=now)
    [line] = (await api.get("/v1/status", tokens[0])).json()["away"]
    says = "SMS kommer ikke ud lige nu. Beskederne venter. Bliver en for gammel, står den på din liste."
    assert line == {
        "channel": "sms",
        "since": "2026-11-24T08:46:00Z",
        "long": False,
        "says": f"{says} Siden d. 24. november kl. 09.46.",
    }
    api.clock.shows = now + timedelta(minutes=1)
    [later] = (await api.get("/v1/status", tokens[1], accept_language="en")).json()["away"]
    assert (later["long"], later["says"][-27:]) == (True, "Since 24 November at 09:46.")
    async with api.db.begin() as session:
        await breakers.keep(session, ChannelName.SMS, Breaker(closed_at=now))
    assert (await api.get("/v1/status", tokens[0])).json() == WELL
    assert (await api.get("/v1/status", await api.token(Role.SERVICE, scope="statistics:read"))).status_code == 404


async def test_not_ready_without_the_schema_or_the_database(
    tmp_path: Path, vault: Vault, catalogue: Catalogue, clock: StillClock
) -> None:
    cases = {
        f"sqlite:///{tmp_path}/empty.db": OLD,
        "postgresql://nobody@127.0.0.1:1/medvind": "the database does not answer",
    }
    for url, reason in cases.items():
        async with Database.open(url, vault) as db:
            transport = httpx2.ASGITransport(create_app(db, catalogue, clock))
            async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
                answer = await client.get("/readyz")
                assert (answer.status_code, answer.json()["reasons"]) == (503, [reason])
                assert (await client.get("/healthz")).status_code == 200


async def test_where_a_newer_version_has_taken_a_table_calls_are_told_which_version_to_start(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        coach = await add_coach(session, session.vault, now=now)
    token = await api.token(coach_id=coach.id)
    async with taken(api.db, "participants"):
        answer = await api.get("/v1/participants", token, accept_language="en")
    assert (answer.status_code, answer.json()["type"]) == (503, "/docs#other-schema")
    assert "Whoever runs Medvind must start that version" in answer.json()["detail"]


async def test_a_version_that_the_schema_has_outgrown_says_so_and_gives_no_numbers(
    sqlite_url: str, vault: Vault, catalogue: Catalogue, clock: StillClock
) -> None:
    async with Database.open(sqlite_url, vault) as db:
        async with db.begin() as session:
            await session.execute(text("update alembic_version set version_num = '9999_9998'"))
        transport = httpx2.ASGITransport(create_app(db, catalogue, clock))
        async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["reasons"]) == (503, [OUTGROWN])
            assert "medvind_database_up 0.0" in (await client.get("/metrics")).text
