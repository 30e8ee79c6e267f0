"""What nobody has read: who is told, when, how often, and by one worker alone."""

import asyncio
from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from medvind.flows import unread
from tests.flows.office import BENTE, DUTY, KARIN, LONG_AFTER, SECRET, Office
from tests.flows.steering import local
from tests.people import add_person

MANY = 20
TO_COACH = "Medvind: På din liste er der noget, som venter på at blive læst eller besvaret. Åbn den, når du kan."


async def test_the_coach_is_told_after_four_hours_and_after_a_day_at_work_and_the_deputy_after_two(office: Office) -> None:
    await office.deputy()
    await office.town.hear(SECRET)
    assert await office.live("2026-11-25 09:00") == [("Tue 14:00", KARIN)]
    assert await office.listed() == []
    assert await office.live("2026-11-25 16:00") == [("Wed 10:00", KARIN)]
    assert await office.listed() == await office.came()
    assert await office.live(LONG_AFTER) == [("Thu 10:00", BENTE)]
    assert await office.listed() == await office.came()


async def test_what_is_told_holds_nothing_of_what_was_written_or_by_whom(office: Office) -> None:
    await office.deputy()
    await office.duty()
    await office.town.hear(SECRET)
    await office.away("2026-11-26")
    with capture_logs() as logs:
        await office.live(LONG_AFTER)
    told = [text for text in office.town.sms.texts() if text.startswith("Medvind:")]
    assert len(told) == 3
    assert not [word for word in ("lejemål", "Maja", "01000001") for one in (*told, str(logs)) if word in one]


@pytest.mark.parametrize(
    ("away", "deputy", "phones"),
    [
        ("2026-11-24", True, [BENTE, BENTE]),
        ("2026-11-24", False, [DUTY, DUTY]),
        ("2026-11-25", True, [KARIN, BENTE]),
        (None, False, [KARIN, KARIN, DUTY]),
    ],
    ids=["away", "away with nobody", "away from tomorrow on", "there with nobody beside"],
)
async def test_who_is_away_is_stood_in_for_at_once_and_without_a_deputy_by_whoever_is_on_duty(
    office: Office, away: str | None, phones: list[str], *, deputy: bool
) -> None:
    await office.duty()
    if deputy:
        await office.deputy()
    if away:
        await office.away(away)
    await office.town.hear(SECRET)
    assert [phone for _, phone in await office.live(LONG_AFTER)] == phones


async def test_a_coach_who_falls_ill_after_a_day_has_the_deputy_told_the_next_morning_and_not_a_day_later(
    office: Office,
) -> None:
    await office.deputy()
    office.town.clock.moment = local("2026-11-24 15:00")
    await office.town.hear(SECRET)
    assert await office.live("2026-11-25 16:00") == [("Wed 11:00", KARIN), ("Wed 15:00", KARIN)]
    await office.away("2026-11-26")
    assert await office.live(LONG_AFTER) == [("Thu 08:00", BENTE)]


async def test_a_deputy_whose_last_day_is_over_is_told_of_nothing(office: Office) -> None:
    await office.duty()
    await office.deputy(until=date(2026, 11, 25))
    await office.town.hear(SECRET)
    assert await office.live(LONG_AFTER) == [("Tue 14:00", KARIN), ("Wed 10:00", KARIN), ("Thu 10:00", DUTY)]


async def test_who_has_no_coach_is_told_of_to_whoever_is_on_duty(office: Office) -> None:
    await office.duty()
    async with office.town.db.begin() as session:
        await add_person(session, session.vault, external_id="d-9", phone="+4501000009", now=office.town.clock.now())
    await office.town.hear(SECRET, "+4501000009")
    assert await office.live(LONG_AFTER) == [("Tue 14:00", DUTY), ("Wed 10:00", DUTY)]


async def test_a_coach_without_a_phone_is_stood_in_for_and_with_nobodys_number_the_operator_reads_why(office: Office) -> None:
    await office.deputy(phone=None)
    await office.away("2026-11-24")
    await office.town.hear(SECRET)
    with capture_logs() as logs:
        assert await office.live("2026-11-24 16:00") == []
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["nobody_to_tell"]
    await office.duty()
    assert await office.live(LONG_AFTER) == [("Wed 10:00", DUTY)]
    assert len(await office.listed()) == 1


async def test_all_that_a_coach_has_not_read_is_one_word_and_what_came_a_little_later_no_second_one(office: Office) -> None:
    for minutes, sender in ((0, "+4501000001"), (10, "+4501000002"), (50, "+4501000001"), (60, "+4501000002")):
        office.town.clock.pass_by(minutes=minutes)
        await office.town.hear(SECRET, sender)
    assert await office.live("2026-11-24 16:00") == [("Tue 14:00", KARIN)]
    assert len(office.told) == 1
    assert office.town.sms.texts()[-1] == TO_COACH
    assert await office.live("2026-11-25 11:00") == [("Wed 08:00", KARIN)]
    assert await office.live("2026-11-25 13:00") == [("Wed 12:00", KARIN)]
    assert await office.listed() == await office.came()


async def test_nobody_is_told_after_work_not_even_when_sms_was_away(office: Office) -> None:
    await office.town.hear(SECRET)
    office.town.clock.moment = local("2026-11-24 15:59")
    await unread.remind(office.town.db, "worker-1", office.town.clock)
    office.town.clock.moment = local("2026-11-24 16:00")
    await office.town.deliver()
    assert not [text for text in office.town.sms.texts() if text.startswith("Medvind:")]
    office.town.clock.moment = local("2026-11-28 11:00")
    await office.look()
    assert office.told == []


async def test_after_christmas_the_days_of_it_have_not_counted(office: Office) -> None:
    await office.deputy(until=date(2027, 1, 31))
    office.town.clock.moment = local("2026-12-23 14:00")
    await office.town.hear(SECRET)
    assert await office.live("2027-01-05 12:00") == [("Mon 10:00", KARIN), ("Mon 14:00", KARIN), ("Tue 14:00", BENTE)]


async def test_several_workers_at_once_tell_each_step_once(office: Office) -> None:
    await office.deputy()
    for number in range(MANY):
        await office.town.hear(f"{SECRET} {number}")
    await office.town.deliver()
    for end in ("2026-11-24 14:00", "2026-11-25 10:00", "2026-11-26 10:00"):
        office.town.clock.moment = local(end)
        await asyncio.gather(*(unread.remind(office.town.db, f"worker-{number}", office.town.clock) for number in range(4)))
        await office.town.deliver()
    assert [one.to for one in office.town.sms.sent if one.text.startswith("Medvind:")] == [KARIN, KARIN, BENTE]
    assert await office.listed() == await office.came()


async def test_who_reads_while_others_look_leaves_no_task_behind(office: Office) -> None:
    for number in range(12):
        office.town.clock.moment = local("2026-11-24 10:00")
        await office.town.hear(f"{SECRET} {number}")
        message = (await office.came())[-1]
        office.town.clock.moment = local("2026-11-25 10:00") + timedelta(minutes=20 * number)
        look = unread.remind(office.town.db, f"worker-{number}", office.town.clock)
        await asyncio.gather(*((look, office.read(message)) if number % 2 else (office.read(message), look)))
    assert await office.listed() == []
    await office.live(LONG_AFTER)
    assert await office.listed() == []


async def test_while_one_worker_has_the_turn_no_other_looks_and_one_that_is_gone_is_followed(office: Office) -> None:
    await office.town.hear(SECRET)
    await office.town.deliver()
    for clock, worker in (("13:59", "one"), ("14:01", "two"), ("14:14", "two"), ("14:15", "two"), ("14:16", "one")):
        office.town.clock.moment = local(f"2026-11-24 {clock}")
        await office.look(worker)
    assert office.told == [("Tue 14:15", KARIN)]
