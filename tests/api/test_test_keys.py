"""A program is tried out with a key of its own: it reads and is answered as with a real one, and nothing of it stays."""

from datetime import datetime

import httpx2
import pytest

from medvind.model import ChannelName
from tests.api.calling import Api
from tests.people import Person, add_coach, add_duty, add_person
from tests.spreadsheets import everything

CALLS = (
    ("POST", "invite", {"change": False}, 201),
    ("POST", "stop", None, 200),
    ("POST", "messages", {"text": "Hej Maja. Ring, n\u00e5r du kan."}, 201),
    ("PUT", "pause", {"until": "2026-12-14", "reason": "holiday"}, 200),
    ("PUT", "private-word", {"word": "sol"}, 204),
)


@pytest.fixture
async def desk(api: Api, now: datetime) -> tuple[Person, str, str]:
    """Maja, her coach's test key, and the real one."""
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
        maja = await add_person(session, api.db.vault, coach_id=coach.id, now=now)
        await add_duty(session, api.db.vault, maja, channel=ChannelName.SMS, due_at=now)
    return maja, await api.token(coach_id=coach.id, test=True), await api.token(coach_id=coach.id)


async def call(api: Api, method: str, path: str, token: str, said: object, **headers: str) -> httpx2.Response:
    return await api.client.request(method, path, headers={"Authorization": f"Bearer {token}"} | headers, json=said)


@pytest.mark.parametrize(("method", "what", "said", "status"), CALLS, ids=[what for _, what, _, _ in CALLS])
async def test_a_call_with_a_test_key_is_answered_and_nothing_of_it_stays(
    api: Api, desk: tuple[Person, str, str], method: str, what: str, said: object, status: int
) -> None:
    maja, test, real = desk
    path = f"/v1/participants/{maja.public_id}/{what}"
    await api.get(f"/v1/participants/{maja.public_id}/card", test)  # a key's first use is noted
    async with api.db.read() as session:
        before = await everything(session)
    tried = await call(api, method, path, test, said, **{"Idempotency-Key": "a"})
    async with api.db.read() as session:
        assert await everything(session) == before
    print(f"0 rows changed of {sum(map(len, before.values()))}")
    done = await call(api, method, path, real, said, **{"Idempotency-Key": "a"})
    assert (tried.status_code, tried.headers.get("Medvind-Test")) == (status, "nothing was kept")
    assert (done.status_code, done.headers.get("Medvind-Test")) == (status, None)
    async with api.db.read() as session:
        assert await everything(session) != before


async def test_what_a_real_key_would_be_refused_is_refused_a_test_key_in_the_same_words(
    api: Api, desk: tuple[Person, str, str]
) -> None:
    maja, test, real = desk
    path, said = f"/v1/participants/{maja.public_id}/pause", {"until": "2020-01-01", "reason": "holiday"}
    tried, done = [(await call(api, "PUT", path, token, said)) for token in (test, real)]
    assert (tried.status_code, tried.json()) == (done.status_code, done.json()) == (422, done.json())


async def test_a_test_key_reads_what_the_real_one_reads(api: Api, desk: tuple[Person, str, str]) -> None:
    maja, test, real = desk
    for path in ("/v1/participants", f"/v1/participants/{maja.public_id}/card", f"/v1/participants/{maja.public_id}/plan"):
        assert (await api.get(path, test)).json() == (await api.get(path, real)).json()
