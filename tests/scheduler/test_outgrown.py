"""An older version that is left running when a newer one has taken what it needs ends, and answers nobody wrongly."""

import asyncio
from datetime import datetime

import pytest

from medvind.channels import Inbound, InboundKind
from medvind.errors import OtherSchemaError
from medvind.flows.receive import take_in
from medvind.model import ChannelName, State
from medvind.store.database import Database
from tests.fakes import HandClock
from tests.people import Person, add_person
from tests.scheduler.rig import LIMIT
from tests.scheduler.stage import Stage
from tests.store.taken import taken


async def test_a_worker_that_the_schema_has_outgrown_ends_and_leaves_what_is_owed(stage: Stage, maja: Person) -> None:
    async def work() -> None:
        async with stage.working() as one:
            async with asyncio.timeout(LIMIT):
                await asyncio.wait([one.task])

    await stage.answer(maja)
    async with taken(stage.db, "settings"):
        with pytest.raises(OtherSchemaError, match="start the one that changed it"):
            await work()
    assert await stage.states() == [State.PLANNED]
    assert stage.sms.called == 0


@pytest.mark.parametrize("table", ["inbox", "outbox", "participants"])
async def test_a_no_that_cannot_be_read_is_told_again_to_the_version_that_can(db: Database, now: datetime, table: str) -> None:
    async with db.begin() as session:
        await add_person(session, session.vault, phone="+4501000001", now=now)
    said = Inbound(ChannelName.SMS, "SM1", "+4501000001", InboundKind.TEXT, "STOP", "{}")
    async with taken(db, table):
        with pytest.raises(OtherSchemaError):
            await take_in(db, said, HandClock(now))
    assert await take_in(db, said, HandClock(now)), "nothing was kept of it, so it counts as new"
