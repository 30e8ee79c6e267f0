"""A text sent to one's own phone: marked as a try, to nobody else, and not without end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from medvind.errors import UnknownFateError
from medvind.flows.preview import MOST_TRIES
from medvind.flows.settle import settle_doubts
from medvind.model import Role, State
from medvind.texts import Catalogue
from tests.api.calling import Api
from tests.fakes import HandClock, Town
from tests.people import Person, add_coach, add_person

KARINS = "+4501009001"
CHECKIN = "/v1/texts/checkin/da/preview/send"


@dataclass(frozen=True)
class Office:
    """Karin with Maja; Bente without a phone; an admin who is nobody's coach; and what reaches the phones."""

    api: Api
    town: Town
    maja: Person
    karin: str
    bente: str
    admin: str

    async def call(self, body: Any = None, token: str = "", path: str = CHECKIN, key: str = "") -> httpx2.Response:
        signed = {"Authorization": f"Bearer {token or self.karin}"} | ({"Idempotency-Key": key} if key else {})
        return await self.api.client.post(path, headers=signed, json=body or {})

    async def phones(self) -> list[tuple[str, str]]:
        await self.town.deliver()
        return [(one.to, one.text) for one in self.town.sms.sent]


@pytest.fixture
async def office(api: Api, now: datetime, catalogue: Catalogue) -> Office:
    async with api.db.begin() as session:
        karin = await add_coach(session, session.vault, phone=KARINS, now=now)
        bente = await add_coach(session, session.vault, first_name="Bente", phone=None, now=now)
        maja = await add_person(session, session.vault, first_name="Maja", coach_id=karin.id, now=now)
    tokens = [await api.token(coach_id=karin.id), await api.token(coach_id=bente.id), await api.token(Role.ADMIN)]
    return Office(api, Town(api.db, HandClock(now), catalogue), maja, *tokens)


async def test_a_try_reaches_the_phone_of_whoever_asks_with_its_mark_and_the_longest_values(office: Office) -> None:
    made = await office.call()
    assert made.status_code == 202
    [(to, text)] = await office.phones()
    assert (to, text) == (KARINS, made.json()["text"])
    assert text.startswith("PRØVE: Hej Christoffer. Hvordan går det")
    assert made.json()["segments"] == 1


async def test_words_that_are_no_version_yet_can_be_tried_with_the_facts_of_ones_own_person(office: Office) -> None:
    words = {"text": "Hej {{ first_name }} \N{EN DASH} er du klar?"}
    refused = await office.call({"words": words, "participant_id": office.maja.public_id})
    assert refused.status_code == 422  # the dash makes it dear: what may not go out is tried on no phone
    assert "er der kun plads til 70 tegn" in refused.json()["errors"]["text"][0]
    words = {"text": "Hej {{ first_name }}, er du klar?"}
    assert (await office.call({"words": words, "participant_id": office.maja.public_id})).status_code == 202
    assert await office.phones() == [(KARINS, "PRØVE: Hej Maja, er du klar?")]


async def test_nobody_tries_with_the_facts_of_somebody_elses_person(office: Office, now: datetime) -> None:
    async with office.api.db.begin() as session:
        other = await add_coach(session, session.vault, first_name="Ditte", phone="+4501009002", now=now)
    ditte = await office.api.token(coach_id=other.id)
    assert (await office.call({"participant_id": office.maja.public_id}, ditte)).status_code == 404
    assert await office.phones() == []


async def test_who_has_no_phone_here_is_told_how_to_enter_one_and_nobody_on_duty_is_rung(office: Office) -> None:
    for token in (office.bente, office.admin):
        refused = await office.call(token=token)
        assert refused.status_code == 422
        assert "medvind token create" in refused.json()["errors"]["phone"][0]
    assert await office.phones() == []


async def test_after_ten_in_a_day_there_are_no_more_until_tomorrow(office: Office, now: datetime) -> None:
    assert [(await office.call()).status_code for _ in range(MOST_TRIES + 1)] == [202] * MOST_TRIES + [422]
    assert len(await office.phones()) == MOST_TRIES
    office.api.clock.shows = now + timedelta(hours=24)
    assert (await office.call()).status_code == 202


async def test_the_same_call_with_its_key_rings_once(office: Office) -> None:
    first, again = [await office.call(key="k-1") for _ in range(2)]
    assert first.json() == again.json()
    assert len(await office.phones()) == 1


async def test_a_try_of_unknown_fate_is_asked_for_at_the_coachs_own_number_and_not_sent_twice(office: Office) -> None:
    town = office.town
    assert (await office.call()).status_code == 202
    town.sms.fails_with, town.sms.loses_answers = UnknownFateError("reset"), True
    await town.deliver()
    town.sms.fails_with = None
    for wait in (3, 10):
        town.clock.pass_by(minutes=wait)
        await settle_doubts(town.db, town.machine, town.clock)
    assert len(await office.phones()) == 1
    assert [row.state for row in await town.rows()] == [State.SENT]
