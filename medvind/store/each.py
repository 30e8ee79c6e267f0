"""The same change to many rows, each with values of its own, in as few statements as the database allows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Executable, UpdateBase, bindparam, column, func
from sqlalchemy.types import TypeEngine

from medvind.store.database import Session

Value = Callable[[str], ColumnElement[Any]]
"""In a statement: the value of this name, of the row that it is about."""


class EachRow:
    """A statement that is made once and run for as many rows as there are.

    SQLite runs it once for each, which costs it next to nothing. PostgreSQL gets all of them in one statement, as JSON: a
    round of its protocol for each row would cost a worker more than the message does, and so would lists of values, which
    the driver spells value by value.
    """

    def __init__(
        self,
        types: Mapping[str, TypeEngine[Any]],
        one: Callable[[Value], UpdateBase],
        many: Callable[[Value], Executable] | None = None,
        same: Mapping[str, TypeEngine[Any]] | None = None,
    ) -> None:
        """`types` are those of a row's values, `same` those of what is the same for all rows of a run."""
        given_once = {name: bindparam(name, type_=kind) for name, kind in (same or {}).items()}
        given = func.json_to_recordset(bindparam("rows", type_=JSON)).table_valued(
            *(column(name, kind) for name, kind in types.items()), name="given"
        )
        table = given.render_derived(with_types=True)
        alone = given_once | {name: bindparam(name, type_=kind) for name, kind in types.items()}
        self._one = one(alone.__getitem__).execution_options(preserve_rowcount=True)
        self._many = (many or one)({**given_once, **table.c}.__getitem__).execution_options(preserve_rowcount=True)

    async def answers(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        """For each of these rows, and what the statement returns of those that it wrote; on PostgreSQL alone."""
        if not rows:
            return []
        return (await (await session.direct()).execute(self._many, {"rows": rows})).all()

    async def run(self, session: Session, rows: Sequence[Mapping[str, Any]], **same: Any) -> int:
        """For each of these rows, and how many were written; for none, nothing is asked."""
        if not rows:
            return 0
        connection = await session.direct()
        if session.on_postgresql:
            done = await connection.execute(self._many, {"rows": rows, **same})
        else:
            done = await connection.execute(self._one, [{**row, **same} for row in rows])
        return done.rowcount
