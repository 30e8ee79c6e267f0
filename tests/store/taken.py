"""What a newer version does to an older one that is still at work: a table it asks for is gone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from medvind.store.database import Database


@asynccontextmanager
async def taken(db: Database, table: str) -> AsyncIterator[None]:
    """For a while, since other tests need it again."""
    await _call(db, f"alter table {table} rename to {table}_elsewhere")
    try:
        yield
    finally:
        await _call(db, f"alter table {table}_elsewhere rename to {table}")


async def _call(db: Database, statement: str) -> None:
    async with db.begin() as session:
        await session.execute(text(statement))
