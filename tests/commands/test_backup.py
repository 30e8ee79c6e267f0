"""`medvind backup` and `medvind restore`: a copy under load that is never half, and never lies open to others."""

import json
import sqlite3
from base64 import b64encode
from contextlib import closing
from functools import partial
from pathlib import Path
from stat import S_IMODE

import pytest

from tests.commands.calling import Said, medvind
from tests.commands.office import Office
from tests.spreadsheets import as_csv
from tests.system.rig import Process, forks, wait_until, with_suppressed

KEYS = {
    "MEDVIND_ENCRYPTION_KEYS": f"a:{b64encode(bytes(range(32))).decode()}",
    "MEDVIND_INDEX_KEY": b64encode(bytes(range(32, 64))).decode(),
}
HEADER = ("external_id", "first_name", "phone", "vat_registered_on", "consent_on", "channel")
PEOPLE = [(f"d-{number}", "Amina", f"0100000{number}", "01.01.2026", "01.11.2026", "sms") for number in range(5)]


def refused(said: Said, *words: str) -> None:
    """Exit 2 and one line."""
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1), said
    assert all(word in said.err for word in words), said.err


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Office:
    assert sqlite_url.endswith(f"{tmp_path}/medvind.db")
    office = Office(tmp_path)
    assert office.bring_in("participants", as_csv([HEADER, *PEOPLE])).code == 0
    return office


def test_a_backup_is_one_file_that_its_owner_alone_may_read(office: Office) -> None:
    file = office.folder / "nightly.backup"
    before = {path.name for path in office.folder.iterdir()}
    said = office.medvind("backup", str(file))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{file}: ")
    assert S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in office.folder.iterdir()} - before == {"nightly.backup"}
    with closing(sqlite3.connect(file)) as opened:
        assert opened.execute("select count(*) from participants").fetchone() == (5,)
    assert b"Amina" not in file.read_bytes()
    assert b"4501000001" not in file.read_bytes()


def test_a_file_that_is_there_is_replaced_only_when_asked(office: Office) -> None:
    file = office.folder / "nightly.backup"
    file.write_text("of yesterday")
    refused(office.medvind("backup", str(file)), str(file), "--force")
    assert file.read_text() == "of yesterday"
    assert office.medvind("backup", str(file), "--force").code == 0
    assert S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_size > 100_000


def test_the_database_itself_is_never_written_over(office: Office) -> None:
    database = office.folder / "medvind.db"
    refused(office.medvind("backup", str(database), "--force"), "the database itself")
    (office.folder / "link.db").symlink_to(database)
    refused(office.medvind("backup", str(office.folder / "link.db"), "--force"), "the database itself")
    assert office.medvind("outbox").code == 0


def test_where_nothing_can_be_written_it_is_said_in_one_line_and_nothing_is_left(office: Office) -> None:
    refused(office.medvind("backup", "/nowhere/nightly.backup"), "/nowhere/nightly.backup", "No such file")
    before = {path.name for path in office.folder.iterdir()}
    (office.folder / "folder").mkdir()
    refused(office.medvind("backup", str(office.folder / "folder"), "--force"), "folder")
    assert {path.name for path in office.folder.iterdir()} == before | {"folder"}


def test_a_database_that_is_not_medvinds_makes_no_backup(tmp_path: Path) -> None:
    settings = {"MEDVIND_ENV": "test", "MEDVIND_DATABASE_URL": f"sqlite:///{tmp_path}/wrong-name.db"}
    refused(medvind("backup", str(tmp_path / "b"), **settings), "MEDVIND_DATABASE_URL")
    assert not (tmp_path / "b").exists()


def test_a_restored_database_owes_the_same_and_takes_no_second_one(office: Office, tmp_path: Path) -> None:
    file = str(tmp_path / "nightly.backup")
    office.medvind("backup", file)
    new = tmp_path / "new"
    new.mkdir()
    (new / "medvind.db.keys").write_bytes((tmp_path / "medvind.db.keys").read_bytes())
    other = Office(new)
    said = other.medvind("restore", file)
    assert (said.code, said.err) == (0, "")
    assert "messages were due by now" in said.out
    owed = {
        office: {json.loads(line)["id"] for line in office.medvind("outbox", "--json").out.splitlines()}
        for office in (office, other)
    }
    print(f"looked at {len(owed[office])} messages")
    assert owed[office] == owed[other] != set()
    refused(other.medvind("restore", file), "not empty", "--force")
    assert other.medvind("restore", file, "--force").code == 0


def test_a_file_that_is_no_backup_is_refused(office: Office) -> None:
    refused(office.medvind("restore", "/nowhere/nightly.backup"), "/nowhere/nightly.backup", "No such file")
    (office.folder / "words").write_text("words")
    refused(office.medvind("restore", str(office.folder / "words"), "--force"), "no backup of Medvind")
    assert len(office.medvind("outbox").out.splitlines()) > 0


def test_a_copy_of_a_database_in_use_is_refused_since_its_newest_rows_stand_beside_it(office: Office) -> None:
    with closing(sqlite3.connect(office.folder / "medvind.db")) as opened:
        opened.execute("insert into cohorts (name) values ('Hold 1')")
        opened.commit()
        refused(office.medvind("restore", str(office.folder / "medvind.db"), "--force"), "a database in use, no backup")


def test_people_move_from_a_file_to_a_postgresql_server_and_back(office: Office, postgresql_url: str, tmp_path: Path) -> None:
    here = {"MEDVIND_ENV": "test", **KEYS}
    file, server = {"MEDVIND_DATABASE_URL": f"sqlite:///{tmp_path}/keyed.db"}, {"MEDVIND_DATABASE_URL": postgresql_url}
    (tmp_path / "people.csv").write_bytes(as_csv([HEADER, *PEOPLE]))
    for words in (("migrate",), ("import", "participants", str(tmp_path / "people.csv")), ("backup", str(tmp_path / "1"))):
        assert medvind(*words, **here, **file).code == 0
    assert medvind("restore", str(tmp_path / "1"), **here, **server).code == 0
    assert medvind("backup", str(tmp_path / "2"), **here, **server).code == 0
    assert medvind("restore", str(tmp_path / "2"), "--force", **here, **file).code == 0
    shown = [medvind("outbox", "--json", **here, **place).out for place in (file, server)]
    print(f"looked at {len(shown[0].splitlines())} messages")
    assert sorted(shown[0].splitlines()) == sorted(shown[1].splitlines()) != []


def test_killed_while_it_writes_a_backup_leaves_a_whole_file_or_none(office: Office, tmp_path: Path) -> None:
    """Killed as soon as the new file is seen beside the name that it will have."""
    with closing(sqlite3.connect(tmp_path / "medvind.db")) as opened, opened:
        opened.executemany("insert into cohorts (name) values (?)", ((f"{number:0180}",) for number in range(50_000)))
    whole = 0
    for attempt in range(6):
        file, out = tmp_path / f"{attempt}.backup", tmp_path / f"{attempt}.log"
        out.touch()
        process = Process(forks().fork(("backup", str(file)), office.settings, out, tmp_path), out)
        wait_until(partial(_begun, file), "the new file")
        with_suppressed(process.kill)
        wait_until(partial(_ended, process), "its end")
        if file.exists():
            whole += 1
            with closing(sqlite3.connect(file)) as opened:
                assert opened.execute("pragma integrity_check").fetchone() == ("ok",)
                assert opened.execute("select count(*) from cohorts").fetchone() == (50_000,)
    print(f"looked at 6 attempts, {whole} of them came through")
    assert whole < 6
    assert office.medvind("backup", str(tmp_path / "after.backup")).code == 0


def _begun(file: Path) -> bool:
    return file.exists() or any(file.parent.glob(f".{file.name}.*"))


def _ended(process: Process) -> bool:
    return not process.alive
