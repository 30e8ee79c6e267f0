"""Meetings come in from a file, move, and gain and lose those who are invited."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from medvind.model import MeetingKind, Rsvp, State
from medvind.store import coaches
from medvind.store.facts import facts_of
from medvind.store.questions import rsvp
from medvind.store.tables import AttendeeRow, MeetingRow
from tests.fakes import Town
from tests.flows.arranging import AT_TWO, FOLLOW_UP, ZONE, add_people, all_rows, arrange, bring, counts, meeting, refused
from tests.flows.enrolling import statements


@pytest.fixture(autouse=True)
async def people(town: Town) -> dict[str, int]:
    return await add_people(town)


async def test_every_column_is_kept(town: Town, people: dict[str, int]) -> None:
    done = await bring(town, FOLLOW_UP | {"cohort": "Hold 1", "participants": "d-3"})
    assert (counts(done), done.participant_ids, done.warnings) == ((1, 0, 0), tuple(sorted(people.values())), ())
    async with town.db.read() as session:
        karin = await coaches.find_by_email(session, "karin@kommune.example")
    found = await meeting(town)
    assert (found.kind, found.title, found.place) == (
        MeetingKind.FOLLOW_UP_MEETING,
        "Opfølgende møde",
        "Vestergade 58, 1. sal",
    )
    assert (found.starts_at, found.zone, found.minutes, found.sequence) == (AT_TWO, ZONE, 90, 1)
    assert karin is not None
    assert (found.coach_id, found.attendees) == (karin.id, frozenset(people.values()))


async def test_the_same_file_again_changes_nothing(town: Town) -> None:
    rows = (FOLLOW_UP, {"external_id": "m-2", "starts_at": "3.12.2026 14:00:30.5", "place": "Torvet", "cohort": "Hold 1"})
    await bring(town, *rows)
    before = await all_rows(town)
    town.clock.pass_by(days=30)
    again = await bring(town, *rows)
    assert (counts(again), again.participant_ids, again.warnings) == ((0, 0, 2), (), ())
    after = await all_rows(town)
    print(f"looked at {sum(map(len, after.values()))} rows in {len(after)} tables")
    assert after == before


async def test_a_dry_run_says_the_same_and_writes_nothing(town: Town) -> None:
    before = await all_rows(town)
    dry = await bring(town, FOLLOW_UP, dry_run=True)
    assert await all_rows(town) == before
    assert (counts(dry), dry.participant_ids) == (counts(await bring(town, FOLLOW_UP)), ())


@pytest.mark.parametrize("change", [{"starts_at": "2026-12-04 10:00"}, {"place": "Torvet 1"}])
async def test_another_time_or_place_is_a_moved_meeting_and_is_asked_about_anew(
    town: Town, people: dict[str, int], change: dict[str, str]
) -> None:
    await bring(town, FOLLOW_UP)
    async with town.db.begin() as session:
        public_id = (await session.scalars(select(MeetingRow.public_id))).one()
        await rsvp(session, public_id, people["d-1"], Rsvp.NO, town.clock.now())
    moved_at = town.clock.pass_by(hours=1)
    done = await bring(town, FOLLOW_UP | change)
    assert (counts(done), done.participant_ids) == ((0, 1, 0), (people["d-1"], people["d-2"]))
    assert (await meeting(town)).sequence == 2
    async with town.db.read() as session:
        (facts,) = (await facts_of(session, [people["d-1"]], town.clock.now()))[people["d-1"]].meetings
        assert (await session.scalars(select(AttendeeRow.rsvp_at))).all() == [None, None]
    assert (facts.sequence, facts.known_since, facts.rsvp) == (2, moved_at, None)
    await bring(town, FOLLOW_UP)
    assert (await meeting(town)).sequence == 3


@pytest.mark.parametrize("change", [{"title": "Møde"}, {"minutes": "30"}, {"kind": "meeting"}, {"coach_email": "-"}])
async def test_what_is_neither_time_nor_place_moves_nothing_and_keeps_the_answers(
    town: Town, people: dict[str, int], change: dict[str, str]
) -> None:
    await bring(town, FOLLOW_UP)
    async with town.db.begin() as session:
        public_id = (await session.scalars(select(MeetingRow.public_id))).one()
        await rsvp(session, public_id, people["d-1"], Rsvp.YES, town.clock.now())
    town.clock.pass_by(hours=1)
    assert counts(await bring(town, FOLLOW_UP | change)) == (0, 1, 0)
    assert (await meeting(town)).sequence == 1
    async with town.db.read() as session:
        (facts,) = (await facts_of(session, [people["d-1"]], town.clock.now()))[people["d-1"]].meetings
    assert (facts.known_since, facts.rsvp) == (town.clock.now() - timedelta(hours=1), Rsvp.YES)


async def test_whoever_is_invited_later_is_so_from_then_on_and_whoever_is_named_no_more_is_not(
    town: Town, people: dict[str, int]
) -> None:
    await bring(town, FOLLOW_UP)
    since, later = town.clock.now(), town.clock.pass_by(days=1)
    done = await bring(town, FOLLOW_UP | {"participants": "d-2 d-3"})
    assert done.participant_ids == tuple(sorted(people.values()))
    async with town.db.read() as session:
        rows = await session.execute(select(AttendeeRow.participant_id, AttendeeRow.since))
        assert {row.participant_id: row.since for row in rows} == {people["d-2"]: since, people["d-3"]: later}
    assert (await meeting(town)).sequence == 1


@pytest.mark.parametrize(
    ("cells", "invited"),
    [
        ({"participants": "", "cohort": ""}, "d-1 d-2"),
        ({"participants": "d-3", "cohort": ""}, "d-3"),
        ({"participants": "d-3 d-3", "cohort": "Hold 1"}, "d-1 d-2 d-3"),
        ({"participants": "", "cohort": "Hold 1"}, "d-1 d-2"),
        ({"participants": "-", "cohort": ""}, ""),
        ({"participants": "", "cohort": "-"}, ""),
    ],
)
async def test_those_are_invited_whom_the_row_names_and_a_row_that_names_nobody_leaves_who_is_there(
    town: Town, people: dict[str, int], cells: dict[str, str], invited: str
) -> None:
    await bring(town, FOLLOW_UP)
    await bring(town, FOLLOW_UP | cells)
    assert (await meeting(town)).attendees == {people[name] for name in invited.split()}


async def test_the_plan_follows_the_file(town: Town) -> None:
    await arrange(town, FOLLOW_UP | {"starts_at": "2026-12-15 14:00"})
    assert len(await town.rows(State.PLANNED)) == 10
    await arrange(town, FOLLOW_UP | {"starts_at": "2026-12-15 14:00", "participants": "d-1"})
    keys = [row.key for row in await town.rows(State.PLANNED)]
    assert keys == [f"meeting:m-1:{step}" for step in ("invite", "7d", "chase", "1d", "2h")]
    await arrange(town, FOLLOW_UP | {"starts_at": "2026-12-16 14:00", "participants": "d-1"})
    assert {row.key for row in await town.rows(State.PLANNED)} == {
        "meeting:m-1@2:invite",
        "meeting:m-1@2:7d",
        "meeting:m-1@2:chase",
        "meeting:m-1@2:1d",
        "meeting:m-1@2:2h",
    }


async def test_a_time_that_summer_time_skips_stops_the_file(town: Town) -> None:
    (fault,) = await refused(town, FOLLOW_UP | {"starts_at": "2027-03-28 02:30"})
    assert fault.startswith("row 2, starts_at: 2027-03-28 02:30 is skipped when the clocks go forward. ")
    assert (await bring(town, FOLLOW_UP | {"starts_at": "2027-10-31 02:30"})).added == 1


async def test_all_faults_of_all_rows_are_told_at_once_and_nothing_is_written(town: Town) -> None:
    faults = await refused(
        town,
        FOLLOW_UP | {"kind": "party", "minutes": "0", "participants": "d-1 d-9 010190-1234"},
        {"external_id": "m-2", "cohort": "Hold 2", "coach_email": "nobody@kommune.example"},
        FOLLOW_UP | {"place": "-", "starts_at": "-"},
        FOLLOW_UP | {"external_id": "m@2", "title": "x" * 161},
    )
    assert [fault.partition(". ")[0] for fault in faults] == [
        "row 2, kind: none of the known words",
        "row 2, minutes: no whole number from 1 to 1440",
        "row 2, participants: nobody is called d-9, [slettet]",
        "row 3, starts_at: missing",
        "row 3, place: missing",
        "row 3, coach_email: no coach has this address",
        "row 3, cohort: no participant is in this cohort",
        "row 4, external_id: the same external_id as in row 2",
        "row 4, starts_at: can't be cleared",
        "row 4, place: can't be cleared",
        "row 5, external_id: ends in @ and a number",
        "row 5, title: longer than 160 signs",
    ]
    assert "Did you mean Hold 1?" in " ".join(faults)


async def test_title_and_place_lie_sealed_in_their_own_row(town: Town) -> None:
    await bring(town, FOLLOW_UP, FOLLOW_UP | {"external_id": "m-2"})
    async with town.db.read() as session:
        rows = (await session.execute(select(MeetingRow.title, MeetingRow.place))).all()
    sealed = [value for row in rows for value in row]
    assert len(set(sealed)) == 4
    assert [value for value in sealed if b"Vestergade" in value or b"Opf" in value] == []


async def test_the_number_of_statements_does_not_grow_with_the_rows(town: Town) -> None:
    def rows(first: int, many: int, place: str) -> list[dict[str, str]]:
        return [
            FOLLOW_UP | {"external_id": f"m-{number}", "place": place, "cohort": "Hold 1"}
            for number in range(first, first + many)
        ]

    with statements(town.db) as few:
        await bring(town, *rows(0, 2, "A"))
    with statements(town.db) as many:
        await bring(town, *rows(100, 200, "A"))
    with statements(town.db) as few_moved:
        await bring(town, *rows(0, 2, "B"))
    with statements(town.db) as moved:
        await bring(town, *rows(100, 200, "B"))
    print(f"statements: {len(few)} for 2 meetings, {len(many)} for 200; to move them {len(few_moved)} and {len(moved)}")
    assert len(many) <= len(few)
    assert len(moved) <= len(few_moved)


async def test_wall_time_stays_what_it_was(town: Town, people: dict[str, int]) -> None:
    await bring(town, FOLLOW_UP, FOLLOW_UP | {"external_id": "m-2", "starts_at": "2027-06-03 14:00"})
    async with town.db.read() as session:
        winter, summer = (await facts_of(session, [people["d-1"]], town.clock.now()))[people["d-1"]].meetings
    assert winter.starts_at.astimezone(UTC).hour == 13
    assert summer.starts_at.astimezone(UTC).hour == 12


ONLINE = {"link": "https://moede.example.dk/j/123", "capacity": "12", "series": "Netværk 2027"}


async def test_a_meeting_online_of_a_series_with_room_for_twelve_is_kept_as_such(town: Town) -> None:
    await bring(town, FOLLOW_UP | ONLINE)
    found = await meeting(town)
    assert (found.link, found.capacity, found.series) == (ONLINE["link"], 12, "Netværk 2027")
    await bring(town, FOLLOW_UP | {"link": "-", "capacity": "-", "series": "-"})
    found = await meeting(town)
    assert (found.link, found.capacity, found.series, found.sequence) == (None, None, None, 1)


@pytest.mark.parametrize(
    "link", ["http://moede.example.dk", "moede.example.dk", "https://", "https://a b", "javascript:alert(1)"]
)
async def test_what_is_no_address_of_a_page_is_a_fault(town: Town, link: str) -> None:
    assert await refused(town, FOLLOW_UP | {"link": link}) == [
        "row 2, link: no address of a page. Write it as https://meet.example.dk/abc, 500 signs at most."
    ]


async def test_more_people_than_there_is_room_for_are_worth_a_look(town: Town) -> None:
    done = await bring(town, FOLLOW_UP | {"capacity": "1"})
    assert done.warnings == ("row 2, capacity: 2 are invited, and there is room for 1",)


async def test_another_link_is_seen_in_calendars_and_told_to_nobody(town: Town) -> None:
    await bring(town, FOLLOW_UP | ONLINE)
    at = town.clock.pass_by(days=1)
    await bring(town, FOLLOW_UP | ONLINE | {"link": "https://moede.example.dk/j/456"})
    async with town.db.read() as session:
        row = (await session.execute(select(MeetingRow.sequence, MeetingRow.changed_at))).one()
    assert tuple(row) == (1, at)
