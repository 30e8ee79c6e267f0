from datetime import date, datetime, time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from medvind.errors import InvalidError
from medvind.flows import sheets
from medvind.flows.sheets import Row, Sheet, read
from tests.spreadsheets import as_csv, as_xlsx, saved, workbook

SIGNS = st.characters(exclude_categories=["Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp"])
CELLS = st.text(SIGNS | st.sampled_from(';,"\næøå€+-='), max_size=12)
NAMES = st.lists(st.sampled_from(["external_id", "first_name", "phone", "place", "title", "kind"]), min_size=2, unique=True)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A header and rows as wide as it."""
    names = draw(NAMES)
    row = st.lists(CELLS, min_size=len(names), max_size=len(names))
    return [names, *draw(st.lists(row, max_size=5))]


def rows_of(sheet: Sheet) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in sheet.rows]


@settings(max_examples=75, deadline=None)
@given(tables())
@example([["external_id", "phone"], ["d-1", ";"]])
def test_a_table_reads_the_same_in_whatever_way_it_was_saved(table: list[list[str]]) -> None:
    ways = {
        "excel": as_csv(table),
        "comma": as_csv(table, ","),
        "no bom": as_csv(table, bom=False),
        "unix": as_csv(table, ",", bom=False, end="\n"),
        "xlsx": as_xlsx(table),
    }
    expected = [
        {name: " ".join(cell.split()) for name, cell in zip(table[0], row, strict=True) if cell.split()} for row in table[1:]
    ]
    for name, content in ways.items():
        sheet = read(name, content)
        assert sheet.columns == tuple(table[0]), name
        assert [cells for _, cells in rows_of(sheet)] == [cells for cells in normalised(expected) if cells], name
        assert sheet.faults == (), name


def normalised(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{name: sheets._clean(cell) for name, cell in row.items() if sheets._clean(cell)} for row in rows]


def test_what_excel_has_typed_reads_as_people_mean_it() -> None:
    header = ("external_id", "phone", "pays_b_tax", "course_ended_on", "starts_at", "clock", "share")
    row = (1.0, 20123456, True, date(2026, 11, 25), datetime(2026, 12, 3, 14, 0), time(9, 30), 0.5)  # noqa: DTZ001 - a wall time
    assert rows_of(read("p.xlsx", as_xlsx([header, row]))) == [
        (
            2,
            {
                "external_id": "1",
                "phone": "20123456",
                "pays_b_tax": "true",
                "course_ended_on": "2026-11-25",
                "starts_at": "2026-12-03 14:00:00",
                "clock": "09:30:00",
                "share": "0.5",
            },
        )
    ]


def test_every_minute_of_a_day_comes_out_of_excel_as_it_went_in() -> None:
    minutes = [datetime(2026, 12, 3, minute // 60, minute % 60) for minute in range(1, 1440)]  # noqa: DTZ001 - wall times
    sheet = read("m.xlsx", as_xlsx([("starts_at",), *((minute,) for minute in minutes)]))
    wrong = [row for row, minute in zip(sheet.rows, minutes, strict=True) if row.cells["starts_at"] != str(minute)]
    print(f"looked at {len(minutes)} minutes: {len(wrong)} wrong")
    assert wrong == []


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    text = 'external_id,place\r\n\r\nd-1,"Vestergade 58,\r\n1. sal"\r\n,\r\nd-2,B\r\n'
    assert rows_of(read("p.csv", text.encode())) == [
        (3, {"external_id": "d-1", "place": "Vestergade 58, 1. sal"}),
        (5, {"external_id": "d-2", "place": "B"}),
    ]
    sheet = read("p.xlsx", saved(workbook(B3="external_id", B4="d-1", B6="d-2")))
    assert sheet.header == 3
    assert [row.number for row in sheet.rows] == [4, 6]


def test_names_of_columns_may_be_in_capitals_and_cells_hold_no_hidden_marks() -> None:
    sheet = read("p.csv", "External_ID ;First_Name\r\nd-1\u200b;A\u030asa\u00a0 Lind\t\r\n".encode())
    assert sheet.rows == (Row(2, {"external_id": "d-1", "first_name": "\u00c5sa Lind"}),)


def test_the_first_visible_sheet_is_read() -> None:
    book = workbook(A1="old")
    book.active.sheet_state = "hidden"
    book.create_sheet("People")["A1"] = "external_id"
    assert read("p.xlsx", saved(book)).columns == ("external_id",)


WORKBOOK = as_xlsx([("external_id", "first_name"), *((f"d-{number}", "Amina") for number in range(50))])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty; the first row names the columns"),
        (b"\xef\xbb\xbf\r\n;;\r\n", "empty; the first row names the columns"),
        ("external_id;first_name\r\nd-1;Søren\r\n".encode("latin-1"), "no text in UTF-8; save it as CSV UTF-8 or as XLSX"),
        ("external_id;first_name".encode("utf-16"), "no text in UTF-8"),
        ("external_id;first_name".encode("utf-16-le"), "no text in UTF-8"),
        (b'external_id,place\r\nd-1,A\r\nd-2,"Vestergade\r\nd-3,B\r\n', "row 3: a quotation mark is opened and not closed"),
        (b'external_id,place\r\nd-1,"A"B\r\n', "row 2: a quotation mark"),
        (b"PK\x03\x04 and then nothing", "broken, or no spreadsheet; open it in Excel and save it as XLSX again"),
        (WORKBOOK[:-40], "broken, or no spreadsheet"),
        (WORKBOOK[: len(WORKBOOK) // 2], "broken, or no spreadsheet"),
        (WORKBOOK.replace(b"xl/workbook.xml", b"xl/nothing_.xml"), "no visible sheet in it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "has a password or is in the old XLS format"),
        (saved(workbook(A1="external_id", XFD1048576="x")), "a cell far outside the table"),
        (saved(workbook(A1="external_id", A1048576="x")), "a cell far outside the table"),
        (saved(workbook(A1="external_id", ZZ3="x")), "a cell far outside the table"),
        (as_xlsx([("external_id",), (12345678901234567,)]), "row 2: a number too long for a spreadsheet"),
        (as_csv([[f"c{number}" for number in range(51)]]), "a table has at most 200,000 rows and 50 columns"),
        (b"external_id\n" + b"d\n" * 200_001, "a table has at most 200,000 rows and 50 columns"),
        (b"x" * 20_000_001, "larger than 20 MB; split it"),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_the_cure(content: bytes, says: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read("people.csv", content)
    assert str(refused.value).startswith(f"people.csv: {says}")
    assert "\n" not in str(refused.value)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(damage: list[tuple[int, int]]) -> None:
    content = bytearray(WORKBOOK)
    for place, value in damage:
        content[place] = value
    try:
        read("p.xlsx", bytes(content))
    except InvalidError as refused:
        assert str(refused).startswith("p.xlsx: ")  # noqa: PT017 - it may just as well be read


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    try:
        read("p.csv", content)
    except InvalidError as refused:
        assert str(refused).startswith("p.csv: ")  # noqa: PT017 - it may just as well be read


def test_what_is_wrong_with_the_form_is_told_by_row_and_column() -> None:
    text = "external_id,,phone,phone\nd-1,,1,1\nd-2,x,1,1\nd-3,,1,1,1\nd-4,,1,1,,\n"
    assert [(fault.row, fault.column, fault.problem) for fault in read("p.csv", text.encode()).faults] == [
        (1, "phone", "this column stands twice"),
        (3, "", "a cell in a column without a name"),
        (4, "", "more cells than the header has columns"),
    ]


def test_a_sheet_shows_nothing_of_what_stands_in_it() -> None:
    assert "Amina" not in repr(read("p.xlsx", WORKBOOK))
