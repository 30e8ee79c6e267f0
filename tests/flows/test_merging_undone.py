"""Two records that were joined by mistake are again exactly what they were; what was said meanwhile is kept, and said."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from sqlalchemy import delete, insert, select, update

from medvind.errors import MergeRefusedError
from medvind.flows import enrol, steer
from medvind.flows.report import Reader
from medvind.model import ChannelName, Language, Milestone, PauseReason, Rsvp, State, SupportType, TaskKind, Topic
from medvind.store import preferences, tasks
from medvind.store.reach import reach_of
from medvind.store.tables import InboxRow, MilestoneRow, OutboxRow, ParticipantRow, SupportPeriodRow
from tests.fakes import Town
from tests.flows.records import NEW, OLD, Records, Tables, two_records
from tests.flows.steering import MONDAY, local
from tests.people import (
    add_address,
    add_cohort,
    add_consent,
    add_meeting,
    add_person,
)
from tests.spreadsheets import sheet_of

Before = Callable[[Records], Awaitable[None]]


def reader(records: Records) -> Reader:
    return Reader(records.viewer, Language.EN, records.town.catalogue, records.now)


async def nothing_more(_records: Records) -> None:
    """As they were brought in."""


async def a_life_on_both(records: Records) -> None:
    """Words, answers, reminders that left to both."""
    await records.until(local("2026-11-18 12:00"))
    for number in (OLD, NEW):
        await records.town.hear("Hej, hvordan går det?", number)
        await records.town.hear("RING", number)
    await records.town.deliver()


async def meetings_of_both(records: Records) -> None:
    async with records.town.db.begin() as session:
        vault, starts = records.town.db.vault, local("2026-11-25 14:00").replace(tzinfo=None)
        both = [records.kept, records.other]
        await add_meeting(session, vault, external_id="m-1", starts_at=starts, attendees=both, now=MONDAY)
        await add_meeting(
            session, vault, external_id="m-2", starts_at=starts, attendees=[records.other], rsvp=Rsvp.YES, now=MONDAY
        )
    await records.plan()


async def a_stop(records: Records) -> None:
    await records.town.hear("STOP", NEW)
    await records.town.deliver()
    await records.plan()


async def pauses_on_both(records: Records) -> None:
    async with records.town.db.begin() as session:
        for person, day in ((records.kept, 20), (records.other, 28)):
            until = date(2026, 11, day)
            await steer.pause(session, reader(records), person.public_id, Topic.DEADLINES, until, PauseReason.AWAY)
            await steer.pause(session, reader(records), person.public_id, None, until, PauseReason.HOLIDAY)


async def other_facts(records: Records) -> None:
    """Of each kind one that only the other has, and one in which they differ."""
    async with records.town.db.begin() as session:
        cohort = await add_cohort(session)
        facts = {
            "cohort_id": cohort,
            "support_type": SupportType.CASH_BENEFIT,
            "quiet_hours": "sun all",
            "language": Language.EN,
        }
        await session.execute(update(ParticipantRow).where(ParticipantRow.id == records.other.id).values(facts))
        day = {"participant_id": records.kept.id, "name": Milestone.COURSE_ENDED, "day": date(2026, 10, 28)}
        await session.execute(insert(MilestoneRow).values(day))
        await session.execute(
            insert(SupportPeriodRow).values(
                public_id="x", participant_id=records.other.id, months=1, granted_on=date(2026, 10, 1), created_at=MONDAY
            )
        )
        await preferences.set_private_word(session, records.other.public_id, "solsort")
    await records.plan()


async def tasks_and_decisions(records: Records) -> None:
    async with records.town.db.begin() as session:
        await tasks.raise_task(session, TaskKind.CALL, "call:x", records.other.id, {}, MONDAY)
        for person in (records.kept, records.other):
            for item in (await steer.show(session, reader(records), person.public_id, 90))[:1]:
                await steer.skip(session, reader(records), person.public_id, item.id)


async def both_have_telegram(records: Records) -> None:
    async with records.town.db.begin() as session:
        for number, person in enumerate((records.kept, records.other)):
            await add_address(session, records.town.db.vault, person, ChannelName.TELEGRAM, f"700{number}", now=MONDAY)
            await add_consent(session, person, ChannelName.TELEGRAM, now=MONDAY)
    await records.plan()


async def a_third_one_before(records: Records) -> None:
    """Something was joined to the other record already."""
    async with records.town.db.begin() as session:
        third = await add_person(
            session, records.town.db.vault, external_id="d-3", phone="+4501000003", coach_id=records.coach.id, now=MONDAY
        )
    await records.plan()
    await Records(records.town, records.coach, records.other, third).merge()


SITUATIONS: list[Before] = [
    nothing_more,
    a_life_on_both,
    meetings_of_both,
    a_stop,
    pauses_on_both,
    other_facts,
    tasks_and_decisions,
    both_have_telegram,
    a_third_one_before,
]


def changed(before: Tables, after: Tables) -> list[tuple[str, object, object, object]]:
    """Every cell that is not what it was: table, row, column, and both; a row that came or went whole."""
    found: list[tuple[str, object, object, object]] = []
    for name, rows in before.items():
        for key in rows.keys() | after[name].keys():
            was, now = rows.get(key), after[name].get(key)
            if was is None or now is None:
                found.append((name, key, was, now))
            else:
                found += [(name, key, column, (was[column], now[column])) for column in was if was[column] != now[column]]
    return found


@pytest.mark.parametrize("happens", SITUATIONS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("asked", [False, True], ids=["both said yes", "one was only asked"])
async def test_undo_puts_back_exactly_what_was(town: Town, happens: Before, asked: bool) -> None:
    records = await two_records(town, consented=not asked)
    await town.deliver()
    await happens(records)
    before = await records.everything()
    done = await records.merge()
    assert changed(before, await records.everything())
    apart = await records.undo(done)
    assert changed(before, await records.everything()) == []
    assert (apart.came, apart.not_again, apart.carried) == (0, 0, False)


async def test_what_was_said_meanwhile_stays_where_it_came_and_the_answer_says_so(town: Town) -> None:
    records = await two_records(town)
    done = await records.merge()
    await records.until(local("2026-11-18 12:00"))
    await town.hear("Hvad koster det?", NEW)
    await town.deliver()
    written = len(town.sms.sent)
    apart = await records.undo(done)
    assert (apart.came, apart.went) == (1, written)
    async with town.db.read() as session:
        assert list(await session.scalars(select(InboxRow.participant_id))) == [records.kept.id]
        reach = await reach_of(session, [records.kept.id, records.other.id])
        assert {person: one.addresses[0].value(session) for person, one in reach.items()} == {
            records.kept.id: OLD,
            records.other.id: NEW,
        }


async def test_a_phone_that_had_a_reminder_meanwhile_gets_it_once(town: Town) -> None:
    records = await two_records(town)
    town.clock.pass_by(minutes=1)
    await town.hear("hej", NEW)
    await town.deliver()
    done = await records.merge()
    await records.until(local("2026-11-18 12:00"))
    had = records.to(NEW)
    assert any("moms" in text.casefold() for text in had)
    assert (await records.undo(done)).not_again >= 1
    await records.plan()
    await town.deliver()
    assert records.to(NEW) == had


async def test_each_is_planned_for_again_once_they_are_apart(town: Town) -> None:
    records = await two_records(town)
    done = await records.merge()
    town.clock.pass_by(hours=2)
    await records.undo(done)
    await records.until(local("2026-12-02 12:00"))
    left = await records.left()
    for person in (records.kept, records.other):
        keys = [key for whose, key in left if whose == person.id]
        assert {"vat:2026Q3:14d", "vat:2026Q3:0d"} <= set(keys)
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("number", [OLD, NEW])
async def test_a_stop_that_was_said_meanwhile_holds_for_both(town: Town, number: str) -> None:
    records = await two_records(town)
    done = await records.merge()
    town.clock.pass_by(minutes=5)
    await town.hear("STOP", number)
    await town.deliver()
    assert (await records.undo(done)).carried
    sent = len(town.sms.sent)
    await records.until(local("2026-12-02 12:00"))
    assert len(town.sms.sent) == sent
    async with town.db.read() as session:
        reach = await reach_of(session, [records.kept.id, records.other.id])
    assert all(one.has_stopped for one in reach.values())


async def test_what_has_become_of_a_message_stays_true(town: Town) -> None:
    """A receipt that comes while it is the other one's is not lost."""
    records = await two_records(town)
    await records.until(local("2026-11-18 12:00"))
    done = await records.merge()
    async with town.db.begin() as session:
        sent = (OutboxRow.recipient_id == records.kept.id, OutboxRow.state == State.SENT)
        await session.execute(update(OutboxRow).where(*sent).values(state=State.DELIVERED))
    await records.undo(done)
    async with town.db.read() as session:
        theirs = select(OutboxRow.state).where(OutboxRow.recipient_id == records.other.id, OutboxRow.sent_at.is_not(None))
        assert set(await session.scalars(theirs)) == {State.DELIVERED}


async def test_it_is_refused_where_it_can_not_be_exact_any_more(town: Town) -> None:
    records = await two_records(town)
    done = await records.merge()

    async def refused() -> str:
        with pytest.raises(MergeRefusedError) as error:
            await records.undo(done)
        return error.value.why

    async with town.db.begin() as session:
        third = await add_person(
            session, town.db.vault, external_id="d-3", phone="+4501000003", coach_id=records.coach.id, now=MONDAY
        )
    later = await Records(town, records.coach, records.kept, third).merge()
    assert await refused() == "joined-since"
    await records.undo(later)
    town.clock.pass_by(days=31)
    assert await refused() == "too-long-ago"
    town.clock.moment = MONDAY
    await records.undo(done)
    assert await refused() == "undone"


async def test_it_is_refused_once_somebody_has_said_yes(town: Town) -> None:
    records = await two_records(town)
    done = await records.merge()
    await town.hear("START", NEW)
    with pytest.raises(MergeRefusedError) as error:
        await records.undo(done)
    assert error.value.why in {"yes-since", "address-changed"}


async def test_it_is_refused_once_an_address_has_changed(town: Town) -> None:
    records = await two_records(town)
    done = await records.merge()
    async with town.db.begin() as session:
        row = {"external_id": "d-1", "phone": "+4501000009"}
        await enrol.enrol(session, sheet_of(row), records.now, env="test", by="test")
    with pytest.raises(MergeRefusedError) as error:
        await records.undo(done)
    assert error.value.why == "address-changed"


async def test_it_is_refused_once_a_fact_was_deleted(town: Town) -> None:
    records = await two_records(town)
    done = await records.merge()
    async with town.db.begin() as session:
        await session.execute(delete(MilestoneRow))
    before = await records.everything()
    with pytest.raises(MergeRefusedError) as error:
        await records.undo(done)
    assert error.value.why == "rows-gone"
    assert changed(before, await records.everything()) == []
