"""A coach hands out a code: for one of their own people, and another account only where they say that it shall be one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from api.app import create_app
from medvind.model import Role, new_id
from medvind.store import invites
from medvind.store.database import Database
from medvind.texts import Catalogue
from tests.api.calling import Api, StillClock
from tests.people import Person, add_coach, add_person

BOT = "medvind_test_bot"


@dataclass(frozen=True)
class Office:
    """Karin with two people, one of whom has joined Telegram; and Bente."""

    api: Api
    maja: Person
    osman: Person
    karin: str
    bente: str

    async def invite(self, public_id: str, token: str | None = None, body: Any = None) -> httpx2.Response:
        signed = {"Authorization": f"Bearer {token or self.karin}", "Accept-Language": "en"}
        return await self.api.client.post(f"/v1/participants/{public_id}/invite", headers=signed, json=body)

    async def good_for(self, code: str, now: datetime) -> invites.Invite | None:
        async with self.api.db.read() as session:
            return await invites.find(session, code, now)


@pytest.fixture
async def office(db: Database, catalogue: Catalogue, clock: StillClock, now: datetime) -> AsyncIterator[Office]:
    async with db.begin() as session:
        karin, bente = [(await add_coach(session, db.vault, first_name=name, now=now)).id for name in ("Karin", "Bente")]
        maja = await add_person(session, db.vault, coach_id=karin, now=now)
        osman = await add_person(session, db.vault, external_id="d-2", phone=None, telegram="4711", coach_id=karin, now=now)
    transport = httpx2.ASGITransport(create_app(db, catalogue, clock, bot_name=BOT))
    async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
        api = Api(client, db, clock)
        yield Office(api, maja, osman, await api.token(coach_id=karin), await api.token(coach_id=bente))


async def test_a_coach_gets_a_code_and_its_link_for_a_week(office: Office, now: datetime) -> None:
    answer = await office.invite(office.maja.public_id)
    assert answer.status_code == 201
    told = answer.json()
    assert told["link"] == f"https://t.me/{BOT}?start={told['code']}"
    assert datetime.fromisoformat(told["expires_at"]) == now + timedelta(days=7)
    found = await office.good_for(told["code"], now)
    assert found is not None
    assert (found.participant_id, found.changes, told["change"]) == (office.maja.id, False, False)
    again = (await office.invite(office.maja.public_id, body={"change": False})).json()
    assert await office.good_for(told["code"], now + timedelta(seconds=1)) is None, "the last one alone is good"
    assert await office.good_for(again["code"], now + timedelta(seconds=1)) is not None


async def test_another_account_has_to_be_asked_for_as_a_change(office: Office, now: datetime) -> None:
    refused = await office.invite(office.osman.public_id)
    assert refused.status_code == 422
    assert refused.json()["errors"]["change"][0].startswith("this person has joined Telegram already; START from it")
    told = (await office.invite(office.osman.public_id, body={"change": True})).json()
    found = await office.good_for(told["code"], now)
    assert found is not None
    assert (found.participant_id, found.changes) == (office.osman.id, True)


async def test_nobody_invites_whom_they_do_not_follow(office: Office) -> None:
    tokens = [office.bente, await office.api.token(Role.LEAD), await office.api.token(Role.ADMIN)]
    tokens += [await office.api.token(Role.SERVICE, scope="participants:read")]
    theirs = [await office.invite(office.maja.public_id, token) for token in tokens]
    nobodys = await office.invite(new_id())
    assert {answer.status_code for answer in (*theirs, nobodys)} == {404}
    assert {answer.content for answer in (*theirs, nobodys)} == {nobodys.content}


@pytest.mark.parametrize("body", [{"change": "yes"}, {"change": 1}, {"account": "4711"}, []])
async def test_what_cannot_be_meant_is_refused(office: Office, body: Any) -> None:
    assert (await office.invite(office.maja.public_id, body=body)).status_code == 422


async def test_where_nobody_knows_the_bots_name_there_is_the_code_alone(api: Api, now: datetime, db: Database) -> None:
    async with db.begin() as session:
        karin = (await add_coach(session, db.vault, now=now)).id
        maja = await add_person(session, db.vault, coach_id=karin, now=now)
    signed = {"Authorization": f"Bearer {await api.token(coach_id=karin)}"}
    told = (await api.client.post(f"/v1/participants/{maja.public_id}/invite", headers=signed)).json()
    assert (told["link"], len(told["code"])) == (None, 22)


async def test_a_code_that_is_sent_by_sms_is_not_shown_to_the_coach(office: Office, now: datetime) -> None:
    signed = {"Authorization": f"Bearer {office.karin}", "Accept-Language": "en"}
    answer = await office.api.client.post(f"/v1/participants/{office.maja.public_id}/invite/sms", headers=signed)
    assert answer.status_code == 202
    assert set(answer.json()) == {"expires_at"}
    assert datetime.fromisoformat(answer.json()["expires_at"]) == now + timedelta(hours=24)
    refused = await office.api.client.post(f"/v1/participants/{office.osman.public_id}/invite/sms", headers=signed)
    assert refused.status_code == 422
    theirs = {**signed, "Authorization": f"Bearer {office.bente}"}
    assert (
        await office.api.client.post(f"/v1/participants/{office.maja.public_id}/invite/sms", headers=theirs)
    ).status_code == 404
