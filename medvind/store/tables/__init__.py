"""The tables. `docs/tour.md` walks through them; DESIGN's unique keys are what makes doing a thing twice harmless.

Columns of type `bytes` are sealed (see `vault`): personal text never stands readable in the database.
"""

from medvind.store.tables.base import Row
from medvind.store.tables.erasures import CounterRow, ErasureRow, MarkKind, MarkRow, ProviderCopyRow
from medvind.store.tables.messages import (
    AllowanceRow,
    AnswerRow,
    AttemptRow,
    BeatRow,
    BreakerRow,
    InboxRow,
    OutboxRow,
    SettingRow,
    TaskRow,
)
from medvind.store.tables.people import (
    AbsenceRow,
    AddressRow,
    AssignmentRow,
    CoachRow,
    CohortRow,
    ConsentRow,
    DeputyRow,
    IdempotencyRow,
    InviteRow,
    MergeRow,
    MilestoneRow,
    ParticipantRow,
    ProgrammeRow,
    SupportPeriodRow,
    TokenRow,
    VatPeriodRow,
    WordTryRow,
)
from medvind.store.tables.plans import AdjustmentRow, AttendeeRow, FeedRow, MeetingRow, MeetingVersionRow, PauseRow
from medvind.store.tables.texts import TextVersionRow

__all__ = [
    "AbsenceRow",
    "AddressRow",
    "AdjustmentRow",
    "AllowanceRow",
    "AnswerRow",
    "AssignmentRow",
    "AttemptRow",
    "AttendeeRow",
    "BeatRow",
    "BreakerRow",
    "CoachRow",
    "CohortRow",
    "ConsentRow",
    "CounterRow",
    "DeputyRow",
    "ErasureRow",
    "FeedRow",
    "IdempotencyRow",
    "InboxRow",
    "InviteRow",
    "MarkKind",
    "MarkRow",
    "MeetingRow",
    "MeetingVersionRow",
    "MergeRow",
    "MilestoneRow",
    "OutboxRow",
    "ParticipantRow",
    "PauseRow",
    "ProgrammeRow",
    "ProviderCopyRow",
    "Row",
    "SettingRow",
    "SupportPeriodRow",
    "TaskRow",
    "TextVersionRow",
    "TokenRow",
    "VatPeriodRow",
    "WordTryRow",
]
