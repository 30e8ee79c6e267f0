"""What nobody has read: who is told, when, how often, and that it ends once somebody has read it, or answered it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from medvind.channels import Inbound, InboundKind
from medvind.errors import InvalidError, NotFoundError
from medvind.flows import unread, write
from medvind.flows.receive import set_aside
from medvind.flows.report import Reader
from medvind.model import Ask, ChannelName, Language, Role, TaskKind, Viewer
from medvind.store import deputies, settings
from medvind.store import unread as store
from medvind.store.tables import InboxRow, TaskRow
from tests.fakes import Town
from tests.flows.steering import local
from tests.people import ZONE, Made, Person, add_coach, add_meeting, add_person, add_question_and_answer

KARIN, BENTE, DUTY, SECRET = "+4501009001", "+4501009003", "+4501009002", "kan vi tale om lejemålet"
LONG_AFTER = "2026-11-27 17:00"
MANY = 20
TO_COACH = "Medvind: På din liste er der noget, som venter på at blive læst eller besvaret. Åbn den, når du kan."

Before = Callable[["Office"], Awaitable[None]]


@dataclass
class Office:
    """Karin with Maja and Osman; what the phones of those who serve them have read, with the time on the wall."""

    town: Town
    karin: Made
    maja: Person
    told: list[tuple[str, str]] = field(default_factory=list)

    async def look(self, worker: str = "worker-1") -> None:
        """One beat, and what leaves after it."""
        before = len(self.town.sms.sent)
        await unread.remind(self.town.db, worker, self.town.clock)
        due = await self.town.next_due()
        if due and due <= self.town.clock.now():
            await self.town.deliver()
        wall = self.town.clock.now().astimezone(ZoneInfo(ZONE))
        new = self.town.sms.sent[before:]
        self.told += [(f"{wall:%a %H:%M}", one.to) for one in new if one.text.startswith("Medvind:")]

    async def live(self, end: str) -> list[tuple[str, str]]:
        """Hour after hour, until then; what was told meanwhile."""
        self.told = []
        while self.town.clock.now() < local(end):
            self.town.clock.pass_by(hours=1)
            await self.look()
        return self.told

    async def listed(self, kind: TaskKind = TaskKind.UNREAD) -> list[str]:
        """The messages that such tasks are about."""
        query = select(TaskRow.why).where(TaskRow.done_at.is_(None), TaskRow.kind == kind)
        async with self.town.db.read() as session:
            return [why["inbox"] for why in await session.scalars(query.order_by(TaskRow.id))]

    async def came(self) -> list[str]:
        """All that came in, by its id."""
        async with self.town.db.read() as session:
            return list(await session.scalars(select(InboxRow.public_id).order_by(InboxRow.id)))

    async def read(self, message: str, by: Made | None = None) -> None:
        viewer = Viewer((by or self.karin).id, Role.COACH, today=self.town.clock.now().date())
        async with self.town.db.begin() as session:
            await store.read(session, message, seen_by=viewer, now=self.town.clock.now())

    async def write(self, answers: str | None = None) -> None:
        reader = Reader(Viewer(self.karin.id, Role.COACH), Language.DA, self.town.catalogue, self.town.clock.now())
        async with self.town.db.begin() as session:
            await write.write(session, reader, self.maja.public_id, "Hej Maja. Jeg ringer.", answers=answers)

    async def deputy(self, until: date = date(2026, 12, 31), phone: str | None = BENTE) -> Made:
        async with self.town.db.begin() as session:
            bente = await add_coach(session, self.town.db.vault, first_name="Bente", phone=phone, now=self.town.clock.now())
            await deputies.grant(session, self.karin.id, bente.id, until, self.town.clock.now())
        return bente

    async def away(self, first: str, last: str = "2026-12-31") -> None:
        days = date.fromisoformat(first), date.fromisoformat(last)
        async with self.town.db.begin() as session:
            await deputies.add_absence(session, self.karin.id, *days, self.town.clock.now())

    async def duty(self, phone: str = DUTY) -> None:
        async with self.town.db.begin() as session:
            await settings.put(session, "duty_phone", phone, self.town.clock.now())


@pytest.fixture
async def office(town: Town) -> Office:
    """On a Tuesday at ten."""
    async with town.db.begin() as session:
        karin = await add_coach(session, town.db.vault, phone=KARIN, now=town.clock.now())
        maja = await add_person(session, town.db.vault, coach_id=karin.id, now=town.clock.now())
        osman = {"external_id": "d-002", "first_name": "Osman", "phone": "+4501000002"}
        await add_person(session, town.db.vault, coach_id=karin.id, now=town.clock.now(), **osman)  # type: ignore[arg-type]
    return Office(town, karin, maja)


async def test_the_coach_is_told_after_four_hours_and_after_a_day_at_work_and_the_deputy_after_two(office: Office) -> None:
    await office.deputy()
    await office.town.hear(SECRET)
    assert await office.live("2026-11-25 09:00") == [("Tue 14:00", KARIN)]
    assert await office.listed() == []
    assert await office.live("2026-11-25 16:00") == [("Wed 10:00", KARIN)]
    assert await office.listed() == await office.came()
    assert await office.live(LONG_AFTER) == [("Thu 10:00", BENTE)]
    assert await office.listed() == await office.came()


async def test_what_is_told_holds_nothing_of_what_was_written_or_by_whom(office: Office) -> None:
    await office.deputy()
    await office.duty()
    await office.town.hear(SECRET)
    await office.away("2026-11-26")
    with capture_logs() as logs:
        await office.live(LONG_AFTER)
    told = [text for text in office.town.sms.texts() if text.startswith("Medvind:")]
    assert len(told) == 3
    assert not [word for word in ("lejemål", "Maja", "01000001") for one in (*told, str(logs)) if word in one]


@pytest.mark.parametrize(
    ("away", "deputy", "phones"),
    [
        ("2026-11-24", True, [BENTE, BENTE]),
        ("2026-11-24", False, [DUTY, DUTY]),
        ("2026-11-25", True, [KARIN, BENTE]),
        (None, False, [KARIN, KARIN, DUTY]),
    ],
    ids=["away", "away with nobody", "away from tomorrow on", "there with nobody beside"],
)
async def test_who_is_away_is_stood_in_for_at_once_and_without_a_deputy_by_whoever_is_on_duty(
    office: Office, away: str | None, phones: list[str], *, deputy: bool
) -> None:
    await office.duty()
    if deputy:
        await office.deputy()
    if away:
        await office.away(away)
    await office.town.hear(SECRET)
    assert [phone for _, phone in await office.live(LONG_AFTER)] == phones


async def test_a_coach_who_falls_ill_after_a_day_has_the_deputy_told_the_next_morning_and_not_a_day_later(
    office: Office,
) -> None:
    await office.deputy()
    office.town.clock.moment = local("2026-11-24 15:00")
    await office.town.hear(SECRET)
    assert await office.live("2026-11-25 16:00") == [("Wed 11:00", KARIN), ("Wed 15:00", KARIN)]
    await office.away("2026-11-26")
    assert await office.live(LONG_AFTER) == [("Thu 08:00", BENTE)]


async def test_a_deputy_whose_last_day_is_over_is_told_of_nothing(office: Office) -> None:
    await office.duty()
    await office.deputy(until=date(2026, 11, 25))
    await office.town.hear(SECRET)
    assert await office.live(LONG_AFTER) == [("Tue 14:00", KARIN), ("Wed 10:00", KARIN), ("Thu 10:00", DUTY)]


async def test_who_has_no_coach_is_told_of_to_whoever_is_on_duty(office: Office) -> None:
    await office.duty()
    async with office.town.db.begin() as session:
        await add_person(session, session.vault, external_id="d-9", phone="+4501000009", now=office.town.clock.now())
    await office.town.hear(SECRET, "+4501000009")
    assert await office.live(LONG_AFTER) == [("Tue 14:00", DUTY), ("Wed 10:00", DUTY)]


async def test_a_coach_without_a_phone_is_stood_in_for_and_with_nobodys_number_the_operator_reads_why(office: Office) -> None:
    await office.deputy(phone=None)
    await office.away("2026-11-24")
    await office.town.hear(SECRET)
    with capture_logs() as logs:
        assert await office.live("2026-11-24 16:00") == []
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["nobody_to_tell"]
    await office.duty()
    assert await office.live(LONG_AFTER) == [("Wed 10:00", DUTY)]
    assert len(await office.listed()) == 1


async def test_all_that_a_coach_has_not_read_is_one_word_and_what_came_a_little_later_no_second_one(office: Office) -> None:
    for minutes, sender in ((0, "+4501000001"), (10, "+4501000002"), (50, "+4501000001"), (60, "+4501000002")):
        office.town.clock.pass_by(minutes=minutes)
        await office.town.hear(SECRET, sender)
    assert await office.live("2026-11-24 16:00") == [("Tue 14:00", KARIN)]
    assert len(office.told) == 1
    assert office.town.sms.texts()[-1] == TO_COACH
    assert await office.live("2026-11-25 11:00") == [("Wed 08:00", KARIN)]
    assert await office.live("2026-11-25 13:00") == [("Wed 12:00", KARIN)]
    assert await office.listed() == await office.came()


async def test_nobody_is_told_after_work_not_even_when_sms_was_away(office: Office) -> None:
    await office.town.hear(SECRET)
    office.town.clock.moment = local("2026-11-24 15:59")
    await unread.remind(office.town.db, "worker-1", office.town.clock)
    office.town.clock.moment = local("2026-11-24 16:00")
    await office.town.deliver()
    assert not [text for text in office.town.sms.texts() if text.startswith("Medvind:")]
    office.town.clock.moment = local("2026-11-28 11:00")
    await office.look()
    assert office.told == []


async def test_after_christmas_the_days_of_it_have_not_counted(office: Office) -> None:
    await office.deputy(until=date(2027, 1, 31))
    office.town.clock.moment = local("2026-12-23 14:00")
    await office.town.hear(SECRET)
    assert await office.live("2027-01-05 12:00") == [("Mon 10:00", KARIN), ("Mon 14:00", KARIN), ("Tue 14:00", BENTE)]


async def test_what_is_read_is_told_of_no_more_and_its_task_is_off_the_list(office: Office) -> None:
    await office.deputy()
    await office.town.hear(SECRET)
    await office.town.hear("og en ting til")
    first, second = await office.came()
    await office.live("2026-11-25 12:00")
    assert await office.listed() == [first, second]
    await office.read(first)
    assert await office.listed() == [second]
    await office.read(second)
    assert await office.listed() == []
    assert await office.live(LONG_AFTER) == []


async def test_the_first_who_reads_it_is_kept_and_only_who_serves_them_can(office: Office) -> None:
    bente = await office.deputy(until=date(2026, 11, 24))
    await office.town.hear(SECRET)
    (message,) = await office.came()
    await office.read(message, bente)
    await office.read(message)
    async with office.town.db.read() as session:
        row = (await session.execute(select(InboxRow.read_at, InboxRow.read_by))).one()
    assert tuple(row) == (office.town.clock.now(), bente.id)
    office.town.clock.pass_by(days=1)
    with pytest.raises(NotFoundError):
        await office.read(message, bente)


async def test_a_coachs_own_words_read_what_was_written_before_them(office: Office) -> None:
    await office.town.hear(SECRET)
    await office.town.hear(SECRET, "+4501000002")
    await office.live("2026-11-25 12:00")
    _, of_osman = await office.came()
    await office.write()
    assert await office.listed() == [of_osman]
    async with office.town.db.read() as session:
        assert list(await session.scalars(select(InboxRow.read_by).order_by(InboxRow.id))) == [office.karin.id, None]


async def test_what_came_while_the_coach_was_writing_stays_unread(office: Office) -> None:
    await office.town.hear(SECRET)
    await office.town.hear("glem det, det er meget værre")
    first, second = await office.came()
    await office.write(answers=first)
    await office.live("2026-11-25 12:00")
    assert await office.listed() == [second]
    with pytest.raises(InvalidError, match="answers: this person has written no such message"):
        await office.write(answers="nothing")


async def test_a_task_that_is_done_has_its_message_read(office: Office) -> None:
    await office.town.hear("RING")
    async with office.town.db.read() as session:
        call = await session.scalar(select(TaskRow.public_id).where(TaskRow.kind == TaskKind.CALL))
    async with office.town.db.begin() as session:
        await unread.finish(session, Viewer(office.karin.id, Role.COACH), str(call), office.town.clock.now())
    assert await office.listed(TaskKind.CALL) == []
    assert await office.live(LONG_AFTER) == []


async def an_invitation(office: Office) -> None:
    async with office.town.db.begin() as session:
        starts_at, vault = datetime(2026, 12, 10, 10, 0), session.vault  # noqa: DTZ001 - a wall time
        meeting = await add_meeting(session, vault, starts_at=starts_at, attendees=[office.maja], now=office.town.clock.now())
    await asked(office, Ask.RSVP, {"meeting": meeting.public_id, "sequence": "1"})


async def a_check_in(office: Office) -> None:
    await asked(office, Ask.CHECK_IN, {})


async def asked(office: Office, ask: Ask, subject: dict[str, str]) -> None:
    async with office.town.db.begin() as session:
        when = office.town.clock.now() - timedelta(minutes=1)
        await add_question_and_answer(session, session.vault, office.maja, ask=ask, value=None, subject=subject, asked_at=when)


async def nothing(office: Office) -> None:
    del office


@pytest.mark.parametrize(
    ("before", "text"),
    [
        *((nothing, text) for text in ("STOP", "HJÆLP", "NÆSTE", "STATUS", "HVORFOR", "PAUSE", "ENGLISH", "STOP FRISTER")),
        (an_invitation, "JA"),
        (an_invitation, "nej"),
        (a_check_in, "4"),
        (a_check_in, "7"),
        (a_check_in, "fem tak"),
    ],
)
async def test_what_the_service_deals_with_by_itself_is_told_of_to_nobody(office: Office, before: Before, text: str) -> None:
    await before(office)
    await office.town.hear(text)
    assert await office.live("2026-11-27 16:00") == []
    assert await office.listed() == []


@pytest.mark.parametrize(
    ("before", "texts", "meaning"),
    [
        (nothing, ("kan vi tale om det",), "free_text"),
        (nothing, ("JA",), "free_text"),
        (nothing, ("stop nu lige, jeg har et spørgsmål",), "maybe_stop"),
        (nothing, ("jeg har fået en depression",), "private_matter"),
        (nothing, ("010190-1234 er mit nummer",), "national_id_seen"),
        (nothing, ("x" * 5000,), "too_long"),
        (nothing, ("jeg vil ikke leve mere",), "danger_now"),
        (nothing, ("det er håbløst alt sammen",), "danger_today"),
        (an_invitation, ("ja, men jeg kommer lidt senere",), "half_yes"),
        (a_check_in, ("7", "8"), "free_text"),
    ],
)
async def test_what_a_person_should_read_is_told_of(
    office: Office, before: Before, texts: tuple[str, ...], meaning: str
) -> None:
    await before(office)
    for text in texts:
        await office.town.hear(text)
        await office.town.deliver()
    async with office.town.db.read() as session:
        assert list(await session.scalars(select(InboxRow.meaning).order_by(InboxRow.id)))[-1] == meaning
    assert await office.live("2026-11-24 14:00") == [("Tue 14:00", KARIN)]


@pytest.mark.parametrize("broken", [True, False])
async def test_a_picture_and_what_could_not_be_handled_are_told_of_too(office: Office, *, broken: bool) -> None:
    if broken:
        inbound = Inbound(ChannelName.SMS, "in-broken", "+4501000002", InboundKind.TEXT, SECRET, "raw")
        await set_aside(office.town.db, inbound, office.town.clock)
    else:
        await office.town.hear("", kind=InboundKind.MEDIA)
    assert await office.live("2026-11-24 14:00") == [("Tue 14:00", KARIN)]


async def test_what_a_task_is_about_already_is_no_second_task(office: Office) -> None:
    for text in ("spørg om en revisor", "RING", "jeg har fået en depression", "jeg vil ikke leve mere"):
        await office.town.hear(text)
    await office.live(LONG_AFTER)
    assert await office.listed() == []
    kinds = (TaskKind.NETWORK, TaskKind.CALL, TaskKind.PRIVATE_MATTER, TaskKind.DANGER)
    assert [message for kind in kinds for message in await office.listed(kind)] == await office.came()


async def test_a_question_to_the_network_is_told_of_until_it_is_answered_and_not_only_read(office: Office) -> None:
    await office.deputy()
    await office.town.hear("spørg om en revisor")
    (message,) = await office.came()
    await office.read(message)
    assert await office.live("2026-11-25 16:00") == [("Tue 14:00", KARIN), ("Wed 10:00", KARIN)]
    await office.write()
    assert await office.listed(TaskKind.NETWORK) == [message], "words about something else answer no question"
    assert await office.live("2026-11-26 16:00") == [("Thu 10:00", BENTE)]


@pytest.mark.parametrize("by_words", [True, False])
async def test_a_question_to_the_network_that_is_answered_is_off_the_list_and_told_of_no_more(
    office: Office, *, by_words: bool
) -> None:
    await office.deputy()
    await office.town.hear("spørg om en revisor")
    (message,) = await office.came()
    await office.live("2026-11-24 16:00")
    if by_words:
        await office.write(answers=message)
    else:
        async with office.town.db.begin() as session:
            task = str(await session.scalar(select(TaskRow.public_id).where(TaskRow.kind == TaskKind.NETWORK)))
            await unread.finish(session, Viewer(office.karin.id, Role.COACH), task, office.town.clock.now())
    assert await office.listed(TaskKind.NETWORK) == []
    assert await office.live(LONG_AFTER) == []
    async with office.town.db.read() as session:
        row = (await session.execute(select(InboxRow.read_by, InboxRow.waits_for))).one()
    assert tuple(row) == (office.karin.id, None)


async def test_several_workers_at_once_tell_each_step_once(office: Office) -> None:
    await office.deputy()
    for number in range(MANY):
        await office.town.hear(f"{SECRET} {number}")
    await office.town.deliver()
    for end in ("2026-11-24 14:00", "2026-11-25 10:00", "2026-11-26 10:00"):
        office.town.clock.moment = local(end)
        await asyncio.gather(*(unread.remind(office.town.db, f"worker-{number}", office.town.clock) for number in range(4)))
        await office.town.deliver()
    assert [one.to for one in office.town.sms.sent if one.text.startswith("Medvind:")] == [KARIN, KARIN, BENTE]
    assert await office.listed() == await office.came()


async def test_who_reads_while_others_look_leaves_no_task_behind(office: Office) -> None:
    for number in range(12):
        office.town.clock.moment = local("2026-11-24 10:00")
        await office.town.hear(f"{SECRET} {number}")
        message = (await office.came())[-1]
        office.town.clock.moment = local("2026-11-25 10:00") + timedelta(minutes=20 * number)
        look = unread.remind(office.town.db, f"worker-{number}", office.town.clock)
        await asyncio.gather(*((look, office.read(message)) if number % 2 else (office.read(message), look)))
    assert await office.listed() == []
    await office.live(LONG_AFTER)
    assert await office.listed() == []


async def test_while_one_worker_has_the_turn_no_other_looks_and_one_that_is_gone_is_followed(office: Office) -> None:
    await office.town.hear(SECRET)
    await office.town.deliver()
    for clock, worker in (("13:59", "one"), ("14:01", "two"), ("14:14", "two"), ("14:15", "two"), ("14:16", "one")):
        office.town.clock.moment = local(f"2026-11-24 {clock}")
        await office.look(worker)
    assert office.told == [("Tue 14:15", KARIN)]
