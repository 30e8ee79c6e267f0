"""A coach looks at two records of one person, joins them and takes them apart; whoever may not see both finds nothing."""

import json
from datetime import datetime, timedelta

import httpx2
import pytest
from sqlalchemy import func, select

from medvind.model import PublicId, Role, State
from medvind.store.tables import MergeRow
from tests.api.calling import Api, StillClock
from tests.people import Made, Person, add_coach, add_cohort, add_duty, add_inbound, add_person

WORDS = "Jeg ringer i morgen"


async def two_records(api: Api, now: datetime, *, coach_of_other: int | None = None) -> tuple[Person, Person, Made]:
    """Maja twice, with something said on the second one."""
    async with api.db.begin() as session:
        vault, coach = api.db.vault, await add_coach(session, api.db.vault, now=now)
        cohorts = [await add_cohort(session, name) for name in ("Hold 1", "Hold 2")]
        people = [
            await add_person(
                session,
                vault,
                external_id=f"d-{number}",
                business_name="Majas Keramik",
                phone=f"+450100000{number}",
                cohort_id=cohort,
                coach_id=coach.id if number == 1 else coach_of_other or coach.id,
                now=now,
            )
            for number, cohort in enumerate(cohorts, 1)
        ]
        await add_inbound(session, vault, people[1], WORDS, sender="+4501000002", at=now)
        await add_duty(session, vault, people[1], state=State.SENT, sent_text="Hej, Maja!", due_at=now)
    return people[0], people[1], coach


class Desk:
    """Calls with one token."""

    def __init__(self, api: Api, token: str, language: str = "en") -> None:
        self._api = api
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    async def get(self, path: str) -> httpx2.Response:
        return await self._api.client.get(f"/v1/participants{path}", headers=self._headers)

    async def join(self, kept: Person, other: PublicId, **headers: str) -> httpx2.Response:
        path, body = f"/v1/participants/{kept.public_id}/merges", {"other_id": other}
        return await self._api.client.post(path, json=body, headers=self._headers | headers)

    async def undo(self, kept: Person, merge: str) -> httpx2.Response:
        return await self._api.client.delete(f"/v1/participants/{kept.public_id}/merges/{merge}", headers=self._headers)


async def merges_kept(api: Api) -> int:
    async with api.db.read() as session:
        return await session.scalar(select(func.count()).select_from(MergeRow)) or 0


def said(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/docs#")


async def test_a_look_says_what_would_happen_and_does_nothing(api: Api, now: datetime) -> None:
    kept, other, coach = await two_records(api, now)
    desk = Desk(api, await api.token(coach_id=coach.id))
    answer = await desk.get(f"/{kept.public_id}/merges/look?other_id={other.public_id}")
    assert answer.status_code == 200, answer.text
    look = answer.json()
    assert look["differences"] == [{"what": "cohort", "kept": "Hold 1", "other": "Hold 2"}]
    assert look["moves"] == {"messages_in": 1, "messages_out": 1, "answers": 0, "meetings": 0, "tasks": 0, "pauses": 0}
    assert (look["stopped"], look["on_its_way"], look["written_to"]) == (False, False, {"sms": "kept"})
    assert (await desk.get(f"/{other.public_id}/card")).status_code == 200
    assert await merges_kept(api) == 0


async def test_joined_they_are_one_in_every_list_and_apart_again_two(api: Api, now: datetime) -> None:
    kept, other, coach = await two_records(api, now)
    token = await api.token(coach_id=coach.id)
    desk = Desk(api, token)
    joined = await desk.join(kept, other.public_id)
    assert joined.status_code == 201, joined.text
    assert [one["external_id"] for one in await api.items("/v1/participants", token)] == ["d-1"]
    assert [one["participant"]["id"] for one in await api.items("/v1/inbox", token)] == [kept.public_id]
    assert WORDS in [one["text"] for one in await api.items(f"/v1/participants/{kept.public_id}/thread", token)]
    apart = await desk.undo(kept, joined.json()["id"])
    assert apart.status_code == 200, apart.text
    assert [one["external_id"] for one in await api.items("/v1/participants", token)] == ["d-1", "d-2"]
    (line,) = (await desk.get(f"/{kept.public_id}/merges")).json()["items"]
    assert (line["other"]["external_id"], line["undone_at"] is not None) == ("d-2", True)
    assert line["made_by"] == line["undone_by"]


async def test_the_copy_of_own_data_has_what_both_records_hold(api: Api, now: datetime) -> None:
    kept, other, coach = await two_records(api, now)
    desk = Desk(api, await api.token(coach_id=coach.id))
    assert (await desk.join(kept, other.public_id)).status_code == 201
    answer = await desk.get(f"/{kept.public_id}/export")
    data = answer.json()["kept"]
    assert {one["external_id"] for one in data["participants"]} == {"d-1", "d-2"}
    assert WORDS in answer.text
    assert "+4501000002" in answer.text
    (merge,) = data["merges"]
    assert "log" not in merge


async def test_the_log_holds_no_words_names_or_numbers(api: Api, now: datetime) -> None:
    kept, other, coach = await two_records(api, now)
    assert (await Desk(api, await api.token(coach_id=coach.id)).join(kept, other.public_id)).status_code == 201
    async with api.db.read() as session:
        log = json.dumps(await session.scalar(select(MergeRow.log)), ensure_ascii=False)
    assert "entries" in log
    assert [word for word in (WORDS, "Maja", "Keramik", "0100000", "Hej, Maja!") if word in log] == []


async def test_a_record_that_is_part_of_another_one_says_so(api: Api, now: datetime) -> None:
    kept, other, coach = await two_records(api, now)
    desk = Desk(api, await api.token(coach_id=coach.id))
    assert (await desk.join(kept, other.public_id)).status_code == 201
    for path in ("card", "thread", "export", "merges"):
        answer = await desk.get(f"/{other.public_id}/{path}")
        assert said(answer) == (409, "merged"), path
        assert answer.json()["errors"] == {"participant_id": ["d-1"]}
    stop = f"/v1/participants/{other.public_id}/stop"
    written = await api.client.post(stop, headers={"Authorization": f"Bearer {await api.token(coach_id=coach.id)}"})
    assert (written.status_code, written.json()["title"]) == (409, "Lagt sammen med et andet kort")


async def test_what_can_not_be_joined_is_refused_with_its_reason(api: Api, now: datetime) -> None:
    kept, other, coach = await two_records(api, now)
    desk = Desk(api, await api.token(coach_id=coach.id))
    assert said(await desk.join(kept, kept.public_id)) == (409, "same-record")
    assert said(await desk.join(kept, PublicId("nobody"))) == (404, "not-found")
    joined = await desk.join(kept, other.public_id)
    assert said(await desk.join(kept, other.public_id)) == (409, "merged")
    assert said(await desk.undo(kept, "none")) == (404, "not-found")
    assert (await desk.undo(kept, joined.json()["id"])).status_code == 200
    assert said(await desk.undo(kept, joined.json()["id"])) == (409, "undone")
    async with api.db.begin() as session:
        await add_duty(session, api.db.vault, kept, state=State.CLAIMED, due_at=now)
    assert said(await desk.join(kept, other.public_id)) == (409, "on-its-way")


@pytest.mark.parametrize("role", [Role.COACH, Role.LEAD, Role.ADMIN])
async def test_a_coach_joins_their_own_people_and_an_administrator_anybodys(api: Api, now: datetime, role: Role) -> None:
    async with api.db.begin() as session:
        bente = await add_coach(session, api.db.vault, first_name="Bente", email="bente@example.org", now=now)
    kept, other, coach = await two_records(api, now, coach_of_other=bente.id)
    desk = Desk(api, await api.token(role, coach_id=coach.id))
    look = await desk.get(f"/{kept.public_id}/merges/look?other_id={other.public_id}")
    joined = await desk.join(kept, other.public_id)
    if role != Role.ADMIN:
        assert (said(look), said(joined)) == ((404, "not-found"), (404, "not-found"))
        return
    assert {"what": "coach", "kept": "Karin", "other": "Bente"} in look.json()["differences"]
    assert joined.status_code == 201
    assert "Maja" not in look.text + joined.text
    karin = Desk(api, await api.token(coach_id=coach.id))
    assert said(await karin.undo(kept, joined.json()["id"])) == (404, "not-found")
    assert (await desk.undo(kept, joined.json()["id"])).status_code == 200


async def test_the_same_call_again_joins_once(api: Api, now: datetime) -> None:
    kept, other, coach = await two_records(api, now)
    desk = Desk(api, await api.token(coach_id=coach.id))
    first, again = [await desk.join(kept, other.public_id, **{"Idempotency-Key": "k-1"}) for _ in range(2)]
    assert (first.status_code, again.status_code, again.headers["idempotent-replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert await merges_kept(api) == 1


async def test_a_test_key_joins_nothing(api: Api, now: datetime) -> None:
    kept, other, coach = await two_records(api, now)
    answer = await Desk(api, await api.token(coach_id=coach.id, test=True)).join(kept, other.public_id)
    assert (answer.status_code, answer.headers["medvind-test"]) == (201, "nothing was kept")
    assert await merges_kept(api) == 0


async def test_after_a_month_it_stays(api: Api, clock: StillClock, now: datetime) -> None:
    kept, other, coach = await two_records(api, now)
    desk = Desk(api, await api.token(coach_id=coach.id), language="da")
    joined = await desk.join(kept, other.public_id)
    clock.shows = now + timedelta(days=31)
    refused = await desk.undo(kept, joined.json()["id"])
    assert (said(refused), refused.json()["title"]) == ((409, "too-long-ago"), "Det er mere end 30 dage siden")
