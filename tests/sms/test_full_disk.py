"""What can't be kept is answered with 503, so that Twilio tells it again, and has its effect once there is room."""

from datetime import datetime

import pytest
from sqlalchemy import select

from medvind.model import ChannelName, State
from medvind.store.database import Database
from medvind.store.tables import InboxRow, OutboxRow
from medvind.store.vault import Vault
from sms import webhook
from tests.disks import Disk
from tests.people import add_duty, add_person
from tests.sms.doors import door, knock
from tests.standins.twilio_words import inbound_form, status_form

MAJA = "+4501000001"
LONG = "Jeg har tænkt på noget. " * 60
TEXTS = 5


@pytest.mark.parametrize("how", ["full", "read-only"])
async def test_webhooks_are_told_again_until_there_is_room(sqlite_url: str, vault: Vault, now: datetime, how: str) -> None:
    async with Database.open(sqlite_url, vault) as db, door(db, now) as client:
        async with db.begin() as session:
            maja = await add_person(session, vault, now=now)
            row = await add_duty(session, vault, maja, state=State.SENT, channel=ChannelName.SMS, sent_text="Hej", due_at=now)
        told = [
            *((webhook.INBOUND, inbound_form(MAJA, LONG, sid=f"SMin{number}")) for number in range(TEXTS)),
            (f"{webhook.STATUS}?o={row.public_id}", status_form("SM" + "o" * 32, MAJA, "undelivered", ErrorCode="30005")),
        ]
        disk = Disk(db)
        await (disk.fill() if how == "full" else disk.lock())
        answers = [await knock(client, *one) for one in told]
        assert {503} <= set(answers) <= ({503} if how == "read-only" else {200, 503}), "into the last page something may fit"
        async with db.read() as session:
            assert len(list(await session.scalars(select(InboxRow.id)))) == answers[:TEXTS].count(200)
        await disk.give_room()
        assert {await knock(client, *one) for one in (*told, *told)} == {200}
        async with db.read() as session:
            assert list(await session.scalars(select(InboxRow.meaning))) == ["free_text"] * TEXTS
            assert list(await session.scalars(select(OutboxRow.state).where(OutboxRow.id == row.id))) == [State.UNDELIVERED]
