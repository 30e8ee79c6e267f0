"""Words of danger from an address that nobody knows: help is told to everybody, and whoever is on duty hears of it."""

import pytest

from medvind.flows.alarm import MOST_HELPED
from medvind.model import ChannelName
from medvind.store import settings
from tests.fakes import Town

DUTY = "+4501009001"
SOMEBODY, ANOTHER = "+4501000999", "+4501000998"
SAID = "jeg vil ikke leve mere"


@pytest.fixture
async def on_duty(town: Town) -> Town:
    async with town.db.begin() as session:
        await settings.put(session, "duty_phone", DUTY, town.clock.now())
    return town


def to(town: Town, phone: str) -> list[str]:
    return [message.text for message in town.sms.sent if message.to == phone]


async def test_a_stranger_in_danger_reads_where_help_is_and_duty_is_told_within_a_minute(on_duty: Town) -> None:
    await on_duty.hear(SAID, sender=SOMEBODY)
    await on_duty.deliver()
    assert ["112" in text and "70 201 201" in text for text in to(on_duty, SOMEBODY)] == [True]
    assert len(to(on_duty, DUTY)) == 1
    told = to(on_duty, DUTY)[0].casefold()
    assert not [word for word in (*SAID.split(), SOMEBODY, SOMEBODY.removeprefix("+45")) if word in told.split()]


async def test_of_one_stranger_duty_is_told_once_an_hour_and_of_another_at_once(on_duty: Town) -> None:
    for minutes, sender, told in ((0, SOMEBODY, 1), (30, SOMEBODY, 1), (29, SOMEBODY, 1), (2, SOMEBODY, 2), (1, ANOTHER, 3)):
        on_duty.clock.pass_by(minutes=minutes)
        await on_duty.hear(SAID, sender=sender)
        await on_duty.deliver()
        assert len(to(on_duty, DUTY)) == told, (minutes, sender)


async def test_a_robot_that_sends_our_help_back_is_not_answered_for_ever(on_duty: Town) -> None:
    for _ in range(MOST_HELPED + 5):
        await on_duty.hear(SAID, sender=SOMEBODY)
        await on_duty.deliver()
    assert len(to(on_duty, SOMEBODY)) == MOST_HELPED
    assert len(to(on_duty, DUTY)) == 1


async def test_nobody_on_duty_is_no_reason_to_say_nothing(town: Town) -> None:
    await town.hear(SAID, sender=SOMEBODY)
    await town.deliver()
    assert len(to(town, SOMEBODY)) == len(town.sms.sent) == 1


async def test_a_stranger_in_telegram_is_helped_there(on_duty: Town) -> None:
    await on_duty.hear(SAID, sender="4711", channel=ChannelName.TELEGRAM)
    await on_duty.deliver()
    assert ["112" in message.text for message in on_duty.telegram.sent] == [True]
    assert len(to(on_duty, DUTY)) == 1


async def test_a_code_that_nobody_knows_is_told_apart_from_words_of_danger(on_duty: Town) -> None:
    await on_duty.hear("/start selvmord", sender="4711", channel=ChannelName.TELEGRAM)
    await on_duty.deliver()
    assert to(on_duty, DUTY) == []
    assert ["112" in message.text for message in on_duty.telegram.sent] == [False]


async def test_a_code_is_answered_as_a_code_after_words_of_danger_too(on_duty: Town) -> None:
    for words, helped in ((SAID, True), ("er der nogen", True), ("/start abcdefgh", False)):
        await on_duty.hear(words, sender="4711", channel=ChannelName.TELEGRAM)
        await on_duty.deliver()
        assert ("112" in on_duty.telegram.sent[-1].text) is helped, words
