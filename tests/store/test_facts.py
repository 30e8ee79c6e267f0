"""All facts of a batch come in a fixed number of questions: fifty people cost what one costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import event, insert

from medvind.model import Ask, ChannelName, Language, Milestone, PauseReason, Purpose, Rsvp, State, VatPeriod, VatRegistration
from medvind.rules.cover import Contact, Cover
from medvind.store import pauses, reach
from medvind.store.database import Database, Session
from medvind.store.facts import facts_of
from medvind.store.recipients import appointments, recipients_of
from medvind.store.tables import VatPeriodRow
from tests.people import (
    ZONE,
    Person,
    add_coach,
    add_consent,
    add_duty,
    add_meeting,
    add_person,
    add_question_and_answer,
)

AT_TWO = datetime(2026, 12, 1, 14, 0)  # noqa: DTZ001 - a wall time


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)


async def settle(session: Session, number: int, now: datetime) -> Person:
    """A person with something of everything."""
    vault, days = session.vault, {Milestone.COURSE_ENDED: date(2026, 11, 2), Milestone.BUSINESS_STARTED: date(2026, 9, 1)}
    coach = await add_coach(session, vault, now=now)
    name, phone = f"d-{number:03}", f"+45010{number:05}"
    person = await add_person(session, vault, external_id=name, coach_id=coach.id, phone=phone, milestones=days, now=now)
    await session.execute(
        insert(VatPeriodRow).values(participant_id=person.id, since=date(2026, 9, 1), period=VatPeriod.QUARTERLY)
    )
    period = {"period": "2026Q3"}
    await add_question_and_answer(session, vault, person, ask=Ask.VAT, value="done", subject=period, asked_at=now)
    meeting = await add_meeting(
        session, vault, external_id=f"m-{number}", starts_at=AT_TWO, sequence=2, attendees=[person], rsvp=Rsvp.YES, now=now
    )
    about = {"meeting": meeting.public_id, "sequence": "2"}
    await add_duty(session, vault, person, kind="meeting", subject=about, state=State.SENT, sent_text="Vi mødes", due_at=now)
    return person


async def test_fifty_people_cost_as_many_questions_as_one(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        people = [(await settle(session, number, now)).id for number in range(50)]
    counts = {}
    for size in (1, 50):
        async with db.read() as session:
            with counted(db) as seen:
                facts = await facts_of(session, people[:size])
                await recipients_of(session, people[:size], now.date())
            assert len(facts) == size
        counts[size] = len(seen)
    print(f"questions by number of people: {counts}")
    assert counts[1] == counts[50] <= 13


async def test_what_nobody_has_is_not_asked_for(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        plain = await add_person(session, db.vault, external_id="d-x", now=now)
        full = await settle(session, 2, now)
        with counted(db) as of_plain:
            await facts_of(session, [plain.id])
        with counted(db) as of_full:
            await facts_of(session, [full.id])
    print(f"questions: {len(of_plain)} about who has nothing, {len(of_full)} about who has a meeting, VAT and answers")
    assert len(of_plain) == len(of_full) - 4


async def test_the_facts_are_what_the_tables_say(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await settle(session, 1, now)
        facts = (await facts_of(session, [maja.id]))[maja.id]
    assert (facts.zone, facts.language, facts.created_at, facts.joined_at) == (ZONE, Language.DA, now, now)
    assert (facts.invite_since, facts.consents) == (None, frozenset(Purpose))
    assert facts.milestones[Milestone.COURSE_ENDED] == date(2026, 11, 2)
    assert facts.waiting
    assert facts.vat == (VatRegistration(date(2026, 9, 1), VatPeriod.QUARTERLY),)
    assert facts.done == {"2026Q3"}
    (meeting,) = facts.meetings
    assert (meeting.sequence, meeting.told, meeting.rsvp, meeting.known_since) == (2, 2, Rsvp.YES, now)
    assert meeting.starts_at == datetime(2026, 12, 1, 14, 0, tzinfo=ZoneInfo(ZONE))
    assert meeting.starts_at.astimezone(UTC).hour == 13


async def test_what_was_sent_is_remembered_longer_where_it_was_chosen_of_several_that_waited(
    db: Database, now: datetime
) -> None:
    """For somebody who has paused, or has joined lately; else the days in which messages are counted are enough."""
    long_ago, back = now - timedelta(days=200), timedelta(days=20)
    async with db.begin() as session:
        people = {}
        for number, (name, since) in enumerate((("old", long_ago), ("paused", long_ago), ("new", now - back)), 1):
            phone = f"+450100000{number}"
            person = await add_person(session, db.vault, external_id=name, phone=phone, now=since)
            await add_duty(session, db.vault, person, key="sent", state=State.SENT, sent_text="Husk moms", due_at=now - back)
            people[name] = person.id
        begun, until = now - timedelta(days=25), (now - back).date()
        await pauses.begin(session, people["paused"], None, until, PauseReason.AWAY, now=begun, today=begun.date())
        facts = await facts_of(session, list(people.values()), now)
    assert {name: len(facts[person].sent) for name, person in people.items()} == {"old": 0, "paused": 1, "new": 1}


async def test_whoever_is_gone_is_missing_and_a_batch_of_nobody_is_empty(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        assert (await facts_of(session, [maja.id, maja.id + 1])).keys() == {maja.id}
        assert await facts_of(session, []) == {}


async def test_a_number_without_an_answer_is_owed_an_invitation_until_there_is_one(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, consented=False, now=now)
        before = (await facts_of(session, [maja.id]))[maja.id]
        await add_consent(session, maja, ChannelName.SMS, given=False, how="NEJ", now=now)
        after = (await facts_of(session, [maja.id]))[maja.id]
    assert (before.invite_since, before.joined_at) == (now, None)
    assert (after.invite_since, after.joined_at) == (None, None)


async def test_every_number_that_somebody_had_is_counted(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        for number in ("+4501000022", "+4501000023"):
            await reach.add_address(session, maja.id, ChannelName.SMS, number, now)
        await reach.add_address(session, maja.id, ChannelName.TELEGRAM, "71", now)
        facts = (await facts_of(session, [maja.id]))[maja.id]
    assert facts.numbers == 3


async def test_the_last_word_on_each_purpose_holds(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        for days, given in ((1, False), (2, True)):
            at = now + timedelta(days=days)
            await reach.say(session, maja.id, [ChannelName.SMS], given=given, how="SMS", now=at)
            facts = (await facts_of(session, [maja.id]))[maja.id]
            assert facts.joined_at == (at if given else None)
        await add_consent(session, maja, ChannelName.SMS, purposes=[Purpose.CHECK_INS], given=False, now=at + timedelta(days=1))
        facts = (await facts_of(session, [maja.id]))[maja.id]
    assert facts.consents == {Purpose.REMINDERS, Purpose.SHARING}


async def test_what_a_text_may_say_is_opened_for_those_asked_about(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await settle(session, 1, now)
        orphan = await add_person(session, db.vault, external_id="d-x", first_name="Åse", phone="+4501000099", now=now)
        found = await recipients_of(session, [maja.id, orphan.id], now.date())
        meeting = (await facts_of(session, [maja.id]))[maja.id].meetings[0].id
        assert (await appointments(session, [meeting]))[meeting].place == "Rådhuset, lokale 2"
    assert [(found[one.id].first_name, found[one.id].cover) for one in (maja, orphan)] == [
        ("Maja", Cover(Contact("Karin", "+4501009001"))),
        ("Åse", Cover()),
    ]
