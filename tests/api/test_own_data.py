"""Somebody's own data, whole and opened, for the hand of their own coach and nobody else."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from medvind.model import Purpose, State
from medvind.store.own_data import LEFT_OUT, OF_NOBODY
from medvind.store.tables import ParticipantRow, Row
from tests.api.calling import Api
from tests.people import Person, add_coach, add_duty, add_inbound, add_meeting, add_person

MAJA = ("Maja Lund", "Majas Keramik", "+4501000001", "Hvordan g\u00e5r det?", "Det g\u00e5r fint", "Kaffe kl. 10", "Hjemme")
OMAR = ("Omar Dahl", "Omars Cykler", "+4501000002", "Har du det godt?", "Jeg er tr\u00e6t", "Te kl. 11", "P\u00e5 havnen")
"""Each with a sign that no drawn id has, so that none of them can stand in one by chance."""


async def add_life(api: Api, words: tuple[str, ...], coach: int, now: datetime, *, number: int) -> Person:
    """Somebody with words in every sealed place."""
    name, business, phone, asked, answered, title, place = words
    async with api.db.begin() as session:
        vault, external_id = api.db.vault, f"d-{number}"
        person = await add_person(
            session,
            vault,
            external_id=external_id,
            first_name=name,
            business_name=business,
            phone=phone,
            coach_id=coach,
            now=now,
        )
        await add_duty(session, vault, person, state=State.SENT, sent_text=asked, due_at=now)
        await add_inbound(session, vault, person, answered, sender=phone, at=now)
        starts_at = (now + timedelta(days=2)).replace(tzinfo=None)
        await add_meeting(
            session,
            vault,
            external_id=f"m-{number}",
            title=title,
            place=place,
            starts_at=starts_at,
            attendees=[person],
            now=now,
        )
        hidden = {"private_word": "f" * 64, "fingerprint": "e" * 64}
        await session.execute(update(ParticipantRow).where(ParticipantRow.id == person.id).values(hidden))
    return person


async def test_all_that_is_kept_of_a_person_stands_in_it_opened_and_nothing_of_anybody_else(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
    maja = await add_life(api, MAJA, coach.id, now, number=1)
    await add_life(api, OMAR, coach.id, now, number=2)
    answer = await api.get(f"/v1/participants/{maja.public_id}/export", await api.token(coach_id=coach.id))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    kept = answer.json()["kept"]
    text = json.dumps(kept, ensure_ascii=False)
    assert [word for word in MAJA if word not in text] == []
    assert [word for word in OMAR if word in text] == []
    assert {one["purpose"] for one in kept["consents"]} == set(Purpose)
    assert [(one["sent_text"], one["state"]) for one in kept["outbox"]] == [(MAJA[3], "sent")]
    print(f"{len(MAJA)} words of hers, all there, and {len(OMAR)} of another, none of them there")


async def test_no_hash_leaves_the_house(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
    maja = await add_life(api, MAJA, coach.id, now, number=1)
    answer = await api.get(f"/v1/participants/{maja.public_id}/export", await api.token(coach_id=coach.id))
    names = {name for records in answer.json()["kept"].values() for record in records for name in record}
    assert names.isdisjoint(LEFT_OUT)
    assert "f" * 64 not in answer.text
    assert "e" * 64 not in answer.text


async def test_only_their_own_coach_gets_it(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
        other = await add_coach(session, api.db.vault, email="other@example.org", now=now)
    maja = await add_life(api, MAJA, coach.id, now, number=1)
    refused = await api.get(f"/v1/participants/{maja.public_id}/export", await api.token(coach_id=other.id))
    assert refused.status_code == 404
    assert not [word for word in MAJA if word in refused.text]


def test_whoever_adds_a_table_says_whether_it_is_about_a_person() -> None:
    """Else it would be missing in the copy, and nobody would see it."""
    tables: dict[str, Any] = dict(Row.metadata.tables)
    about = {
        name for name, table in tables.items() if any(key.column.table.name == "participants" for key in table.foreign_keys)
    }
    assert about.isdisjoint(OF_NOBODY)
    assert set(tables) - about - OF_NOBODY == {"participants", "outbox", "attempts", "meetings"}
    print(f"{len(tables)} tables, {len(about)} of them point at a person")
