"""Somebody else has the phone: they are told sorry once, and the number is gone until a coach finds the right one."""

from medvind.model import ChannelName, Role, TaskKind, Viewer
from medvind.store.cards import jobs
from tests.fakes import Town
from tests.people import Made, Person, add_address, add_consent


async def test_a_wrong_number_gets_one_word_and_never_another(town: Town, coach: Made, maja: Person) -> None:
    await town.hear("Forkert nummer")
    await town.deliver()
    assert town.sms.texts() == ["Undskyld. Vi har fjernet dit nummer. Du hører ikke fra os igen."]
    async with town.db.read() as session:
        listed = (await jobs(session, seen_by=Viewer(coach.id, Role.COACH), after=None, limit=9, now=town.clock.now())).items
    assert [one.kind for one in listed] == [TaskKind.WRONG_NUMBER]
    await town.plan(maja.id)
    await town.hear("hvem er I")
    await town.deliver()
    assert town.sms.texts()[1:] == [
        "Hej. Medvind skriver kun med dem, som har en aftale med kommunens coach. Spørg din coach, hvis du vil være med."
    ]


async def test_in_telegram_there_is_no_number_to_be_wrong(town: Town, coach: Made, maja: Person) -> None:
    async with town.db.begin() as session:
        await add_address(session, town.db.vault, maja, ChannelName.TELEGRAM, "7001", now=town.clock.now())
        await add_consent(session, maja, ChannelName.TELEGRAM, now=town.clock.now())
    await town.hear("forkert nummer", "7001", ChannelName.TELEGRAM)
    await town.deliver()
    assert town.telegram.texts()[0].startswith("Tak for din besked. Karin læser den.")
