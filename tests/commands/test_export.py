"""`medvind export person`: a file for the coach's hand."""

import json
import stat
from pathlib import Path

import pytest

from tests.commands.calling import medvind
from tests.commands.office import Office
from tests.spreadsheets import as_csv

HEADER = ("external_id", "first_name", "phone", "consent_on", "channel")


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Office:
    assert sqlite_url.endswith(f"{tmp_path}/medvind.db")
    office = Office(tmp_path)
    assert office.bring_in("participants", as_csv([HEADER, ("d-1", "Amina", "01 00 00 01", "01.11.2026", "sms")])).code == 0
    return office


def test_the_file_is_whole_and_for_its_owner_alone(office: Office) -> None:
    file = office.folder / "d-1.json"
    told = office.medvind("export", "person", "d-1", "--out", str(file))
    assert (told.code, told.err) == (0, "")
    assert "never into a chat" in told.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = json.loads(file.read_bytes())["kept"]
    assert [one["value"] for one in kept["addresses"]] == ["+4501000001"]


def test_a_file_that_is_there_is_not_written_over_unasked(office: Office) -> None:
    file = office.folder / "d-1.json"
    file.write_text("mine")
    refused = office.medvind("export", "person", "d-1", "--out", str(file))
    assert (refused.code, file.read_text()) == (2, "mine")
    assert "--force" in refused.err
    assert office.medvind("export", "person", "d-1", "--out", str(file), "--force").code == 0


def test_of_whom_nobody_knows_there_is_no_file(office: Office) -> None:
    file = office.folder / "d-9.json"
    assert office.medvind("export", "person", "d-9", "--out", str(file)).code == 1
    assert [one.name for one in office.folder.iterdir() if "d-9" in one.name] == []


def test_who_typed_in_a_yes_on_paper_stands_beside_it(office: Office) -> None:
    """By the account's name; behind sudo, by that of whoever asked for it."""
    (office.folder / "more.csv").write_bytes(as_csv([HEADER, ("d-2", "Bo", "01 00 00 02", "01.11.2026", "sms")]))
    typed = {"LOGNAME": "root", "SUDO_USER": "hanne"}
    assert medvind("import", "participants", str(office.folder / "more.csv"), **office.settings, **typed).code == 0
    file = office.folder / "d-2.json"
    assert office.medvind("export", "person", "d-2", "--out", str(file)).code == 0
    said = json.loads(file.read_bytes())["kept"]["consents"]
    assert {(one["how"], one["entered_by"]) for one in said} == {("import", "operator hanne")}
