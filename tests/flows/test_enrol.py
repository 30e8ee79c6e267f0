"""People come in from a file: as it says, once, all or none of them."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from medvind.flows import sheets
from medvind.flows.changes import Home
from medvind.flows.enrol import enrol
from medvind.flows.plan import plan_people
from medvind.model import AddressState, ChannelName, Language, Milestone, Purpose, State, SupportType, VatPeriod
from medvind.model import VatRegistration as Vat
from medvind.rules.policy import policy_from
from medvind.store import coaches
from medvind.store.tables import AssignmentRow, ConsentRow
from tests.fakes import Town
from tests.flows.enrolling import (
    AMINA,
    BO,
    FIRST_OF_NOVEMBER,
    FULL,
    KARIN,
    MIKKEL,
    SAID_YES,
    TODAY,
    add_team,
    all_rows,
    bring,
    counts,
    kept,
    living,
    person,
    refused,
    statements,
)
from tests.spreadsheets import as_csv, sheet_of


@pytest.fixture(autouse=True)
async def team(town: Town) -> None:
    await add_team(town)


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
    assert found.vat == (
        Vat(date(2026, 10, 1), VatPeriod.QUARTERLY),
        Vat(date(2026, 11, 1), VatPeriod.HALF_YEARLY),
        Vat(date(2027, 12, 31), None),
    )
    assert (found.zone, found.quiet_hours, found.sells_to_eu) == ("Atlantic/Faroe", "mon-fri 16:00-18:00; sun all", True)
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
        "zone": "Zoltan",
        "quiet_hours": "Zoltan 01001234",
        "vat_deregistered_on": "Zoltan",
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
    assert (after.support_type, after.pays_b_tax, after.sells_to_eu, after.milestones) == (None, False, False, {})
    assert (after.zone, after.quiet_hours) == ("Europe/Copenhagen", None)
    assert after.vat == (*before.vat[:2], Vat(TODAY, None))
    assert (living(after), after.said) == ({}, before.said)
    assert counts(await bring(town, cleared)) == (0, 0, 1)


NEVER_EMPTY = ["external_id", "first_name", "consent_on", "channel"]


async def test_what_everybody_has_cannot_be_cleared(town: Town) -> None:
    for column in NEVER_EMPTY:
        faults = await refused(town, FULL | {column: "-"})
        assert f"row 2, {column}: can't be cleared" in faults[0]


async def test_people_who_are_not_in_the_file_stay(town: Town) -> None:
    await bring(town, AMINA, BO)
    before = await person(town)
    assert counts(await bring(town, BO)) == (0, 0, 1)
    assert await person(town) == before


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


async def test_a_thousand_people_come_in_within_seconds(town: Town) -> None:
    many = 1_000
    columns = list(FULL)
    table = [columns]
    for number in range(many):
        row = FULL | {"external_id": f"d-{number}", "phone": f"+450{number:07}", "first_name": f"Amina {number}"}
        table.append([row[column] for column in columns])
    spans = []
    for wanted in ((many, 0, 0), (0, 0, many)):
        began = time.perf_counter()
        async with town.db.begin(limit=None) as session:
            done = await enrol(session, sheets.read("p.csv", as_csv(table)), town.clock.now(), env="test", by="test")
        spans.append(time.perf_counter() - began)
        assert counts(done) == wanted
    print(f"{many} people: {spans[0]:.1f} s, again {spans[1]:.1f} s")
    assert max(spans) < 60


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


async def test_people_read_the_language_of_the_house_unless_the_file_says_otherwise(town: Town) -> None:
    async with town.db.begin() as session:
        rows = sheet_of(AMINA, BO | {"language": "da"})
        await enrol(session, rows, town.clock.now(), env="test", by="test", home=Home("Atlantic/Faroe", Language.EN))
    amina, bo = await person(town), await person(town, "d-002")
    assert (amina.language, bo.language, amina.zone) == (Language.EN, Language.DA, "Atlantic/Faroe")


NO_ZONES = [
    ("Copenhagen", "no zone that the world knows. Did you mean Europe/Copenhagen?"),
    ("Europe/Kopenhagen", "no zone that the world knows. Did you mean Europe/Copenhagen?"),
    ("+01:00", "no zone that the world knows. Write it as Europe/Copenhagen or Atlantic/Faroe."),
    ("localtime", "no zone that the world knows."),
    ("../../etc/passwd", "no zone that the world knows."),
]


async def test_an_unknown_zone_is_refused_with_the_nearest(town: Town) -> None:
    for cell, says in NO_ZONES:
        (fault,) = await refused(town, AMINA | {"zone": cell})
        assert fault.startswith(f"row 2, zone: {says}")


NO_HOURS = [
    ("mon 25:00-08:00", "'mon 25:00-08:00' is neither 'days all' nor 'days HH:MM-HH:MM', with 'meetings' after it or not."),
    ("mon 08:00-08:00", "'mon 08:00-08:00' begins when it ends; a whole day is 'all'."),
    ("fri-mon all", "'fri-mon' runs over the end of the week; say it as two."),
    ("mon-sun all", "no hour of the week is left to send in."),
    ("mon all; mon all", "mon said twice."),
    ("Zoltan", "neither days with hours nor off."),
    ("01 00 12 34", "neither days with hours nor off."),
    ("Zoltan 08:00-09:00", "neither days with hours nor off."),
    ("mon 08:00-09:00; " * 40, "longer than 500 signs."),
]


async def test_quiet_hours_that_cannot_be_read_are_refused_with_what_is_wrong(town: Town) -> None:
    cure = "Write when the person wants no messages, as mon-fri 16:00-18:00; sun all."
    for cell, says in NO_HOURS:
        (fault,) = await refused(town, AMINA | {"quiet_hours": cell})
        assert fault == f"row 2, quiet_hours: {says} {cure}"


async def test_quiet_hours_of_ones_own_are_kept_and_off_is_none(town: Town) -> None:
    await bring(town, AMINA | {"quiet_hours": "mon-fri 16:00-18:00"})
    assert (await person(town)).quiet_hours == "mon-fri 16:00-18:00"
    assert counts(await bring(town, AMINA)) == (0, 0, 1)
    assert counts(await bring(town, AMINA | {"quiet_hours": "off"})) == (0, 1, 0)
    assert (await person(town)).quiet_hours is None
    assert counts(await bring(town, AMINA | {"quiet_hours": "-"})) == (0, 0, 1)


async def test_quiet_hours_that_leave_nothing_of_the_municipalitys_are_refused(town: Town) -> None:
    rows = AMINA | {"quiet_hours": "mon-fri 08:00-20:00"}, BO | {"quiet_hours": "mon-fri 08:00-19:00"}
    (fault,) = await refused(town, *rows)
    assert fault.startswith("row 2, quiet_hours: with the municipality's own no hour is left to send in.")


async def test_a_period_type_from_before_the_registration_is_refused_and_so_is_an_end_before_it(town: Town) -> None:
    row = AMINA | {"vat_registered_on": "01.07.2026"}
    faults = await refused(
        town,
        row | {"vat_period": "monthly", "vat_period_from": "30.06.2026"},
        row | {"external_id": "d-9", "phone": "", "vat_deregistered_on": "01.07.2026"},
    )
    assert faults == [
        "row 2, vat_period_from: before the registration on 2026-07-01. Write the day of registration or a later one.",
        (
            "row 3, vat_deregistered_on: not after the registration on 2026-07-01. "
            "Check both days: vat_registered_on comes first."
        ),
    ]


@pytest.mark.parametrize(
    ("cells", "before", "after"),
    [
        ({"zone": "America/Nuuk"}, "09:00 Europe/Copenhagen", "09:00 America/Nuuk"),
        ({"quiet_hours": "mon-fri 08:00-11:00"}, "09:00 Europe/Copenhagen", "11:00 Europe/Copenhagen"),
    ],
)
async def test_another_zone_or_quiet_hours_of_ones_own_move_what_is_planned(
    town: Town, cells: dict[str, str], before: str, after: str
) -> None:
    async def leaves() -> str:
        async with town.db.begin() as session:
            await plan_people(session, [(await kept(town)).id], policy_from({}), town.clock.now())
        zone = (await person(town)).zone
        (row,) = [row for row in await town.rows(State.PLANNED) if row.key == "vat:2026Q4:14d"]
        return f"{row.due_at.astimezone(ZoneInfo(zone)):%H:%M} {zone}"

    town.clock.moment = datetime(2026, 12, 7, 9, tzinfo=UTC)
    await bring(town, AMINA | SAID_YES | {"vat_registered_on": "01.01.2026"})
    assert await leaves() == before
    await bring(town, AMINA | cells)
    assert await leaves() == after
