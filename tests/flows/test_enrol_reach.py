"""How people are reached after a file: numbers, a yes on paper, a STOP since, Telegram."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from medvind.model import AddressState, ChannelName, Purpose
from medvind.store.facts import facts_of
from medvind.store.reach import say, set_state
from medvind.store.tables import AddressRow
from tests.fakes import Town
from tests.flows.enrolling import (
    AMINA,
    BO,
    SAID_YES,
    add_team,
    all_rows,
    bring,
    counts,
    kept,
    living,
    person,
    refused,
)


@pytest.fixture(autouse=True)
async def team(town: Town) -> None:
    await add_team(town)


NO_PHONES = ["70123456", "80 12 34 56", "+45 90 12 34 56", "2012345", "12345678", "+46701234567"]


async def test_a_number_that_cannot_be_a_phone_stops_the_file(town: Town) -> None:
    for phone in NO_PHONES:
        (fault,) = await refused(town, AMINA | {"phone": phone})
        assert fault.startswith("row 2, phone: "), phone


async def test_outside_the_mobile_series_is_a_warning(town: Town) -> None:
    done = await bring(town, AMINA | {"phone": "33 12 34 56"}, BO)
    assert done.warnings == ("row 2, phone: not in a mobile series; text messages may not reach it",)
    assert done.added == 2


async def test_a_made_up_number_is_good_in_test_and_demo_alone(town: Town) -> None:
    (fault,) = await refused(town, AMINA, env="production")
    assert fault.startswith("row 2, phone: a made-up number")
    assert (await bring(town, AMINA, env="demo")).added == 1


async def test_a_number_that_somebody_else_has_stops_the_file(town: Town) -> None:
    await bring(town, AMINA)
    faults = await refused(town, BO | {"phone": "01 00 00 01"})
    assert [fault.partition(". ")[0] for fault in faults] == ["row 2, phone: another participant has it already"]
    faults = await refused(town, {"external_id": "d-001", "first_name": "Amina"}, BO | {"phone": "01 00 00 01"})
    assert [fault.partition(". ")[0] for fault in faults] == ["row 3, phone: another participant has it already"]


async def test_a_number_that_stands_twice_stops_the_file(town: Town) -> None:
    faults = await refused(town, AMINA, BO | {"phone": "01000001"})
    assert [fault.partition(". ")[0] for fault in faults] == ["row 3, phone: the same as in row 2"]


async def test_two_people_may_swap_numbers_in_one_file_and_are_asked_there(town: Town) -> None:
    await bring(town, AMINA | SAID_YES, BO | SAID_YES)
    done = await bring(town, AMINA | SAID_YES | {"phone": BO["phone"]}, BO | SAID_YES | {"phone": AMINA["phone"]})
    assert counts(done) == (0, 2, 0)
    assert living(await person(town))[ChannelName.SMS] == ("+4501000002", AddressState.UNCONFIRMED, True)
    assert living(await person(town, "d-002"))[ChannelName.SMS] == ("+4501000001", AddressState.UNCONFIRMED, True)


async def test_a_number_that_was_given_up_is_free(town: Town) -> None:
    await bring(town, AMINA)
    await bring(town, AMINA | {"phone": "-"})
    assert [(way.state, way.reason) for way in (await person(town)).ways] == [(AddressState.DEAD, "removed")]
    assert counts(await bring(town, BO | {"phone": AMINA["phone"]}, AMINA | {"phone": "-"})) == (1, 0, 1)


async def test_without_consent_nothing_but_the_invitation_is_owed(town: Town) -> None:
    await bring(town, AMINA, BO | SAID_YES)
    assert living(await person(town)) == {ChannelName.SMS: ("+4501000001", AddressState.UNCONFIRMED, True)}
    amina, bo = (await kept(town)).id, (await kept(town, "d-002")).id
    async with town.db.read() as session:
        facts = await facts_of(session, [amina, bo])
    assert (facts[amina].joined_at, facts[amina].invite_since) == (None, town.clock.now())
    assert (facts[bo].joined_at, facts[bo].invite_since) == (town.clock.now(), None)


async def test_a_yes_on_paper_after_the_invitation_makes_the_number_active(town: Town) -> None:
    await bring(town, AMINA)
    await bring(town, AMINA | {"consent_on": "24.11.2026", "channel": "sms"})
    assert living(await person(town))[ChannelName.SMS][1] == AddressState.ACTIVE


async def says(town: Town, *, given: bool) -> None:
    async with town.db.begin() as session:
        await say(session, (await kept(town)).id, [ChannelName.SMS], given=given, how="by hand", now=town.clock.now())


async def test_a_yes_older_than_a_stop_changes_nothing(town: Town) -> None:
    await bring(town, AMINA | SAID_YES)
    await says(town, given=False)
    before = await all_rows(town)
    for day in ("01.11.2026", "23.11.2026", "24.11.2026"):
        done = await bring(town, AMINA | {"consent_on": day, "channel": "sms"})
        assert counts(done) == (0, 0, 1)
        assert done.warnings == (
            "row 2, consent_on: not used, since the person said no after that; START from their own phone is a new yes",
        )
    assert await all_rows(town) == before


async def test_a_yes_newer_than_a_stop_holds_again(town: Town) -> None:
    await bring(town, AMINA | SAID_YES)
    await says(town, given=False)
    town.clock.pass_by(days=2)
    assert counts(await bring(town, AMINA | {"consent_on": "25.11.2026", "channel": "sms"})) == (0, 1, 0)
    async with town.db.read() as session:
        facts = await facts_of(session, [(await kept(town)).id])
    assert [one.joined_at for one in facts.values()] == [datetime(2026, 11, 24, 23, 0, tzinfo=UTC)]


async def test_after_start_the_old_file_is_no_longer_worth_a_word(town: Town) -> None:
    await bring(town, AMINA | SAID_YES)
    await says(town, given=False)
    town.clock.pass_by(hours=1)
    await says(town, given=True)
    done = await bring(town, AMINA | SAID_YES)
    assert (counts(done), done.warnings) == ((0, 0, 1), ())


async def test_a_yes_is_written_down_once_whatever_day_later_files_name(town: Town) -> None:
    await bring(town, AMINA | SAID_YES)
    assert counts(await bring(town, AMINA | {"consent_on": "10.11.2026", "channel": "sms"})) == (0, 0, 1)
    assert len((await person(town)).said) == len(Purpose)


async def test_a_yes_still_to_come_stops_the_file_and_one_of_today_does_not(town: Town) -> None:
    (fault,) = await refused(town, AMINA | {"consent_on": "25.11.2026", "channel": "sms"})
    assert fault == "row 2, consent_on: 2026-11-25 is still to come. Write the day on which the person said yes."
    await bring(town, AMINA | {"consent_on": "24.11.2026", "channel": "sms"})
    assert {said.at for said in (await person(town)).said} == {datetime(2026, 11, 23, 23, 0, tzinfo=UTC)}


async def test_a_yes_without_a_channel_is_not_used(town: Town) -> None:
    done = await bring(town, AMINA | {"consent_on": "01.11.2026"})
    assert done.warnings == ("row 2, consent_on: not used, since channel is empty: write sms or telegram there",)
    assert (await person(town)).said == ()


async def test_text_messages_need_a_number(town: Town) -> None:
    faults = await refused(town, AMINA | SAID_YES | {"phone": ""})
    assert faults == ["row 2, phone: missing, and channel is sms. Write the number, or empty channel."]
    await bring(town, AMINA)
    assert len(await refused(town, AMINA | SAID_YES | {"phone": "-"})) == 1


async def test_a_new_number_replaces_the_old_one_and_the_yes_does_not_go_along(town: Town) -> None:
    await bring(town, AMINA | SAID_YES)
    assert counts(await bring(town, AMINA | SAID_YES | {"phone": "+4501000009"})) == (0, 1, 0)
    found = await person(town)
    assert [(way.value, way.state, way.reason) for way in found.ways] == [
        ("+4501000001", AddressState.DEAD, "replaced"),
        ("+4501000009", AddressState.UNCONFIRMED, None),
    ]
    assert living(found)[ChannelName.SMS][2]
    assert len(found.said) == len(Purpose)


async def test_a_new_number_of_somebody_who_has_not_answered_is_unconfirmed(town: Town) -> None:
    await bring(town, AMINA)
    await bring(town, AMINA | {"phone": "+4501000009"})
    assert living(await person(town)) == {ChannelName.SMS: ("+4501000009", AddressState.UNCONFIRMED, True)}


async def test_whoever_was_invited_at_a_mistyped_number_is_invited_at_the_right_one(town: Town) -> None:
    for phone in ("+4501000001", "+4501000009"):
        done = await bring(town, AMINA | {"phone": phone})
        await town.plan(done.participant_ids[0])
        await town.deliver()
    assert [message.to for message in town.sms.sent] == ["+4501000001", "+4501000009"]
    assert [row.key for row in await town.rows()] == ["invite", "invite@2"]


async def test_a_number_back_and_forth_follows_the_file(town: Town) -> None:
    for phone in ("+4501000001", "+4501000009", "+4501000001"):
        assert counts(await bring(town, AMINA | SAID_YES | {"phone": phone}))[2] == 0
    assert living(await person(town))[ChannelName.SMS] == ("+4501000001", AddressState.UNCONFIRMED, True)


async def test_the_same_file_does_not_bring_a_dead_number_back(town: Town) -> None:
    await bring(town, AMINA | SAID_YES)
    async with town.db.begin() as session:
        address = (await session.scalars(select(AddressRow.id))).one()
        await set_state(session, address, AddressState.DEAD, "30005")
    done = await bring(town, AMINA | SAID_YES)
    assert (counts(done), len(done.warnings)) == ((0, 0, 1), 1)
    assert done.warnings[0].startswith("row 2, phone: nothing reaches this number any more")
    assert living(await person(town)) == {}
    await bring(town, AMINA | SAID_YES | {"phone": "+4501000009"})
    assert living(await person(town))[ChannelName.SMS] == ("+4501000009", AddressState.UNCONFIRMED, True)


async def test_telegram_is_joined_by_code_and_the_coach_is_told_so(town: Town) -> None:
    done = await bring(town, AMINA | {"consent_on": "01.11.2026", "channel": "telegram"})
    assert done.warnings == ("row 2, channel: Telegram is joined by a code: 'medvind invite d-001' makes one",)
    found = await person(town)
    assert {said.channel for said in found.said} == {ChannelName.TELEGRAM}
    assert living(found)[ChannelName.SMS][1] == AddressState.UNCONFIRMED
    async with town.db.read() as session:
        (facts,) = (await facts_of(session, [(await kept(town)).id])).values()
    assert (facts.joined_at, facts.invite_since) == (None, None)


@pytest.mark.parametrize("env", ["production", "demo"])
async def test_a_telegram_account_comes_by_no_file(town: Town, env: str) -> None:
    (fault,) = await refused(town, {"external_id": "d-001", "first_name": "Amina", "telegram_id": "7001"}, env=env)
    assert fault.startswith(
        "row 1, telegram_id: no such column. Telegram is joined by a code, never by a file: 'medvind invite"
    )


async def test_in_test_a_telegram_account_may_come_by_file(town: Town) -> None:
    row = AMINA | {"telegram_id": "7001000001", "consent_on": "01.11.2026", "channel": "telegram"}
    assert (await bring(town, row)).warnings == ()
    assert living(await person(town)) == {
        ChannelName.TELEGRAM: ("7001000001", AddressState.ACTIVE, True),
        ChannelName.SMS: ("+4501000001", AddressState.UNCONFIRMED, False),
    }
    assert len(await refused(town, BO | {"telegram_id": "7001000001"})) == 1
    assert len(await refused(town, BO | {"telegram_id": "@bo"})) == 1


async def test_whoever_has_joined_telegram_since_stays_there_when_the_old_file_comes_again(town: Town) -> None:
    await bring(town, AMINA | SAID_YES)
    async with town.db.begin() as session:
        await session.execute(update(AddressRow).values(preferred=False))
    row = AMINA | {"telegram_id": "7001", "consent_on": "20.11.2026", "channel": "telegram"}
    await bring(town, row)
    assert living(await person(town))[ChannelName.TELEGRAM][2]
    assert counts(await bring(town, AMINA | SAID_YES)) == (0, 0, 1)
    assert living(await person(town))[ChannelName.TELEGRAM][2]


async def test_the_newest_yes_says_how_somebody_wants_to_be_written_to(town: Town) -> None:
    both = AMINA | {"telegram_id": "7001"}
    await bring(town, both | {"consent_on": "05.11.2026", "channel": "telegram"})
    await bring(town, both | {"consent_on": "01.11.2026", "channel": "sms"})
    assert living(await person(town)) == {
        ChannelName.TELEGRAM: ("7001", AddressState.ACTIVE, True),
        ChannelName.SMS: ("+4501000001", AddressState.ACTIVE, False),
    }
    row = BO | {"telegram_id": "7002"}
    await bring(town, row | {"consent_on": "01.11.2026", "channel": "telegram"})
    await bring(town, row | {"consent_on": "05.11.2026", "channel": "sms"})
    await bring(town, {"external_id": "d-002", "phone": "+4501000009"})
    assert living(await person(town, "d-002")) == {
        ChannelName.TELEGRAM: ("7002", AddressState.ACTIVE, False),
        ChannelName.SMS: ("+4501000009", AddressState.UNCONFIRMED, True),
    }


async def test_whoever_has_no_coach_is_worth_a_warning(town: Town) -> None:
    done = await bring(town, AMINA | {"coach_email": ""}, {"external_id": "d-3", "first_name": "C", "coach_email": ""})
    assert done.warnings == ("row 2, coach_email: without a coach nobody reads what they write; name one",)
