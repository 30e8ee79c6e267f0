"""Who may see whom: every route, every role, one's own people, somebody else's and nobody's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from medvind.model import Role, new_id
from medvind.store import deputies
from medvind.store.database import Database, Session
from medvind.store.tables import ParticipantRow
from tests.api.calling import Api
from tests.people import (
    Person,
    add_coach,
    add_inbound,
    add_meeting,
    add_person,
    add_question_and_answer,
    add_task,
)

LISTS = ("/v1/participants", "/v1/check-ins", "/v1/signals", "/v1/inbox", "/v1/tasks", "/v1/meetings")
ABOUT_ONE = ("card", "thread", "plan", "pause")
ONE = tuple(f"/v1/participants/{{id}}/{part}" for part in ABOUT_ONE)
NAMELESS = ("/thread", "/plan", "/pause")
"""Their answers say nothing of whom they are about."""
FIND_OUT = ("lead", "lead who is a coach too", "admin")
"""Who reads what strangers wrote."""


@dataclass(frozen=True)
class Town:
    """Two coaches with a person each, and a person whom nobody follows."""

    karins: Person
    bentes: Person
    nobodys: Person
    karin: int
    bente: int
    deputy: int
    former_deputy: int


async def add_resident(session: Session, name: str, phone: str, coach_id: int | None, now: datetime) -> Person:
    """Somebody about whom every route has something to tell."""
    vault = session.vault
    person = await add_person(
        session,
        vault,
        external_id=f"d-{name}",
        first_name=name,
        business_name=f"{name}s Keramik",
        coach_id=coach_id,
        phone=phone,
        now=now - timedelta(days=40),
    )
    await add_question_and_answer(session, vault, person, value="2", asked_at=now - timedelta(days=1))
    await add_inbound(session, vault, person, f"{name} skriver", sender=phone, at=now)
    await add_task(session, person, now=now)
    starts_at = datetime(2026, 12, 3, 14, 0)  # noqa: DTZ001 - a wall time
    await add_meeting(session, vault, external_id=f"m-{name}", starts_at=starts_at, attendees=[person], now=now)
    return person


async def a_town(db: Database, now: datetime) -> Town:
    async with db.begin() as session:
        karin = (await add_coach(session, session.vault, first_name="Karin", now=now)).id
        bente = (await add_coach(session, session.vault, first_name="Bente", now=now)).id
        await add_inbound(session, session.vault, None, "Hvem er I?", meaning="stranger", sender="+4501000999", at=now)
        return Town(
            await add_resident(session, "Maja", "+4501000001", karin, now),
            await add_resident(session, "Osman", "+4501000002", bente, now),
            await add_resident(session, "Tove", "+4501000003", None, now),
            karin,
            bente,
            await stands_in(session, "Dorte", karin, now, until=now.date()),
            await stands_in(session, "Eva", bente, now, until=now.date() - timedelta(days=1)),
        )


async def stands_in(session: Session, name: str, coach_id: int, now: datetime, until: date) -> int:
    deputy = (await add_coach(session, session.vault, first_name=name, now=now)).id
    await deputies.grant(session, coach_id, deputy, until, now)
    return deputy


async def callers(api: Api, town: Town) -> dict[str, tuple[str, set[str], set[str]]]:
    """A token of each kind, whom it may list, and whom it may look at."""
    own = {"d-Maja"}
    everybody = {"d-Maja", "d-Osman", "d-Tove"}
    nobody: set[str] = set()
    return {
        "coach": (await api.token(coach_id=town.karin), own, own),
        "deputy": (await api.token(coach_id=town.deputy), own, own),
        "deputy until yesterday": (await api.token(coach_id=town.former_deputy), nobody, nobody),
        "other coach": (await api.token(coach_id=town.bente), {"d-Osman"}, {"d-Osman"}),
        "lead": (await api.token(Role.LEAD), nobody, nobody),
        "lead who is a coach too": (await api.token(Role.LEAD, coach_id=town.karin), nobody, nobody),
        "admin": (await api.token(Role.ADMIN), nobody, nobody),
        "service that reads": (await api.token(Role.SERVICE, scope="participants:read"), everybody, nobody),
        "service that counts": (await api.token(Role.SERVICE, scope="statistics:read"), nobody, nobody),
    }


async def test_nobody_sees_whom_they_do_not_follow(api: Api, now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    town = await a_town(api.db, now)
    everybody = (town.karins, town.bentes, town.nobodys)
    looked, leaks = 0, []
    for who, (token, may_list, may_look) in (await callers(api, town)).items():
        calls = [(path, may_list if path == "/v1/participants" else may_look) for path in LISTS]
        calls += [(path.format(id=one.public_id), may_look & {one.external_id}) for path in ONE for one in everybody]
        calls += [(path.format(id=new_id()), set()) for path in ONE]
        for path, allowed in calls:
            answer = await api.get(path, token)
            looked += 1
            strangers = path == "/v1/inbox" and who in FIND_OUT
            empty = path in LISTS and who == "deputy until yesterday"
            assert answer.status_code == (200 if allowed or strangers or empty else 404), (who, path)
            assert not strangers or [one["text"] for one in answer.json()["items"]] == ["Hvem er I?"], who
            shown = {one.external_id for one in everybody if tells_of(one, answer.text)}
            assert not allowed or shown or path.endswith(NAMELESS), (who, path, "tells nothing")
            leaks += [(who, path, name) for name in shown - allowed]
    assert leaks == []
    with capsys.disabled():
        print(f"\nlooked at {looked} answers, {len(leaks)} leaks")


def tells_of(person: Person, text: str) -> bool:
    name = person.external_id.removeprefix("d-")
    return name in text or person.public_id in text


async def test_somebody_elses_and_nobody_at_all_look_the_same(api: Api, now: datetime) -> None:
    town = await a_town(api.db, now)
    token = await api.token(coach_id=town.karin)
    for path in ONE:
        theirs = await api.get(path.format(id=town.bentes.public_id), token)
        absent = await api.get(path.format(id=new_id()), token)
        assert theirs.status_code == absent.status_code == 404
        assert theirs.content == absent.content
        assert dict(theirs.headers) == dict(absent.headers)


async def test_a_person_who_moves_to_another_coach_is_gone_at_once(api: Api, now: datetime) -> None:
    town = await a_town(api.db, now)
    token = await api.token(coach_id=town.karin)
    card = f"/v1/participants/{town.karins.public_id}/card"
    assert (await api.get(card, token)).status_code == 200
    async with api.db.begin() as session:
        await moves_to(session, town.karins, town.bente)
    assert (await api.get(card, token)).status_code == 404
    assert await api.items("/v1/check-ins", token) == []


async def moves_to(session: Session, person: Person, coach_id: int) -> None:
    await session.execute(update(ParticipantRow).where(ParticipantRow.id == person.id).values(coach_id=coach_id))


async def test_the_external_id_is_no_address(api: Api, now: datetime) -> None:
    town = await a_town(api.db, now)
    token = await api.token(coach_id=town.karin)
    assert (await api.get(f"/v1/participants/{town.karins.external_id}/card", token)).status_code == 404
    assert (await api.get(f"/v1/participants/{town.karins.id}/card", token)).status_code == 404
