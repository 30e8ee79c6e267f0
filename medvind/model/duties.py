"""What is owed: one message to one person, when, why, and how it stands to the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from medvind.model.asks import Ask
from medvind.model.words import ClosedDay, Doubt, GaveWay, Late, TaskKind, Topic

Subject = Mapping[str, str]
"""What a duty is about, by ids and dates alone (`{"meeting": "…"}`, `{"period": "2026Q1", "deadline": "2026-06-01"}`)."""


@dataclass(frozen=True, slots=True)
class Why:
    """The rule and the facts that caused a message: a key of the catalogue and its values, turned into a sentence late."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duty:
    """One message owed to one person.

    `key` is made of facts, never of the time of planning, so that planning twice finds the same row. `chain` is shared by
    the steps of one ladder: a later one never overtakes. `when` and `valid_until` are aware; after `valid_until` the
    message would do harm and is not sent. A lower `priority` goes first. `open_until` says how long an answer counts.
    `carried_by` is the key of the message that this one goes along with. A duty that `gave_way` is kept and not sent.
    """

    kind: str
    key: str
    chain: str
    when: datetime
    valid_until: datetime
    text: str
    why: Why
    doubt: Doubt
    topic: Topic | None = None
    priority: int = 5
    subject: Subject = field(default_factory=dict)
    asks: Ask | None = None
    open_until: datetime | None = None
    off_closed: ClosedDay = ClosedDay.STAY
    meeting_day: date | None = None
    late: Late = Late.NOW
    carried_by: str | None = None
    gave_way: GaveWay | None = None


class Reminder(StrEnum):
    """What is next for a message that nobody has read: some hours after it came, a day after, and what the deputy hears of."""

    HOURS = "hours"
    DAY = "day"
    DEPUTY = "deputy"


@dataclass(frozen=True, slots=True)
class CoachWarning:
    """What a coach should be told about a person: a task on the coach's list from `shows_at` on, under a key made of facts.

    The key names the cause, not the person. Raised after `until`, where there is one, it would come too late to be of use.
    """

    kind: TaskKind
    key: str
    shows_at: datetime
    why: Why
    until: datetime | None = None
