"""Each yes and no is written down with its channel, moment, way and, where a text asked, that text's version."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from medvind.channels import InboundKind
from medvind.flows import reword
from medvind.flows.deliver import Machine, deliver_due
from medvind.flows.join import send_code
from medvind.flows.turns import Line
from medvind.model import ChannelName, Language, Purpose, Role, Viewer
from medvind.rules.wording import Words
from medvind.store import invites
from medvind.store.database import Session
from medvind.store.reach import add_address, say
from medvind.store.tables import ConsentRow, OutboxRow, ParticipantRow
from tests.fakes import Town
from tests.flows.enrolling import AMINA, BY, SAID_YES, add_team, bring
from tests.people import Made, Person, add_person

SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM
ADMIN = Viewer(None, Role.ADMIN, token_id="token-1")


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
        await town.deliver()
    assert await said(town) == [
        (SMS, True, "JA", "da/invite", at[0]),
        (SMS, False, "STOP", "", at[1]),
        (SMS, True, "START", "da/stop", at[2]),
    ]


@pytest.mark.parametrize(("word", "read"), [("PAUSE", "paused"), ("STOP HILSNER", "stopped_kind")])
async def test_a_start_names_the_text_that_had_said_how_to_begin_again(town: Town, coach: Made, word: str, read: str) -> None:
    await newcomer(town, coach)
    for one in ("Ja", "STOP", word, "START", word, "START"):
        town.clock.pass_by(minutes=1)
        await town.hear(one)
        await town.deliver()
    assert [(how, text) for _, _, how, text, _ in await said(town)] == [
        ("JA", "da/invite"),
        ("STOP", ""),
        ("START", "da/stop"),
        ("START", f"da/{read}"),
    ]


async def test_a_start_of_somebody_who_had_read_of_none_names_the_text_that_answers_it(town: Town, coach: Made) -> None:
    """Written down as stopped by a provider, say, which tells people nothing of ours."""
    person = await newcomer(town, coach)
    async with town.db.begin() as session:
        await session.execute(update(ParticipantRow).values(language=Language.EN))
        await say(session, person.id, [SMS], given=False, how="provider", now=town.clock.now())
    town.clock.pass_by(minutes=1)
    await town.hear("START")
    assert (await said(town))[-1] == (SMS, True, "START", "en/consent_info", town.clock.now())
    await town.deliver()
    async with town.db.read() as session:
        assert await session.scalar(select(ConsentRow.text_version).where(ConsentRow.given).limit(1)) == await sent(session)


async def sent(session: Session) -> str | None:
    """The version of what was sent last."""
    return await session.scalar(select(OutboxRow.text_version).order_by(OutboxRow.id.desc()).limit(1))


async def test_a_code_is_a_yes_to_telegram_alone_and_a_block_a_no_to_it(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    async with town.db.begin() as session:
        code = await invites.create(session, person.id, town.clock.now())
    await town.hear(f"/start {code}", sender="4711", channel=TELEGRAM)
    joined = town.clock.now()
    town.clock.pass_by(minutes=1)
    await town.hear("", sender="4711", channel=TELEGRAM, kind=InboundKind.BLOCKED)
    assert await said(town) == [
        (TELEGRAM, True, "code", "da/telegram_joined", joined),
        (TELEGRAM, False, "blocked", "", town.clock.now()),
    ]


@pytest.mark.parametrize("own", [True, False])
async def test_who_joins_by_a_link_reads_at_once_what_it_means_and_that_very_version_is_written_down(
    town: Town, coach: Made, *, own: bool
) -> None:
    """A link on paper or on a screen comes with no words of ours."""
    person = await newcomer(town, coach)
    if own:
        words = Words("Hej {{ first_name }}. Velkommen. Skriv STOP, n\u00e5r du vil stoppe.")
        async with town.db.begin() as session:
            draft = await reword.save(session, ADMIN, "telegram_joined", Language.DA, words, town.clock.now())
            await reword.make_live(session, ADMIN, "telegram_joined", Language.DA, draft.number, town.clock.now())
    async with town.db.begin() as session:
        code = await invites.create(session, person.id, town.clock.now())
    await town.hear(f"/start {code}", sender="4711", channel=TELEGRAM)
    await town.deliver()
    async with town.db.read() as session:
        assert set(await session.scalars(select(ConsentRow.text_version))) == {await sent(session)}
    [welcome] = town.telegram.texts()
    if not own:
        for told in ("p\u00e5mindelser, korte sp\u00f8rgsm\u00e5l og hilsner", "Det er frivilligt", "Karin kan se dine svar"):
            assert told in welcome
        for told in ("ingen l\u00e6ser med hele d\u00f8gnet", "ring 112", "CPR-nummer", "HJ\u00c6LP", "STOP"):
            assert told in welcome


async def test_who_joins_by_a_code_had_read_the_sms_that_brought_it(town: Town, coach: Made) -> None:
    person = await newcomer(town, coach)
    await town.hear("Ja")
    for _ in range(2):  # the second takes the place of the first
        town.clock.pass_by(minutes=20)
        async with town.db.begin() as session:
            await send_code(session, Viewer(coach.id, Role.COACH), person.public_id, town.clock.now())
        await town.deliver()
    code = town.sms.texts()[-1].partition("koden ")[2].partition(". ")[0]
    await town.hear(code, sender="4711", channel=TELEGRAM)
    assert (await said(town))[-1] == (TELEGRAM, True, "code", "da/telegram_code", town.clock.now())


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
    for told in ("Det er frivilligt", "Karin kan se dine svar", "ingen l\u00e6ser med hele d\u00f8gnet", "STOP", "HJ\u00c6LP"):
        assert told in " ".join(welcome)


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
