"""Extensions over the API: recorded once, for one's own people, and refused by field; the card shows what is left."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import httpx2
import pytest

from medvind.model import Milestone, Role, State, SupportType, new_id
from medvind.store import listing
from tests.api.calling import Api
from tests.people import Person, add_coach, add_person

STARTED = {Milestone.BUSINESS_STARTED: date(2026, 7, 10)}
MONTH = {"months": 1, "granted_on": "2026-11-20"}


@dataclass(frozen=True)
class Office:
    """A coach, another one, and the first one's people: one on a benefit, one on a pension."""

    api: Api
    maja: Person
    osman: Person
    karin: str
    bente: str

    def path(self, person: Person, *rest: str) -> str:
        return "/".join((f"/v1/participants/{person.public_id}/support-periods", *rest))

    async def call(self, method: str, path: str, token: str | None = None, body: Any = None) -> httpx2.Response:
        signed = {"Authorization": f"Bearer {token or self.karin}", "Accept-Language": "en"}
        return await self.api.client.request(method, path, headers=signed, json=body)

    async def post(self, body: Any, person: Person | None = None) -> httpx2.Response:
        return await self.call("POST", self.path(person or self.maja), body=body)

    async def card(self, person: Person) -> Any:
        return (await self.api.get(f"/v1/participants/{person.public_id}/card", self.karin)).json()


@pytest.fixture
async def office(api: Api, now: datetime) -> Office:
    async with api.db.begin() as session:
        vault = session.vault
        karin, bente = [(await add_coach(session, vault, first_name=name, now=now)).id for name in ("Karin", "Bente")]
        maja, osman = [
            await add_person(
                session,
                vault,
                external_id=name,
                phone=phone,
                coach_id=karin,
                milestones=STARTED,
                support_type=support_type,
                now=now,
            )
            for name, phone, support_type in (
                ("d-001", "+4501000001", SupportType.CASH_BENEFIT),
                ("d-002", "+4501000002", SupportType.DISABILITY_PENSION),
            )
        ]
    return Office(api, maja, osman, await api.token(coach_id=karin), await api.token(coach_id=bente))


async def test_the_card_shows_when_the_support_ends_and_what_is_left_to_work_in(office: Office) -> None:
    support = (await office.card(office.maja))["support"]
    assert support == {
        "ends_on": "2027-01-09",
        "no_end": None,
        "working_days_left": 30,
        "months": [
            {"month": "2026-11-01", "working_days": 5, "lost": 0},
            {"month": "2026-12-01", "working_days": 20, "lost": 0},
            {"month": "2027-01-01", "working_days": 5, "lost": 0},
        ],
    }


async def test_the_card_of_a_pensioner_says_why_there_is_no_end(office: Office) -> None:
    support = (await office.card(office.osman))["support"]
    assert support == {"ends_on": None, "no_end": "pension", "working_days_left": None, "months": []}


async def test_the_stage_and_the_card_follow_an_extension(office: Office, now: datetime) -> None:
    office.api.clock.shows = now.replace(year=2027, month=1, day=10)
    assert (await office.card(office.maja))["participant"]["stage"] == "operation"
    assert (await office.post(MONTH)).status_code == 201
    card = await office.card(office.maja)
    assert (card["participant"]["stage"], card["support"]["ends_on"]) == ("startup", "2027-02-09")


async def test_an_extension_is_recorded_listed_and_planned_with(office: Office) -> None:
    made = await office.post(MONTH)
    assert made.status_code == 201
    assert made.json() == {"id": made.json()["id"], **MONTH, "ends_on": "2027-02-09"}
    listed = (await office.call("GET", office.path(office.maja))).json()
    assert listed == {"items": [{"id": made.json()["id"], **MONTH}], "next": None}
    async with office.api.db.read() as session:
        keys = {row.key for row in await listing.listed(session, state=State.PLANNED)}
    assert keys == {"support_extended:2027-02-09", "support_end:2027-02-09:42d", "support_end:2027-02-09:14d"}


async def test_the_same_call_again_gives_the_same_answer_and_no_second_extension(office: Office) -> None:
    first, second = await office.post(MONTH), await office.post(MONTH)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert len((await office.call("GET", office.path(office.maja))).json()["items"]) == 1


async def test_an_extension_is_taken_back_once(office: Office) -> None:
    made = (await office.post(MONTH)).json()
    gone = await office.call("DELETE", office.path(office.maja, made["id"]))
    assert (gone.status_code, gone.json()["ends_on"], gone.json()["working_days_left"]) == (200, "2027-01-09", 30)
    assert (await office.call("DELETE", office.path(office.maja, made["id"]))).status_code == 404
    assert (await office.call("GET", office.path(office.maja))).json()["items"] == []


BAD = [
    ({"months": 0, "granted_on": "2026-11-20"}, {"months": ["at least 1"]}),
    ({"months": 13, "granted_on": "2026-11-20"}, {"months": ["at most 12"]}),
    ({"months": "1", "granted_on": "2026-11-20"}, {"months": ["a whole number is needed"]}),
    ({"months": True, "granted_on": "2026-11-20"}, {"months": ["a whole number is needed"]}),
    ({"months": 1, "granted_on": "20. november"}, {"granted_on": ["a day is needed, such as 2026-12-24"]}),
    ({"months": 1}, {"granted_on": ["is missing"]}),
    ({"months": 1, "granted_on": "2026-11-20", "note": "syg"}, {"note": ["there is no such field; leave it out"]}),
    ({"months": 1, "granted_on": "2026-07-09"}, {"granted_on": ["the business had not started by then"]}),
    ({"months": 1, "granted_on": "2026-11-25"}, {"granted_on": ["that day is still to come"]}),
]


async def test_bad_input_is_refused_by_field_and_nothing_is_kept(office: Office) -> None:
    print(f"{len(BAD)} bodies looked at")
    for body, errors in BAD:
        answer = await office.post(body)
        assert (answer.status_code, answer.json()["errors"]) == (422, errors), body
    refused = await office.post(MONTH, office.osman)
    assert refused.json()["errors"] == {"support_type": ["a pension goes on, so there is no end to put off"]}
    assert (await office.call("GET", office.path(office.maja))).json()["items"] == []


async def test_only_the_persons_own_coach_may_see_or_change_it(office: Office) -> None:
    made = (await office.post(MONTH)).json()
    others = [office.bente, await office.api.token(Role.LEAD), await office.api.token(Role.ADMIN)]
    others.append(await office.api.token(Role.SERVICE, scope="participants:read"))
    calls = [
        ("GET", office.path(office.maja), None),
        ("POST", office.path(office.maja), {**MONTH, "granted_on": "2026-11-21"}),
        ("DELETE", office.path(office.maja, made["id"]), None),
    ]
    looked = 0
    for token in others:
        for method, path, body in calls:
            answer = await office.call(method, path, token, body)
            absent = await office.call(method, path.replace(office.maja.public_id, new_id()), token, body)
            assert (answer.status_code, answer.content) == (404, absent.content), (method, path)
            looked += 1
    print(f"{looked} calls looked at")
    assert len((await office.call("GET", office.path(office.maja))).json()["items"]) == 1
    unsigned = await office.api.client.request("POST", office.path(office.maja), json=MONTH)
    assert unsigned.status_code == 401
