"""A kind word to whoever stayed away from a meeting: once, soon, and never a reproach. Who came or had said so gets none."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from medvind.model import Ask, Attendance, Doubt, Duty, MeetingFacts, PersonFacts, Rsvp, Topic, Why
from medvind.rules.calendar import DAY, at_wall
from medvind.rules.policy import Policy

_LATE = timedelta(hours=1)
"""Who comes within the hour was late, whatever has been entered by then."""
_REGRET = timedelta(minutes=15)
"""So long what was entered by mistake can be taken back before anybody reads of it."""
_AT_MOST, _LAST_HOUR = 2 * DAY, time(20)
_OPEN = timedelta(days=7)


def owed(facts: PersonFacts, policy: Policy, since: datetime, _until: datetime) -> Iterator[Duty]:
    """One word for each meeting that the person was missed at, and had been with us for when it began."""
    for meeting in facts.meetings:
        if facts.joined_at and facts.joined_at <= meeting.starts_at and meeting.entered_at and _missed(meeting):
            word = _word(meeting, meeting.entered_at, policy, facts.zone)
            if word.valid_until > since:
                yield word


def _missed(meeting: MeetingFacts) -> bool:
    """Who has said no isn't missed, whatever was entered."""
    return meeting.attendance == Attendance.NO_SHOW and meeting.rsvp != Rsvp.NO and not meeting.cancelled


def _word(meeting: MeetingFacts, entered_at: datetime, policy: Policy, zone: str) -> Duty:
    """At most two days after the meeting, or on the next open day: Friday's list is filled in on Monday.

    Later it would come out of the blue. Asked twice it would hurt, so never in doubt.
    """
    start, day = meeting.starts_at.astimezone(UTC), meeting.starts_at.date()
    late = start + min(timedelta(minutes=meeting.minutes), _LATE)
    when = max(entered_at.astimezone(UTC) + _REGRET, late)
    version = "" if meeting.sequence == 1 else f"@{meeting.sequence}"
    chain = f"meeting:{meeting.external_id}{version}:missed"
    return Duty(
        kind="meeting_missed",
        key=chain,
        chain=chain,
        when=when,
        valid_until=at_wall(max(day + _AT_MOST, policy.days.open_from(day + DAY)), _LAST_HOUR, zone),
        text="meeting_missed",
        why=Why("why_meeting_missed", {"start": meeting.starts_at.isoformat()}),
        doubt=Doubt.C,
        topic=Topic.MEETINGS,
        subject={"meeting": meeting.id, "sequence": str(meeting.sequence)},
        asks=Ask.CALL,
        open_until=when + _OPEN,
        meeting_day=day,
    )
