"""A coach writes to a person by hand: what is answered, what is refused and why, and how it stands in the thread."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from medvind.flows import write
from medvind.model import AddressState, ChannelName, Role
from medvind.store.tables import OutboxRow
from medvind.store.vault import SealError
from tests.api.calling import Api
from tests.people import Made, Person, add_address, add_coach, add_consent, add_inbound, add_person

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Desk:
    """A coach at noon of a Tuesday, with a person who has said yes to SMS."""

    api: Api
    coach: Made
    maja: Person
    token: str

    async def write(
        self, text: object, to: Person | None = None, *, token: str = "", key: str = "", language: str = "en", **more: object
    ) -> httpx2.Response:
        path = f"/v1/participants/{(to or self.maja).public_id}/messages"
        headers = {"Authorization": f"Bearer {token or self.token}", "Content-Type": "application/json"}
        headers |= {"Accept-Language": language} | ({"Idempotency-Key": key} if key else {})
        return await self.api.client.post(path, headers=headers, content=json.dumps({"text": text, **more}))

    async def refused(self, text: object, to: Person | None = None, **more: object) -> dict[str, list[str]]:
        answer = await self.write(text, to, **more)  # type: ignore[arg-type]
        assert answer.status_code == 422, answer.text
        errors: dict[str, list[str]] = answer.json()["errors"]
        return errors

    async def thread(self, to: Person | None = None) -> list[Any]:
        return await self.api.items(f"/v1/participants/{(to or self.maja).public_id}/thread", self.token)


@pytest.fixture
async def desk(api: Api) -> Desk:
    api.clock.shows = NOON
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, first_name="Karin", now=NOON)
        maja = await add_person(session, api.db.vault, coach_id=coach.id, now=NOON - timedelta(days=30))
    return Desk(api, coach, maja, await api.token(coach_id=coach.id))


async def test_the_answer_says_what_leaves_and_when_and_how_many_sms_it_fills(desk: Desk) -> None:
    made = (
        await desk.write(" Hej Maja \N{EN DASH} vi ses \N{LEFT DOUBLE QUOTATION MARK}i morgen\N{RIGHT DOUBLE QUOTATION MARK} ")
    ).json()
    assert made["text"] == 'Besked fra Karin: Hej Maja - vi ses "i morgen"'
    assert (made["channel"], made["segments"], made["warnings"]) == ("sms", 1, [])
    assert datetime.fromisoformat(made["due_at"]) == NOON
    assert datetime.fromisoformat(made["valid_until"]) == NOON + write.GOOD_FOR
    assert (await desk.write("a" * 160)).json()["segments"] == 2


async def test_what_it_would_be_is_seen_before_anything_is_owed(desk: Desk) -> None:
    path = f"/v1/participants/{desk.maja.public_id}/messages/preview"
    headers, before = {"Authorization": f"Bearer {desk.token}", "Accept-Language": "en"}, await desk.thread()
    seen = await desk.api.client.post(path, headers=headers, json={"text": "a" * 160})
    assert (seen.status_code, seen.json()["segments"], await desk.thread()) == (200, 2, before)
    sent = (await desk.write("a" * 160)).json()
    assert {name: value for name, value in sent.items() if name != "id"} == seen.json()
    refused = await desk.api.client.post(path, headers=headers, json={"text": "Din mor er 010203-0000"})
    assert (refused.status_code, [*refused.json()["errors"]]) == (422, ["text"])


async def test_in_quiet_hours_the_answer_says_until_when_it_waits(desk: Desk) -> None:
    desk.api.clock.shows = EVENING
    assert datetime.fromisoformat((await desk.write("Hej")).json()["due_at"]) == MORNING


async def test_who_has_written_within_the_hour_is_answered_at_any_hour(desk: Desk) -> None:
    for ago, due in ((timedelta(minutes=70), MORNING), (timedelta(minutes=50), EVENING)):
        async with desk.api.db.begin() as session:
            await add_inbound(session, desk.api.db.vault, desk.maja, "hej", at=EVENING - ago)
        desk.api.clock.shows = EVENING
        assert datetime.fromisoformat((await desk.write("Hej")).json()["due_at"]) == due


async def test_it_stands_in_the_thread_at_once_with_who_wrote_it(desk: Desk) -> None:
    desk.api.clock.shows = EVENING
    made = (await desk.write("Hej Maja")).json()
    (line,) = await desk.thread()
    assert line["id"] == made["id"]
    assert [line[name] for name in ("direction", "kind", "state", "text", "by")] == [
        *("out", "coach_word", "planned", "Besked fra Karin: Hej Maja", "Karin")
    ]


async def test_the_words_lie_sealed_in_their_own_row(desk: Desk) -> None:
    names = [(await desk.write("Kom kl. 10")).json()["id"] for _ in range(2)]
    async with desk.api.db.read() as session:
        first, second = (await session.scalars(select(OutboxRow.words).order_by(OutboxRow.id))).all()
        assert first is not None
        assert b"Kom" not in first
        assert session.vault.open(OutboxRow.words, names[0], first) == "Besked fra Karin: Kom kl. 10"
        with pytest.raises(SealError):
            session.vault.open(OutboxRow.words, names[0], second or b"")


async def test_the_same_call_made_again_with_its_key_writes_once(desk: Desk) -> None:
    first, again = [await desk.write("Hej", key="k-1") for _ in range(2)]
    assert first.json() == again.json()
    assert len(await desk.thread()) == 1


@pytest.mark.parametrize("text", ["", "   ", 17, None, "\ud800"])
async def test_words_that_are_none_are_refused_by_their_field(desk: Desk, text: object) -> None:
    assert list(await desk.refused(text)) == ["text"]
    assert await desk.thread() == []


async def test_a_national_id_is_refused_before_anything_is_kept(desk: Desk) -> None:
    assert "CPR" in (await desk.refused("Din mor er 010203-0000"))["text"][0]
    assert await desk.thread() == []


async def test_too_many_parts_and_too_many_signs_are_refused_with_their_number(desk: Desk) -> None:
    assert (await desk.write("a" * 900)).json()["segments"] == 6
    assert "fills 7 SMS" in (await desk.refused("a" * 910))["text"][0]
    assert "fills 7 SMS" in (await desk.refused("\N{HOT BEVERAGE}" * 400))["text"][0]
    async with desk.api.db.begin() as session:
        bo = await add_person(
            session, desk.api.db.vault, external_id="d-2", phone=None, telegram="7001", coach_id=desk.coach.id, now=NOON
        )
    assert (await desk.write("a" * 4000, bo)).json()["segments"] is None
    assert "at most 4096" in (await desk.refused("a" * 4090, bo))["text"][0]
    assert "at most 4096" in (await desk.refused("\N{ROCKET}" * 2050, bo))["text"][0]


async def test_an_address_and_an_amount_in_an_sms_are_warned_of_and_go(desk: Desk) -> None:
    warnings = (await desk.write("Se skat.dk, du skylder 900 kr.")).json()["warnings"]
    assert ["skat.dk" in warnings[0], "amount" in warnings[1], "confidential" in warnings[2]] == [True] * 3
    assert len(await desk.thread()) == 1
    [warning] = (await desk.write("Du får 900 kr.", language="da")).json()["warnings"]
    assert warning == "'kr' handler om et beløb; skriv i stedet, hvor det kan ses"


async def test_who_has_said_stop_is_not_written_to_and_the_cure_is_named(desk: Desk) -> None:
    async with desk.api.db.begin() as session:
        await add_consent(session, desk.maja, ChannelName.SMS, given=False, how="STOP", now=NOON)
    assert "has said STOP" in (await desk.refused("Hej"))["participant_id"][0]
    assert await desk.thread() == []


async def test_who_has_not_said_yes_yet_is_not_written_to(desk: Desk) -> None:
    async with desk.api.db.begin() as session:
        bo = await add_person(
            session,
            desk.api.db.vault,
            external_id="d-2",
            phone="+4501000002",
            consented=False,
            coach_id=desk.coach.id,
            now=NOON,
        )
    assert "has not said yes" in (await desk.refused("Hej", bo))["participant_id"][0]


async def test_a_number_that_is_not_confirmed_is_not_written_to(desk: Desk) -> None:
    async with desk.api.db.begin() as session:
        bo = await add_person(session, desk.api.db.vault, external_id="d-2", phone=None, coach_id=desk.coach.id, now=NOON)
        await add_address(
            session, desk.api.db.vault, bo, ChannelName.SMS, "+4501000002", state=AddressState.UNCONFIRMED, now=NOON
        )
        await add_consent(session, bo, ChannelName.SMS, now=NOON)
    assert "no address is confirmed" in (await desk.refused("Hej", bo))["participant_id"][0]


async def test_a_channel_that_is_not_open_is_refused_by_its_field(desk: Desk) -> None:
    assert "yes to telegram" in (await desk.refused("Hej", channel="telegram"))["channel"][0]
    assert list(await desk.refused("Hej", channel="pigeon")) == ["channel"]
    assert (await desk.write("Hej", channel="sms")).status_code == 201


async def test_the_day_has_a_most_for_one_person(desk: Desk) -> None:
    for _ in range(write.MOST_TO_ONE):
        assert (await desk.write("Hej")).status_code == 201
    assert "call instead" in (await desk.refused("Hej"))["text"][0]
    desk.api.clock.shows = NOON + timedelta(hours=24)
    assert (await desk.write("Hej")).status_code == 201


async def test_somebody_elses_person_is_not_there_and_no_other_role_writes(desk: Desk) -> None:
    async with desk.api.db.begin() as session:
        other = await add_coach(session, desk.api.db.vault, first_name="Bente", now=NOON)
    tokens = [
        await desk.api.token(coach_id=other.id),
        await desk.api.token(Role.LEAD),
        await desk.api.token(Role.ADMIN),
        await desk.api.token(Role.SERVICE, scope="messages:write"),
    ]
    assert [(await desk.write("Hej", token=token)).status_code for token in tokens] == [404] * 4
    assert await desk.thread() == []
