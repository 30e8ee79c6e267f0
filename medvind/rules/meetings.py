"""What a meeting asks: an invitation, the reminders of the ladder, and a word when it has moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from medvind.model import Ask, ClosedDay, Doubt, Duty, MeetingFacts, MeetingKind, PersonFacts, Rsvp, Topic, Why
from medvind.rules.calendar import at_wall
from medvind.rules.policy import Policy, Step
from medvind.rules.sending import open_from, settle

_CLOCK = time(10)
_SOON = timedelta(hours=24)
_TOO_LATE_TO_ASK = timedelta(hours=2)
_TOO_LATE_TO_NOTICE = timedelta(minutes=20)
_WORTH_WAITING_FOR = timedelta(minutes=45)
_JUST_TOLD = timedelta(days=2)
_DAY_BEFORE = Step(1, "d")


def owed(facts: PersonFacts, policy: Policy, since: datetime, _until: datetime) -> Iterator[Duty]:
    """All that is still to be said of each meeting. What is past when the person can first be told is left out."""
    for meeting in facts.meetings:
        start = meeting.starts_at.astimezone(UTC)
        if facts.joined_at is None or start <= since:
            continue
        invited = _Invited(meeting, start, max(meeting.known_since, facts.joined_at).astimezone(UTC), policy, facts.zone)
        first = invited.first_word()
        if first:
            yield first
        if meeting.rsvp != Rsvp.NO:
            yield from invited.ladder()


@dataclass(frozen=True, slots=True)
class _Invited:
    """One person and one meeting: when it starts, and since when this person could know."""

    meeting: MeetingFacts
    start: datetime
    known: datetime
    policy: Policy
    zone: str

    @property
    def _day(self) -> date:
        return self.meeting.starts_at.date()

    def first_word(self) -> Duty | None:
        """What to say as soon as it is known: that it moved, the reminder that is already due, or the invitation.

        One message, never two at once. Who has said no hears of it again only if it moves.
        """
        meeting, told = self.meeting, self.meeting.told
        if 0 < told < meeting.sequence:
            return self._moved()
        if meeting.rsvp == Rsvp.NO or (told and self.known == meeting.known_since):
            return None
        in_time = self._leaves(self.known) < self.start - _TOO_LATE_TO_ASK
        if in_time and _DAY_BEFORE in self.policy.meeting_ladder and self._day_moment(_DAY_BEFORE) <= self.known:
            return self._reminder(_DAY_BEFORE, self.known, ClosedDay.STAY)
        if told:  # before the person stopped and joined again
            return None
        return self._invitation() if in_time else self._late_notice()

    def ladder(self) -> Iterator[Duty]:
        """The steps that still lie ahead when it is known; an early one is left out where the first word has just gone."""
        for step in self.policy.meeting_ladder:
            if step.unit == "d":
                peace = timedelta() if step == _DAY_BEFORE else _JUST_TOLD
                if self._day_moment(step) > self.known + peace:
                    yield self._reminder(step, self._meant_for(step), ClosedDay.BACK)
            elif (when := self.start - step.length) > self.known and (notice := self._notice(step, when)):
                yield notice

    def _late_notice(self) -> Duty | None:
        """Known too late to be asked: the last of the notices that are due by now."""
        due = [step for step in self.policy.meeting_ladder if step.unit != "d" and self.start - step.length <= self.known]
        return self._notice(due[-1], self.known) if due else None

    def _meant_for(self, step: Step) -> datetime:
        return at_wall(self._day - step.length, _CLOCK, self.zone)

    def _day_moment(self, step: Step) -> datetime:
        return settle(self._meant_for(step), ClosedDay.BACK, self.policy, self.zone, self._day)

    def _leaves(self, when: datetime) -> datetime:
        return open_from(when, self.policy, self.zone, self._day)

    def _invitation(self) -> Duty:
        text = "network_day" if self.meeting.kind == MeetingKind.NETWORK_DAY else "meeting_invite"
        soon = self.start - self._leaves(self.known) < _SOON
        until = self.start - _TOO_LATE_TO_ASK
        return self._duty("meeting_invite", "invite", text, self.known, until, 3, urgent=soon, asks=True)

    def _moved(self) -> Duty:
        return self._duty("meeting_moved", "moved", "meeting_moved", self.known, self.start, 2, asks=True)

    def _reminder(self, step: Step, when: datetime, off_closed: ClosedDay) -> Duty:
        last = step == _DAY_BEFORE
        text = "meeting_day_before" if last else "meeting_days_before"
        until = self.start - _TOO_LATE_TO_ASK
        return self._duty(
            "meeting_reminder", str(step), text, when, until, 2 if last else 4, urgent=last, asks=last, off_closed=off_closed
        )

    def _notice(self, step: Step, when: datetime) -> Duty | None:
        """Where quiet hours hold it back, only while there is time to act on it."""
        leaves = self._leaves(when)
        if leaves > when and self.start - leaves < _WORTH_WAITING_FOR:
            return None
        return self._duty("meeting_notice", str(step), "meeting_two_hours", when, self.start - _TOO_LATE_TO_NOTICE, 1)

    def _duty(
        self,
        kind: str,
        step: str,
        text: str,
        when: datetime,
        valid_until: datetime,
        priority: int,
        *,
        urgent: bool = True,
        asks: bool = False,
        off_closed: ClosedDay = ClosedDay.STAY,
    ) -> Duty:
        meeting = self.meeting
        return Duty(
            kind=kind,
            key=_key(meeting, step),
            chain=f"meeting:{meeting.external_id}",
            when=when,
            valid_until=valid_until,
            text=text,
            why=Why("why_meeting", {"start": meeting.starts_at.isoformat(), "step": step}),
            doubt=Doubt.A if urgent else Doubt.B,
            topic=Topic.MEETINGS,
            priority=priority,
            subject={"meeting": meeting.id, "sequence": str(meeting.sequence)},
            asks=Ask.RSVP if asks else None,
            open_until=self.start if asks else None,
            off_closed=off_closed,
            meeting_day=self._day,
        )


def _key(meeting: MeetingFacts, step: str) -> str:
    """Made of facts: a meeting that moved has its own ladder."""
    name, sequence = f"meeting:{meeting.external_id}", meeting.sequence
    if step == "moved":
        return f"{name}:moved:{sequence}"
    return f"{name}:{step}" if sequence == 1 else f"{name}@{sequence}:{step}"
