"""A meeting that is cancelled or taken up again, and the call where word of a change would come too late."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from medvind.model import (
    Adjust,
    Adjustment,
    CoachWarning,
    Doubt,
    Duty,
    MeetingFacts,
    Pause,
    PersonFacts,
    Purpose,
    Rsvp,
    TaskKind,
    Why,
)
from medvind.rules.meetings import warnings
from medvind.rules.plan import plan
from tests.rules.facts import DEFAULTS, ZONE, leaving, local, meeting, person, wall

AT_TWO = "2026-12-10 14:00"
CHANGED = "2026-11-24 09:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def cancelled(starts: str = AT_TWO, known: str = CHANGED, **facts: Any) -> MeetingFacts:
    """A meeting that was told under its first sequence and is cancelled under its second."""
    usual = {"sequence": 2, "told": 1, "told_holds": False, "told_start": at(starts), "cancelled": True}
    return meeting(starts, known, **usual | facts)


def taken_up(starts: str = AT_TWO, known: str = CHANGED, **facts: Any) -> MeetingFacts:
    """The same, told to be cancelled, and taken up again under the third."""
    usual = {"sequence": 3, "told": 2, "told_holds": False, "told_cancelled": True, "told_start": at(starts)}
    return meeting(starts, known, **usual | facts)


def moved(starts: str, was: str, known: str, **facts: Any) -> MeetingFacts:
    return meeting(starts, known, **{"sequence": 2, "told": 1, "told_holds": False, "told_start": at(was)} | facts)


def planned(one: MeetingFacts, now: str | None = None) -> list[Duty]:
    return plan(person(meetings=(one,)), DEFAULTS, local(now) if now else one.known_since)


def warned(one: MeetingFacts, joined: str | None = "2025-01-06 10:00", **facts: Any) -> list[CoachWarning]:
    return list(warnings(person(joined, meetings=(one,), **facts), DEFAULTS))


def test_who_was_told_of_a_meeting_is_told_once_that_it_is_cancelled_and_reminded_no_more() -> None:
    (word,) = planned(cancelled())
    assert leaving([word]) == [("meeting:m1:cancelled:2", "2026-11-24 09:00")]
    assert (word.kind, word.text, word.doubt, word.priority) == ("meeting_cancelled", "meeting_cancelled", Doubt.A, 1)
    assert (word.asks, word.open_until, wall(word.valid_until)) == (None, None, AT_TWO)
    assert word.subject == {"meeting": "public", "sequence": "2", "was": "1"}
    assert word.why == Why("why_meeting_cancelled", {"start": "2026-12-10T14:00:00+01:00", "step": "cancelled"})


def test_of_a_cancelled_meeting_nobody_hears_who_does_not_expect_it() -> None:
    silent: dict[str, dict[str, Any]] = {
        "never told of it": {"told": 0, "told_holds": True, "told_start": None},
        "told already": {"told": 2, "told_holds": True, "told_cancelled": True, "told_start": None},
        "told already, and changed since": {"sequence": 3, "told": 2, "told_cancelled": True},
        "said no": {"rsvp": Rsvp.NO},
    }
    print(f"{len(silent)} cases looked at")
    for case, facts in silent.items():
        assert planned(cancelled(**facts)) == [], case
        assert warned(cancelled(**facts), joined=None) == [], case
    assert plan(person(None, meetings=(cancelled(),)), DEFAULTS, local(CHANGED)) == []


def test_moved_and_cancelled_before_anybody_was_told_the_day_that_was_told_is_the_one_that_counts() -> None:
    one = cancelled("2026-12-20 14:00", told_start=at(AT_TWO), sequence=3)
    (word,) = planned(one)
    assert (leaving([word])[0][0], wall(word.valid_until)) == ("meeting:m1:cancelled:3", AT_TWO)
    assert word.why.values["start"] == "2026-12-10T14:00:00+01:00"
    assert planned(one, now=AT_TWO) == []


def test_where_nobody_knows_what_was_told_the_day_it_had_last_counts() -> None:
    (word,) = planned(cancelled(told_start=None))
    assert (wall(word.valid_until), word.why.values["start"]) == (AT_TWO, "2026-12-10T14:00:00+01:00")


def test_a_saturdays_meeting_that_is_cancelled_on_friday_night_is_told_on_saturday_morning() -> None:
    assert leaving(planned(cancelled("2026-12-12 14:00", "2026-12-11 21:00")))[0][1] == "2026-12-12 10:00"


def test_taken_up_again_it_begins_anew_for_those_who_heard_that_it_was_cancelled() -> None:
    steps = [(key, when[5:]) for key, when in leaving(planned(taken_up()))]
    assert steps[:2] == [("meeting:m1@3:invite", "11-24 09:00"), ("meeting:m1@3:7d", "12-03 10:00")]
    assert planned(taken_up())[0].doubt == Doubt.A
    late = leaving(planned(taken_up(known="2026-12-09 15:00")))
    assert late == [("meeting:m1@3:1d", "2026-12-09 15:00"), ("meeting:m1@3:2h", "2026-12-10 12:00")]


def test_taken_up_again_before_anybody_heard_it_goes_on_as_it_was() -> None:
    one = meeting(AT_TWO, CHANGED, sequence=3, told=1)
    assert [key for key, _ in leaving(planned(one))] == [f"meeting:m1@3:{step}" for step in ("7d", "chase", "1d", "2h")]


def test_a_change_that_is_told_in_time_is_no_reason_for_a_call() -> None:
    for one in (cancelled(), taken_up(), moved("2026-12-11 14:00", AT_TWO, CHANGED)):
        assert warned(one) == []


def test_a_change_that_nobody_can_be_told_of_in_time_is_a_call_at_once() -> None:
    cases = [
        # cancelled in the night, before the meeting and before anything may be sent
        (cancelled("2026-12-10 07:30", "2026-12-09 22:00"), "2026-12-10 07:30"),
        (cancelled("2026-12-10 08:00", "2026-12-09 22:00"), "2026-12-10 08:00"),
        # moved to later: the correction leaves, but not before somebody stands there
        (moved("2026-12-10 14:00", "2026-12-10 07:30", "2026-12-09 22:00"), "2026-12-10 07:30"),
        # moved to earlier, and it begins before the morning
        (moved("2026-12-10 07:30", "2026-12-10 14:00", "2026-12-09 22:00"), "2026-12-10 07:30"),
        # taken up again when there is no time to invite any more
        (taken_up("2026-12-10 07:30", "2026-12-09 22:00"), "2026-12-10 07:30"),
        (taken_up(AT_TWO, "2026-12-10 13:50"), AT_TWO),
    ]
    print(f"{len(cases)} cases looked at")
    for one, until in cases:
        (call,) = warned(one)
        assert (call.kind, call.key) == (TaskKind.NOT_REACHED, f"meeting:m1:not_told:{one.sequence}")
        assert call.shows_at == one.known_since
        assert call.until is not None
        assert wall(call.until) == until
        assert call.why == Why("why_meeting_not_told", {"start": one.starts_at.isoformat(), "step": "not_told"})


def test_just_before_the_morning_there_is_time_enough() -> None:
    assert warned(cancelled("2026-12-10 08:01", "2026-12-09 22:00")) == []
    assert warned(moved("2026-12-10 14:00", "2026-12-10 08:01", "2026-12-09 22:00")) == []


def test_whoever_was_told_and_may_be_written_to_no_more_is_called() -> None:
    assert [call.key for call in warned(cancelled(), joined=None)] == ["meeting:m1:not_told:2"]
    only_check_ins = frozenset({Purpose.CHECK_INS})
    assert [call.key for call in warned(cancelled(), consents=only_check_ins)] == ["meeting:m1:not_told:2"]


def test_a_pause_or_peace_at_night_of_ones_own_that_swallows_the_change_is_a_reason_to_call() -> None:
    away = Pause(local("2026-11-20 09:00"), at("2026-12-20 00:00").date())
    assert [call.key for call in warned(cancelled(), pauses=(away,))] == ["meeting:m1:not_told:2"]
    short = Pause(local("2026-11-20 09:00"), at("2026-12-01 00:00").date())
    assert warned(cancelled(), pauses=(short,)) == []
    early = cancelled("2026-12-10 11:00", "2026-12-09 22:00")
    assert warned(early) == []
    assert len(warned(early, quiet_hours="mon-fri 19:00-12:00")) == 1


def test_what_the_coach_took_out_of_the_plan_is_no_reason_to_call() -> None:
    skipped = Adjustment("meeting_cancelled", "meeting:m1:cancelled:2", "meeting:m1:changed", Adjust.SKIP)
    assert warned(cancelled(), adjustments=(skipped,)) == []


def test_what_changes_when_it_is_over_already_is_no_reason_to_call() -> None:
    assert warned(cancelled(AT_TWO, AT_TWO)) == []
    assert warned(cancelled(AT_TWO, "2026-12-10 15:00"), joined=None) == []
    postponed = moved("2026-12-17 14:00", AT_TWO, "2026-12-10 14:05")
    assert warned(postponed) == []
    (call,) = warned(postponed, joined=None)
    assert call.until == local("2026-12-17 14:00")


def test_without_anything_told_there_is_nothing_to_put_right() -> None:
    never = meeting(AT_TWO, CHANGED, sequence=2)
    nobody: PersonFacts = person(None, meetings=(never,))
    assert list(warnings(nobody, DEFAULTS)) == []
    assert warned(meeting(AT_TWO, CHANGED, sequence=2, told=2), joined=None) == []
