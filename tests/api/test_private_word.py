"""A coach enters the word that somebody has chosen; nobody reads it afterwards."""

from datetime import datetime

import httpx2
import pytest

from medvind.store import preferences
from tests.api.calling import Api
from tests.people import Person, add_coach, add_person


async def call(api: Api, method: str, person: Person, token: str, word: object = None) -> httpx2.Response:
    path, signed = f"/v1/participants/{person.public_id}/private-word", {"Authorization": f"Bearer {token}"}
    return await api.client.request(method, path, headers=signed, json=None if word is None else {"word": word})


async def is_word(api: Api, person: Person, word: str) -> bool:
    async with api.db.read() as session:
        return await preferences.is_private_word(session, person.id, word)


async def test_a_word_is_set_changed_and_dropped_and_case_makes_no_difference(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
        maja = await add_person(session, api.db.vault, coach_id=coach.id, now=now)
    token = await api.token(coach_id=coach.id)
    assert not await is_word(api, maja, "sol")
    for word in ("Sol", "solsikke"):
        assert (await call(api, "PUT", maja, token, word)).status_code == 204
        assert await is_word(api, maja, word.upper())
    assert not await is_word(api, maja, "sol")
    for _ in range(2):
        assert (await call(api, "DELETE", maja, token)).status_code == 204
        assert not await is_word(api, maja, "solsikke")


async def test_the_same_word_of_two_people_is_kept_as_two_hashes(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
        maja = await add_person(session, api.db.vault, coach_id=coach.id, now=now)
        omar = await add_person(session, api.db.vault, external_id="d-2", phone="+4501000002", coach_id=coach.id, now=now)
    token = await api.token(coach_id=coach.id)
    assert (await call(api, "PUT", maja, token, "sol")).status_code == 204
    assert await is_word(api, maja, "sol")
    assert not await is_word(api, omar, "sol")


@pytest.mark.parametrize("word", ["", "ab", "x" * 41, 17, "  a  "])
async def test_a_word_that_is_none_is_refused_by_its_field(api: Api, now: datetime, word: object) -> None:
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
        maja = await add_person(session, api.db.vault, coach_id=coach.id, now=now)
    refused = await call(api, "PUT", maja, await api.token(coach_id=coach.id), word)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["word"])


async def test_somebody_elses_person_is_not_there(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
        maja = await add_person(session, api.db.vault, coach_id=coach.id, now=now)
        other = await add_coach(session, api.db.vault, first_name="Bente", now=now)
    token = await api.token(coach_id=other.id)
    for method, word in (("PUT", "sol"), ("DELETE", None)):
        assert (await call(api, method, maja, token, word)).status_code == 404
    assert not await is_word(api, maja, "sol")
