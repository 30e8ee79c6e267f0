"""A Telegram code by SMS: a coach sends it, it goes to a confirmed number alone, and it joins one account within a day."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from medvind.errors import InvalidError, NotFoundError
from medvind.flows.join import hand_out, send_code
from medvind.flows.receive import CODE_TRIES
from medvind.model import AddressState, ChannelName, Role, Viewer
from medvind.store.reach import find_person
from medvind.store.tables import AddressRow, OutboxRow
from tests.fakes import Town
from tests.flows.enrolling import all_rows
from tests.people import Made, Person, add_coach

TELEGRAM = ChannelName.TELEGRAM
PHONE, OTHER = "4711", "4712"
TOO_OLD = "Koden virker ikke længere. Bed din coach om en ny. Så er du hurtigt i gang."


async def clicks(town: Town, coach: Made, person: Person) -> None:
    async with town.db.begin() as session:
        await send_code(session, Viewer(coach.id, Role.COACH), person.public_id, town.clock.now())


async def sends(town: Town, coach: Made, person: Person) -> str:
    """The code, as it stands in the SMS."""
    await clicks(town, coach, person)
    await town.deliver()
    found = re.search(r"send koden (\S+)\. Koden", town.sms.texts()[-1])
    assert found is not None, town.sms.texts()[-1]
    return found[1]


async def joined(town: Town, account: str) -> int | None:
    async with town.db.read() as session:
        return await find_person(session, TELEGRAM, account)


async def test_a_code_by_sms_joins_whoever_writes_it_as_they_like(town: Town, coach: Made, maja: Person) -> None:
    code = await sends(town, coach, maja)
    await town.hear(f" {code.lower()}\n", PHONE, TELEGRAM)
    await town.deliver()
    assert await joined(town, PHONE) == maja.id
    assert town.sms.sent[-1].text.startswith("Fra nu af kommer beskederne i Telegram"), "so that a wrong account is noticed"


async def test_a_code_by_sms_is_good_once(town: Town, coach: Made, maja: Person) -> None:
    code = await sends(town, coach, maja)
    for account in (PHONE, OTHER):
        await town.hear(code, account, TELEGRAM)
    await town.deliver()
    assert await joined(town, OTHER) is None
    assert [message.text for message in town.telegram.sent if message.to == OTHER] == [TOO_OLD]


@pytest.mark.parametrize(("minutes", "good"), [(24 * 60 - 1, True), (24 * 60, False)])
async def test_a_code_by_sms_is_good_for_24_hours(town: Town, coach: Made, maja: Person, minutes: int, *, good: bool) -> None:
    code = await sends(town, coach, maja)
    town.clock.pass_by(minutes=minutes)
    await town.hear(code, PHONE, TELEGRAM)
    assert (await joined(town, PHONE) == maja.id) is good


async def test_a_later_code_takes_the_place_of_one_by_sms(town: Town, coach: Made, maja: Person) -> None:
    code = await sends(town, coach, maja)
    async with town.db.begin() as session:
        await hand_out(session, maja.id, town.clock.now(), change=False)
    await town.hear(code, PHONE, TELEGRAM)
    assert await joined(town, PHONE) is None


async def test_the_code_lies_nowhere_in_clear_and_its_text_names_nobody(town: Town, coach: Made, maja: Person) -> None:
    await clicks(town, coach, maja)
    waiting = str(await all_rows(town))
    await town.deliver()
    [text] = town.sms.texts()
    code = text.split("send koden ")[1].split(". ")[0]
    assert code not in waiting
    assert code not in str(await all_rows(town))
    assert "Maja" not in text
    assert "Karin" not in text


async def test_no_code_goes_to_a_number_that_is_not_confirmed(town: Town, coach: Made, maja: Person) -> None:
    async with town.db.begin() as session:
        await session.execute(update(AddressRow).values(state=AddressState.UNCONFIRMED))
    with pytest.raises(InvalidError, match="no confirmed number with a yes to SMS; hand out a link"):
        await clicks(town, coach, maja)


async def test_no_code_goes_to_who_has_stopped(town: Town, coach: Made, maja: Person) -> None:
    await town.hear("STOP")
    with pytest.raises(InvalidError, match="no confirmed number with a yes to SMS"):
        await clicks(town, coach, maja)


async def test_a_number_that_is_no_longer_confirmed_when_the_code_would_leave_gets_none(
    town: Town, coach: Made, maja: Person
) -> None:
    await clicks(town, coach, maja)
    async with town.db.begin() as session:
        await session.execute(update(AddressRow).values(state=AddressState.UNCONFIRMED))
    await town.deliver()
    assert town.sms.sent == []
    async with town.db.read() as session:
        assert list(await session.scalars(select(OutboxRow.reason))) == ["no consent"]


async def test_a_code_is_not_sent_at_night_nor_twice_in_a_quarter_of_an_hour(town: Town, coach: Made, maja: Person) -> None:
    await sends(town, coach, maja)
    with pytest.raises(InvalidError, match="one was made within the last 15 minutes"):
        await clicks(town, coach, maja)
    town.clock.moment = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    with pytest.raises(InvalidError, match="nothing may be sent at this hour"):
        await clicks(town, coach, maja)


async def test_who_has_joined_is_sent_no_code(town: Town, coach: Made, maja: Person) -> None:
    await town.hear(await sends(town, coach, maja), PHONE, TELEGRAM)
    with pytest.raises(InvalidError, match="has joined Telegram already"):
        await clicks(town, coach, maja)


async def test_a_code_is_sent_to_a_coachs_own_people_alone(town: Town, maja: Person) -> None:
    async with town.db.begin() as session:
        bente = await add_coach(session, town.db.vault, first_name="Bente", now=town.clock.now())
    with pytest.raises(NotFoundError):
        await clicks(town, bente, maja)


WAYS = [
    "{first}{last}",
    "{first} {last}",
    "{first}\u2013{last}",
    "{first}-{last}.",
    "Koden er {first}-{last}",
    "min kode: {first} {last}!",
]


@pytest.mark.parametrize("way", WAYS)
async def test_a_code_is_understood_as_people_type_it(town: Town, coach: Made, maja: Person, way: str) -> None:
    first, last = (await sends(town, coach, maja)).split("-")
    await town.hear(way.format(first=first, last=last), PHONE, TELEGRAM)
    assert await joined(town, PHONE) == maja.id


async def test_beside_a_second_code_or_words_of_danger_no_code_is_tried(town: Town, coach: Made, maja: Person) -> None:
    code = await sends(town, coach, maja)
    for account, text in ((PHONE, f"ABCDE-23456 {code}"), (OTHER, f"jeg vil ikke leve mere {code}")):
        await town.hear(text, account, TELEGRAM)
        assert await joined(town, account) is None
    await town.deliver()
    assert "ring 112 nu" in next(message.text for message in town.telegram.sent if message.to == OTHER)


async def test_start_by_telegram_asks_whoever_pressed_it_for_the_code_and_by_sms_nobody(town: Town, maja: Person) -> None:
    for words in ("/start", "START"):
        await town.hear(words, PHONE, TELEGRAM)
    await town.hear("START", "+4501000999")
    await town.deliver()
    assert {message.text[:40] for message in town.telegram.sent} == {"Hej. Har du fået en kode fra din coach? "}
    assert town.sms.texts()[-1].startswith("Hej. Medvind skriver kun med dem")


@pytest.mark.parametrize("before", ["", "/start ", "min kode er "], ids=["as it is", "as a link", "in words"])
async def test_whoever_tries_many_codes_is_not_heard_with_the_right_one(
    town: Town, coach: Made, maja: Person, before: str
) -> None:
    code = await sends(town, coach, maja)
    for _ in range(CODE_TRIES):
        await town.hear("ABCDE-23456", OTHER, TELEGRAM)
    await town.hear(f"{before}{code}", OTHER, TELEGRAM)
    assert await joined(town, OTHER) is None
    await town.hear(f"{before}{code}", PHONE, TELEGRAM)
    assert await joined(town, PHONE) == maja.id
