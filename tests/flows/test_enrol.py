"""People come in from a file: as it says, once, all or none of them."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from medvind.errors import FileFaultsError
from medvind.flows import sheets
from medvind.flows.enrol import Enrolled, enrol
from medvind.flows.plan import plan_people
from medvind.model import AddressState, ChannelName, Language, Milestone, Purpose, Role, State, SupportType, VatPeriod
from medvind.model import VatRegistration as Vat
from medvind.rules.policy import policy_from
from medvind.store import coaches
from medvind.store.database import Database
from medvind.store.facts import facts_of
from medvind.store.participants import Kept, Person, known
from medvind.store.reach import say, set_state
from medvind.store.tables import AddressRow, AssignmentRow, ConsentRow
from tests.fakes import Town
from tests.spreadsheets import as_csv, everything, sheet_of

KARIN, MIKKEL = "karin@kommune.example", "mikkel@kommune.example"
TODAY = date(2026, 11, 24)
FULL = {
    "external_id": "d-001",
    "first_name": "Amina",
    "business_name": "Aminas Syværksted",
    "phone": "01 00 00 01",
    "language": "en",
    "cohort": "Hold 2026",
    "coach_email": "Karin@Kommune.example",
    "support_type": "cash_benefit",
    "course_ended_on": "21.11.2026",
    "payout_promised_on": "2026-12-21",
    "paid_out_on": "5.1.2027",
    "business_started_on": "2027-02-01",
    "vat_registered_on": "01.10.2026",
    "vat_period": "half_yearly",
    "pays_b_tax": "ja",
    "consent_on": "01.11.2026",
    "channel": "sms",
}
AMINA = {"external_id": "d-001", "first_name": "Amina", "phone": "+4501000001"}
BO = {"external_id": "d-002", "first_name": "Bo", "phone": "+4501000002"}
SAID_YES = {"consent_on": "01.11.2026", "channel": "sms"}
FIRST_OF_NOVEMBER = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def team(town: Town) -> None:
    async with town.db.begin() as session:
        await coaches.add(session, Role.COACH, KARIN, "Karin", "+4501009001", town.clock.now())
        await coaches.add(session, Role.COACH, MIKKEL, "Mikkel", None, town.clock.now())
        await coaches.add(session, Role.LEAD, "lead@kommune.example", "Lis", None, town.clock.now())


async def bring(town: Town, *rows: Mapping[str, str], env: str = "test", dry_run: bool = False) -> Enrolled:
    async with town.db.begin() as session:
        return await enrol(session, sheet_of(*rows), town.clock.now(), env=env, dry_run=dry_run)


async def refused(town: Town, *rows: Mapping[str, str], env: str = "test") -> list[str]:
    """The faults, and that nothing was written."""
    before = await all_rows(town)
    with pytest.raises(FileFaultsError) as raised:
        await bring(town, *rows, env=env)
    assert await all_rows(town) == before
    return [str(fault) for fault in raised.value.faults]


async def all_rows(town: Town) -> dict[str, list[tuple[Any, ...]]]:
    async with town.db.read() as session:
        return await everything(session)


async def kept(town: Town, external_id: str = "d-001") -> Kept:
    async with town.db.read() as session:
        return (await known(session, [external_id]))[external_id]


async def person(town: Town, external_id: str = "d-001") -> Person:
    return (await kept(town, external_id)).person


def living(one: Person) -> dict[ChannelName, tuple[str, AddressState, bool]]:
    return {way.channel: (way.value, way.state, way.preferred) for way in one.ways if way.lives}


def counts(done: Enrolled) -> tuple[int, int, int]:
    return done.added, done.changed, done.unchanged


async def test_every_column_is_kept(town: Town) -> None:
    assert counts(await bring(town, FULL)) == (1, 0, 0)
    found = await person(town)
    assert (found.first_name, found.business_name, found.language) == ("Amina", "Aminas Syværksted", Language.EN)
    assert (found.cohort, found.support_type, found.pays_b_tax) == ("Hold 2026", SupportType.CASH_BENEFIT, True)
    assert found.milestones == {
        Milestone.COURSE_ENDED: date(2026, 11, 21),
        Milestone.PAYOUT_PROMISED: date(2026, 12, 21),
        Milestone.PAID_OUT: date(2027, 1, 5),
        Milestone.BUSINESS_STARTED: date(2027, 2, 1),
    }
    assert found.vat == (Vat(date(2026, 10, 1), VatPeriod.HALF_YEARLY),)
    assert living(found) == {ChannelName.SMS: ("+4501000001", AddressState.ACTIVE, True)}
    assert {(said.channel, said.purpose, said.given, said.at) for said in found.said} == {
        (ChannelName.SMS, purpose, True, FIRST_OF_NOVEMBER) for purpose in Purpose
    }
    async with town.db.read() as session:
        karin = await coaches.find_by_email(session, KARIN)
        assert karin is not None
        assert found.coach_id == karin.id
        assert (await session.scalars(select(ConsentRow.how))).all() == ["import"] * len(Purpose)
        assignments = (await session.execute(select(AssignmentRow.coach_id, AssignmentRow.since, AssignmentRow.until))).all()
    assert [tuple(row) for row in assignments] == [(karin.id, town.clock.now(), None)]


async def test_the_same_file_again_changes_nothing(town: Town) -> None:
    rows = (FULL, BO | {"consent_on": "24.11.2026", "channel": "telegram"}, {"external_id": "d-003", "first_name": "Camilla"})
    await bring(town, *rows)
    before = await all_rows(town)
    town.clock.pass_by(days=3)
    again = await bring(town, *rows)
    assert (counts(again), again.participant_ids) == ((0, 0, 3), ())
    after = await all_rows(town)
    print(f"looked at {sum(map(len, after.values()))} rows in {len(after)} tables")
    assert after == before


async def test_a_changed_row_changes_that_person_and_nobody_else(town: Town) -> None:
    await bring(town, AMINA | SAID_YES, BO | SAID_YES)
    bo = await person(town, "d-002")
    done = await bring(town, AMINA | SAID_YES | {"course_ended_on": "21.11.2026"}, BO | SAID_YES)
    assert counts(done) == (0, 1, 1)
    assert done.participant_ids == ((await kept(town)).id,)
    assert (await person(town)).milestones == {Milestone.COURSE_ENDED: date(2026, 11, 21)}
    assert await person(town, "d-002") == bo


async def test_the_plan_of_those_who_changed_can_be_made_at_once(town: Town) -> None:
    done = await bring(
        town, AMINA | SAID_YES | {"course_ended_on": "21.11.2026"}, BO, {"external_id": "d-3", "first_name": "C"}
    )
    async with town.db.begin() as session:
        await plan_people(session, done.participant_ids, policy_from({}), town.clock.now())
    kinds = {row.kind for row in await town.rows(State.PLANNED)}
    assert kinds == {"check_in", "waiting_word", "invite"}


async def test_a_dry_run_says_the_same_and_writes_nothing(town: Town) -> None:
    await bring(town, BO)
    before = await all_rows(town)
    rows = (FULL, BO | {"first_name": "Bo Bendt", "phone": "33 12 34 56"})
    dry = await bring(town, *rows, dry_run=True)
    assert await all_rows(town) == before
    real = await bring(town, *rows)
    assert (counts(dry), dry.warnings, dry.participant_ids) == (counts(real), real.warnings, ())
    assert counts(real) == (1, 1, 0)


async def test_all_faults_of_all_rows_are_told_at_once_and_nothing_is_written(town: Town) -> None:
    faults = await refused(
        town,
        FULL | {"paid_out_on": "31.2.2026", "phone": "70123456", "language": "dk"},
        BO | {"coach_email": "nobody@kommune.example", "pays_b_tax": "maybe"},
        {"external_id": "d-003", "support_type": "rich"},
        {"external_id": "d-002", "first_name": "Bo"},
    )
    assert [fault.partition(". ")[0] for fault in faults] == [
        "row 2, phone: a number of the series 70, which is nobody's own phone",
        "row 2, language: none of the known words",
        "row 2, paid_out_on: 31.2.2026 is no date",
        "row 3, coach_email: no coach has this address",
        "row 3, pays_b_tax: neither yes nor no",
        "row 4, first_name: missing",
        "row 4, support_type: none of the known words",
        "row 5, external_id: the same external_id as in row 3",
    ]


async def test_no_fault_and_no_warning_repeats_a_name_or_a_number(town: Town) -> None:
    await bring(town, BO)
    canary = {
        "external_id": "Zoltan 01001234",
        "first_name": "Zoltan 010190-1234",
        "business_name": "Z" * 300,
        "phone": "Zoltan",
        "coach_email": "Zoltan",
        "course_ended_on": "Zoltan",
        "pays_b_tax": "Zoltan",
        "support_type": "Zoltan",
        "consent_on": "Zoltan",
        "channel": "Zoltan",
    }
    told = " ".join(
        await refused(town, canary, BO | {"external_id": "d-9"}, AMINA | {"phone": "33123456", "consent_on": "2030-01-01"})
    )
    assert [word for word in ("Zoltan", "1234", "ZZZ", "010000", "Bo", "Amina") if word in told] == []


async def test_an_unknown_column_stops_the_file(town: Town) -> None:
    assert await refused(town, AMINA | {"phoen": "1"}) == ["row 1, phoen: no such column. Did you mean phone?"]


async def test_an_impossible_date_stops_the_file(town: Town) -> None:
    (fault,) = await refused(town, AMINA | {"course_ended_on": "29.02.2027"})
    assert fault == "row 2, course_ended_on: 29.02.2027 is no date. Write it as 2026-11-25 or 25.11.2026."


@pytest.mark.parametrize("phone", ["70123456", "80 12 34 56", "+45 90 12 34 56", "2012345", "12345678", "+46701234567"])
async def test_a_number_that_cannot_be_a_phone_stops_the_file(town: Town, phone: str) -> None:
    (fault,) = await refused(town, AMINA | {"phone": phone})
    assert fault.startswith("row 2, phone: ")


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


async def test_two_people_may_swap_numbers_in_one_file(town: Town) -> None:
    await bring(town, AMINA | SAID_YES, BO | SAID_YES)
    done = await bring(town, AMINA | SAID_YES | {"phone": BO["phone"]}, BO | SAID_YES | {"phone": AMINA["phone"]})
    assert counts(done) == (0, 2, 0)
    assert living(await person(town))[ChannelName.SMS] == ("+4501000002", AddressState.ACTIVE, True)
    assert living(await person(town, "d-002"))[ChannelName.SMS] == ("+4501000001", AddressState.ACTIVE, True)


async def test_a_number_that_was_given_up_is_free(town: Town) -> None:
    await bring(town, AMINA)
    await bring(town, AMINA | {"phone": "-"})
    assert [(way.state, way.reason) for way in (await person(town)).ways] == [(AddressState.DEAD, "removed")]
    assert counts(await bring(town, BO | {"phone": AMINA["phone"]}, AMINA | {"phone": "-"})) == (1, 0, 1)


async def test_an_empty_cell_leaves_what_is_there_and_a_dash_clears_it(town: Town) -> None:
    await bring(town, FULL)
    before = await person(town)
    bare = dict.fromkeys(FULL, "") | {"external_id": "d-001"}
    assert counts(await bring(town, bare)) == counts(await bring(town, {"external_id": "d-001"})) == (0, 0, 1)
    assert await person(town) == before
    kept_on = ("external_id", "first_name", "consent_on", "channel")
    cleared = {column: "-" for column in FULL if column not in kept_on} | {"external_id": "d-001"}
    assert counts(await bring(town, cleared)) == (0, 1, 0)
    after = await person(town)
    assert (after.business_name, after.language, after.cohort, after.coach_id) == (None, Language.DA, None, None)
    assert (after.support_type, after.pays_b_tax, after.milestones) == (None, False, {})
    assert after.vat == (Vat(date(2026, 10, 1), VatPeriod.HALF_YEARLY), Vat(TODAY, None))
    assert (living(after), after.said) == ({}, before.said)
    assert counts(await bring(town, cleared)) == (0, 0, 1)


@pytest.mark.parametrize("column", ["external_id", "first_name", "consent_on", "channel"])
async def test_what_everybody_has_cannot_be_cleared(town: Town, column: str) -> None:
    faults = await refused(town, FULL | {column: "-"})
    assert f"row 2, {column}: can't be cleared" in faults[0]


async def test_people_who_are_not_in_the_file_stay(town: Town) -> None:
    await bring(town, AMINA, BO)
    before = await person(town)
    assert counts(await bring(town, BO)) == (0, 0, 1)
    assert await person(town) == before


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


async def test_a_new_number_replaces_the_old_one_and_the_yes_stays(town: Town) -> None:
    await bring(town, AMINA | SAID_YES)
    assert counts(await bring(town, AMINA | SAID_YES | {"phone": "+4501000009"})) == (0, 1, 0)
    found = await person(town)
    assert [(way.value, way.state, way.reason) for way in found.ways] == [
        ("+4501000001", AddressState.DEAD, "replaced"),
        ("+4501000009", AddressState.ACTIVE, None),
    ]
    assert living(found)[ChannelName.SMS][2]
    assert len(found.said) == len(Purpose)


async def test_a_new_number_of_somebody_who_has_not_answered_is_unconfirmed(town: Town) -> None:
    await bring(town, AMINA)
    await bring(town, AMINA | {"phone": "+4501000009"})
    assert living(await person(town)) == {ChannelName.SMS: ("+4501000009", AddressState.UNCONFIRMED, True)}


async def test_a_number_back_and_forth_follows_the_file(town: Town) -> None:
    for phone in ("+4501000001", "+4501000009", "+4501000001"):
        assert counts(await bring(town, AMINA | SAID_YES | {"phone": phone}))[2] == 0
    assert living(await person(town))[ChannelName.SMS] == ("+4501000001", AddressState.ACTIVE, True)


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
    assert living(await person(town))[ChannelName.SMS] == ("+4501000009", AddressState.ACTIVE, True)


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
    assert (
        fault
        == f"row 1, telegram_id: no such column. {'Telegram is joined by a code, never by a file'}: 'medvind invite PARTICIPANT' makes one."
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


async def test_another_coach_follows_from_now_on(town: Town) -> None:
    await bring(town, AMINA | {"coach_email": KARIN})
    since = town.clock.now()
    changed_at = town.clock.pass_by(days=1)
    await bring(town, AMINA | {"coach_email": MIKKEL})
    await bring(town, AMINA | {"coach_email": MIKKEL})
    async with town.db.read() as session:
        rows = await session.execute(select(AssignmentRow.since, AssignmentRow.until).order_by(AssignmentRow.id))
        assert [tuple(row) for row in rows] == [(since, changed_at), (changed_at, None)]
    town.clock.pass_by(days=1)
    await bring(town, AMINA | {"coach_email": "-"})
    async with town.db.read() as session:
        assert (await session.scalars(select(AssignmentRow.until).order_by(AssignmentRow.id))).all() == [
            changed_at,
            town.clock.now(),
        ]


async def test_only_a_coach_follows_people(town: Town) -> None:
    (fault,) = await refused(town, AMINA | {"coach_email": "lead@kommune.example"})
    assert fault == "row 2, coach_email: this address belongs to a lead. Write the address of a coach."


async def test_vat_alone_changes_its_period_and_without_a_registration_is_not_used(town: Town) -> None:
    await bring(town, AMINA | {"vat_registered_on": "01.01.2026"})
    assert (await person(town)).vat == (Vat(date(2026, 1, 1), VatPeriod.QUARTERLY),)
    await bring(town, {"external_id": "d-001", "vat_period": "monthly"})
    assert (await person(town)).vat[1:] == (Vat(TODAY, VatPeriod.MONTHLY),)
    (fault,) = await refused(town, {"external_id": "d-001", "vat_period": "-"})
    assert fault.startswith("row 2, vat_period: a registered business has one")
    await bring(town, {"external_id": "d-001", "vat_registered_on": "-", "vat_period": "-"})
    assert (await person(town)).vat == (Vat(date(2026, 1, 1), VatPeriod.QUARTERLY), Vat(TODAY, None))
    done = await bring(town, BO | {"vat_period": "monthly"})
    assert done.warnings == ("row 2, vat_period: not used, since vat_registered_on is empty",)


async def test_days_are_those_of_the_zone(town: Town) -> None:
    town.clock.moment = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert (await bring(town, AMINA | {"consent_on": "25.11.2026", "channel": "sms"})).added == 1


async def test_thousands_of_people_come_in_within_seconds(town: Town) -> None:
    many = 10_000
    columns = list(FULL)
    table = [columns]
    for number in range(many):
        row = FULL | {"external_id": f"d-{number}", "phone": f"+450{number:07}", "first_name": f"Amina {number}"}
        table.append([row[column] for column in columns])
    spans = []
    for wanted in ((many, 0, 0), (0, 0, many)):
        began = time.perf_counter()
        async with town.db.begin(limit=None) as session:
            done = await enrol(session, sheets.read("p.csv", as_csv(table)), town.clock.now(), env="test")
        spans.append(time.perf_counter() - began)
        assert counts(done) == wanted
    print(f"{many} people: {spans[0]:.1f} s, again {spans[1]:.1f} s")
    assert max(spans) < 60


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """The statements that are sent while this is open; one with many rows counts once."""
    seen: list[str] = []

    def note(*call: Any) -> None:
        seen.append(call[2])

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)


async def test_the_number_of_statements_does_not_grow_with_the_rows(town: Town) -> None:
    def rows(first: int, many: int, cohort: str) -> list[dict[str, str]]:
        return [
            FULL | {"external_id": f"d-{number}", "phone": f"+450{number:07}", "cohort": cohort}
            for number in range(first, first + many)
        ]

    with statements(town.db) as few:
        await bring(town, *rows(0, 2, "Hold 1"))
    with statements(town.db) as many:
        await bring(town, *rows(100, 300, "Hold 1"))
    print(f"statements: {len(few)} for 2 people, {len(many)} for 300")
    assert len(many) <= len(few)
    with statements(town.db) as changes:
        await bring(town, *rows(100, 300, "Hold 2"))
    assert len(changes) <= len(few)


async def test_time_passes_and_a_changed_day_of_the_promise_is_corrected(town: Town) -> None:
    await bring(town, AMINA | SAID_YES | {"payout_promised_on": "21.12.2026"})
    town.clock.moment += timedelta(days=10)
    assert counts(await bring(town, AMINA | SAID_YES | {"payout_promised_on": "04.01.2027"})) == (0, 1, 0)
    assert (await person(town)).milestones == {Milestone.PAYOUT_PROMISED: date(2027, 1, 4)}
