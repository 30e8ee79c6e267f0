"""Pauses: one of each topic at a time, changed, ended early, and over by themselves."""

from datetime import date, datetime, timedelta

from medvind.model import Pause, PauseReason, Topic
from medvind.store import pauses
from medvind.store.database import Database, Session
from medvind.store.pauses import Running
from tests.flows.enrolling import statements
from tests.people import add_person

TODAY = date(2026, 11, 24)
FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)
AWAY, HOLIDAY = PauseReason.AWAY, PauseReason.HOLIDAY


async def begin(session: Session, person: int, topic: Topic | None, until: date, reason: PauseReason, now: datetime) -> None:
    await pauses.begin(session, person, topic, until, reason, now=now, today=TODAY)


async def test_a_second_pause_of_the_same_topic_changes_the_first(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = (await add_person(session, db.vault, now=now)).id
        later = now + timedelta(hours=2)
        for topic in (None, Topic.MEETINGS):
            await begin(session, maja, topic, FRIDAY, AWAY, now)
        await begin(session, maja, None, MONDAY, HOLIDAY, later)
        await begin(session, maja, Topic.CHECK_INS, FRIDAY, AWAY, later)
        assert await pauses.running(session, maja, TODAY) == [
            Running(None, now, MONDAY, HOLIDAY),
            Running(Topic.MEETINGS, now, FRIDAY, AWAY),
            Running(Topic.CHECK_INS, later, FRIDAY, AWAY),
        ]


async def test_a_pause_is_over_on_its_day_and_the_next_one_is_another(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = (await add_person(session, db.vault, now=now)).id
        await begin(session, maja, None, FRIDAY, AWAY, now)
        assert await pauses.running(session, maja, FRIDAY) == []
        later = now + timedelta(days=3)
        await pauses.begin(session, maja, None, MONDAY, HOLIDAY, now=later, today=FRIDAY)
        assert await pauses.pauses_of(session, [maja]) == {maja: (Pause(now, FRIDAY), Pause(later, MONDAY))}


async def test_a_pause_that_is_ended_holds_no_more_and_is_remembered(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = (await add_person(session, db.vault, now=now)).id
        for topic in (None, Topic.MEETINGS):
            await begin(session, maja, topic, FRIDAY, AWAY, now)
        later = now + timedelta(hours=2)
        ended = [await pauses.end(session, maja, topic, now=later, today=TODAY) for topic in (None, None, Topic.CHECK_INS)]
        assert ended == [True, False, False]
        assert [one.topic for one in await pauses.running(session, maja, TODAY)] == [Topic.MEETINGS]
        known = (await pauses.pauses_of(session, [maja]))[maja]
        assert known == (Pause(now, FRIDAY, None, later), Pause(now, FRIDAY, Topic.MEETINGS))


async def test_pauses_of_many_people_are_one_question_and_each_has_their_own(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        people = [
            (await add_person(session, db.vault, external_id=f"d-{number}", phone=None, now=now)).id for number in range(20)
        ]
        await begin(session, people[3], None, FRIDAY, AWAY, now)
        with statements(db) as sent:
            found = await pauses.pauses_of(session, people)
        assert await pauses.running(session, people[4], TODAY) == []
        assert not await pauses.end(session, people[4], None, now=now, today=TODAY)
    assert found == dict.fromkeys(people, ()) | {people[3]: (Pause(now, FRIDAY),)}
    assert len(sent) == 1
