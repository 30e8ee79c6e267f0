"""`medvind invite`: a code for one person, and another account only where that is said."""

import re
from pathlib import Path

import pytest

from tests.commands.office import Office
from tests.spreadsheets import as_csv

HEADER = ("external_id", "first_name", "phone", "telegram_id", "consent_on", "channel")
ROWS = (("d-1", "Amina", "01 00 00 01", "", "01.11.2026", "sms"), ("d-2", "Bo", "", "7002", "01.11.2026", "telegram"))


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Office:
    assert sqlite_url.endswith(f"{tmp_path}/medvind.db")
    office = Office(tmp_path)
    assert office.bring_in("participants", as_csv([HEADER, *ROWS])).code == 0
    return office


def test_a_code_comes_with_its_link_and_the_cure_where_the_bot_has_no_name(office: Office) -> None:
    told = office.medvind("invite", "d-1")
    code = re.search(r"^code: (\S{22})$", told.out, re.MULTILINE)
    assert told.code == 0
    assert code is not None
    assert f"https://t.me/YOUR_BOT?start={code[1]}" in told.out
    assert "MEDVIND_TELEGRAM__USERNAME" in told.err


def test_whoever_has_joined_gets_a_code_for_another_account_only_where_that_is_said(office: Office) -> None:
    refused = office.medvind("invite", "d-2")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("change: this person has joined Telegram already; START from it begins again")
    assert office.medvind("invite", "d-2", "--change").out.count("start=") == 1


def test_nobody_invites_whom_nobody_knows(office: Office) -> None:
    assert office.medvind("invite", "d-9").code == 1
