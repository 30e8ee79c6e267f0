"""Whoever has no coach is heard and answered as everybody is, by people who are there; no answer ends as failed."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from medvind.channels import InboundKind
from medvind.model import Ask, ChannelName, State
from medvind.store import settings
from tests.fakes import Town
from tests.people import Person, add_meeting, add_person, add_question_and_answer

DUTY, PHONE = "+4501009002", "+4501000001"
WORDS = "jeg vil ikke leve mere"
PARTS = tomllib.loads((Path(__file__).parents[1] / "data" / "replies.toml").read_text("utf-8"))
ROWS = [row for part in PARTS.values() for row in part]
EVERYTHING = list({meaning.partition(":")[0]: (asked, text) for asked, text, meaning in reversed(ROWS)}.values())
"""For each meaning that the table of replies knows, what is open and the first words that have it."""
SCORES = [("check_in", str(number)) for number in (1, 3, 5)]
FURTHER = [*[("-", one) for one in (WORDS, WORDS, "undskyld jeg skrev det", "det er håbløst alt sammen")], ("-", "x" * 5000)]


async def nobodys(town: Town, duty: str = "") -> Person:
    async with town.db.begin() as session:
        await settings.put(session, "duty_phone", duty, town.clock.now())
        return await add_person(session, town.db.vault, telegram="7001", now=town.clock.now())


@pytest.mark.parametrize("duty", [DUTY, ""], ids=["somebody is on duty", "nobody is"])
async def test_words_of_danger_from_a_person_without_a_coach_are_answered_with_help_numbers(town: Town, duty: str) -> None:
    await nobodys(town, duty)
    await town.hear(WORDS)
    await town.deliver()
    [read] = [one.text for one in town.sms.sent if one.to == PHONE]
    assert read.startswith("Det lyder svært. Er du i fare, så ring 112 nu. Livslinien: 70 201 201.")
    assert ("et menneske får besked" in read) is bool(duty)
    assert [one.to for one in town.sms.sent if one.to != PHONE] == ([duty] if duty else [])
    assert await town.rows(State.FAILED) == []


async def test_what_is_planned_for_a_person_without_a_coach_leaves(town: Town) -> None:
    """The invitation and all of a meeting, asked of the municipality in place of a coach."""
    async with town.db.begin() as session:
        vault, now = town.db.vault, town.clock.now()
        maja = await add_person(session, vault, consented=False, now=now)
        osman = await add_person(session, vault, external_id="d-002", phone="+4501000002", now=now)
        starts_at = (now + timedelta(days=9)).replace(tzinfo=None, hour=14)
        await add_meeting(session, vault, starts_at=starts_at, attendees=[osman], now=now)
    for person in (maja, osman):
        await town.plan(person.id)
    await town.run_until(now + timedelta(days=10))
    kinds = {one.kind for one in await town.rows(State.SENT)}
    assert {"invite", "meeting_invite", "meeting_reminder", "meeting_notice"} <= kinds
    assert await town.rows(State.FAILED) == []
    texts = town.sms.texts()
    assert any(text.startswith("Hej Maja. Medvind skriver for kommunen.") for text in texts)
    assert any(text.endswith("Bliver du forsinket, så ring til kommunen.") for text in texts)
    assert sum(text.endswith("Hilsen kommunen") for text in texts) >= 3


async def test_no_answer_to_a_person_without_a_coach_ends_as_failed(town: Town) -> None:
    maja, said = await nobodys(town), 0
    for asked, text in [*EVERYTHING, *SCORES, *FURTHER]:
        await town.hear("start")
        await ask(town, maja, asked)
        for channel, sender in ((ChannelName.SMS, PHONE), (ChannelName.TELEGRAM, "7001")):
            await town.hear(text, sender, channel)
            said += 1
        await town.deliver()
        town.clock.pass_by(minutes=10)
    await town.hear("", kind=InboundKind.MEDIA)
    await town.deliver()
    failed = await town.rows(State.FAILED)
    answered = {one.key for one in await town.rows(State.SENT)}
    print(f"{len(failed)} answers failed, {len(answered)} left, to {said} messages")
    assert {(one.kind, one.reason) for one in failed} == set()
    assert len(answered) > said / 2


async def ask(town: Town, maja: Person, names: str) -> None:
    """Has these questions open with her, the latest first."""
    now = town.clock.now()
    for number, name in enumerate(names.replace("+", ",").split(",") if names != "-" else []):
        subject = await about(town, maja, Ask(name), number, now)
        async with town.db.begin() as session:
            await add_question_and_answer(
                session, town.db.vault, maja, ask=Ask(name), value=None, subject=subject, asked_at=now
            )


async def about(town: Town, maja: Person, kind: Ask, number: int, now: datetime) -> Mapping[str, str]:
    match kind:
        case Ask.RSVP:
            async with town.db.begin() as session:
                external, at = f"m-{now.timestamp()}-{number}", datetime(2027, 3, 3, 14)  # noqa: DTZ001
                meeting = await add_meeting(
                    session, town.db.vault, external_id=external, starts_at=at, attendees=[maja], now=now
                )
            return {"meeting": meeting.public_id, "sequence": "1"}
        case Ask.VAT:
            return {"period": "2026Q3", "deadline": "2026-12-01"}
        case Ask.TAX_RETURN:
            return {"period": "tax_return:2026", "year": "2026", "deadline": "2027-07-01"}
        case _:
            return {}
