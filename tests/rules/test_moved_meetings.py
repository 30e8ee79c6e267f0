"""A meeting that moves: one correction to those who were told, a ladder of its own, and nothing of the old date."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from medvind.model import Ask, Doubt, Duty, MeetingFacts, Rsvp, Sent, Why
from medvind.rules.plan import plan
from medvind.rules.policy import policy_from
from tests.rules.facts import DEFAULTS, ZONE, leaving, local, meeting, person, wall

OLD, NEW = "2026-12-08 14:00", "2026-12-10 14:00"
CHANGED = "2026-11-24 09:00"
LADDER_ALONE = {"meeting_chase": "off"}


def moved(starts: str, known: str, was: str | None = OLD, **facts: Any) -> MeetingFacts:
    """A meeting now at `starts`, of which the person was told that it is at `was`; None: nobody knows any more."""
    then = datetime.fromisoformat(was).replace(tzinfo=ZoneInfo(ZONE)) if was else None
    return meeting(starts, known, **{"sequence": 2, "told": 1, "told_holds": False, "told_start": then} | facts)


def corrected(one: MeetingFacts, at: str) -> list[Duty]:
    """What is left of the plan once the correction has left: nothing but the ladder."""
    sent = Sent("meeting_moved", "meeting:m1:moved:2", local(at), local(at))
    told = meeting(wall(one.starts_at), wall(one.known_since), sequence=2, told=2)
    return plan(person(meetings=(told,), sent=(sent,)), DEFAULTS, local(at))


def planned(one: MeetingFacts, now: str | None = None, joined: str = "2025-01-06 10:00", **decided: str) -> list[Duty]:
    return plan(person(joined, meetings=(one,)), policy_from(LADDER_ALONE | decided), local(now) if now else one.known_since)


def keys(duties: list[Duty]) -> list[str]:
    return [key.removeprefix("meeting:m1") for key, _ in leaving(duties)]


def test_who_was_told_the_old_date_gets_one_correction_and_the_new_ladder() -> None:
    assert leaving(planned(moved(NEW, CHANGED))) == [
        ("meeting:m1:moved:2", "2026-11-24 09:00"),
        ("meeting:m1@2:7d", "2026-12-03 10:00"),
        ("meeting:m1@2:1d", "2026-12-09 10:00"),
        ("meeting:m1@2:2h", "2026-12-10 12:00"),
    ]


def test_who_heard_nothing_of_the_old_date_is_invited_to_the_new_one() -> None:
    assert leaving(planned(meeting(NEW, CHANGED, sequence=3)))[0] == ("meeting:m1@3:invite", "2026-11-24 09:00")


def test_once_told_the_correction_is_not_owed_again() -> None:
    assert keys(planned(meeting(NEW, CHANGED, sequence=2, told=2))) == ["@2:7d", "@2:1d", "@2:2h"]


def test_moved_back_before_anybody_was_told_nothing_is_said() -> None:
    assert keys(planned(meeting(NEW, CHANGED, sequence=3, told=1))) == ["@3:7d", "@3:1d", "@3:2h"]


def test_who_was_told_two_dates_ago_gets_one_correction() -> None:
    assert keys(planned(moved(NEW, CHANGED, sequence=4)))[0] == ":moved:4"


@pytest.mark.parametrize("changed", ["2026-12-09 10:00", "2026-12-09 15:00", "2026-12-10 11:00", "2026-12-10 13:00"])
def test_a_move_to_a_date_that_is_near_is_said_to_be_a_move(changed: str) -> None:
    assert leaving(planned(moved(NEW, changed)))[0] == ("meeting:m1:moved:2", changed)


def test_after_a_correction_the_day_before_it_follows_no_reminder_but_the_notice() -> None:
    assert keys(planned(moved(NEW, "2026-12-09 15:00"))) == [":moved:2", "@2:2h"]
    after = planned(meeting(NEW, "2026-12-09 15:00", sequence=2, told=2), "2026-12-09 15:01")
    assert keys(after) == ["@2:2h"]


def test_no_reminder_leaves_with_the_correction_or_within_the_hour_after_it_and_none_pushes_it_out() -> None:
    cases = [
        # the correction waits for the morning, and the notice with it
        ("2026-12-10 10:00", "2026-12-09 22:00", {}, ":moved:2 08:00"),
        ("2026-12-10 10:59", "2026-12-09 22:00", {}, ":moved:2 08:00"),
        ("2026-12-10 11:00", "2026-12-09 22:00", {}, ":moved:2 08:00 | @2:2h 09:00"),
        # the day-before reminder would follow at once
        (NEW, "2026-12-09 09:59", {}, ":moved:2 09:59 | @2:2h 12:00"),
        (NEW, "2026-12-09 09:01", {}, ":moved:2 09:01 | @2:2h 12:00"),
        (NEW, "2026-12-09 09:00", {}, ":moved:2 09:00 | @2:1d 10:00 | @2:2h 12:00"),
        # a municipality that never joins messages: still none in its place
        ("2026-12-10 10:00", "2026-12-09 22:00", {"join_minutes": "0"}, ":moved:2 08:00"),
        ("2026-12-10 10:01", "2026-12-09 22:00", {"join_minutes": "0"}, ":moved:2 08:00 | @2:2h 08:01"),
    ]
    print(f"{len(cases)} cases looked at")
    for starts, changed, decided, steps in cases:
        duties = planned(moved(starts, changed, "2026-12-20 14:00"), **decided)
        found = [f"{key} {when[11:]}" for key, when in zip(keys(duties), [when for _, when in leaving(duties)], strict=True)]
        assert " | ".join(found) == steps
        assert wall(duties[0].valid_until) == starts


def test_what_the_correction_made_needless_stays_away_once_it_has_left() -> None:
    one = moved("2026-12-10 10:00", "2026-12-09 22:00")
    assert keys(corrected(one, "2026-12-10 08:00")) == []
    assert keys(corrected(moved(NEW, "2026-12-09 09:30"), "2026-12-09 09:30")) == ["@2:2h"]
    assert keys(corrected(moved(NEW, "2026-12-09 09:30"), "2026-12-09 08:59")) == ["@2:1d", "@2:2h"]


def test_who_joins_again_the_day_before_is_reminded_though_told_long_ago() -> None:
    again = planned(meeting(NEW, CHANGED, told=1), joined="2026-12-09 15:00", now="2026-12-09 15:00")
    assert leaving(again) == [("meeting:m1:1d", "2026-12-09 15:00"), ("meeting:m1:2h", "2026-12-10 12:00")]
    just_asked = planned(meeting(NEW, CHANGED, told=1), joined="2026-12-08 15:00", now="2026-12-08 15:00")
    assert keys(just_asked) == [":1d", ":2h"]


def test_who_joins_again_after_a_move_is_told_of_it_then() -> None:
    again = planned(moved(NEW, CHANGED), joined="2026-12-01 15:00", now="2026-12-01 15:00")
    assert leaving(again)[0] == ("meeting:m1:moved:2", "2026-12-01 15:00")


def test_a_no_is_asked_again_only_when_the_meeting_moves() -> None:
    assert planned(meeting(NEW, CHANGED, told=1, rsvp=Rsvp.NO)) == []
    assert planned(meeting(NEW, CHANGED, sequence=2, rsvp=Rsvp.NO)) == []
    assert leaving(planned(moved(NEW, CHANGED, rsvp=Rsvp.NO))) == [("meeting:m1:moved:2", "2026-11-24 09:00")]


def test_a_correction_holds_until_the_start_and_a_double_is_kinder_than_silence() -> None:
    (word,) = planned(moved(NEW, CHANGED, rsvp=Rsvp.NO))
    assert wall(word.valid_until) == NEW
    assert (word.kind, word.text, word.doubt, word.priority) == ("meeting_moved", "meeting_moved", Doubt.A, 1)
    assert (word.asks, word.open_until) == (Ask.RSVP, local(NEW))
    assert word.subject == {"meeting": "public", "sequence": "2", "was": "1"}
    assert word.chain == "meeting:m1:changed"
    assert word.why == Why("why_meeting_moved", {"start": "2026-12-10T14:00:00+01:00", "step": "moved"})
    late = planned(moved(NEW, "2026-12-10 13:50"))
    assert leaving(late) == [("meeting:m1:moved:2", "2026-12-10 13:50")]


def test_a_later_step_does_not_cut_a_correction_short() -> None:
    duties = planned(moved(NEW, CHANGED))
    assert [wall(duty.valid_until) for duty in duties] == [NEW, "2026-12-09 10:00", "2026-12-10 12:00", "2026-12-10 13:40"]


def test_a_correction_in_the_night_waits_for_the_morning_and_is_dropped_when_that_is_too_late() -> None:
    assert leaving(planned(moved(NEW, "2026-12-09 22:00")))[0] == ("meeting:m1:moved:2", "2026-12-10 08:00")
    assert planned(moved("2026-12-10 07:30", "2026-12-09 22:00")) == []


def test_the_day_that_comes_first_opens_a_saturday_for_the_correction() -> None:
    cases = [
        # told Saturday at two; on Friday night it is moved to Thursday: said on Saturday, before anybody sets out
        ("2026-12-17 14:00", "2026-12-12 14:00", "2026-12-11 21:00", "2026-12-12 10:00"),
        # the other way about: the new day is the near one
        ("2026-12-12 14:00", "2026-12-17 14:00", "2026-12-11 21:00", "2026-12-12 10:00"),
        # both far: no Saturday for it
        ("2026-12-17 14:00", "2026-12-18 14:00", "2026-12-11 21:00", "2026-12-14 08:00"),
        # the old time is over: it opens nothing, and closes nothing
        ("2026-12-12 14:00", "2026-12-11 10:00", "2026-12-11 21:00", "2026-12-12 10:00"),
        ("2026-12-17 14:00", "2026-12-12 10:00", "2026-12-12 18:30", "2026-12-14 08:00"),
        ("2026-12-17 14:00", None, "2026-12-11 21:00", "2026-12-14 08:00"),
    ]
    print(f"{len(cases)} cases looked at")
    for starts, was, changed, leaves in cases:
        assert leaving(planned(moved(starts, changed, was)))[0] == ("meeting:m1:moved:2", leaves)


def test_a_correction_is_not_owed_once_the_new_meeting_has_begun() -> None:
    assert planned(moved(NEW, CHANGED), now=NEW) == []
    assert keys(planned(moved(NEW, CHANGED), now="2026-12-10 13:59")) == [":moved:2"]
