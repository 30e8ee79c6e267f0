"""`medvind timeline`: what will be sent to one person, when and why, to be read by people or by programs."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.commands.calling import medvind
from tests.commands.office import Office
from tests.spreadsheets import as_csv

HEADER = ("external_id", "first_name", "phone", "coach_email", "zone", "vat_registered_on", "consent_on", "channel")
AMINA = ("d-1", "Amina", "01 00 00 01", "karin@kommune.example", "Atlantic/Faroe", "01.01.2026", "01.11.2026", "sms")
FIELDS = {
    *("id", "kind", "key", "at", "local", "valid_until", "channel", "state"),
    *("why", "carried_by", "gave_way", "adjustment"),
}


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Office:
    assert sqlite_url.endswith(f"{tmp_path}/medvind.db")
    office = Office(tmp_path)
    office.medvind("token", "create", "--role", "coach", "--email", "karin@kommune.example", "--phone", "01009001")
    assert office.bring_in("participants", as_csv([HEADER, AMINA])).code == 0
    return office


def test_programs_read_one_object_a_line_and_people_a_table(office: Office) -> None:
    told = office.medvind("timeline", "d-1", "--days", "180", "--json")
    assert (told.code, told.err) == (0, "")
    messages = [json.loads(line) for line in told.out.splitlines()]
    assert messages
    assert all(set(one) == FIELDS for one in messages)
    assert {(one["kind"], one["channel"], one["state"]) for one in messages} == {("vat", "sms", "planned")}
    for one in messages:
        at = datetime.fromisoformat(one["at"])
        assert one["at"].endswith("Z")
        assert one["local"] == at.astimezone(ZoneInfo("Atlantic/Faroe")).isoformat()
    assert [one["at"] for one in messages] == sorted(one["at"] for one in messages)
    planned = office.medvind("outbox", "--json", "--state", "planned").out
    assert {one["id"] for one in messages} == {json.loads(line)["id"] for line in planned.splitlines()}

    lines = office.medvind("timeline", "d-1", "--days", "180").out.splitlines()
    assert len(lines) == len(messages)
    for line, one in zip(lines, messages, strict=True):
        assert line.startswith(f"{one['local'][:16].replace('T', ' ')}  {one['key']} ")
        assert line.endswith(one["why"])
    assert lines[0].endswith("dage før.")


def test_reasons_are_told_in_the_language_of_the_house(office: Office) -> None:
    told = medvind("timeline", "d-1", "--days", "120", **office.settings, MEDVIND_LANGUAGE="en")
    assert "The last day for VAT" in told.out


def test_whoever_is_unknown_exits_1_and_days_that_cannot_be_shown_exit_2(office: Office) -> None:
    nobody = office.medvind("timeline", "d-2")
    assert (nobody.code, nobody.out) == (1, "")
    for days in ("0", "367", "many"):
        assert office.medvind("timeline", "d-1", "--days", days).code == 2
