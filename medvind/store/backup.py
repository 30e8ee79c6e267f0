"""Everything in one file, and back. Whichever database it comes from, a backup is an SQLite file with this schema.

So it needs no program beside Medvind, one way of restoring serves both databases, and an old backup is brought up to date
by the same migrations as an old database.
"""

import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, and_, case, exists, func, inspect, literal, or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased

from medvind.errors import ConflictError, DatabaseAwayError, InvalidError, NotReadyError
from medvind.model import AddressState, RecipientType, State, TaskKind
from medvind.store import erasures, tasks
from medvind.store.database import Database, Session
from medvind.store.outbox import GAVE_WAY
from medvind.store.schema import is_own, migrate
from medvind.store.tables import AddressRow, AllowanceRow, BeatRow, BreakerRow, CoachRow, OutboxRow, ParticipantRow, Row
from medvind.store.vault import SealError

BATCH = 1000
RUNNING = {BeatRow.__tablename__, AllowanceRow.__tablename__, BreakerRow.__tablename__}
"""What running processes write down about themselves: it holds for them alone, and is not restored."""
TABLES = [table for table in Row.metadata.sorted_tables if table.name not in RUNNING]
"""Those that are pointed to come first."""
SNAPSHOT = text("set transaction isolation level repeatable read, read only")
REASON = "restored from a backup"
NAMED = (OutboxRow.public_id, OutboxRow.recipient_type, OutboxRow.recipient_id, OutboxRow.kind, OutboxRow.key)
WRONG_KEYS = "MEDVIND_ENCRYPTION_KEYS and MEDVIND_INDEX_KEY: not the keys that this backup was made with; set those first"


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a backup: the version of its schema, and how many rows each table has."""

    revision: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """How many messages wait for a coach's word, and how many that had given way are over."""

    to_review: int
    over: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, what of it waits for a coach's word, and how many people had been erased since and are so again."""

    rows: Mapping[str, int]
    held_back: HeldBack
    erased: int


async def save(db: Database, file: Path) -> Contents:
    """Puts all that is committed at one moment into this empty file and checks it; whoever writes meanwhile is not held up.

    The memory it takes does not grow with the database. Raises NotReadyError, DatabaseAwayError.
    """
    if db.engine.dialect.name == "sqlite":
        await _vacuum(db, file)
        return _checked(file)
    with TemporaryDirectory(prefix="medvind-") as folder:
        async with Database.open(f"sqlite:///{folder}/copy.db", db.vault) as copy:
            await migrate(copy)
            async with db.read(limit=None) as source, copy.begin(limit=None) as sink:
                await source.execute(SNAPSHOT)
                if not await is_own(source):
                    raise NotReadyError("the database's schema is not this version's: back it up with the version that made it")
                await _copy(source, sink)
            await _vacuum(copy, file)
    return _checked(file)


def _checked(file: Path) -> Contents:
    try:
        return look_into(file)
    except InvalidError:
        raise NotReadyError("MEDVIND_DATABASE_URL: the database there is not Medvind's, or it is damaged") from None


async def _vacuum(db: Database, file: Path) -> None:
    """A plain copy of the file would lack the newest rows, which stand in another one beside it."""
    try:
        async with db.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            async with driver.execute("vacuum into ?", (str(file),)):
                pass
    except (sqlite3.Error, SQLAlchemyError) as error:
        code = getattr(error, "sqlite_errorname", type(error).__name__)
        raise DatabaseAwayError(f"the copy could not be written: {code}") from None


def look_into(file: Path) -> Contents:
    """What a backup holds, once every page and every reference in it is checked. Raises InvalidError where it is none."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            sound = opened.execute("pragma integrity_check").fetchall() == [("ok",)]
            whole = sound and not opened.execute("pragma foreign_key_check").fetchall()
            ((revision,),) = opened.execute("select version_num from alembic_version")
            names = [name for (name,) in opened.execute("select name from sqlite_master where type = 'table'")]
            known = [name for name in names if name in Row.metadata.tables and name not in RUNNING]
            count = "select count(*) from "
            rows = {name: opened.execute(count + name).fetchone()[0] for name in known}
    except (sqlite3.Error, ValueError):
        raise InvalidError("the file is no backup of Medvind, or a damaged one") from None
    if not whole:
        raise InvalidError("the backup is damaged; take an older one")
    return Contents(revision, rows)


async def restore(db: Database, copy: Path, now: datetime, *, force: bool = False, erased: Collection[str] = ()) -> Restored:
    """Fills an empty database, or with `force` puts the backup in place of what is there: all of it or nothing.

    `copy` is a copy of a backup that may be changed: it is brought up to this version's schema, and what fell due in it
    by `now` is held back. Whoever was erased since, as the database knows that is there or by these opaque ids, is erased
    again before anything is filled.

    Raises InvalidError (no backup), NotReadyError (keys, newer schema), ConflictError (rows there).
    """
    look_into(copy)
    async with Database.open(f"sqlite:///{copy}", db.vault) as backup:
        await _bring_up(backup, "the backup")
        async with backup.begin(limit=None) as session:
            await _require_keys(session)
            held_back = await hold_back(session, now)
        if not force:
            async with db.read(limit=None) as session:
                await _require_empty(session)
        await _bring_up(db, "the database")
        async with db.read(limit=None) as session:
            left = await erasures.kept_of_all(session)
        async with backup.begin(limit=None) as session:
            again = await erasures.erase_again(session, left, erased, now)
        return Restored(await _fill(db, backup, force=force), held_back, again)


async def _bring_up(db: Database, what: str) -> None:
    try:
        await migrate(db)
    except CommandError:
        raise NotReadyError(f"{what} is of a newer version of Medvind: install that one first") from None


async def _require_keys(session: Session) -> None:
    """With other keys nobody could be written to, and nobody who writes would be known."""
    vault = session.vault
    living = AddressRow.state != AddressState.DEAD
    addresses = select(AddressRow.public_id, AddressRow.channel, AddressRow.value, AddressRow.blind).where(living)
    try:
        async for name, email in await session.stream(select(CoachRow.public_id, CoachRow.email)):
            vault.open(CoachRow.email, name, email)
        async for name, channel, value, blind in await session.stream(addresses):
            if vault.blind(channel, vault.open(AddressRow.value, name, value)) != blind:
                raise NotReadyError(WRONG_KEYS)
    except SealError:
        raise NotReadyError(WRONG_KEYS) from None


async def hold_back(session: Session, now: datetime) -> HeldBack:
    """Nothing that was due by `now` is sent unasked: it may have left after the backup was made.

    Each is a task for the coach, and counts for the plan as one that may have left. What had given way could come back with
    the next plan; it is over, without a task, since the plan of that time did not mean to send it.
    """
    gave_way = and_(OutboxRow.state == State.CANCELLED, OutboxRow.reason.startswith(GAVE_WAY))
    over = await session.execute(
        update(OutboxRow)
        .where(gave_way, OutboxRow.due_at <= now)
        .values(state=State.EXPIRED, reason=REASON)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    host = aliased(OutboxRow)
    went_along = exists().where(
        host.recipient_type == OutboxRow.recipient_type,
        host.recipient_id == OutboxRow.recipient_id,
        host.key == OutboxRow.carried_by,
        or_(host.state.in_((State.CLAIMED, State.UNKNOWN)), and_(host.state == State.PLANNED, host.due_at <= now)),
    )
    in_hand = OutboxRow.state.in_((State.CLAIMED, State.UNKNOWN))
    waited = and_(OutboxRow.state == State.PLANNED, or_(OutboxRow.due_at <= now, went_along))
    fell_due = case((OutboxRow.due_at < now, OutboxRow.due_at), else_=literal(now, OutboxRow.due_at.type))
    since = func.coalesce(OutboxRow.unknown_since, fell_due)
    found = await session.execute(
        update(OutboxRow)
        .where(or_(in_hand, waited))
        .values(state=State.REVIEW, reason=REASON, lease_until=None, unknown_since=since)
        .returning(*NAMED)
        .execution_options(synchronize_session=False)
    )
    held, known = found.all(), set(await session.scalars(select(ParticipantRow.id)))
    for name, whom, recipient, kind, key in held:
        person = recipient if whom == RecipientType.PARTICIPANT and recipient in known else None
        why = {"message": name, "kind": kind, "key": key, "reason": REASON}
        await tasks.raise_task(session, TaskKind.REVIEW, f"review:{name}", person, why, now)
    return HeldBack(len(held), len(over.all()))


async def _require_empty(session: Session) -> None:
    """Also where there are no tables yet."""

    def there(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    names = await (await session.direct()).run_sync(there)
    for table in TABLES:
        if table.name in names and await session.scalar(select(1).select_from(table).limit(1)):
            raise ConflictError(
                "the database is not empty: restore into a new one, or put the backup in its place with --force"
            )


async def _fill(db: Database, backup: Database, *, force: bool) -> Mapping[str, int]:
    """In one transaction, counted again at its end."""
    try:
        async with backup.read(limit=None) as source, db.begin(limit=None) as sink:
            if sink.on_postgresql:
                names = ", ".join(table.name for table in TABLES)
                await sink.execute(text(f"lock table {names} in share row exclusive mode"))
            if force:
                for table in reversed(TABLES):
                    await sink.execute(table.delete())
            await _require_empty(sink)
            await _copy(source, sink)
            if sink.on_postgresql:
                await _number_on(sink)
            asked, come = await _counts(source), await _counts(sink)
            if asked != come:
                raise DatabaseAwayError("the database did not take every row; nothing was restored")
    except (SQLAlchemyError, LookupError) as error:
        kind = type(error).__name__
        raise InvalidError(f"the backup holds a value that the database does not take ({kind}); nothing was restored") from None
    return come


async def _copy(source: Session, sink: Session) -> None:
    """Every row, some at a time."""
    reading, writing = await source.direct(), await sink.direct()
    for table in TABLES:
        names = table.columns.keys()
        found = await reading.stream(select(table).order_by(*table.primary_key))
        async for rows in found.partitions(BATCH):
            await writing.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])


async def _number_on(session: Session) -> None:
    """PostgreSQL counts ids apart from the rows: the next one must be new."""
    for table in TABLES:
        if "id" in table.columns:
            last = func.max(table.c.id)
            sequence = func.pg_get_serial_sequence(table.name, "id")
            await session.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))


async def _counts(session: Session) -> Mapping[str, int]:
    return {table.name: await session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}
