"""HVORFOR: of every kind of message there is, why it came, on which date it hangs, and the words that end its kind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import chain

import pytest

from medvind.flows.filling import reason
from medvind.model import (
    Attendance,
    ChannelName,
    Coached,
    Duty,
    Extension,
    Language,
    MeetingKind,
    Milestone,
    PersonFacts,
    RecipientType,
    SupportType,
    Topic,
    VatPeriod,
    VatRegistration,
)
from medvind.rules.meanings import Stop, StopTopic
from medvind.rules.plan import SOURCES
from medvind.rules.policy import policy_from
from medvind.rules.replies import read_reply
from medvind.rules.segments import measure
from medvind.rules.steps import MILESTONES, Programme
from medvind.store import words
from medvind.texts import Catalogue
from tests.fakes import Town
from tests.people import Made, Person, add_duty
from tests.rules.facts import local, meeting, person
from tests.rules.programmes import tip

CATALOGUE = Catalogue.load()
POLICY = replace(
    policy_from(
        {"lead_days.eu_list": "7 0", "meeting_ladder": "7d 1d 2h 90m", "tax_days": "preliminary_assessment_opens 2026-11-18"}
    ),
    programmes={7: Programme("Vores", tuple(tip("1 day after", one, name=f"tip-{one}") for one in MILESTONES))},
)
SINCE, UNTIL = local("2026-01-05 10:00"), local("2027-12-01 10:00")
KNOWN = "2026-11-01 10:00"
OF_COACHES = {
    *("why_invite_no_answer", "why_meeting_not_told", "why_meeting_no_reply", "why_support", "why_not_planned"),
    *("why_now_by_sms", "why_other_account", "why_no_way"),
}
"""What stands on a coach's list: nobody is sent it."""
SAID_BACK = {"why_answer", "why_none", "why_reply"}


def people() -> Iterator[PersonFacts]:
    """Somebody of every sort; together they are owed every kind of message."""
    days = dict.fromkeys(Milestone, date(2026, 10, 30))
    base = person("2026-01-05 10:00")
    gone = meeting("2026-12-03 14:00", KNOWN, sequence=2, told=1, told_holds=False, told_start=local("2026-12-01 14:00"))
    yield person(None, invite_since=local("2026-11-01 12:00"))
    yield person(invite_since=local("2026-11-01 12:00"), numbers=2, moved=True)
    yield replace(base, milestones={Milestone.COURSE_ENDED: date(2026, 10, 30)})
    yield replace(base, coaches=(Coached(1, base.created_at, local(KNOWN)), Coached(2, local(KNOWN))))
    business = replace(
        base,
        milestones=days,
        support_type=SupportType.CASH_BENEFIT,
        extensions=(Extension(3, date(2026, 11, 20), local("2026-11-20 10:00")),),
        vat=(VatRegistration(date(2026, 1, 1), VatPeriod.QUARTERLY),),
        pays_b_tax=True,
        sells_to_eu=True,
        meetings=(meeting("2026-12-03 14:00", KNOWN), meeting("2026-12-03 14:00", KNOWN, kind=MeetingKind.NETWORK_DAY)),
    )
    yield from (business, replace(business, programme=7))
    missed = meeting("2026-12-03 14:00", KNOWN, attendance=Attendance.NO_SHOW, entered_at=local("2026-12-03 16:00"))
    for one in (gone, replace(gone, cancelled=True), missed):
        yield replace(base, meetings=(one,))


@cache
def messages() -> tuple[Duty, ...]:
    """One message of each kind for each reason that it may have, in the words of its reason."""
    owed = chain.from_iterable(source(facts, POLICY, SINCE, UNTIL) for facts in people() for source in SOURCES)
    found = {(one.kind, one.why.key, *sorted(one.why.values.keys()), one.text): one for one in owed}
    return tuple(found.values())


def test_every_reason_that_a_participant_can_be_given_is_among_them() -> None:
    given = {one.why.key for one in messages()}
    kinds = {one.kind for one in messages()}
    print(f"{len(messages())} messages of {len(kinds)} kinds with {len(given)} reasons")
    every = {key for key in CATALOGUE.keys() if key.startswith("why_")}  # noqa: SIM118 - no mapping
    assert given == every - OF_COACHES - SAID_BACK - {"why_coach_word"}
    assert {one.topic for one in messages()} == {*Topic, None}


@pytest.mark.parametrize("one", messages(), ids=lambda one: f"{one.kind}-{one.text}-{'-'.join(one.why.values)}")
def test_each_says_its_date_and_the_words_that_end_its_kind_in_one_sms(one: Duty) -> None:
    hangs_on = date.fromisoformat((one.why.values.get("deadline") or one.why.values.get("start") or one.why.values["day"])[:10])
    topic = {"topic": one.topic.value} if one.topic else {}
    for language, day in ((Language.DA, f"{hangs_on.day}. {MONTHS[hangs_on.month]}"), (Language.EN, f"{hangs_on:%-d %B}")):
        why = reason(CATALOGUE, one.why.key, {**one.why.values, **topic}, language)
        text = CATALOGUE.render("why_answer", language, ChannelName.SMS, {"why": why, **topic}).text
        assert day in text, text
        assert measure(text).segments == 1, text
        asked = read_reply(text.rpartition(" Skriv " if language == Language.DA else " Write ")[2], [])
        assert asked == (StopTopic(one.topic) if one.topic else Stop()), text


MONTHS = {10: "oktober", 11: "november", 12: "december"} | dict(
    enumerate(("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september"), 1)
)


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("7d", "Vi minder om det 7 dage før."),
        ("1d", "Vi minder om det dagen før."),
        ("2h", "Vi minder om det 2 timer før."),
        ("90m", "Vi minder om det 90 minutter før."),
        ("chase", "Vi spurgte en gang til."),
        ("invite", "som du er inviteret til."),
    ],
)
def test_a_word_about_a_meeting_says_how_long_before_it_was_meant(step: str, says: str) -> None:
    found = [one for one in messages() if one.why.values.get("step") == step]
    assert found
    for one in found:
        assert reason(CATALOGUE, one.why.key, one.why.values, Language.DA).endswith(says)


async def test_of_two_messages_that_came_as_one_both_reasons_are_given(town: Town, coach: Made, maja: Person) -> None:
    del coach
    now = town.clock.now()
    vat = {"key": "why_vat", "values": {"period": "2026Q3", "deadline": "2026-12-01", "lead": "7"}}
    word = {"key": "why_waiting_word", "values": {"day": "2026-11-04", "days": "20"}}
    async with town.db.begin() as session:
        vault, about = town.db.vault, {"period": "2026Q3", "deadline": "2026-12-01"}
        await add_duty(
            session, vault, maja, kind="vat", key="vat", text="start", subject=about, why=vat, topic=Topic.DEADLINES, due_at=now
        )
        await add_duty(
            session,
            vault,
            maja,
            kind="waiting_word",
            key="word",
            text="number_confirmed",
            why=word,
            topic=Topic.ENCOURAGEMENT,
            carried_by="vat",
            due_at=now,
        )
    await town.deliver()
    town.clock.pass_by(minutes=1)
    await town.hear("hvorfor")
    await town.deliver()
    assert [text.rpartition(" Skriv ")[2] for text in town.sms.texts()[-2:]] == ["STOP FRISTER.", "STOP HILSNER."]


async def test_what_a_coach_wrote_is_said_to_be_a_persons_with_its_day(town: Town, coach: Made, maja: Person) -> None:
    to, at = (RecipientType.PARTICIPANT, maja.id), town.clock.now()
    async with town.db.begin() as session:
        until = at + timedelta(hours=12)
        await words.owe(session, to, coach.id, ChannelName.SMS, "Hej", now=at, due_at=at, valid_until=until, subject={})
    await town.deliver()
    town.clock.moment += timedelta(days=1)
    assert await town.answer("hvorfor") == (
        "En coach hos kommunen skrev den selv til dig tirsdag d. 24. november. Vil du ikke have flere? Skriv STOP."
    )
