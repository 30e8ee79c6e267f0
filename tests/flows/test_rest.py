"""A pause: nothing of its topic until its day or until it is ended, and then no burst."""

from datetime import date, datetime, timedelta

import pytest

from medvind.errors import InvalidError, NotFoundError
from medvind.model import GaveWay, PauseReason, State, Topic
from medvind.store.pauses import Running
from tests.fakes import Town
from tests.flows.steering import LADDER, MONDAY, Desk, a_desk, given_way, leaving, local
from tests.people import add_coach, add_meeting

COURSE_ENDED = date(2026, 11, 1)


@pytest.fixture
async def desk(town: Town) -> Desk:
    """On 17 November VAT is due to be told, on the 18th to be asked how it goes."""
    return await a_desk(town, course_ended=COURSE_ENDED)


async def test_in_a_pause_nothing_is_sent_and_after_it_one_message_of_all_that_waited(desk: Desk) -> None:
    before = dict(leaving(await desk.plan()))
    desk.town.clock.moment = local("2026-11-16 12:00")
    await desk.town.deliver()
    already = len(desk.town.sms.sent)
    await desk.pause(date(2026, 11, 19))
    plan = await desk.plan()
    waiting = [key for key, at in before.items() if "2026-11-16 12:00" < at < "2026-11-19"]
    assert waiting == ["vat:2026Q3:14d", "check_in:2026-W47"]
    assert leaving(plan)[0] == ("vat:2026Q3:14d", "2026-11-19 08:00")
    assert given_way(plan) == {"check_in:2026-W47": GaveWay.PAUSED}
    await desk.live_until(local("2026-11-19 07:59"))
    assert len(desk.town.sms.sent) == already
    await desk.live_until(local("2026-11-19 23:00"))
    assert len(desk.town.sms.sent) == already + 1


async def test_what_gave_way_at_the_end_of_a_pause_stays_away_weeks_later(town: Town) -> None:
    """Of two that waited the invitation went. Its meeting is over, and the other one would still be true."""
    desk = await a_desk(town, business_started=date(2026, 1, 5))
    town.clock.moment = local("2027-05-18 12:00")
    await desk.plan()
    await town.deliver()
    await desk.pause(date(2027, 6, 6))
    await desk.live_until(local("2027-05-28 12:00"))
    async with town.db.begin() as session:
        day = datetime(2027, 6, 14, 15, 0)  # noqa: DTZ001 - a wall time
        await add_meeting(session, town.db.vault, starts_at=day, attendees=[desk.maja], now=town.clock.now())
    await town.plan(desk.maja.id)
    plan = await desk.plan()
    assert leaving(plan)[0] == ("meeting:m-001:invite", "2027-06-07 08:00")
    assert given_way(plan)["tax_return:2026:28d"] == GaveWay.PAUSED
    await desk.live_until(local("2027-06-22 12:00"))
    assert "tax_return:2026:28d" not in dict(leaving(await desk.plan()))
    await desk.live_until(local("2027-06-24 08:00"))
    sent = {row.key for row in await town.rows(State.SENT)}
    assert "meeting:m-001:invite" in sent
    assert "tax_return:2026:28d" not in sent


async def test_nothing_comes_in_between_while_a_talk_goes_on(desk: Desk) -> None:
    """What an earlier word has put off is put off by the next one too."""
    town, sent = desk.town, desk.town.sms.sent
    await desk.plan()
    await desk.live_until(local("2026-11-17 08:50"))
    before = len(sent)
    await town.hear("Hej Karin, hvordan gør jeg?")
    await desk.live_until(local("2026-11-17 09:05"))
    await town.hear("Jeg mener med moms?")
    await desk.live_until(local("2026-11-17 09:34"))
    assert [text.startswith("Tak for din besked. Karin læser den.") for text in town.sms.texts()[before:]] == [True] * 2
    await desk.live_until(local("2026-11-17 09:36"))
    assert town.sms.texts()[-1].startswith("Som ejer af Majas Keramik skal du indberette")


async def test_a_pause_of_one_topic_leaves_the_others_alone(desk: Desk) -> None:
    desk.town.clock.moment = local("2026-11-16 12:00")
    await desk.pause(date(2026, 11, 26), Topic.CHECK_INS)
    plan = dict(leaving(await desk.plan()))
    assert [(key, at) for key, at in plan.items() if key.startswith("vat")] == LADDER
    assert "check_in:2026-W47" not in plan


async def test_whoever_resumes_early_gets_at_most_one_message_of_all_that_waited(desk: Desk) -> None:
    await desk.plan()
    desk.town.clock.moment = local("2026-11-16 12:00")
    await desk.town.deliver()
    already = len(desk.town.sms.sent)
    await desk.pause(date(2026, 12, 1))
    await desk.live_until(local("2026-11-18 14:00"))
    assert len(desk.town.sms.sent) == already
    assert await desk.resume() == []
    plan = await desk.plan()
    assert leaving(plan)[0] == ("vat:2026Q3:14d", "2026-11-18 14:00")
    assert given_way(plan) == {"check_in:2026-W47": GaveWay.PAUSED}
    await desk.live_until(local("2026-11-18 23:00"))
    assert len(desk.town.sms.sent) == already + 1
    assert ("vat:2026Q3:7d", "2026-11-24 09:00") in leaving(await desk.plan())


async def test_a_pause_that_is_taken_back_at_once_changes_nothing(desk: Desk) -> None:
    before = leaving(await desk.plan())
    await desk.pause(date(2026, 12, 1))
    assert leaving(await desk.plan()) != before
    await desk.resume()
    assert leaving(await desk.plan()) == before


async def test_a_second_pause_changes_the_first_and_each_topic_has_its_own(desk: Desk) -> None:
    first = await desk.pause(date(2026, 11, 20))
    assert first == Running(None, MONDAY, date(2026, 11, 20), PauseReason.AWAY)
    desk.town.clock.pass_by(hours=1)
    second = await desk.pause(date(2026, 11, 10), reason=PauseReason.HOLIDAY)
    assert second == Running(None, MONDAY, date(2026, 11, 10), PauseReason.HOLIDAY)
    meetings = await desk.pause(date(2026, 11, 12), Topic.MEETINGS)
    assert await desk.resume(Topic.CHECK_INS) == [second, meetings]
    assert await desk.resume() == [meetings]
    assert await desk.resume(Topic.MEETINGS) == []


@pytest.mark.parametrize("days", [-400, -1, 0, 366, 4000])
async def test_a_pause_ends_on_a_day_to_come_within_a_year(desk: Desk, days: int) -> None:
    before = leaving(await desk.plan())
    with pytest.raises(InvalidError, match=r"^until: "):
        await desk.pause(MONDAY.date() + timedelta(days))
    assert await desk.resume() == []
    assert leaving(await desk.plan()) == before


@pytest.mark.parametrize("days", [1, 365])
async def test_a_pause_may_be_a_day_or_a_year(desk: Desk, days: int) -> None:
    assert (await desk.pause(MONDAY.date() + timedelta(days))).until == MONDAY.date() + timedelta(days)


async def test_the_day_of_a_pause_is_the_persons_own(desk: Desk) -> None:
    desk.town.clock.moment = local("2026-11-03 00:30")
    with pytest.raises(InvalidError):
        await desk.pause(date(2026, 11, 3))


async def test_nobody_pauses_whom_they_do_not_follow(desk: Desk) -> None:
    async with desk.town.db.begin() as session:
        bente = await add_coach(session, desk.town.db.vault, now=MONDAY)
    other = Desk(desk.town, bente, desk.maja)
    with pytest.raises(NotFoundError):
        await other.pause(date(2026, 11, 20))
    with pytest.raises(NotFoundError):
        await other.resume()
    assert [row.state for row in await desk.town.rows(State.CANCELLED)] == []
