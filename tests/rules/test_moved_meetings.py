"""A meeting that moves: one correction to those who were told, a ladder of its own, and nothing of the old date."""

import pytest

from medvind.model import Ask, Doubt, Duty, MeetingFacts, Rsvp
from medvind.rules.plan import plan
from tests.rules.facts import DEFAULTS, leaving, local, meeting, person, wall

NEW = "2026-12-10 14:00"
CHANGED = "2026-11-24 09:00"


def planned(one: MeetingFacts, now: str | None = None, joined: str = "2025-01-06 10:00") -> list[Duty]:
    return plan(person(joined, meetings=(one,)), DEFAULTS, local(now) if now else one.known_since)


def test_who_was_told_the_old_date_gets_one_correction_and_the_new_ladder() -> None:
    assert leaving(planned(meeting(NEW, CHANGED, sequence=2, told=1))) == [
        ("meeting:m1:moved:2", "2026-11-24 09:00"),
        ("meeting:m1@2:7d", "2026-12-03 10:00"),
        ("meeting:m1@2:1d", "2026-12-09 10:00"),
        ("meeting:m1@2:2h", "2026-12-10 12:00"),
    ]


def test_who_heard_nothing_of_the_old_date_is_invited_to_the_new_one() -> None:
    assert leaving(planned(meeting(NEW, CHANGED, sequence=3)))[0] == ("meeting:m1@3:invite", "2026-11-24 09:00")


def test_once_told_the_correction_is_not_owed_again() -> None:
    told = planned(meeting(NEW, CHANGED, sequence=2, told=2))
    assert [key for key, _ in leaving(told)] == ["meeting:m1@2:7d", "meeting:m1@2:1d", "meeting:m1@2:2h"]


def test_who_was_told_two_dates_ago_gets_one_correction() -> None:
    assert leaving(planned(meeting(NEW, CHANGED, sequence=4, told=1)))[0][0] == "meeting:m1:moved:4"


@pytest.mark.parametrize("changed", ["2026-12-09 10:00", "2026-12-09 15:00", "2026-12-10 11:00", "2026-12-10 13:00"])
def test_a_move_to_a_date_that_is_near_is_said_to_be_a_move(changed: str) -> None:
    first = leaving(planned(meeting(NEW, changed, sequence=2, told=1)))[0]
    assert first == ("meeting:m1:moved:2", changed)


def test_after_a_correction_the_day_before_it_follows_no_reminder_but_the_notice() -> None:
    before = planned(meeting(NEW, "2026-12-09 15:00", sequence=2, told=1))
    assert [key for key, _ in leaving(before)] == ["meeting:m1:moved:2", "meeting:m1@2:2h"]
    after = planned(meeting(NEW, "2026-12-09 15:00", sequence=2, told=2), "2026-12-09 15:01")
    assert [key for key, _ in leaving(after)] == ["meeting:m1@2:2h"]


def test_who_joins_again_the_day_before_is_reminded_though_told_long_ago() -> None:
    again = planned(meeting(NEW, CHANGED, told=1), joined="2026-12-09 15:00", now="2026-12-09 15:00")
    assert leaving(again) == [("meeting:m1:1d", "2026-12-09 15:00"), ("meeting:m1:2h", "2026-12-10 12:00")]
    just_asked = planned(meeting(NEW, CHANGED, told=1), joined="2026-12-08 15:00", now="2026-12-08 15:00")
    assert [key for key, _ in leaving(just_asked)] == ["meeting:m1:1d", "meeting:m1:2h"]


def test_a_no_is_asked_again_only_when_the_meeting_moves() -> None:
    assert planned(meeting(NEW, CHANGED, told=1, rsvp=Rsvp.NO)) == []
    assert planned(meeting(NEW, CHANGED, sequence=2, rsvp=Rsvp.NO)) == []
    moved = planned(meeting(NEW, CHANGED, sequence=2, told=1, rsvp=Rsvp.NO))
    assert leaving(moved) == [("meeting:m1:moved:2", "2026-11-24 09:00")]


def test_a_correction_holds_until_the_start_and_a_double_is_kinder_than_silence() -> None:
    (moved,) = planned(meeting(NEW, CHANGED, sequence=2, told=1, rsvp=Rsvp.NO))
    assert wall(moved.valid_until) == NEW
    assert (moved.kind, moved.text, moved.doubt, moved.priority) == ("meeting_moved", "meeting_moved", Doubt.A, 2)
    assert (moved.asks, moved.open_until) == (Ask.RSVP, local(NEW))
    assert moved.subject == {"meeting": "public", "sequence": "2"}
    late = planned(meeting(NEW, "2026-12-10 13:50", sequence=2, told=1))
    assert leaving(late) == [("meeting:m1:moved:2", "2026-12-10 13:50")]


def test_a_correction_in_the_night_waits_for_the_morning_and_is_dropped_when_that_is_too_late() -> None:
    assert leaving(planned(meeting(NEW, "2026-12-09 22:00", sequence=2, told=1)))[0] == (
        "meeting:m1:moved:2",
        "2026-12-10 08:00",
    )
    assert planned(meeting("2026-12-10 07:30", "2026-12-09 22:00", sequence=2, told=1)) == []
