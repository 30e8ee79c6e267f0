"""The words of Medvind: who takes part, what is owed to them, and the names of every state.

Values only. Nothing here asks a clock or a database. Times are aware; `datetime` fields are UTC unless a line says local.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

PublicId = NewType("PublicId", str)
"""The opaque name by which the outside knows a row. It is made before the row, since sealed values are bound to it."""


def new_id() -> PublicId:
    """A fresh public id: 16 random bytes, safe in a URL, in a button and on a command line, where a dash begins an option."""
    made = secrets.token_urlsafe(16)
    return new_id() if made.startswith("-") else PublicId(made)


class ChannelName(StrEnum):
    """The ways to reach somebody."""

    TELEGRAM = "telegram"
    SMS = "sms"


class Language(StrEnum):
    """The languages a person may read; texts exist in each."""

    DA = "da"
    EN = "en"


class Stage(StrEnum):
    """Where somebody is in the programme; it follows from the dates."""

    RECRUITMENT = "recruitment"
    TRAINING = "training"
    ENTREPRENEUR_COURSE = "entrepreneur_course"
    WAITING = "waiting"
    STARTUP = "startup"
    OPERATION = "operation"
    LEFT = "left"


class SupportType(StrEnum):
    """What a person lives on. Confidential: it never stands in a message."""

    DISABILITY_PENSION = "disability_pension"
    CASH_BENEFIT = "cash_benefit"
    SICKNESS_BENEFIT = "sickness_benefit"
    REHABILITATION = "rehabilitation"


class Milestone(StrEnum):
    """The named dates of one person that messages hang on."""

    COURSE_ENDED = "course_ended"
    PAYOUT_PROMISED = "payout_promised"
    PAID_OUT = "paid_out"
    BUSINESS_STARTED = "business_started"


class VatPeriod(StrEnum):
    """How often a business files VAT. A fact from the tax agency, never derived from the turnover."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"


class MeetingKind(StrEnum):
    """What people are invited to."""

    MEETING = "meeting"
    FOLLOW_UP_MEETING = "follow_up_meeting"
    INFO_MEETING = "info_meeting"
    NETWORK_DAY = "network_day"
    ACCOUNTING_COURSE = "accounting_course"
    VAT_COURSE = "vat_course"
    ENTREPRENEUR_COURSE = "entrepreneur_course"


class Rsvp(StrEnum):
    """The answer to an invitation to a meeting; the last one before the start counts."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class Role(StrEnum):
    """What the holder of a token may see: own people; numbers only; settings and users; one scope."""

    COACH = "coach"
    LEAD = "lead"
    ADMIN = "admin"
    SERVICE = "service"


class Purpose(StrEnum):
    """What a consent covers. Reminders are deadlines and meetings; check-ins bring encouragement with them."""

    REMINDERS = "reminders"
    CHECK_INS = "check_ins"
    SHARING = "sharing"


class Topic(StrEnum):
    """What a participant can stop on its own."""

    DEADLINES = "deadlines"
    MEETINGS = "meetings"
    CHECK_INS = "check_ins"
    ENCOURAGEMENT = "encouragement"

    @property
    def purpose(self) -> Purpose:
        """The consent that a message of this topic needs."""
        return Purpose.REMINDERS if self in {Topic.DEADLINES, Topic.MEETINGS} else Purpose.CHECK_INS


class Doubt(StrEnum):
    """What is kinder when nobody knows whether a message arrived.

    A: a double, silence costs. B: a later step repairs it. C: silence, asked twice hurts. D: a double, a confirmation.
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class State(StrEnum):
    """Where a duty stands. `medvind/store/outbox.py` draws the machine."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"
    REVIEW = "review"


class AddressState(StrEnum):
    """Whether an address may be written to. Unconfirmed: the invitation only. Dead: nothing, until it lives again."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    DEAD = "dead"


class RecipientType(StrEnum):
    """Whom a duty is addressed to. A stranger is known by the message that came, and gets an answer to it alone."""

    PARTICIPANT = "participant"
    COACH = "coach"
    STRANGER = "stranger"


class Ask(StrEnum):
    """The questions Medvind can have open with somebody."""

    INVITE = "invite"
    RSVP = "rsvp"
    CHECK_IN = "check_in"
    VAT = "vat"


class TaskKind(StrEnum):
    """What a coach is asked to look at."""

    CALL = "call"
    MISSED = "missed"
    REVIEW = "review"
    UNREADABLE = "unreadable"
    NOT_REACHED = "not_reached"


class ClosedDay(StrEnum):
    """Where a message goes when its day is a weekend or a holiday.

    Back: to the last weekday before, for a date that must not be missed. Forward: to the next one, for a question that
    can wait. Stay: it holds for that very day, so it waits for the end of the quiet hours or is dropped.
    """

    BACK = "back"
    FORWARD = "forward"
    STAY = "stay"


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


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting as one attendee meets it. `starts_at` is aware, in the zone in which it was meant.

    `sequence` begins at 1 and rises with each change of time or place; `told` is the highest one that a message has left
    about, 0 for none. `known_since` is when this attendee could first be told of this sequence.
    """

    id: PublicId
    external_id: str
    kind: MeetingKind
    starts_at: datetime
    minutes: int
    sequence: int
    known_since: datetime
    told: int = 0
    rsvp: Rsvp | None = None


@dataclass(frozen=True, slots=True)
class VatRegistration:
    """From this day on the business files by these periods; None: it is no longer registered."""

    since: date
    period: VatPeriod | None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """All that the rules need to know of one person, and nothing that names them.

    `joined_at` is when the consent that holds now was given; None: the person hasn't said yes (or has stopped).
    `invite_since`: an invitation is owed (a number, no answer); `numbers`: so many there were. `vat_done`: answered KLAR.
    """

    id: int
    zone: str
    language: Language
    created_at: datetime
    joined_at: datetime | None = None
    invite_since: datetime | None = None
    numbers: int = 1
    consents: frozenset[Purpose] = frozenset()
    milestones: Mapping[Milestone, date] = field(default_factory=dict)
    vat: tuple[VatRegistration, ...] = ()
    vat_done: frozenset[str] = frozenset()
    meetings: tuple[MeetingFacts, ...] = ()

    @property
    def waiting(self) -> bool:
        """Whether the course is over and the money has not come."""
        return Milestone.COURSE_ENDED in self.milestones and Milestone.PAID_OUT not in self.milestones


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking. Every question about a person takes one: what is not theirs is not found."""

    coach_id: int | None
    role: Role
    scope: str | None = None
    token_id: str = ""
