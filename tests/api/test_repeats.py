"""A program whose call was cut off makes it again with the same key: it has one effect and the same answer, for a day."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from medvind.flows.settle import sweep
from medvind.store.tables import IdempotencyRow, InviteRow
from tests.api.calling import Api
from tests.people import add_coach, add_person

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Desk:
    """A coach's program, and one person of theirs."""

    api: Api
    coach: int
    token: str
    person: str

    async def invite(self, key: str | None = KEY, *, token: str | None = None, change: bool = False) -> httpx2.Response:
        """Asks for a code: each is another one, and is shown once."""
        return await self.call("POST", "invite", key, token=token, json={"change": change})

    async def call(
        self, method: str, what: str, key: str | None = KEY, *, token: str | None = None, **given: Any
    ) -> httpx2.Response:
        signed = {"Authorization": f"Bearer {token or self.token}"} | ({"Idempotency-Key": key} if key is not None else {})
        return await self.api.client.request(method, f"/v1/participants/{self.person}/{what}", headers=signed, **given)

    async def codes_made(self) -> int:
        async with self.api.db.read() as session:
            return len((await session.scalars(select(InviteRow.id))).all())


@pytest.fixture
async def desk(api: Api, now: datetime) -> Desk:
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
        maja = await add_person(session, api.db.vault, coach_id=coach.id, now=now)
    return Desk(api, coach.id, await api.token(coach_id=coach.id), maja.public_id)


async def test_a_call_made_again_with_its_key_has_one_effect_and_the_same_answer(desk: Desk) -> None:
    first, again = await desk.invite(), await desk.invite()
    assert (first.status_code, first.headers.get("Idempotent-Replayed")) == (201, None)
    assert (again.status_code, again.headers.get("Idempotent-Replayed")) == (201, "true")
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert await desk.codes_made() == 1


async def test_an_answer_without_words_is_repeated_too(desk: Desk) -> None:
    answers = [await desk.call("PUT", "private-word", json={"word": "solsikke"}) for _ in range(2)]
    assert [(one.status_code, one.content) for one in answers] == [(204, b"")] * 2
    assert [one.headers.get("Idempotent-Replayed") for one in answers] == [None, "true"]


async def test_eight_at_once_have_one_effect(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.invite() for _ in range(8)))
    print(f"{len(answers)} calls, {await desk.codes_made()} code")
    assert Counter(one.headers.get("Idempotent-Replayed") for one in answers) == {None: 1, "true": 7}
    assert len({one.content for one in answers}) == 1
    assert await desk.codes_made() == 1


async def test_without_a_key_each_call_counts(desk: Desk) -> None:
    codes = {(await desk.invite(None)).json()["code"] for _ in range(2)}
    assert len(codes) == 2


async def test_a_key_that_was_used_for_another_call_is_refused_and_changes_nothing(desk: Desk) -> None:
    await desk.invite()
    others = [
        await desk.invite(change=True),
        await desk.call("POST", "invite?x=1", json={"change": False}),
        await desk.call("DELETE", "private-word"),
        await desk.call("PUT", "private-word", json={"word": "solsikke"}),
    ]
    assert [(one.status_code, list(one.json()["errors"])) for one in others] == [(422, ["idempotency_key"])] * 4
    assert await desk.codes_made() == 1
    assert (await desk.call("DELETE", "private-word", "another")).status_code == 204


async def test_what_was_refused_may_be_mended_and_sent_again_with_the_same_key(desk: Desk) -> None:
    refused = await desk.call("PUT", "private-word", json={"word": "x"})
    mended = await desk.call("PUT", "private-word", json={"word": "solsikke"})
    assert [refused.status_code, mended.status_code] == [422, 204]
    assert "Idempotent-Replayed" not in mended.headers


async def test_after_a_day_the_same_key_is_a_new_call(desk: Desk, now: datetime) -> None:
    first = (await desk.invite()).json()["code"]
    desk.api.clock.shows = now + DAY - timedelta(seconds=1)
    assert (await desk.invite()).json()["code"] == first
    desk.api.clock.shows = now + DAY
    assert (await desk.invite()).json()["code"] != first
    assert await desk.codes_made() == 2


async def test_the_same_key_of_another_program_is_its_own(desk: Desk) -> None:
    mine, theirs = await desk.invite(), await desk.invite(token=await desk.api.token(coach_id=desk.coach))
    assert "Idempotent-Replayed" not in theirs.headers
    assert theirs.json()["code"] != mine.json()["code"]


async def test_what_was_answered_is_kept_sealed_and_forgotten_after_a_day(desk: Desk, now: datetime) -> None:
    code = (await desk.invite()).json()["code"]
    async with desk.api.db.read() as session:
        kept = (await session.scalars(select(IdempotencyRow.answer))).one()
    assert kept is not None
    assert code.encode() not in kept
    for passed, left in ((DAY - timedelta(seconds=1), 1), (DAY, 0)):
        desk.api.clock.shows = now + passed
        await sweep(desk.api.db, desk.api.clock)
        async with desk.api.db.read() as session:
            assert len((await session.scalars(select(IdempotencyRow.id))).all()) == left


async def test_a_private_word_cannot_be_guessed_from_what_is_kept_of_a_call(desk: Desk) -> None:
    answer = await desk.call("PUT", "private-word", json={"word": "solsikke"})
    said = f"PUT {answer.request.url.path}?\n".encode() + answer.request.content
    async with desk.api.db.read() as session:
        kept = (await session.scalars(select(IdempotencyRow.call))).one()
    assert b"solsikke" in said
    assert kept != sha256(said).hexdigest()


@pytest.mark.parametrize("key", ["", "x" * 256, "nøgle"])
async def test_a_key_that_is_none_is_refused_by_name(desk: Desk, key: str) -> None:
    signed = {"Authorization": f"Bearer {desk.token}", "Idempotency-Key": key.encode("latin-1")}
    path = f"/v1/participants/{desk.person}/invite"
    refused = await desk.api.client.post(path, headers=signed, json={})  # type: ignore[arg-type]
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["Idempotency-Key"])
    assert await desk.codes_made() == 0


async def test_every_call_that_writes_takes_a_key(api: Api) -> None:
    document = (await api.get("/openapi.json")).json()
    calls = [
        (operation["operationId"], {one["name"] for one in operation.get("parameters", [])})
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "get"
    ]
    without = {name for name, parameters in calls if "Idempotency-Key" not in parameters}
    print(f"{len(calls)} calls that are no GET, {len(without)} of them without a key")
    assert without == {"preview_text"}  # it keeps nothing
