"""Webhooks doubled, shuffled and told again after a 503, at two doors of one database: each has its effect once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from random import Random

import httpx2
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from medvind.errors import DatabaseAwayError
from medvind.model import ChannelName, PublicId, State, TaskKind, new_id
from medvind.store.database import LIMIT, Database, Session, insert_new
from medvind.store.tables import InboxRow, OutboxRow, TaskRow
from medvind.store.vault import Vault
from sms import webhook
from tests.people import add_duty, add_person
from tests.sms.doors import door, knock
from tests.standins.twilio_words import inbound_form, status_form

PEOPLE, TEXTS, ROWS = 10, 250, 125
WORDS = (
    ("sent", "delivered"),
    ("sent", "delivered"),
    ("sent", "delivered"),
    ("delivered", "undelivered"),
    ("undelivered", "sent"),
)
"""What is said of a message; only the last one has not arrived in the end."""
AT_ONCE = 4
TRIES = 20

Told = tuple[str, dict[str, str]]


class Shaky(Database):
    """Away now and then, before anything is done or once all of it is."""

    def __init__(self, engine: AsyncEngine, vault: Vault, chance: Random) -> None:
        super().__init__(engine, vault)
        self.chance = chance

    @asynccontextmanager
    async def begin(self, limit: float | None = LIMIT) -> AsyncIterator[Session]:
        trouble = self.chance.random()
        if trouble < 0.1:
            raise DatabaseAwayError("before")
        async with super().begin(limit) as session:
            yield session
        if trouble > 0.95:
            raise DatabaseAwayError("after the commit")


async def stage(db: Database, now: datetime) -> list[PublicId]:
    """People who write, and messages that have gone out to them; all of these alike but for their names."""
    async with db.begin() as session:
        people = [
            await add_person(session, db.vault, external_id=f"d-{number}", phone=phone(number), now=now)
            for number in range(PEOPLE)
        ]
        way, sent = ChannelName.SMS, State.SENT
        first = await add_duty(session, db.vault, people[0], state=sent, channel=way, sent_text="Hej", due_at=now, key="k")
        found = await session.execute(select(OutboxRow.__table__).where(OutboxRow.id == first.id))
        row = {name: value for name, value in found.mappings().one().items() if name != "id"}
        ids = [new_id() for _ in range(ROWS)]
        own = [
            {"public_id": name, "key": f"k-{number}", "recipient_id": people[number % PEOPLE].id}
            for number, name in enumerate(ids)
        ]
        await insert_new(session, OutboxRow, [row | one for one in own])
        return ids


def phone(number: int) -> str:
    return f"+45010001{number:02}"


def told(rows: Sequence[PublicId], chance: Random) -> list[Told]:
    """Each webhook one to four times, in any order."""
    texts = [
        (webhook.INBOUND, inbound_form(phone(number % PEOPLE), "HJÆLP" if number % 5 else "RING", sid=f"SMin{number}"))
        for number in range(TEXTS)
    ]
    statuses = [
        (f"{webhook.STATUS}?o={row}", status_form(f"SMout{number}", phone(number % PEOPLE), word))
        for number, row in enumerate(rows)
        for word in WORDS[number % len(WORDS)]
    ]
    stream = [one for one in (*texts, *statuses) for _ in range(chance.choice((1, 1, 1, 1, 1, 1, 2, 3, 4)))]
    chance.shuffle(stream)
    return stream


async def tell(doors: Sequence[httpx2.AsyncClient], stream: list[Told], chance: Random) -> Counter[int]:
    """As Twilio does: whatever isn't answered with 200 is told again."""
    seen: Counter[int] = Counter()

    async def post() -> None:
        while stream:
            path, form = stream.pop()
            for _ in range(TRIES):
                seen[status := await knock(chance.choice(doors), path, form)] += 1
                if status == 200:
                    break
            else:
                seen[0] += 1

    await asyncio.gather(*(post() for _ in range(AT_ONCE)))
    return seen


async def test_500_webhooks_told_up_to_four_times_in_any_order_at_two_doors_have_500_effects(
    db: Database, db_url: str, vault: Vault, now: datetime
) -> None:
    chance = Random(8)  # noqa: S311 - the same storm each time
    stream = told(await stage(db, now), chance)
    posts = len(stream)
    async with Database.open(db_url, vault) as second:
        shaky = [Shaky(one.engine, vault, chance) for one in (db, second)]
        async with door(shaky[0], now) as one, door(shaky[1], now) as other:
            seen = await tell((one, other), stream, chance)
    print(f"{posts} deliveries, {seen[200] + seen[503]} posts, {seen[503]} answered with 503")
    assert set(seen) == {200, 503}
    async with db.read() as session:
        inbox = Counter(await session.scalars(select(InboxRow.meaning)))
        replies = await session.scalar(select(func.count()).where(OutboxRow.kind == "reply"))
        states = Counter(await session.scalars(select(OutboxRow.state).where(OutboxRow.key.startswith("k-"))))
        tasks = Counter(await session.scalars(select(TaskRow.kind).where(TaskRow.done_at.is_(None))))
    undelivered = ROWS // len(WORDS)
    assert inbox == {"help": TEXTS * 4 // 5, "call_me": TEXTS // 5}
    assert replies == TEXTS
    assert states == {State.DELIVERED: ROWS - undelivered, State.UNDELIVERED: undelivered}
    calling = len({number % PEOPLE for number in range(0, TEXTS, 5)})  # a wish that stands on the list stands there once
    assert tasks == {TaskKind.CALL: calling, TaskKind.NOT_REACHED: undelivered}
