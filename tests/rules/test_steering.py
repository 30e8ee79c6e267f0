"""What people decide about the plan: a coach moves, skips and cancels; pauses, peace after a human word, own quiet hours."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from medvind.model import Adjust, Adjustment, ChannelName, ClosedDay, Doubt, Duty, GaveWay, Late, Pause, Sent, Topic, Waits
from medvind.rules.arranging import arrange
from medvind.rules.policy import policy_from
from medvind.rules.sending import open_from, policy_for, settle
from tests.rules.duties import duty
from tests.rules.facts import DEFAULTS, ZONE, leaving, local, person, wall

LADDER = [duty(f"{lead}d", f"2026-11-{day} 09:00", chain="vat") for lead, day in ((14, 16), (7, 23), (2, 27))]
WIDE = policy_from({"daily_messages": "9", "weekly_messages": "9"})


def decided(action: Adjust, key: str = "7d", when: str | None = None) -> Adjustment:
    return Adjustment("kind", key, "vat", action, local(when) if when else None)


def ways(*adjustments: Adjustment) -> dict[str, tuple[str, GaveWay | None]]:
    arranged = arrange(LADDER, person(adjustments=adjustments), WIDE)
    return {one.key: (wall(one.when), one.gave_way) for one in arranged}


def test_a_skipped_message_gives_way_and_the_others_go_on() -> None:
    assert ways(decided(Adjust.SKIP)) == {
        "14d": ("2026-11-16 09:00", None),
        "7d": ("2026-11-23 09:00", GaveWay.SKIPPED),
        "2d": ("2026-11-27 09:00", None),
    }


def test_the_step_before_a_skipped_one_holds_until_the_next_that_goes() -> None:
    arranged = {one.key: one for one in arrange(LADDER, person(adjustments=(decided(Adjust.SKIP),)), WIDE)}
    assert arranged["14d"].valid_until == local("2026-11-27 09:00")


def test_a_cancelled_message_takes_the_rest_of_its_chain_with_it() -> None:
    assert ways(decided(Adjust.CANCEL)) == {
        "14d": ("2026-11-16 09:00", None),
        "7d": ("2026-11-23 09:00", GaveWay.CANCELLED),
        "2d": ("2026-11-27 09:00", GaveWay.CANCELLED),
    }


def test_a_moved_message_leaves_at_its_new_time_out_of_quiet_hours_and_stays_off_a_closed_day() -> None:
    assert ways(decided(Adjust.MOVE, when="2026-11-24 15:30"))["7d"] == ("2026-11-24 15:30", None)
    assert ways(decided(Adjust.MOVE, when="2026-11-24 22:00"))["7d"] == ("2026-11-25 08:00", None)
    back = [replace(one, off_closed=ClosedDay.BACK) for one in LADDER]
    moved = arrange(back, person(adjustments=(decided(Adjust.MOVE, when="2026-11-28 12:00"),)), WIDE)
    assert ("7d", "2026-11-30 08:00") in leaving(moved)


def test_a_cancelled_chain_stays_silent_when_its_first_step_is_long_past() -> None:
    """What recurs for ever is not reckoned from its beginning."""
    long_ago = decided(Adjust.CANCEL, "60d", "2026-10-02 09:00")
    assert {why for _, why in ways(long_ago).values()} == {GaveWay.CANCELLED}
    ahead = decided(Adjust.CANCEL, "0d", "2026-11-29 09:00")
    assert {why for _, why in ways(ahead).values()} == {None}


def test_the_ladder_of_a_meeting_that_moved_begins_anew_whatever_was_cancelled_of_the_old_one() -> None:
    ladder = [replace(one, topic=Topic.MEETINGS) for one in LADDER]
    old = person(adjustments=(decided(Adjust.CANCEL, "old:14d", "2026-10-02 09:00"),))
    assert {one.key: one.gave_way for one in arrange(ladder, old, WIDE)} == dict.fromkeys(["14d", "7d", "2d"])


def test_a_decision_about_a_message_that_is_owed_no_longer_says_nothing() -> None:
    assert ways(decided(Adjust.CANCEL, "21d")) == ways()


def paused(*pauses: Pause, joined: str = "2025-01-06 10:00", zone: str = ZONE) -> dict[str, tuple[str, GaveWay | None]]:
    loose = [replace(one, chain=one.key) for one in LADDER]
    arranged = arrange(loose, person(joined, pauses=pauses, zone=zone), WIDE)
    return {one.key: (wall(one.when), one.gave_way) for one in arranged}


def pause(since: str, until: str, topic: Topic | None = None) -> Pause:
    return Pause(local(since), date.fromisoformat(until), topic)


def test_after_a_pause_one_message_comes_and_no_burst() -> None:
    assert paused(pause("2026-11-10 12:00", "2026-12-02")) == {
        "14d": ("2026-11-16 09:00", GaveWay.PAUSED),
        "7d": ("2026-11-23 09:00", GaveWay.PAUSED),
        "2d": ("2026-12-02 08:00", None),
    }


def test_what_lies_outside_the_pause_goes_as_it_was_meant() -> None:
    assert paused(pause("2026-11-16 09:01", "2026-11-23")) == paused()
    assert paused(pause("2026-11-16 09:00", "2026-11-17"))["14d"] == ("2026-11-17 08:00", None)


def test_a_pause_of_one_topic_leaves_the_others() -> None:
    assert paused(pause("2026-11-10 12:00", "2026-12-02", Topic.CHECK_INS)) == paused()
    assert paused(pause("2026-11-10 12:00", "2026-12-02", Topic.DEADLINES)) == paused(pause("2026-11-10 12:00", "2026-12-02"))


def test_pauses_that_meet_are_one_with_one_end() -> None:
    row = pause("2026-11-10 12:00", "2026-11-20"), pause("2026-11-19 08:00", "2026-12-02")
    assert paused(*row) == paused(*reversed(row)) == paused(pause("2026-11-10 12:00", "2026-12-02"))


def test_what_is_true_no_longer_when_the_pause_ends_is_not_told() -> None:
    short = [replace(one, valid_until=local("2026-12-02 08:00")) for one in LADDER]
    arranged = arrange(short, person(pauses=(pause("2026-11-10 12:00", "2026-12-02"),)), WIDE)
    assert {one.gave_way for one in arranged} == {GaveWay.PAUSED}


def test_a_pause_that_was_ended_early_ends_then() -> None:
    ended = replace(pause("2026-11-10 12:00", "2026-12-02"), ended=local("2026-11-20 14:05"))
    assert paused(ended)["14d"] == ("2026-11-20 14:05", None)
    assert paused(ended)["7d"] == ("2026-11-23 09:00", None)


def test_how_somebody_is_is_not_asked_after_a_rest_but_what_has_a_date_is_told() -> None:
    rest = Pause(local("2026-11-15 22:10"), date(2026, 11, 17), ended=local("2026-11-16 22:10"), rest=True)
    asks, tells = duty("asks", "2026-11-16 09:00", topic=Topic.CHECK_INS), duty("tells", "2026-11-16 09:00")
    arranged = {one.key: one for one in arrange([asks, tells], person(pauses=(rest,)), WIDE)}
    assert arranged["asks"].gave_way == GaveWay.PAUSED
    assert arranged["tells"].gave_way is None
    assert arranged["tells"].when >= local("2026-11-16 22:10")


def test_an_invitation_knows_no_pause() -> None:
    invite = duty("invite", "2026-11-16 09:00", topic=None)
    nobody = person(None, pauses=(pause("2026-11-10 12:00", "2026-12-02"),), talked_at=local("2026-11-16 08:50"))
    assert leaving(arrange([invite], nobody, WIDE)) == [("invite", "2026-11-16 09:00")]


@pytest.mark.parametrize(
    ("talked", "leaves"),
    [
        ("2026-11-16 08:29", "2026-11-16 09:00"),
        ("2026-11-16 08:30", "2026-11-16 09:00"),
        ("2026-11-16 08:31", "2026-11-16 09:01"),
        ("2026-11-16 09:00", "2026-11-16 09:30"),
        ("2026-11-16 09:01", "2026-11-16 09:31"),
        ("2026-11-17 08:59", "2026-11-17 09:29"),
        ("2026-11-17 09:00", "2026-11-16 09:00"),
    ],
)
def test_half_an_hour_of_peace_follows_a_human_word_also_for_what_has_waited_since_the_day_before(
    talked: str, leaves: str
) -> None:
    assert leaving(arrange(LADDER[:1], person(talked_at=local(talked)), WIDE)) == [("14d", leaves)]


def test_a_deadline_of_the_next_days_does_not_wait_for_the_end_of_a_talk() -> None:
    talking = person(talked_at=local("2026-11-16 08:55"))
    pressing = replace(LADDER[0], doubt=Doubt.A)
    assert leaving(arrange([pressing], talking, WIDE)) == [("14d", "2026-11-16 09:00")]
    meeting = replace(pressing, topic=Topic.MEETINGS)
    assert leaving(arrange([meeting], talking, WIDE)) == [("14d", "2026-11-16 09:25")]


def test_what_left_before_a_human_wrote_stands_as_it_left() -> None:
    at = local("2026-11-16 09:00")
    facts = person(talked_at=local("2026-11-16 09:01"), sent=(Sent("kind", "14d", at, at),))
    assert leaving(arrange(LADDER[:1], facts, WIDE)) == [("14d", "2026-11-16 09:00")]


def test_what_would_be_true_no_longer_after_the_peace_keeps_its_time() -> None:
    brief = replace(LADDER[0], valid_until=local("2026-11-16 09:20"))
    assert leaving(arrange([brief], person(talked_at=local("2026-11-16 08:55")), WIDE)) == [("14d", "2026-11-16 09:00")]


def past(key: str, late: Late, priority: int = 5) -> tuple[str, Late, int]:
    return key, late, priority


def told(*steps: tuple[str, Late, int], way: ChannelName = ChannelName.TELEGRAM) -> list[tuple[str, str | None]]:
    """What somebody hears who joins at noon, long after all of these were due."""
    duties = [duty(key, "2026-11-16 09:00", late=late, priority=priority) for key, late, priority in steps]
    arranged = arrange(duties, person("2026-11-24 12:00", way=way), WIDE)
    assert {wall(one.when) for one in arranged} <= {"2026-11-24 12:00"}
    return [(one.key, one.carried_by) for one in arranged]


def after_the_first(*owed: str) -> list[str]:
    """What somebody hears in all who joined at noon and was told of `first` then; the past is `first` and `second`."""
    noon = local("2026-11-24 12:00")
    duties = [duty(key, "2026-11-16 09:00", priority=4 - len(owed) + number) for number, key in enumerate(owed)]
    facts = person("2026-11-24 12:00", sent=(Sent("kind", "first", noon, noon),))
    return [one.key for one in arrange(duties, facts, WIDE) if one.key != "first"]


def test_a_latecomer_who_has_heard_of_one_thing_that_is_past_hears_of_no_other() -> None:
    assert after_the_first("second", "first") == []  # a weightier one that turned up later
    assert after_the_first("second") == []  # the first is done since


def test_whoever_stopped_and_joins_again_hears_of_what_was_due_meanwhile_and_not_of_what_was_told_before() -> None:
    before = local("2026-11-17 09:00")
    duties = [duty("told", "2026-11-16 09:00", priority=4), duty("new", "2026-11-18 09:00")]
    facts = person("2026-11-24 12:00", sent=(Sent("kind", "told", before, before),))
    assert leaving(arrange(duties, facts, WIDE)) == [("new", "2026-11-24 12:00")]


def test_after_a_pause_what_was_done_since_makes_no_room_for_another_that_waited() -> None:
    end = local("2026-12-02 08:00")
    away = (pause("2026-11-10 12:00", "2026-12-02"),)
    waiting = [duty("first", "2026-11-16 09:00", priority=4), duty("second", "2026-11-16 09:00")]
    told = person(pauses=away, sent=(Sent("kind", "first", end, end),))
    assert [one.gave_way for one in arrange(waiting, told, WIDE)] == [None, GaveWay.PAUSED]
    assert [one.gave_way for one in arrange(waiting[1:], person(pauses=away), WIDE)] == [None]
    assert [one.gave_way for one in arrange(waiting[1:], told, WIDE)] == [GaveWay.PAUSED]


@pytest.mark.parametrize(("left", "reason"), [("08:30", GaveWay.PAUSED), ("09:00", GaveWay.PAUSED), ("12:00", None)])
def test_nor_where_that_had_to_wait_a_little_for_its_place(left: str, reason: GaveWay | None) -> None:
    """For the end of a talk, say; what left hours later was something else."""
    away, at = (pause("2026-11-10 12:00", "2026-12-02"),), local(f"2026-12-02 {left}")
    facts = person(pauses=away, sent=(Sent("kind", "first", at, at),))
    assert [one.gave_way for one in arrange([duty("second", "2026-11-16 09:00")], facts, WIDE)] == [reason]


def test_a_latecomer_hears_nothing_of_a_step_that_is_skipped_when_past() -> None:
    assert told(past("skip", Late.SKIP, 1), past("now", Late.NOW)) == [("now", None)]
    assert told(past("skip", Late.SKIP)) == []


def test_a_step_that_merges_goes_along_with_the_one_that_goes_or_not_at_all() -> None:
    assert told(past("merge", Late.MERGE), past("now", Late.NOW)) == [("now", None), ("merge", "now")]
    assert told(past("merge", Late.MERGE)) == []
    assert told(past("merge", Late.MERGE), past("now", Late.NOW), way=ChannelName.SMS) == [("now", None)]


def test_what_merges_goes_where_the_other_goes() -> None:
    ahead = duty("ahead", "2026-11-24 12:30", priority=1)
    late = [duty("now", "2026-11-16 09:00"), duty("merge", "2026-11-16 09:00", late=Late.MERGE)]
    arranged = arrange([ahead, *late], person("2026-11-24 12:00", way=ChannelName.TELEGRAM), WIDE)
    assert {one.key: (wall(one.when), one.carried_by) for one in arranged} == {
        "ahead": ("2026-11-24 12:30", None),
        "now": ("2026-11-24 12:30", "ahead"),
        "merge": ("2026-11-24 12:30", "ahead"),
    }
    full = arrange(
        [duty("early", "2026-11-24 09:00", priority=1), ahead, *late],
        person("2026-11-23 12:00", way=ChannelName.TELEGRAM),
        policy_from({"daily_messages": "1"}),
    )
    assert "merge" in {one.key for one in full}


def test_a_persons_own_quiet_hours_come_on_top_of_the_municipalitys() -> None:
    own = policy_for(DEFAULTS, "mon-fri 08:00-09:30")
    assert wall(open_from(local("2026-11-24 07:00"), own, ZONE, None)) == "2026-11-24 09:30"
    assert wall(open_from(local("2026-11-24 21:00"), own, ZONE, None)) == "2026-11-25 09:30"
    assert wall(open_from(local("2026-11-24 10:00"), own, ZONE, None)) == "2026-11-24 10:00"
    assert policy_for(DEFAULTS, "") is DEFAULTS


def test_a_persons_own_quiet_hours_hold_where_the_municipality_has_none() -> None:
    own = policy_for(policy_from({"quiet_hours": "off"}), "mon-sun 22:00-09:00")
    assert wall(settle(local("2026-11-28 23:00"), ClosedDay.FORWARD, own, ZONE)) == "2026-11-29 09:00"


def test_own_quiet_hours_that_leave_no_hour_are_an_error_and_no_endless_wait() -> None:
    with pytest.raises(ValueError, match="no hour is left to write in"):
        open_from(local("2026-11-24 07:00"), policy_for(DEFAULTS, "mon-fri 08:00-20:00"), ZONE, None)


def known_at(now: str, *duties: Duty, **facts: Any) -> dict[str, tuple[str, GaveWay | None]]:
    arranged = arrange(duties, person(**facts), DEFAULTS, local(now))
    return {one.key: (wall(one.when), one.gave_way) for one in arranged}


def test_what_becomes_known_after_its_time_leaves_now_and_out_of_the_night() -> None:
    late = duty("late", "2026-11-16 09:00")
    assert known_at("2026-11-24 14:00", late) == {"late": ("2026-11-24 14:00", None)}
    assert known_at("2026-11-24 22:00", late) == {"late": ("2026-11-25 08:00", None)}
    assert known_at("2026-11-24 22:00", replace(late, valid_until=local("2026-11-25 08:00"))) == {}


def test_what_becomes_known_late_finds_its_place_in_the_day_on_which_it_leaves() -> None:
    late = duty("late", "2026-11-16 09:00", priority=6)
    today = [duty("one", "2026-11-24 16:00"), duty("two", "2026-11-24 18:00")]
    assert known_at("2026-11-24 12:00", late, *today)["late"] == ("2026-11-24 12:00", GaveWay.DAY_FULL)
    near = duty("near", "2026-11-24 12:30", priority=1)
    assert known_at("2026-11-24 12:00", late, near)["late"] == ("2026-11-24 13:30", None)
    asleep = pause("2026-11-20 12:00", "2026-12-02")
    assert known_at("2026-11-24 12:00", late, pauses=(asleep,))["late"] == ("2026-12-02 08:00", None)


def test_what_waits_keeps_the_time_that_it_has() -> None:
    waits = (Waits("kind", "late", local("2026-11-24 12:00")),)
    late = duty("late", "2026-11-16 09:00")
    assert known_at("2026-11-24 14:00", late, waits=waits) == {"late": ("2026-11-24 12:00", None)}
    sent = (Sent("kind", "late", local("2026-11-16 09:00"), local("2026-11-16 09:00")),)
    assert known_at("2026-11-24 14:00", late, sent=sent) == {"late": ("2026-11-16 09:00", None)}


def full_day(*left: str) -> tuple[Sent, ...]:
    """What has left on 16 November, so that there is no room for more."""
    return tuple(Sent("kind", f"left {at}", local(f"2026-11-16 {at}"), local(f"2026-11-16 {at}")) for at in left)


def test_what_gave_way_to_others_at_its_time_does_not_come_back_weeks_later() -> None:
    waits = (Waits("kind", "late", local("2026-11-16 10:00"), GaveWay.DAY_FULL),)
    late, sent = duty("late", "2026-11-16 09:00"), full_day("12:00", "14:00")
    for now in ("2026-11-16 15:00", "2026-11-17 15:00", "2026-12-10 14:00"):
        assert known_at(now, late, waits=waits, sent=sent) == {"late": ("2026-11-16 10:00", GaveWay.DAY_FULL)}


def test_where_there_has_come_to_be_room_at_its_time_it_leaves_now_if_there_is_room_now() -> None:
    waits = (Waits("kind", "late", local("2026-11-16 10:00"), GaveWay.DAY_FULL),)
    late = duty("late", "2026-11-16 09:00")
    assert known_at("2026-11-16 15:00", late, waits=waits, sent=full_day("12:00")) == {"late": ("2026-11-16 15:00", None)}
    assert known_at("2026-11-16 15:00", late, waits=waits, sent=full_day("14:30")) == {"late": ("2026-11-16 15:30", None)}
    month = known_at("2026-12-10 14:00", late, waits=waits)  # what else left in that week is forgotten by now
    assert month == {"late": ("2026-11-16 10:00", GaveWay.DAY_FULL)}
    brief = replace(late, valid_until=local("2026-11-16 15:00"))
    assert known_at("2026-11-16 15:00", brief, waits=waits) == {"late": ("2026-11-16 10:00", GaveWay.DAY_FULL)}


def test_what_was_skipped_and_is_taken_back_after_its_time_leaves_now() -> None:
    waits = (Waits("kind", "late", local("2026-11-16 09:00"), GaveWay.SKIPPED),)
    late = duty("late", "2026-11-16 09:00")
    assert known_at("2026-11-24 14:00", late, waits=waits) == {"late": ("2026-11-24 14:00", None)}


def test_what_a_pause_holds_back_is_held_however_often_somebody_looks() -> None:
    asleep = {"pauses": (pause("2026-11-10 12:00", "2026-12-02"),)}
    both = duty("light", "2026-11-16 09:00", priority=6), duty("heavy", "2026-11-16 10:00", priority=1)
    waits = (Waits("kind", "light", local("2026-11-16 09:00"), GaveWay.PAUSED),)
    for now in ("2026-11-20 12:00", "2026-11-25 12:00"):
        assert known_at(now, *both, waits=waits, **asleep)["light"] == ("2026-11-16 09:00", GaveWay.PAUSED)


def test_the_invitation_keeps_its_time_too() -> None:
    assert known_at("2026-11-24 14:00", duty("invite", "2026-11-16 09:00", topic=None)) == {
        "invite": ("2026-11-16 09:00", None)
    }


def test_after_a_pause_in_which_a_meeting_was_told_of_nothing_else_comes_back() -> None:
    invited = Sent("meeting_invite", "meeting:m1:invite", local("2026-12-02 08:00"), local("2026-12-02 08:00"))
    facts = person(pauses=(pause("2026-11-10 12:00", "2026-12-02"),), sent=(invited,))
    arranged = arrange([duty("late", "2026-11-16 09:00")], facts, WIDE, local("2026-12-04 12:00"))
    assert [one.gave_way for one in arranged] == [GaveWay.PAUSED]


def test_what_gave_way_is_no_part_of_a_talk_and_is_not_brought_back_by_one() -> None:
    waits = (Waits("kind", "late", local("2026-11-16 10:00"), GaveWay.DAY_FULL),)
    facts = {"waits": waits, "sent": full_day("12:00", "14:00"), "talked_at": local("2026-11-16 19:50")}
    gave_way = {"late": ("2026-11-16 10:00", GaveWay.DAY_FULL)}
    assert known_at("2026-11-16 19:50", duty("late", "2026-11-16 09:00"), **facts) == gave_way
