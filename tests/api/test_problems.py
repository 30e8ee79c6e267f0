"""What goes wrong is said as a problem: in the caller's language, by field, and never with what was sent."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import httpx2
import pytest
from fastapi import APIRouter, Request
from pydantic_core.core_schema import ErrorType
from structlog.testing import capture_logs

from api.app import create_app
from api.problems import Problem
from api.shapes import OTHER, SHAPES
from medvind.channels import Inbound, InboundKind
from medvind.model import ChannelName, Role
from medvind.store import inbox
from medvind.store.database import Database
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.api.calling import Api, StillClock
from tests.people import add_coach, add_duty, add_meeting, add_person

KIB = 1024


async def a_token(api: Api, now: datetime) -> str:
    async with api.db.begin() as session:
        coach = await add_coach(session, session.vault, now=now)
    return await api.token(coach_id=coach.id)


def problem_of(answer: httpx2.Response) -> Problem:
    """A problem that says its own status, read as the document describes it."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate(answer.json(), strict=True, extra="forbid")
    assert problem.status == answer.status_code
    return problem


BAD_FIELDS = [
    ("limit=0", "limit", "at least 1"),
    ("limit=201", "limit", "at most 200"),
    ("limit=hemmeligt", "limit", "a whole number is needed"),
    ("cursor=hemmeligt", "cursor", "take it from `next` of the page before"),
    ("cursor=AA", "cursor", "take it from `next` of the page before"),
    ("cursor=%00", "cursor", "take it from `next` of the page before"),
    (f"cursor={'x' * 1001}", "cursor", "at most 1000 characters"),
]


async def test_a_bad_field_is_named_and_not_repeated(api: Api, now: datetime) -> None:
    token = await a_token(api, now)
    for query, field, fault in BAD_FIELDS:
        answer = await api.get(f"/v1/check-ins?{query}", token, accept_language="en")
        assert problem_of(answer).errors == {field: [fault]}
        assert answer.status_code == 422
        assert "hemmeligt" not in answer.text


NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
A_WEEK = {"last_day": "2026-12-01"}


@dataclass(frozen=True)
class Office:
    """A coach without a phone, who follows Maja with a number and Tove with none, and an administrator."""

    api: Api
    places: dict[str, str]
    tokens: dict[str, str]

    async def errors(self, call: str, body: Any, who: str = "coach", language: str | None = None) -> dict[str, list[str]]:
        """What is wrong with the fields of this call. A body that is text goes as it is; MAJA in one is her `id`."""
        method, _, path = call.partition(" ")
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Content-Type": "application/json"}
        headers |= {"Accept-Language": language} if language else {}
        sent = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        answer = await self.api.client.request(
            method, path.format_map(self.places), headers=headers, content=sent.replace("MAJA", self.places["maja"])
        )
        assert answer.status_code == 422, answer.text
        return problem_of(answer).errors or {}


@pytest.fixture
async def office(api: Api) -> Office:
    api.clock.shows = NOON
    async with api.db.begin() as session:
        vault = session.vault
        karin = await add_coach(session, vault, email="karin@kommune.example", phone=None, now=NOON)
        maja = await add_person(session, vault, coach_id=karin.id, now=NOON)
        tove = await add_person(session, vault, external_id="d-002", first_name="Tove", phone=None, coach_id=karin.id, now=NOON)
        starts_at = datetime(2026, 12, 3, 14)  # noqa: DTZ001 - a wall time
        meeting = await add_meeting(session, vault, starts_at=starts_at, attendees=[maja], now=NOON)
        duty = await add_duty(session, vault, maja, due_at=NOON + timedelta(days=2))
    places = {"me": karin.public_id, "maja": maja.public_id, "tove": tove.public_id}
    tokens = {"coach": await api.token(coach_id=karin.id), "admin": await api.token(Role.ADMIN)}
    return Office(api, {**places, "meeting": meeting.public_id, "duty": duty.public_id}, tokens)


TOLD: list[tuple[str, Any, str, str, str]] = [
    (
        *("PUT /v1/coaches/{me}/deputy", {"deputy_email": "karin@kommune.example", **A_WEEK}, "deputy_email"),
        "man kan ikke være stedfortræder for sig selv; vælg en kollega",
        "nobody stands in for themself; name a colleague",
    ),
    (
        *("POST /v1/coaches/{me}/absences", {"first_day": "2026-12-02", **A_WEEK}, "last_day"),
        "ligger før first_day; er det kun én dag, så skriv den samme dag begge steder",
        "lies before first_day; an absence of one day has the same day in both",
    ),
    (
        *("POST /v1/participants/{maja}/messages", {"text": "Din mor er 010203-0000"}, "text"),
        "der står et CPR-nummer i teksten, eller noget, der ligner; tag det ud",
        "there is a CPR number in it, or what looks like one; take it out",
    ),
    (
        *("POST /v1/participants/{maja}/messages", {"text": "a" * 910}, "text"),
        "fylder 7 sms'er med dit navn, og der må højst være 6; gør teksten kortere",
        "fills 7 SMS with your name, and 6 are the most; make it shorter",
    ),
    (
        *("POST /v1/participants/{maja}/messages", {"text": "Hej", "answers": "nothing"}, "answers"),
        "sådan en besked har personen ikke skrevet; tag `id` fra personens tråd",
        "this person has written no such message; take the `id` from their thread",
    ),
    (
        *("PUT /v1/participants/{maja}/pause", {"until": "2026-11-23", "reason": "away"}, "until"),
        "vælg en senere dag end i dag; den dag begynder beskederne igen",
        "a day to come; messages begin again on it",
    ),
    (
        *("POST /v1/participants/{maja}/plan/{duty}/move", {"at": "2026-11-24T10:59:00Z"}, "at"),
        *("tidspunktet er allerede passeret", "in the past"),
    ),
    (
        *("POST /v1/participants/{maja}/support-periods", {"months": 1, "granted_on": "2026-11-20"}, "business_started_on"),
        "kendes ikke endnu, så der er ingen slutdato at udskyde",
        "not known yet, so there is no end to put off",
    ),
    (
        *("POST /v1/participants/{tove}/invite/sms", None, "code"),
        "der er intet bekræftet nummer med et ja til sms; giv et link i stedet",
        "there is no confirmed number with a yes to SMS; hand out a link instead",
    ),
    (
        *("DELETE /v1/participants/{maja}?code=x&filed=true", None, "code"),
        "hører ikke til den person; se først, hvad der vil blive slettet, og tag koden derfra",
        "is not this person's; look at what would go first, and take the code from there",
    ),
    (
        *("POST /v1/meetings/{meeting}/attendance", {"attendance": [{"participant_id": "MAJA", "attendance": None}]}),
        *("attendance", "mødet er ikke begyndt endnu; vent, til det går i gang"),
        "the meeting has not begun; enter it from then on",
    ),
    (
        *("POST /v1/texts/meeting_two_hours/da/versions", {"text": "Hej.\nRing {{ coach_phone|phone }}."}, "text"),
        "linje 2: coach_phone kan mangle; skriv det mellem {% if coach_phone is defined %} ... {% endif %}",
        "line 2: coach_phone may be missing; write it between {% if coach_phone is defined %} ... {% endif %}",
    ),
    (
        *("POST /v1/texts/meeting_two_hours/da/versions", {"text": "Hej {{ first_name."}, "text"),
        "linje 1: kan ikke læses som en tekst; sammenlign den med Medvinds egen tekst",
        "line 1: expected name or number; compare it with the words that are shipped",
    ),
    (
        *("POST /v1/texts/meeting_two_hours/da/preview/send", {}, "phone"),
        "der hører ingen telefon til nøglen; 'medvind token create --email … --phone …' tilføjer en",
        "this token has no phone; 'medvind token create --email … --phone …' enters one",
    ),
    ("GET /v1/check-ins?limit=201", None, "limit", "højst 200", "at most 200"),
    ("GET /v1/check-ins?cursor=AA", None, "cursor", "tag den fra `next` på siden før", BAD_FIELDS[3][2]),
]


async def test_what_is_wrong_with_a_field_is_told_in_danish_and_in_english_to_who_asks_for_it(office: Office) -> None:
    for call, body, field, danish, english in TOLD:
        who = "admin" if "versions" in call else "coach"
        for language, says in ((None, danish), ("fr, de", danish), ("en-GB, da;q=0.5", english)):
            assert await office.errors(call, body, who, language) == {field: [says]}, call
    print(f"looked at {len(TOLD)} calls, each in three languages")


MAJA, TEXT = "/v1/participants/{maja}", "/v1/texts/checkin/da"
MOVE, WORD, CAME = f"POST {MAJA}/plan/{{duty}}/move", f"PUT {MAJA}/private-word", "POST /v1/meetings/{meeting}/attendance"
A_DAY = ("skal være en dag som 2026-12-24", "a day is needed, such as 2026-12-24")
A_TIME = (
    "skal være et tidspunkt med tidszone som 2026-12-24T10:00:00+01:00",
    "a time with its zone is needed, such as 2026-12-24T10:00:00+01:00",
)
A_NUMBER = ("skal være et helt tal", "a whole number is needed")
TRUTH = ("skal være true eller false", "true or false is needed")
IN_BRACES = (
    "skal være felter og værdier i tuborgklammer; se i /docs",
    "fields and their values in braces are needed; see /docs",
)
MISSHAPEN: list[tuple[str, Any, str, str, str]] = [
    (MOVE, {}, "at", "mangler", "is missing"),
    (
        WORD,
        {"word": "hav", "hemmeligt": 1},
        "hemmeligt",
        "det felt findes ikke; udelad det",
        "there is no such field; leave it out",
    ),
    (WORD, '{"word": hemmeligt', "body", "kan ikke læses som JSON", "can't be read as JSON"),
    (WORD, ["hemmeligt"], "body", *IN_BRACES),
    (f"POST {TEXT}/preview", {"words": "hemmeligt"}, "words", *IN_BRACES),
    (CAME, {"attendance": "hemmeligt"}, "attendance", "skal være en liste", "a list is needed"),
    (CAME, {"attendance": []}, "attendance", "må ikke være tom", "must not be empty"),
    (CAME, {"attendance": ["hemmeligt"]}, "attendance", *IN_BRACES),
    (
        *(CAME, {"attendance": [{"participant_id": "MAJA", "attendance": None}] * 201}, "attendance"),
        *("højst 200 i ét kald", "at most 200 in one call"),
    ),
    (WORD, {"word": 5}, "word", "skal være en tekst", "a text is needed"),
    (
        WORD,
        {"word": "\ud800 hemmeligt"},
        "word",
        "et af tegnene kan ikke læses; skriv det igen",
        "a sign in it can't be read; type it anew",
    ),
    (f"POST {MAJA}/messages", {"text": "  "}, "text", "må ikke være tom", "must not be empty"),
    (WORD, {"word": "ab"}, "word", "mindst 3 tegn", "at least 3 characters"),
    (f"POST {TEXT}/preview", {"words": {"text": "a" * 1201}}, "text", "højst 1200 tegn", "at most 1200 characters"),
    (
        *("GET /v1/participants/hemme%20ligt/card", None, "participant_id"),
        *("er ikke skrevet, som det skal være; se i /docs", "isn't written as it must be; see /docs"),
    ),
    (
        "GET /v1/texts/checkin/hemmeligt/difference?before=0&after=0",
        None,
        "language",
        "kan kun være: da, en",
        "can only be: da, en",
    ),
    (
        *(f"PUT {MAJA}/pause", {"until": "2026-12-01", "reason": "hemmeligt"}, "reason"),
        *("kan kun være: away, holiday, other", "can only be: away, holiday, other"),
    ),
    (f"DELETE {MAJA}?code=x&filed=hemmeligt", None, "filed", "kan kun være: true", "can only be: true"),
    (f"POST {TEXT}/preview", {"number": ["hemmeligt"]}, "number", *A_NUMBER),
    (f"POST {TEXT}/preview", {"number": "hemmeligt"}, "number", *A_NUMBER),
    (f"POST {TEXT}/preview", {"number": 1.5}, "number", *A_NUMBER),
    (f"POST {TEXT}/preview", '{"number": NaN}', "number", *A_NUMBER),
    (f"GET {MAJA}/plan?days={'9' * 5000}", None, "days", *A_NUMBER),
    (f"GET {MAJA}/plan?days=0", None, "days", "mindst 1", "at least 1"),
    (f"GET {MAJA}/plan?days=5000", None, "days", "højst 366", "at most 366"),
    (f"POST {MAJA}/invite", {"change": "hemmeligt"}, "change", *TRUTH),
    ("GET /v1/inbox?unread=hemmeligt", None, "unread", *TRUTH),
    (f"PUT {MAJA}/pause", {"until": [], "reason": "away"}, "until", *A_DAY),
    (f"PUT {MAJA}/pause", {"until": "hemmeligt", "reason": "away"}, "until", *A_DAY),
    (f"PUT {MAJA}/pause", {"until": 17, "reason": "away"}, "until", *A_DAY),
    (MOVE, {"at": None}, "at", *A_TIME),
    (MOVE, {"at": "hemmeligt"}, "at", *A_TIME),
    (MOVE, {"at": 1e20}, "at", *A_TIME),
    (MOVE, {"at": "2026-11-24T10:00:00"}, "at", "mangler en tidszone, som +01:00", "needs a time zone, such as +01:00"),
]


def filled(sentence: str) -> re.Pattern[str]:
    """This sentence, whatever its values are."""
    return re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(sentence)))


async def test_each_shape_that_a_field_can_lack_is_told_in_both_languages_and_nothing_is_repeated(office: Office) -> None:
    said = set[str]()
    for call, body, field, danish, english in MISSHAPEN:
        for language, says in ((None, danish), ("en", english)):
            errors = await office.errors(call, body, "coach", language)
            assert errors == {field: [says]}, (call, body)
            assert "hemmeligt" not in says
        said.add(english)
    known = {one.english for one in SHAPES.values()}
    told = {one for one in known if any(filled(one).fullmatch(had) for had in said)}
    print(f"looked at {len(MISSHAPEN)} calls and {len(SHAPES)} shapes")
    assert told == known
    assert str(OTHER) not in said
    assert SHAPES.keys() <= set(get_args(ErrorType))


NO_IDS = ["%00", "æøå", "a b", "x" * 65]


async def test_an_id_that_nobody_can_have_is_refused(api: Api, now: datetime) -> None:
    token = await a_token(api, now)
    for path in NO_IDS:
        answer = await api.get(f"/v1/participants/{path}/card", token)
        assert answer.status_code == 422
        assert list(problem_of(answer).errors or {}) == ["participant_id"]


LANGUAGES = [("en", "Not found"), ("en-GB,en;q=0.9", "Not found"), ("fr, da;q=0.5", "Ikke fundet"), ("*", "Ikke fundet")]


async def test_problems_speak_danish_or_english(api: Api) -> None:
    for language, title in LANGUAGES:
        answer = await api.get("/no/such/page", accept_language=language)
        assert problem_of(answer).title == title
        assert answer.status_code == 404


async def test_an_address_says_what_it_takes(api: Api) -> None:
    answer = await api.client.delete("/v1/participants")
    assert problem_of(answer).status == 405
    assert answer.headers["allow"] == "GET"


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // KIB):
        yield b"x" * KIB


def a_webhook(db: Database, now: datetime) -> APIRouter:
    """Keeps what it gets, as the providers' webhooks do."""
    router = APIRouter()

    @router.post("/webhooks/test")
    async def keep(request: Request) -> dict[str, int]:
        body = await request.body()
        message = Inbound(ChannelName.SMS, f"SM{len(body)}", "+4501000001", InboundKind.TEXT, "hej", "hej")
        async with db.begin() as session:
            await inbox.keep(session, message, now)
        return {"size": len(body)}

    @router.get("/webhooks/broken")
    async def broken() -> None:
        raise RuntimeError("Maja skrev: ring til mig")

    return router


@pytest.fixture
async def hooked(db: Database, catalogue: Catalogue, clock: StillClock, now: datetime) -> AsyncIterator[Api]:
    transport = httpx2.ASGITransport(create_app(db, catalogue, clock, extra=[a_webhook(db, now)]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
        yield Api(client, db, clock)


async def kept(api: Api, now: datetime) -> int:
    async with api.db.read() as session:
        return (await inbox.lately_from(session, ChannelName.SMS, "+4501000001", now, timedelta(days=1))).number


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_of_a_megabyte_is_refused_and_nothing_is_written(hooked: Api, now: datetime, chunked: bool) -> None:
    size = KIB * KIB
    answer = await hooked.client.post("/webhooks/test", content=chunks(size) if chunked else b"x" * size)
    assert problem_of(answer).status == 413
    assert await kept(hooked, now) == 0


async def test_a_body_that_lies_about_its_size_is_refused(hooked: Api, now: datetime) -> None:
    answer = await hooked.client.post("/webhooks/test", content=chunks(KIB * KIB), headers={"Content-Length": "10"})
    assert problem_of(answer).status == 413
    assert await kept(hooked, now) == 0


@pytest.mark.parametrize("size", [0, 1, 64 * KIB])
async def test_what_fits_arrives_whole(hooked: Api, now: datetime, size: int) -> None:
    answer = await hooked.client.post("/webhooks/test", content=b"x" * size)
    assert answer.json() == {"size": size}
    assert await kept(hooked, now) == 1


@pytest.mark.parametrize(("size", "status"), [(64 * KIB + 1, 404), (256 * KIB, 404), (256 * KIB + 1, 413), (KIB * KIB, 413)])
async def test_telegram_may_post_a_long_answer_to_a_long_message(hooked: Api, size: int, status: int) -> None:
    answer = await hooked.client.post("/webhooks/telegram", content=b"x" * size)
    assert problem_of(answer).status == status


async def test_the_unexpected_is_told_without_details_and_logged_by_its_type(hooked: Api) -> None:
    with capture_logs() as logs:
        answer = await hooked.client.get("/webhooks/broken")
    assert problem_of(answer).status == 500
    assert "Maja" not in answer.text
    assert "Maja" not in json.dumps(logs)
    assert [entry["error"] for entry in logs] == ["RuntimeError"]


@pytest.mark.parametrize("address", [f"/v1/participants?x=mv_{'x' * 43}", "/v1/participants"])
async def test_without_a_database_calls_are_told_to_try_again(
    tmp_path: Path, vault: Vault, catalogue: Catalogue, clock: StillClock, address: str
) -> None:
    where = {
        "postgresql://nobody@127.0.0.1:1/medvind": "/docs#away",
        f"sqlite:///{tmp_path}/empty.db": "/docs#other-schema",
    }
    for url, kind in where.items():
        async with Database.open(url, vault) as db:
            transport = httpx2.ASGITransport(create_app(db, catalogue, clock))
            async with httpx2.AsyncClient(transport=transport, base_url="http://medvind.test") as client:
                answer = await client.get(address, headers={"Authorization": "Bearer mv_x"})
                problem = problem_of(answer)
                assert (problem.status, problem.type, answer.headers["retry-after"]) == (503, kind, "5"), url
