"""Whether some words stand anywhere: in any row of any table, sealed values opened."""

from sqlalchemy import LargeBinary, select

from medvind.store.database import Database
from medvind.store.tables import Row


async def traces(db: Database, words: str) -> list[str]:
    """The tables and columns that hold these words."""
    found = list[str]()
    async with db.read() as session:
        for mapper in sorted(Row.registry.mappers, key=lambda one: str(one.local_table)):
            table = mapper.class_
            for row in (await session.execute(select(table.__table__))).mappings():
                for column, value in row.items():
                    bytes_ = isinstance(table.__table__.c[column].type, LargeBinary) and value is not None
                    sealed = bytes_ and "public_id" in row  # else it is a hash
                    text = session.vault.open(getattr(table, column), row["public_id"], value) if sealed else str(value)
                    if words in text:
                        found.append(f"{table.__tablename__}.{column}")
    return found
