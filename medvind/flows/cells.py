"""What the cells of a coach's spreadsheet mean: dates, yes and no, words of a list; and every fault of a file at once."""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from medvind.errors import Fault, FileFaultsError, InvalidError
from medvind.flows.sheets import Row, Sheet
from medvind.rules.national_id import blank_national_id

CLEAR = "-"
YES = frozenset({"true", "ja", "yes", "1", "sand"})
NO = frozenset({"false", "nej", "no", "0", "falsk"})
"""`sand` and `falsk` are what a Danish Excel writes into a CSV."""
LONGEST_NAME = 100
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""A date outside is a slip of the keys."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DANISH = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_DATE_LIKE = re.compile(r"[0-9][0-9 ./:T-]{0,30}")
_LINK = re.compile(r"https://[^\s/@]{1,200}(/[!-~]{0,300})?")
_MAIL = re.compile(r"[^@\s]{1,100}@[^@\s]{1,100}\.[^@\s.]{2,40}")

Word = TypeVar("Word", bound=StrEnum)


class CellError(InvalidError):
    """A cell can't be used. Neither part repeats what stands in it, unless it can name nobody."""

    def __init__(self, problem: str, cure: str) -> None:
        self.problem = problem
        self.cure = cure
        super().__init__(f"{problem}. {cure}")


@dataclass(frozen=True, slots=True)
class Column:
    """How a column's cells are read. `clears`: a `-` empties what is there; else it is refused with this cure."""

    read: Callable[[str], Any]
    clears: bool = True
    cure: str = "Leave the cell empty to keep what is there."


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it was meant. What isn't in `given` stays as it is; None clears it. `unread` cells have their fault already."""

    row: int
    external_id: str
    given: Mapping[str, Any] = field(repr=False)
    unread: frozenset[str] = frozenset()

    def get(self, column: str, otherwise: Any) -> Any:
        """What the cell says, or what holds without it."""
        return self.given.get(column, otherwise)

    def lacks(self, column: str) -> bool:
        """Whether nothing is said there, not even wrongly."""
        return column not in self.given and column not in self.unread

    def fault(self, column: str, problem: str, cure: str) -> Fault:
        """Something wrong in this row."""
        return Fault(self.row, column, problem, cure)

    def warning(self, column: str, says: str) -> str:
        """Something to look at, in the same form; it stops nothing."""
        return f"row {self.row}, {column}: {says}"


def entries(sheet: Sheet, columns: Mapping[str, Column], refused: Mapping[str, str]) -> tuple[list[Entry], list[Fault]]:
    """All rows of the sheet, and what is wrong with their form. `refused` columns have a cure of their own."""
    faults = [*sheet.faults, *_header(sheet, columns, refused)]
    found: list[Entry] = []
    seen: dict[str, int] = {}
    if "external_id" not in sheet.columns:
        return found, faults
    for row in sheet.rows:
        entry, wrong = _entry(row, columns)
        faults += wrong
        if entry.external_id:
            found.append(entry)
        if entry.external_id in seen:
            problem = f"the same external_id as in row {seen[entry.external_id]}"
            faults.append(entry.fault("external_id", problem, "Keep one of the rows."))
        elif entry.external_id:
            seen[entry.external_id] = row.number
    return found, faults


def raise_all(sheet: Sheet, faults: Collection[Fault]) -> None:
    """Raises FileFaultsError with all of them, in the order in which a reader meets them, where there is any."""
    places = {column: number for number, column in enumerate(sheet.columns)}
    if faults:
        ordered: list[Fault] = sorted(faults, key=lambda fault: (fault.row, places.get(fault.column, -1)))
        raise FileFaultsError(sheet.name, ordered)


def _header(sheet: Sheet, columns: Mapping[str, Column], refused: Mapping[str, str]) -> Iterable[Fault]:
    if not columns.keys() & sheet.columns:
        cure = f"The first row names the columns: {', '.join(columns)}."
        return [Fault(sheet.header, "", "no header", cure)]
    faults = [_unknown(sheet.header, name, columns, refused) for name in sheet.columns if name not in columns]
    if "external_id" not in sheet.columns:
        cure = "Name a column external_id: by it a row is known again."
        faults.append(Fault(sheet.header, "external_id", "this column is missing", cure))
    return faults


def _unknown(row: int, name: str, columns: Mapping[str, Column], refused: Mapping[str, str]) -> Fault:
    shown = blank_national_id(name)[0]
    near = difflib.get_close_matches(name, columns, 1, 0.5)
    known = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(columns)}."
    return Fault(row, shown, "no such column", refused.get(name, known))


def _entry(row: Row, columns: Mapping[str, Column]) -> tuple[Entry, list[Fault]]:
    given: dict[str, Any] = {}
    faults = []
    for name, cell in row.cells.items():
        column = columns.get(name)
        if column is None:
            continue
        try:
            given[name] = _value(column, cell)
        except CellError as error:
            faults.append(Fault(row.number, name, error.problem, error.cure))
    if "external_id" not in row.cells:
        faults.append(Fault(row.number, "external_id", "missing", "Give each row the municipality's own name for it."))
    unread = frozenset(fault.column for fault in faults)
    return Entry(row.number, given.get("external_id", ""), given, unread), faults


def _value(column: Column, cell: str) -> Any:
    if cell != CLEAR:
        return column.read(cell)
    if not column.clears:
        raise CellError("can't be cleared", column.cure)
    return None


def text(most: int) -> Callable[[str], str]:
    """Reads words of at most so many signs, without a national id."""

    def read(cell: str) -> str:
        if blank_national_id(cell)[1]:
            raise CellError("holds what looks like a national id", "Take it out: Medvind never stores one.")
        if len(cell) > most:
            raise CellError(f"longer than {most} signs", "Shorten it.")
        return cell

    return read


def external_id(cell: str) -> str:
    """The municipality's own name for somebody: never a national id, and no blanks, since lists are written with them."""
    name = text(LONGEST_NAME)(cell)
    if " " in name:
        raise CellError("holds a blank", "Write it as one word, such as d-001.")
    return name


def day(cell: str) -> date:
    """A date, ISO or as Danes write it. One that the calendar doesn't have is named."""
    iso, danish = _ISO.fullmatch(cell), _DANISH.fullmatch(cell)
    numbers = iso.groups() if iso else danish.groups()[::-1] if danish else ()
    try:
        found = date(*map(int, numbers)) if numbers else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CellError(f"{dated(cell)} is no date", "Write it as 2026-11-25 or 25.11.2026.")
    return found


def dated(cell: str) -> str:
    """The cell where it holds figures as a date has them, else `this`: in a wrong column a name may stand."""
    return blank_national_id(cell)[0] if _DATE_LIKE.fullmatch(cell) else "this"


def yes_or_no(cell: str) -> bool:
    """Yes or no, in the words that spreadsheets use."""
    if cell.lower() not in YES | NO:
        raise CellError("neither yes nor no", "Write ja or nej, true or false, 1 or 0.")
    return cell.lower() in YES


def one_of(words: type[Word]) -> Callable[[str], Word]:
    """Reads one of the words of a list, in upper or lower case."""

    def read(cell: str) -> Word:
        try:
            return words(cell.lower())
        except ValueError:
            raise CellError("none of the known words", f"Write one of {', '.join(words)}.") from None

    return read


def mail(cell: str) -> str:
    """A mail address, in small letters."""
    if not _MAIL.fullmatch(cell):
        raise CellError("no mail address", "Write it as karin@kommune.dk.")
    return cell.lower()


def link(cell: str) -> str:
    """The address of a page, such as an online meeting's."""
    if not _LINK.fullmatch(cell):
        raise CellError("no address of a page", "Write it as https://meet.example.dk/abc, 500 signs at most.")
    return cell


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number within bounds."""

    def read(cell: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", cell) or not least <= int(cell) <= most:
            raise CellError(f"no whole number from {least} to {most}", "Write it in figures.")
        return int(cell)

    return read


def several(cell: str) -> Sequence[str]:
    """Names with blanks between, each once."""
    return tuple(dict.fromkeys(cell.split()))
