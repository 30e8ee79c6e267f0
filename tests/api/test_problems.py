"""What goes wrong is said as a problem: in the caller's language, by field, and never with what was sent."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter, Request
from structlog.testing import capture_logs

from api.app import create_app
from api.problems import Problem
from medvind.channels import Inbound, InboundKind
from medvind.model import ChannelName
from medvind.store import inbox
from medvind.store.database import Database
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.api.calling import Api, StillClock
from tests.people import add_coach

KIB = 1024


async def a_token(api: Api, now: datetime) -> str:
    async with api.db.begin() as session:
        coach = await add_coach(session, session.vault, now=now)
    return await api.token(coach_id=coach.id)


def problem_of(answer: httpx2.Response) -> Problem:
    """A problem that says its own status, read as the document describes it."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate(answer.json(), strict=True, extra="forbid")
    assert problem.status == answer.status_code
    return problem


BAD_FIELDS = [
    ("limit=0", "limit", "at least 1"),
    ("limit=201", "limit", "at most 200"),
    ("limit=hemmeligt", "limit", "a whole number is needed"),
    ("cursor=hemmeligt", "cursor", "take it from `next` of the page before"),
    ("cursor=AA", "cursor", "take it from `next` of the page before"),
    ("cursor=%00", "cursor", "take it from `next` of the page before"),
    (f"cursor={'x' * 1001}", "cursor", "can't be used"),
]


async def test_a_bad_field_is_named_and_not_repeated(api: Api, now: datetime) -> None:
    token = await a_token(api, now)
    for query, field, fault in BAD_FIELDS:
        answer = await api.get(f"/v1/check-ins?{query}", token, accept_language="en")
        assert problem_of(answer).errors == {field: [fault]}
        assert answer.status_code == 422
        assert "hemmeligt" not in answer.text


NO_IDS = ["%00", "æøå", "a b", "x" * 65]


async def test_an_id_that_nobody_can_have_is_refused(api: Api, now: datetime) -> None:
    token = await a_token(api, now)
    for path in NO_IDS:
        answer = await api.get(f"/v1/participants/{path}/card", token)
        assert answer.status_code == 422
        assert list(problem_of(answer).errors or {}) == ["participant_id"]


LANGUAGES = [("en", "Not found"), ("en-GB,en;q=0.9", "Not found"), ("fr, da;q=0.5", "Ikke fundet"), ("*", "Ikke fundet")]


async def test_problems_speak_danish_or_english(api: Api) -> None:
    for language, title in LANGUAGES:
        answer = await api.get("/no/such/page", accept_language=language)
        assert problem_of(answer).title == title
        assert answer.status_code == 404


async def test_an_address_says_what_it_takes(api: Api) -> None:
    answer = await api.client.delete("/v1/participants")
    assert problem_of(answer).status == 405
    assert answer.headers["allow"] == "GET"


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // KIB):
        yield b"x" * KIB


def a_webhook(db: Database, now: datetime) -> APIRouter:
    """Keeps what it gets, as the providers' webhooks do."""
    router = APIRouter()

    @router.post("/webhooks/test")
    async def keep(request: Request) -> dict[str, int]:
        body = await request.body()
        message = Inbound(ChannelName.SMS, f"SM{len(body)}", "+4501000001", InboundKind.TEXT, "hej", "hej")
        async with db.begin() as session:
            await inbox.keep(session, message, now)
        return {"size": len(body)}

    @router.get("/webhooks/broken")
    async def broken() -> None:
        raise RuntimeError("Maja skrev: ring til mig")

    return router


@pytest.fixture
async def hooked(db: Database, catalogue: Catalogue, clock: StillClock, now: datetime) -> AsyncIterator[Api]:
    transport = httpx2.ASGITransport(create_app(db, catalogue, clock, extra=[a_webhook(db, now)]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
        yield Api(client, db, clock)


async def kept(api: Api, now: datetime) -> int:
    async with api.db.read() as session:
        return await inbox.count_from(session, ChannelName.SMS, "+4501000001", now, timedelta(days=1))


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_of_a_megabyte_is_refused_and_nothing_is_written(hooked: Api, now: datetime, chunked: bool) -> None:
    size = KIB * KIB
    answer = await hooked.client.post("/webhooks/test", content=chunks(size) if chunked else b"x" * size)
    assert problem_of(answer).status == 413
    assert await kept(hooked, now) == 0


async def test_a_body_that_lies_about_its_size_is_refused(hooked: Api, now: datetime) -> None:
    answer = await hooked.client.post("/webhooks/test", content=chunks(KIB * KIB), headers={"Content-Length": "10"})
    assert problem_of(answer).status == 413
    assert await kept(hooked, now) == 0


@pytest.mark.parametrize("size", [0, 1, 64 * KIB])
async def test_what_fits_arrives_whole(hooked: Api, now: datetime, size: int) -> None:
    answer = await hooked.client.post("/webhooks/test", content=b"x" * size)
    assert answer.json() == {"size": size}
    assert await kept(hooked, now) == 1


@pytest.mark.parametrize(("size", "status"), [(64 * KIB + 1, 404), (256 * KIB, 404), (256 * KIB + 1, 413), (KIB * KIB, 413)])
async def test_telegram_may_post_a_long_answer_to_a_long_message(hooked: Api, size: int, status: int) -> None:
    answer = await hooked.client.post("/webhooks/telegram", content=b"x" * size)
    assert problem_of(answer).status == status


async def test_the_unexpected_is_told_without_details_and_logged_by_its_type(hooked: Api) -> None:
    with capture_logs() as logs:
        answer = await hooked.client.get("/webhooks/broken")
    assert problem_of(answer).status == 500
    assert "Maja" not in answer.text
    assert "Maja" not in json.dumps(logs)
    assert [entry["error"] for entry in logs] == ["RuntimeError"]


async def test_without_a_database_calls_are_told_to_try_again(
    tmp_path: Path, vault: Vault, catalogue: Catalogue, clock: StillClock
) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/medvind"
    for url in (nowhere, f"sqlite:///{tmp_path}/empty.db"):
        async with Database.open(url, vault) as db:
            transport = httpx2.ASGITransport(create_app(db, catalogue, clock))
            async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
                answer = await client.get("/v1/participants", headers={"Authorization": "Bearer mv_x"})
                assert problem_of(answer).status == 503, url
                assert answer.headers["retry-after"] == "5"
                answer = await client.get(f"/v1/participants?x=mv_{'x' * 43}")
                assert problem_of(answer).status == 503, url
