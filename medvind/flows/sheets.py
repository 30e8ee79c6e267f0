"""A coach's spreadsheet: CSV or XLSX in, rows of plain text out. What the words mean is for the flow that brings them in."""

import csv
import io
import lzma
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from medvind.errors import Fault, InvalidError

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 20_000_000, 200_000, 50
MOST_UNPACKED = 400_000_000
"""An XLSX is a packed file: a small one can unpack to more than the machine has."""
ZIPPED, ENVELOPE = b"PK", b"\xd0\xcf\x11\xe0"
"""How an XLSX begins; and how one with a password does, or one from before 2007."""
FAR = re.compile(rb"""\sr=["'](?:[A-Z]{3}\d|[C-Z][A-Z]\d|[A-Z]{1,2}(?:[2-9]\d{5}|\d{7}))""")
"""A cell far out. The reader lays out every cell up to the last one, and the last of Excel's would end the process."""
UNREADABLE = (BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError, LookupError)
"""What the standard library makes of a damaged packed file."""
EXACT = 10**15
"""Excel keeps fifteen digits of a number; the rest is lost before anybody can read it."""
AS_CSV = "save it as CSV UTF-8 or as XLSX"
FEWER = f"a table has at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns; delete what stands outside it, or split the file"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `number` counts as a spreadsheet does; an empty cell is not in `cells`."""

    number: int
    cells: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with named columns, as text: dates are ISO, whole numbers have no `.0`, yes and no are `true` and `false`.

    `faults` are those of its form; whoever brings it in tells them together with those of its content.
    """

    name: str
    header: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    faults: tuple[Fault, ...] = ()


def read(name: str, content: bytes) -> Sheet:
    """The table in this file: of an XLSX, the first visible sheet. The first row that isn't blank names the columns.

    Raises InvalidError, which names the file and the cure, where there is no table to be read.
    """
    if len(content) > MOST_BYTES:
        raise InvalidError(f"{name}: larger than {MOST_BYTES // 1_000_000} MB; split it")
    if content.startswith(ENVELOPE):
        raise InvalidError(f"{name}: has a password or is in the old XLS format; save it as XLSX without a password")
    records = _from_workbook(name, content) if content.startswith(ZIPPED) else _from_text(name, content)
    numbered = ((number, [_clean(cell) for cell in cells]) for number, cells in enumerate(records, 1))
    return _table(name, ((number, cells) for number, cells in numbered if any(cells)))


def _table(name: str, records: Iterator[tuple[int, list[str]]]) -> Sheet:
    first = next(records, None)
    if first is None:
        raise InvalidError(f"{name}: empty; the first row names the columns, and each row below is one entry")
    header, names = first[0], [cell.lower() for cell in first[1]]
    while not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise InvalidError(f"{name}: {FEWER}")
    faults = [_twice(header, column) for column in dict.fromkeys(names) if column and names.count(column) > 1]
    rows: list[Row] = []
    for number, cells in records:
        if len(rows) == MOST_ROWS:
            raise InvalidError(f"{name}: {FEWER}")
        rows.append(Row(number, {column: cell for column, cell in zip(names, cells, strict=False) if column and cell}))
        faults += _nameless(number, names, cells)
    return Sheet(name, header, tuple(column for column in dict.fromkeys(names) if column), tuple(rows), tuple(faults))


def _twice(header: int, column: str) -> Fault:
    return Fault(header, column, "this column stands twice", "Keep one of them.")


def _nameless(number: int, names: Sequence[str], cells: Sequence[str]) -> Iterable[Fault]:
    """Text that no column claims: more cells than the header has, or one below an empty name."""
    if any(cells[len(names) :]):
        cure = "Put quotation marks around a text that holds the separator, or name the column."
        return [Fault(number, "", "more cells than the header has columns", cure)]
    if any(cell and not column for column, cell in zip(names, cells, strict=False)):
        return [Fault(number, "", "a cell in a column without a name", "Name the column in the first row, or empty it.")]
    return []


def _from_text(name: str, content: bytes) -> Iterator[Sequence[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidError(f"{name}: no text in UTF-8; {AS_CSV}") from None
    if "\0" in text:
        raise InvalidError(f"{name}: no text in UTF-8; {AS_CSV}")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):  # noqa: B007 - where it stopped
            yield cells
    except csv.Error:
        problem = "a quotation mark is opened and not closed, or stands in the middle of a text"
        raise InvalidError(f"{name}: row {number + 1}: {problem}; {AS_CSV} again") from None


def _delimiter(text: str) -> str:
    """What separates the names in the header, quoted ones left out."""
    header = re.search(r"^.*[^\s;,\"].*$", text, re.MULTILINE)
    names = re.sub(r'"[^"]*"', "", header[0] if header else text)
    return ";" if names.count(";") > names.count(",") else ","


def _from_workbook(name: str, content: bytes) -> Iterable[Sequence[str]]:
    _refuse_the_boundless(name, content)
    try:
        with load_workbook(io.BytesIO(content)) as book:
            for number, about in enumerate(book.sheets_metadata):
                if about.visible is SheetVisibleEnum.Visible and about.typ is SheetTypeEnum.WorkSheet:
                    cells = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
                    return [[_as_text(name, row, cell) for cell in row_cells] for row, row_cells in enumerate(cells, 1)]
    except CalamineError:
        raise InvalidError(f"{name}: broken, or no spreadsheet; open it in Excel and save it as XLSX again") from None
    raise InvalidError(f"{name}: no visible sheet in it")


def _refuse_the_boundless(name: str, content: bytes) -> None:
    """Looks into the packed file first. Raises InvalidError where unpacking it or laying it out would take too much."""
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise InvalidError(f"{name}: too large when unpacked; {FEWER}")
            sheets = [part for part in packed.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")]
            if any(FAR.search(packed.read(part)) for part in sheets):
                raise InvalidError(f"{name}: a cell far outside the table; {FEWER}")
    except UNREADABLE:
        raise InvalidError(f"{name}: broken, or no spreadsheet; open it in Excel and save it as XLSX again") from None


def _as_text(name: str, row: int, cell: object) -> str:
    """A typed cell as a person would write it."""
    match cell:
        case bool():
            return str(cell).lower()
        case float() if abs(cell) >= EXACT:
            raise InvalidError(
                f"{name}: row {row}: a number too long for a spreadsheet; format its column as text, type it again"
            )
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def _clean(text: str) -> str:
    """One line without marks that nobody sees, in composed letters: an `å` of two signs would double an SMS."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Cf")
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())
