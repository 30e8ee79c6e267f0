"""Calendar files over HTTP: who may fetch which, when an address is dead, and that a guess learns nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, func, select, update

from medvind.model import Language, MeetingKind, Role, new_id
from medvind.store.database import Database
from medvind.store.tables import AttendeeRow, FeedRow, MeetingRow
from tests.api.calling import Api, Apps, StillClock
from tests.calendars import events, moment, read
from tests.people import Made, Person, add_coach, add_meeting, add_person

PUBLIC = "https://medvind.example.dk/under/here"
WALL = datetime(2026, 12, 3, 14)  # noqa: DTZ001 - a wall time
PLACE = "Vestergade 58, 1. sal; mødelokale æ"


@pytest.fixture
async def api(db: Database, apps: Apps, clock: StillClock) -> AsyncIterator[Api]:
    """The app as the outside reaches it."""
    transport = httpx2.ASGITransport(apps.over(db, PUBLIC))
    async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
        yield Api(client, db, clock)


@dataclass(frozen=True)
class Town:
    """Karin has Maja, Bente has Osman; each is invited to a meeting of their own, and Karin's token."""

    maja: Person
    osman: Person
    karin: int
    bente: int
    majas: Made
    osmans: Made
    token: str


@pytest.fixture
async def town(api: Api, now: datetime) -> Town:
    async with api.db.begin() as session:
        vault = session.vault
        karin = (await add_coach(session, vault, first_name="Karin", now=now)).id
        bente = (await add_coach(session, vault, first_name="Bente", now=now)).id
        maja = await add_person(session, vault, coach_id=karin, now=now)
        osman = await add_person(session, vault, external_id="d-2", phone=None, language=Language.EN, coach_id=bente, now=now)
        majas = await add_meeting(session, vault, external_id="m-1", place=PLACE, starts_at=WALL, attendees=[maja], now=now)
        osmans = await add_meeting(
            session,
            vault,
            external_id="m-2",
            kind=MeetingKind.VAT_COURSE,
            starts_at=WALL + timedelta(days=1),
            coach_id=bente,
            attendees=[osman],
            now=now,
        )
    return Town(maja, osman, karin, bente, majas, osmans, await api.token(coach_id=karin))


async def call(api: Api, method: str, path: str, token: str) -> httpx2.Response:
    return await api.client.request(method, path, headers={"Authorization": f"Bearer {token}"})


async def give(api: Api, person: Person, token: str) -> str:
    """The path of a fresh calendar, as this service sees it behind its proxy."""
    answer = await call(api, "POST", f"/v1/participants/{person.public_id}/calendar", token)
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    assert url.startswith(f"{PUBLIC}/calendar/")
    assert url.endswith(".ics")
    return url.removeprefix(PUBLIC)


async def end(api: Api, person: Person, token: str) -> int:
    return (await call(api, "DELETE", f"/v1/participants/{person.public_id}/calendar", token)).status_code


async def test_a_participants_calendar_shows_their_own_meetings_to_whoever_has_the_address(api: Api, town: Town) -> None:
    path = await give(api, town.maja, town.token)
    answer = await api.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = read(answer.content)
    [event] = calendar.all("VEVENT")
    assert event["UID"] == f"{town.majas.public_id}@medvind"
    assert (event["SUMMARY"], event["LOCATION"]) == ("Møde", PLACE)
    assert moment(calendar, event, "DTSTART").isoformat() == "2026-12-03T13:00:00+00:00"


async def test_everybodys_calendar_is_in_their_language_and_their_own_alone(api: Api, town: Town) -> None:
    bentes = await api.token(coach_id=town.bente)
    mine, theirs = await give(api, town.maja, town.token), await give(api, town.osman, bentes)
    found = {path: [(event["UID"], event["SUMMARY"]) for event in await shown(api, path)] for path in (mine, theirs)}
    assert found[mine] == [(f"{town.majas.public_id}@medvind", "Møde")]
    assert found[theirs] == [(f"{town.osmans.public_id}@medvind", "Course")]


async def shown(api: Api, path: str) -> list[Any]:
    answer = await api.get(path)
    assert answer.status_code == 200, answer.text
    return events(answer.content)


async def test_a_program_may_keep_nothing_and_is_told_to_ask_again(api: Api, town: Town) -> None:
    for path, token in (
        (await give(api, town.maja, town.token), None),
        (f"/v1/meetings/{town.majas.public_id}.ics", town.token),
    ):
        answer = await api.get(path, token)
        assert answer.headers["cache-control"] == "no-store"
        assert not {"etag", "last-modified", "expires", "set-cookie"} & set(answer.headers)


async def test_a_new_address_ends_the_old_one(api: Api, town: Town) -> None:
    first = await give(api, town.maja, town.token)
    second = await give(api, town.maja, town.token)
    assert first != second
    assert [(await api.get(path)).status_code for path in (first, second)] == [404, 200]


async def test_an_ended_address_is_dead_at_once_and_ending_it_again_changes_nothing(api: Api, town: Town) -> None:
    path = await give(api, town.maja, town.token)
    assert [await end(api, town.maja, town.token) for _ in range(2)] == [204, 204]
    assert (await api.get(path)).status_code == 404


async def test_unknown_ended_and_misspelt_addresses_look_the_same(api: Api, town: Town) -> None:
    ended = await give(api, town.maja, town.token)
    await end(api, town.maja, town.token)
    living = await give(api, town.maja, town.token)
    last = living.removesuffix(".ics")[-1]
    misspelt = living.removesuffix(f"{last}.ics") + ("B" if last == "A" else "A") + ".ics"
    wrong = [ended, misspelt, living.replace("/calendar/", "/calendar/x"), "/calendar/a.ics", "/calendar/.ics"]
    wrong += [f"/calendar/{'a' * 43}.ics", f"/calendar/{'a' * 5000}.ics", "/calendar/%C3%A6%27%20or%201=1.ics"]
    answers = [await api.get(path) for path in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    print(f"0 different; looked at {len(answers)} wrong addresses")


async def test_an_address_is_made_and_ended_for_ones_own_people_alone(api: Api, town: Town) -> None:
    path = await give(api, town.maja, town.token)
    others = {
        "other coach": await api.token(coach_id=town.bente),
        "lead": await api.token(Role.LEAD, coach_id=town.karin),
        "admin": await api.token(Role.ADMIN),
        "service": await api.token(Role.SERVICE, scope="participants:read"),
    }
    for who, token in others.items():
        for method in ("POST", "DELETE"):
            theirs = await call(api, method, f"/v1/participants/{town.maja.public_id}/calendar", token)
            nobodys = await call(api, method, f"/v1/participants/{new_id()}/calendar", token)
            assert theirs.status_code == nobodys.status_code == 404, (who, method)
            assert theirs.content == nobodys.content
    for method in ("POST", "DELETE"):
        assert (await api.client.request(method, f"/v1/participants/{town.maja.public_id}/calendar")).status_code == 401
    assert (await api.get(path)).status_code == 200


async def test_the_address_itself_is_kept_nowhere(api: Api, town: Town) -> None:
    secret = (await give(api, town.maja, town.token)).removeprefix("/calendar/").removesuffix(".ics")
    async with api.db.read() as session:
        rows = (await session.execute(select(FeedRow.__table__))).all()
    assert len(rows) == 1
    assert not any(secret in str(value) for value in rows[0])


async def test_a_meeting_that_moves_or_is_called_off_is_so_at_the_next_fetch(api: Api, town: Town, now: datetime) -> None:
    path = await give(api, town.maja, town.token)
    [was] = await shown(api, path)
    for values, told in (
        ({"starts_at": WALL + timedelta(hours=2), "sequence": 2}, ("1", "CONFIRMED", "20261203T160000")),
        ({"cancelled": True, "sequence": 3}, ("2", "CANCELLED", "20261203T160000")),
    ):
        async with api.db.begin() as session:
            changed = values | {"changed_at": now + timedelta(minutes=int(told[0]))}
            await session.execute(update(MeetingRow).where(MeetingRow.id == town.majas.id).values(**changed))
        [event] = await shown(api, path)
        assert (event["SEQUENCE"], event["STATUS"], event["DTSTART"]) == told
        assert event["UID"] == was["UID"]
        assert event["LAST-MODIFIED"] == f"20261124T090{told[0]}00Z"


async def test_a_meeting_leaves_the_calendar_a_month_after_it_was_and_with_the_invitation(
    api: Api, town: Town, now: datetime
) -> None:
    path = await give(api, town.maja, town.token)
    start = datetime.fromisoformat("2026-12-03T13:00:00+00:00")
    for age, there in ((timedelta(), 1), (timedelta(days=30), 1), (timedelta(days=30, seconds=1), 0)):
        api.clock.shows = start + age
        assert len(await shown(api, path)) == there
    api.clock.shows = now
    async with api.db.begin() as session:
        await session.execute(delete(AttendeeRow).where(AttendeeRow.participant_id == town.maja.id))
    assert await shown(api, path) == []


async def test_without_a_public_address_none_is_given_out_and_the_cure_is_named(
    db: Database, apps: Apps, api: Api, town: Town
) -> None:
    path = await give(api, town.maja, town.token)
    transport = httpx2.ASGITransport(apps.over(db))
    async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
        answer = await call(Api(client, db, api.clock), "POST", f"/v1/participants/{town.maja.public_id}/calendar", town.token)
    assert answer.status_code == 503
    assert answer.json()["type"] == "/docs#not-set-up"
    assert "MEDVIND_PUBLIC_URL" in answer.json()["detail"]
    assert (await api.get(path)).status_code == 200


async def test_a_coach_fetches_a_meeting_of_their_people_or_their_own(api: Api, town: Town) -> None:
    bentes = await api.token(coach_id=town.bente)
    answer = await api.get(f"/v1/meetings/{town.majas.public_id}.ics", town.token)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="meeting.ics"'
    [event] = events(answer.content)
    assert (event["SUMMARY"], event["LOCATION"]) == ("Opfølgning", PLACE)
    async with api.db.begin() as session:
        await session.execute(delete(AttendeeRow).where(AttendeeRow.meeting_id == town.osmans.id))
    held = await api.get(f"/v1/meetings/{town.osmans.public_id}.ics", bentes)
    assert len(events(held.content)) == 1


async def test_nobody_fetches_a_meeting_that_is_not_theirs(api: Api, town: Town) -> None:
    tokens = {
        "coach of others": town.token,
        "lead": await api.token(Role.LEAD, coach_id=town.bente),
        "admin": await api.token(Role.ADMIN),
        "service": await api.token(Role.SERVICE, scope="participants:read"),
    }
    absent = await api.get(f"/v1/meetings/{new_id()}.ics", town.token)
    assert absent.status_code == 404
    for who, token in tokens.items():
        theirs = await api.get(f"/v1/meetings/{town.osmans.public_id}.ics", token)
        assert (theirs.status_code, theirs.content) == (404, absent.content), who
    assert (await api.get(f"/v1/meetings/{town.osmans.public_id}.ics")).status_code == 401
    for name in ("m-1", str(town.majas.id)):
        assert (await api.get(f"/v1/meetings/{name}.ics", town.token)).status_code == 404
    assert (await api.get("/v1/meetings/a%20b.ics", town.token)).status_code == 422


async def test_each_call_leaves_one_calendar(api: Api, town: Town) -> None:
    for _ in range(3):
        await give(api, town.maja, town.token)
    async with api.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(FeedRow)) == 1
