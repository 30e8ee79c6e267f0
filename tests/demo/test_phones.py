"""The phones as the page uses them: typed, tapped, and what comes back, over the wire and through the very flows."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from api.app import create_app
from medvind.demo.cast import BEGINS, DAYS, at
from medvind.demo.door import FILES, PAGE, SECRET
from medvind.demo.summary import sum_up
from medvind.demo.wait import Wait
from medvind.store.database import Database
from medvind.store.vault import Vault
from tests.conftest import Engines
from tests.demo.town import AMINA, DENNIS, GITTE, HALF_AN_HOUR, HOST, JENS, Phones, cast, phones_of, town


@pytest.fixture
async def db(sqlite_url: str, vault: Vault, engines: Engines) -> AsyncIterator[Database]:
    """The demo has one of one kind."""
    opened = await engines.at(sqlite_url, vault)
    yield opened
    await opened.engine.dispose()


@pytest.fixture
async def phones(db: Database) -> AsyncIterator[Phones]:
    async with phones_of(await town(db, cast(AMINA, DENNIS, GITTE, JENS))) as found:
        yield found


def texts(view: Any) -> list[str]:
    return [bubble["text"] for bubble in view["phone"]["bubbles"]]


def minute(moment: str) -> datetime:
    """Without its seconds: the channel lets go ten messages a second."""
    return datetime.fromisoformat(moment).replace(second=0, microsecond=0)


async def received(wait: Wait) -> dict[str, int]:
    """What came in and what was made of it, as the service has it."""
    return dict((await sum_up(wait.db, wait.catalogue, wait.clock.now())).figures.received)


async def test_what_is_typed_is_answered_at_once_while_the_clock_stands(phones: Phones) -> None:
    view = await phones.write(AMINA, "ja tak")
    asked, said, answered = view["phone"]["bubbles"]
    assert "Kommer du?" in asked["text"]
    assert (said["text"], said["mine"]) == ("ja tak", True)
    assert answered["text"].startswith("Dejligt. Vi ses")
    assert asked["at"] < said["at"] < answered["at"]
    assert datetime.fromisoformat(view["now"]) < BEGINS + HALF_AN_HOUR + timedelta(minutes=1)
    assert await received(phones.wait) == {"yes": 1}


async def test_what_landed_stands_there_as_the_channel_handed_it_over(phones: Phones) -> None:
    await phones.write(AMINA, "JA")
    landed = [message.text for phones_ in phones.wait.phones.values() for message in phones_.landed]
    shown = [bubble for who in (AMINA, DENNIS, GITTE, JENS) for bubble in (await phones.view(who))["phone"]["bubbles"]]
    assert sorted(bubble["text"] for bubble in shown if not bubble["mine"]) == sorted(landed)
    assert {bubble["parts"] for bubble in shown} == {1}


async def test_a_phone_in_a_newcomers_hands_is_answered_by_nobody_else_and_the_others_go_on(phones: Phones) -> None:
    """Amina and Gitte would both say JA 50 minutes after they were asked."""
    await phones.write(AMINA, "RING")
    view = await phones.call("pass", phone=AMINA, span="hour")
    assert texts(view)[1:2] == ["RING"]
    assert "JA" not in texts(view)
    assert "JA" in texts(await phones.view(GITTE))
    taken = {tile["id"]: tile["taken"] for tile in view["phones"]}
    assert taken == {AMINA: True, DENNIS: False, GITTE: False, JENS: False}


async def test_the_next_days_bring_what_falls_due_to_the_minute(phones: Phones) -> None:
    """The course ends on Friday 27 February; the first check-in is for Monday 2 March at 10:00, as the plan has it."""
    days = [await phones.call("pass", phone=GITTE, span="day") for _ in range(5)]
    assert [minute(view["now"]) for view in days] == [at(day, month, "10:00") for day, month in DATES]
    asked = [bubble for bubble in days[-1]["phone"]["bubbles"] if "Hvordan går det" in bubble["text"]]
    assert [minute(bubble["at"]) for bubble in asked] == [at(2, 3, "10:00")]
    assert not [text for view in days[:3] for text in texts(view) if "Hvordan går det" in text]


DATES = ((27, 2), (28, 2), (1, 3), (2, 3), (3, 3))


async def test_an_hour_is_an_hour_and_a_day_ends_at_the_same_time_on_the_wall(db: Database) -> None:
    """On 29 March the clocks go forward."""
    before = at(28, 3, "09:30") - BEGINS
    async with phones_of(await town(db, cast(JENS), before)) as phones:
        day = await phones.call("pass", phone=JENS, span="day")
        hour = await phones.call("pass", phone=JENS, span="hour")
    assert minute(day["now"]) == at(29, 3, "09:30")
    assert minute(day["now"]) - at(28, 3, "09:30").astimezone(UTC) == timedelta(hours=23)
    assert minute(hour["now"]) - minute(day["now"]) == timedelta(hours=1)


async def test_a_code_from_the_coach_joins_telegram_and_a_tap_answers_its_own_question(phones: Phones) -> None:
    joined = await phones.call("join", phone=AMINA)
    assert joined["phone"]["telegram"]
    welcome = joined["phone"]["bubbles"][-3:]
    assert {(bubble["channel"], bubble["text"][:17]) for bubble in welcome} == {
        ("telegram", "/start"),
        ("telegram", "Hej Amina. Nu skr"),
        ("sms", "Fra nu af kommer "),
    }
    for _ in range(4):
        view = await phones.call("pass", phone=AMINA, span="day")
    asked = next(bubble for bubble in view["phone"]["bubbles"] if "Hvordan går det" in bubble["text"])
    assert [button["label"] for button in asked["buttons"]] == ["1", "2", "3", "4", "5"]
    assert asked["parts"] is None
    view = await phones.call("tap", phone=AMINA, data=asked["buttons"][1]["data"])
    tapped, answer = view["phone"]["bubbles"][-2:]
    assert (tapped["text"], tapped["tap"], tapped["mine"]) == ("2", True, True)
    assert not next(bubble for bubble in view["phone"]["bubbles"] if bubble["number"] == asked["number"])["buttons"]
    assert answer["text"].startswith("Tak, fordi du siger det.")
    assert (await received(phones.wait))["score"] >= 1


async def test_a_button_that_never_stood_on_this_phone_cannot_be_tapped(phones: Phones) -> None:
    body = {"phone": AMINA, "data": "q:somebody-elses:yes"}
    answer = await phones.client.post("/phones/tap", json=body, headers={SECRET: phones.secret})
    assert answer.status_code == 404
    assert await received(phones.wait) == {}
    assert not (await phones.view(AMINA))["phones"][0]["taken"]


async def test_the_coachs_side_beside_shows_what_the_words_cause(phones: Phones) -> None:
    before = (await phones.view(AMINA))["beside"]
    assert (before["coach"], before["tasks"], before["words"]) == ("Karin", [], [])
    await phones.write(AMINA, "RING")
    after = (await phones.write(AMINA, "Jeg har fået min første kunde i dag"))["beside"]
    assert [task["says"] for task in after["tasks"]] == ["Har brug for et opkald."]
    assert [one["text"] for one in after["words"]] == ["Jeg har fået min første kunde i dag", "RING"]
    assert after["next"]
    assert after["next"][0]["why"]
    other = (await phones.view(GITTE))["beside"]
    assert (other["tasks"], other["words"]) == ([], [])


async def test_stop_is_confirmed_once_and_then_the_days_bring_nothing(phones: Phones) -> None:
    view = await phones.write(GITTE, "Stop!")
    assert texts(view)[-1].startswith("Du får ikke flere beskeder")
    for _ in range(5):
        view = await phones.call("pass", phone=GITTE, span="day")
    assert texts(view)[-1].startswith("Du får ikke flere beskeder")
    assert next(tile for tile in view["phones"] if tile["id"] == GITTE)["quiet"]


async def test_a_number_that_nobody_has_is_somebodys_once_they_write_from_it(phones: Phones) -> None:
    before = await phones.view(JENS)
    assert (texts(before), before["phones"][3]["dead"]) == ([], True)
    view = await phones.write(JENS, "HJÆLP")
    assert len(texts(view)) == 2
    assert not view["phones"][3]["dead"]


async def test_words_of_any_kind_stand_there_as_they_were_typed(phones: Phones) -> None:
    odd = '<img src=x onerror="alert(1)">&amp; \u202e æøå 👍'
    assert odd in texts(await phones.write(AMINA, odd))
    halves = b'{"phone": "d01", "channel": "sms", "text": "\\ud800"}'
    headers = {SECRET: phones.secret, "Content-Type": "application/json"}
    answer = await phones.client.post("/phones/write", content=halves, headers=headers)
    assert answer.status_code == 422


OTHERS: dict[str, dict[str, str]] = {
    "no secret": {},
    "another secret": {SECRET: "guessed"},
    "another site's page": {SECRET: "@", "Origin": "http://evil.example"},
    "a page without a site": {SECRET: "@", "Origin": "null"},
    "a stranger's name that leads here": {SECRET: "@", "Host": "evil.example:8000"},
    "a form that looks like text": {SECRET: "@", "Content-Type": "text/plain"},
}


async def test_another_sites_page_can_do_nothing_here(phones: Phones) -> None:
    before = await phones.view(AMINA)
    body = b'{"phone": "d01", "channel": "sms", "text": "STOP", "span": "day", "data": "q:x:yes"}'
    for why, headers in OTHERS.items():
        sent = {"Content-Type": "application/json"} | {name: text.replace("@", phones.secret) for name, text in headers.items()}
        for what in ("write", "tap", "join", "pass"):
            answer = await phones.client.post(f"/phones/{what}", content=body, headers=sent)
            assert answer.status_code == 403, why
        if "Content-Type" not in headers:
            assert (await phones.client.get("/phones/view", headers=sent)).status_code == 403, why
    print(f"looked at {len(OTHERS)} ways to come in")
    assert await phones.view(AMINA) == before
    assert await received(phones.wait) == {}


async def test_the_page_is_given_to_no_other_name_and_keeps_its_secret_to_itself(phones: Phones) -> None:
    other = await phones.client.get("/phones", headers={"Host": "evil.example:8000"})
    assert (other.status_code, phones.secret in other.text) == (403, False)
    page = await phones.client.get("/phones")
    assert page.text.count(phones.secret) == 1
    assert page.headers["cache-control"] == "no-store"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_the_page_is_made_of_its_own_files_alone(phones: Phones) -> None:
    page = (await phones.client.get("/phones")).text
    named = re.findall(r'(?:href|src)="(/[^"]+)"', page)
    assert sorted(named) == sorted(f"/phones/file/{name}" for name in FILES if name != "phones.html")
    for path in named:
        answer = await phones.client.get(path)
        assert answer.status_code == 200
        assert "://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    for missing in ("phones.html", "..%2Fdoor.py", "nothing.js"):
        assert (await phones.client.get(f"/phones/file/{missing}")).status_code == 404


def test_the_page_never_makes_markup_of_words() -> None:
    script = (PAGE / "phones.js").read_text(encoding="utf-8")
    looked = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc", "setHTML"]
    assert [name for name in looked if name in script] == []


async def test_medvind_itself_has_no_such_page(phones: Phones) -> None:
    wait = phones.wait
    product = httpx2.ASGITransport(create_app(wait.db, wait.catalogue, wait.clock))
    async with httpx2.AsyncClient(transport=product, base_url=f"http://{HOST}") as client:
        assert (await client.get("/phones")).status_code == 404
        assert "/phones" not in (await client.get("/openapi.json")).text


async def test_the_day_after_the_story_asks_everybody_something(db: Database) -> None:
    """Else a newcomer would have nothing to answer."""
    async with phones_of(await town(db, cast(GITTE), timedelta(days=DAYS))) as phones:
        view = await phones.call("pass", phone=GITTE, span="day")
        assert "Kommer du?" in texts(view)[-1]
        assert texts(await phones.write(GITTE, "Ja"))[-1].startswith("Dejligt.")


async def test_a_low_answer_is_a_sign_beside_the_phone_and_a_steady_one_is_none(phones: Phones) -> None:
    for _ in range(4):
        await phones.call("pass", phone=AMINA, span="day")
    assert (await phones.write(AMINA, "4"))["beside"]["signs"] == []
    low = (await phones.write(AMINA, "1"))["beside"]
    assert len(low["signs"]) == 1
    assert "1 af 5" in low["signs"][0]
