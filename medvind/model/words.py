"""The names: of every state, kind and role, and the ids by which rows are known."""

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

PublicId = NewType("PublicId", str)
"""The opaque name by which the outside knows a row. It is made before the row, since sealed values are bound to it."""


def new_id() -> PublicId:
    """A fresh public id: 16 random bytes, safe in a URL, in a button and on a command line, where a dash begins an option."""
    made = secrets.token_urlsafe(16)
    return PublicId(made) if made[0] != "-" else new_id()


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


class Attendance(StrEnum):
    """Whether somebody came to a meeting. Excused: they had said that they could not."""

    ATTENDED = "attended"
    EXCUSED = "excused"
    NO_SHOW = "no_show"


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
    """Whom a duty is addressed to. A stranger is known by the message that came, and gets an answer to it alone.

    Duty is whoever stands in for the coaches: `duty_phone`.
    """

    PARTICIPANT = "participant"
    COACH = "coach"
    STRANGER = "stranger"
    DUTY = "duty"


class TaskKind(StrEnum):
    """What a coach is asked to look at."""

    CALL = "call"
    MISSED = "missed"
    REVIEW = "review"
    UNREADABLE = "unreadable"
    NOT_REACHED = "not_reached"
    NOT_PLANNED = "not_planned"
    SUPPORT_ENDS = "support_ends"
    NO_REPLY = "no_reply"
    FLOOD = "flood"
    DANGER = "danger"
    CONCERN = "concern"
    LETTER = "letter"
    MY_DATA = "my_data"
    MY_CARD = "my_card"
    ERASE = "erase"
    STOPPED = "stopped"
    WROTE_AFTER_STOP = "wrote_after_stop"
    NO_ANSWER = "no_answer"
    TELEGRAM = "telegram"
    WRONG_NUMBER = "wrong_number"
    PRIVATE_MATTER = "private_matter"
    NETWORK = "network"
    UNREAD = "unread"


class Danger(StrEnum):
    """How soon a person must see what somebody wrote: at once, with help numbers to them; on the same working day; as ever."""

    NOW = "now"
    TODAY = "today"
    NONE = "none"


class ClosedDay(StrEnum):
    """Where a message goes when its day is a weekend or a holiday.

    Back: to the last weekday before, for a date that must not be missed. Forward: to the next one, for a question that
    can wait. Stay: it holds for that very day, so it waits for the end of the quiet hours or is dropped.
    """

    BACK = "back"
    FORWARD = "forward"
    STAY = "stay"


class Late(StrEnum):
    """What becomes of a step that was due before somebody joined. Of all of them at most one message goes.

    Now: it goes at once, the weightiest of several. Merge: it goes along with that one where it can. Skip: it is past.
    """

    NOW = "now"
    MERGE = "merge"
    SKIP = "skip"


class GaveWay(StrEnum):
    """Why a message that is owed is not sent; the words stand in `medvind timeline` and on the coach's page."""

    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"
    NO_ROOM = "no_room"
    PAUSED = "paused"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Adjust(StrEnum):
    """What a coach can do with one message of the plan: another time, leave it out, or leave out the rest of its chain too."""

    MOVE = "move"
    SKIP = "skip"
    CANCEL = "cancel"


class PauseReason(StrEnum):
    """Why somebody has peace for a while. Neutral on purpose: no illness, no judgement.

    Asked: they wrote PAUSE. Stopped: they want no more of this kind, so it has no end. Rest: a human must come first.
    """

    AWAY = "away"
    HOLIDAY = "holiday"
    OTHER = "other"
    ASKED = "asked"
    STOPPED = "stopped"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking. Every question about a person takes one: what is not theirs is not found.

    `today` is the local day, for grants that end: without one a coach stands in for nobody. `test`: whoever looks is trying
    out, and what they write is taken back.
    """

    coach_id: int | None
    role: Role
    scope: str | None = None
    token_id: str = ""
    today: date | None = None
    test: bool = False
