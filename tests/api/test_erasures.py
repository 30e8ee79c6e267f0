"""Erasing somebody over the API: looked at first, confirmed, and answered the same again."""

from datetime import datetime, timedelta

import httpx2
from sqlalchemy import func, select

from medvind.model import Role, TaskKind
from medvind.store.tables import IdempotencyRow, ParticipantRow, TaskRow
from medvind.store.views import STANDS
from tests.api.calling import Api
from tests.lives import add_life, traces_of
from tests.people import Made, Person, add_coach, add_task


async def add_wish(api: Api, now: datetime) -> tuple[Made, Person]:
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
        person = await add_life(session, coach, now)
        await add_task(session, person, kind=TaskKind.ERASE, now=now - timedelta(days=2))
    return coach, person


async def call(api: Api, token: str, person: Person, key: str = "", **query: str) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    return await api.client.delete(f"/v1/participants/{person.public_id}", params=query, headers=headers)


async def people(api: Api) -> int:
    async with api.db.read() as session:
        return await session.scalar(select(func.count()).select_from(ParticipantRow).where(STANDS)) or 0


async def test_their_coach_looks_confirms_and_gets_the_proof_each_time(api: Api, now: datetime) -> None:
    coach, person = await add_wish(api, now)
    token = await api.token(coach_id=coach.id)
    seen = (await api.get(f"/v1/participants/{person.public_id}/erasure", token)).json()
    assert (seen["external_id"], seen["held_at"]) == (person.external_id, None)
    assert await people(api) == 1
    done = await call(api, token, person, "key-1", code=seen["code"], filed="true")
    assert (done.status_code, done.json()["reason"]) == (200, "asked")
    assert (done.json()["rows"], done.json()["copies"]) == (seen["rows"], seen["copies"])
    async with api.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(TaskRow)) == 0
        assert await session.scalar(select(func.count()).select_from(IdempotencyRow)) == 1
    for key in ("key-1", "key-2", ""):
        again = await call(api, token, person, key, code=seen["code"], filed="true")
        assert (again.status_code, again.json()) == (200, done.json())
    assert (await api.get(f"/v1/participants/{person.public_id}/card", token)).status_code == 404


async def test_without_the_code_or_the_word_that_it_is_filed_nothing_goes(api: Api, now: datetime) -> None:
    coach, person = await add_wish(api, now)
    token = await api.token(coach_id=coach.id)
    code = (await api.get(f"/v1/participants/{person.public_id}/erasure", token)).json()["code"]
    for query, field in (({"code": code}, "filed"), ({"filed": "true"}, "code"), ({"code": "x", "filed": "true"}, "code")):
        refused = await call(api, token, person, **query)
        assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])
    assert (await call(api, token, person, code=code, filed="false")).status_code == 422
    assert await people(api) == 1


async def test_an_administrator_sees_counts_and_no_content_and_needs_a_reason(api: Api, now: datetime) -> None:
    coach, person = await add_wish(api, now)
    async with api.db.begin() as session:
        other = await add_life(
            session, coach, now, external_id="d-72", words=("Ida", "Idas", "+4501000072", "72", "a", "b", "c")
        )
        boss = await add_coach(session, api.db.vault, role=Role.ADMIN, now=now)
    token = await api.token(Role.ADMIN, coach_id=boss.id)
    seen = await api.get(f"/v1/participants/{other.public_id}/erasure", token)
    assert (seen.status_code, seen.json()["asked_at"], "Ida" in seen.text) == (200, None, False)
    code = seen.json()["code"]
    refused = await call(api, token, other, code=code, filed="true")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["reason"])
    assert (await call(api, token, other, code=code, filed="true", reason="mistake")).status_code == 200
    assert await people(api) == 1
    assert (await api.get(f"/v1/participants/{person.public_id}/erasure", token)).status_code == 200


async def test_nobody_elses_coach_finds_them_before_or_after(api: Api, now: datetime) -> None:
    coach, person = await add_wish(api, now)
    async with api.db.begin() as session:
        other = await add_coach(session, api.db.vault, now=now)
    token, own = await api.token(coach_id=other.id), await api.token(coach_id=coach.id)
    code = (await api.get(f"/v1/participants/{person.public_id}/erasure", own)).json()["code"]
    for _ in range(2):
        assert (await api.get(f"/v1/participants/{person.public_id}/erasure", token)).status_code == 404
        assert (await call(api, token, person, code=code, filed="true")).status_code == 404
        assert (await call(api, own, person, code=code, filed="true")).status_code == 200


async def test_a_coach_gives_no_reason_of_their_own(api: Api, now: datetime) -> None:
    coach, person = await add_wish(api, now)
    token = await api.token(coach_id=coach.id)
    code = (await api.get(f"/v1/participants/{person.public_id}/erasure", token)).json()["code"]
    assert (await call(api, token, person, code=code, filed="true", reason="decided")).status_code == 403
    assert await people(api) == 1


async def test_a_test_key_erases_nobody(api: Api, now: datetime) -> None:
    coach, person = await add_wish(api, now)
    token = await api.token(coach_id=coach.id, test=True)
    code = (await api.get(f"/v1/participants/{person.public_id}/erasure", token)).json()["code"]
    tried = await call(api, token, person, code=code, filed="true")
    assert (tried.status_code, tried.headers["medvind-test"]) == (200, "nothing was kept")
    assert await people(api) == 1
    async with api.db.read() as session:
        assert len(await traces_of(session, person)) > 5


async def test_who_is_kept_for_a_case_is_not_erased(api: Api, now: datetime) -> None:
    coach, person = await add_wish(api, now)
    token, admin = await api.token(coach_id=coach.id), await api.token(Role.ADMIN)
    path = f"/v1/participants/{person.public_id}/hold"
    code = (await api.get(f"/v1/participants/{person.public_id}/erasure", token)).json()["code"]
    signed = {"Authorization": f"Bearer {token}"}
    assert (await api.client.put(path, headers=signed)).status_code == 204
    assert (await call(api, token, person, code=code, filed="true")).status_code == 422
    assert (await api.client.delete(path, headers=signed)).status_code == 403
    assert (await api.client.delete(path, headers={"Authorization": f"Bearer {admin}"})).status_code == 204
    assert (await call(api, token, person, code=code, filed="true")).status_code == 200
