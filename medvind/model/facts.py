"""What the rules know of one person. Nothing here names anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from medvind.model.words import (
    Adjust,
    Attendance,
    ChannelName,
    GaveWay,
    Language,
    MeetingKind,
    Milestone,
    PublicId,
    Purpose,
    Rsvp,
    SupportType,
    Topic,
    VatPeriod,
)


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting as one attendee meets it. `starts_at` is aware, in the zone in which it was meant.

    `sequence` begins at 1 and rises with each change of time or place, and when it is cancelled or taken up again; `told` is
    the highest one that a message has left about, 0 for none. `told_holds`: what was told last is still true, or nothing
    was, so that nothing needs correcting; `told_cancelled`: what was told last is that it is cancelled. `told_start`: when
    it begins by what was told, where that is true no longer and still known. `known_since` is when this attendee could
    first be told of this sequence; `asked_at`, when the first question about what was told last left: None where they were only
    told. `attendance` was entered by a coach at `entered_at`, after the start as it is now.
    """

    id: PublicId
    external_id: str
    kind: MeetingKind
    starts_at: datetime
    minutes: int
    sequence: int
    known_since: datetime
    told: int = 0
    told_holds: bool = True
    told_cancelled: bool = False
    told_start: datetime | None = None
    asked_at: datetime | None = None
    cancelled: bool = False
    rsvp: Rsvp | None = None
    attendance: Attendance | None = None
    entered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VatRegistration:
    """From this day on the business files by these periods; None: it is no longer registered."""

    since: date
    period: VatPeriod | None


@dataclass(frozen=True, slots=True)
class Coached:
    """Somebody followed this person, `coach` a row, from a moment to another; `until` None: they still do."""

    coach: int
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """The support for starting a business goes on for so many months more: granted on this day, known to us since then."""

    months: int
    granted_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing of this topic (None: of any) is sent from `since` until the local day `until` begins, or it was `ended` early.

    `rest`: a human must come first, and what would have been asked in it is not asked afterwards either.
    """

    since: datetime
    until: date
    topic: Topic | None = None
    ended: datetime | None = None
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a coach decided about one message of the plan, known by its kind and key.

    `when` goes with a move; with a cancelled chain it is when that first step of it would have left.
    """

    kind: str
    key: str
    chain: str
    action: Adjust
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """An automatic message that left `at` a moment in the last days: it counts towards what a person gets in a day and a week.

    `meant`: when it should have left.
    """

    kind: str
    key: str
    meant: datetime
    at: datetime
    carried_by: str | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """A message of the plan whose time has come and that has not left: it waits to be sent, or it gave way then."""

    kind: str
    key: str
    meant: datetime
    gave_way: GaveWay | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """All that the rules need to know of one person, and nothing that names them.

    `joined_at` is when the consent that holds now was given; None: the person hasn't said yes (or has stopped).
    `invite_since`: an invitation is owed (a number, no answer); `numbers`: so many there were. `way`: how messages go.
    `moved`: a yes came from the number before that one.
    `done`: what was answered KLAR, by the subject's period (`2026Q1`, `tax_return:2026`). `quiet_hours`: the person's own
    windows beside the municipality's, spelled like those. `talked_at`: when a human last wrote, the person or the coach.
    `coaches`: who followed them, in order; empty where it was one alone.
    `programme`: the row of the programme that the cohort follows, 0 for the one that Medvind brings.
    """

    id: int
    zone: str
    language: Language
    created_at: datetime
    joined_at: datetime | None = None
    invite_since: datetime | None = None
    numbers: int = 1
    moved: bool = False
    way: ChannelName | None = None
    consents: frozenset[Purpose] = frozenset()
    quiet_hours: str = ""
    programme: int = 0
    milestones: Mapping[Milestone, date] = field(default_factory=dict)
    support_type: SupportType | None = None
    extensions: tuple[Extension, ...] = ()
    vat: tuple[VatRegistration, ...] = ()
    pays_b_tax: bool = False
    sells_to_eu: bool = False
    done: frozenset[str] = frozenset()
    meetings: tuple[MeetingFacts, ...] = ()
    pauses: tuple[Pause, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    sent: tuple[Sent, ...] = ()
    waits: tuple[Waits, ...] = ()
    talked_at: datetime | None = None
    coaches: tuple[Coached, ...] = ()

    @property
    def waiting(self) -> bool:
        """Whether the course is over and the money has not come."""
        return Milestone.COURSE_ENDED in self.milestones and Milestone.PAID_OUT not in self.milestones
