"""People and coaches are found by the names that the municipality has for them."""

from datetime import datetime

import pytest
from sqlalchemy import select

from medvind.errors import ConflictError, NotFoundError
from medvind.model import AddressState, ChannelName, Role
from medvind.store import coaches
from medvind.store.database import Database
from medvind.store.participants import CHUNK, external_ids, get_id, ids_of, known, owners
from medvind.store.tables import CoachRow
from tests.people import add_address, add_coach, add_person


async def test_somebody_is_found_by_external_id_and_nobody_is_said_to_be_nobody(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, external_id="d-7", now=now)
        assert await get_id(session, "d-7") == maja.id
        assert await external_ids(session) == {maja.id: "d-7"}
        assert await ids_of(session, ["d-7", "d-8"]) == {"d-7": maja.id}
        with pytest.raises(NotFoundError, match="no participant has this external id"):
            await get_id(session, "D-7")


async def test_more_names_are_looked_up_than_fit_into_one_question(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, external_id="d-7", now=now)
        names = [*(f"x-{number}" for number in range(2 * CHUNK)), "d-7"]
        assert await ids_of(session, names) == {"d-7": maja.id}
        assert list(await known(session, names)) == ["d-7"]
        addresses = [(ChannelName.SMS, f"+450{number:07}") for number in range(1_000_001 + 2 * CHUNK, 1_000_000, -1)]
        assert await owners(session, addresses) == {(ChannelName.SMS, "+4501000001"): maja.id}
        emails = [f"{number}@kommune.example" for number in range(2 * CHUNK)]
        assert await coaches.by_email(session, emails) == {}


async def test_a_dead_address_belongs_to_nobody(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, phone=None, now=now)
        dead = ("+4501000002", "+4501000003")
        for number in dead:
            await add_address(
                session, db.vault, maja, ChannelName.SMS, number, state=AddressState.DEAD, reason="30005", now=now
            )
        assert await owners(session, [(ChannelName.SMS, number) for number in dead]) == {}
        ways = (await known(session, [maja.external_id]))[maja.external_id].person.ways
        assert [(way.value, way.reason) for way in ways] == [(number, "30005") for number in dead]


async def test_what_is_known_of_a_person_shows_neither_name_nor_number(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await add_person(session, db.vault, external_id="d-7", now=now)
        shown = repr((await known(session, ["d-7"]))["d-7"])
    assert [word for word in ("Maja", "Keramik", "+4501000001") if word in shown] == []


async def test_a_coach_is_found_by_their_address_in_whatever_case(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        made = await coaches.add(session, Role.COACH, " Karin@Kommune.example", "Karin", "+4501009001", now)
        for spelling in ("karin@kommune.example", "KARIN@KOMMUNE.EXAMPLE ", "Karin@kommune.example"):
            found = await coaches.find_by_email(session, spelling)
            assert found is not None
            assert (found.id, found.role) == (made, Role.COACH)
        assert await coaches.find_by_email(session, "karin@kommune.dk") is None
        other = await add_coach(session, db.vault, email="Mikkel@kommune.example", now=now)
        assert (await coaches.by_email(session, ["mikkel@kommune.example"]))["mikkel@kommune.example"].id == other.id


async def test_an_address_belongs_to_one_coach(db: Database, now: datetime) -> None:
    async def add(email: str) -> None:
        async with db.begin() as session:
            await coaches.add(session, Role.COACH, email, "Karin", None, now)

    await add("karin@kommune.example")
    with pytest.raises(ConflictError):
        await add("Karin@Kommune.example")


async def test_a_coachs_address_name_and_number_are_not_readable_in_the_database(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await coaches.add(session, Role.COACH, "karin@kommune.example", "Karin", "+4501009001", now)
        row = (await session.execute(select(CoachRow.__table__))).one()
    kept = b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    assert [word for word in (b"karin", b"Karin", b"+4501009001") if word in kept] == []


async def test_another_name_or_number_of_a_coach_replaces_the_one_before(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await coaches.add(session, Role.COACH, "karin@kommune.example", "Karin", "+4501009001", now)
        karin = await coaches.find_by_email(session, "karin@kommune.example")
        assert karin is not None
        for name, phone in ((None, None), ("Karin H", None), (None, "+4501009002")):
            await coaches.change(session, karin, name, phone)
        row = (await session.execute(select(CoachRow.first_name, CoachRow.phone))).one()
        assert session.vault.open(CoachRow.first_name, karin.public_id, row.first_name) == "Karin H"
        assert session.vault.maybe(CoachRow.phone, karin.public_id, row.phone) == "+4501009002"
