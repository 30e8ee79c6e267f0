"""Two records of one person become one: one thread, one plan, nothing twice, and never more than was said yes to."""

from datetime import date

import pytest
from sqlalchemy import select, update

from medvind.errors import MergeRefusedError, NotFoundError
from medvind.flows import enrol, merging, steer
from medvind.flows.plan import plan_all
from medvind.flows.report import Reader
from medvind.model import (
    AddressState,
    ChannelName,
    Language,
    PauseReason,
    Rsvp,
    State,
    TaskKind,
)
from medvind.rules.merging import Whose
from medvind.store import feeds, figures, meetings, participants, pauses, tasks, threads, views
from medvind.store.reach import find_person, reach_of
from medvind.store.tables import AddressRow, AnswerRow, InboxRow, OutboxRow, ParticipantRow, TaskRow
from tests.fakes import Town
from tests.flows.records import NEW, OLD, Records, two_records
from tests.flows.steering import MONDAY, local
from tests.people import add_cohort, add_duty, add_meeting, add_question_and_answer
from tests.spreadsheets import sheet_of

SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM
AFTER = local("2026-12-02 12:00")


async def texts_of(records: Records) -> list[tuple[str, str | None]]:
    async with records.town.db.read() as session:
        found = await threads.thread(session, records.kept.public_id, seen_by=records.viewer, after=None, limit=50)
    return [(one.direction.value, one.text) for one in found.items]


async def test_two_records_of_one_person_become_one_thread_and_nothing_is_sent_twice(town: Town) -> None:
    records = await two_records(town)
    await records.until(local("2026-11-18 12:00"))
    await town.hear("Hvad er klokken?", OLD)
    await town.hear("Det ved jeg ikke", NEW)
    await town.deliver()
    before = await records.left()
    assert {key for _, key in before} >= {"vat:2026Q3:14d"}
    await records.merge()
    said = await texts_of(records)
    assert {text for _, text in said} >= {"Hvad er klokken?", "Det ved jeg ikke"}
    assert len([way for way, _ in said if way == "out"]) == len(town.sms.sent)
    await records.until(AFTER)
    since = (await records.left())[len(before) :]
    keys = [key for _, key in since]
    assert {"vat:2026Q3:7d", "vat:2026Q3:2d", "vat:2026Q3:0d"} <= set(keys)
    assert len(keys) == len(set(keys))
    assert set(keys).isdisjoint(key for _, key in before)
    assert {person for person, _ in since} == {records.kept.id}


async def test_what_the_other_record_was_sent_is_not_sent_again(town: Town) -> None:
    """The coach had moved Maja's first notice to the 20th; her second record got it on the 17th."""
    records = await two_records(town)
    async with town.db.begin() as session:
        reader = _reader(records)
        item = next(one for one in await steer.show(session, reader, records.kept.public_id, 90) if one.key == "vat:2026Q3:14d")
        await steer.move(session, reader, records.kept.public_id, item.id, local("2026-11-20 10:00"))
    await records.until(local("2026-11-18 12:00"))
    await records.merge()
    await records.plan()
    await records.until(AFTER)
    assert [key for _, key in await records.left()].count("vat:2026Q3:14d") == 1


def _reader(records: Records) -> Reader:
    return Reader(records.viewer, Language.EN, records.town.catalogue, records.now)


@pytest.mark.parametrize("number", [OLD, NEW])
async def test_a_stop_on_either_side_holds_after_the_merge(town: Town, number: str) -> None:
    records = await two_records(town)
    await town.hear("STOP", number)
    await town.deliver()
    sent = len(town.sms.sent)
    done = await records.merge()
    assert done.look.stopped
    await records.plan()
    await records.until(AFTER)
    assert len(town.sms.sent) == sent
    async with town.db.read() as session:
        reach = (await reach_of(session, [records.kept.id]))[records.kept.id]
    assert reach.has_stopped


@pytest.mark.parametrize(("stops", "starts"), [(OLD, NEW), (NEW, OLD)])
async def test_a_stop_holds_that_is_older_than_the_yes_of_the_other_record(town: Town, stops: str, starts: str) -> None:
    """It was another phone that said yes, and nobody knew that they were one person."""
    records = await two_records(town)
    for text, number in (("STOP", stops), ("START", starts)):
        await town.hear(text, number)
        await town.deliver()
        town.clock.pass_by(minutes=5)
    assert (await records.merge()).look.stopped
    sent = len(town.sms.sent)
    await records.plan()
    await records.until(AFTER)
    assert len(town.sms.sent) == sent
    async with town.db.read() as session:
        assert (await reach_of(session, [records.kept.id]))[records.kept.id].has_stopped


@pytest.mark.parametrize("longer", [0, 1])
async def test_the_longer_of_two_pauses_holds(town: Town, longer: int) -> None:
    records = await two_records(town)
    days = [date(2026, 11, 20), date(2026, 12, 10)]
    async with town.db.begin() as session:
        for person, until in zip((records.kept, records.other), days if longer else reversed(days), strict=True):
            await steer.pause(session, _reader(records), person.public_id, None, until, PauseReason.AWAY)
    await records.merge()
    async with town.db.read() as session:
        (running,) = await pauses.running(session, records.kept.id, MONDAY.date())
    assert running.until == days[1]


async def test_a_merge_opens_no_address(town: Town) -> None:
    """The second record was never answered: its number is heard, and written to no more than before."""
    records = await two_records(town, consented=False)
    await town.deliver()
    asked = records.to(NEW)
    assert len(asked) == 1
    done = await records.merge()
    assert done.look.written_to == {SMS: Whose.KEPT}
    await records.until(AFTER)
    assert records.to(NEW) == asked
    assert len(records.to(OLD)) > 0


async def test_a_number_that_was_asked_is_not_asked_again(town: Town) -> None:
    """The first record's number is dead; the second one's has been asked, and its JA is the answer to that."""
    records = await two_records(town, consented=False)
    await town.deliver()
    async with town.db.begin() as session:
        dead = {"state": AddressState.DEAD, "reason": "twilio 30005", "preferred": False}
        await session.execute(update(AddressRow).where(AddressRow.participant_id == records.kept.id).values(dead))
    await records.merge()
    await records.plan()
    await town.deliver()
    assert len(records.to(NEW)) == 1
    await town.hear("JA", NEW)
    await town.deliver()
    async with town.db.read() as session:
        assert (await reach_of(session, [records.kept.id]))[records.kept.id].is_open(SMS)
    await records.until(AFTER)
    assert any("moms" in text.casefold() for text in records.to(NEW))


async def test_an_answer_that_arrives_at_the_other_number_belongs_to_the_one_person(town: Town) -> None:
    records = await two_records(town)
    await town.hear("hej", OLD)  # heard from last: this number is written to
    await town.deliver()
    async with town.db.begin() as session:
        await add_question_and_answer(session, town.db.vault, records.other, value=None, asked_at=records.now)
    town.clock.pass_by(minutes=2)
    await records.merge()
    before = records.to(NEW)
    await town.hear("4", NEW)
    await town.deliver()
    async with town.db.read() as session:
        answers = (await session.execute(select(AnswerRow.participant_id, AnswerRow.value))).all()
        assert [tuple(row) for row in answers] == [(records.kept.id, "4")]
        assert set(await session.scalars(select(InboxRow.participant_id))) == {records.kept.id}
    assert records.to(NEW) == before, "what is answered goes to the number that is written to"


async def test_what_somebody_says_at_a_number_beside_the_one_that_is_written_to(town: Town) -> None:
    records = await two_records(town, consented=False)
    await records.merge()
    await town.hear("PAUSE", NEW)
    await town.hear("forkert nummer", NEW)
    async with town.db.read() as session:
        assert set(await session.scalars(select(InboxRow.meaning))) == {"unconfirmed_number"}
        assert await find_person(session, SMS, OLD) == records.kept.id
        assert not await pauses.running(session, records.kept.id, MONDAY.date())


async def test_a_start_from_the_other_number_makes_it_the_one_that_is_written_to(town: Town) -> None:
    records = await two_records(town)
    await town.hear("hej", OLD)
    await town.deliver()
    await records.merge()
    await town.hear("START", NEW)
    await town.deliver()
    async with town.db.read() as session:
        address = (await reach_of(session, [records.kept.id]))[records.kept.id].on(SMS)
        assert address is not None
        assert address.value(session) == NEW
        assert await find_person(session, SMS, OLD) is None
    await town.hear("hvad så?", OLD)
    async with town.db.read() as session:
        assert set(await session.scalars(select(InboxRow.participant_id))) == {records.kept.id}


async def test_while_a_message_is_on_its_way_nothing_is_joined(town: Town) -> None:
    records = await two_records(town)
    for person in (records.kept, records.other):
        for state in (State.CLAIMED, State.UNKNOWN):
            async with town.db.begin() as session:
                duty = await add_duty(session, town.db.vault, person, state=state, due_at=records.now)
            with pytest.raises(MergeRefusedError) as refused:
                await records.merge()
            assert refused.value.why == "on-its-way"
            async with town.db.begin() as session:
                await session.execute(update(OutboxRow).where(OutboxRow.id == duty.id).values(state=State.EXPIRED))
    await records.merge()


async def test_meetings_answers_tasks_and_dates_are_taken_over(town: Town) -> None:
    records = await two_records(town)
    starts = local("2026-11-30 14:00").replace(tzinfo=None)
    async with town.db.begin() as session:
        vault, both = town.db.vault, [records.kept, records.other]
        await add_meeting(session, vault, external_id="m-1", starts_at=starts, attendees=both, now=MONDAY)
        await add_meeting(
            session, vault, external_id="m-2", starts_at=starts, attendees=[records.other], rsvp=Rsvp.YES, now=MONDAY
        )
        await tasks.raise_task(session, TaskKind.CALL, "call:x", records.other.id, {}, MONDAY)
    await records.plan()
    await records.merge()
    async with town.db.read() as session:
        known = await meetings.known(session, ["m-1", "m-2"])
        assert [one.meeting.attendees for one in known.values()] == [{records.kept.id}] * 2
        assert await session.scalar(select(TaskRow.participant_id).where(TaskRow.key == "call:x")) == records.kept.id
        maja = (await participants.known(session, ["d-1"]))["d-1"].person
    assert dict(maja.milestones) == {"course_ended": date(2026, 10, 30)}
    await records.until(AFTER)
    keys = [key for _, key in await records.left()]
    assert keys.count("meeting:m-1:1d") + keys.count("meeting:m-1:invite") >= 1
    assert len(keys) == len(set(keys))


async def test_no_list_and_no_figure_counts_one_person_twice(town: Town) -> None:
    records = await two_records(town)
    async with town.db.begin() as session:
        cohort = await add_cohort(session)
        await session.execute(update(ParticipantRow).values(cohort_id=cohort))
        secret = await feeds.create(session, records.other.id, records.now)
    await records.merge()
    async with town.db.begin() as session:
        people = await views.people(session, seen_by=records.viewer, after=None, limit=9)
        assert [one.external_id for one in people.items] == ["d-1"]
        assert (await figures.figures(session)).people == 1
        assert await meetings.members(session, [cohort]) == {cohort: {records.kept.id}}
        assert await participants.ids_of(session, ["d-1", "d-2"]) == dict.fromkeys(("d-1", "d-2"), records.kept.id)
        assert (await feeds.get_owner(session, secret)).id == records.kept.id
        with pytest.raises(NotFoundError, match="joined with d-1"):
            await participants.get_id(session, "d-2")
        await feeds.end(session, records.kept.id)
        with pytest.raises(NotFoundError):
            await feeds.get_owner(session, secret)
    assert (await plan_all(town.db, town.clock)).people == 1


async def test_the_same_list_brought_in_again_changes_nothing(town: Town) -> None:
    records = await two_records(town)
    await records.merge()
    rows = [
        {"external_id": "d-1", "first_name": "Maja", "phone": OLD},
        {"external_id": "d-2", "first_name": "Maja", "phone": NEW},
    ]
    async with town.db.begin() as session:
        done = await enrol.enrol(session, sheet_of(*rows), records.now, env="test", by="test")
    assert (done.added, done.changed, done.unchanged) == (0, 0, 1)
    assert "row 3, external_id: not used, joined with d-1" in done.warnings


async def test_what_was_joined_is_no_record_to_join_or_to_write_to(town: Town) -> None:
    records = await two_records(town)
    await records.merge()
    async with town.db.begin() as session:
        with pytest.raises(MergeRefusedError) as again:
            await merging.merge(session, records.viewer, records.kept.public_id, records.other.public_id, records.now)
        with pytest.raises(MergeRefusedError) as same:
            await merging.merge(session, records.viewer, records.kept.public_id, records.kept.public_id, records.now)
        with pytest.raises(MergeRefusedError) as written:
            await steer.show(session, _reader(records), records.other.public_id, 90)
    assert [(one.value.why, one.value.into) for one in (again, same, written)] == [
        ("merged", "d-1"),
        ("same-record", None),
        ("merged", "d-1"),
    ]
