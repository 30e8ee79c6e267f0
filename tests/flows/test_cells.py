from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.errors import FileFaultsError
from medvind.flows import cells
from medvind.flows.cells import CellError, Column
from medvind.model import VatPeriod
from tests.spreadsheets import sheet_of

COLUMNS = {
    "external_id": Column(cells.external_id, clears=False),
    "first_name": Column(cells.text(10)),
    "day": Column(cells.day),
}


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_date_reads_the_same_in_each_of_its_forms(day: date) -> None:
    forms = (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", f"{day.day}. {day.month}. {day.year}")
    assert {cells.day(form) for form in forms} == {day}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("31.2.2026", "31.2.2026"),
        ("2026-02-29", "2026-02-29"),
        ("32.1.2026", "32.1.2026"),
        ("2026-13-01", "2026-13-01"),
        ("25.11.26", "25.11.26"),
        ("25/11/2026", "25/11/2026"),
        ("25.11.20226", "25.11.20226"),
        ("1889-01-01", "1889-01-01"),
        ("46351", "46351"),
        ("Amina", "this"),
        ("Nov 25, 2026", "this"),
        ("010190-1234", "[slettet]"),
        ("\u0662\u0665.11.2026", "this"),
    ],
)
def test_an_impossible_date_is_named_and_a_name_in_its_place_is_not(text: str, named: str) -> None:
    with pytest.raises(CellError) as refused:
        cells.day(text)
    assert str(refused.value) == f"{named} is no date. Write it as 2026-11-25 or 25.11.2026."


def test_yes_and_no_in_the_words_of_spreadsheets() -> None:
    assert [cells.yes_or_no(word) for word in ("true", "TRUE", "ja", "Ja", "1", "SAND")] == [True] * 6
    assert [cells.yes_or_no(word) for word in ("false", "False", "nej", "0", "FALSK")] == [False] * 5
    with pytest.raises(CellError, match="neither yes nor no"):
        cells.yes_or_no("måske")


def test_words_of_a_list_in_upper_and_lower_case() -> None:
    assert cells.one_of(VatPeriod)("Half_Yearly") == VatPeriod.HALF_YEARLY
    with pytest.raises(CellError, match="Write one of monthly, quarterly, half_yearly"):
        cells.one_of(VatPeriod)("yearly")


@pytest.mark.parametrize("text", ["karin", "@kommune.dk", "karin@kommune", "karin holm@kommune.dk", "karin@@kommune.dk"])
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="no mail address"):
        cells.mail(text)


@pytest.mark.parametrize(
    ("text", "good"), [("1", True), ("1440", True), ("0", False), ("1441", False), ("60,5", False), ("٦", False)]
)
def test_numbers_are_whole_and_within_bounds(text: str, *, good: bool) -> None:
    if good:
        assert cells.whole(1, 1440)(text) == int(text)
    else:
        with pytest.raises(CellError, match="no whole number from 1 to 1440"):
            cells.whole(1, 1440)(text)


def test_an_empty_cell_says_nothing_and_a_dash_clears() -> None:
    (entry,), faults = cells.entries(sheet_of({"external_id": "d-1", "first_name": "", "day": "-"}), COLUMNS, {})
    assert (dict(entry.given), faults) == ({"external_id": "d-1", "day": None}, [])
    assert entry.get("first_name", "Amina") == "Amina"
    assert entry.get("day", "before") is None


def faults_of(*rows: dict[str, str], refused: dict[str, str] | None = None) -> list[str]:
    sheet = sheet_of(*rows)
    _, faults = cells.entries(sheet, COLUMNS, refused or {})
    with pytest.raises(FileFaultsError) as raised:
        cells.raise_all(sheet, faults)
    return [str(fault) for fault in raised.value.faults]


def test_an_unknown_column_is_named_with_the_nearest_known_one() -> None:
    assert faults_of({"external_id": "d-1", "frist_name": "Amina"}) == [
        "row 1, frist_name: no such column. Did you mean first_name?"
    ]
    assert faults_of({"external_id": "d-1", "zzz": "1"}) == [
        "row 1, zzz: no such column. Known are: external_id, first_name, day."
    ]
    assert faults_of({"external_id": "d-1", "secret": "1"}, refused={"secret": "Never."}) == [
        "row 1, secret: no such column. Never."
    ]


def test_a_table_without_a_header_is_told_so_once() -> None:
    assert faults_of({"d-1": "d-2", "Amina": "Bo"}) == [
        "row 1: no header. The first row names the columns: external_id, first_name, day."
    ]


def test_without_external_ids_nobody_can_be_known_again() -> None:
    assert faults_of({"first_name": "Amina"}) == [
        "row 1, external_id: this column is missing. Name a column external_id: by it a row is known again."
    ]


def test_all_faults_of_all_rows_are_told_at_once_in_the_order_of_the_file() -> None:
    rows = [
        {"external_id": "d-1", "first_name": "much too long", "day": "31.2.2026"},
        {"external_id": "", "first_name": "Bo"},
        {"external_id": "d-1", "day": "x"},
        {"external_id": "010190-1234", "first_name": "Dina"},
        {"external_id": "d 5", "first_name": "010190 1234"},
        {"external_id": "-"},
    ]
    found = faults_of(*rows)
    assert [line.partition(". ")[0] for line in found] == [
        "row 2, first_name: longer than 10 signs",
        "row 2, day: 31.2.2026 is no date",
        "row 3, external_id: missing",
        "row 4, external_id: the same external_id as in row 2",
        "row 4, day: this is no date",
        "row 5, external_id: holds what looks like a national id",
        "row 6, external_id: holds a blank",
        "row 6, first_name: holds what looks like a national id",
        "row 7, external_id: can't be cleared",
    ]
    assert "1234" not in " ".join(found)
