"""`medvind erase`: from the command line, again, and over a restore."""

import json
from pathlib import Path

import pytest

from tests.commands.office import Office
from tests.spreadsheets import as_csv

HEADER = ("external_id", "first_name", "phone", "vat_registered_on", "consent_on", "channel")
PEOPLE = [(f"deltager-{number}", "Amina", f"0100000{number}", "01.01.2026", "01.11.2026", "sms") for number in range(1, 4)]


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Office:
    assert sqlite_url.endswith(f"{tmp_path}/medvind.db")
    office = Office(tmp_path)
    assert office.bring_in("participants", as_csv([HEADER, *PEOPLE])).code == 0
    return office


def owed(office: Office) -> set[str]:
    """To whom something is owed."""
    return {json.loads(line)["participant"] for line in office.medvind("outbox", "--json").out.splitlines()}


def test_a_dry_run_counts_and_changes_nothing(office: Office) -> None:
    said = office.medvind("erase", "deltager-1", "--dry-run")
    assert (said.code, said.err) == (0, "")
    assert "participants: 1" in said.out.splitlines()
    assert owed(office) == {"deltager-1", "deltager-2", "deltager-3"}
    assert office.medvind("erasures").out == ""


def test_one_person_goes_and_again_there_is_nothing_to_do(office: Office) -> None:
    said = office.medvind("erase", "deltager-1")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[-1].startswith("erased: ")
    assert owed(office) == {"deltager-2", "deltager-3"}
    for options in ((), ("--dry-run",), ("--yes",)):
        again = office.medvind("erase", "deltager-1", *options)
        assert (again.code, again.out, again.err) == (0, "nothing to do: they were erased before\n", "")
    [one] = office.medvind("erasures").out.splitlines()
    assert json.loads(one)["id"] in said.out
    assert office.medvind("timeline", "deltager-1").code == 1
    kept = b"".join(path.read_bytes() for path in office.folder.glob("medvind.db*") if path.suffix != ".keys")
    assert b"deltager-2" in kept
    assert b"deltager-1" not in kept


def test_of_whom_nobody_knows_there_is_nobody_to_erase(office: Office) -> None:
    said = office.medvind("erase", "deltager-9")
    assert (said.code, said.out) == (1, "")
    assert len(said.err.splitlines()) == 1


def test_a_restore_over_it_does_not_bring_them_back(office: Office, tmp_path: Path) -> None:
    file = str(tmp_path / "nightly.backup")
    assert office.medvind("backup", file).code == 0
    assert office.medvind("erase", "deltager-1").code == 0
    said = office.medvind("restore", file, "--force")
    assert (said.code, said.err) == (0, "")
    assert "1 people had been erased since, and were erased again" in said.out
    assert owed(office) == {"deltager-2", "deltager-3"}
    assert office.medvind("erase", "deltager-1").out == "nothing to do: they were erased before\n"
    assert len(office.medvind("erasures").out.splitlines()) == 1


def test_a_restore_into_a_new_database_goes_by_the_list(office: Office, tmp_path: Path) -> None:
    file, list_ = str(tmp_path / "nightly.backup"), tmp_path / "erased.jsonl"
    office.medvind("backup", file)
    office.medvind("erase", "deltager-1")
    list_.write_text(office.medvind("erasures").out)
    new = tmp_path / "new"
    new.mkdir()
    (new / "medvind.db.keys").write_bytes((tmp_path / "medvind.db.keys").read_bytes())
    other = Office(new)
    said = other.medvind("restore", file, "--erased", str(list_))
    assert (said.code, said.err) == (0, "")
    assert owed(other) == {"deltager-2", "deltager-3"}
    assert [json.loads(line)["id"] for line in other.medvind("erasures").out.splitlines()] == [
        json.loads(list_.read_text())["id"]
    ]


@pytest.mark.parametrize("line", ["deltager-1", '{"at": "2026-11-24"}', "[]", '{"id": 7}', '{"id": "a b"}'])
def test_a_list_that_is_none_restores_nothing(office: Office, tmp_path: Path, line: str) -> None:
    file, list_ = str(tmp_path / "nightly.backup"), tmp_path / "erased.jsonl"
    office.medvind("backup", file)
    list_.write_text(f"\n{line}\n")
    said = office.medvind("restore", file, "--force", "--erased", str(list_))
    assert (said.code, said.out) == (2, "")
    assert f"{list_}: line 2 is none" in said.err
    assert len(owed(office)) == 3
