"""A municipality changes its words over the API: a draft, a look, live, and back; refusals say where and how to mend it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from medvind.model import Language, Role
from medvind.rules.wording import Words
from medvind.store import settings, texts
from medvind.store.texts import Version
from medvind.texts import shipped
from tests.api.calling import Api
from tests.people import Person, add_coach, add_duty, add_meeting, add_person

OURS = {"text": "Hej {{ first_name }}. Hvordan går det? Svar fra 1 til 5."}
NEXT = {"text": "Hej {{ first_name }}. Hvordan går det i dag? Svar fra 1 til 5."}
PATH = "/v1/texts/checkin"
DANISH = f"{PATH}/da"


@dataclass(frozen=True)
class Office:
    """An admin, a coach with her own person, another coach, and a lead."""

    api: Api
    maja: Person
    admin: str
    karin: str
    bente: str
    lead: str

    async def call(self, method: str, path: str, body: Any = None, token: str | None = None, **more: str) -> httpx2.Response:
        signed = {"Authorization": f"Bearer {token or self.admin}", "Accept-Language": "en"} | more
        return await self.api.client.request(method, path, headers=signed, json=body)

    async def get(self, path: str, token: str | None = None) -> Any:
        answer = await self.call("GET", path, token=token)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def save(self, body: Any, path: str = DANISH) -> Any:
        answer = await self.call("POST", f"{path}/versions", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def live(self, number: int, path: str = DANISH) -> Any:
        answer = await self.call("POST", f"{path}/versions/{number}/live")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def preview(self, body: Any, path: str = DANISH, token: str | None = None) -> Any:
        answer = await self.call("POST", f"{path}/preview", body, token)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def office(api: Api, now: datetime) -> Office:
    async with api.db.begin() as session:
        vault = session.vault
        karin, bente = [(await add_coach(session, vault, first_name=name, now=now)).id for name in ("Karin", "Bente")]
        maja = await add_person(session, vault, coach_id=karin, now=now)
    admin, lead = [await api.token(role) for role in (Role.ADMIN, Role.LEAD)]
    return Office(api, maja, admin, await api.token(coach_id=karin), await api.token(coach_id=bente), lead)


async def test_everybody_reads_all_texts_with_what_holds_in_each_language(office: Office) -> None:
    service = await office.api.token(Role.SERVICE, scope="statistics:read")
    for token in (office.admin, office.karin, office.lead, service):
        found = await office.api.items("/v1/texts", token, limit=40)
        assert [one["key"] for one in found] == sorted(shipped(Language.DA))
    line = next(one for one in found if one["key"] == "checkin")
    assert (line["always"], line["sometimes"]) == (["first_name", "today"], ["business", "coach", "coach_phone", "in_place_of"])
    danish = line["languages"]["da"]
    assert danish["draft"] is None
    assert danish["live"]["text"] == shipped(Language.DA)["checkin"].text
    assert (danish["live"]["number"], danish["live"]["state"], danish["live"]["as_shipped"]) == (0, "live", True)
    assert line["languages"]["en"]["live"]["text"] == shipped(Language.EN)["checkin"].text
    helping = next(one for one in found if one["key"] == "help")
    assert helping["languages"]["da"]["live"]["telegram"] == shipped(Language.DA)["help"].telegram


async def test_from_draft_to_live_and_back_with_every_version_kept(office: Office, now: datetime) -> None:
    first = await office.save(OURS)
    assert (first["number"], first["version"], first["state"], first["live_at"]) == (1, "da/checkin@v1", "draft", None)
    assert (await office.get(PATH))["languages"]["da"]["live"]["number"] == 0
    assert (await office.live(1))["state"] == "live"
    second = await office.save(NEXT)
    assert (await office.live(second["number"]))["number"] == 2
    back = await office.live(1)
    assert (back["number"], back["copy_of"], back["text"]) == (3, 1, OURS["text"])
    brought = await office.live(0)
    assert (brought["number"], brought["copy_of"], brought["as_shipped"]) == (4, 0, True)
    shown = (await office.get(PATH, office.karin))["languages"]
    assert [(one["number"], one["state"]) for one in shown["da"]["versions"]] == [
        (4, "live"),
        (3, "past"),
        (2, "past"),
        (1, "past"),
        (0, "past"),
    ]
    assert [one["text"] for one in shown["da"]["versions"][1:4]] == [OURS["text"], NEXT["text"], OURS["text"]]
    assert [one["number"] for one in shown["en"]["versions"]] == [0]
    assert shown["da"]["versions"][2]["made_at"] == now.isoformat().replace("+00:00", "Z")


async def test_the_same_call_again_changes_nothing(office: Office) -> None:
    key = {"Idempotency-Key": "one-of-mine"}
    first, again = [await office.call("POST", f"{DANISH}/versions", OURS, **key) for _ in range(2)]
    assert first.json() == again.json()
    first, again = [await office.call("POST", f"{DANISH}/versions/1/live", **key) for _ in range(2)]
    assert first.json() == again.json()
    assert len((await office.get(PATH))["languages"]["da"]["versions"]) == 2


async def test_whoever_is_no_admin_sees_and_does_not_change(office: Office) -> None:
    await office.save(OURS)
    for token in (office.karin, office.lead, await office.api.token(Role.SERVICE, scope="participants:read")):
        for path, body in ((f"{DANISH}/versions", NEXT), (f"{DANISH}/versions/1/live", None)):
            answer = await office.call("POST", path, body, token)
            assert answer.status_code == 403
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"] == "/docs#not-allowed"
            assert answer.json()["detail"] == "Ask somebody who has a token with the role admin."
    [draft, _] = (await office.get(PATH))["languages"]["da"]["versions"]
    assert (draft["number"], draft["state"]) == (1, "draft")


@pytest.mark.parametrize(
    ("words", "field", "fault"),
    [
        ({"text": "Hej {{ navn }}."}, "text", "line 1: there is no navn in this text; it can name "),
        ({"text": "Hej {{ coach_phone|phone }}."}, "text", "line 1: coach_phone may be missing; write it between "),
        ({"text": "Hej {{ first_name"}, "text", "line 1: "),
        ({"text": "{{ first_name.__class__.__mro__ }}"}, "text", "line 1: Getattr is more than a text may use"),
        ({"text": "a" * 161}, "text", "with the longest values it fills 161 septets, and an SMS has 160; make it 1 shorter"),
        ({"text": "Hej \u2013 hvordan går det?"}, "text", "'\u2013' leaves room for only 70 characters in an SMS; write '-'"),
        ({"text": "Se skat.dk."}, "text", "'skat.dk' is a web or mail address"),
        ({"text": "Du skylder 5 kr."}, "text", "'kr' speaks of an amount"),
        ({"text": "Du får 1.400 i dag."}, "text", "'1.4' could be an amount"),
        ({"text": "Din førtidspension er klar."}, "text", "'førtidspension' is confidential in an SMS"),
        ({"text": "Hvordan går det med din angst?"}, "text", "'angst' is a word of health"),
        ({**OURS, "telegram": "Din gæld er klar."}, "telegram", "'gæld' is confidential"),
    ],
)
async def test_words_that_may_not_go_out_are_refused_with_the_place_and_the_cure(
    office: Office, words: Any, field: str, fault: str
) -> None:
    answer = await office.call("POST", f"{DANISH}/versions", words)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert any(one.startswith(fault) for one in answer.json()["errors"][field]), answer.json()
    assert len((await office.get(PATH))["languages"]["da"]["versions"]) == 1
    assert (await office.preview({"words": words}))["faults"] == answer.json()["errors"]


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        (f"{DANISH}/versions", {}, 422, "text"),
        (f"{DANISH}/versions", {"text": ""}, 422, "text"),
        (f"{DANISH}/versions", {"text": "a" * 1201}, 422, "text"),
        (f"{DANISH}/versions", {"text": "Hej.", "sms": "Hej."}, 422, "sms"),
        (f"{DANISH}/versions", {"text": 5}, 422, "text"),
        (f"{PATH}/sv/versions", OURS, 422, "language"),
        ("/v1/texts/no_such_text/da/versions", OURS, 404, None),
        ("/v1/texts/..%2F..%2Fda/da/versions", OURS, 404, None),
        (f"{DANISH}/versions/1/live", None, 404, None),
        (f"{DANISH}/versions/-1/live", None, 422, "number"),
        (f"{DANISH}/versions/99999999999999999999/live", None, 422, "number"),
        (f"{DANISH}/preview", {"number": 9}, 404, None),
        (f"{DANISH}/preview", {"participant_id": "nobody"}, 404, None),
    ],
)
async def test_a_call_that_makes_no_sense_is_refused_by_field(
    office: Office, path: str, body: Any, status: int, field: str | None
) -> None:
    answer = await office.call("POST", path, body)
    assert answer.status_code == status
    assert field is None or field in answer.json()["errors"]


async def test_two_versions_are_compared_line_by_line(office: Office) -> None:
    await office.save({**OURS, "telegram": "Hej {{ first_name }}.\nHvordan går det?\nSvar fra 1 til 5."})
    await office.save({**OURS, "telegram": "Hej {{ first_name }}.\nHvordan går det i dag?\nSvar fra 1 til 5."})
    found = await office.get(f"{DANISH}/difference?before=1&after=2", office.karin)
    assert (found["before"], found["after"]) == ("da/checkin@v1", "da/checkin@v2")
    assert found["lines"] == [
        "--- da/checkin@v1",
        "+++ da/checkin@v2",
        "@@ -2,5 +2,5 @@",
        f" {OURS['text']}",
        " [telegram]",
        " Hej {{ first_name }}.",
        "-Hvordan går det?",
        "+Hvordan går det i dag?",
        " Svar fra 1 til 5.",
    ]
    same = await office.get(f"{DANISH}/difference?before=1&after=1")
    assert same["lines"] == []
    with_ours = (await office.get(f"{DANISH}/difference?before=0&after=1"))["lines"]
    assert f"-{shipped(Language.DA)['checkin'].text}" in with_ours
    assert f"+{OURS['text']}" in with_ours
    assert (await office.call("GET", f"{DANISH}/difference?before=0&after=3")).status_code == 404


async def test_a_preview_with_the_longest_values_shows_each_channel_and_its_parts(office: Office) -> None:
    words = {"text": OURS["text"], "telegram": "Hej {{ first_name }}. " + "Hvordan går det? " * 20 + "Svar."}
    shown = await office.preview({"words": words})
    assert (shown["version"], shown["faults"], shown["missing"]) == (None, {}, None)
    assert shown["sampled"] == ["business", "coach", "coach_phone", "first_name", "in_place_of", "today"]
    sms, telegram = shown["channels"]
    text = "Hej Christoffer. Hvordan går det? Svar fra 1 til 5."
    assert sms == {
        "channel": "sms",
        "text": text,
        "encoding": "GSM-7",
        "segments": 1,
        "units": len(text),
        "price": None,
        "plain": None,
    }
    assert (telegram["channel"], telegram["segments"]) == ("telegram", 3)
    assert 0 < shown["reading_ease"] < 25
    assert (await office.get(PATH))["languages"]["da"]["draft"] is None


async def test_what_an_sms_costs_is_shown_where_the_municipality_has_said_what_a_segment_does(office: Office) -> None:
    dear = {"text": "Hej {{ first_name }} \u2013 hvordan går det? " * 4}
    async with office.api.db.begin() as session:
        await settings.put(session, "sms_price", "35", office.api.clock.now())
    sms, telegram = (await office.preview({"words": dear}))["channels"]
    assert (sms["segments"], sms["price"], telegram["price"]) == (3, 105, None)
    assert (sms["plain"]["segments"], sms["plain"]["price"]) == (1, 35)


async def test_the_plain_twin_is_offered_where_a_sign_makes_an_sms_dearer(office: Office) -> None:
    dear = (
        "Hej {{ first_name }} \u2013 hvordan går det? Svar med et tal fra \u201c1\u201d til \u201c5\u201d. "
        "Vi er her for dig, og vi læser med \u2026"
    )
    [sms, telegram] = (await office.preview({"words": {"text": dear}}))["channels"]
    assert (sms["encoding"], sms["segments"], sms["units"]) == ("UCS-2", 2, len(sms["text"]))
    assert sms["plain"] == {
        "text": 'Hej Christoffer - hvordan går det? Svar med et tal fra "1" til "5". Vi er her for dig, og vi læser med ...',
        "segments": 1,
        "units": len(sms["text"]) + 2,
        "price": None,
    }
    assert telegram["plain"] is None
    [sms, _] = (await office.preview({"words": {"text": "Godt gået \U0001f600"}}))["channels"]
    assert (sms["encoding"], sms["plain"]) == ("UCS-2", None)


async def test_a_coach_sees_words_with_the_facts_of_their_own_people_and_of_nobody_else(office: Office, now: datetime) -> None:
    about = {"participant_id": office.maja.public_id}
    shown = await office.preview(about, token=office.karin)
    assert shown["channels"][0]["text"].startswith("Hej Maja. Hvordan går det med dit projekt")
    assert shown["sampled"] == ["today"]
    helping = await office.preview(about, "/v1/texts/help/da", office.karin)
    assert helping["channels"][0]["text"].endswith("Ring til Karin: 01 00 90 01.")
    for token in (office.bente, office.admin, office.lead):
        answer = await office.call("POST", f"{DANISH}/preview", about, token)
        assert answer.status_code == 404
        assert "Maja" not in answer.text


async def test_a_message_that_is_planned_lends_its_own_facts_to_the_preview(office: Office, now: datetime) -> None:
    async with office.api.db.begin() as session:
        vault = session.vault
        starts_at = datetime(2026, 12, 3, 14)  # noqa: DTZ001 - a wall time
        meeting = await add_meeting(
            session, vault, external_id="m-1", starts_at=starts_at, place="Torvet 1", attendees=[office.maja], now=now
        )
        subject = {"meeting": meeting.public_id}
        due = now + timedelta(days=2)
        await add_duty(session, vault, office.maja, kind="meeting", text="meeting_days_before", subject=subject, due_at=due)
    about = {"participant_id": office.maja.public_id}
    shown = await office.preview(about, "/v1/texts/meeting_days_before/da", office.karin)
    assert shown["sampled"] == []
    assert shown["channels"][0]["text"].startswith("Husk: Vi mødes torsdag d. 3. december kl. 14.00. Sted: Torvet 1.")


async def test_what_could_not_be_written_for_somebody_is_told_and_not_shown_with_a_hole(office: Office, now: datetime) -> None:
    async with office.api.db.begin() as session:
        await add_duty(session, session.vault, office.maja, text="no_news", due_at=now + timedelta(days=2))
    about = {"participant_id": office.maja.public_id}
    shown = await office.preview(about, "/v1/texts/no_news/da", office.karin)
    assert shown["channels"] == []
    assert shown["missing"] == "text no_news (da): 'next_day' is undefined"


async def test_the_api_itself_speaks_in_the_new_words_at_once(office: Office, now: datetime) -> None:
    async with office.api.db.begin() as session:
        await add_duty(
            session, session.vault, office.maja, due_at=now + timedelta(hours=1), why={"key": "why_reply", "values": {}}
        )
    path = f"/v1/participants/{office.maja.public_id}/card"

    async def why() -> list[str]:
        danish = {"Accept-Language": "da"}
        return [one["why"] for one in (await office.call("GET", path, token=office.karin, **danish)).json()["messages"]]

    assert await why() == ["Det er et svar på det, du skrev til os."]
    await office.save({"text": "Du skrev til os, og det her er svaret."}, "/v1/texts/why_reply/da")
    await office.live(1, "/v1/texts/why_reply/da")
    assert await why() == ["Du skrev til os, og det her er svaret."]


async def test_words_from_elsewhere_that_can_not_be_used_are_told_by_readyz_and_shown(office: Office, now: datetime) -> None:
    async with office.api.db.begin() as session:
        await texts.add(session, Version("checkin", Language.DA, 1, Words("Hej {{ navn }}."), None, now, "elsewhere", now))
    answer = await office.api.get("/readyz")
    [reason] = answer.json()["reasons"]
    assert answer.status_code == 200
    assert reason.startswith("text da/checkin@v1 can't be used, so the shipped one goes out: text: line 1: there is no navn")
    assert reason.endswith("Make other words live in /v1/texts")
    shown = (await office.get(PATH))["languages"]["da"]["live"]
    assert shown["fault"].startswith("text: line 1: there is no navn")
    await office.save(OURS)
    await office.live(2)
    assert (await office.api.get("/readyz")).json() == {"status": "ok", "reasons": []}


IN_WORDS = [
    (
        "da",
        "linje 1: der findes ingen navn i denne tekst; den kan nævne business, coach, coach_phone, ",
        "teksten no_news (da) kan ikke skrives: 'next_day' mangler",
    ),
    (
        "en",
        "line 1: there is no navn in this text; it can name business, coach, coach_phone, ",
        "text no_news (da): 'next_day' is undefined",
    ),
]


@pytest.mark.parametrize(("language", "fault", "missing"), IN_WORDS)
async def test_what_is_wrong_with_words_is_told_in_the_readers_language_wherever_it_stands(
    office: Office, now: datetime, language: str, fault: str, missing: str
) -> None:
    async with office.api.db.begin() as session:
        await texts.add(session, Version("checkin", Language.DA, 1, Words("Hej {{ navn }}."), None, now, "elsewhere", now))
        await add_duty(session, session.vault, office.maja, text="no_news", due_at=now + timedelta(days=2))

    async def call(method: str, path: str, body: Any = None) -> Any:
        return (await office.call(method, path, body, office.karin, **{"Accept-Language": language})).json()

    [previewed] = (await call("POST", f"{DANISH}/preview", {"number": 1}))["faults"]["text"]
    [refused] = (await call("POST", f"{DANISH}/preview", {"words": {"text": "Hej {{ navn }}."}}))["faults"]["text"]
    shown = (await call("GET", PATH))["languages"]["da"]["live"]["fault"]
    lines = (await call("GET", "/v1/texts?limit=200"))["items"]
    [listed] = [one["languages"]["da"]["live"]["fault"] for one in lines if one["key"] == "checkin"]
    assert [shown, listed] == [f"text: {previewed}"] * 2
    assert previewed == refused
    assert previewed.startswith(fault)
    about = {"participant_id": office.maja.public_id}
    assert (await call("POST", "/v1/texts/no_news/da/preview", about))["missing"] == missing
