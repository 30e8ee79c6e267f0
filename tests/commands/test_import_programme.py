"""`medvind import programme`: exit 0, 1 or 2, and on stderr what is wrong, by file, step and field."""

from pathlib import Path

import pytest

from tests.commands.calling import Said
from tests.commands.office import Office
from tests.spreadsheets import as_csv

PEOPLE = (
    ("external_id", "first_name", "phone", "cohort", "course_ended_on", "consent_on", "channel"),
    ("d-1", "Amina", "01 00 00 01", "Hold 1", "21.11.2026", "01.11.2026", "sms"),
)
TOML = """
name = "Vores"
cohorts = ["Hold 1"]

[[steps]]
name = "tip"
milestone = "course_ended"
offset = "8 days after"
text = "small_step"
when = "waiting"
"""


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Office:
    assert sqlite_url.endswith(f"{tmp_path}/medvind.db")
    office = Office(tmp_path)
    made = office.medvind("token", "create", "--role", "coach", "--email", "karin@kommune.example", "--phone", "01009001")
    assert made.code == 0, made.err
    assert office.bring_in("participants", as_csv(PEOPLE)).code == 0
    return office


def bring_in(office: Office, text: str, *options: str) -> Said:
    return office.bring_in("programme", text.encode(), *options, name="ours.toml")


def test_a_programme_comes_in_and_the_plan_follows(office: Office) -> None:
    before = office.medvind("outbox", "--json").out
    said = "programme Vores: version 1; cohorts: 1 changed, 0 unchanged"
    assert bring_in(office, TOML, "--dry-run") == Said(0, f"{said} (dry run: nothing was written)\n", "")
    assert office.medvind("outbox", "--json").out == before
    assert bring_in(office, TOML).out.startswith(f"{said}; plan: ")
    planned = office.medvind("outbox", "--json", "--state", "planned").out
    assert '"key": "step:tip"' in planned
    assert "check_in:" not in planned
    again = "programme Vores: version 1; cohorts: 0 changed, 1 unchanged; plan: 0 added, 0 moved\n"
    assert bring_in(office, TOML) == Said(0, again, "")
    assert office.medvind("outbox", "--json", "--state", "planned").out == planned


def test_a_programme_with_faults_exits_1_names_each_and_changes_nothing(office: Office) -> None:
    before = office.medvind("outbox", "--json").out
    said = bring_in(office, TOML.replace("course_ended", "course_end").replace("small_step", "smal_step"))
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines() == [
        "ours.toml: step tip, milestone: there is no milestone 'course_end'. Did you mean course_ended?",
        "ours.toml: step tip, text: 'smal_step' is no text that a programme can use. Did you mean small_step?",
        "ours.toml: 2 faults, nothing was imported",
    ]
    assert office.medvind("outbox", "--json").out == before


def test_what_is_no_programme_at_all_exits_2_with_one_line(office: Office) -> None:
    assert bring_in(office, "name = \n") == Said(2, "", "ours.toml: no TOML, see line 1; docs/programmes.md has an example\n")
    missing = str(office.folder / "nowhere.toml")
    assert office.medvind("import", "programme", missing) == Said(2, "", f"{missing}: No such file or directory\n")
