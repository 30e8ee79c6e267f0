"""A coach enters who came: kept for each person, and whoever was missed reads one kind word on the same day, or none."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from sqlalchemy import select

from medvind.channels import InboundKind
from medvind.errors import InvalidError, NotFoundError
from medvind.flows import attend, report
from medvind.flows.report import Reader, Sign
from medvind.model import Attendance, ChannelName, Language, Role, State, TaskKind, Viewer
from medvind.store import attendance, cards, meetings, views
from medvind.store.attendance import Attendee
from medvind.store.tables import AttendeeRow, CoachRow, MeetingRow
from tests.fakes import Town
from tests.flows.arranging import FOLLOW_UP, add_people, arrange
from tests.flows.steering import local
from tests.people import add_meeting, add_person

AT_TWO = "2026-12-03 14:00"
"""A Thursday."""
TODAY = "Vi savnede dig i dag. Det sker. Skal vi finde en ny tid? Svar JA, så ringer Karin til dig."
LATER = TODAY.replace("i dag", "torsdag d. 3. december")
NO_SHOW, ATTENDED, EXCUSED = Attendance.NO_SHOW, Attendance.ATTENDED, Attendance.EXCUSED


@pytest.fixture(autouse=True)
async def people(town: Town) -> dict[str, int]:
    """Two are invited; both were told of it, and it has begun."""
    rows = await add_people(town)
    await arrange(town, FOLLOW_UP)
    await live_until(town, "2026-12-03 14:30")
    return rows


async def live_until(town: Town, end: str | datetime) -> None:
    """From one message to the next, up to this moment."""
    moment = local(end) if isinstance(end, str) else end
    while (due := await town.next_due()) and due <= moment:
        town.clock.moment = max(town.clock.now(), due)
        await town.deliver()
    town.clock.moment = moment


async def viewer(town: Town) -> Viewer:
    async with town.db.read() as session:
        return Viewer(await session.scalar(select(CoachRow.id)), Role.COACH)


async def enter(town: Town, came: Mapping[str, Attendance | None], meeting: str = "m-1") -> list[Attendee]:
    """By the names of people in the file."""
    seen_by = await viewer(town)
    async with town.db.begin() as session:
        known = (await meetings.known(session, [meeting]))[meeting]
        listed = await views.people(session, seen_by=seen_by, after=None, limit=50)
        ids = {one.external_id: one.id for one in listed.items}
        by_id = {ids.get(name, name): said for name, said in came.items()}
        return await attend.enter(session, seen_by, known.public_id, by_id, town.clock.now())


async def kept(town: Town) -> dict[int, tuple[Attendance | None, datetime | None]]:
    async with town.db.read() as session:
        columns = (AttendeeRow.participant_id, AttendeeRow.attendance, AttendeeRow.attendance_at)
        return {person: (came, at) for person, came, at in await session.execute(select(*columns))}


async def words(town: Town) -> list[tuple[str, str]]:
    """Which kind words went to whom."""
    return [(message.to, message.text) for message in town.sms.sent if "savnede" in message.text]


async def missed_row(town: Town) -> State | None:
    return next((row.state for row in await town.rows() if row.key == "meeting:m-1:missed"), None)


async def sign(town: Town, name: str) -> Sign:
    """How the person stands on the coach's card."""
    reader = Reader(await viewer(town), Language.DA, town.catalogue, town.clock.now())
    async with town.db.read() as session:
        listed = await views.people(session, seen_by=reader.viewer, after=None, limit=50)
        person = next(one.id for one in listed.items if one.external_id == name)
        return (await report.card(session, reader, person)).signal


async def test_who_stayed_away_reads_one_kind_word_on_the_same_day_and_the_others_nothing(
    town: Town, people: dict[str, int]
) -> None:
    await live_until(town, "2026-12-03 16:00")
    entered = town.clock.now()
    await enter(town, {"d-1": NO_SHOW, "d-2": ATTENDED})
    assert await kept(town) == {people["d-1"]: (NO_SHOW, entered), people["d-2"]: (ATTENDED, entered)}
    await live_until(town, "2026-12-03 16:14")
    assert await words(town) == []
    await live_until(town, "2026-12-20 12:00")
    assert await words(town) == [("+4501000001", TODAY)]


async def test_who_had_said_that_they_could_not_come_reads_nothing(town: Town) -> None:
    await enter(town, {"d-1": EXCUSED})
    await live_until(town, "2026-12-20 12:00")
    assert await words(town) == []


async def test_on_the_next_day_the_word_does_not_say_today(town: Town) -> None:
    await live_until(town, "2026-12-03 21:00")
    await enter(town, {"d-1": NO_SHOW})
    await live_until(town, "2026-12-04 07:59")
    assert await words(town) == []
    await live_until(town, "2026-12-04 08:00")
    assert await words(town) == [("+4501000001", LATER)]


async def test_entered_more_than_two_days_later_it_is_kept_and_nothing_is_said(town: Town, people: dict[str, int]) -> None:
    await live_until(town, "2026-12-06 10:00")
    await enter(town, {"d-1": NO_SHOW})
    await live_until(town, "2026-12-30 10:00")
    assert await words(town) == []
    assert (await kept(town))[people["d-1"]][0] == NO_SHOW


@pytest.mark.parametrize("instead", [ATTENDED, EXCUSED, None])
async def test_what_is_taken_back_before_it_left_is_withdrawn_and_entered_again_it_is_owed_again(
    town: Town, people: dict[str, int], instead: Attendance | None
) -> None:
    await enter(town, {"d-1": NO_SHOW})
    assert await missed_row(town) == State.PLANNED
    town.clock.pass_by(minutes=5)
    await enter(town, {"d-1": instead})
    assert (await kept(town))[people["d-1"]] == (instead, town.clock.now() if instead else None)
    assert await missed_row(town) == State.CANCELLED
    await live_until(town, "2026-12-03 15:30")
    assert await words(town) == []
    await enter(town, {"d-1": NO_SHOW})
    await live_until(town, "2026-12-03 16:30")
    assert await words(town) == [("+4501000001", TODAY)]


async def test_the_word_is_said_once_whatever_is_entered_afterwards(town: Town) -> None:
    await enter(town, {"d-1": NO_SHOW})
    await live_until(town, "2026-12-03 15:30")
    for said in (ATTENDED, NO_SHOW, None, NO_SHOW):
        await enter(town, {"d-1": said})
        await live_until(town, town.clock.now().replace(minute=59))
    await live_until(town, "2026-12-20 12:00")
    assert len(await words(town)) == 1


async def test_the_same_entry_again_changes_nothing_and_puts_nothing_off(town: Town, people: dict[str, int]) -> None:
    await live_until(town, "2026-12-03 16:00")
    entered = town.clock.now()
    await enter(town, {"d-1": NO_SHOW})
    town.clock.pass_by(minutes=10)
    await enter(town, {"d-1": NO_SHOW})
    assert (await kept(town))[people["d-1"]] == (NO_SHOW, entered)
    await live_until(town, "2026-12-03 16:15")
    assert len(await words(town)) == 1


async def test_ja_to_the_word_is_a_call_and_nej_is_quite_all_right(town: Town) -> None:
    await enter(town, {"d-1": NO_SHOW, "d-2": NO_SHOW})
    await live_until(town, "2026-12-03 15:30")
    await town.hear("ja", "+4501000001")
    await town.hear("nej", "+4501000002")
    await town.deliver()
    assert [text.split(".")[0] for text in town.sms.texts()[-2:]] == ["Godt", "Det er helt i orden"]
    async with town.db.read() as session:
        page = await cards.jobs(session, seen_by=await viewer(town), after=None, limit=50, now=town.clock.now())
    assert [(job.kind, job.participant.external_id) for job in page.items] == [(TaskKind.CALL, "d-1")]


async def test_nothing_is_entered_before_the_meeting_begins_after_14_days_or_where_it_is_cancelled(town: Town) -> None:
    cases = [("2026-12-03 13:59", "attendance: the meeting has not begun"), ("2026-12-18 00:00", "attendance: it could be")]
    print(f"{len(cases) + 1} refusals looked at")
    for moment, says in cases:
        town.clock.moment = local(moment)
        with pytest.raises(InvalidError, match=says):
            await enter(town, {"d-1": ATTENDED})
    for moment in (AT_TWO, "2026-12-17 23:59"):
        town.clock.moment = local(moment)
        await enter(town, {"d-1": ATTENDED})
        await enter(town, {"d-1": None})
    await arrange(town, FOLLOW_UP | {"external_id": "m-2", "starts_at": "2026-12-21 10:00"})
    await arrange(town, FOLLOW_UP | {"external_id": "m-2", "starts_at": "2026-12-21 10:00", "cancelled": "ja"})
    town.clock.moment = local("2026-12-21 11:00")
    with pytest.raises(InvalidError, match="attendance: the meeting is cancelled"):
        await enter(town, {"d-1": ATTENDED}, "m-2")
    assert {came for came, _ in (await kept(town)).values()} == {None}


@pytest.mark.parametrize("name", ["d-3", "nobody"])
async def test_one_who_is_not_invited_stops_the_whole_entry(town: Town, name: str) -> None:
    with pytest.raises(NotFoundError):
        await enter(town, {"d-1": NO_SHOW, name: ATTENDED})
    assert {came for came, _ in (await kept(town)).values()} == {None}


async def test_a_meeting_that_is_moved_afterwards_has_been_attended_by_nobody_yet(town: Town) -> None:
    await enter(town, {"d-1": NO_SHOW})
    await arrange(town, FOLLOW_UP | {"starts_at": "2026-12-10 14:00"})
    assert await missed_row(town) == State.CANCELLED
    seen_by = await viewer(town)
    async with town.db.read() as session:
        public_id = await session.scalar(select(MeetingRow.public_id))
        held = await attendance.meeting(session, str(public_id), seen_by=seen_by)
        page = await attendance.attendees(session, held, seen_by=seen_by, after=None, limit=9)
    assert [(one.attendance, one.entered_at) for one in page.items] == [(None, None)] * 2
    assert [one.kind for one in (await sign(town, "d-1")).reasons] == ["no_answer"]
    assert not [row.key for row in await town.rows(State.PLANNED) if row.key.endswith("missed")]
    alone = await arrange(town, FOLLOW_UP | {"starts_at": "2026-12-10 14:00", "participants": "d-2"})
    assert alone.changed == 1
    assert len(await kept(town)) == 1


async def test_a_meeting_that_is_called_off_afterwards_was_missed_by_nobody(town: Town) -> None:
    await enter(town, {"d-1": NO_SHOW})
    assert [one.kind for one in (await sign(town, "d-1")).reasons] == ["no_answer", "no_show"]
    await arrange(town, FOLLOW_UP | {"cancelled": "ja"})
    assert [one.kind for one in (await sign(town, "d-1")).reasons] == ["no_answer"]
    await live_until(town, "2026-12-20 12:00")
    assert await words(town) == []


async def test_by_telegram_the_word_brings_ja_and_nej_as_buttons_and_a_tap_is_a_call(town: Town) -> None:
    async with town.db.begin() as session:
        coach, asked = await session.scalar(select(CoachRow.id)), local("2026-12-01 12:00")
        tine = await add_person(
            session, town.db.vault, external_id="d-9", phone=None, telegram="4711", coach_id=coach, now=asked
        )
        starts_at = datetime.fromisoformat(AT_TWO)
        await add_meeting(session, town.db.vault, external_id="m-9", starts_at=starts_at, attendees=[tine], now=asked)
    await enter(town, {"d-9": NO_SHOW}, "m-9")
    await live_until(town, "2026-12-03 16:00")
    (word,) = [message for message in town.telegram.sent if message.text == TODAY]
    assert [button.label for button in word.buttons] == ["JA", "NEJ"]
    await town.hear(word.buttons[0].data, "4711", ChannelName.TELEGRAM, kind=InboundKind.BUTTON)
    await town.deliver()
    assert town.telegram.texts()[-1].startswith("Godt. Karin ringer til dig")


async def test_who_has_left_the_cohort_since_keeps_what_was_entered_of_them(town: Town, people: dict[str, int]) -> None:
    await arrange(town, FOLLOW_UP | {"external_id": "m-2", "starts_at": "2026-12-04 10:00", "participants": "d-1 d-2"})
    await live_until(town, "2026-12-04 12:00")
    await enter(town, {"d-1": ATTENDED}, "m-2")
    done = await arrange(town, FOLLOW_UP | {"external_id": "m-2", "starts_at": "2026-12-04 10:00", "participants": "d-3"})
    assert done.changed == 1
    async with town.db.read() as session:
        known = (await meetings.known(session, ["m-2"]))["m-2"]
    assert known.meeting.attendees == {people["d-1"], people["d-3"]}
    assert known.entered == {people["d-1"]}
    again = await arrange(town, FOLLOW_UP | {"external_id": "m-2", "starts_at": "2026-12-04 10:00", "participants": "d-3"})
    assert again.unchanged == 1


async def test_one_missed_meeting_is_a_fact_on_the_card_and_two_in_30_days_ask_for_a_call(town: Town) -> None:
    again = FOLLOW_UP | {"external_id": "m-2", "starts_at": "2026-12-14 10:00"}
    await enter(town, {"d-1": NO_SHOW})
    once = await sign(town, "d-1")
    assert (once.level, [one.text for one in once.reasons]) == (
        "steady",
        ["Intet svar endnu", "Kom ikke til mødet d. 3. december"],
    )
    await arrange(town, again)
    await live_until(town, "2026-12-14 12:00")
    await enter(town, {"d-1": NO_SHOW, "d-2": NO_SHOW}, "m-2")
    twice = await sign(town, "d-1")
    says = ["Kom ikke til mødet d. 14. december", "Kom ikke til mødet d. 3. december"]
    assert (twice.level, [one.text for one in twice.reasons]) == ("act", says)
    reader = Reader(await viewer(town), Language.DA, town.catalogue, town.clock.now())
    async with town.db.read() as session:
        page = await report.signals(session, reader, None, 50)
    assert [one.participant.external_id for one in page.items] == ["d-1"]
    town.clock.moment = local("2027-01-02 14:01")
    assert [one.kind for one in (await sign(town, "d-1")).reasons] == ["silence", "no_show"]  # the first is too long ago
