"""Who asks their coach for an end of it is left in peace at one tap, and hears once how to come back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from medvind.model import ChannelName, State, new_id
from medvind.store.reach import reach_of
from medvind.store.tables import ConsentRow, OutboxRow
from tests.api.calling import Api, StillClock
from tests.people import Person, add_coach, add_duty, add_person

EVENING = timedelta(hours=12)


async def tap(api: Api, person: Person, token: str) -> Any:
    path = f"/v1/participants/{person.public_id}/stop"
    return await api.client.post(path, headers={"Authorization": f"Bearer {token}"})


async def at_home(api: Api, now: datetime, *, consented: bool = True) -> tuple[Person, str]:
    """Maja with a reminder ahead, and her coach's token."""
    async with api.db.begin() as session:
        coach = await add_coach(session, api.db.vault, now=now)
        maja = await add_person(session, api.db.vault, coach_id=coach.id, consented=consented, now=now)
        await add_duty(session, api.db.vault, maja, due_at=now + timedelta(days=1))
    return maja, await api.token(coach_id=coach.id)


async def rows(api: Api) -> list[tuple[str, State]]:
    async with api.db.read() as session:
        found = await session.execute(select(OutboxRow.text, OutboxRow.state).order_by(OutboxRow.id))
    return [(text, state) for text, state in found]


async def test_one_tap_ends_everything_and_is_confirmed_once(api: Api, now: datetime) -> None:
    maja, token = await at_home(api, now)
    ((planned, _),) = await rows(api)
    assert (await tap(api, maja, token)).json() == {"told": "sms"}
    assert (await tap(api, maja, token)).json() == {"told": None}
    assert await rows(api) == [(planned, State.CANCELLED), ("stop", State.PLANNED)]
    async with api.db.read() as session:
        reach = (await reach_of(session, [maja.id]))[maja.id]
    assert not any(reach.consent(channel).purposes for channel in ChannelName)


async def test_it_is_kept_who_tapped(api: Api, now: datetime) -> None:
    maja, token = await at_home(api, now)
    await tap(api, maja, token)
    async with api.db.read() as session:
        said = select(ConsentRow.given, ConsentRow.how).where(ConsentRow.participant_id == maja.id).order_by(ConsentRow.id)
        (*_, (given, how)) = (await session.execute(said)).all()
    assert not given
    assert how.startswith("coach ")


async def test_in_the_evening_it_is_confirmed_to_nobody(api: Api, clock: StillClock, now: datetime) -> None:
    maja, token = await at_home(api, now)
    clock.shows = now + EVENING
    assert (await tap(api, maja, token)).json() == {"told": None}
    assert [state for _, state in await rows(api)] == [State.CANCELLED]


async def test_who_has_not_answered_yet_is_asked_no_more(api: Api, now: datetime) -> None:
    maja, token = await at_home(api, now, consented=False)
    assert (await tap(api, maja, token)).json() == {"told": None}
    async with api.db.read() as session:
        assert (await reach_of(session, [maja.id]))[maja.id].to_invite() is None


@pytest.mark.parametrize("whose", ["another", "nobody"])
async def test_only_their_own_coach_can(api: Api, now: datetime, whose: str) -> None:
    maja, _ = await at_home(api, now)
    async with api.db.begin() as session:
        other = await add_coach(session, api.db.vault, email="other@example.org", now=now)
    token = await api.token(coach_id=other.id)
    person = maja if whose == "another" else Person(0, new_id(), "d-0")
    assert (await tap(api, person, token)).status_code == 404
    assert [state for _, state in await rows(api)] == [State.PLANNED]
