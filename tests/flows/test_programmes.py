"""A municipality's programme comes in: versions that stay, cohorts that follow, people whose plan is another."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from medvind.errors import ConflictError, FileFaultsError, InvalidError
from medvind.flows import programmes
from medvind.flows.plan import BATCH, load_policy, plan_people
from medvind.flows.programmes import Brought, bring_in, read
from medvind.model import Milestone, State, Topic
from medvind.rules.ladders import Offset, Unit
from medvind.rules.programme_faults import look_at
from medvind.rules.programme_fields import CHECK_INS, STEP, WORD
from medvind.rules.steps import SHIPPED, TEXTS, Programme
from medvind.store import programmes as kept
from medvind.store.tables import ProgrammeRow
from medvind.texts import Catalogue
from tests.fakes import Town
from tests.people import Made, Person, add_cohort, add_person

PAGE = Path(__file__).parents[2] / "docs" / "programmes.md"
TIP = {"name": "tip", "milestone": "course_ended", "offset": "8 days after", "text": "small_step", "when": "waiting"}
OURS: dict[str, Any] = {"name": "Vores", "steps": [TIP]}


async def waiting(town: Town, coach: Made, name: str, cohort: str | None) -> Person:
    """Somebody whose course ended last Friday."""
    async with town.db.begin() as session:
        known = await kept.cohorts(session)
        row = known[cohort].id if cohort in known else await add_cohort(session, cohort) if cohort else None
        phone = f"+45010000{name[-2:]}"
        milestones = {Milestone.COURSE_ENDED: town.clock.now().date().replace(day=20)}
        return await add_person(
            session,
            town.db.vault,
            external_id=name,
            phone=phone,
            cohort_id=row,
            coach_id=coach.id,
            milestones=milestones,
            now=town.clock.now(),
        )


async def brought(town: Town, data: dict[str, Any], *, dry_run: bool = False) -> Brought:
    """Brings it in and plans those whose programme is another, as the command does."""
    async with town.db.begin() as session:
        done = await bring_in(session, "p.toml", data, town.catalogue, town.clock.now(), dry_run=dry_run)
        assert len(done.participant_ids) <= BATCH
        await plan_people(session, done.participant_ids, await load_policy(session), town.clock.now())
    return done


async def keys(town: Town, person: Person) -> set[str]:
    return {row.key for row in await town.rows(State.PLANNED) if row.recipient_id == person.id}


async def versions(town: Town) -> int:
    async with town.db.read() as session:
        return await session.scalar(select(func.count()).select_from(ProgrammeRow)) or 0


async def test_a_cohort_follows_its_programme_from_now_on_and_its_people_are_planned_anew(town: Town, coach: Made) -> None:
    theirs, others, alone = [await waiting(town, coach, f"d-{n}", c) for n, c in ((11, "Hold 1"), (12, "Hold 2"), (13, None))]
    for person in (theirs, others, alone):
        await town.plan(person.id)
    assert "waiting:20d" in await keys(town, theirs)
    done = await brought(town, OURS | {"cohorts": ["Hold 1"]})
    assert done == Brought("Vores", 1, 1, 0, (theirs.id,))
    assert await keys(town, theirs) == {"step:tip"}
    for person in (others, alone):
        await town.plan(person.id)
        assert {"waiting:20d", "waiting:30d"} <= await keys(town, person)


async def test_without_a_list_all_cohorts_follow(town: Town, coach: Made) -> None:
    people = [await waiting(town, coach, f"d-{number}", f"Hold {number}") for number in (11, 12)]
    assert (await brought(town, OURS)).changed == 2
    assert [await keys(town, person) for person in people] == [{"step:tip"}] * 2


async def test_the_same_file_again_changes_nothing_and_a_changed_one_is_a_new_version(town: Town, coach: Made) -> None:
    person = await waiting(town, coach, "d-11", "Hold 1")
    await brought(town, OURS)
    before = await town.rows()
    assert await brought(town, OURS) == Brought("Vores", 1, 0, 1, ())
    assert (await town.rows(), await versions(town)) == (before, 1)
    assert await brought(town, OURS | {"steps": [TIP | {"name": "later"}]}) == Brought("Vores", 2, 1, 0, (person.id,))
    assert (await keys(town, person), await versions(town)) == ({"step:later"}, 2)
    assert (await brought(town, OURS)).version == 3


async def test_a_cohort_that_begins_later_follows_when_the_file_comes_again(town: Town, coach: Made) -> None:
    await waiting(town, coach, "d-11", "Hold 1")
    await brought(town, OURS)
    late = await waiting(town, coach, "d-12", "Hold 2")
    await town.plan(late.id)
    assert "waiting:20d" in await keys(town, late)
    assert await brought(town, OURS) == Brought("Vores", 1, 1, 1, (late.id,))
    assert await versions(town) == 1


async def test_a_dry_run_says_the_same_and_writes_nothing(town: Town, coach: Made) -> None:
    await waiting(town, coach, "d-11", "Hold 1")
    assert await brought(town, OURS, dry_run=True) == Brought("Vores", 1, 1, 0, ())
    assert await versions(town) == 0


async def faults_of(town: Town, **data: Any) -> list[str]:
    with pytest.raises(FileFaultsError) as refused:
        await brought(town, OURS | data)
    return [str(fault) for fault in refused.value.faults]


async def test_all_faults_are_told_at_once_and_nothing_is_written(town: Town, coach: Made) -> None:
    await waiting(town, coach, "d-11", "Hold 1")
    steps = [
        TIP | {"milestone": "busines_started"},
        TIP | {"name": "other", "text": "milestone", "milestone": "business_started"},
    ]
    assert [fault.split(". ") for fault in await faults_of(town, steps=steps, cohorts=["Hold1", "Mandag"])] == [
        ["step tip, milestone: there is no milestone 'busines_started'", "Did you mean business_started?"],
        [
            "step other, text: milestone needs months, which this step can't give",
            "Use another one; docs/programmes.md says what each needs.",
        ],
        ["programme, cohorts: no participant is in a cohort called 'Hold1'", "Did you mean Hold 1?"],
        [
            "programme, cohorts: no participant is in a cohort called 'Mandag'",
            "A cohort begins with the first participant in it.",
        ],
    ]
    assert await versions(town) == 0


@pytest.mark.parametrize("cohorts", [[], "Hold 1", [1]])
async def test_a_list_of_cohorts_that_is_none_is_refused(town: Town, cohorts: object) -> None:
    assert await faults_of(town, cohorts=cohorts) == [
        'programme, cohorts: no list of names. Write cohorts = ["Hold 1"], or leave it out for all of them.'
    ]


async def test_two_who_bring_in_a_version_at_once_are_told_apart(town: Town) -> None:
    async with town.db.begin() as session:
        await kept.save(session, "Vores", 1, {}, town.clock.now())
        with pytest.raises(ConflictError, match="version 1 has just been made by somebody else"):
            await kept.save(session, "Vores", 1, {"steps": []}, town.clock.now())


async def test_a_step_says_what_it_means_when_it_leaves(town: Town, coach: Made) -> None:
    await waiting(town, coach, "d-11", "Hold 1")
    steps = [TIP, TIP | {"name": "word", "text": "no_news", "offset": "9 days after", "repeat": "every 7 days"}]
    start = {"name": "month", "milestone": "course_ended", "offset": "1 month after", "text": "small_step", "when": "waiting"}
    await brought(town, OURS | {"steps": [*steps, start]})
    await town.run_until(town.clock.now().replace(day=30, hour=23), timedelta(hours=6))
    assert town.sms.texts() == [
        "Mens du venter: Hvad er ét lille skridt, du kan tage i denne uge? Ring fx til en mulig kunde. Hilsen Karin",
        "Der er ikke nyt i din sag i denne uge. Den er ikke glemt. Vi skriver igen mandag d. 7. december.",
    ]


async def test_a_month_is_praised_on_its_day_and_a_moved_praise_does_not_say_today(town: Town, coach: Made) -> None:
    async with town.db.begin() as session:
        for name, day in (("d-11", 27), ("d-12", 28)):  # a month later is a Friday and a Saturday in November
            milestones = {Milestone.BUSINESS_STARTED: town.clock.now().date().replace(month=10, day=day)}
            phone = f"+45010000{name[-2:]}"
            await add_person(
                session,
                town.db.vault,
                external_id=name,
                phone=phone,
                coach_id=coach.id,
                milestones=milestones,
                now=town.clock.now(),
            )
    for number in (1, 2):
        await town.plan(number)
    await town.run_until(town.clock.now().replace(day=30, hour=23), timedelta(hours=6))
    assert town.sms.texts() == [
        "I dag har du været ejer af Majas Keramik i 1 måned. Det er stort, Maja. Tillykke! Hilsen Karin",
        "Nu har du været ejer af Majas Keramik i 1 måned. Det er stort, Maja. Tillykke! Hilsen Karin",
    ]


def example() -> Programme:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    programme, faults = look_at(read("programmes.md", block.encode()))
    assert faults == []
    assert list(programmes._unwritable(programme, Catalogue.load())) == []
    return programme


def test_the_example_of_the_page_is_the_shipped_programme_and_more() -> None:
    programme = example()
    assert programme.check_ins == SHIPPED.check_ins
    assert programme.steps[: len(SHIPPED.steps)] == SHIPPED.steps
    more = {step.name: step for step in programme.steps[len(SHIPPED.steps) :]}
    assert more["small_step"].offset == Offset(8, Unit.WORKING_DAY)
    assert more["books_in_time"].topic == Topic.DEADLINES


def test_the_page_names_every_field_and_every_text() -> None:
    page = PAGE.read_text("utf-8")
    fields = {*STEP, *CHECK_INS, *WORD, *TEXTS}
    print(f"looked at {len(fields)} names")
    assert {name for name in fields if f"`{name}`" not in page and f"\n{name} = " not in page} == set()


def test_every_text_for_a_programme_is_in_the_catalogue() -> None:
    assert TEXTS.keys() <= Catalogue.load().keys()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name = \n", "p.toml: no TOML, see line 1; docs/programmes.md has an example"),
        (b'name = "a"\nsteps = [', "p.toml: no TOML"),
        (b"\xff\xfe", "p.toml: no text in UTF-8; save it as UTF-8"),
        (b"#" * 1_000_001, "p.toml: larger than 1 MB; a programme is a page or two"),
    ],
)
def test_a_file_that_is_no_toml_is_refused_with_the_line(content: bytes, says: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read("p.toml", content)
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize(
    ("fields", "lacks"),
    [
        ({"text": "no_news"}, "next_day"),
        ({"text": "no_news", "repeat": "every 7 days", "count": 3}, "next_day"),
        ({"text": "no_news", "repeat": "every 7 days", "until": "2027-01-01"}, "next_day"),
        ({"text": "no_news", "repeat": "every 7 days"}, None),
        ({"text": "milestone", "milestone": "business_started", "offset": "30 days after"}, "months"),
        ({"text": "milestone", "milestone": "business_started", "offset": "2 months after"}, None),
        ({"text": "vat_7", "milestone": "vat_deadline", "offset": "9 days before"}, None),
        ({"text": "meeting_two_hours", "milestone": "meeting", "offset": "2 hours before"}, None),
    ],
)
def test_a_text_that_names_what_the_step_has_not_is_refused(fields: dict[str, Any], lacks: str | None) -> None:
    programme, faults = look_at(OURS | {"steps": [TIP | fields]})
    assert faults == []
    found = [fault.problem for fault in programmes._unwritable(programme, Catalogue.load())]
    assert found == ([f"{fields['text']} needs {lacks}, which this step can't give"] if lacks else [])
