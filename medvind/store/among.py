"""Whether a column's value is among many. On PostgreSQL one statement does, however many they are.

One that names each of them is another statement for each number of them, read and planned anew every time; that is what
SQLite gets, whose planner would walk a whole table for a list that it can't count.
"""

from typing import Any, cast

from sqlalchemy import ARRAY, Boolean, Integer, String, bindparam
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


def among(column: InstrumentedAttribute[Any], name: str = "asked", kind: type[Integer] | type[String] = Integer) -> _Among:
    """The condition; `name` is the parameter that brings them as a list, of that kind."""
    return _Among(column, bindparam(name, type_=ARRAY(kind())))


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, many = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({many})"


@compiles(_Among, "sqlite")
def _each(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, many = element.clauses
    listed = bindparam(many.key, expanding=True, type_=cast("ARRAY[Any]", many.type).item_type)
    return compiler.process(column.in_(listed), **options)
