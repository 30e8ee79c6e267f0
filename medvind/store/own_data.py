"""Everything that is kept of one person, table by table and opened: the copy that article 15 of the GDPR gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, RowMapping, select

from medvind.model import RecipientType
from medvind.store.database import Session
from medvind.store.tables import AttemptRow, AttendeeRow, MeetingRow, MergeRow, OutboxRow, ParticipantRow, Row

OF_NOBODY = frozenset(
    {
        "absences",
        "allowances",
        "beats",
        "breakers",
        "coaches",
        "cohorts",
        "counters",
        "deputies",
        "erased_marks",
        "erasures",
        "idempotency",
        "meeting_versions",
        "programmes",
        "provider_copies",
        "settings",
        "text_versions",
        "tokens",
    }
)
"""Tables about the house, its meetings as they were before, those who work in it, and what is left of nobody any more."""
LEFT_OUT = frozenset({"blind", "claimed_by", "fingerprint", "hash", "lease_until", "log", "private_word", "worker"})
"""Keyed hashes, which in a file could be guessed at, who had a message in hand, and how rows changed that stand here."""
TABLES = {mapper.class_.__tablename__: mapper.class_ for mapper in Row.registry.mappers}

Record = Mapping[str, Any]


async def of_person(session: Session, row: int) -> dict[str, list[Record]]:
    """By table, the oldest first, with what is left in records that were joined with this one. Times are UTC.

    What lies sealed in the database stands in clear here.
    """
    joined = select(ParticipantRow.id).where(ParticipantRow.merged_into == row)
    rows = [row, *await session.scalars(joined.order_by(ParticipantRow.id))]
    names = [str(table.name) for table in Row.metadata.sorted_tables if table.name not in OF_NOBODY]
    return {name: await _records(session, TABLES[name], rows) for name in names}


async def _records(session: Session, kept: Any, rows: Sequence[int]) -> list[Record]:
    table = kept.__table__
    columns = [column for column in table.columns if column.name not in LEFT_OUT]
    found = await session.execute(select(*columns).where(_theirs(kept, rows)).order_by(*table.primary_key.columns))
    return [{str(column.name): _opened(session, kept, column, cells) for column in columns} for cells in found.mappings()]


def _theirs(kept: Any, rows: Sequence[int]) -> ColumnElement[bool]:
    """A person's own rows, what was written to them, and the meetings that they are invited to."""
    written = (OutboxRow.recipient_type == RecipientType.PARTICIPANT) & OutboxRow.recipient_id.in_(rows)
    if kept is ParticipantRow:
        return ParticipantRow.id.in_(rows)
    if kept is OutboxRow:
        return written
    if kept is AttemptRow:
        return AttemptRow.outbox_id.in_(select(OutboxRow.id).where(written))
    if kept is MeetingRow:
        return MeetingRow.id.in_(select(AttendeeRow.meeting_id).where(AttendeeRow.participant_id.in_(rows)))
    if kept is MergeRow:
        return MergeRow.participant_id.in_(rows) | MergeRow.other_id.in_(rows)
    theirs: ColumnElement[bool] = kept.participant_id.in_(rows)
    return theirs


def _opened(session: Session, kept: Any, column: Column[Any], cells: RowMapping) -> Any:
    value = cells[column]
    if value is None or not isinstance(column.type, LargeBinary):
        return value
    return session.vault.open(getattr(kept, column.name), cells["public_id"], value)
