"""Whether a column's value is among many. On PostgreSQL one statement does, however many they are.

One that names each of them is another statement for each number of them, read and planned anew every time; that is what
SQLite gets, whose planner would walk a whole table for a list that it can't count.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, Integer, String, TypeDecorator, bindparam, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Among(FunctionElement[bool]):
    """Two clauses: the column, and the many."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """It is a condition as it stands: compared with 1, as SQLAlchemy does for SQLite, it would hide every index."""
        del against
        return self


class _List(TypeDecorator[Sequence[Any]]):
    """Spelled as PostgreSQL spells a list: the driver would go from value to value."""

    impl = String
    cache_ok = True

    def __init__(self, of: type[Integer] | type[String]) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> str:
        """From whole numbers or texts."""
        del dialect
        return _numbers(value or ()) if self.of is Integer else _texts(value or ())


def _numbers(many: Sequence[int]) -> str:
    return f"{{{','.join(map(str, many))}}}"


def _texts(many: Sequence[str]) -> str:
    quoted = (one.replace("\\", "\\\\").replace('"', '\\"') for one in many)
    return "{" + ",".join(f'"{one}"' for one in quoted) + "}"


def among(column: InstrumentedAttribute[Any], name: str = "asked", kind: type[Integer] | type[String] = Integer) -> _Among:
    """The condition; `name` is the parameter that brings them as a list, of that kind."""
    return _Among(column, bindparam(name, type_=_List(kind)))


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, many = element.clauses
    listed = cast(many, ARRAY(_kind(many)))
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(listed, **options)})"


@compiles(_Among, "sqlite")
def _each(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, many = element.clauses
    listed = bindparam(many.key, expanding=True, type_=_kind(many))
    return compiler.process(column.in_(listed), **options)


def _kind(many: ColumnElement[Any]) -> Integer | String:
    return many.type.of() if isinstance(many.type, _List) else String()
