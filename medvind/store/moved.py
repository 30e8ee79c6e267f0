"""What a change did to the rows of two people, row by row, so that it can be taken back: what they were and what they became.

Of sealed columns nothing is looked at, since none of them is changed: the log holds ids, states, dates and keys.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Date, LargeBinary, Table, and_, delete, func, insert, or_, select, update

from medvind.errors import MergeRefusedError
from medvind.model import RecipientType, State
from medvind.store.database import Session
from medvind.store.tables import MergeRow, OutboxRow, ParticipantRow, Row
from medvind.store.types import Utc, Wall

THEIRS = tuple(
    table for table in Row.metadata.sorted_tables if "participant_id" in table.columns and table.name != MergeRow.__tablename__
)
TABLES: Mapping[str, Table] = {table.name: table for table in Row.metadata.sorted_tables}
PEOPLE, OUTBOX = TABLES[ParticipantRow.__tablename__], TABLES[OutboxRow.__tablename__]
OWNER = frozenset({"participant_id", "recipient_id"})
OWN = OWNER | {"merged_into", "key", "carried_by"}
"""Whose a row is, and under which key of theirs: that goes back whatever else has become of the row."""
MAY_BE_GONE = frozenset({"tasks", "attendees", "adjustments", "word_tries", "feeds"})
"""What is deleted in the course of things: it is missed nowhere."""
ALSO = {"addresses": ("state", "reason", "preferred")}
"""What else is noted of a row that changed: whether it can go back is asked of it."""
GONE = "something that was moved is no longer there, so the two records can't be made again what they were"

Key = tuple[Any, ...]
Cells = dict[str, Any]
Snapshot = Mapping[str, Mapping[Key, Cells]]
Entry = dict[str, Any]


async def snapshot(session: Session, people: Sequence[int]) -> Snapshot:
    """All rows of these people, as JSON can hold them."""
    found = {}
    for table in (*THEIRS, OUTBOX, PEOPLE):
        columns = [column for column in table.columns if not isinstance(column.type, LargeBinary)]
        rows = (await session.execute(select(*columns).where(_of(table, people)))).mappings()
        cells = [{column.name: _plain(row[column]) for column in columns} for row in rows]
        found[table.name] = {_key(table, one): one for one in cells}
    return found


def _of(table: Table, people: Sequence[int]) -> ColumnElement[bool]:
    if table is PEOPLE:
        return or_(table.c.id.in_(people), table.c.merged_into.in_(people))
    if table is OUTBOX:
        return and_(table.c.recipient_type == RecipientType.PARTICIPANT, table.c.recipient_id.in_(people))
    return table.c.participant_id.in_(people)


def _key(table: Table, cells: Mapping[str, Any]) -> Key:
    return tuple(cells[column.name] for column in table.primary_key)


def difference(before: Snapshot, after: Snapshot, kept: int, other: int) -> list[Entry]:
    """What changed between the two, as `put_back` takes it. Rows of `other` may have become rows of `kept`."""
    found = list[Entry]()
    for name, rows in before.items():
        table, now = TABLES[name], dict(after[name])
        for key, was in rows.items():
            became = now.pop(key, None) or now.pop(_key(table, was | _taken_over(table, was, kept, other)), None)
            if became is None:
                found.append({"table": name, "gone": was})
            elif changed := [column for column in was if was[column] != became[column]]:
                of = {column: became[column] for column in (*table.primary_key.columns.keys(), *changed, *ALSO.get(name, ()))}
                found.append({"table": name, "is": of, "was": {column: was[column] for column in changed}})
        found += [
            {"table": name, "new": {column.name: one[column.name] for column in table.primary_key}} for one in now.values()
        ]
    return found


def _taken_over(table: Table, was: Mapping[str, Any], kept: int, other: int) -> Cells:
    """Where the owner is part of a row's key: as it is once it is the other one's."""
    return {"participant_id": kept} if "participant_id" in table.primary_key and was["participant_id"] == other else {}


async def last_ids(session: Session) -> Mapping[str, int]:
    """The newest row of each table in which something new may come meanwhile."""
    names = ("addresses", "consents", "inbox", "pauses")
    return {name: await session.scalar(select(func.max(TABLES[name].c.id))) or 0 for name in names}


async def put_back(session: Session, entries: Sequence[Entry], but: Sequence[int], now: datetime) -> bool:
    """Makes these rows what they were; True: all were still what they had become, so that nothing is left to plan.

    What has been changed since stays as it is, and goes back to whose it was. `but`: rows of the outbox that are not owed
    again, since what they would say has been said. Raises MergeRefusedError where a row is missing that must be there.
    """
    whole = True
    for one in entries:
        if "new" in one:
            whole &= await _take_away(session, TABLES[one["table"]], one["new"])
    for one in sorted((one for one in entries if "was" in one), key=lambda one: OWNER.isdisjoint(one["was"])):
        whole &= await _restore(session, TABLES[one["table"]], one["is"], one["was"], but, now)
    for one in entries:
        if "gone" in one:
            table = TABLES[one["table"]]
            await session.execute(insert(table).values(_values(table, one["gone"])))
    return whole


async def _take_away(session: Session, table: Table, key: Mapping[str, Any]) -> bool:
    """What the change had added, unless it has been used since."""
    unused = {
        "outbox": and_(OUTBOX.c.state.in_((State.PLANNED, State.CANCELLED)), OUTBOX.c.attempts == 0),
        "tasks": TABLES["tasks"].c.done_at.is_(None),
    }
    chosen = [*_where(table, key), *([unused[table.name]] if table.name in unused else [])]
    return (await session.execute(delete(table).where(*chosen).returning(*table.primary_key))).first() is not None


async def _restore(
    session: Session, table: Table, became: Mapping[str, Any], was: Mapping[str, Any], but: Sequence[int], now: datetime
) -> bool:
    found = (await session.execute(select(table).where(*_where(table, became)))).mappings().first()
    if found is None:
        if table.name in MAY_BE_GONE:
            return False
        raise MergeRefusedError("rows-gone", GONE)
    same = {column: _plain(found[table.c[column]]) == became[column] for column in was}
    over = table is OUTBOX and (found["id"] in but or ("state" in was and found["valid_until"] <= now))
    if not all(same.values()) or over:
        back = {column: cell for column, cell in was.items() if column in OWN or (table is PEOPLE and same[column])}
    else:
        back = dict(was)
    if back:
        await session.execute(update(table).where(*_where(table, became)).values(_values(table, back)))
    return all(same.values()) and not over


def _where(table: Table, key: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for column in table.primary_key:
        yield column == _value(column, key[column.name])


def _values(table: Table, cells: Mapping[str, Any]) -> Cells:
    return {name: _value(table.c[name], cell) for name, cell in cells.items()}


def _plain(value: Any) -> Any:
    """As JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def _value(column: Column[Any], cell: Any) -> Any:
    """As the column has it."""
    if cell is None:
        return None
    if isinstance(column.type, Utc | Wall):
        return datetime.fromisoformat(cell)
    return date.fromisoformat(cell) if isinstance(column.type, Date) else cell
