"""Who is named to a participant: whoever is there when the message leaves, whatever was so when it was planned."""

from datetime import date, datetime, timedelta

import pytest

from medvind.model import State
from medvind.store import deputies, settings
from tests.fakes import Town
from tests.people import Made, Person, add_coach, add_meeting

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
DUTY, BENTE = "+4501009002", "+4501009003"


async def away(
    town: Town, coach: Made, *, until: date = TOMORROW, deputy: str | None = "Bente", phone: str | None = BENTE
) -> None:
    """The coach is away from today on, and a colleague stands in where one is named."""
    now = town.clock.now()
    async with town.db.begin() as session:
        await settings.put(session, "duty_phone", DUTY, now)
        await deputies.add_absence(session, coach.id, TODAY, until, now)
        if deputy:
            bente = await add_coach(session, town.db.vault, first_name=deputy, phone=phone, now=now)
            await deputies.grant(session, coach.id, bente.id, until, now)


@pytest.mark.parametrize(
    ("deputy", "phone", "said"),
    [
        (
            "Bente",
            BENTE,
            "Godt. Bente ringer til dig i stedet for Karin senest næste hverdag. Haster det, så ring selv på 01 00 90 03.",
        ),
        (
            "Bente",
            None,
            "Godt. Bente ringer til dig i stedet for Karin senest næste hverdag. Haster det, så ring selv på 01 00 90 02.",
        ),
        (None, None, "Tak. Du har ingen coach her lige nu, så jeg kan ikke love et opkald. Ring selv på 01 00 90 02."),
    ],
)
async def test_a_call_is_promised_by_who_is_there_and_never_by_who_is_away(
    town: Town, coach: Made, maja: Person, deputy: str | None, phone: str | None, said: str
) -> None:
    del maja
    await away(town, coach, deputy=deputy, phone=phone)
    assert await town.answer("ring til mig") == said


async def test_whom_to_turn_to_is_decided_when_a_planned_message_leaves(town: Town, coach: Made, maja: Person) -> None:
    """Planned while the coach was there; the absence was noted afterwards."""
    async with town.db.begin() as session:
        starts_at = datetime(2026, 11, 24, 18, 0)  # noqa: DTZ001
        await add_meeting(session, town.db.vault, starts_at=starts_at, attendees=[maja], now=town.clock.now())
    await town.plan(maja.id)
    await away(town, coach)
    await town.run_until(town.clock.now() + timedelta(hours=10))
    notice = next(text for text in town.sms.texts() if text.startswith("Vi ses i dag"))
    assert notice.endswith("Bliver du forsinket, så ring til Bente på 01 00 90 03.")
    assert any(text.endswith("Hilsen Karin") for text in town.sms.texts()), "her coach greets her all the same"
    assert await town.rows(State.FAILED) == []


async def test_a_deputy_who_is_away_too_is_not_named(town: Town, coach: Made, maja: Person) -> None:
    del maja
    await away(town, coach, deputy=None)
    async with town.db.begin() as session:
        bente = await add_coach(session, town.db.vault, first_name="Bente", phone=BENTE, now=town.clock.now())
        await deputies.grant(session, coach.id, bente.id, TOMORROW, town.clock.now())
        await deputies.add_absence(session, bente.id, TODAY, TOMORROW, town.clock.now())
    assert (await town.answer("ring til mig")).startswith("Tak. Du har ingen coach her lige nu")
