"""Files as coaches save them, and what stands in all tables before and after."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from sqlalchemy import select

from medvind.flows import sheets
from medvind.flows.sheets import Sheet
from medvind.store.database import Session
from medvind.store.tables import Row


def as_csv(table: Iterable[Sequence[str]], delimiter: str = ";", *, bom: bool = True, end: str = "\r\n") -> bytes:
    """As Excel exports it: quotation marks only where they are needed."""
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(table)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def as_xlsx(table: Iterable[Sequence[object]]) -> bytes:
    """A workbook with one sheet; a text stays a text, whatever it looks like."""
    book = workbook()
    for row, cells in enumerate(table, 1):
        for column, value in enumerate(cells, 1):
            cell = book.active.cell(row, column)
            cell.value = value
            if isinstance(value, str) and value:
                cell.data_type = "s"
    return saved(book)


def workbook(**cells: object) -> Any:
    """A workbook whose one sheet has these cells, by their places."""
    book = Workbook()
    for place, value in cells.items():
        book.active[place] = value
    return book


def saved(book: Any) -> bytes:
    """The workbook as a file."""
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def sheet_of(*rows: Mapping[str, str]) -> Sheet:
    """These rows as they come out of a CSV; a column that a row doesn't name is empty there."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return sheets.read("people.csv", as_csv([columns, *([row.get(column, "") for column in columns] for row in rows)]))


async def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, for a before and an after."""
    return {
        table.name: sorted((tuple(row) for row in await session.execute(select(table))), key=repr)
        for table in Row.metadata.sorted_tables
    }
