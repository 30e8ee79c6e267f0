"""What all tables share: how names are made, and how Python's types are kept."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Enum, LargeBinary, MetaData, String
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase

from medvind.model import PublicId
from medvind.store.types import Utc

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


def where(condition: str) -> dict[str, Any]:
    """A partial index means the same on both databases."""
    return {"sqlite_where": sql(condition), "postgresql_where": sql(condition)}


class Row(DeclarativeBase):
    """What all tables share: how Python's types are kept."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Utc,
        PublicId: String(32),
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        StrEnum: Enum(StrEnum, native_enum=False, create_constraint=False, length=32, values_callable=_values),
    }
