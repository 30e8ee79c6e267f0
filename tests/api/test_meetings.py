"""Meetings over the API: which there are, who is invited, what they answered, and who came, as the coach enters it."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from medvind.model import Role, Rsvp, State, new_id
from medvind.store import listing
from tests.api.calling import Api
from tests.people import Made, Person, add_coach, add_meeting, add_person

AT_TWO = datetime(2026, 11, 26, 14, 0)  # noqa: DTZ001 - a wall time
BEGINS = datetime.fromisoformat("2026-11-26T14:00:00+01:00")


@dataclass(frozen=True)
class Office:
    """Two coaches: Karin follows Maja and Osman, Bente follows Tove; all three are invited to Karin's meeting."""

    api: Api
    maja: Person
    osman: Person
    tove: Person
    meeting: Made
    karin: str
    bente: str

    async def call(self, method: str, path: str, token: str | None = None, body: Any = None) -> httpx2.Response:
        signed = {"Authorization": f"Bearer {token or self.karin}", "Accept-Language": "en"}
        return await self.api.client.request(method, f"/v1/meetings{path}", headers=signed, json=body)

    async def enter(self, token: str | None = None, /, **came: str | None) -> httpx2.Response:
        people = {"maja": self.maja, "osman": self.osman, "tove": self.tove}
        body = [{"participant_id": people[name].public_id, "attendance": said} for name, said in came.items()]
        return await self.call("POST", f"/{self.meeting.public_id}/attendance", token, {"attendance": body})

    async def attendees(self, token: str | None = None) -> Any:
        return (await self.call("GET", f"/{self.meeting.public_id}/attendees", token)).json()


@pytest.fixture
async def office(api: Api, now: datetime) -> Office:
    async with api.db.begin() as session:
        vault = session.vault
        karin, bente = [(await add_coach(session, vault, first_name=name, now=now)).id for name in ("Karin", "Bente")]
        maja, osman, tove = [
            await add_person(session, vault, external_id=name, first_name=called, phone=phone, coach_id=coach, now=now)
            for name, called, phone, coach in (
                ("d-001", "Maja", "+4501000001", karin),
                ("d-002", "Osman", "+4501000002", karin),
                ("d-003", "Tove", "+4501000003", bente),
            )
        ]
        meeting = await add_meeting(
            session, vault, starts_at=AT_TWO, coach_id=karin, attendees=[maja, osman, tove], rsvp=Rsvp.YES, now=now
        )
    api.clock.shows = BEGINS + timedelta(hours=2)
    return Office(api, maja, osman, tove, meeting, await api.token(coach_id=karin), await api.token(coach_id=bente))


async def test_who_came_is_entered_listed_and_planned_with(office: Office) -> None:
    entered = await office.enter(maja="no_show", osman="attended")
    assert entered.status_code == 200
    assert entered.json() == await office.attendees()
    assert [(one["participant"]["external_id"], one["rsvp"], one["attendance"]) for one in entered.json()["items"]] == [
        ("d-001", "yes", "no_show"),
        ("d-002", "yes", "attended"),
    ]
    assert {one["entered_at"] for one in entered.json()["items"]} == {"2026-11-26T15:00:00Z"}
    async with office.api.db.read() as session:
        rows = await listing.listed(session, state=State.PLANNED)
    assert [(row.key, row.recipient_id) for row in rows] == [("meeting:m-001:missed", office.maja.id)]


async def test_the_same_call_again_gives_the_same_answer_and_another_word_replaces_it(office: Office) -> None:
    first = await office.enter(maja="no_show")
    office.api.clock.shows += timedelta(minutes=5)
    again = await office.enter(maja="no_show")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    changed = (await office.enter(maja="excused")).json()["items"]
    assert [(one["attendance"], one["entered_at"]) for one in changed] == [("excused", "2026-11-26T15:05:00Z")]
    taken_back = (await office.enter(maja=None)).json()["items"]
    assert [(one["attendance"], one["entered_at"]) for one in taken_back] == [(None, None)]
    async with office.api.db.read() as session:
        assert [row.state for row in await listing.listed(session)] == [State.CANCELLED]


async def test_each_coach_sees_and_enters_their_own_people_alone(office: Office) -> None:
    assert [one["participant"]["first_name"] for one in (await office.attendees())["items"]] == ["Maja", "Osman"]
    assert [one["participant"]["first_name"] for one in (await office.attendees(office.bente))["items"]] == ["Tove"]
    theirs = await office.enter(maja="attended", tove="attended")
    assert theirs.status_code == 404
    absent = await office.call(
        "POST",
        f"/{office.meeting.public_id}/attendance",
        body={"attendance": [{"participant_id": new_id(), "attendance": "attended"}]},
    )
    assert (theirs.content, dict(theirs.headers)) == (absent.content, dict(absent.headers))
    assert [one["attendance"] for one in (await office.attendees())["items"]] == [None, None]
    assert (await office.enter(office.bente, tove="attended")).status_code == 200


async def test_nobody_else_can_tell_that_the_meeting_is_there(office: Office) -> None:
    others = [await office.api.token(role) for role in (Role.LEAD, Role.ADMIN)]
    others.append(await office.api.token(Role.SERVICE, scope="participants:read"))
    async with office.api.db.begin() as session:
        stranger = await add_coach(session, session.vault, first_name="Ole", now=office.api.clock.now())
    others.append(await office.api.token(coach_id=stranger.id))
    body = {"attendance": [{"participant_id": office.maja.public_id, "attendance": "attended"}]}
    calls = [("GET", "", None), ("GET", "/attendees", None), ("POST", "/attendance", body)]
    looked = 0
    for token in others:
        for method, rest, sent in calls:
            answer = await office.call(method, f"/{office.meeting.public_id}{rest}", token, sent)
            absent = await office.call(method, f"/{new_id()}{rest}", token, sent)
            assert (answer.status_code, answer.content) == (404, absent.content), (method, rest)
            looked += 1
    print(f"{looked} calls looked at")
    unsigned = await office.api.client.request("POST", f"/v1/meetings/{office.meeting.public_id}/attendance", json=body)
    assert unsigned.status_code == 401


async def test_bad_input_is_refused_by_field_and_nothing_is_kept(office: Office) -> None:
    maja = office.maja.public_id
    one = {"participant_id": maja, "attendance": "attended"}
    bad: list[tuple[Any, dict[str, list[str]]]] = [
        ({}, {"attendance": ["is missing"]}),
        ({"attendance": []}, {"attendance": ["must not be empty"]}),
        ({"attendance": [{"participant_id": maja}]}, {"attendance": ["is missing"]}),
        ({"attendance": [one | {"attendance": "ill"}]}, {"attendance": ["can only be: attended, excused, no_show"]}),
        ({"attendance": [one | {"participant_id": "d 001"}]}, {"participant_id": ["isn't written as it must be; see /docs"]}),
        ({"attendance": [one | {"note": "syg"}]}, {"note": ["there is no such field; leave it out"]}),
        ({"attendance": [one, one]}, {"participant_id": ["somebody is named twice"]}),
        ({"attendance": [one], "at": "now"}, {"at": ["there is no such field; leave it out"]}),
    ]
    print(f"{len(bad)} bodies looked at")
    for body, errors in bad:
        answer = await office.call("POST", f"/{office.meeting.public_id}/attendance", body=body)
        assert (answer.status_code, answer.json()["errors"]) == (422, errors), body
    office.api.clock.shows = BEGINS - timedelta(minutes=1)
    early = await office.enter(maja="attended")
    assert early.json()["errors"] == {"attendance": ["the meeting has not begun; enter it from then on"]}
    assert [one["attendance"] for one in (await office.attendees())["items"]] == [None, None]


async def test_meetings_are_listed_the_latest_first_page_by_page_past_ones_too(office: Office, now: datetime) -> None:
    async with office.api.db.begin() as session:
        for number in range(4):
            starts_at = AT_TWO + timedelta(days=number // 2)
            whom = [office.maja] if number % 2 else [office.tove]
            await add_meeting(session, session.vault, external_id=f"m-1{number}", starts_at=starts_at, attendees=whom, now=now)
    whole = await office.api.items("/v1/meetings", office.karin)
    assert {one["external_id"] for one in whole} == {"m-001", "m-11", "m-13"}
    assert [one["starts_at"] for one in whole] == sorted((one["starts_at"] for one in whole), reverse=True)
    assert await office.api.items("/v1/meetings", office.karin, limit=1) == whole
    for one in whole:
        assert (await office.call("GET", f"/{one['id']}")).json() == one
    assert (await office.call("GET", f"/{whole[0]['id']}.ics")).status_code == 200


@pytest.mark.parametrize("place", ["now x", "2026-11-26T14:00:00+01:00 x", "2026-13-01 x"])
async def test_a_cursor_that_no_page_has_named_is_refused(office: Office, place: str) -> None:
    cursor = urlsafe_b64encode(place.encode()).decode().rstrip("=")
    answer = await office.call("GET", f"?cursor={cursor}")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["cursor"])


async def test_attendees_are_listed_page_by_page(office: Office) -> None:
    path = f"/v1/meetings/{office.meeting.public_id}/attendees"
    whole = await office.api.items(path, office.karin)
    assert len(whole) == 2
    assert await office.api.items(path, office.karin, limit=1) == whole
