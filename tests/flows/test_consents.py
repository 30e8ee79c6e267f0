"""Each yes and no is written down with its channel, moment, way and, where a text asked, that text's version."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from medvind.channels import InboundKind
from medvind.flows.deliver import Machine, deliver_due
from medvind.flows.turns import Line
from medvind.model import ChannelName, Purpose
from medvind.store import invites
from medvind.store.reach import add_address
from medvind.store.tables import ConsentRow
from tests.fakes import Town
from tests.flows.enrolling import AMINA, BY, SAID_YES, add_team, bring
from tests.people import Made, Person, add_person

SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM


async def newcomer(town: Town, coach: Made) -> Person:
    """Invited by SMS."""
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, coach_id=coach.id, consented=False, now=town.clock.now())
    await town.plan(person.id)
    await town.deliver()
    return person


async def said(town: Town) -> list[tuple[Any, ...]]:
    """Channel, yes or no, how, the name of the text that asked, and when: once for all purposes, in their order."""
    query = select(
        ConsentRow.channel, ConsentRow.purpose, ConsentRow.given, ConsentRow.how, ConsentRow.text_version, ConsentRow.at
    )
    async with town.db.read() as session:
        rows = (await session.execute(query.order_by(ConsentRow.id))).all()
    groups: dict[tuple[Any, ...], set[Purpose]] = {}
    for channel, purpose, given, how, version, at in rows:
        groups.setdefault((channel, given, how, (version or "").partition("@")[0], at), set()).add(purpose)
    assert all(purposes == set(Purpose) for purposes in groups.values())
    return list(groups)


async def test_a_yes_to_the_invitation_names_the_text_that_asked(town: Town, coach: Made) -> None:
    await newcomer(town, coach)
    town.clock.pass_by(minutes=5)
    await town.hear("Ja")
    assert await said(town) == [(SMS, True, "JA", "da/invite", town.clock.now())]


async def test_a_no_names_it_too(town: Town, coach: Made) -> None:
    await newcomer(town, coach)
    await town.hear("nej tak")
    assert await said(town) == [(SMS, False, "NEJ", "da/invite", town.clock.now())]


async def test_stop_takes_one_word_and_is_written_beside_the_yes(town: Town, coach: Made) -> None:
    await newcomer(town, coach)
    await town.hear("Ja")
    at: list[datetime] = [town.clock.now()]
    for word in ("STOP", "START"):
        at.append(town.clock.pass_by(minutes=1))
        await town.hear(word)
    assert await said(town) == [
        (SMS, True, "JA", "da/invite", at[0]),
        (SMS, False, "STOP", "", at[1]),
        (SMS, True, "START", "", at[2]),
    ]


async def test_a_code_is_a_yes_to_telegram_alone_and_a_block_a_no_to_it(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    async with town.db.begin() as session:
        code = await invites.create(session, person.id, town.clock.now())
    await town.hear(f"/start {code}", sender="4711", channel=TELEGRAM)
    joined = town.clock.now()
    town.clock.pass_by(minutes=1)
    await town.hear("", sender="4711", channel=TELEGRAM, kind=InboundKind.BLOCKED)
    assert await said(town) == [(TELEGRAM, True, "code", "", joined), (TELEGRAM, False, "blocked", "", town.clock.now())]


async def test_a_yes_on_paper_is_written_down_as_such_with_its_own_day(town: Town) -> None:
    await add_team(town)
    await bring(town, AMINA | SAID_YES)
    [(channel, given, how, version, at)] = await said(town)
    assert (channel, given, how, version) == (SMS, True, "import", "")
    assert at < town.clock.now()


async def test_who_wrote_down_a_yes_on_paper_is_kept_beside_it_and_nobody_beside_a_yes_from_a_phone(town: Town) -> None:
    """A change of the same person by somebody else leaves whose yes it was."""
    await add_team(town)
    await bring(town, AMINA | SAID_YES)
    await bring(town, AMINA | SAID_YES | {"first_name": "Amina B"}, by="operator ole")
    town.clock.pass_by(minutes=1)
    for word in ("STOP", "START"):
        await town.hear(word)
    async with town.db.read() as session:
        kept = (await session.execute(select(ConsentRow.how, ConsentRow.entered_by).distinct())).all()
    assert set(kept) == {("import", BY), ("STOP", None), ("START", None)}


async def test_the_first_text_after_a_yes_says_that_there_is_telegram_and_all_of_it_is_two_parts(
    town: Town, coach: Made
) -> None:
    await newcomer(town, coach)
    await town.hear("Ja")
    await town.deliver()
    welcome = town.sms.texts()[1:]
    assert "Hellere i Telegram? Sp\u00f8rg din coach." in welcome[0]
    assert len(welcome) == 2
    assert all(len(text) <= 160 for text in welcome)


async def test_without_a_bot_nobody_speaks_of_telegram(town: Town, coach: Made) -> None:
    await newcomer(town, coach)
    await town.hear("Ja")
    only_sms = Machine("worker-1", {SMS: Line(town.sms, 1000)})
    while await deliver_due(town.db, only_sms, town.catalogue, town.clock):
        pass
    assert [text[:12] for text in town.sms.texts()[1:]] == ["Tak, du er m", "Det er frivi"]
    assert not [text for text in town.sms.texts() if "Telegram" in text]


async def test_whoever_has_telegram_already_is_not_told_of_it(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    async with town.db.begin() as session:
        await add_address(session, person.id, TELEGRAM, "4711", town.clock.now())
    await town.hear("Ja")
    await town.deliver()
    assert [text[:12] for text in town.sms.texts()[1:]] == ["Tak, du er m", "Det er frivi"]
    assert not [text for text in town.sms.texts() if "Telegram" in text]
