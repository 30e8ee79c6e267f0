"""One person's plan over the API: shown, steered, and refused by field; pauses too."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from medvind.commands.people import plain
from medvind.flows import steer
from medvind.flows.report import Reader
from medvind.model import Language, Role, State, Viewer, new_id
from medvind.store.tables import OutboxRow
from medvind.texts import Catalogue
from tests.api.calling import Api
from tests.flows.steering import LADDER, MONDAY, add_vat
from tests.people import Person, add_coach, add_duty, add_person

FOURTEEN, SEVEN, TWO, DAY = (key for key, _ in LADDER)


@dataclass(frozen=True)
class Desk:
    """A coach with a person whose VAT is due on 1 December, and another coach."""

    api: Api
    maja: Person
    karin: str
    bente: str

    async def call(self, method: str, rest: str, body: Any = None, **wanted: str) -> httpx2.Response:
        signed = {"Authorization": f"Bearer {wanted.get('token', self.karin)}", "Accept-Language": wanted.get("language", "en")}
        path = f"/v1/participants/{wanted.get('person', self.maja.public_id)}/{rest}"
        return await self.api.client.request(method, path, headers=signed, json=body)

    async def plan(self, query: str = "") -> list[Any]:
        answer = await self.call("GET", f"plan{query}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert page["next"] is None
        items: list[Any] = page["items"]
        return items

    async def id_of(self, key: str) -> str:
        return str(next(one["id"] for one in await self.plan() if one["key"] == key))


@pytest.fixture
async def desk(api: Api) -> Desk:
    api.clock.shows = MONDAY
    async with api.db.begin() as session:
        karin = await add_coach(session, api.db.vault, first_name="Karin", now=MONDAY)
        bente = await add_coach(session, api.db.vault, first_name="Bente", now=MONDAY)
        maja = await add_person(session, api.db.vault, coach_id=karin.id, now=MONDAY)
        await add_vat(session, maja)
    return Desk(api, maja, await api.token(coach_id=karin.id), await api.token(coach_id=bente.id))


async def test_a_plan_is_in_order_of_time_with_the_why_of_each_message(desk: Desk) -> None:
    plan = await desk.plan()
    assert [(one["key"], one["local"][:16].replace("T", " ")) for one in plan] == LADDER
    first = dict(plan[0])
    assert len(first.pop("id")) > 20
    assert first == {
        "kind": "vat",
        "key": "vat:2026Q3:14d",
        "at": "2026-11-17T08:00:00Z",
        "local": "2026-11-17T09:00:00+01:00",
        "valid_until": "2026-11-24T08:00:00Z",
        "channel": "sms",
        "state": "planned",
        "why": ("The last day for VAT for 3rd quarter 2026 is Tuesday 1 December. The message belongs to 14 days before."),
        "carried_by": None,
        "gave_way": None,
        "adjustment": None,
    }


async def test_the_plan_speaks_the_language_of_the_reader(desk: Desk) -> None:
    await desk.call("POST", f"plan/{await desk.id_of(SEVEN)}/skip")
    danish = (await desk.call("GET", "plan", language="da")).json()["items"]
    assert danish[0]["why"].startswith("Sidste dag for moms for 3. kvartal 2026 er tirsdag d. 1. december.")
    assert danish[1]["gave_way"] == {"reason": "skipped", "text": "Coachen har taget den ud."}


async def test_the_command_line_prints_the_very_plan_that_the_api_shows(desk: Desk, catalogue: Catalogue) -> None:
    await desk.call("POST", f"plan/{await desk.id_of(FOURTEEN)}/move", {"at": "2026-11-18T10:30:00.5+01:00"})
    await desk.call("POST", f"plan/{await desk.id_of(TWO)}/cancel")
    reader = Reader(Viewer(None, Role.ADMIN), Language.EN, catalogue, MONDAY)
    async with desk.api.db.begin() as session:
        printed = [plain(one) for one in await steer.timeline(session, reader, desk.maja.id, 90)]
    shown = await desk.plan()
    print(f"looked at {len(shown)} messages")
    assert json.loads(json.dumps(printed)) == shown


NO_DAYS = ["0", "367", "-1", "ninety"]


async def test_days_that_cannot_be_shown_are_refused(desk: Desk) -> None:
    for days in NO_DAYS:
        answer = await desk.call("GET", f"plan?days={days}")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["days"]), days


async def test_so_many_days_are_shown_as_are_asked_for(desk: Desk) -> None:
    assert [one["key"] for one in await desk.plan("?days=20")] == [FOURTEEN]
    assert len(await desk.plan("?days=366")) == 16


async def test_a_message_is_moved_left_out_cancelled_and_put_back(desk: Desk) -> None:
    first, second = await desk.id_of(FOURTEEN), await desk.id_of(SEVEN)
    moved = await desk.call("POST", f"plan/{first}/move", {"at": "2026-11-18T22:00:00+01:00"})
    assert moved.status_code == 200
    assert (moved.json()["id"], moved.json()["at"]) == (first, "2026-11-19T07:00:00Z")
    assert moved.json()["adjustment"] == {"action": "move", "key": FOURTEEN, "at": "2026-11-18T21:00:00Z"}
    skipped = (await desk.call("POST", f"plan/{first}/skip")).json()
    assert skipped["gave_way"] == {"reason": "skipped", "text": "The coach has taken it out."}
    assert skipped["adjustment"] == {"action": "skip", "key": FOURTEEN, "at": None}
    cancelled = (await desk.call("POST", f"plan/{second}/cancel")).json()
    assert (cancelled["state"], cancelled["gave_way"]["reason"]) == ("gave_way", "cancelled")
    assert [one["state"] for one in await desk.plan()] == ["gave_way"] * 4
    for item in (first, await desk.id_of(DAY)):
        back = await desk.call("DELETE", f"plan/{item}/adjustment")
        assert (back.status_code, back.json()["state"], back.json()["adjustment"]) == (200, "planned", None)
    assert [(one["key"], one["local"][:16].replace("T", " ")) for one in await desk.plan()] == LADDER


NO_TIMES: list[tuple[Any, str]] = [
    ({"at": "2026-11-18T10:00:00"}, "needs a time zone, such as +01:00"),
    ({"at": "tomorrow"}, "a time with its zone is needed, such as 2026-12-24T10:00:00+01:00"),
    ({"at": None}, "a time with its zone is needed, such as 2026-12-24T10:00:00+01:00"),
    ({}, "is missing"),
    ({"at": "2026-11-02T08:59:00Z"}, "in the past"),
    ({"at": "2026-11-24T08:00:00Z"}, "true no longer; before 2026-11-24T08:00:00+00:00"),
    ({"at": "9999-12-31T23:59:59Z"}, "true no longer; before 2026-11-24T08:00:00+00:00"),
    ({"at": "0001-01-01T00:00:00+14:00"}, "in the past"),
]


async def test_a_time_that_cannot_be_is_refused_by_its_field(desk: Desk) -> None:
    item = await desk.id_of(FOURTEEN)
    for body, fault in NO_TIMES:
        answer = await desk.call("POST", f"plan/{item}/move", body)
        assert (answer.status_code, answer.json()["errors"]) == (422, {"at": [fault]}), body
    assert [(one["key"], one["local"][:16].replace("T", " ")) for one in await desk.plan()] == LADDER


async def test_a_field_that_nobody_knows_is_refused(desk: Desk) -> None:
    answer = await desk.call("POST", f"plan/{await desk.id_of(FOURTEEN)}/move", {"at": "2026-11-18T10:00:00Z", "chanel": "sms"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["chanel"])
    answer = await desk.call("PUT", "pause", {"until": "2026-11-20", "reason": "away", "topik": None})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["topik"])


DECISIONS: tuple[tuple[str, str, Any], ...] = (
    ("POST", "plan/{item}/move", {"at": "2026-11-18T10:00:00Z"}),
    ("POST", "plan/{item}/skip", None),
    ("POST", "plan/{item}/cancel", None),
    ("DELETE", "plan/{item}/adjustment", None),
)
RESTS: tuple[tuple[str, str, Any], ...] = (
    ("PUT", "pause", {"until": "2026-11-20", "reason": "away"}),
    ("DELETE", "pause", None),
    ("DELETE", "pause?topic=check-ins", None),
)


@pytest.mark.parametrize("state", [State.CLAIMED, State.SENT])
async def test_a_message_that_is_leaving_or_has_left_gives_a_conflict(desk: Desk, state: State) -> None:
    item = await desk.id_of(FOURTEEN)
    async with desk.api.db.begin() as session:
        await session.execute(update(OutboxRow).where(OutboxRow.public_id == item).values(state=state))
    for method, path, body in DECISIONS:
        answer = await desk.call(method, path.format(item=item), body)
        assert (answer.status_code, answer.json()["title"]) == (409, "It has changed meanwhile"), path


async def test_an_answer_to_what_somebody_wrote_is_refused_by_its_field(desk: Desk) -> None:
    async with desk.api.db.begin() as session:
        reply = await add_duty(session, desk.api.db.vault, desk.maja, kind="reply", due_at=MONDAY)
    for method, path, body in DECISIONS:
        answer = await desk.call(method, path.format(item=reply.public_id), body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["item"]), path


async def test_nobody_steers_whom_they_do_not_follow(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    async with desk.api.db.begin() as session:
        bo = await add_person(session, desk.api.db.vault, external_id="d-2", phone=None, coach_id=None, now=MONDAY)
    item, before = await desk.id_of(FOURTEEN), await desk.plan()
    strangers = {
        "another coach": desk.bente,
        "a lead": await desk.api.token(Role.LEAD),
        "an admin": await desk.api.token(Role.ADMIN),
        "a service": await desk.api.token(Role.SERVICE, scope="participants:read"),
    }
    looked = 0
    for method, path, body in (*DECISIONS, *RESTS):
        for token in strangers.values():
            assert (await desk.call(method, path.format(item=item), body, token=token)).status_code == 404, path
            looked += 1
        for person in (bo.public_id, new_id()):
            assert (await desk.call(method, path.format(item=item), body, person=person)).status_code == 404, path
            looked += 1
        assert (await desk.call(method, path.format(item=item), body, token="nobody")).status_code == 401
    for method, path, body in DECISIONS:
        assert (await desk.call(method, path.format(item=new_id()), body)).status_code == 404, path
    with capsys.disabled():
        print(f"\nlooked at {looked} calls, 0 let in")
    assert await desk.plan() == before


async def test_a_pause_is_begun_changed_shown_and_ended(desk: Desk) -> None:
    first = await desk.call("PUT", "pause", {"until": "2026-12-10", "reason": "away", "topic": None})
    assert first.json() == {"topic": None, "since": "2026-11-02T09:00:00Z", "until": "2026-12-10", "reason": "away"}
    assert [one["state"] for one in await desk.plan()] == ["gave_way"] * 4
    desk.api.clock.shows = datetime(2026, 11, 3, 9, tzinfo=UTC)
    second = await desk.call("PUT", "pause", {"until": "2026-11-10", "reason": "holiday"})
    assert second.json() == first.json() | {"until": "2026-11-10", "reason": "holiday"}
    assert [one["state"] for one in await desk.plan()] == ["planned"] * 4
    topic = await desk.call("PUT", "pause", {"until": "2026-11-10", "reason": "other", "topic": "check-ins"})
    assert topic.json()["topic"] == "check_ins"
    holds = {"items": [second.json(), topic.json()], "next": None}
    assert (await desk.call("GET", "pause")).json() == holds
    assert (await desk.call("DELETE", "pause?topic=check_ins")).json() == {"items": [second.json()], "next": None}
    for _ in range(2):
        assert (await desk.call("DELETE", "pause")).json() == {"items": [], "next": None}


NO_PAUSES: list[tuple[Any, str]] = [
    ({"until": "2026-11-02", "reason": "away"}, "until"),
    ({"until": "2027-11-03", "reason": "away"}, "until"),
    ({"until": "soon", "reason": "away"}, "until"),
    ({"reason": "away"}, "until"),
    ({"until": "2026-11-20", "reason": "ill"}, "reason"),
    ({"until": "2026-11-20"}, "reason"),
    ({"until": "2026-11-20", "reason": "away", "topic": "weather"}, "topic"),
    ({"until": "2026-11-20", "reason": "away", "topic": 7}, "topic"),
]


async def test_a_pause_that_cannot_be_is_refused_by_its_field(desk: Desk) -> None:
    for body, field in NO_PAUSES:
        answer = await desk.call("PUT", "pause", body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field]), body
        assert (await desk.call("GET", "pause")).json()["items"] == []


async def test_an_unknown_topic_is_no_pause_that_could_be_ended(desk: Desk) -> None:
    answer = await desk.call("DELETE", "pause?topic=weather")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["topic"])


async def test_a_plan_that_was_asked_for_reaches_as_far_as_it_shows(desk: Desk) -> None:
    """Asked for late in the life of a plan: what was not planned yet is there."""
    await desk.plan()
    desk.api.clock.shows = datetime(2026, 12, 20, 9, tzinfo=UTC)
    assert [one["key"] for one in await desk.plan()] == [f"vat:2026Q4:{lead}d" for lead in (14, 7, 2, 0)]
    assert date(2027, 3, 1).isoformat() in (await desk.plan())[-1]["local"]
