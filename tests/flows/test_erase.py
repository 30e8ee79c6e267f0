"""One person is erased: nothing of them is left but a proof, and nobody else and no figure is touched."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from medvind.errors import InvalidError, MergeRefusedError, NotAllowedError, NotFoundError
from medvind.flows import erase
from medvind.flows.plan import plan_all
from medvind.model import ChannelName, Role, State, TaskKind, Viewer
from medvind.rules.erasing import EraseReason
from medvind.store import erasures, gauges, marks, tasks
from medvind.store.erasures import Erased
from medvind.store.figures import figures
from medvind.store.own_data import OF_NOBODY
from medvind.store.tables import InboxRow, OutboxRow, ProviderCopyRow
from tests.fakes import Town
from tests.flows.records import NEW, OLD, two_records
from tests.lives import WORDS, add_life, in_files_of, opened, sealed_of, traces_of
from tests.people import Made, Person, add_meeting

OMAR = ("Omar", "Omars Cykler", "+4501000072", "700072", "Hvordan har Omar det?", "Omar er træt", "Stue 72")
LONG_AGO = timedelta(days=2)
ADMIN = Viewer(None, Role.ADMIN)


@pytest.fixture
async def majken(town: Town, coach: Made) -> Person:
    async with town.db.begin() as session:
        return await add_life(session, coach, town.clock.now())


async def asks(town: Town, person: Person, ago: timedelta = LONG_AGO) -> None:
    async with town.db.begin() as session:
        at = town.clock.now() - ago
        await tasks.raise_task(session, TaskKind.ERASE, f"erase:{person.id}", person.id, {}, at)


async def erased(
    town: Town, person: Person, viewer: Viewer, reason: EraseReason | None = None, code: str | None = None
) -> Erased:
    async with town.db.begin() as session:
        seen = code or (await erase.preview(session, viewer, person.public_id)).code
        return await erase.erase_for(session, viewer, person.public_id, seen, reason, town.clock.now())


def karin(coach: Made) -> Viewer:
    return Viewer(coach.id, Role.COACH)


async def test_nothing_of_them_can_be_read_anywhere_afterwards(town: Town, coach: Made, majken: Person) -> None:
    await asks(town, majken)
    async with town.db.read() as session:
        assert len({trace.partition(":")[0] for trace in await traces_of(session, majken)}) >= 6
        about = {name for name in (await opened(session)) if name not in OF_NOBODY} | {"meeting_versions", "idempotency"}
        person = await erasures.living(session)
        assert person is not None
        counted, copies = await erasures.counted(session, person)
    assert counted.keys() == about, "a table that holds something of a person has none of hers here"
    done = await erased(town, majken, karin(coach))
    assert (done.rows, done.copies) == (counted, copies)
    async with town.db.read() as session:
        assert await traces_of(session, majken) == [f"erasures: {majken.public_id}"]
    print(f"{sum(done.rows.values())} rows in {len(done.rows)} tables went, {done.copies} copies at the provider are to go")


async def test_their_words_do_not_stand_in_the_file_either(town: Town, coach: Made, majken: Person) -> None:
    """Neither in a page that is free now, nor in the second file with the pages of before."""
    if town.db.side_by_side:
        return
    await asks(town, majken)
    async with town.db.read() as session:
        sealed = await sealed_of(session, majken)
    assert in_files_of(town.db, sealed) == sealed
    await erased(town, majken, karin(coach))
    await town.db.let_go_of_old_pages()
    assert in_files_of(town.db, sealed) == []
    print(f"looked for {len(sealed)} values")


async def test_with_somebody_goes_every_record_that_was_joined_with_theirs(town: Town) -> None:
    records = await two_records(town)
    await records.merge()
    await asks(town, records.kept)
    done = await erased(town, records.kept, records.viewer)
    async with town.db.read() as session:
        for person, phone in ((records.kept, OLD), (records.other, NEW)):
            words = ("Maja", "", phone, "no account", "", "", "")
            found = await traces_of(session, person, tuple(one or "nothing such" for one in words))
            assert found == [f"erasures: {person.public_id}"], "in a backup from before that each stands by itself"
            assert await marks.find(session, marks.of_number(session.vault, phone)), "neither number is written to again"
    assert done.rows["participants"] == 2


async def test_a_record_that_was_joined_is_not_erased_by_itself(town: Town) -> None:
    records = await two_records(town)
    await records.merge()
    for viewer in (ADMIN, records.viewer):
        with pytest.raises(MergeRefusedError, match="joined with d-1"):
            await erased(town, records.other, viewer)
    with pytest.raises(MergeRefusedError, match="joined with d-1"):
        async with town.db.begin() as session:
            await erase.erase(session, "d-2", None, town.clock.now())


async def test_who_is_kept_for_a_case_is_kept_under_every_record_of_theirs(town: Town) -> None:
    records = await two_records(town)
    async with town.db.begin() as session:
        await erase.hold(session, records.viewer, records.other.public_id, town.clock.now())
    await records.merge()
    with pytest.raises(InvalidError, match="kept for a case"):
        await erased(town, records.kept, ADMIN, EraseReason.DECIDED)
    async with town.db.begin() as session:
        await erase.end_hold(session, ADMIN, records.kept.public_id)
    await erased(town, records.kept, ADMIN, EraseReason.DECIDED)


async def test_nobody_else_loses_anything(town: Town, coach: Made, majken: Person) -> None:
    async with town.db.begin() as session:
        now = town.clock.now()
        omar = await add_life(session, coach, now, external_id="d-72", words=OMAR)
        at = (now + timedelta(days=5)).replace(tzinfo=None)
        both = await add_meeting(session, town.db.vault, external_id="m-both", attendees=[majken, omar], starts_at=at, now=now)
    await asks(town, majken)
    async with town.db.read() as session:
        before = await traces_of(session, omar, OMAR)
    await erased(town, majken, karin(coach))
    async with town.db.read() as session:
        assert await traces_of(session, omar, OMAR) == before
        left = await opened(session)
    assert [one["participant_id"] for one in left["attendees"] if one["meeting_id"] == both.id] == [omar.id]


async def test_the_figures_are_the_same_before_and_after(town: Town, coach: Made, majken: Person) -> None:
    """But for what still waited, and is owed to nobody any more."""
    await asks(town, majken)
    now = town.clock.now()
    async with town.db.read() as session:
        before, tried = await figures(session), (await gauges.read(session, now)).tries
    assert before.ended == {"planned": 1}
    await erased(town, majken, karin(coach))
    async with town.db.read() as session:
        after, still = await figures(session), (await gauges.read(session, now)).tries
    assert (after.people, after.sent, after.received, after.tasks) == (1, before.sent, before.received, before.tasks)
    assert (after.joined, after.asked, after.answered, after.doubled) == (1, before.asked, before.answered, before.doubled)
    assert after.ended == {}
    assert still == tried != []


async def test_again_it_answers_the_same(town: Town, coach: Made, majken: Person) -> None:
    await asks(town, majken)
    first = await erased(town, majken, karin(coach))
    town.clock.pass_by(days=3)
    for viewer in (karin(coach), Viewer(None, Role.ADMIN)):
        assert await erased(town, majken, viewer, code="none") == first
    async with town.db.read() as session:
        assert (await figures(session)).people == 1
    with pytest.raises(NotFoundError):
        await erased(town, majken, Viewer(coach.id + 1, Role.COACH), code="none")


async def test_a_coach_waits_for_the_day_of_regret_and_is_told_how_long(town: Town, coach: Made, majken: Person) -> None:
    await asks(town, majken, timedelta(hours=23))
    with pytest.raises(InvalidError, match="may take it back until 2026-11-24 11:00"):
        await erased(town, majken, karin(coach))
    town.clock.pass_by(hours=1)
    assert (await erased(town, majken, karin(coach))).reason == EraseReason.ASKED


async def test_slet_mig_ends_so_and_behold_keeps_all(town: Town, coach: Made, majken: Person) -> None:
    """As the person writes it."""
    for word in ("slet mig", "behold", "slet mig"):
        await town.hear(word, WORDS[2])
        town.clock.pass_by(minutes=5)
        if word == "behold":
            with pytest.raises(InvalidError, match="have not written SLET MIG"):
                await erased(town, majken, karin(coach))
    town.clock.pass_by(days=1)
    assert (await erased(town, majken, karin(coach))).rows["tasks"] > 1


async def test_without_their_wish_an_administrator_says_why_and_a_coach_can_not(
    town: Town, coach: Made, majken: Person
) -> None:
    admin = Viewer(None, Role.ADMIN)
    with pytest.raises(InvalidError, match="reason: they have not written SLET MIG"):
        await erased(town, majken, admin)
    with pytest.raises(NotAllowedError):
        await erased(town, majken, karin(coach), EraseReason.ASKED_OTHERWISE)
    assert (await erased(town, majken, admin, EraseReason.MISTAKE)).reason == EraseReason.MISTAKE


@pytest.mark.parametrize("role", [Role.LEAD, Role.SERVICE])
async def test_nobody_else_can_even_look(town: Town, majken: Person, role: Role) -> None:
    async with town.db.begin() as session:
        with pytest.raises(NotFoundError):
            await erase.preview(session, Viewer(None, role), majken.public_id)
        with pytest.raises(NotFoundError):
            await erase.erase_for(session, Viewer(None, role), majken.public_id, "none", None, town.clock.now())


async def test_the_code_of_another_person_erases_nobody(town: Town, coach: Made, majken: Person, maja: Person) -> None:
    await asks(town, majken)
    async with town.db.begin() as session:
        other = (await erase.preview(session, karin(coach), maja.public_id)).code
    with pytest.raises(InvalidError, match="code: is not this person's"):
        await erased(town, majken, karin(coach), code=other)


async def test_who_is_kept_for_a_case_stays_until_an_administrator_ends_it(town: Town, coach: Made, majken: Person) -> None:
    await asks(town, majken)
    admin, now = Viewer(None, Role.ADMIN), town.clock.now()
    async with town.db.begin() as session:
        for _ in range(2):
            await erase.hold(session, karin(coach), majken.public_id, now)
            now += timedelta(hours=1)
        assert (await erase.preview(session, admin, majken.public_id)).held_at == town.clock.now()
    for viewer, reason in ((karin(coach), None), (admin, EraseReason.DECIDED)):
        with pytest.raises(InvalidError, match="is kept for a case"):
            await erased(town, majken, viewer, reason)
    async with town.db.begin() as session:
        with pytest.raises(NotAllowedError):
            await erase.end_hold(session, karin(coach), majken.public_id)
        await erase.end_hold(session, admin, majken.public_id)
    assert (await erased(town, majken, karin(coach))).id == majken.public_id


async def test_what_they_write_afterwards_is_a_strangers(town: Town, coach: Made, majken: Person) -> None:
    await asks(town, majken)
    await erased(town, majken, karin(coach))
    await town.hear("Hvordan går det med min sag?", WORDS[2])
    await town.deliver()
    assert len(town.sms.sent) == 1
    async with town.db.read() as session:
        assert list(await session.execute(select(InboxRow.participant_id, InboxRow.meaning))) == [(None, "stranger")]


async def test_what_they_wrote_before_is_not_heard_again_when_the_provider_repeats_it(
    town: Town, coach: Made, majken: Person
) -> None:
    await town.hear("slet mig", WORDS[2])
    town.clock.pass_by(days=2)
    await erased(town, majken, karin(coach))
    for _ in range(2):
        assert not await town.hear("slet mig", WORDS[2], again=True)
        town.clock.pass_by(days=100)
    assert await town.rows() == []


async def test_a_plan_made_afterwards_owes_them_nothing(town: Town, coach: Made, majken: Person, now: datetime) -> None:
    await asks(town, majken)
    await erased(town, majken, karin(coach))
    assert (await plan_all(town.db, town.clock, anew=True)).people == 0
    await town.plan(majken.id)
    await town.run_until(now + timedelta(days=30), timedelta(hours=6))
    assert (town.sms.sent, town.telegram.sent, await town.rows()) == ([], [], [])


async def test_only_what_twilio_keeps_is_to_be_deleted_there(town: Town, coach: Made, majken: Person) -> None:
    await asks(town, majken)
    async with town.db.read() as session:
        sms = (InboxRow.channel == ChannelName.SMS, InboxRow.provider_id)
        came = set(await session.scalars(select(sms[1]).where(sms[0])))
        sent = set(await session.scalars(select(OutboxRow.provider_id).where(OutboxRow.state == State.DELIVERED)))
    await erased(town, majken, karin(coach))
    async with town.db.read() as session:
        assert set(await session.scalars(select(ProviderCopyRow.provider_id))) == came | sent
