"""An old list does not bring back whoever was erased and wanted nothing more."""

from datetime import timedelta

import pytest

from medvind.flows import erase
from medvind.model import ChannelName
from medvind.rules.erasing import EraseReason
from medvind.store.reach import find_person, reach_of
from tests.fakes import Town
from tests.flows.enrolling import AMINA, BO, SAID_YES, add_team, bring, refused

ANEW = AMINA | {"external_id": "d-099"}


@pytest.fixture(autouse=True)
async def team(town: Town) -> None:
    await add_team(town)


async def gone(town: Town, *says: str, reason: EraseReason = EraseReason.DECIDED) -> None:
    """Amina is there, said yes, says this, and is erased."""
    await bring(town, AMINA | SAID_YES)
    for text in says:
        await town.hear(text)
        await town.deliver()
    async with town.db.begin() as session:
        assert await erase.erase(session, "d-001", reason, town.clock.now())
    town.sms.sent.clear()


async def is_written_to(town: Town) -> bool:
    """In the month to come."""
    async with town.db.read() as session:
        person = await find_person(session, ChannelName.SMS, "+4501000001")
    assert person is not None
    await town.plan(person)
    await town.run_until(town.clock.now() + timedelta(days=30), timedelta(hours=6))
    return bool(town.sms.sent)


@pytest.mark.parametrize("row", [AMINA, AMINA | SAID_YES, ANEW, ANEW | SAID_YES])
async def test_after_a_stop_an_old_list_brings_no_message_and_no_question(town: Town, row: dict[str, str]) -> None:
    await gone(town, "STOP")
    done = await bring(town, row | {"course_ended_on": "20.11.2026"})
    assert (done.added, len(done.warnings)) == (1, 1)
    assert not await is_written_to(town)


async def test_their_own_wish_to_be_erased_holds_as_a_stop_does(town: Town) -> None:
    await gone(town, reason=EraseReason.ASKED_OTHERWISE)
    await bring(town, ANEW | SAID_YES | {"course_ended_on": "20.11.2026"})
    assert not await is_written_to(town)


async def test_whom_the_municipality_erased_by_its_own_rules_may_come_again(town: Town) -> None:
    await gone(town)
    await bring(town, ANEW | SAID_YES | {"course_ended_on": "20.11.2026"})
    assert await is_written_to(town)


async def test_a_later_yes_counts(town: Town) -> None:
    await gone(town, "STOP")
    town.clock.pass_by(days=3)
    await bring(town, ANEW | {"consent_on": "26.11.2026", "channel": "sms", "course_ended_on": "20.11.2026"})
    assert await is_written_to(town)


async def test_start_from_their_own_phone_counts(town: Town) -> None:
    await gone(town, "STOP")
    await bring(town, ANEW | SAID_YES)
    await town.hear("START")
    await town.deliver()
    async with town.db.read() as session:
        person = await find_person(session, ChannelName.SMS, "+4501000001")
        assert person is not None
        assert (await reach_of(session, [person]))[person].is_open(ChannelName.SMS)


async def test_nobody_else_gets_such_a_number_without_a_later_yes(town: Town) -> None:
    await gone(town, "STOP")
    await bring(town, BO | SAID_YES)
    (fault,) = await refused(town, BO | {"phone": "01 00 00 01"})
    assert fault.startswith("row 2, phone: its owner has asked for nothing more. Take another")
    town.clock.pass_by(days=3)
    yes = {"consent_on": "26.11.2026", "channel": "sms"}
    assert (await bring(town, BO | yes | {"phone": "01 00 00 01"})).changed == 1


async def test_a_number_that_a_coach_took_away_before_is_not_silenced(town: Town) -> None:
    """It may be somebody else's by now."""
    await bring(town, AMINA | SAID_YES)
    await bring(town, AMINA | {"phone": "01 00 00 05"})
    await town.hear("STOP", "+4501000005")
    async with town.db.begin() as session:
        await erase.erase(session, "d-001", EraseReason.DECIDED, town.clock.now())
    done = await bring(town, BO | SAID_YES | {"phone": "01 00 00 01"})
    assert (done.added, done.warnings) == (1, ())
