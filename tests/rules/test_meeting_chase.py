"""Silence to an invitation: one chase on its own day, then the coach's list before the meeting; any answer ends both."""

from typing import Any

import pytest

from medvind.model import (
    Ask,
    ClosedDay,
    CoachWarning,
    Doubt,
    Duty,
    MeetingFacts,
    Pause,
    Purpose,
    Rsvp,
    Sent,
    TaskKind,
    Topic,
    Why,
)
from medvind.rules.plan import plan, warnings
from medvind.rules.policy import policy_from
from tests.rules.facts import DEFAULTS, leaving, local, meeting, person, wall

EARLY = "2026-11-24 09:00"
"""A Tuesday, more than two weeks before the meeting."""
THURSDAY_AT_TWO = "2026-12-10 14:00"


def planned(one: MeetingFacts, now: str | None = None, joined: str = "2025-01-06 10:00", **decided: str) -> list[Duty]:
    return plan(person(joined, meetings=(one,)), policy_from(decided), local(now) if now else one.known_since)


def chase(one: MeetingFacts, **decided: str) -> str | None:
    """When who is silent is asked again, without the year."""
    return next((wall(duty.when)[5:] for duty in planned(one, **decided) if duty.kind == "meeting_chase"), None)


def silent(starts: str = THURSDAY_AT_TWO, known: str = EARLY, **facts: Any) -> MeetingFacts:
    """Somebody has been invited and has said nothing."""
    return meeting(starts, known, **{"told": 1, "asked_at": local(known)} | facts)


def warned(one: MeetingFacts, joined: str | None = "2025-01-06 10:00", **facts: Any) -> list[CoachWarning]:
    return warnings(person(joined, meetings=(one,), **facts), DEFAULTS)


def listed(one: MeetingFacts) -> str | None:
    """From when on the silent stand on the coach's list."""
    return next((wall(one.shows_at)[5:] for one in warned(one)), None)


def test_whoever_is_silent_is_asked_once_more_three_open_days_before_the_meeting() -> None:
    cases = [
        # Thursday to Sunday of one week: Monday to Thursday, at ten
        ("12-10 14:00", "12-07 10:00"),
        ("12-11 14:00", "12-08 10:00"),
        ("12-12 14:00", "12-09 10:00"),
        ("12-13 14:00", "12-09 10:00"),
        # Monday to Wednesday: over the weekend, so that there are always two open days to answer in
        ("12-14 14:00", "12-09 10:00"),
        ("12-15 14:00", "12-10 10:00"),
        ("12-16 14:00", "12-11 10:00"),
        # the days between Christmas and the new year are few
        ("12-29 14:00", "12-22 10:00"),
    ]
    print(f"{len(cases)} cases looked at")
    for starts, asked in cases:
        assert chase(meeting(f"2026-{starts}", EARLY)) == asked, starts


def test_between_the_ladders_steps_the_chase_has_its_own_day() -> None:
    assert leaving(planned(meeting(THURSDAY_AT_TWO, EARLY))) == [
        ("meeting:m1:invite", "2026-11-24 09:00"),
        ("meeting:m1:7d", "2026-12-03 10:00"),
        ("meeting:m1:chase", "2026-12-07 10:00"),
        ("meeting:m1:1d", "2026-12-09 10:00"),
        ("meeting:m1:2h", "2026-12-10 12:00"),
    ]


def test_the_chase_follows_the_invitation_by_two_days_or_is_left_out() -> None:
    cases = [
        ("12-05 10:00", "12-07 10:00"),
        ("12-05 10:01", None),
        ("12-04 21:00", None),  # the invitation waits for Monday morning
        ("12-03 20:30", "12-07 10:00"),
        ("12-08 09:00", None),
        ("12-10 13:00", None),
    ]
    print(f"{len(cases)} cases looked at")
    open_at_night = {"quiet_hours": "mon-fri 20:00-08:00"}
    for known, asked in cases:
        decided = open_at_night if known in {"12-05 10:00", "12-05 10:01"} else {}
        assert chase(meeting(THURSDAY_AT_TWO, f"2026-{known}"), **decided) == asked, known


def test_an_answer_of_any_kind_ends_the_chase() -> None:
    cases = [(None, True), (Rsvp.YES, False), (Rsvp.NO, False), (Rsvp.MAYBE, False)]
    print(f"{len(cases)} answers looked at")
    for rsvp, chased in cases:
        assert (chase(silent(rsvp=rsvp)) is not None) == chased, rsvp


def test_when_the_silent_are_asked_again_is_for_the_municipality_to_say() -> None:
    assert chase(meeting(THURSDAY_AT_TWO, EARLY), meeting_chase="2") == "12-08 10:00"
    assert chase(meeting(THURSDAY_AT_TWO, EARLY), meeting_chase="off") is None
    assert chase(meeting(THURSDAY_AT_TWO, EARLY), meeting_ladder="off") == "12-07 10:00"


def test_a_reminder_that_falls_together_with_the_chase_gives_way_to_it() -> None:
    keys = [key for key, _ in leaving(planned(meeting(THURSDAY_AT_TWO, EARLY), meeting_ladder="3d 1d"))]
    assert keys == [f"meeting:m1:{step}" for step in ("invite", "chase", "1d")]
    answered = planned(silent(rsvp=Rsvp.YES), meeting_ladder="3d 1d")
    assert [key for key, _ in leaving(answered)] == ["meeting:m1:3d", "meeting:m1:1d"]


def test_an_answer_to_the_chase_does_not_bring_back_the_reminder_in_whose_place_it_went() -> None:
    now, at = local("2026-12-07 12:00"), local("2026-12-07 10:00")
    for key, steps in (("meeting:m1:chase", ["1d"]), ("meeting:m2:chase", ["3d", "1d"])):
        sent = (Sent("meeting_chase", key, at, at),)
        facts = person("2025-01-06 10:00", meetings=(silent(rsvp=Rsvp.YES),), sent=sent)
        keys = [duty.key for duty in plan(facts, policy_from({"meeting_ladder": "3d 1d"}), now)]
        assert keys == [f"meeting:m1:{step}" for step in steps]


def test_an_answer_to_the_chase_does_not_bring_back_an_earlier_reminder_that_had_no_room() -> None:
    now, at = local("2026-12-08 12:00"), local("2026-12-07 10:00")
    for answer in Rsvp:
        facts = person(
            "2025-01-06 10:00", meetings=(silent(rsvp=answer),), sent=(Sent("meeting_chase", "meeting:m1:chase", at, at),)
        )
        keys = {duty.key for duty in plan(facts, policy_from({"meeting_ladder": "7d 1d 2h"}), now)}
        assert keys & {"meeting:m1:7d", "meeting:m1:1d"} == ({"meeting:m1:1d"} if answer != Rsvp.NO else set()), answer


def test_the_chase_asks_the_same_question_and_the_next_reminder_ends_it() -> None:
    (word,) = [duty for duty in planned(meeting(THURSDAY_AT_TWO, EARLY)) if duty.kind == "meeting_chase"]
    assert (word.key, word.chain, word.text) == ("meeting:m1:chase", "meeting:m1", "meeting_chase")
    assert (word.asks, word.open_until) == (Ask.RSVP, local(THURSDAY_AT_TWO))
    assert (word.doubt, word.topic, word.priority) == (Doubt.B, Topic.MEETINGS, 3)
    assert (word.off_closed, wall(word.valid_until)) == (ClosedDay.STAY, "2026-12-09 10:00")
    assert word.subject == {"meeting": "public", "sequence": "1"}
    assert word.why == Why("why_meeting", {"start": "2026-12-10T14:00:00+01:00", "step": "chase"})


def test_a_meeting_that_moves_asks_anew_and_chases_anew_under_its_own_key() -> None:
    moved = meeting("2026-12-17 14:00", EARLY, sequence=2, told=2)
    assert ("meeting:m1@2:chase", "2026-12-14 10:00") in leaving(planned(moved))
    late = meeting(THURSDAY_AT_TWO, "2026-12-07 10:01", sequence=3, told=1)
    assert [key for key, _ in leaving(planned(late))] == ["meeting:m1@3:1d", "meeting:m1@3:2h"]  # nobody is chased twice


def test_who_joins_late_is_given_the_same_time_to_answer() -> None:
    keys = [key for key, _ in leaving(planned(silent(), "2026-12-06 12:00", joined="2026-12-06 12:00"))]
    assert "meeting:m1:chase" not in keys
    assert chase(silent(known="2026-12-04 12:00")) == "12-07 10:00"


def test_nobody_is_chased_about_a_meeting_that_is_cancelled_or_in_a_pause() -> None:
    assert chase(meeting(THURSDAY_AT_TWO, EARLY, cancelled=True)) is None
    away = Pause(local("2026-12-05 09:00"), local("2026-12-20 09:00").date())
    duties = plan(person(meetings=(silent(),), pauses=(away,)), DEFAULTS, local(EARLY))
    assert [duty.gave_way is None for duty in duties if duty.kind == "meeting_chase"] in ([], [False])


def test_the_silent_stand_on_the_coachs_list_from_the_morning_of_the_open_day_before() -> None:
    cases = [
        ("12-10 14:00", EARLY, "12-09 08:00"),
        ("12-14 14:00", EARLY, "12-11 08:00"),
        ("12-13 14:00", EARLY, "12-11 08:00"),
        # asked late: there is a day to answer in first
        ("12-10 14:00", "2026-12-08 16:00", "12-09 16:00"),
        ("12-10 14:00", "2026-12-09 12:00", "12-10 12:00"),
        # and where that leaves the coach no time, nobody is troubled
        ("12-10 14:00", "2026-12-09 12:01", None),
        ("12-10 14:00", "2026-12-10 09:00", None),
    ]
    print(f"{len(cases)} cases looked at")
    for starts, known, shows in cases:
        assert listed(silent(f"2026-{starts}", known)) == shows, (starts, known)


def test_who_heard_of_a_meeting_late_has_a_day_to_answer_in_from_then() -> None:
    """The invitation had given way, and the day-before reminder was the first that asked."""
    asked = {"2026-12-09 10:00": "12-10 10:00", "2026-12-09 12:00": "12-10 12:00", "2026-12-09 12:01": None}
    assert {at: listed(silent(asked_at=local(at))) for at in asked} == asked


def test_the_list_says_which_meeting_and_until_when_it_is_of_use() -> None:
    (one,) = warned(silent(sequence=2, told=2))
    assert (one.kind, one.key) == (TaskKind.NO_REPLY, "meeting:m1:no_reply:2")
    assert one.until == local(THURSDAY_AT_TWO)
    assert one.why == Why("why_meeting_no_reply", {"start": "2026-12-10T14:00:00+01:00"})


@pytest.mark.parametrize(
    ("what", "facts"),
    [
        ("a yes", {"rsvp": Rsvp.YES}),
        ("a no", {"rsvp": Rsvp.NO}),
        ("a maybe is an answer", {"rsvp": Rsvp.MAYBE}),
        ("cancelled", {"cancelled": True}),
        ("not asked yet, which is no silence", {"told": 0, "asked_at": None}),
        ("told by a notice, which asks nothing", {"asked_at": None}),
        ("asked about another time than it is now", {"sequence": 2, "told": 1, "told_holds": False}),
    ],
)
def test_whoever_has_answered_or_was_not_asked_does_not_stand_on_the_list(what: str, facts: dict[str, Any]) -> None:
    assert listed(silent(**facts)) is None, what


def test_whoever_has_stopped_is_left_alone() -> None:
    assert warned(silent(), joined=None) == []
    assert warned(silent(), consents=frozenset({Purpose.CHECK_INS})) == []
