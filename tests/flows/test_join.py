"""Joining Telegram by a code: the first account is joined, another one only with the coach, and who is moved hears of it."""

from datetime import date, datetime

import pytest
from sqlalchemy import select, update

from medvind.channels import InboundKind
from medvind.errors import InvalidError
from medvind.flows.join import hand_out
from medvind.model import AddressState, ChannelName, Milestone, State, TaskKind
from medvind.store.reach import find_person, reach_of, set_state
from medvind.store.tables import InviteRow, TaskRow
from tests.fakes import Town
from tests.people import Made, Person, add_meeting, add_person

SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM
OLD, NEW = "4711", "4712"
NO_MORE = "Der kommer ikke flere beskeder fra Medvind her. Er du i tvivl, s\u00e5 ring til din coach."
BY_TELEGRAM = (
    "Fra nu af kommer beskederne i Telegram og ikke som sms. Er det ikke dig, der bruger Telegram, "
    "s\u00e5 ring til Karin p\u00e5 01 00 90 01."
)


async def code(town: Town, person: Person, *, change: bool = False) -> str:
    async with town.db.begin() as session:
        return (await hand_out(session, person.id, town.clock.now(), change=change)).code


async def brings(town: Town, account: str, secret: str) -> None:
    await town.hear(f"/start {secret}", sender=account, channel=TELEGRAM)
    await town.deliver()


async def account_of(town: Town, person: Person) -> str | None:
    async with town.db.read() as session:
        address = (await reach_of(session, [person.id]))[person.id].on(TELEGRAM)
        return address.value(session) if address else None


def told(town: Town, account: str) -> list[str]:
    return [message.text for message in town.telegram.sent if message.to == account]


async def test_whoever_joins_telegram_is_told_so_where_they_were_written_to(town: Town, maja: Person) -> None:
    await brings(town, OLD, await code(town, maja))
    assert town.sms.texts() == [BY_TELEGRAM]
    assert told(town, OLD)[0].startswith("Hej Maja. Nu skriver vi til dig her i Telegram.")


async def test_whoever_had_said_yes_to_nothing_hears_nothing_by_sms(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, consented=False, now=town.clock.now())
    await brings(town, OLD, await code(town, person))
    assert town.sms.sent == []


async def test_what_was_planned_before_goes_the_new_way_and_not_the_old_one(town: Town, coach: Made) -> None:
    milestones = {Milestone.COURSE_ENDED: date(2026, 11, 14)}
    async with town.db.begin() as session:
        maja = await add_person(session, town.db.vault, coach_id=coach.id, milestones=milestones, now=town.clock.now())
        starts_at = datetime(2026, 12, 3, 14, 0)  # noqa: DTZ001 - a wall time
        await add_meeting(session, town.db.vault, starts_at=starts_at, attendees=[maja], now=town.clock.now())
    await town.plan(maja.id)
    planned = len(await town.rows(State.PLANNED))
    assert planned > 3
    await brings(town, OLD, await code(town, maja))
    await town.run_until(datetime.fromisoformat("2026-12-04T12:00Z"))
    assert town.sms.texts() == [BY_TELEGRAM]
    about_it = [text[:6] for text in told(town, OLD) if "torsdag d. 3. december" in text or text.startswith("Vi ses i dag")]
    assert about_it == ["Vi m\u00f8d", "Kan du", "Husk: ", "Vi ses"]


async def test_the_last_answer_of_one_channel_is_taken_on_the_other(town: Town, coach: Made) -> None:
    milestones = {Milestone.COURSE_ENDED: date(2026, 11, 14)}
    async with town.db.begin() as session:
        maja = await add_person(session, town.db.vault, coach_id=coach.id, milestones=milestones, now=town.clock.now())
    await town.plan(maja.id)
    await town.deliver()
    assert town.sms.texts()[-1].startswith("Hej Maja. Hvordan g")
    await brings(town, OLD, await code(town, maja))
    await town.hear("4", sender=OLD, channel=TELEGRAM)
    await town.deliver()
    assert told(town, OLD)[-1].startswith("Hvor er det godt at")


async def test_a_link_that_is_opened_twice_is_no_bad_code(town: Town, maja: Person) -> None:
    secret = await code(town, maja)
    for _ in range(2):
        await brings(town, OLD, secret)
    assert [text[:24] for text in told(town, OLD)] == ["Hej Maja. Nu skriver vi ", "Du er allerede med her. "]
    assert town.sms.texts() == [BY_TELEGRAM]
    await town.hear("STOP", sender=OLD, channel=TELEGRAM)
    await town.deliver()
    before = len(told(town, OLD))
    await brings(town, OLD, secret)
    assert len(told(town, OLD)) == before, "a link is no START"


async def test_a_link_holds_no_words_whatever_its_signs_happen_to_say(town: Town, maja: Person) -> None:
    """One code of some ten thousand reads like words of danger, and a coach would be called for nothing."""
    await brings(town, OLD, await code(town, maja))
    await brings(town, OLD, "jeg-vil-doe-4nNST_DgmmF8")
    assert told(town, OLD)[-1].startswith("Du er allerede med her. ")
    async with town.db.read() as session:
        assert (await session.scalars(select(TaskRow.kind))).all() == []


async def test_who_is_joined_needs_a_code_that_is_made_for_a_change(town: Town, maja: Person) -> None:
    await brings(town, OLD, await code(town, maja))
    with pytest.raises(InvalidError, match="change: this person has joined Telegram already"):
        await code(town, maja)
    await brings(town, NEW, await code(town, maja, change=True))
    assert await account_of(town, maja) == NEW
    assert told(town, NEW)[0].startswith("Hej Maja. Nu skriver vi til dig her i Telegram.")
    assert told(town, OLD)[-1] == NO_MORE
    assert town.sms.texts() == [BY_TELEGRAM, BY_TELEGRAM]


async def test_the_account_before_is_nobodys_from_then_on(town: Town, maja: Person) -> None:
    await brings(town, OLD, await code(town, maja))
    await brings(town, NEW, await code(town, maja, change=True))
    before = len(told(town, NEW))
    await town.hear("STOP", sender=OLD, channel=TELEGRAM)
    await town.hear("Hej", sender=OLD, channel=TELEGRAM)
    await town.deliver()
    assert {text[:24] for text in told(town, OLD)[-2:]} == {"Hej. Medvind skriver kun"}
    async with town.db.read() as session:
        assert await find_person(session, TELEGRAM, OLD) is None
        assert (await reach_of(session, [maja.id]))[maja.id].consent(TELEGRAM).purposes
    assert len(told(town, NEW)) == before


async def test_a_code_for_a_first_account_takes_nobody_from_one_that_lives_again(town: Town, maja: Person) -> None:
    await brings(town, OLD, await code(town, maja))
    async with town.db.begin() as session:
        address = (await reach_of(session, [maja.id]))[maja.id].on(TELEGRAM)
        assert address is not None
        await set_state(session, address.id, AddressState.DEAD, "telegram 403: user is deactivated")
    first = await code(town, maja)
    await town.hear("Jeg er her igen", sender=OLD, channel=TELEGRAM)
    for _ in range(2):
        await brings(town, NEW, first)
    assert await account_of(town, maja) == OLD
    assert {text[:25] for text in told(town, NEW)} == {"Koden virker ikke l\u00e6ngere"}
    async with town.db.read() as session:
        tasks = (await session.execute(select(TaskRow.kind, TaskRow.participant_id, TaskRow.why))).all()
    assert tasks == [(TaskKind.CALL, maja.id, {"reason": "why_other_account"})]


async def test_an_account_that_belongs_to_somebody_else_stays_theirs(town: Town, maja: Person, coach: Made) -> None:
    async with town.db.begin() as session:
        phone, now = "+4501000002", town.clock.now()
        bo = await add_person(session, town.db.vault, external_id="d-2", phone=phone, telegram=NEW, coach_id=coach.id, now=now)
    await brings(town, NEW, await code(town, maja, change=True))
    assert (await account_of(town, bo), await account_of(town, maja)) == (NEW, None)


@pytest.mark.parametrize("kind", [InboundKind.BLOCKED, InboundKind.TEXT])
async def test_whoever_wants_nothing_in_the_old_account_is_left_in_peace_there(
    town: Town, maja: Person, kind: InboundKind
) -> None:
    await brings(town, OLD, await code(town, maja))
    await town.hear("STOP" if kind == InboundKind.TEXT else "", sender=OLD, channel=TELEGRAM, kind=kind)
    await town.deliver()
    before = len(told(town, OLD))
    await brings(town, NEW, await code(town, maja, change=True))
    assert len(told(town, OLD)) == before


async def test_a_code_of_an_older_version_is_one_for_a_first_account(town: Town, maja: Person) -> None:
    secret = await code(town, maja)
    async with town.db.begin() as session:
        await session.execute(update(InviteRow).values(changes=None))
    await brings(town, OLD, secret)
    assert await account_of(town, maja) == OLD
