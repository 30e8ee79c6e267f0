import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from medvind.errors import NotReadyError, SettingsError
from medvind.main import keys_of
from medvind.settings import Settings, load

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
PRODUCTION = {"MEDVIND_ENCRYPTION_KEYS": f"a:{KEY}", "MEDVIND_INDEX_KEY": KEY}
TWILIO = {
    "MEDVIND_SMS__PROVIDER": "twilio",
    "MEDVIND_TWILIO__ACCOUNT_SID": "AC" + "0" * 32,
    "MEDVIND_TWILIO__AUTH_TOKEN": "secret-of-twilio",
    "MEDVIND_TWILIO__FROM": "+4520304050",
    "MEDVIND_PUBLIC_URL": "https://medvind.example.dk/",
}


@pytest.fixture
def given() -> Iterator[dict[str, str]]:
    """The environment of this process, without any setting, put back afterwards."""
    before = dict(os.environ)
    for name in before:
        if name.startswith("MEDVIND_") and not name.startswith("MEDVIND_TEST_"):
            del os.environ[name]
    yield os.environ  # type: ignore[misc]
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "MEDVIND_ENCRYPTION_KEYS: missing"),
        ({"MEDVIND_ENV": "live"}, "MEDVIND_ENV: "),
        ({"MEDVIND_PORT": "eighty"}, "MEDVIND_PORT: "),
        ({"MEDVIND_PROT": "8000"}, "MEDVIND_PROT: no such setting; did you mean MEDVIND_PORT?"),
        ({"MEDVIND_ENV": "test", "MEDVIND_ZONE": "Europe/Aarhus"}, "MEDVIND_ZONE: no such time zone"),
        ({**PRODUCTION, "MEDVIND_CLOCK_FILE": "clock"}, "MEDVIND_CLOCK_FILE: refused in production"),
        ({**PRODUCTION, "MEDVIND_LEASE_SECONDS": "12"}, "MEDVIND_LEASE_SECONDS: must be at least"),
        ({**PRODUCTION, "MEDVIND_TWILIO__BASE_URL": "http://127.0.0.1:1"}, "MEDVIND_TWILIO__BASE_URL: only the official"),
        ({"MEDVIND_ENV": "test", "MEDVIND_TELEGRAM__BASE_URL": "http://10.1.2.3"}, "MEDVIND_TELEGRAM__BASE_URL: outside"),
        ({**PRODUCTION, **TWILIO, "MEDVIND_TWILIO__FROM": "Medvind"}, "MEDVIND_TWILIO__FROM: must be a number"),
        ({**PRODUCTION, **TWILIO, "MEDVIND_PUBLIC_URL": "medvind"}, "MEDVIND_PUBLIC_URL: expected an address"),
        (
            {**PRODUCTION, "MEDVIND_TELEGRAM__TOKEN": "1:a", "MEDVIND_TELEGRAM__MODE": "webhook"},
            "MEDVIND_TELEGRAM: webhook mode",
        ),
        ({"MEDVIND_CONFIG": "/nowhere.toml"}, "MEDVIND_CONFIG: No such file"),
        ({"MEDVIND_SECRETS_DIR": "/nowhere"}, "MEDVIND_SECRETS_DIR: No such file"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name_and_the_cure(
    given: dict[str, str], settings: Mapping[str, str], says: str
) -> None:
    given.update(settings)
    with pytest.raises(SettingsError) as refused:
        load()
    assert str(refused.value).startswith(says)
    assert "\n" not in str(refused.value)


def test_the_environment_wins_over_secret_files_and_those_over_the_file(given: dict[str, str], tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "MEDVIND_TELEGRAM__TOKEN").write_text("1:from-secrets\n")
    (secrets / "MEDVIND_PORT").write_text("8002")
    (tmp_path / "medvind.toml").write_text('MEDVIND_PORT = 8001\nMEDVIND_HOST = "127.0.0.9"\nMEDVIND_ENV = "test"\n')
    given.update(MEDVIND_CONFIG=str(tmp_path / "medvind.toml"), MEDVIND_SECRETS_DIR=str(secrets), MEDVIND_PORT="8003")
    settings = load()
    assert (settings.port, settings.host) == (8003, "127.0.0.9")
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == "1:from-secrets"


def test_a_secret_never_shows(given: dict[str, str]) -> None:
    given.update({**PRODUCTION, **TWILIO})
    settings = load()
    assert "secret-of-twilio" not in repr(settings)
    assert KEY not in repr(settings)
    given["MEDVIND_ENCRYPTION_KEYS"] = "a:tooshort-secret"
    with pytest.raises(NotReadyError) as refused:
        keys_of(load())
    assert "tooshort-secret" not in str(refused.value)


def test_outside_production_keys_are_made_and_kept_beside_the_file(given: dict[str, str], tmp_path: Path) -> None:
    given.update(MEDVIND_ENV="test", MEDVIND_DATABASE_URL=f"sqlite:///{tmp_path}/m.db")
    first, second = keys_of(load()), keys_of(load())
    assert first == second
    assert (tmp_path / "m.db.keys").stat().st_mode & 0o077 == 0


def test_the_public_address_has_no_slash_at_its_end(given: dict[str, str]) -> None:
    given.update({**PRODUCTION, **TWILIO})
    assert Settings().public_url == "https://medvind.example.dk"
