"""What a meeting asks of people: one invitation, the ladder of reminders, and nothing that comes too late."""

from datetime import timedelta

from medvind.model import Ask, ClosedDay, Doubt, Duty, MeetingFacts, MeetingKind, Rsvp, Topic, Why
from medvind.rules.meetings import owed
from medvind.rules.plan import plan
from medvind.rules.policy import policy_from
from tests.rules.facts import DEFAULTS, leaving, local, meeting, person, wall

EARLY = "2026-11-24 09:00"
"""A Tuesday, more than a week before the meeting."""
THURSDAY_AT_TWO = "2026-12-10 14:00"
LADDER_ALONE = {"meeting_chase": "off"}
"""What becomes of those who don't answer is in `test_meeting_chase`."""


def planned(one: MeetingFacts, now: str | None = None, joined: str = "2025-01-06 10:00", **decided: str) -> list[Duty]:
    """What is owed of this meeting, seen from the moment at which it is known or from `now`."""
    moment = local(now) if now else one.known_since
    return plan(person(joined, meetings=(one,)), policy_from(LADDER_ALONE | decided), moment)


def told(starts: str, known: str, **decided: str) -> list[tuple[str, str]]:
    """Which step leaves when, without the meeting's name."""
    return [(key.removeprefix("meeting:m1:"), when) for key, when in leaving(planned(meeting(starts, known), **decided))]


def test_a_meeting_is_told_at_once_then_7_days_a_day_and_2_hours_before() -> None:
    assert leaving(planned(meeting(THURSDAY_AT_TWO, EARLY))) == [
        ("meeting:m1:invite", "2026-11-24 09:00"),
        ("meeting:m1:7d", "2026-12-03 10:00"),
        ("meeting:m1:1d", "2026-12-09 10:00"),
        ("meeting:m1:2h", "2026-12-10 12:00"),
    ]


def test_a_meeting_makes_at_most_one_message_at_once() -> None:
    cases = [
        # known while the day-before reminder still lies ahead: the invitation, and the reminder in its time
        ("12-10 14:00", "12-09 09:59", "invite 12-09 09:59 | 1d 12-09 10:00 | 2h 12-10 12:00"),
        # due or past: that one goes, alone, and asks
        ("12-10 14:00", "12-09 10:00", "1d 12-09 10:00 | 2h 12-10 12:00"),
        ("12-10 14:00", "12-10 11:59", "1d 12-10 11:59 | 2h 12-10 12:00"),
        # too late to ask: the notice
        ("12-10 14:00", "12-10 12:00", "2h 12-10 12:00"),
        ("12-10 14:00", "12-10 13:39", "2h 12-10 13:39"),
        # starting within minutes, or begun: too late for words
        ("12-10 14:00", "12-10 13:40", ""),
        ("12-10 14:00", "12-10 14:00", ""),
        # the 7-day reminder follows the invitation by more than two days, or is left out
        ("12-10 14:00", "12-01 09:59", "invite 12-01 09:59 | 7d 12-03 10:00 | 1d 12-09 10:00 | 2h 12-10 12:00"),
        ("12-10 14:00", "12-01 10:00", "invite 12-01 10:00 | 1d 12-09 10:00 | 2h 12-10 12:00"),
        # an evening: it waits for the morning
        ("12-10 14:00", "12-09 21:00", "1d 12-10 08:00 | 2h 12-10 12:00"),
        ("12-10 10:00", "12-09 21:00", "2h 12-10 08:00"),
        ("12-10 10:01", "12-09 21:00", "1d 12-10 08:00 | 2h 12-10 08:01"),
        # a Monday: the day before is closed, so its reminder goes on Friday, or at once
        ("12-14 14:00", "12-10 09:00", "invite 12-10 09:00 | 1d 12-11 10:00 | 2h 12-14 12:00"),
        ("12-14 14:00", "12-12 12:00", "1d 12-14 08:00 | 2h 12-14 12:00"),
        # a weekend: Saturday's hours are for it, Sunday has none
        ("12-12 14:00", "12-11 21:00", "1d 12-12 10:00 | 2h 12-12 12:00"),
        ("12-13 14:00", "12-09 09:00", "invite 12-09 09:00 | 1d 12-12 10:00"),
        ("12-13 14:00", "12-12 17:00", "1d 12-12 17:00"),
        ("12-13 14:00", "12-12 18:00", ""),
    ]
    print(f"{len(cases)} cases looked at")
    for starts, known, steps in cases:
        found = told(f"2026-{starts}", f"2026-{known}")
        assert " | ".join(f"{step} {when.removeprefix('2026-')}" for step, when in found) == steps
        one = meeting(f"2026-{starts}", f"2026-{known}")
        keys = [duty.key for duty in owed(person(meetings=(one,)), DEFAULTS, one.known_since, one.known_since)]
        assert len(set(keys)) == len(keys)


def test_a_notice_in_quiet_hours_waits_for_their_end_while_45_minutes_are_left() -> None:
    cases = [
        ("2026-12-10 10:00", ["2026-12-10 08:00"]),
        ("2026-12-10 09:30", ["2026-12-10 08:00"]),
        ("2026-12-10 08:45", ["2026-12-10 08:00"]),
        ("2026-12-10 08:44", []),
        ("2026-12-10 23:00", []),
        ("2026-12-10 21:59", ["2026-12-10 19:59"]),
    ]
    print(f"{len(cases)} cases looked at")
    for starts, notice in cases:
        assert [when for step, when in told(starts, EARLY) if step == "2h"] == notice


def test_ten_o_clock_stays_ten_o_clock_over_both_summer_time_nights() -> None:
    autumn, spring = told("2026-10-26 14:00", "2026-10-01 12:00"), told("2027-03-30 09:00", "2027-03-01 12:00")
    assert autumn[1:] == [("7d", "2026-10-19 10:00"), ("1d", "2026-10-23 10:00"), ("2h", "2026-10-26 12:00")]
    assert spring[1:] == [("7d", "2027-03-23 10:00"), ("1d", "2027-03-24 10:00"), ("2h", "2027-03-30 08:00")]
    assert told("2028-03-01 14:00", "2028-02-01 12:00")[2] == ("1d", "2028-02-29 10:00")


def test_reminders_hold_until_two_hours_and_notices_until_twenty_minutes_before_the_start() -> None:
    (day_before,) = planned(meeting(THURSDAY_AT_TWO, EARLY), meeting_ladder="1d")[1:]
    (notice,) = planned(meeting(THURSDAY_AT_TWO, EARLY), meeting_ladder="2h")[1:]
    invitation = planned(meeting(THURSDAY_AT_TWO, EARLY), meeting_ladder="off")[0]
    assert wall(day_before.valid_until) == wall(invitation.valid_until) == "2026-12-10 12:00"
    assert wall(notice.valid_until) == "2026-12-10 13:40"


def test_each_step_ends_when_the_next_leaves() -> None:
    assert [wall(duty.valid_until) for duty in planned(meeting(THURSDAY_AT_TWO, EARLY))] == [
        "2026-12-03 10:00",
        "2026-12-09 10:00",
        "2026-12-10 12:00",
        "2026-12-10 13:40",
    ]


def test_the_ladder_is_the_municipalitys() -> None:
    assert [step for step, _ in told(THURSDAY_AT_TWO, EARLY, meeting_ladder="3d 90m")] == ["invite", "3d", "90m"]
    assert [step for step, _ in told(THURSDAY_AT_TWO, EARLY, meeting_ladder="off")] == ["invite"]
    assert len(told(THURSDAY_AT_TWO, EARLY, meeting_ladder="1h 60m")) == 2  # the same moment twice is one message
    late = told(THURSDAY_AT_TWO, "2026-12-10 13:10", meeting_ladder="2h 1h 30m")
    assert late == [("1h", "2026-12-10 13:10"), ("30m", "2026-12-10 13:30")]
    assert told(THURSDAY_AT_TWO, "2026-12-10 13:10", meeting_ladder="7d 1d") == []


def test_who_joins_later_could_not_be_told_before() -> None:
    joined = planned(meeting(THURSDAY_AT_TWO, EARLY), "2026-12-02 12:00", joined="2026-12-02 12:00")
    assert leaving(joined)[:2] == [("meeting:m1:invite", "2026-12-02 12:00"), ("meeting:m1:1d", "2026-12-09 10:00")]
    at_the_end = planned(meeting(THURSDAY_AT_TWO, EARLY), "2026-12-10 13:00", joined="2026-12-10 13:00")
    assert leaving(at_the_end) == [("meeting:m1:2h", "2026-12-10 13:00")]


def test_a_meeting_that_has_begun_asks_nothing() -> None:
    assert planned(meeting(THURSDAY_AT_TWO, EARLY), "2026-12-10 13:39") != []
    assert planned(meeting(THURSDAY_AT_TWO, EARLY), "2026-12-10 13:40") == []
    at_two, facts = local(THURSDAY_AT_TWO), person(meetings=(meeting(THURSDAY_AT_TWO, EARLY),))
    assert list(owed(facts, DEFAULTS, at_two, at_two + timedelta(days=1))) == []


def test_a_no_silences_the_meeting_and_no_other_answer_does() -> None:
    cases = [(None, 4), (Rsvp.YES, 4), (Rsvp.MAYBE, 4), (Rsvp.NO, 0)]
    print(f"{len(cases)} cases looked at")
    for rsvp, steps in cases:
        assert len(planned(meeting(THURSDAY_AT_TWO, EARLY, rsvp=rsvp))) == steps


def test_the_invitation_and_each_reminder_ask_and_the_notice_only_tells() -> None:
    invitation, week, day, notice = planned(meeting(THURSDAY_AT_TWO, EARLY))
    assert [duty.asks for duty in (invitation, week, day, notice)] == [Ask.RSVP, Ask.RSVP, Ask.RSVP, None]
    assert [duty.open_until for duty in (invitation, week, day, notice)] == [*[local(THURSDAY_AT_TWO)] * 3, None]
    assert [duty.kind for duty in (invitation, week, day, notice)] == [
        "meeting_invite", "meeting_reminder", "meeting_reminder", "meeting_notice",
    ]  # fmt: skip
    assert [duty.text for duty in (invitation, week, day, notice)] == [
        "meeting_invite", "meeting_days_before", "meeting_day_before", "meeting_two_hours",
    ]  # fmt: skip
    assert [duty.priority for duty in (invitation, week, day, notice)] == [3, 4, 2, 1]


def test_near_the_meeting_a_double_is_kinder_than_silence() -> None:
    invitation, week, day, notice = planned(meeting(THURSDAY_AT_TWO, EARLY))
    assert [duty.doubt for duty in (invitation, week, day, notice)] == [Doubt.B, Doubt.B, Doubt.A, Doubt.A]
    for known, doubt in (("2026-12-09 13:59", Doubt.B), ("2026-12-09 14:00", Doubt.B), ("2026-12-09 14:01", Doubt.A)):
        assert planned(meeting(THURSDAY_AT_TWO, known), meeting_ladder="2h")[0].doubt == doubt


def test_a_network_day_is_invited_to_in_words_of_its_own() -> None:
    texts = {kind: planned(meeting(THURSDAY_AT_TWO, EARLY, kind=kind))[0].text for kind in MeetingKind}
    assert texts.pop(MeetingKind.NETWORK_DAY) == "network_day"
    assert set(texts.values()) == {"meeting_invite"}


def test_each_message_names_its_meeting_by_id_and_says_why() -> None:
    for duty, step in zip(planned(meeting(THURSDAY_AT_TWO, EARLY)), ("invite", "7d", "1d", "2h"), strict=True):
        assert duty.chain == "meeting:m1"
        assert duty.topic == Topic.MEETINGS
        assert duty.subject == {"meeting": "public", "sequence": "1"}
        ahead = {"7d": {"days": "7"}, "1d": {"days": "1"}, "2h": {"hours": "2"}}.get(step, {})
        assert duty.why == Why("why_meeting", {"start": "2026-12-10T14:00:00+01:00", "step": step, **ahead})
        assert duty.meeting_day is not None
        assert duty.meeting_day.isoformat() == "2026-12-10"
        assert duty.off_closed == (ClosedDay.BACK if step in {"7d", "1d"} else ClosedDay.STAY)


def test_seconds_and_fractions_of_a_start_count() -> None:
    begins = meeting("2026-12-10 14:00:00.500000", EARLY)
    assert planned(begins)[-1].when == local("2026-12-10 12:00") + timedelta(milliseconds=500)
