"""The doctor finds what is wrong, says how to mend it, and shows no secret."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from medvind.commands import doctor
from medvind.model import ChannelName, Language
from medvind.rules.wording import Words
from medvind.settings import load
from medvind.store import beats, copies, texts
from medvind.store.database import Database
from medvind.store.texts import Version
from tests.commands.calling import medvind
from tests.commands.test_settings import PRODUCTION


async def found(given: dict[str, str], url: str, **settings: str) -> dict[str, bool]:
    """What the doctor says, and whether it is well."""
    given.update(PRODUCTION | {"MEDVIND_ENV": "test", "MEDVIND_DATABASE_URL": url} | settings)
    return {what: good async for good, what in doctor._findings(load())}


async def beat(db: Database, ago: timedelta) -> None:
    async with db.begin() as session:
        await beats.beat(session, "sweep", "worker-1", datetime.now(UTC) - ago)


async def test_a_house_in_order_is_well(given: dict[str, str], db: Database, db_url: str) -> None:
    await beat(db, timedelta(minutes=1))
    said = await found(given, db_url, MEDVIND_SMS__PROVIDER="console")
    assert [what for what, good in said.items() if good] == ["keys", "database", "schema", "clocks", "worker", "texts"]
    assert [what for what, good in said.items() if not good] == [
        "channel sms: messages are printed, not sent; set MEDVIND_SMS__PROVIDER=twilio"
    ]


def test_what_no_program_can_read_in_the_twilio_account_is_to_be_looked_at_by_hand(given: dict[str, str]) -> None:
    given.update(PRODUCTION | {"MEDVIND_ENV": "test"})
    assert list(doctor.by_hand(load())) == []
    twilio = {"ACCOUNT_SID": f"AC{'0' * 32}", "AUTH_TOKEN": "hemmelig", "FROM": "+4501000000"}
    given.update({"MEDVIND_SMS__PROVIDER": "twilio", "MEDVIND_PUBLIC_URL": "https://medvind.example.dk"})
    given.update({f"MEDVIND_TWILIO__{name}": said for name, said in twilio.items()})
    [line] = doctor.by_hand(load())
    assert "YES and JA must be no words to opt in with" in line
    assert "take them out there" in line
    assert "hemmelig" not in line


async def test_own_words_that_can_not_be_used_are_told_with_the_cure(given: dict[str, str], db: Database, db_url: str) -> None:
    now = datetime.now(UTC)
    async with db.begin() as session:
        await texts.add(session, Version("stop", Language.EN, 3, Words("Hi {{ name }}."), None, now, "elsewhere", now))
    said = await found(given, db_url)
    [fault] = [what for what, good in said.items() if what.startswith("text ") and not good]
    assert fault.startswith("text en/stop@v3 can't be used, so the shipped one goes out: text: line 1: there is no name in")
    assert fault.endswith("Make other words live in /v1/texts")


@pytest.mark.parametrize("ago", [None, timedelta(minutes=6), timedelta(days=2)])
async def test_a_worker_that_does_not_beat_is_missed(
    given: dict[str, str], db: Database, db_url: str, ago: timedelta | None
) -> None:
    if ago is not None:
        await beat(db, ago)
    said = await found(given, db_url)
    assert not said["worker: no beat in the last 5 minutes; start 'medvind worker' or 'medvind serve'"]
    assert not said["channels: none is set up; set MEDVIND_SMS__PROVIDER or MEDVIND_TELEGRAM__TOKEN"]


async def test_an_empty_database_needs_the_migration(given: dict[str, str], tmp_path: Path) -> None:
    said = await found(given, f"sqlite:///{tmp_path}/empty.db")
    assert said["database"]
    assert not said["schema is not the one this version needs: run 'medvind migrate' first"]
    assert "worker" not in said


async def test_a_database_that_is_away_is_told_without_its_password(given: dict[str, str]) -> None:
    said = await found(given, "postgresql://medvind:hemmelig@127.0.0.1:1/medvind")
    faults = [what for what, good in said.items() if not good]
    assert faults[0].startswith("the database did not answer")
    assert "hemmelig" not in repr(said)
    assert said["texts"]


async def test_keys_that_are_no_keys_are_told_and_the_rest_is_looked_at(given: dict[str, str], tmp_path: Path) -> None:
    said = await found(given, f"sqlite:///{tmp_path}/empty.db", MEDVIND_INDEX_KEY="hemmelig")
    assert not said["MEDVIND_INDEX_KEY: the key is not 32 bytes in base64; 'medvind keys new' prints a set"]
    assert said["texts"]
    assert "hemmelig" not in repr(said)


def test_the_command_ends_with_1_where_something_is_wrong(tmp_path: Path) -> None:
    said = medvind("doctor", MEDVIND_ENV="test", MEDVIND_DATABASE_URL=f"sqlite:///{tmp_path}/new.db")
    assert said.code == 1
    assert said.out.splitlines()[:2] == ["ok    settings", "ok    keys"]
    assert "wrong schema is not the one this version needs: run 'medvind migrate' first" in said.out.splitlines()
    assert said.err == ""


async def test_copies_of_the_erased_that_the_provider_does_not_delete_are_told_after_a_week(
    given: dict[str, str], db: Database, db_url: str
) -> None:
    for days, told in ((6, []), (8, [False])):
        async with db.begin() as session:
            since = datetime.now(UTC) - timedelta(days=days)
            await copies.owe(session, ChannelName.SMS, [f"SM-{days}"], since)
        said = await found(given, db_url)
        assert [good for what, good in said.items() if what.startswith("copies: the provider still keeps 1 ")] == told
