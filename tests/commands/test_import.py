"""`medvind import`: exit 0, 1 or 2, and on stderr what is wrong, by file, row and column."""

import json
from pathlib import Path

import pytest

from tests.commands.calling import Said
from tests.commands.office import Office
from tests.spreadsheets import as_csv, as_xlsx

HEADER = ("external_id", "first_name", "phone", "coach_email", "course_ended_on", "consent_on", "channel")
AMINA = ("d-1", "Amina", "01 00 00 01", "karin@kommune.example", "21.11.2026", "01.11.2026", "sms")
BO = ("d-2", "Bo", "33 12 34 56", "karin@kommune.example", "", "", "")
MEETING = (
    ("external_id", "starts_at", "place", "participants"),
    ("m-1", "2026-12-03 14:00", "Vestergade 58", "d-1"),
)


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Office:
    assert sqlite_url.endswith(f"{tmp_path}/medvind.db")
    office = Office(tmp_path)
    made = office.medvind("token", "create", "--role", "coach", "--email", "karin@kommune.example", "--phone", "01009001")
    assert made.code == 0, made.err
    return office


def test_people_and_meetings_come_in_and_their_plan_with_them(office: Office) -> None:
    warned = "people.csv: row 3, phone: not in a mobile series; text messages may not reach it\n"
    dry = office.bring_in("participants", as_csv([HEADER, AMINA, BO]), "--dry-run", name="people.csv")
    assert dry == Said(0, "participants: 2 added, 0 changed, 0 unchanged (dry run: nothing was written)\n", warned)
    assert office.medvind("outbox", "--json") == Said(0, "", "")

    first = office.bring_in("participants", as_csv([HEADER, AMINA, BO]), name="people.csv")
    assert (first.code, first.err) == (0, warned)
    assert first.out.startswith("participants: 2 added, 0 changed, 0 unchanged; plan: ")
    planned = office.medvind("outbox", "--json").out
    assert {json.loads(line)["participant"] for line in planned.splitlines()} == {"d-1", "d-2"}

    again = office.bring_in("participants", as_xlsx([HEADER, AMINA, BO]), name="people.xlsx")
    assert again.out == "participants: 0 added, 0 changed, 2 unchanged; plan: 0 added, 0 moved\n"
    assert office.medvind("outbox", "--json").out == planned

    meeting = office.bring_in("meetings", as_csv(MEETING))
    assert meeting.out.startswith("meetings: 1 added, 0 changed, 0 unchanged; plan: ")
    assert '"key": "meeting:m-1:1d"' in office.medvind("outbox", "--json", "--participant", "d-1").out
    assert (
        office.bring_in("meetings", as_csv(MEETING)).out
        == "meetings: 0 added, 0 changed, 1 unchanged; plan: 0 added, 0 moved\n"
    )


def test_a_file_with_faults_exits_1_names_each_and_changes_nothing(office: Office) -> None:
    wrong = [HEADER, AMINA, ("d-2", "Bo", "70123456", "", "31.2.2026", "", ""), ("", "Camilla", "01 00 00 01", "", "", "", "")]
    said = office.bring_in("participants", as_csv(wrong), name="people.csv")
    assert (said.code, said.out) == (1, "")
    assert [line.partition(". ")[0] for line in said.err.splitlines()] == [
        "people.csv: row 3, phone: a number of the series 70, which is nobody's own phone",
        "people.csv: row 3, course_ended_on: 31.2.2026 is no date",
        "people.csv: row 4, external_id: missing",
        "people.csv: 3 faults, nothing was imported",
    ]
    assert office.bring_in("participants", as_csv([HEADER, AMINA])).out.startswith("participants: 1 added")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "file.csv: empty; the first row names the columns, and each row below is one entry"),
        (b"x" * 20_000_001, "file.csv: larger than 20 MB; split it"),
    ],
)
def test_a_file_that_cannot_be_read_exits_2_with_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    office = Office(tmp_path)
    said = office.bring_in("participants", content)
    assert said == Said(2, "", f"{says}\n")


def test_where_no_file_is_the_path_is_named(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for path, problem in ((tmp_path, "Is a directory"), (tmp_path / "file.csv", "No such file or directory")):
        assert office.medvind("import", "meetings", str(path)) == Said(2, "", f"{path}: {problem}\n")
