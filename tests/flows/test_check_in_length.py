"""How many messages a check-in takes after its question: one in, one short thanks out."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from medvind.flows.plan import plan_all
from medvind.model import Ask, Milestone
from medvind.store.tables import AnswerRow, InboxRow, OutboxRow
from tests.fakes import Town
from tests.flows.sayings import TABLE
from tests.flows.steering import local
from tests.people import Made, add_person

MONDAY = local("2026-11-23 09:30")
SAID = [text for asked, text, meaning in TABLE if asked == "check_in" and meaning.split(":")[0] in {"score", "not_a_score"}]
"""Whatever the table of short replies has for an open check-in, understood or not."""
PEOPLE = 200


@pytest.fixture(params=["sqlite"])
def db_url(request: pytest.FixtureRequest) -> str:
    """How much is said doesn't depend on where it is kept."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@dataclass(frozen=True)
class Length:
    """What was said over one check-in after its question."""

    heard: int
    answered: int

    @property
    def messages(self) -> int:
        return self.heard + self.answered


async def lengths(town: Town) -> list[Length]:
    """Of every check-in that was answered, from what the store has kept."""
    reply = aliased(OutboxRow)
    heard = select(func.count()).where(InboxRow.participant_id == OutboxRow.recipient_id).scalar_subquery()
    answered = select(func.count()).where(reply.recipient_id == OutboxRow.recipient_id, reply.kind == "reply").scalar_subquery()
    there = select(AnswerRow.id).where(AnswerRow.outbox_id == OutboxRow.id).exists()
    async with town.db.read() as session:
        return [
            Length(*row) for row in await session.execute(select(heard, answered).where(OutboxRow.asks == Ask.CHECK_IN, there))
        ]


async def test_the_median_of_messages_after_the_question_of_a_check_in_is_two(town: Town, coach: Made) -> None:
    """Two hundred people say all that the table has, and who was not understood then says a number."""
    town.clock.moment = MONDAY - timedelta(days=3)
    ended = {Milestone.COURSE_ENDED: (MONDAY - timedelta(days=10)).date()}
    people = {}
    for number in range(PEOPLE):
        phone, name = f"+4501{number:06}", f"d-{number}"
        async with town.db.begin() as session:
            one = await add_person(
                session,
                town.db.vault,
                external_id=name,
                phone=phone,
                coach_id=coach.id,
                milestones=ended,
                now=town.clock.now(),
            )
        people[one.id] = phone
    await plan_all(town.db, town.clock)
    await town.run_until(local("2026-11-23 10:30"))
    assert sum("fra 1 til 5" in text for text in town.sms.texts()) == PEOPLE
    for number, phone in enumerate(people.values()):
        await town.hear(SAID[number % len(SAID)], phone)
    await town.deliver()
    town.clock.pass_by(minutes=5)
    for phone in await _unanswered(town, people):
        await town.hear("3", phone)
    await town.deliver()
    found = await lengths(town)
    counts = Counter(one.messages for one in found)
    print(f"{len(found)} check-ins, {len(SAID)} ways to answer: median {median(one.messages for one in found)}, {dict(counts)}")
    assert len(found) == PEOPLE
    assert median(one.messages for one in found) <= 2
    assert max(counts) <= 4


async def _unanswered(town: Town, people: dict[int, str]) -> list[str]:
    async with town.db.read() as session:
        done = set(await session.scalars(select(AnswerRow.participant_id)))
    return [phone for person, phone in people.items() if person not in done]
