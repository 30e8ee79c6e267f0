"""Databases as older versions of Medvind made them."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Column, Connection, DateTime, MetaData, TableClause, column, table

from medvind.store import schema
from medvind.store.tables import Row
from medvind.store.types import Utc


def config(connection: Connection) -> Config:
    """To go from one revision to another on this connection."""
    found = Config()
    found.set_main_option("script_location", str(Path(schema.__file__).with_name("migrations")))
    found.attributes["connection"] = connection
    return found


def upgrade_to(connection: Connection, revision: str) -> None:
    """No further than this revision."""
    command.upgrade(config(connection), revision)


def tables_there(connection: Connection) -> list[TableClause]:
    """The tables of the database as they stand, those pointed to first; what the code knows is of the code's kinds."""
    found = MetaData()
    found.reflect(connection)
    return [
        table(old.name, *(column(one.name, _kind(one)) for one in old.columns))
        for old in found.sorted_tables
        if old.name != "alembic_version"
    ]


def _kind(old: Column[Any]) -> Any:
    known = Row.metadata.tables.get(old.table.name)
    if known is not None and old.name in known.columns:
        return known.columns[old.name].type
    return Utc() if isinstance(old.type, DateTime) else old.type
