"""Whoever is not known yet is a person all the same: one answer after the other, in the order of what they wrote."""

from datetime import timedelta

from medvind.flows.deliver import prepare
from medvind.model import ChannelName
from tests.fakes import Town

SOMEBODY, ANOTHER = "+4501000999", "+4501000998"


async def test_of_two_answers_to_a_stranger_one_is_under_way_at_a_time_and_the_first_goes_first(town: Town) -> None:
    await town.hear("Hvem er I?", sender=SOMEBODY)
    await town.hear("Hallo", sender=ANOTHER)
    await town.hear("jeg vil ikke leve mere", sender=SOMEBODY)
    prepared = await prepare(town.db, town.machine, town.catalogue, town.clock)
    assert sorted(slot.letter.outgoing.to for slot in prepared.slots) == [ANOTHER, SOMEBODY]
    assert {slot.letter.outgoing.text[:6] for slot in prepared.slots} == {"Hej. M"}, "the words of help come right after it"


async def test_a_stranger_who_writes_again_on_another_day_is_answered_then(town: Town) -> None:
    for _ in range(3):
        await town.hear("Hvem er I?", sender=SOMEBODY)
        await town.deliver()
        town.clock.moment += timedelta(days=1, hours=1)
    assert [one.to for one in town.sms.sent] == [SOMEBODY] * 3


async def test_telegrams_start_and_a_word_after_it_are_answered_in_that_order(town: Town) -> None:
    for said in ("/start", "Hej"):
        await town.hear(said, sender="7999", channel=ChannelName.TELEGRAM)
    await town.deliver()
    assert [one.text[:16] for one in town.telegram.sent] == ["Hej. Har du fået", "Hej. Medvind skr"]
