"""A meeting that was told and is another now: what people read of it, and what their answers are worth."""

from datetime import datetime

import pytest
from sqlalchemy import select

from medvind.errors import UndeliverableError
from medvind.flows.plan import replan
from medvind.model import ChannelName, Rsvp, State, TaskKind
from medvind.store.facts import facts_of
from medvind.store.reach import say
from medvind.store.tables import AttendeeRow, MeetingRow, MeetingVersionRow, TaskRow
from tests.fakes import Town
from tests.flows.arranging import FOLLOW_UP, add_people, arrange, bring, counts, meeting, refused

ALONE = FOLLOW_UP | {"starts_at": "2026-12-15 14:00", "participants": "d-1"}
PLACE = "Sted: Vestergade 58, 1. sal."


@pytest.fixture(autouse=True)
async def people(town: Town) -> dict[str, int]:
    return await add_people(town)


async def invite(town: Town) -> None:
    """One is invited, and has read it."""
    await arrange(town, ALONE)
    await town.deliver()
    town.clock.pass_by(hours=1)


async def run_until(town: Town, end: str) -> None:
    """From one message to the next, up to this moment."""
    moment = datetime.fromisoformat(end)
    while (due := await town.next_due()) and due <= moment:
        town.clock.moment = max(town.clock.now(), due)
        await town.deliver()
    town.clock.moment = moment


async def planned(town: Town) -> list[str]:
    return [row.key.removeprefix("meeting:m-1") for row in await town.rows(State.PLANNED)]


async def answer(town: Town, name: str, people: dict[str, int]) -> Rsvp | None:
    async with town.db.read() as session:
        query = select(AttendeeRow.rsvp).where(AttendeeRow.participant_id == people[name])
        return (await session.scalars(query)).one()


async def test_who_was_told_the_old_time_reads_the_old_and_the_new_one_and_then_only_of_the_new(town: Town) -> None:
    await invite(town)
    await arrange(town, ALONE | {"starts_at": "2026-12-17 10:00"})
    await run_until(town, "2026-12-17 10:00+01:00")
    said = town.sms.texts()[1:]
    assert said[0] == (
        f"Mødet tirsdag d. 15. december kl. 14.00 er flyttet til torsdag d. 17. december kl. 10.00. {PLACE} "
        "Kan du komme? Svar JA eller NEJ."
    )
    print(f"{len(said)} messages looked at")
    assert [text[:41] for text in said[1:]] == [
        "Husk: Vi mødes torsdag d. 17. december kl",
        "Kan du komme torsdag d. 17. december kl. ",
        "Husk: Vi mødes i morgen, torsdag d. 17. d",
        "Vi ses i dag kl. 10.00. Sted: Vestergade ",
    ]


async def test_a_saturdays_meeting_that_moves_on_friday_night_is_told_on_saturday_before_it_would_have_begun(
    town: Town,
) -> None:
    await arrange(town, ALONE | {"starts_at": "2026-12-12 14:00"})
    await run_until(town, "2026-12-11 21:00+01:00")
    sent = len(town.sms.sent)
    await arrange(town, ALONE | {"starts_at": "2026-12-17 10:00"})
    await run_until(town, "2026-12-12 09:59+01:00")
    assert len(town.sms.sent) == sent
    await run_until(town, "2026-12-12 10:00+01:00")
    assert [text[:47] for text in town.sms.texts()[sent:]] == ["Mødet lørdag d. 12. december kl. 14.00 er flytt"]


async def test_another_place_alone_is_told_as_such(town: Town) -> None:
    await invite(town)
    await arrange(town, ALONE | {"place": "Torvet 1"})
    await town.deliver()
    assert town.sms.texts()[1:] == [
        "Mødet tirsdag d. 15. december kl. 14.00 har fået et nyt sted: Torvet 1. Kan du komme? Svar JA eller NEJ."
    ]


async def test_moved_twice_before_it_is_told_the_correction_names_what_was_told(town: Town) -> None:
    await invite(town)
    await arrange(town, ALONE | {"starts_at": "2026-12-16 10:00"})
    await arrange(town, ALONE | {"starts_at": "2026-12-17 10:00"})
    await town.deliver()
    (said,) = town.sms.texts()[1:]
    assert "tirsdag d. 15. december kl. 14.00 er flyttet til torsdag d. 17. december kl. 10.00" in said


@pytest.mark.parametrize("change", [{"starts_at": "2026-12-17 10:00"}, {"place": "Torvet 1"}, {"cancelled": "ja"}])
async def test_changed_back_before_it_is_told_nothing_is_said_and_the_ladder_stays(town: Town, change: dict[str, str]) -> None:
    await invite(town)
    await arrange(town, ALONE | change)
    assert {":moved:2", ":cancelled:2"} & set(await planned(town))
    await arrange(town, ALONE | {"cancelled": "nej"})
    await town.deliver()
    assert len(town.sms.sent) == 1
    assert await planned(town) == ["@3:7d", "@3:chase", "@3:1d", "@3:2h"]


async def test_changed_back_after_it_was_told_that_is_told_too(town: Town) -> None:
    await invite(town)
    await arrange(town, ALONE | {"starts_at": "2026-12-17 10:00"})
    await town.deliver()
    town.clock.pass_by(hours=1)
    await arrange(town, ALONE)
    await town.deliver()
    assert "torsdag d. 17. december kl. 10.00 er flyttet til tirsdag d. 15. december kl. 14.00" in town.sms.texts()[2]


async def test_a_cancelled_meeting_says_so_once_and_is_reminded_of_no_more(town: Town) -> None:
    await invite(town)
    await arrange(town, ALONE | {"cancelled": "ja"})
    await run_until(town, "2026-12-15 14:00+01:00")
    assert town.sms.texts()[1:] == [
        "Mødet tirsdag d. 15. december kl. 14.00 er aflyst. Det er ikke på grund af dig. Karin finder en ny tid."
    ]


async def test_moved_and_cancelled_at_once_people_are_told_the_day_that_they_know(town: Town) -> None:
    await invite(town)
    await arrange(town, ALONE | {"cancelled": "ja", "starts_at": "2026-12-17 10:00"})
    await town.deliver()
    assert town.sms.texts()[1].startswith("Mødet tirsdag d. 15. december kl. 14.00 er aflyst.")


async def test_of_a_cancelled_meeting_nobody_hears_who_was_not_told_or_said_no(town: Town, people: dict[str, int]) -> None:
    await arrange(town, ALONE | {"participants": "d-1 d-2"})
    await arrange(town, ALONE | {"participants": "d-1 d-2", "cancelled": "ja"})
    assert await planned(town) == []
    await arrange(town, ALONE | {"participants": "d-1 d-2", "cancelled": "nej"})
    await town.deliver()
    await town.hear("nej", "+4501000001")
    await town.deliver()
    town.clock.pass_by(hours=1)
    sent = len(town.sms.sent)
    await arrange(town, ALONE | {"participants": "d-1 d-2", "cancelled": "ja"})
    await town.deliver()
    assert [message.to for message in town.sms.sent[sent:]] == ["+4501000002"]
    assert await answer(town, "d-1", people) == Rsvp.NO


async def test_taken_up_again_after_that_was_told_it_begins_with_an_invitation(town: Town, people: dict[str, int]) -> None:
    await invite(town)
    await town.hear("ja", "+4501000001")
    await arrange(town, ALONE | {"cancelled": "ja"})
    await town.deliver()
    town.clock.pass_by(hours=1)
    await arrange(town, ALONE | {"cancelled": "nej"})
    assert await answer(town, "d-1", people) is None
    assert await planned(town) == ["@3:invite", "@3:7d", "@3:chase", "@3:1d", "@3:2h"]


@pytest.mark.parametrize("said", [Rsvp.YES, Rsvp.NO, Rsvp.MAYBE])
async def test_an_answer_holds_again_once_the_meeting_is_what_it_was_when_it_was_given(
    town: Town, people: dict[str, int], said: Rsvp
) -> None:
    words = {Rsvp.YES: "ja", Rsvp.NO: "nej", Rsvp.MAYBE: "måske"}
    await invite(town)
    answered = town.clock.now()
    await town.hear(words[said], "+4501000001")
    town.clock.pass_by(hours=1)
    await arrange(town, ALONE | {"starts_at": "2026-12-17 10:00"})
    assert await answer(town, "d-1", people) is None
    await arrange(town, ALONE | {"starts_at": "2026-12-17 10:00", "place": "Torvet 1"})
    assert await answer(town, "d-1", people) is None
    await arrange(town, ALONE)
    assert await answer(town, "d-1", people) == said
    async with town.db.read() as session:
        assert (await session.scalars(select(AttendeeRow.rsvp_at))).all() == [answered]


async def test_the_last_answer_to_the_same_time_and_place_is_the_one_that_holds_again(
    town: Town, people: dict[str, int]
) -> None:
    await invite(town)
    for word in ("ja", "nej"):
        await town.hear(word, "+4501000001")
    await arrange(town, ALONE | {"starts_at": "2026-12-17 10:00"})
    await town.deliver()
    await town.hear("ja, jeg kommer", "+4501000001")
    assert await answer(town, "d-1", people) == Rsvp.YES
    await arrange(town, ALONE)
    assert await answer(town, "d-1", people) == Rsvp.NO


@pytest.mark.parametrize("change", [{"starts_at": "2026-12-17 10:00"}, {"place": "Torvet 1"}, {"cancelled": "ja"}])
async def test_a_yes_to_the_old_time_is_no_yes_to_the_new_one_and_is_not_answered_as_one(
    town: Town, people: dict[str, int], change: dict[str, str]
) -> None:
    await invite(town)
    await arrange(town, ALONE | change)
    await town.hear("ja", "+4501000001")
    assert await answer(town, "d-1", people) is None
    await town.deliver()
    assert [text[:6] for text in town.sms.texts()[1:]] == ["Mødet "]


async def test_each_change_that_comes_too_late_to_be_written_is_a_call(town: Town, people: dict[str, int]) -> None:
    early = [ALONE | {"external_id": name, "starts_at": "2026-12-15 07:30"} for name in ("m-1", "m-2")]
    await arrange(town, *early)
    await run_until(town, "2026-12-14 22:00+01:00")
    await arrange(town, *(row | {"cancelled": "ja"} for row in early))
    async with town.db.read() as session:
        calls = (await session.scalars(select(TaskRow.key).where(TaskRow.kind == TaskKind.NOT_REACHED))).all()
    assert sorted(calls) == [f"warning:{people['d-1']}:meeting:{name}:not_told:2" for name in ("m-1", "m-2")]


async def test_a_stop_long_after_a_change_that_nobody_heard_of_is_no_call(town: Town) -> None:
    await invite(town)
    town.sms.fails_with = UndeliverableError("no")
    await arrange(town, ALONE | {"cancelled": "ja"})
    await town.deliver()
    town.sms.fails_with = None
    await run_until(town, "2026-12-16 10:00+01:00")
    async with town.db.begin() as session:
        await say(session, 1, [ChannelName.SMS], given=False, how="STOP", now=town.clock.now())
        await replan(session, 1, town.clock.now())
        calls = await session.scalars(select(TaskRow.key).where(TaskRow.key.contains("not_told")))
        assert calls.all() == []


async def test_every_change_is_written_down_under_its_sequence_and_the_place_lies_sealed(town: Town) -> None:
    await bring(town, ALONE)
    await bring(town, ALONE | {"place": "Torvet 1"})
    await bring(town, ALONE | {"place": "Torvet 1", "title": "Møde", "minutes": "30"})
    await bring(town, ALONE | {"place": "Torvet 1", "cancelled": "ja"})
    async with town.db.read() as session:
        public_id = (await session.scalars(select(MeetingRow.public_id))).one()
        rows = (await session.execute(select(MeetingVersionRow.__table__).order_by(MeetingVersionRow.sequence))).all()
        places = [session.vault.open(MeetingRow.place, public_id, row.place) for row in rows]
    assert [(row.sequence, row.cancelled) for row in rows] == [(1, False), (2, False), (3, True)]
    assert places == ["Vestergade 58, 1. sal", "Torvet 1", "Torvet 1"]
    assert [row for row in rows if b"Torvet" in row.place or b"Vestergade" in row.place] == []


async def test_a_new_meeting_in_the_past_and_one_that_is_moved_there_stop_the_file(town: Town) -> None:
    (fault,) = await refused(town, FOLLOW_UP | {"starts_at": "2026-11-24 10:00"})
    assert fault == "row 2, starts_at: 2026-11-24 10:00 is past. Write a time to come: of this one nobody can be told."
    assert (await bring(town, FOLLOW_UP | {"starts_at": "2026-11-24 10:01"})).warnings == ()
    (fault,) = await refused(town, FOLLOW_UP | {"starts_at": "2026-11-24 09:59"})
    assert fault.startswith("row 2, starts_at: 2026-11-24 09:59 is past. ")


async def test_what_is_past_may_stay_in_the_file_and_a_change_of_it_is_worth_a_warning(town: Town) -> None:
    await bring(town, FOLLOW_UP)
    town.clock.pass_by(days=30)
    unchanged = await bring(town, FOLLOW_UP)
    assert (counts(unchanged), unchanged.warnings) == ((0, 0, 1), ())
    for change in ({"place": "Torvet 1"}, {"cancelled": "ja"}, {"cancelled": "nej"}):
        assert (await bring(town, FOLLOW_UP | change)).warnings == ("row 2, starts_at: in the past; nobody is told",)
    named = {"external_id": "m-1", "place": "Torvet 2"}
    assert (await bring(town, named)).warnings == ("row 2, starts_at: in the past; nobody is told",)
    (fault,) = await refused(town, FOLLOW_UP | {"starts_at": "2026-12-10 14:00"})
    assert fault.startswith("row 2, starts_at: 2026-12-10 14:00 is past. ")


async def test_a_meeting_with_nobody_is_worth_a_warning(town: Town) -> None:
    assert (await bring(town, FOLLOW_UP | {"participants": ""})).warnings == ("row 2, participants: nobody is invited",)


async def test_a_meeting_that_nobody_knows_of_is_not_cancelled(town: Town) -> None:
    (fault,) = await refused(town, FOLLOW_UP | {"cancelled": "ja"})
    assert fault == "row 2, cancelled: a meeting that nobody knows of. Leave the row out, or write no here."
    assert counts(await bring(town, FOLLOW_UP | {"cancelled": "nej"})) == (1, 0, 0)


async def test_cancelling_and_taking_up_again_are_changes_that_those_invited_must_hear_of(
    town: Town, people: dict[str, int]
) -> None:
    await bring(town, FOLLOW_UP)
    steps = [({"cancelled": "ja"}, True, 2), ({}, True, 2), ({"cancelled": "1"}, True, 2), ({"cancelled": "-"}, False, 3)]
    for change, cancelled, sequence in steps:
        at = town.clock.pass_by(hours=1)
        done = await bring(town, FOLLOW_UP | change)
        found = await meeting(town)
        assert (found.cancelled, found.sequence) == (cancelled, sequence)
        changed = change in ({"cancelled": "ja"}, {"cancelled": "-"})
        assert done.participant_ids == ((people["d-1"], people["d-2"]) if changed else ())
        async with town.db.read() as session:
            (facts,) = (await facts_of(session, [people["d-1"]], at))[people["d-1"]].meetings
        assert (facts.cancelled, facts.known_since == at) == (cancelled, changed)


async def test_a_place_that_makes_two_parts_or_says_too_much_is_worth_a_look_once(town: Town) -> None:
    """It is sent as it was entered: half an address would lead somebody astray."""
    new = FOLLOW_UP | {"external_id": "m-9", "starts_at": "2026-12-17 10:00", "place": "Jobcenter Aarhus, Værkmestergade 5"}
    first = await bring(town, new)
    assert first.warnings == (
        "row 2, place: 34 characters; above 25 the SMS about it has two parts",
        (
            "row 2, place: 'Jobcenter' is confidential in an SMS; 'din sag', 'din periode' or 'dit projekt' "
            "('your case', 'your period') say enough"
        ),
    )
    assert (await bring(town, new)).warnings == ()
    assert (await bring(town, new | {"place": "Vestergade 58, 1. sal th."})).warnings == ()
