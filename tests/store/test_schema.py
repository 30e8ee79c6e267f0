from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from medvind.store.database import Database
from medvind.store.schema import is_current, migrate
from medvind.store.tables import Row


async def test_the_migrations_make_the_tables_that_the_code_describes(db: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "target_metadata": Row.metadata})
        return list(compare_metadata(context, Row.metadata))

    async with db.read() as session:
        assert await (await session.connection()).run_sync(differences) == []


async def test_migrating_again_changes_nothing(db: Database) -> None:
    assert await migrate(db) is False
    async with db.read() as session:
        assert await is_current(session)
