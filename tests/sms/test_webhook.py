"""What Twilio tells us is kept once, before it is answered; what isn't Twilio's is refused and leaves no trace."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from medvind.channels import InboundKind
from medvind.model import AddressState, ChannelName, State, TaskKind
from medvind.store import settings
from medvind.store.database import Database
from medvind.store.tables import AddressRow, ConsentRow, InboxRow, OutboxRow, TaskRow
from medvind.store.vault import Vault
from sms import webhook
from sms.signature import Signature
from tests.fakes import HandClock
from tests.people import Made, add_duty, add_person
from tests.standins.twilio_words import TOKEN, inbound_form, signature, status_form

PUBLIC = "https://kommune.example/medvind"
MAJA = "+4501000001"
SID = "SM" + "7" * 32
Form = Mapping[str, str]


@dataclass
class Door:
    """The app with nothing but Twilio's routes, as it stands behind a proxy that cuts a path off."""

    db: Database
    client: httpx2.AsyncClient
    woken: list[bool] = field(default_factory=list)

    async def post(self, path: str, form: Form, *, signed: str | None = None) -> httpx2.Response:
        """Signed as Twilio does, unless another signature is given."""
        signed = signature(f"{PUBLIC}{path}", form) if signed is None else signed
        return await self.client.post(path, data=dict(form), headers={"X-Twilio-Signature": signed})

    async def says(self, text: str, **fields: str) -> httpx2.Response:
        """Maja writes."""
        return await self.post(webhook.INBOUND, inbound_form(MAJA, text, **fields))

    async def raw(self, body: bytes, content: str = "application/x-www-form-urlencoded", signed: str = "x") -> int:
        headers = {"Content-Type": content, "X-Twilio-Signature": signed}
        return (await self.client.post(webhook.INBOUND, content=body, headers=headers)).status_code

    async def ask(self, *columns: InstrumentedAttribute[Any]) -> list[tuple[Any, ...]]:
        """What stands in these columns of one table."""
        async with self.db.read() as session:
            return [tuple(row) for row in await session.execute(select(*columns))]

    async def kept(self) -> list[tuple[InboundKind, str, str]]:
        """Kind, words and raw form of everything in the inbox."""
        opened = self.db.vault.open
        async with self.db.read() as session:
            rows = await session.scalars(select(InboxRow).order_by(InboxRow.id))
            return [
                (row.kind, opened(InboxRow.text, row.public_id, row.text), opened(InboxRow.raw, row.public_id, row.raw))
                for row in rows
            ]


async def opened(db: Database, now: datetime) -> AsyncIterator[Door]:
    app, woken = FastAPI(), list[bool]()
    app.include_router(webhook.router(db, HandClock(now), Signature(TOKEN, PUBLIC), lambda: woken.append(True)))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield Door(db, client, woken)


@pytest.fixture
async def door(db: Database, now: datetime) -> AsyncIterator[Door]:
    async for it in opened(db, now):
        yield it


@pytest.fixture
async def maja(db: Database, now: datetime) -> Made:
    async with db.begin() as session:
        return await add_person(session, db.vault, now=now)


@pytest.mark.parametrize("text", ["STOP", "Ja tak æøå", "\N{SEEDLING} + & = %", "x" * 5000, " "])
async def test_a_text_is_kept_word_for_word_and_answered_with_nothing_to_say(door: Door, text: str) -> None:
    answer = await door.says(text)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    assert answer.text.endswith("<Response/>")
    [(kind, words, _)] = await door.kept()
    assert (kind, words) == (InboundKind.TEXT, text)
    assert door.woken == [True]


async def test_the_same_text_told_again_is_kept_once_and_answered_the_same(door: Door, maja: Made) -> None:
    form = inbound_form(MAJA, "STOP", sid=SID)
    answers = [await door.post(webhook.INBOUND, form) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(await door.kept()) == 1
    assert len(await door.ask(OutboxRow.id)) == 1, "one confirmation"


async def test_a_picture_without_words_is_media_and_with_words_is_words(door: Door) -> None:
    await door.says("", NumMedia="1", MediaUrl0="https://api.twilio.com/never-fetched")
    await door.says("Se her", NumMedia="2")
    assert [kind for kind, _, _ in await door.kept()] == [InboundKind.MEDIA, InboundKind.TEXT]


@pytest.mark.parametrize("text", ["mit nr er 010190-1234", "010190 1234", "cpr 0101901234 tak", "010190 - 1234"])
async def test_a_national_id_is_kept_neither_in_the_words_nor_in_the_raw_form(door: Door, maja: Made, text: str) -> None:
    await door.says(text)
    [(_, words, raw)] = await door.kept()
    assert "1234" not in words
    assert "1234" not in raw
    assert f"From={MAJA}" in raw


async def test_whoever_has_no_signature_leaves_no_trace(door: Door) -> None:
    form = inbound_form(MAJA, "STOP")
    good = signature(PUBLIC + webhook.INBOUND, form)
    unsigned = await door.client.post(webhook.INBOUND, data=form)
    forged = [
        await door.post(webhook.INBOUND, form, signed=signed)
        for signed in ("", "made up", good.swapcase(), signature(PUBLIC + webhook.STATUS, form), signature("http://x", form))
    ]
    changed = [await door.post(webhook.INBOUND, form | {name: "x"}, signed=good) for name in form]
    assert {answer.status_code for answer in [unsigned, *forged, *changed]} == {403}
    assert {answer.content for answer in [unsigned, *forged, *changed]} == {b""}
    assert await door.kept() == []
    assert door.woken == []


CONTENTS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "a")
BROKEN = [
    b"",
    b"\xff\xfe\x00",
    b"Body=%ff%fe",
    b"&".join([b"a=1"] * 5000),
    b"Body",
    b"=",
    b"&&&",
    b'{"Body": "STOP"}',
    b"\x00" * 999,
]


async def test_a_broken_body_is_refused_and_breaks_nothing(sqlite_url: str, vault: Vault, now: datetime) -> None:
    async with Database.open(sqlite_url, vault) as db:
        async for door in opened(db, now):
            for body, content in product(BROKEN, CONTENTS):
                assert await door.raw(body, content) == 403, (body[:20], content)
            assert await door.kept() == []
    print(f"0 let in of {len(BROKEN) * len(CONTENTS)}")


async def test_a_signature_over_a_form_that_is_no_text_is_refused(door: Door) -> None:
    assert await door.raw(b"Body=\xe6", signed=signature(PUBLIC + webhook.INBOUND, {"Body": "æ"})) == 403


@pytest.mark.parametrize("gone", ["MessageSid", "From"])
async def test_a_genuine_form_without_its_id_or_sender_is_refused(door: Door, gone: str) -> None:
    form = {name: value for name, value in inbound_form(MAJA, "STOP").items() if name != gone}
    assert (await door.post(webhook.INBOUND, form)).status_code == 400
    assert (await door.post(webhook.INBOUND, form | {gone: ""})).status_code == 400
    assert await door.kept() == []


async def test_a_captured_request_cut_anew_is_no_second_message(door: Door) -> None:
    form = inbound_form(MAJA, "STOP", sid=SID)
    good = signature(PUBLIC + webhook.INBOUND, form)
    assert (await door.post(webhook.INBOUND, form)).status_code == 200
    longer = {name: value for name, value in form.items() if name != "NumMedia"} | {"MessageSid": f"{SID}NumMedia0"}
    assert signature(PUBLIC + webhook.INBOUND, longer) == good, "Twilio's signature doesn't tell them apart"
    assert (await door.post(webhook.INBOUND, longer, signed=good)).status_code == 400
    assert len(await door.kept()) == 1


async def test_twilio_is_asked_to_tell_it_again_while_the_database_is_away(vault: Vault, now: datetime, tmp_path: Path) -> None:
    async with Database.open(f"sqlite:///{tmp_path}/empty.db", vault) as db:
        async for door in opened(db, now):
            assert (await door.says("STOP")).status_code == 503
            assert (await door.post(f"{webhook.STATUS}?o=x", status_form(SID, MAJA, "sent"))).status_code == 503
            assert door.woken == []


async def test_a_text_that_cannot_be_handled_is_shown_to_a_person(door: Door, maja: Made, now: datetime) -> None:
    async with door.db.begin() as session:
        await settings.put(session, "quiet_hours", "whenever", now)
    assert (await door.says("START")).status_code == 200
    assert len(await door.kept()) == 1
    assert await door.ask(TaskRow.kind, TaskRow.participant_id) == [(TaskKind.UNREADABLE, maja.id)]


WORDS: list[tuple[str, State, str | None]] = [
    ("accepted", State.SENT, None),
    ("scheduled", State.SENT, None),
    ("queued", State.SENT, None),
    ("sending", State.SENT, None),
    ("sent", State.SENT, None),
    ("delivered", State.DELIVERED, None),
    ("read", State.DELIVERED, None),
    ("undelivered", State.UNDELIVERED, "twilio 30005"),
    ("failed", State.UNDELIVERED, "twilio 30005"),
    ("canceled", State.UNDELIVERED, "twilio canceled"),
    ("partially_delivered", State.UNKNOWN, None),
    ("a word of tomorrow", State.UNKNOWN, None),
    ("", State.UNKNOWN, None),
]


async def test_a_callback_ends_the_doubt_about_the_very_row(door: Door, maja: Made, now: datetime) -> None:
    async with door.db.begin() as session:
        rows = [
            await add_duty(
                session, door.db.vault, maja, key=word or "-", state=State.UNKNOWN, channel=ChannelName.SMS, due_at=now
            )
            for word, _, _ in WORDS
        ]
    for row, (word, _, _) in zip(rows, WORDS, strict=True):
        code = {"ErrorCode": "30005"} if word in {"undelivered", "failed"} else {}
        answer = await door.post(f"{webhook.STATUS}?o={row.public_id}", status_form(f"SM{row.id}", MAJA, word, **code))
        assert answer.status_code == 200
    found = {row: rest for row, *rest in await door.ask(OutboxRow.id, OutboxRow.state, OutboxRow.reason, OutboxRow.provider_id)}
    for row, (word, state, reason) in zip(rows, WORDS, strict=True):
        sid = None if state is State.UNKNOWN else f"SM{row.id}"
        assert found[row.id] == [state, reason, sid], word


@pytest.mark.parametrize(
    ("word", "code", "dead", "stopped"),
    [
        ("undelivered", "30005", True, False),
        ("undelivered", "30006", True, False),
        ("failed", "30004", True, False),
        ("failed", "21610", False, True),
        ("undelivered", "30003", False, False),
        ("undelivered", "30007", False, False),
        ("undelivered", "", False, False),
        ("delivered", "30005", False, False),
    ],
)
async def test_a_report_with_a_code_that_is_final_for_the_number_closes_it(
    door: Door, maja: Made, now: datetime, word: str, code: str, dead: bool, stopped: bool
) -> None:
    async with door.db.begin() as session:
        row = await add_duty(session, door.db.vault, maja, state=State.SENT, channel=ChannelName.SMS, sent_text="x", due_at=now)
    form = status_form(SID, MAJA, word, ErrorCode=code)
    answers = [await door.post(f"{webhook.STATUS}?o={row.public_id}", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert await door.ask(AddressRow.state) == [(AddressState.DEAD if dead else AddressState.ACTIVE,)]
    assert (False,) in await door.ask(ConsentRow.given) if stopped else (False,) not in await door.ask(ConsentRow.given)
    assert await door.ask(TaskRow.kind) == ([] if word == "delivered" else [(TaskKind.NOT_REACHED,)])


async def test_nobody_moves_a_row_by_a_callback_for_another(door: Door, maja: Made, now: datetime) -> None:
    async with door.db.begin() as session:
        row = await add_duty(session, door.db.vault, maja, state=State.UNKNOWN, channel=ChannelName.SMS, due_at=now)
    form = status_form(SID, MAJA, "delivered")
    good = signature(f"{PUBLIC}{webhook.STATUS}?o=another", form)
    assert (await door.post(f"{webhook.STATUS}?o={row.public_id}", form, signed=good)).status_code == 403
    assert (await door.post(f"{webhook.STATUS}?o=another", form)).status_code == 200
    assert (await door.post(webhook.STATUS, form | {"MessageSid": ""})).status_code == 400
    assert await door.ask(OutboxRow.state) == [(State.UNKNOWN,)]


async def test_a_form_is_read_as_it_stands_on_the_wire(door: Door) -> None:
    form = inbound_form(MAJA, "a b+c")
    body = urlencode(form).replace("+", "%20").encode()
    assert await door.raw(body, signed=signature(PUBLIC + webhook.INBOUND, form)) == 200
    assert [words for _, words, _ in await door.kept()] == ["a b+c"]


@pytest.mark.parametrize("path", [webhook.INBOUND, webhook.STATUS])
async def test_the_doors_take_posts_alone(door: Door, path: str) -> None:
    assert (await door.client.get(path)).status_code == 405
