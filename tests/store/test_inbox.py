"""What came in is kept once, however often and however fast the provider says it."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import func, select

from medvind.channels import Inbound, InboundKind
from medvind.model import ChannelName
from medvind.store import inbox
from medvind.store.database import Database
from medvind.store.tables import CohortRow, InboxRow
from tests.people import add_cohort, add_person

WORDS = "Jeg har det skidt"


def said(provider_id: str, channel: ChannelName = ChannelName.SMS, sender: str = "+4501000001") -> Inbound:
    return Inbound(channel, provider_id, sender, InboundKind.TEXT, WORDS, f"Body={WORDS}&From={sender}")


async def test_the_same_message_is_kept_once(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        first = await inbox.keep(session, said("SM1"), now)
        assert first is not None
        assert await inbox.keep(session, said("SM1"), now + timedelta(days=30)) is None
    async with db.begin() as session:
        assert await inbox.keep(session, said("SM1"), now) is None
        assert await session.scalar(select(InboxRow.id)) == first[0]


async def test_the_same_id_of_another_channel_is_another_message(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        kept = [await inbox.keep(session, said("1", channel), now) for channel in ChannelName]
    assert None not in kept


async def test_told_twice_at_once_it_takes_effect_once(db: Database, now: datetime) -> None:
    async def hear(number: int) -> bool:
        async with db.begin() as session:
            new = await inbox.keep(session, said(f"SM{number}"), now)
            if new is not None:
                await add_cohort(session, f"Effect {number}")
            return new is not None

    heard = await asyncio.gather(*(hear(number) for number in range(10) for _ in range(2)))
    async with db.read() as session:
        effects = await session.scalar(select(func.count()).select_from(CohortRow))
        kept = await session.scalar(select(func.count()).select_from(InboxRow))
    print(f"looked at {len(heard)} deliveries of 10 messages")
    assert (sum(heard), effects, kept) == (10, 10, 10)


async def test_a_message_whose_effect_failed_is_not_kept_and_may_come_again(db: Database, now: datetime) -> None:
    try:
        async with db.begin() as session:
            await inbox.keep(session, said("SM1"), now)
            raise LookupError  # noqa: TRY301 - the effect fails
    except LookupError:
        pass
    async with db.begin() as session:
        assert await inbox.keep(session, said("SM1"), now) is not None


async def test_sender_words_and_raw_body_are_sealed(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        kept = await inbox.keep(session, said("SM1"), now)
        row = (await session.execute(select(InboxRow.__table__))).one()
    assert kept is not None
    assert not any(secret in bytes(value) for value in (row.sender, row.raw, row.text) for secret in (b"skidt", b"01000001"))
    opened = [db.vault.open(getattr(InboxRow, name), kept[1], getattr(row, name)) for name in ("sender", "text", "raw")]
    assert opened == ["+4501000001", WORDS, f"Body={WORDS}&From=+4501000001"]


async def test_whose_it_was_and_what_was_made_of_it_is_noted(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        maja = await add_person(session, db.vault, now=now)
        kept = await inbox.keep(session, said("SM1"), now)
        assert kept is not None
        await inbox.understood(session, kept[0], maja.id, "free_text")
        assert tuple((await session.execute(select(InboxRow.participant_id, InboxRow.meaning))).one()) == (maja.id, "free_text")


async def test_how_much_an_address_has_sent_lately_is_counted_by_its_hash(db: Database, now: datetime) -> None:
    day = timedelta(days=1)
    async with db.begin() as session:
        kept = [await inbox.keep(session, said(f"SM{hours}"), now - timedelta(hours=hours)) for hours in (25, 23, 1, 0)]
        await inbox.keep(session, said("SM9", sender="+4501000002"), now)
        await inbox.keep(session, said("TG9", ChannelName.TELEGRAM), now)
        rows = [row for row, _ in filter(None, kept)]
        assert await inbox.lately_from(session, ChannelName.SMS, "+4501000001", now, day) == (3, rows[1])
        assert await inbox.lately_from(session, ChannelName.SMS, "+4501000003", now, day) == (0, None)
        await inbox.understood(session, rows[1], (await add_person(session, session.vault, now=now)).id, "free_text")
        assert await inbox.lately_from(session, ChannelName.SMS, "+4501000001", now, day) == (3, rows[2])
