"""Who stayed away gets one kind word, soon or never; who came, or had said that they could not, gets none."""

from typing import Any

import pytest

from medvind.model import Ask, Attendance, Doubt, Duty, GaveWay, MeetingFacts, Pause, Rsvp, Topic, Why
from medvind.rules.plan import plan
from tests.rules.facts import DEFAULTS, leaving, local, meeting, person, wall

KNOWN = "2026-11-24 09:00"
AT_TWO = "2026-12-10 14:00"
"""A Thursday."""


def missed(entered: str = "2026-12-10 16:00", starts: str = AT_TWO, **facts: Any) -> MeetingFacts:
    """A meeting to which the person did not come, as was entered at that time."""
    usual = {"attendance": Attendance.NO_SHOW, "entered_at": local(entered), "told": 1}
    return meeting(starts, KNOWN, **usual | facts)


def planned(one: MeetingFacts, now: str | None = None, joined: str = "2025-01-06 10:00", **facts: Any) -> list[Duty]:
    seen = local(now) if now else one.entered_at
    assert seen is not None
    return plan(person(joined, meetings=(one,), **facts), DEFAULTS, seen)


def leaves(one: MeetingFacts) -> str | None:
    """When the word leaves, without the year."""
    return next((wall(duty.when)[5:] for duty in planned(one)), None)


def test_the_word_leaves_on_the_same_day_a_quarter_of_an_hour_after_the_entry() -> None:
    cases = [
        ("12-10 16:00", "12-10 16:15"),
        ("12-10 19:44", "12-10 19:59"),
        # while the person may just be late nothing leaves: an hour, or as long as the meeting lasts
        ("12-10 14:01", "12-10 15:00"),
        ("12-10 14:44", "12-10 15:00"),
        ("12-10 14:46", "12-10 15:01"),
        # in the evening it waits for the morning, when it says today no longer
        ("12-10 19:45", "12-11 08:00"),
        ("12-10 22:00", "12-11 08:00"),
        # and after two days it is too late, wherever it comes from
        ("12-12 19:44", None),
        ("12-11 21:00", None),
        ("12-13 12:00", None),
        ("12-20 12:00", None),
    ]
    print(f"{len(cases)} cases looked at")
    for entered, at in cases:
        assert leaves(missed(f"2026-{entered}")) == at, entered


def test_on_the_second_day_after_it_is_said_and_on_the_third_it_is_not() -> None:
    monday = "2026-12-07 14:00"
    assert leaves(missed("2026-12-09 19:44", monday)) == "12-09 19:59"
    assert leaves(missed("2026-12-09 19:45", monday)) is None
    assert leaves(missed("2026-12-10 08:00", monday)) is None
    (word,) = planned(missed("2026-12-07 16:00", monday))
    assert wall(word.valid_until) == "2026-12-09 20:00"


def test_a_short_meeting_is_over_before_the_hour_is() -> None:
    assert leaves(missed("2026-12-10 14:01", minutes=30)) == "12-10 14:30"


def test_a_saturdays_meeting_is_spoken_of_on_that_saturday() -> None:
    assert leaves(missed("2026-12-12 16:00", "2026-12-12 14:00")) == "12-12 16:15"


def test_only_who_was_missed_hears_of_it() -> None:
    cases: list[tuple[dict[str, Any], bool]] = [
        ({}, True),
        ({"rsvp": Rsvp.YES}, True),
        ({"rsvp": Rsvp.MAYBE}, True),
        ({"attendance": Attendance.ATTENDED}, False),
        ({"attendance": Attendance.EXCUSED}, False),
        ({"attendance": None, "entered_at": None}, False),
        ({"rsvp": Rsvp.NO}, False),  # who has said no isn't missed
        ({"cancelled": True}, False),
    ]
    print(f"{len(cases)} cases looked at")
    for facts, told in cases:
        words = planned(missed(**facts), "2026-12-10 16:00")
        assert [duty.kind for duty in words] == ["meeting_missed"] * told, facts


def test_the_word_asks_whether_to_call_and_in_doubt_it_is_not_said_twice() -> None:
    (word,) = planned(missed())
    assert (word.kind, word.key, word.text) == ("meeting_missed", "meeting:m1:missed", "meeting_missed")
    assert (word.asks, wall(word.open_until or word.when)) == (Ask.CALL, "2026-12-17 16:15")
    assert (word.doubt, word.topic) == (Doubt.C, Topic.MEETINGS)
    assert word.subject == {"meeting": "public", "sequence": "1"}
    assert word.why == Why("why_meeting_missed", {"start": "2026-12-10T14:00:00+01:00"})
    assert leaving(planned(missed(sequence=3)))[0][0] == "meeting:m1@3:missed"


@pytest.mark.parametrize("joined", [None, "2026-12-10 14:01"])
def test_who_was_not_with_us_when_it_began_hears_nothing(joined: str | None) -> None:
    one = missed()
    assert plan(person(joined, meetings=(one,)), DEFAULTS, local("2026-12-10 16:00")) == []
    assert len(planned(one, joined=AT_TWO)) == 1


def test_in_a_pause_that_lasts_nothing_is_said() -> None:
    away = Pause(local("2026-12-09 09:00"), local("2026-12-20 09:00").date())
    assert [duty.gave_way for duty in planned(missed(), pauses=(away,))] in ([], [GaveWay.PAUSED])


def test_later_looks_leave_the_word_where_it_is() -> None:
    (word,) = planned(missed(), "2026-12-10 16:10")
    assert wall(word.when) == "2026-12-10 16:15"
    assert planned(missed(), "2026-12-12 20:00") == []
