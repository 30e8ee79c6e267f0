"""Not too many: within the hour one message, at most two a day and four a week, and the weightier keeps its place."""

from dataclasses import replace
from datetime import timedelta

from medvind.model import Ask, ChannelName, Doubt, Duty, GaveWay, Language, PersonFacts, Sent
from medvind.rules.arranging import arrange
from medvind.rules.policy import Policy, policy_from
from tests.rules.duties import duty
from tests.rules.facts import DEFAULTS, local, person, wall

SHORT = replace(DEFAULTS, text_lengths={(Language.DA, "text"): 79})
TELEGRAM = person(way=ChannelName.TELEGRAM)
SMS = person(way=ChannelName.SMS)
APART = policy_from({"join_minutes": "0", "daily_messages": "9", "weekly_messages": "9"})


def week(
    *duties: Duty, facts: PersonFacts = SMS, policy: Policy = DEFAULTS
) -> dict[str, tuple[str, str | None, GaveWay | None]]:
    """By key: when it leaves, what carries it, and why it gives way."""
    return {one.key: (wall(one.when), one.carried_by, one.gave_way) for one in arrange(duties, facts, policy)}


def leaves(when: str, carried_by: str | None = None) -> tuple[str, str | None, GaveWay | None]:
    return when, carried_by, None


def test_by_telegram_what_is_due_within_the_hour_is_one_message_at_the_weightier_ones_time() -> None:
    light, heavy = duty("light", "2026-11-24 09:30"), duty("heavy", "2026-11-24 10:00", priority=2)
    assert week(light, heavy, facts=TELEGRAM) == {
        "heavy": leaves("2026-11-24 10:00"),
        "light": leaves("2026-11-24 10:00", "heavy"),
    }


def test_a_full_hour_apart_is_no_hour_together() -> None:
    assert week(duty("one", "2026-11-24 09:00"), duty("two", "2026-11-24 10:00"), facts=TELEGRAM) == {
        "one": leaves("2026-11-24 09:00"),
        "two": leaves("2026-11-24 10:00"),
    }


def test_by_sms_only_what_fits_one_part_with_the_longest_names_goes_together() -> None:
    both = duty("one", "2026-11-24 10:00"), duty("two", "2026-11-24 10:30")
    assert week(*both)["two"] == leaves("2026-11-24 11:00")
    assert week(*both, policy=SHORT)["two"] == leaves("2026-11-24 10:00", "one")  # 79 + 1 + 79 septets
    three = (*both, duty("three", "2026-11-24 10:40"))
    assert week(*three, policy=SHORT)["two"] == leaves("2026-11-24 10:00", "one")
    assert week(*three, policy=SHORT)["three"] == leaves("2026-11-24 11:00")


def test_two_questions_are_never_one_message_so_the_lighter_waits_an_hour() -> None:
    asking = duty("one", "2026-11-24 10:00", asks=Ask.VAT, priority=4), duty("two", "2026-11-24 10:00", asks=Ask.CHECK_IN)
    assert week(*asking, facts=TELEGRAM) == {"one": leaves("2026-11-24 10:00"), "two": leaves("2026-11-24 11:00")}
    silent = asking[0], replace(asking[1], asks=None)
    assert week(*silent, facts=TELEGRAM)["two"] == leaves("2026-11-24 10:00", "one")


def test_what_waits_is_moved_past_everything_near_and_out_of_the_night() -> None:
    row = [duty("a", "2026-11-24 18:00"), duty("b", "2026-11-24 19:00"), duty("c", "2026-11-24 18:30", priority=6)]
    assert week(*row, policy=policy_from({"daily_messages": "9"}))["c"] == leaves("2026-11-25 08:00")


def test_what_would_be_true_no_longer_after_waiting_gives_way() -> None:
    both = duty("one", "2026-11-24 10:00", priority=1), duty("two", "2026-11-24 10:00", "2026-11-24 11:00")
    assert week(*both)["two"] == ("2026-11-24 10:00", None, GaveWay.NO_ROOM)
    assert week(both[0], replace(both[1], valid_until=local("2026-11-24 11:01")))["two"] == leaves("2026-11-24 11:00")


def test_a_message_does_not_go_along_with_one_that_leaves_when_it_is_no_longer_true() -> None:
    both = duty("one", "2026-11-24 10:30", priority=1), duty("two", "2026-11-24 10:00", "2026-11-24 10:30")
    assert week(*both, facts=TELEGRAM)["two"] == ("2026-11-24 10:00", None, GaveWay.NO_ROOM)


def test_where_nothing_is_joined_all_keep_their_time() -> None:
    both = duty("one", "2026-11-24 10:00"), duty("two", "2026-11-24 10:00")
    assert set(week(*both, policy=APART).values()) == {leaves("2026-11-24 10:00")}


def test_the_third_of_a_day_gives_way_and_it_is_the_lightest() -> None:
    day = [duty("noon", "2026-11-24 12:00"), duty("late", "2026-11-24 16:00", priority=2), duty("early", "2026-11-24 09:00")]
    assert week(*day) == {
        "late": leaves("2026-11-24 16:00"),
        "early": leaves("2026-11-24 09:00"),
        "noon": ("2026-11-24 12:00", None, GaveWay.DAY_FULL),
    }


def test_the_fifth_of_a_week_from_monday_to_sunday_gives_way() -> None:
    days = [duty(f"on the {day}", f"2026-11-{day} 10:00") for day in (23, 24, 25, 26, 27, 30)]
    given = week(*days)
    assert given["on the 27"] == ("2026-11-27 10:00", None, GaveWay.WEEK_FULL)
    assert {one[2] for key, one in given.items() if key != "on the 27"} == {None}


def test_what_costs_somebody_when_it_is_silent_counts_and_never_gives_way() -> None:
    urgent = [duty(f"urgent {hour}", f"2026-11-24 {hour}:00", doubt=Doubt.A) for hour in (10, 12, 14)]
    given = week(*urgent, duty("light", "2026-11-24 16:00"))
    assert given["light"][2] == GaveWay.DAY_FULL
    assert {one[2] for key, one in given.items() if key != "light"} == {None}
    close = [duty("urgent", "2026-11-24 10:00", doubt=Doubt.A), duty("too", "2026-11-24 10:20", doubt=Doubt.A)]
    assert week(*close) == {"urgent": leaves("2026-11-24 10:00"), "too": leaves("2026-11-24 10:20")}
    assert week(*close, facts=TELEGRAM)["too"] == leaves("2026-11-24 10:00", "urgent")


def test_what_goes_along_counts_for_none() -> None:
    day = [duty("one", "2026-11-24 10:00"), duty("along", "2026-11-24 10:30"), duty("two", "2026-11-24 13:00")]
    assert {one[2] for one in week(*day, facts=TELEGRAM).values()} == {None}


def sent(key: str, at: str, carried_by: str | None = None, *, meant: str = "") -> Sent:
    return Sent("kind", key, local(meant or at), local(at), carried_by)


def test_what_has_left_counts_first_and_stays_whatever_has_become_weightier() -> None:
    day = [duty("left", "2026-11-24 10:00", priority=6), duty("two", "2026-11-24 12:00"), duty("three", "2026-11-24 14:00")]
    before = week(*day)
    assert before["left"][2] == GaveWay.DAY_FULL
    after = week(*day, facts=replace(SMS, sent=(sent("left", "2026-11-24 10:00"),)))
    assert after["left"] == leaves("2026-11-24 10:00")
    assert after["three"][2] == GaveWay.DAY_FULL


def test_what_left_a_little_late_counts_as_at_its_time_and_what_left_hours_late_where_it_was_read() -> None:
    both = duty("one", "2026-11-24 10:00"), duty("two", "2026-11-24 11:00")
    assert week(*both, facts=replace(SMS, sent=(sent("one", "2026-11-24 10:07", meant="2026-11-24 10:00"),)))["two"] == leaves(
        "2026-11-24 11:00"
    )
    assert week(*both, facts=replace(SMS, sent=(sent("one", "2026-11-24 10:40", meant="2026-11-24 10:00"),)))["two"] == leaves(
        "2026-11-24 11:40"
    )


def test_nothing_goes_along_with_what_has_left() -> None:
    both = duty("one", "2026-11-24 10:00"), duty("two", "2026-11-24 10:30")
    facts = replace(TELEGRAM, sent=(sent("one", "2026-11-24 10:00"),))
    assert week(*both, facts=facts)["two"] == leaves("2026-11-24 11:00")


def test_what_was_sent_and_is_owed_no_longer_counts_too_but_not_what_went_along() -> None:
    gone = (sent("old", "2026-11-24 08:00"), sent("older", "2026-11-24 09:00"), sent("along", "2026-11-24 09:00", "older"))
    assert week(duty("new", "2026-11-24 12:00"), facts=replace(SMS, sent=gone))["new"][2] == GaveWay.DAY_FULL
    assert week(duty("new", "2026-11-24 12:00"), facts=replace(SMS, sent=gone[1:]))["new"] == leaves("2026-11-24 12:00")
    along = replace(SMS, sent=(sent("new", "2026-11-24 09:00", "older"),))
    assert week(duty("new", "2026-11-24 09:00"), facts=along)["new"] == leaves("2026-11-24 09:00", "older")


def test_a_day_is_the_persons_own() -> None:
    away = replace(SMS, zone="America/New_York")
    days = [duty(f"at {clock}", f"2026-11-25 {clock}") for clock in ("15:00", "17:00", "19:00")]
    assert week(*days, facts=away)["at 19:00"][2] == GaveWay.DAY_FULL
    night = [duty("before", "2026-11-25 04:00"), *days[:2]]
    free = policy_from({"quiet_hours": "off"})
    assert {one[2] for one in week(*night, facts=away, policy=free).values()} == {None}


def test_the_invitation_stands_alone() -> None:
    nobody = person(None, sent=(sent("invite", "2026-11-24 10:00"),))
    assert week(duty("invite@2", "2026-11-24 10:05", topic=None), facts=nobody) == {"invite@2": leaves("2026-11-24 10:05")}


def test_the_same_duties_in_any_order_make_the_same_week() -> None:
    day = [duty(f"{number}", f"2026-11-24 1{number}:15", priority=number % 3) for number in range(5)]
    expected = week(*day)
    assert week(*reversed(day)) == expected
    assert week(*day[2:], *day[:2]) == expected


def test_what_gave_way_keeps_the_time_for_which_it_was_meant() -> None:
    (one,) = [
        given
        for given in arrange([duty("a", "2026-11-24 10:00", priority=1), duty("b", "2026-11-24 10:00")], SMS, DEFAULTS)
        if given.key == "b"
    ]
    assert one.when - local("2026-11-24 10:00") == timedelta(hours=1)


def test_an_invitation_is_not_dropped_for_the_reminders_that_come_after_it() -> None:
    """Four in the week, of which two are what comes of the meeting itself: nobody may hear of it first on the day before."""
    urgent = [duty(f"urgent{day}", f"2026-11-{day} 10:00", priority=2, doubt=Doubt.A) for day in (25, 26, 27)]
    gone = Sent("kind", "gone", local("2026-11-24 09:00"), local("2026-11-24 09:00"))
    invite = replace(duty("invite", "2026-11-24 11:00", priority=3, asks=Ask.RSVP), kind="meeting_invite")
    asked = person(way=ChannelName.SMS, sent=(gone,))
    assert week(invite, *urgent, facts=asked)["invite"] == leaves("2026-11-24 11:00")
    assert week(replace(invite, kind="kind"), *urgent, facts=asked)["invite"][2] == GaveWay.WEEK_FULL
    lighter = [duty(f"light{day}", f"2026-11-{day} 10:00", priority=1) for day in (25, 26, 27)]
    assert week(invite, *lighter, facts=asked)["invite"][2] == GaveWay.WEEK_FULL  # only what never gives way is passed over


def test_an_invitation_is_not_dropped_for_what_is_urgent_later_on_its_day_and_gives_way_to_what_has_left() -> None:
    invite = replace(duty("invite", "2026-11-24 11:00", priority=3), kind="meeting_invite")
    urgent = [duty(f"urgent{hour}", f"2026-11-24 {hour}:00", priority=2, doubt=Doubt.A) for hour in (14, 16)]
    assert week(invite, *urgent)["invite"] == leaves("2026-11-24 11:00")
    left = {hour: local(f"2026-11-24 {hour}:00") for hour in ("08", "09")}
    gone = tuple(Sent("kind", hour, moment, moment) for hour, moment in left.items())
    assert week(invite, facts=person(way=ChannelName.SMS, sent=gone))["invite"][2] == GaveWay.DAY_FULL
