"""Lists come in pages, and walking through them meets everybody once, whatever is added meanwhile."""

from datetime import datetime, timedelta
from itertools import product

from medvind.model import ChannelName, State
from medvind.store.database import Session
from tests.api.calling import Api
from tests.people import (
    Person,
    add_coach,
    add_duty,
    add_inbound,
    add_person,
    add_question_and_answer,
    add_task,
)

COUNT = 7


async def seven_people(api: Api, now: datetime) -> tuple[str, list[Person]]:
    """A coach's token and seven people, each with a low answer, a message and a task, all at the same moment."""
    async with api.db.begin() as session:
        coach = await add_coach(session, session.vault, now=now)
        people = [await with_everything(session, number, coach.id, now) for number in range(COUNT)]
    return await api.token(coach_id=coach.id), people


async def with_everything(session: Session, number: int, coach_id: int, now: datetime) -> Person:
    vault, phone = session.vault, f"+450100000{number}"
    person = await add_person(session, vault, external_id=f"d-{number}", coach_id=coach_id, phone=phone, now=now)
    await add_question_and_answer(session, vault, person, value="1", asked_at=now - timedelta(days=1))
    await add_inbound(session, vault, person, "hej", sender=phone, at=now)
    await add_task(session, person, now=now)
    return person


LISTS = ["/v1/participants", "/v1/check-ins", "/v1/signals", "/v1/inbox", "/v1/tasks"]


async def test_walking_through_pages_meets_everybody_once(api: Api, now: datetime) -> None:
    token, people = await seven_people(api, now)
    for path, limit in product(LISTS, (1, 2, 3, 6, 7, 8)):
        sizes, met = [], []
        async for page in api.pages(path, token, limit):
            sizes.append(len(page))
            met += [item.get("participant", item)["external_id"] for item in page]
        assert sorted(met) == [person.external_id for person in people], path
        assert all(size == limit for size in sizes[:-1])
        assert sizes[-1] > 0


async def test_a_thread_in_pages_has_each_message_once_the_newest_first(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        vault = session.vault
        coach = await add_coach(session, vault, now=now)
        person = await add_person(session, vault, coach_id=coach.id, telegram="1001", now=now)
        for number in range(6):
            at = now + timedelta(minutes=number // 2)
            channel = (ChannelName.SMS, ChannelName.TELEGRAM)[number % 2]
            await add_duty(session, vault, person, state=State.SENT, channel=channel, sent_text=f"ud {number}", due_at=at)
            await add_inbound(session, vault, person, f"ind {number}", channel=channel, at=at)
    token = await api.token(coach_id=coach.id)
    for limit in (1, 2, 5, 12):
        said = await api.items(f"/v1/participants/{person.public_id}/thread", token, limit)
        assert sorted(one["text"] for one in said) == sorted([f"ud {n}" for n in range(6)] + [f"ind {n}" for n in range(6)])
        assert [one["at"] for one in said] == sorted((one["at"] for one in said), reverse=True)


async def test_a_thread_says_how_far_each_message_came_and_why_no_farther(api: Api, now: datetime) -> None:
    refused = "twilio 30005: unknown destination"
    cases: dict[State, str | None] = {
        State.SENT: None,
        State.DELIVERED: None,
        State.UNDELIVERED: refused,
        State.FAILED: refused,
        State.UNKNOWN: refused,
        State.REVIEW: refused,
    }
    async with api.db.begin() as session:
        coach = await add_coach(session, session.vault, now=now)
        person = await add_person(session, session.vault, coach_id=coach.id, now=now)
        for state in cases:
            await add_duty(session, session.vault, person, state=state, reason=refused, due_at=now)
        await add_inbound(session, session.vault, person, "tak", at=now)
    token = await api.token(coach_id=coach.id)
    said = await api.items(f"/v1/participants/{person.public_id}/thread", token)
    assert {one["state"]: one["reason"] for one in said} == {state.value: why for state, why in cases.items()} | {
        "received": None
    }


async def test_what_is_added_while_somebody_turns_pages_doubles_and_hides_nothing(api: Api, now: datetime) -> None:
    token, people = await seven_people(api, now)
    met = []
    async for page in api.pages("/v1/inbox", token, 2):
        met += [item["participant"]["external_id"] for item in page]
        async with api.db.begin() as session:
            await add_inbound(session, session.vault, people[0], "nyt", at=now + timedelta(hours=1))
    assert sorted(met) == [person.external_id for person in people]
