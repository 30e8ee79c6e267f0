import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from medvind.errors import InvalidError, NotFoundError
from medvind.flows import support
from medvind.flows.support import Extended
from medvind.model import Ask, ChannelName, Milestone, PublicId, Role, State, SupportType, TaskKind, Viewer, new_id
from medvind.store.facts import facts_of
from medvind.store.support import listed
from medvind.store.tables import ParticipantRow, TaskRow
from tests.fakes import Town
from tests.people import Made, Person, add_person, add_question_and_answer
from tests.rules.facts import local

STARTED = date(2026, 7, 10)
"""The period ends on Saturday 9 January 2027, extended by a month on Tuesday 9 February."""
SIX_WEEKS, TWO_WEEKS, LAST_DAY = local("2026-11-27 10:00"), local("2026-12-23 10:00"), local("2027-01-09 20:00")


async def starter(town: Town, coach: Made, support_type: SupportType | None = SupportType.CASH_BENEFIT, **more: Any) -> Person:
    """Somebody who started in July, and is planned."""
    milestones = {Milestone.BUSINESS_STARTED: STARTED}
    async with town.db.begin() as session:
        person = await add_person(
            session,
            town.db.vault,
            coach_id=coach.id,
            milestones=milestones,
            support_type=support_type,
            now=town.clock.now(),
            **more,
        )
    await town.plan(person.id)
    return person


def viewer(coach: Made) -> Viewer:
    return Viewer(coach.id, Role.COACH)


async def grant(town: Town, coach: Made, person: Person, months: int = 1, day: date | None = None) -> Extended:
    now = town.clock.now()
    async with town.db.begin() as session:
        return await support.grant(session, viewer(coach), person.public_id, months, day or now.date(), now)


async def take_back(town: Town, coach: Made, person: Person, extension: PublicId) -> support.Support:
    async with town.db.begin() as session:
        return await support.take_back(session, viewer(coach), person.public_id, extension, town.clock.now())


async def reach(town: Town, moment: datetime) -> None:
    """Sends what is due at this moment."""
    town.clock.moment = moment
    await town.deliver()


async def calls(town: Town) -> list[dict[str, str]]:
    """What the coach's list says of calls."""
    async with town.db.read() as session:
        query = select(TaskRow.why).where(TaskRow.kind == TaskKind.CALL).order_by(TaskRow.id)
        return [dict(why) for why in await session.scalars(query)]


async def waiting(town: Town) -> list[str]:
    return [row.key for row in await town.rows(State.PLANNED) if row.kind.startswith("support")]


async def test_a_pensioner_gets_no_end_of_period_message(town: Town, coach: Made) -> None:
    phones = {f"+450100000{number}": support_type for number, support_type in enumerate([*SupportType, None], 1)}
    for number, (phone, support_type) in enumerate(phones.items()):
        await starter(town, coach, support_type, external_id=f"d-{number}", phone=phone)
    for moment in (SIX_WEEKS, TWO_WEEKS, LAST_DAY - timedelta(minutes=1)):
        await reach(town, moment)
    print(f"{len(phones)} people and {len(town.sms.sent)} messages looked at")
    told = {phones[message.to]: [one.text[:51] for one in town.sms.sent if one.to == message.to] for message in town.sms.sent}
    both = [f"Om cirka {weeks} uger, d. 9. januar, slutter din periode." for weeks in (6, 2)]
    assert told == dict.fromkeys(set(SupportType) - {SupportType.DISABILITY_PENSION}, both)


async def test_the_coach_is_warned_of_the_end_and_not_of_a_pensioners(town: Town, coach: Made) -> None:
    await starter(town, coach)
    await starter(town, coach, SupportType.DISABILITY_PENSION, external_id="d-002", phone="+4501000002")
    async with town.db.read() as session:
        query = select(TaskRow.shows_at, TaskRow.why).where(TaskRow.kind == TaskKind.SUPPORT_ENDS).order_by(TaskRow.shows_at)
        found = [(at, why["working_days"]) for at, why in await session.execute(query)]
    assert found == [(town.clock.now(), "30"), (local("2026-12-10 08:00"), "18")]


async def test_ja_to_the_six_week_message_puts_a_call_on_the_coachs_list(town: Town, coach: Made) -> None:
    await starter(town, coach)
    await reach(town, SIX_WEEKS)
    await town.hear("ja tak")
    await town.deliver()
    assert town.sms.texts()[-1].startswith("Godt. Karin ringer til dig senest næste hverdag.")
    assert await calls(town) == [{"reason": "asked to be called", "deadline": "2027-01-09"}]


async def test_ring_to_the_two_week_message_puts_a_call_on_the_coachs_list(town: Town, coach: Made) -> None:
    await starter(town, coach)
    await reach(town, SIX_WEEKS)
    await reach(town, TWO_WEEKS)
    await town.hear("RING")
    await town.deliver()
    assert town.sms.texts()[-1].startswith("Godt. Karin ringer til dig senest næste hverdag.")
    assert len(await calls(town)) == 1


async def test_a_second_ja_at_once_is_the_same_and_weeks_later_a_new_wish(town: Town, coach: Made) -> None:
    await starter(town, coach)
    await reach(town, SIX_WEEKS)
    await town.hear("ja")
    await town.hear("JA")
    assert len(await calls(town)) == 1
    town.clock.pass_by(days=14)
    await town.hear("ja")
    assert len(await calls(town)) == 2


async def test_nej_to_a_talk_is_respected_and_the_next_message_comes_all_the_same(town: Town, coach: Made) -> None:
    await starter(town, coach)
    await reach(town, SIX_WEEKS)
    await town.hear("nej tak")
    await town.deliver()
    assert town.sms.texts()[-1].startswith("Det er helt i orden. Karin er der stadig for dig.")
    assert await calls(town) == []
    assert await waiting(town) == ["support_end:2027-01-09:14d"]


async def test_the_buttons_say_the_words_that_the_text_asks_for(town: Town, coach: Made) -> None:
    await starter(town, coach, phone=None, telegram="4711")
    await reach(town, SIX_WEEKS)
    await reach(town, TWO_WEEKS)
    labels = [[button.label for button in message.buttons] for message in town.telegram.sent]
    assert labels == [["JA", "NEJ"], ["RING", "NEJ"]]


async def test_an_extension_withdraws_the_old_alerts_and_is_told_at_once(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    extended = await grant(town, coach, person)
    assert extended.ends_on == date(2027, 2, 9)
    await town.deliver()
    assert town.sms.texts() == ["Godt nyt: Din periode er blevet længere. Nu slutter den d. 9. februar. Vi skriver igen inden."]
    assert await waiting(town) == ["support_end:2027-02-09:42d", "support_end:2027-02-09:14d"]
    cancelled = [row.key for row in await town.rows(State.CANCELLED)]
    assert cancelled == ["support_end:2027-01-09:42d", "support_end:2027-01-09:14d"]


async def test_at_night_the_news_of_an_extension_waits_for_the_morning(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    town.clock.pass_by(hours=12)
    await grant(town, coach, person)
    await town.deliver()
    assert town.sms.sent == []
    await reach(town, local("2026-11-25 08:00"))
    assert len(town.sms.sent) == 1


async def test_the_same_extension_twice_is_one(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    first = await grant(town, coach, person)
    town.clock.pass_by(minutes=5)
    assert await grant(town, coach, person, 1, first.granted_on) == first
    async with town.db.read() as session:
        assert len(await listed(session, person.id)) == 1
        assert len((await facts_of(session, [person.id]))[person.id].extensions) == 1


async def test_two_calls_at_the_same_time_record_one_extension(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    first, second = await asyncio.gather(grant(town, coach, person), grant(town, coach, person))
    assert first == second
    async with town.db.read() as session:
        assert len(await listed(session, person.id)) == 1


REFUSED = [
    (SupportType.CASH_BENEFIT, "2026-07-09", "granted_on: the business had not started by then"),
    (SupportType.CASH_BENEFIT, "2026-11-25", "granted_on: that day is still to come"),
    (SupportType.DISABILITY_PENSION, "2026-11-24", "support_type: a pension goes on, so there is no end to put off"),
    (None, "2026-11-24", "support_type: not known, so no end can be reckoned"),
]


@pytest.mark.parametrize(("support_type", "day", "reason"), REFUSED)
async def test_an_extension_that_fits_no_period_is_refused_with_the_field(
    town: Town, coach: Made, support_type: SupportType | None, day: str, reason: str
) -> None:
    person = await starter(town, coach, support_type)
    with pytest.raises(InvalidError) as refused:
        await grant(town, coach, person, 1, date.fromisoformat(day))
    assert str(refused.value) == reason
    async with town.db.read() as session:
        assert await listed(session, person.id) == []


async def test_what_has_ended_is_extended_only_by_a_decision_from_before(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    town.clock.moment = local("2027-01-12 10:00")
    with pytest.raises(InvalidError) as refused:
        await grant(town, coach, person, 1, date(2027, 1, 10))
    assert str(refused.value) == "granted_on: the support ended before that, on 2027-01-09"
    assert (await grant(town, coach, person, 1, date(2027, 1, 9))).ends_on == date(2027, 2, 9)


async def test_two_decisions_of_one_day_contradict_each_other(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    await grant(town, coach, person, 1)
    with pytest.raises(InvalidError) as refused:
        await grant(town, coach, person, 2)
    assert str(refused.value) == "granted_on: another extension of that day is recorded; take it back first"


async def test_taken_back_before_the_person_heard_of_it_nothing_is_said(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    extended = await grant(town, coach, person)
    after = await take_back(town, coach, person, extended.id)
    assert (after.ends_on, after.working_days_left) == (date(2027, 1, 9), 30)
    assert await town.deliver() == 0
    assert await calls(town) == []
    assert await waiting(town) == ["support_end:2027-01-09:42d", "support_end:2027-01-09:14d"]


async def test_taken_back_afterwards_a_human_must_say_so(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    extended = await grant(town, coach, person)
    await town.deliver()
    await take_back(town, coach, person, extended.id)
    assert await calls(town) == [{"reason": "was told of an extension that is taken back", "ended": "2027-02-09"}]
    assert len(town.sms.sent) == 1


async def test_only_the_last_extension_can_be_taken_back(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    first = await grant(town, coach, person, 2)
    town.clock.pass_by(days=1)
    second = await grant(town, coach, person, 1)
    assert second.ends_on == date(2027, 4, 9)
    with pytest.raises(InvalidError) as refused:
        await take_back(town, coach, person, first.id)
    assert str(refused.value).startswith("extension_id: take back the later ones first")
    with pytest.raises(NotFoundError):
        await take_back(town, coach, person, new_id())
    await take_back(town, coach, person, second.id)
    assert (await take_back(town, coach, person, first.id)).ends_on == date(2027, 1, 9)


async def test_somebody_elses_person_is_not_found(town: Town, coach: Made) -> None:
    person = await starter(town, coach)
    stranger = Made(coach.id + 1, new_id())
    with pytest.raises(NotFoundError):
        await grant(town, stranger, person)
    with pytest.raises(NotFoundError):
        await take_back(town, stranger, person, new_id())


async def test_klar_to_the_tax_return_is_praised_and_kept(town: Town, coach: Made, maja: Person) -> None:
    now = town.clock.now()
    subject = {"period": "tax_return:2025", "year": "2025", "deadline": "2026-11-30"}
    async with town.db.begin() as session:
        vault = town.db.vault
        vat = {"period": "2026Q3"}
        await add_question_and_answer(session, vault, maja, ask=Ask.VAT, value=None, subject=vat, asked_at=now)
        at = now + timedelta(minutes=30)
        await add_question_and_answer(session, vault, maja, ask=Ask.TAX_RETURN, value=None, subject=subject, asked_at=at)
    town.clock.pass_by(hours=1)
    await town.hear("klar")
    await town.deliver()
    assert town.sms.texts()[-1].startswith("Godt gået. Så er dit oplysningsskema")
    async with town.db.read() as session:
        assert (await facts_of(session, [maja.id]))[maja.id].done == {"tax_return:2025"}


@pytest.mark.parametrize("words", ["Hvornår er der plads på kurset?", "lang " * 1000, "Mit nummer er 010190-1234"])
async def test_nothing_automatic_comes_within_half_an_hour_of_a_humans_words(town: Town, coach: Made, words: str) -> None:
    person = await starter(town, coach)
    await reach(town, SIX_WEEKS - timedelta(minutes=10))
    await town.hear(words)
    for minutes in (0, 10, 29):
        await reach(town, SIX_WEEKS + timedelta(minutes=minutes - 10))
        assert len(town.sms.sent) == 1
    await reach(town, SIX_WEEKS + timedelta(minutes=20))
    assert town.sms.texts()[-1].startswith("Om cirka 6 uger")
    async with town.db.read() as session:
        query = select(ParticipantRow.talked_at).where(ParticipantRow.id == person.id)
        assert await session.scalar(query) == SIX_WEEKS - timedelta(minutes=10)


async def test_a_known_word_is_no_conversation(town: Town, maja: Person, now: datetime) -> None:
    for word in ("HJÆLP", "RING", "STOP", "START"):
        await town.hear(word, channel=ChannelName.SMS)
    async with town.db.read() as session:
        assert await session.scalar(select(ParticipantRow.talked_at)) is None
