"""Who has not answered an invitation stands on the coach's list before the meeting: somebody may still ask them."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from medvind.model import CoachWarning, MeetingFacts, PersonFacts, Purpose, TaskKind, Why
from medvind.rules.calendar import at_wall
from medvind.rules.policy import Policy

_OFFICE_OPENS = time(8)
_TIME_TO_ANSWER = timedelta(days=1)
_STILL_OF_USE = timedelta(hours=2)


def warnings(facts: PersonFacts, policy: Policy) -> Iterator[CoachWarning]:
    """One for each meeting that somebody was asked about and said nothing to, until it begins.

    Who was not asked, or so late that nobody could expect a word, has not been silent. Who has stopped is left alone. A maybe
    is an answer.
    """
    if facts.joined_at is None or Purpose.REMINDERS not in facts.consents:
        return
    for meeting in filter(_is_silent, facts.meetings):
        start = meeting.starts_at.astimezone(UTC)
        asked = max(meeting.known_since, facts.joined_at, meeting.asked_at or facts.joined_at)
        shows_at = _shows_at(meeting, asked, policy, facts.zone)
        if shows_at <= start - _STILL_OF_USE:
            key = f"meeting:{meeting.external_id}:no_reply:{meeting.sequence}"
            why = Why("why_meeting_no_reply", {"start": meeting.starts_at.isoformat()})
            yield CoachWarning(TaskKind.NO_REPLY, key, shows_at, why, until=start)


def _is_silent(meeting: MeetingFacts) -> bool:
    """What was told last is true, so it is this meeting that they were asked about."""
    return meeting.asked_at is not None and meeting.told_holds and not meeting.cancelled and meeting.rsvp is None


def _shows_at(meeting: MeetingFacts, asked: datetime, policy: Policy, zone: str) -> datetime:
    """When the office opens on the last open day before the meeting; asked later than that, after a day to answer in."""
    morning = at_wall(policy.days.open_before(meeting.starts_at.date()), _OFFICE_OPENS, zone)
    return max(morning, asked.astimezone(UTC) + _TIME_TO_ANSWER)
