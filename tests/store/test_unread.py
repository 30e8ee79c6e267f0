"""What is unread is found by an index of its own, however much has been read."""

from datetime import datetime, timedelta

from sqlalchemy import insert, text, update

from medvind.model import Reminder
from medvind.store import unread
from medvind.store.database import Database
from medvind.store.tables import InboxRow
from tests.people import add_coach, add_inbound, add_person

THOUSANDS = 3000


async def test_of_all_that_came_in_only_what_somebody_is_still_to_be_told_of_is_looked_at(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        karin = await add_coach(session, db.vault, now=now)
        maja = await add_person(session, db.vault, coach_id=karin.id, now=now)
        first = await add_inbound(session, db.vault, maja, "Hej", at=now)
        sealed = db.vault.seal(InboxRow.text, first.public_id, "Hej")
        fixed = {"channel": "sms", "participant_id": maja.id, "sender": sealed, "blind": "b", "kind": "text", "raw": sealed}
        fixed |= {"text": sealed, "meaning": "free_text", "received_at": now, "read_at": now}
        many = [{**fixed, "public_id": f"{number}", "provider_id": f"{number}"} for number in range(THOUSANDS)]
        await session.execute(insert(InboxRow), many)
        late = await add_inbound(session, db.vault, maja, "Hej igen", at=now + timedelta(hours=1))
        for one in (first, late):
            await session.execute(update(InboxRow).where(InboxRow.id == one.id).values(waits_for=Reminder.HOURS))
    async with db.begin() as session:
        if session.on_postgresql:
            await session.execute(text("analyze inbox"))
        spelled = unread.WAITING.where(InboxRow.received_at <= now).compile(
            session.get_bind(), compile_kwargs={"literal_binds": True}
        )
        how = "EXPLAIN" if session.on_postgresql else "EXPLAIN QUERY PLAN"
        steps = [str(row[-1]) for row in await session.execute(text(f"{how} {spelled}".replace(":", r"\:")))]
        found = await unread.waiting(session, now)
    print(f"looked at {len(found)} of {THOUSANDS + 2} rows: {steps}")
    assert any("ix_inbox_unread" in step for step in steps)
    assert [(one.id, one.coach, one.read) for one in found] == [(first.id, karin.id, False)]
