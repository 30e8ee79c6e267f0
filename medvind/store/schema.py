"""Bringing the schema up to date, and telling whether this version of Medvind may work on the one that is there."""

import asyncio
import re
from pathlib import Path
from time import monotonic

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from medvind.errors import ConflictError, DatabaseAwayError, OtherSchemaError
from medvind.store.database import Database, Session
from medvind.store.failures import BEATEN

LOCK = 0x6D656476
"""The advisory lock under which one process migrates while others wait."""
WAIT = "800ms"
"""As long as a migration waits for a table on PostgreSQL: whoever comes after it waits behind it.

It is less than the second after which the server looks for two that wait for one another and sends one of them back.
"""
PAUSE = 1.0
PATIENCE = 120.0
"""Seconds for which a migration that found others in its way lets them through and begins again."""
IN_THE_WAY = frozenset({"55P03", *BEATEN})

OLD = "the database's schema is not the one this version needs: run 'medvind migrate' first"
OUTGROWN = "the database's schema has outgrown this version: start the one that brought it up to date"

FIRST = "0004"
"""The first revision whose code goes on working on the newer ones that do not say otherwise."""
REVISION = re.compile(r"([0-9]{4})(?:_([0-9]{4}))?")
"""A revision's name: its number and, where it takes something away, the oldest one whose code does without that.

All that follow say so too. It stands in the name because that is what older code reads in the database.
"""


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def _revisions(connection: Connection) -> tuple[str | None, str | None]:
    head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision(), head


def is_newer(current: str | None, head: str | None) -> bool:
    """Whether the schema is of a version of Medvind to come, seen from the one whose newest revision is `head`."""
    there, ours = REVISION.fullmatch(current or ""), REVISION.fullmatch(head or "")
    return there is not None and ours is not None and there[1] > ours[1]


def serves(current: str | None, head: str | None) -> bool:
    """Whether that version may work on this schema: on its own, and on a newer one that has taken nothing it needs."""
    if not is_newer(current, head):
        return current == head
    there, ours = REVISION.fullmatch(current or ""), REVISION.fullmatch(head or "")
    return there is not None and ours is not None and (there[2] or FIRST) <= ours[1]


async def migrate(db: Database, patience: float = PATIENCE) -> bool:
    """The newest schema, in one transaction. Started twice at once, one does it and the other waits. True: it was old.

    Where others hold what it needs it lets them through and begins again, with nothing done. Raises DatabaseAwayError where
    that goes on for longer than its patience.
    """
    until = monotonic() + patience
    while True:
        try:
            return await _migrate(db)
        except (ConflictError, DatabaseAwayError) as error:
            if not _in_the_way(error):
                raise
            if monotonic() > until:
                message = f"others kept the tables in use for {patience:.0f} s: try again when no backup or report runs"
                raise DatabaseAwayError(message) from error
        await asyncio.sleep(PAUSE)


async def _migrate(db: Database) -> bool:
    async with db.begin(limit=None) as session:
        if session.on_postgresql:
            await session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await session.execute(text(f"set local lock_timeout = '{WAIT}'"))
        connection = await session.connection()
        current, head = await connection.run_sync(_revisions)
        if current != head:
            await connection.run_sync(_upgrade)
        return current != head


def _in_the_way(error: Exception) -> bool:
    """Whether somebody else's lock was the cause, and nothing that would be the same at the next try."""
    cause = getattr(error.__context__, "orig", None)
    busy = str(getattr(cause, "sqlite_errorname", "")).startswith("SQLITE_BUSY")
    return busy or getattr(cause, "sqlstate", None) in IN_THE_WAY


async def _stands(session: Session) -> tuple[str | None, str | None]:
    return await (await session.direct()).run_sync(_revisions)


async def is_own(session: Session) -> bool:
    """Whether the schema is the very one this version of Medvind was written for: it knows all that is there."""
    current, head = await _stands(session)
    return current == head


async def fault(session: Session) -> str | None:
    """Why this version of Medvind may not work on the schema, and the cure; None where it may.

    While a new one moves in, the one before it goes on.
    """
    current, head = await _stands(session)
    if serves(current, head):
        return None
    return OUTGROWN if is_newer(current, head) else OLD


async def is_ahead(db: Database) -> bool:
    """Whether a newer version of Medvind has brought the schema up to its own: this one has nothing to do there."""
    async with db.read() as session:
        return is_newer(*await _stands(session))


async def require_current(db: Database) -> None:
    """Raises OtherSchemaError where this version may not work on the schema: the start stops before anything is sent."""
    async with db.read() as session:
        if says := await fault(session):
            raise OtherSchemaError(says)
