"""What a stretch of time comes to is asked of the database, on both kinds alike."""

from datetime import datetime, timedelta

from sqlalchemy import insert

from medvind.model import Ask, ChannelName, State, TaskKind, Why
from medvind.store.database import Database
from medvind.store.figures import departures, figures, last_heard, last_told
from medvind.store.tables import AttemptRow
from medvind.store.vault import Vault
from tests import people


async def test_people_messages_answers_and_tasks_are_counted_as_they_stand(db: Database, vault: Vault, now: datetime) -> None:
    async with db.begin() as session:
        maja = await people.add_person(session, vault, now=now)
        bo = await people.add_person(session, vault, external_id="d-002", phone="+4501000002", consented=False, now=now)
        await people.add_question_and_answer(session, vault, maja, value="4", asked_at=now)
        await people.add_question_and_answer(session, vault, maja, value=None, asked_at=now + timedelta(days=7))
        await people.add_question_and_answer(session, vault, maja, value=None, state=State.EXPIRED, asked_at=now)
        await people.add_question_and_answer(session, vault, bo, ask=Ask.INVITE, value="no", asked_at=now)
        await people.add_task(session, maja, kind=TaskKind.CALL, now=now)
        seen = await figures(session)
    assert (seen.people, seen.invited, seen.joined, seen.declined) == (2, 1, 1, 1)
    assert (seen.asked, seen.answered) == (2, 1)
    assert (seen.sent, seen.ended) == ({"check_in": 3}, {"expired": 1})
    assert (seen.received, seen.tasks) == ({"score": 2}, {"call": 1})


async def test_a_message_counts_as_doubled_when_two_tries_of_it_went_out(db: Database, vault: Vault, now: datetime) -> None:
    async with db.begin() as session:
        maja = await people.add_person(session, vault, now=now)
        for outcomes in (("sent",), ("not sent", "sent"), ("sent", "sent")):
            duty = await people.add_duty(session, vault, maja, state=State.SENT, due_at=now)
            for number, outcome in enumerate(outcomes, 1):
                row = {"outbox_id": duty.id, "number": number, "worker": "w", "at": now, "outcome": outcome}
                await session.execute(insert(AttemptRow).values(**row))
        assert (await figures(session)).doubled == 1


async def test_departures_know_their_meeting_and_leave_answers_out(db: Database, vault: Vault, now: datetime) -> None:
    async with db.begin() as session:
        maja = await people.add_person(session, vault, now=now)
        starts_at = datetime(2026, 11, 28, 14)  # noqa: DTZ001 - local wall time
        meeting = await people.add_meeting(session, vault, starts_at=starts_at, now=now)
        about = {"meeting": meeting.public_id}
        await people.add_duty(
            session, vault, maja, kind="meeting", subject=about, sent_text="Vi mødes.", state=State.SENT, due_at=now
        )
        await people.add_duty(session, vault, maja, kind="reply", sent_text="Tak.", state=State.SENT, due_at=now)
        await people.add_duty(session, vault, maja, kind="check_in", due_at=now)
        left = await departures(session)
    assert [(one.at, one.kind, one.zone) for one in left] == [(now, "meeting", people.ZONE)]
    assert [one.meeting_at.replace(tzinfo=None) for one in left if one.meeting_at] == [starts_at]


async def test_the_latest_words_come_opened_and_newest_first(db: Database, vault: Vault, now: datetime) -> None:
    async with db.begin() as session:
        maja = await people.add_person(session, vault, now=now)
        for hours, text in enumerate(("Et", "To", "Tre")):
            at, sms = now + timedelta(hours=hours), ChannelName.SMS
            await people.add_duty(session, vault, maja, sent_text=text, state=State.SENT, channel=sms, due_at=at)
            await people.add_inbound(session, vault, maja, text.upper(), at=at)
        told, heard = await last_told(session, 2), await last_heard(session, 2)
    assert [(one.text, one.first_name, one.why) for one in told] == [
        ("Tre", "Maja", Why("why_check_in")),
        ("To", "Maja", Why("why_check_in")),
    ]
    assert [(one.text, one.meaning) for one in heard] == [("TRE", "free_text"), ("TO", "free_text")]
