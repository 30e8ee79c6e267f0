"""Deputies and absences over the API: a deputy serves the coach's people up to the last day, and nobody else does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from medvind.model import Role, new_id
from tests.api.calling import Api
from tests.people import Made, Person, add_coach, add_inbound, add_meeting, add_person, add_task

BENTES = "bente@kommune.example"
FOR_A_WEEK = {"deputy_email": BENTES, "last_day": "2026-11-30"}
HOLIDAY = {"first_day": "2026-12-21", "last_day": "2026-12-31"}
LISTS = ("/v1/participants", "/v1/inbox", "/v1/tasks", "/v1/meetings")
ABOUT_ONE = ("card", "thread", "plan", "pause", "support-periods")


@dataclass(frozen=True)
class Office:
    """Karin with Maja, Bente with Osman, Dorte with nobody, and an administrator."""

    api: Api
    karin: Made
    bente: Made
    maja: Person
    tokens: dict[str, str]

    async def call(self, method: str, path: str, body: Any = None, *, by: str = "karin") -> httpx2.Response:
        signed = {"Authorization": f"Bearer {self.tokens[by]}", "Accept-Language": "en"}
        return await self.api.client.request(method, f"/v1/coaches/{path}", headers=signed, json=body)

    async def set_deputy(self, body: Any = FOR_A_WEEK, *, by: str = "karin") -> httpx2.Response:
        return await self.call("PUT", f"{self.karin.public_id}/deputy", body, by=by)

    async def absences(self, method: str, body: Any = None, *, by: str = "karin", of: str = "") -> httpx2.Response:
        return await self.call(method, f"{self.karin.public_id}/absences{of}", body, by=by)

    async def sees(self, who: str) -> set[str]:
        """Which answers about Karin's people this one gets: lists that name Maja, and what there is of her alone."""
        found = set[str]()
        for path in LISTS:
            if any("d-Maja" in str(one) or "m-maja" in str(one) for one in await self.api.items(path, self.tokens[who])):
                found.add(path)
        for part in ABOUT_ONE:
            answer = await self.api.get(f"/v1/participants/{self.maja.public_id}/{part}", self.tokens[who])
            assert answer.status_code in (200, 404)
            found |= {part} if answer.status_code == 200 else set()
        return found


@pytest.fixture
async def office(api: Api, now: datetime) -> Office:
    async with api.db.begin() as session:
        vault = session.vault
        karin = await add_coach(session, vault, first_name="Karin", now=now)
        bente = await add_coach(session, vault, first_name="Bente", email=BENTES, now=now)
        dorte = await add_coach(session, vault, first_name="Dorte", now=now)
        lead = await add_coach(session, vault, first_name="Lis", email="lis@kommune.example", role=Role.LEAD, now=now)
        del lead
        maja = await add_person(session, vault, external_id="d-Maja", first_name="Maja", coach_id=karin.id, now=now)
        await add_person(
            session, vault, external_id="d-Osman", first_name="Osman", phone="+4501000002", coach_id=bente.id, now=now
        )
        await add_inbound(session, vault, maja, "Maja skriver", at=now)
        await add_task(session, maja, now=now)
        starts_at = datetime(2026, 12, 3, 14, 0)  # noqa: DTZ001 - a wall time
        await add_meeting(session, vault, external_id="m-maja", starts_at=starts_at, attendees=[maja], now=now)
        await add_meeting(session, vault, external_id="m-karin", starts_at=starts_at, coach_id=karin.id, now=now)
    tokens = {"admin": await api.token(Role.ADMIN), "lead": await api.token(Role.LEAD)}
    for name, coach in (("karin", karin), ("bente", bente), ("dorte", dorte)):
        tokens[name] = await api.token(coach_id=coach.id)
    tokens["service"] = await api.token(Role.SERVICE, scope="participants:read")
    return Office(api, karin, bente, maja, tokens)


async def test_a_deputy_sees_and_serves_the_coachs_people_up_to_the_last_day_and_nobody_else_does(office: Office) -> None:
    everything = {*LISTS, *ABOUT_ONE}
    assert await office.sees("bente") == set()
    answer = await office.set_deputy()
    assert (answer.status_code, answer.json()) == (
        200,
        {"id": office.bente.public_id, "first_name": "Bente", "last_day": "2026-11-30"},
    )
    assert await office.sees("bente") == await office.sees("karin") == everything
    assert await office.sees("dorte") == set()
    meetings = [one["external_id"] for one in await office.api.items("/v1/meetings", office.tokens["bente"])]
    assert sorted(meetings) == ["m-karin", "m-maja"]
    pause = {"until": "2026-12-10", "reason": "away"}
    signed = {"Authorization": f"Bearer {office.tokens['bente']}"}
    path = f"/v1/participants/{office.maja.public_id}/pause"
    assert (await office.api.client.put(path, headers=signed, json=pause)).status_code == 200
    office.api.clock.shows = datetime.fromisoformat("2026-11-30T23:59:59+01:00")
    assert await office.sees("bente") == everything
    office.api.clock.shows = datetime.fromisoformat("2026-12-01T00:00:00+01:00")
    assert await office.sees("bente") == set()
    assert await office.sees("karin") == everything
    assert (await office.api.client.put(path, headers=signed, json=pause)).status_code == 404


async def test_standing_in_works_one_way_and_is_not_handed_on(office: Office, now: datetime) -> None:
    await office.set_deputy()
    names = [one["external_id"] for one in await office.api.items("/v1/participants", office.tokens["karin"])]
    assert names == ["d-Maja"]
    async with office.api.db.begin() as session:
        eva = await add_coach(session, session.vault, first_name="Eva", email="eva@kommune.example", now=now)
    body = {"deputy_email": "Eva@kommune.example", "last_day": "2026-11-30"}
    assert (await office.call("PUT", f"{office.bente.public_id}/deputy", body, by="bente")).status_code == 200
    token = await office.api.token(coach_id=eva.id)
    assert [one["external_id"] for one in await office.api.items("/v1/participants", token)] == ["d-Osman"]


async def test_another_deputy_comes_in_place_of_the_first_and_a_grant_can_be_ended(office: Office, now: datetime) -> None:
    await office.set_deputy()
    async with office.api.db.begin() as session:
        await add_coach(session, session.vault, first_name="Eva", email="eva@kommune.example", now=now)
    body = {"deputy_email": "eva@kommune.example", "last_day": "2026-11-25"}
    assert (await office.set_deputy(body, by="admin")).json()["first_name"] == "Eva"
    assert await office.sees("bente") == set()
    await office.set_deputy()
    assert await office.sees("bente")
    for _ in range(2):
        assert (await office.call("DELETE", f"{office.karin.public_id}/deputy")).status_code == 204
    assert await office.sees("bente") == set()


REFUSED = [
    ({"deputy_email": BENTES, "last_day": "2026-11-23"}, "last_day", "is over already; name today or a day to come"),
    ({"deputy_email": BENTES, "last_day": "2027-12-01"}, "last_day", "lies more than a year ahead"),
    ({"deputy_email": "nobody@kommune.example", "last_day": "2026-11-30"}, "deputy_email", "no coach has this address"),
    ({"deputy_email": "lis@kommune.example", "last_day": "2026-11-30"}, "deputy_email", "no coach has this address"),
    ({"deputy_email": BENTES}, "last_day", "is missing"),
]


@pytest.mark.parametrize(("body", "field", "says"), REFUSED)
async def test_a_deputy_who_cannot_be_one_is_refused_by_field(office: Office, body: Any, field: str, says: str) -> None:
    answer = await office.set_deputy(body)
    assert answer.status_code == 422
    assert answer.json()["errors"][field][0].startswith(says)
    assert await office.sees("bente") == set()


async def test_nobody_stands_in_for_themself(office: Office) -> None:
    answer = await office.call("PUT", f"{office.bente.public_id}/deputy", FOR_A_WEEK, by="bente")
    assert answer.json()["errors"] == {"deputy_email": ["nobody stands in for themself; name a colleague"]}


async def test_an_absence_is_noted_once_listed_until_it_is_over_and_taken_back(office: Office) -> None:
    first, again = [await office.absences("POST", HOLIDAY) for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    one_day = (await office.absences("POST", {"first_day": "2026-11-24", "last_day": "2026-11-24"}, by="admin")).json()
    listed = (await office.absences("GET")).json()
    assert listed == {"items": [one_day, first.json()], "next": None}
    assert first.json() == {"id": first.json()["id"], **HOLIDAY}
    assert [one["away"] for one in await office.api.items("/v1/coaches", office.tokens["karin"])] == [True]
    office.api.clock.shows += timedelta(days=1)
    assert [one["away"] for one in await office.api.items("/v1/coaches", office.tokens["karin"])] == [False]
    assert (await office.absences("GET")).json()["items"] == [first.json()]
    codes = [(await office.absences("DELETE", of=f"/{first.json()['id']}")).status_code for _ in range(2)]
    assert codes == [204, 404]
    assert (await office.absences("GET")).json()["items"] == []


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ({"first_day": "2026-11-20", "last_day": "2026-11-23"}, "is over already"),
        ({"first_day": "2026-12-02", "last_day": "2026-12-01"}, "lies before first_day"),
        ({"first_day": "2026-12-02", "last_day": "2028-12-01"}, "lies more than a year ahead"),
    ],
)
async def test_an_absence_that_cannot_be_is_refused_by_field(office: Office, days: Any, says: str) -> None:
    answer = await office.absences("POST", days)
    assert answer.status_code == 422
    assert answer.json()["errors"]["last_day"][0].startswith(says)


async def test_a_coach_decides_for_themself_an_administrator_for_everybody_and_nobody_else_for_anybody(office: Office) -> None:
    seen = {}
    for who in office.tokens:
        answer = await office.api.get("/v1/coaches", office.tokens[who])
        seen[who] = sorted(one["first_name"] for one in answer.json()["items"]) if answer.status_code == 200 else None
    everybody = ["Bente", "Dorte", "Karin"]
    assert seen == {
        "admin": everybody,
        "lead": None,
        "service": None,
        "karin": ["Karin"],
        "bente": ["Bente"],
        "dorte": ["Dorte"],
    }
    assert len(await office.api.items("/v1/coaches", office.tokens["admin"], limit=1)) == 3
    made = (await office.absences("POST", HOLIDAY)).json()["id"]
    await office.set_deputy()
    for who in ("bente", "dorte", "lead", "service"):
        calls = [
            await office.set_deputy(by=who),
            await office.call("DELETE", f"{office.karin.public_id}/deputy", by=who),
            await office.absences("GET", by=who),
            await office.absences("POST", HOLIDAY, by=who),
            await office.absences("DELETE", by=who, of=f"/{made}"),
        ]
        assert [one.status_code for one in calls] == [404] * len(calls), who
        absent = await office.call("GET", f"{new_id()}/absences", by=who)
        assert absent.content == calls[2].content
    assert await office.sees("bente")
    assert (await office.absences("GET")).json()["items"][0]["id"] == made
