"""Signing in: what a token opens, when it is dead, and what happens to one that was seen in a URL."""

from datetime import datetime, timedelta

import pytest

from medvind.model import Role
from medvind.store import tokens
from tests.api.calling import Api
from tests.people import add_coach, add_person

LIST = "/v1/participants"


async def a_coach(api: Api, now: datetime) -> str:
    """The token of a coach with one person."""
    async with api.db.begin() as session:
        coach = await add_coach(session, session.vault, now=now)
        await add_person(session, session.vault, coach_id=coach.id, now=now)
    return await api.token(coach_id=coach.id)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic a2FyaW46MTIzNA=="},
        {"Authorization": "Bearer mv_nobody-made-this-one"},
        {"Authorization": "Bearer \xe6\xf8\xe5"},
    ],
)
async def test_without_a_living_token_nothing_is_shown(api: Api, header: dict[str, str]) -> None:
    sent = [(name.encode(), value.encode("latin-1")) for name, value in header.items()]
    answer = await api.client.get(LIST, headers=sent)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_an_expired_token_is_dead(api: Api, now: datetime) -> None:
    token = await a_coach(api, now)
    api.clock.shows = now + timedelta(days=90) - timedelta(seconds=1)
    assert (await api.get(LIST, token)).status_code == 200
    api.clock.shows = now + timedelta(days=90)
    assert (await api.get(LIST, token)).status_code == 401


async def test_a_revoked_token_is_dead_at_the_next_call(api: Api, now: datetime) -> None:
    token = await a_coach(api, now)
    assert (await api.get(LIST, token)).status_code == 200
    async with api.db.begin() as session:
        [listed] = await tokens.listed(session)
        await tokens.revoke(session, listed.id, now)
    assert (await api.get(LIST, token)).status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "/v1/participants?token={token}",
        "/v1/participants?access_token={token}",
        "/v1/participants?limit=5&q={token}",
        "/v1/participants?q=Bearer%20{token}",
        "/v1/participants/{token}/card",
        "/healthz?t={token}",
        "/no/such/page?x={token}",
    ],
)
async def test_a_token_in_a_url_is_refused_and_revoked(api: Api, now: datetime, address: str) -> None:
    token = await a_coach(api, now)
    answer = await api.get(address.format(token=token), token)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert token not in answer.text
    assert (await api.get(LIST, token)).status_code == 401


@pytest.mark.parametrize("query", ["token=abc", "ACCESS_TOKEN=", "q=mv_half-a-token"])
async def test_what_only_looks_like_a_token_in_a_url_is_refused_too(api: Api, now: datetime, query: str) -> None:
    token = await a_coach(api, now)
    assert (await api.get(f"{LIST}?{query}", token)).status_code == 400
    assert (await api.get(LIST, token)).status_code == 200


async def test_the_last_use_is_known_to_the_minute(api: Api, now: datetime) -> None:
    token = await a_coach(api, now)
    for seconds in (0, 30, 59):
        api.clock.shows = now + timedelta(seconds=seconds)
        await api.get(LIST, token)
        assert await last_use(api) == now
    api.clock.shows = now + timedelta(seconds=61)
    await api.get(LIST, token)
    assert await last_use(api) == api.clock.shows


async def last_use(api: Api) -> datetime | None:
    async with api.db.read() as session:
        [listed] = await tokens.listed(session)
    return listed.last_used_at


async def test_every_answer_tells_browsers_to_keep_and_guess_nothing(api: Api, now: datetime) -> None:
    token = await a_coach(api, now)
    addresses = [LIST, "/healthz", "/docs", "/openapi.json", "/nothing", f"{LIST}?limit=0", f"{LIST}?token=x"]
    for address in addresses:
        answer = await api.get(address, token)
        assert answer.headers["x-content-type-options"] == "nosniff", address
        assert answer.headers["cache-control"] == "no-store", address
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], address


async def test_a_token_of_each_role_signs_in(api: Api) -> None:
    for role, scope in ((Role.LEAD, None), (Role.ADMIN, None), (Role.SERVICE, "statistics:read")):
        assert (await api.get(LIST, await api.token(role, scope=scope))).status_code == 404, role
