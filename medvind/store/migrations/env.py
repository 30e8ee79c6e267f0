"""How Alembic reaches the database: over the connection it is handed, in the transaction that is open there."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum

from medvind.store.tables import Row
from medvind.store.types import Utc, Wall


def plain(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Our column types as a migration spells them: it must mean the same when the code has moved on."""
    if kind == "type" and isinstance(item, Enum | Wall):
        return "sa.String(32)"
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Utc) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=plain,
)
context.run_migrations()
