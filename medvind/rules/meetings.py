"""What a meeting asks: an invitation, one chase, the reminders of the ladder, and a word when it has moved or is cancelled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from medvind.model import (
    Ask,
    ClosedDay,
    CoachWarning,
    Doubt,
    Duty,
    GaveWay,
    MeetingFacts,
    MeetingKind,
    PersonFacts,
    Purpose,
    Rsvp,
    TaskKind,
    Topic,
    Why,
)
from medvind.rules.arranging import arrange
from medvind.rules.calendar import at_wall
from medvind.rules.decided import Step
from medvind.rules.policy import Policy
from medvind.rules.sending import open_from, policy_for, settle

_CLOCK = time(10)
_SOON = timedelta(hours=24)
_TOO_LATE_TO_ASK = timedelta(hours=2)
_TOO_LATE_TO_NOTICE = timedelta(minutes=20)
_WORTH_WAITING_FOR = timedelta(minutes=45)
_JUST_TOLD = timedelta(days=2)
_DAY_BEFORE = Step(1, "d")
_IN_WORDS = {"d": "days", "h": "hours", "m": "minutes"}
_STEERED = frozenset({GaveWay.SKIPPED, GaveWay.CANCELLED})


def owed(facts: PersonFacts, policy: Policy, since: datetime, _until: datetime) -> Iterator[Duty]:
    """All that is still to be said of each meeting. What is past when the person can first be told is left out."""
    if facts.joined_at is None:
        return
    for meeting in facts.meetings:
        invited = _invited(meeting, facts, policy)
        if invited.ends > since:
            yield from invited.words()


def warnings(facts: PersonFacts, policy: Policy) -> Iterator[CoachWarning]:
    """A call, at once, to whoever was told otherwise of a meeting than it is now and will not hear of the change in time.

    In time is before the moment at which they would stand there in vain, or be missed.
    """
    own = policy_for(policy, facts.quiet_hours)
    for meeting in facts.meetings:
        invited = _invited(meeting, facts, own)
        ends = invited.misled_until()
        if ends and not invited.hears_before(ends, facts):
            key = f"meeting:{meeting.external_id}:not_told:{meeting.sequence}"
            yield CoachWarning(TaskKind.NOT_REACHED, key, meeting.known_since, invited.why("not_told"), until=ends)


def _invited(meeting: MeetingFacts, facts: PersonFacts, policy: Policy) -> "_Invited":
    known = max(meeting.known_since, facts.joined_at or meeting.known_since).astimezone(UTC)
    correction = _key(meeting, "moved")
    corrected = next((one.at for one in facts.sent if one.key == correction), None)
    chased = any(one.key == _key(meeting, "chase") for one in facts.sent)
    return _Invited(meeting, meeting.starts_at.astimezone(UTC), known, corrected, chased, policy, facts.zone)


@dataclass(frozen=True, slots=True)
class _Invited:
    """One person and one meeting: when it starts, since when this person could know, when a correction of it has left.

    `chased`: they have been asked once more.
    """

    meeting: MeetingFacts
    start: datetime
    known: datetime
    corrected: datetime | None
    chased: bool
    policy: Policy
    zone: str

    @property
    def _day(self) -> date:
        return self.meeting.starts_at.date()

    @property
    def ends(self) -> datetime:
        """After this moment there is nothing to say. A cancelled meeting is over when it would have begun by what was told."""
        told = self.meeting.told_start
        return told.astimezone(UTC) if self.meeting.cancelled and told else self.start

    @property
    def misled(self) -> bool:
        """Whether what was told last is true no longer and must be put right. Who said no isn't missed at what is cancelled."""
        meeting = self.meeting
        if meeting.told_holds:
            return False
        return not meeting.cancelled or not (meeting.told_cancelled or meeting.rsvp == Rsvp.NO)

    def misled_until(self) -> datetime | None:
        """The moment by which it must be put right; None: it need not, or nothing can be saved any more."""
        told = self.meeting.told_start
        moments = [self.ends] if self.meeting.told_cancelled or told is None else [self.ends, told.astimezone(UTC)]
        return min((moment for moment in moments if self.misled and moment > self.known), default=None)

    def hears_before(self, ends: datetime, facts: PersonFacts) -> bool:
        """Whether word of the change leaves by then. What the coach took out of the plan, the coach knows of."""
        if facts.joined_at is None or Purpose.REMINDERS not in facts.consents:
            return False
        word = self.first_word()
        arranged = arrange([word] if word else [], facts, self.policy)
        return any(duty.gave_way in _STEERED or (not duty.gave_way and duty.when < ends) for duty in arranged)

    def words(self) -> Iterator[Duty]:
        """What is owed: the first word, then the steps of the ladder that don't follow a correction within the hour."""
        first = self.first_word()
        if first:
            yield first
        if self.meeting.cancelled or self.meeting.rsvp == Rsvp.NO:
            return
        corrected = self._leaves(first.when, first.meeting_day) if first and first.kind == "meeting_moved" else self.corrected
        for duty in self.ladder():
            if corrected is None or not self._follows_at_once(duty, corrected):
                yield duty

    def _follows_at_once(self, duty: Duty, corrected: datetime) -> bool:
        """Such a reminder would say the same again; beside the correction it could push it out of its place."""
        leaves = settle(duty.when, duty.off_closed, self.policy, self.zone, duty.meeting_day)
        return leaves <= corrected or leaves - corrected < timedelta(minutes=self.policy.join_minutes)

    def first_word(self) -> Duty | None:
        """What to say as soon as it is known: that it is cancelled or moved, the reminder already due, or the invitation.

        One message, never two at once. Who has said no hears of it again only if it moves. What was cancelled and is taken
        up again begins anew, unless nobody was told.
        """
        meeting = self.meeting
        if meeting.cancelled:
            return self._correction("cancelled") if self.misled else None
        if self.misled and not meeting.told_cancelled:
            return self._correction("moved")
        told = meeting.told_holds and meeting.told > 0
        if meeting.rsvp == Rsvp.NO or (told and self.known == meeting.known_since):
            return None
        in_time = self._leaves(self.known, self._day) < self.start - _TOO_LATE_TO_ASK
        if in_time and _DAY_BEFORE in self.policy.meeting_ladder and self._day_moment(_DAY_BEFORE) <= self.known:
            return self._reminder(_DAY_BEFORE, self.known, ClosedDay.STAY)
        if told:  # before the person stopped and joined again
            return None
        return self._invitation() if in_time else self._late_notice()

    def ladder(self) -> Iterator[Duty]:
        """The steps that still lie ahead when it is known; an early one is left out where the first word has just gone.

        So is one in whose place the chase has gone, or after which it has: an answer to that brings none of them back.
        """
        chase = self._chase(self.policy.meeting_chase) if self.policy.meeting_chase else None
        gone = self._leaves(chase.when, self._day) if chase and self.chased else None
        for step in self.policy.meeting_ladder:
            if step.unit == "d":
                peace = timedelta() if step == _DAY_BEFORE else _JUST_TOLD
                moment = self._day_moment(step)
                if moment > self.known + peace and (gone is None or moment > gone):
                    yield self._reminder(step, self._meant_for(step), ClosedDay.BACK)
            elif (when := self.start - step.length) > self.known and (notice := self._notice(step, when)):
                yield notice
        if chase and self.meeting.rsvp is None:
            yield chase

    def _chase(self, open_days: int) -> Duty | None:
        """Asks once more whoever has had their time to answer; any answer ends it.

        Handed out after the ladder: where a step of it falls together with this, this says the same, and asks too.
        """
        when = at_wall(self.policy.days.open_days_before(self._day, open_days), _CLOCK, self.zone)
        asked = self._leaves(self.known, self._day)
        if self._leaves(when, self._day) < asked + _JUST_TOLD:
            return None
        until = self.start - _TOO_LATE_TO_ASK
        return self._duty("meeting_chase", "chase", "meeting_chase", when, until, 3, urgent=False, asks=True)

    def _late_notice(self) -> Duty | None:
        """Known too late to be asked: the last of the notices that are due by now."""
        due = [step for step in self.policy.meeting_ladder if step.unit != "d" and self.start - step.length <= self.known]
        return self._notice(due[-1], self.known) if due else None

    def _meant_for(self, step: Step) -> datetime:
        return at_wall(self._day - step.length, _CLOCK, self.zone)

    def _day_moment(self, step: Step) -> datetime:
        return settle(self._meant_for(step), ClosedDay.BACK, self.policy, self.zone, self._day)

    def _leaves(self, when: datetime, meeting_day: date | None) -> datetime:
        return open_from(when, self.policy, self.zone, meeting_day)

    def _correction(self, step: str) -> Duty:
        """Of the old and the new day the nearer one opens a Saturday for it. In a chain of its own no reminder replaces it."""
        moved, told = step == "moved", self.meeting.told_start
        ahead = [self._day] if moved else []
        if told and told > self.known:
            ahead.append(told.date())
        duty = self._duty(f"meeting_{step}", step, f"meeting_{step}", self.known, self.ends, 1, asks=moved)
        return replace(
            duty,
            chain=f"{duty.chain}:changed",
            why=self.why(step),
            subject={**duty.subject, "was": str(self.meeting.told)},
            meeting_day=min(ahead, default=self._day),
        )

    def why(self, step: str) -> Why:
        """The reason of a change: the meeting as it is now, or where it is cancelled as it was told."""
        told = self.meeting.told_start if self.meeting.cancelled else None
        return Why(f"why_meeting_{step}", {"start": (told or self.meeting.starts_at).isoformat(), "step": step})

    def _invitation(self) -> Duty:
        """Silence costs where the meeting is near, or where the person believes that it is cancelled."""
        text = "network_day" if self.meeting.kind == MeetingKind.NETWORK_DAY else "meeting_invite"
        urgent = self.meeting.told_cancelled or self.start - self._leaves(self.known, self._day) < _SOON
        until = self.start - _TOO_LATE_TO_ASK
        return self._duty("meeting_invite", "invite", text, self.known, until, 3, urgent=urgent, asks=True)

    def _reminder(self, step: Step, when: datetime, off_closed: ClosedDay) -> Duty:
        """Each says how to say no, so each asks: a NEJ to it is one to this meeting, whatever else was asked before."""
        last = step == _DAY_BEFORE
        text = "meeting_day_before" if last else "meeting_days_before"
        until = self.start - _TOO_LATE_TO_ASK
        return self._duty(
            "meeting_reminder", step, text, when, until, 2 if last else 4, urgent=last, asks=True, off_closed=off_closed
        )

    def _notice(self, step: Step, when: datetime) -> Duty | None:
        """Where quiet hours hold it back, only while there is time to act on it."""
        leaves = self._leaves(when, self._day)
        if leaves > when and self.start - leaves < _WORTH_WAITING_FOR:
            return None
        return self._duty("meeting_notice", step, "meeting_two_hours", when, self.start - _TOO_LATE_TO_NOTICE, 1)

    def _duty(
        self,
        kind: str,
        step: Step | str,
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
            key=_key(meeting, str(step)),
            chain=f"meeting:{meeting.external_id}",
            when=when,
            valid_until=valid_until,
            text=text,
            why=Why("why_meeting", {"start": meeting.starts_at.isoformat(), "step": str(step), **_ahead(step)}),
            doubt=Doubt.A if urgent else Doubt.B,
            topic=Topic.MEETINGS,
            priority=priority,
            subject={"meeting": meeting.id, "sequence": str(meeting.sequence)},
            asks=Ask.RSVP if asks else None,
            open_until=self.start if asks else None,
            off_closed=off_closed,
            meeting_day=self._day,
        )


def _ahead(step: Step | str) -> Mapping[str, str]:
    """How long before the meeting a reminder is meant, in words that a reason can say; nothing of what comes at once."""
    return {} if isinstance(step, str) else {_IN_WORDS[step.unit]: str(step.amount)}


def _key(meeting: MeetingFacts, step: str) -> str:
    """Made of facts: a meeting that moved has its own ladder."""
    name, sequence = f"meeting:{meeting.external_id}", meeting.sequence
    if step in {"moved", "cancelled"}:
        return f"{name}:{step}:{sequence}"
    return f"{name}:{step}" if sequence == 1 else f"{name}@{sequence}:{step}"
