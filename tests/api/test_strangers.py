"""What came from nobody we know: a lead or an administrator finds out whose it is; a coach sees none of it."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from medvind.channels import InboundKind
from medvind.model import ChannelName, Role
from tests.api.calling import Api
from tests.people import Person, add_coach, add_inbound, add_person

STRANGER, OTHER = "+4501000999", "47110999"


async def a_day(api: Api, now: datetime) -> tuple[Person, int]:
    """Maja wrote to Karin; a stranger by SMS and one by Telegram wrote to nobody in particular."""
    async with api.db.begin() as session:
        vault = session.vault
        karin = (await add_coach(session, vault, now=now)).id
        maja = await add_person(session, vault, coach_id=karin, now=now)
        await add_inbound(session, vault, maja, "Hej Karin", at=now - timedelta(hours=3))
        stranger = partial(add_inbound, session, vault, None, sender=STRANGER, meaning="stranger")
        await stranger("Er det kommunen?", at=now - timedelta(hours=2))
        by_telegram = partial(add_inbound, session, vault, None, sender=OTHER, channel=ChannelName.TELEGRAM)
        await by_telegram("/start", meaning="stranger", at=now - timedelta(hours=1))
        await by_telegram("", meaning="stranger", kind=InboundKind.BLOCKED, at=now)
        await by_telegram("", meaning="ignored", at=now)
        await add_inbound(session, vault, maja, "Det var mig", meaning="stranger", sender=OTHER, at=now)
    return maja, karin


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADMIN])
async def test_what_strangers_wrote_waits_where_somebody_can_find_out_whose_it_is(api: Api, now: datetime, role: Role) -> None:
    _, karin = await a_day(api, now)
    for coach_id in (None, karin):
        items = await api.items("/v1/inbox", await api.token(role, coach_id=coach_id), limit=1)
        assert [(one["text"], one["channel"], one["sender"]) for one in items] == [
            ("/start", "telegram", OTHER),
            ("Er det kommunen?", "sms", STRANGER),
        ]
        assert {one["participant"] for one in items} == {None}
        assert {one["meaning"] for one in items} == {"stranger"}


async def test_a_coach_sees_their_own_people_and_no_stranger(api: Api, now: datetime) -> None:
    maja, karin = await a_day(api, now)
    items = await api.items("/v1/inbox", await api.token(coach_id=karin))
    assert [(one["participant"]["id"], one["text"], one["sender"]) for one in items] == [(maja.public_id, "Hej Karin", None)]


async def test_a_service_and_nobody_at_all_see_neither(api: Api, now: datetime) -> None:
    await a_day(api, now)
    token = await api.token(Role.SERVICE, scope="participants:read")
    assert (await api.get("/v1/inbox", token)).status_code == 404
    assert (await api.get("/v1/inbox")).status_code == 401
