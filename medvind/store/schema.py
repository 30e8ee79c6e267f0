"""Bringing the schema up to date, and telling whether it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from medvind.errors import NotReadyError
from medvind.store.database import Database, Session

LOCK = 0x6D656476
"""The advisory lock under which one process migrates while others wait."""


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


async def migrate(db: Database) -> bool:
    """The newest schema, in one transaction. Started twice at once, one does it and the other waits. True: it was old."""
    async with db.begin(limit=None) as session:
        if session.on_postgresql:
            await session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection = await session.connection()
        current, head = await connection.run_sync(_revisions)
        if current != head:
            await connection.run_sync(_upgrade)
        return current != head


async def is_current(session: Session) -> bool:
    """Whether the schema is the one this version of Medvind was written for."""
    current, head = await (await session.direct()).run_sync(_revisions)
    return current == head


async def require_current(db: Database) -> None:
    """Raises NotReadyError where the schema is old: the start stops before anything is sent."""
    async with db.read() as session:
        if not await is_current(session):
            raise NotReadyError("the database's schema is not the one this version needs: run 'medvind migrate' first")
