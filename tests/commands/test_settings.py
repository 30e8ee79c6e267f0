"""A wrong setting stops the start with one line that an operator can mend it by, and a secret never shows."""

import re
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from stat import S_IMODE

import pytest

from medvind.errors import NotReadyError, SettingsError
from medvind.main import keys_of
from medvind.model import Language
from medvind.settings import Env, LogFormat, Mode, Provider, Settings, load
from medvind.sources import EXAMPLES

KEY = b64encode(bytes(range(32))).decode()
PRODUCTION = {"MEDVIND_ENCRYPTION_KEYS": f"a:{KEY}", "MEDVIND_INDEX_KEY": KEY}
TEST = {"MEDVIND_ENV": "test"}
TELEGRAM = {"MEDVIND_TELEGRAM__TOKEN": "4700:secret-of-telegram"}
TWILIO = {
    "MEDVIND_SMS__PROVIDER": "twilio",
    "MEDVIND_TWILIO__ACCOUNT_SID": "AC" + "0" * 32,
    "MEDVIND_TWILIO__AUTH_TOKEN": "secret-of-twilio",
    "MEDVIND_TWILIO__FROM": "+4520304050",
    "MEDVIND_PUBLIC_URL": "https://medvind.example.dk/",
}
WRONG = [
    ("MEDVIND_ENV", "live"),
    ("MEDVIND_PUBLIC_URL", "medvind"),
    ("MEDVIND_PUBLIC_URL", "ftp://medvind.example.dk"),
    ("MEDVIND_PUBLIC_URL", "https://medvind.example.dk?x=1"),
    ("MEDVIND_PORT", "eighty"),
    ("MEDVIND_PORT", "0"),
    ("MEDVIND_PORT", "65536"),
    ("MEDVIND_METRICS_PORT", "none"),
    ("MEDVIND_METRICS_PORT", "-1"),
    ("MEDVIND_TELEGRAM__TOKEN", "no-colon-secret"),
    ("MEDVIND_TELEGRAM__TOKEN", "4700:with blanks-secret"),
    ("MEDVIND_TELEGRAM__MODE", "push"),
    ("MEDVIND_TELEGRAM__BASE_URL", "telegram"),
    ("MEDVIND_TELEGRAM__BASE_URL", "http://10.1.2.3"),
    ("MEDVIND_TELEGRAM__BASE_URL", "http://127.0.0.1@evil.example"),
    ("MEDVIND_TELEGRAM__BASE_URL", "https://api.twilio.com"),
    ("MEDVIND_TELEGRAM__RATE", "0"),
    ("MEDVIND_TELEGRAM__RATE", "inf"),
    ("MEDVIND_SMS__PROVIDER", "pigeon"),
    ("MEDVIND_TWILIO__ACCOUNT_SID", "SK123"),
    ("MEDVIND_TWILIO__MESSAGING_SERVICE_SID", "Medvind"),
    ("MEDVIND_TWILIO__BASE_URL", "https://api.telegram.org"),
    ("MEDVIND_TWILIO__RATE", "fast"),
    ("MEDVIND_ZONE", "Europe/Aarhus"),
    ("MEDVIND_ZONE", "Europe"),
    ("MEDVIND_ZONE", "../etc/passwd"),
    ("MEDVIND_LANGUAGE", "dansk"),
    ("MEDVIND_LEASE_SECONDS", "soon"),
    ("MEDVIND_LEASE_SECONDS", "nan"),
    ("MEDVIND_LEASE_SECONDS", "1e300"),
    ("MEDVIND_SEND_TIMEOUT_SECONDS", "0"),
    ("MEDVIND_SEND_TIMEOUT_SECONDS", "inf"),
    ("MEDVIND_ASK_AFTER_SECONDS", "-1"),
    ("MEDVIND_LOOK_SECONDS", "61"),
    ("MEDVIND_WORKERS_CONCURRENCY", "0"),
    ("MEDVIND_WORKERS_CONCURRENCY", "2.5"),
    ("MEDVIND_LOG_FORMAT", "xml"),
    ("MEDVIND_CONFIG", "/nowhere/medvind.toml"),
    ("MEDVIND_SECRETS_DIR", "/nowhere/secrets"),
]


def refusal() -> str:
    """What the operator reads; it is one line, however it was refused."""
    with pytest.raises(SettingsError) as refused:
        load()
    said = str(refused.value)
    assert len(said.splitlines()) == 1
    return said


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_told_with_the_setting_what_is_wrong_and_an_example(
    given: dict[str, str], name: str, value: str
) -> None:
    given.update(TEST | {name: value})
    said = refusal()
    assert re.fullmatch(rf"{name}: .+ \(for example: .+\)", said), said
    assert "secret-" not in said.removeprefix(name)
    assert "-secret" not in said


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "MEDVIND_ENCRYPTION_KEYS: missing"),
        ({"MEDVIND_ENCRYPTION_KEYS": f"a:{KEY}"}, "MEDVIND_INDEX_KEY: missing"),
        ({**PRODUCTION, "MEDVIND_CLOCK_FILE": "clock"}, "MEDVIND_CLOCK_FILE: refused in production"),
        ({**PRODUCTION, "MEDVIND_LEASE_SECONDS": "39"}, "MEDVIND_LEASE_SECONDS: must be at least"),
        ({**PRODUCTION, "MEDVIND_SEND_TIMEOUT_SECONDS": "11"}, "MEDVIND_LEASE_SECONDS: must be at least"),
        ({**PRODUCTION, "MEDVIND_TWILIO__BASE_URL": "http://127.0.0.1:1"}, "MEDVIND_TWILIO__BASE_URL: only the official"),
        ({**PRODUCTION, "MEDVIND_TELEGRAM__BASE_URL": "https://example.org"}, "MEDVIND_TELEGRAM__BASE_URL: only the official"),
        ({**PRODUCTION, "MEDVIND_PUBLIC_URL": "http://medvind.example.dk"}, "MEDVIND_PUBLIC_URL: must begin with https://"),
        ({**PRODUCTION, **TWILIO, "MEDVIND_TWILIO__FROM": "Medvind"}, "MEDVIND_TWILIO__FROM: must be a number"),
    ],
)
def test_what_production_needs_and_refuses(given: dict[str, str], settings: Mapping[str, str], says: str) -> None:
    given.update(settings)
    said = refusal()
    assert said.startswith(says)
    assert "for example" in said


def test_the_official_addresses_may_be_spelt_out_in_production(given: dict[str, str]) -> None:
    given.update(PRODUCTION)
    given.update(
        MEDVIND_TELEGRAM__BASE_URL="https://api.telegram.org/",
        MEDVIND_TWILIO__BASE_URL="https://api.twilio.com",
        MEDVIND_LEASE_SECONDS="40",
    )
    assert load().env is Env.PRODUCTION


@pytest.mark.parametrize("url", ["http://127.0.0.1:8081", "http://localhost:1", "http://[::1]:8081"])
def test_outside_production_providers_are_on_this_machine(given: dict[str, str], url: str) -> None:
    given.update(TEST | {"MEDVIND_TWILIO__BASE_URL": url, "MEDVIND_CLOCK_FILE": "clock", "MEDVIND_LEASE_SECONDS": "1"})
    assert load().twilio.base_url == url


@pytest.mark.parametrize(
    ("left_out", "names"),
    [
        ("MEDVIND_TWILIO__ACCOUNT_SID", "MEDVIND_TWILIO__ACCOUNT_SID"),
        ("MEDVIND_TWILIO__AUTH_TOKEN", "MEDVIND_TWILIO__AUTH_TOKEN"),
        ("MEDVIND_TWILIO__FROM", "MEDVIND_TWILIO__FROM"),
        ("MEDVIND_PUBLIC_URL", "MEDVIND_PUBLIC_URL"),
    ],
)
def test_twilio_needs_an_account_a_sender_and_an_address_to_call(given: dict[str, str], left_out: str, names: str) -> None:
    given.update(PRODUCTION | {name: value for name, value in TWILIO.items() if name != left_out})
    assert refusal().startswith(f"{names}: ")


def test_twilio_takes_one_sender_and_not_two(given: dict[str, str]) -> None:
    service = {"MEDVIND_TWILIO__MESSAGING_SERVICE_SID": "MG" + "0" * 32}
    given.update(PRODUCTION | TWILIO | service)
    assert refusal().startswith("MEDVIND_TWILIO__FROM: give this or MEDVIND_TWILIO__MESSAGING_SERVICE_SID")
    del given["MEDVIND_TWILIO__FROM"]
    assert load().twilio.from_ is None


@pytest.mark.parametrize("secret", [None, "", "æøå", "with blanks", "x" * 257])
def test_webhook_mode_needs_a_secret_and_an_address_to_call(given: dict[str, str], secret: str | None) -> None:
    given.update(PRODUCTION | TELEGRAM | {"MEDVIND_TELEGRAM__MODE": "webhook"})
    given.update({} if secret is None else {"MEDVIND_TELEGRAM__WEBHOOK_SECRET": secret})
    said = refusal()
    assert said.startswith("MEDVIND_TELEGRAM__WEBHOOK_SECRET: webhook mode needs")
    assert not secret or secret not in said
    given["MEDVIND_TELEGRAM__WEBHOOK_SECRET"] = "right_secret-1"
    assert refusal().startswith("MEDVIND_PUBLIC_URL: needed where Telegram calls us")
    given["MEDVIND_PUBLIC_URL"] = "https://medvind.example.dk"
    assert load().telegram.mode is Mode.WEBHOOK


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("MEDVIND_PROT", "MEDVIND_PROT: no such setting; did you mean MEDVIND_PORT?"),
        ("MEDVIND_TELEGRAM_TOKEN", "MEDVIND_TELEGRAM_TOKEN: no such setting; did you mean MEDVIND_TELEGRAM__TOKEN?"),
        ("MEDVIND_METRIC_PORT", "MEDVIND_METRIC_PORT: no such setting; did you mean MEDVIND_METRICS_PORT?"),
        ("MEDVIND_TWILIO__FORM", "MEDVIND_TWILIO__FORM: no such setting; did you mean MEDVIND_TWILIO__FROM?"),
        ("MEDVIND_TELEGRAM", "MEDVIND_TELEGRAM: no such setting; did you mean MEDVIND_TELEGRAM__"),
        ("MEDVIND_QQQQQQQQQQQQQQQQQ", "MEDVIND_QQQQQQQQQQQQQQQQQ: no such setting"),
    ],
)
def test_a_misspelt_setting_gets_the_nearest_name(given: dict[str, str], name: str, says: str) -> None:
    given.update(TEST | {name: "secret-value"})
    said = refusal()
    assert said.startswith(says)
    assert "secret-value" not in said


def test_a_misspelt_setting_in_a_file_is_found_as_well(given: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "medvind.toml").write_text('MEDVIND_ENV = "test"\nMEDVIND_PROT = 8000\n')
    given["MEDVIND_CONFIG"] = str(tmp_path / "medvind.toml")
    assert refusal() == "MEDVIND_PROT: no such setting; did you mean MEDVIND_PORT?"


def test_the_environment_wins_over_secret_files_and_those_over_the_file(given: dict[str, str], tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "MEDVIND_TELEGRAM__TOKEN").write_text("1:from-secrets\n")
    (secrets / "MEDVIND_PORT").write_text("8002")
    (secrets / "MEDVIND_METRICS_PORT").write_text("9002")
    (secrets / "notes.txt").write_text("not a setting")
    lines = ["MEDVIND_PORT = 8001", "MEDVIND_METRICS_PORT = 9001", 'MEDVIND_HOST = "127.0.0.9"', 'MEDVIND_ENV = "test"']
    (tmp_path / "medvind.toml").write_text("\n".join([*lines, "MEDVIND_TELEGRAM__RATE = 25.5"]))
    given.update(MEDVIND_CONFIG=str(tmp_path / "medvind.toml"), MEDVIND_SECRETS_DIR=str(secrets), MEDVIND_PORT="8003")
    settings = load()
    assert (settings.port, settings.metrics_port, settings.host) == (8003, 9002, "127.0.0.9")
    assert settings.telegram.rate == 25.5
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == "1:from-secrets"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (b"MEDVIND_PORT = \n", "is no TOML, see line 1"),
        (b'MEDVIND_ENV = "test"\nMEDVIND_INDEX_KEY = "geheim', "is no TOML"),
        (b'MEDVIND_ENV = "\xff\xfe"', "is no text in UTF-8"),
        (b"[telegram]\ntoken = 'geheim'\n", "telegram: expected lines such as MEDVIND_PORT = 8000"),
        (b"PORT = 8000\n", "PORT: expected lines such as MEDVIND_PORT = 8000"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_without_its_words(
    given: dict[str, str], tmp_path: Path, words: bytes, says: str
) -> None:
    file = tmp_path / "medvind.toml"
    file.write_bytes(words)
    given["MEDVIND_CONFIG"] = str(file)
    said = refusal()
    assert said.startswith(f"MEDVIND_CONFIG: {file}")
    assert says in said
    assert "geheim" not in said


def test_a_secret_file_that_is_no_text_is_told_without_its_bytes(given: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "MEDVIND_INDEX_KEY").write_bytes(b"\xff\xfe\x00")
    given.update(TEST | {"MEDVIND_SECRETS_DIR": str(tmp_path)})
    assert refusal().startswith(f"MEDVIND_SECRETS_DIR: a file in {tmp_path} is no text in UTF-8")


def test_a_secret_never_shows(given: dict[str, str]) -> None:
    secrets = {"MEDVIND_TELEGRAM__WEBHOOK_SECRET": "secret-of-webhook"}
    address = {"MEDVIND_DATABASE_URL": "postgresql://medvind:secret-of-database@db/medvind"}
    given.update(PRODUCTION | TWILIO | TELEGRAM | secrets | address)
    settings = load()
    shown = repr(settings) + str(settings) + repr(settings.twilio) + repr(settings.telegram)
    assert "secret-of" not in shown
    assert KEY not in shown


def test_keys_that_are_no_keys_are_told_without_them(given: dict[str, str]) -> None:
    given.update(PRODUCTION | {"MEDVIND_ENCRYPTION_KEYS": "a:tooshort-secret"})
    with pytest.raises(NotReadyError, match="MEDVIND_ENCRYPTION_KEYS: key 1 is not 32 bytes") as refused:
        keys_of(load())
    assert "tooshort-secret" not in str(refused.value)


def test_outside_production_keys_are_made_and_kept_beside_the_file(given: dict[str, str], tmp_path: Path) -> None:
    given.update(TEST | {"MEDVIND_DATABASE_URL": f"sqlite:///{tmp_path}/m.db"})
    first, second = keys_of(load()), keys_of(load())
    assert first == second
    assert [path.name for path in tmp_path.iterdir()] == ["m.db.keys"]
    assert S_IMODE((tmp_path / "m.db.keys").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////nowhere/m.db", "MEDVIND_DATABASE_URL: no keys can be kept at /nowhere/m.db.keys"),
        ("postgresql://u:hemmelig@db/medvind", "MEDVIND_ENCRYPTION_KEYS and MEDVIND_INDEX_KEY: missing"),
    ],
)
def test_where_no_keys_can_be_kept_they_must_be_set(given: dict[str, str], url: str, says: str) -> None:
    given.update(TEST | {"MEDVIND_DATABASE_URL": url})
    with pytest.raises(NotReadyError) as refused:
        keys_of(load())
    assert str(refused.value).startswith(says)
    assert "hemmelig" not in str(refused.value)


def test_the_public_address_has_no_slash_at_its_end(given: dict[str, str]) -> None:
    given.update({**PRODUCTION, **TWILIO})
    assert load().public_url == "https://medvind.example.dk"


def test_what_is_not_set_is_as_the_contract_says(given: dict[str, str]) -> None:
    given.update(PRODUCTION)
    settings = load()
    assert (settings.env, settings.database_url, settings.public_url) == (Env.PRODUCTION, "sqlite:///medvind.db", None)
    assert (settings.host, settings.port, settings.metrics_port) == ("127.0.0.1", 8000, None)
    assert (settings.zone, settings.language, settings.log_format) == ("Europe/Copenhagen", Language.DA, None)
    telegram, twilio = settings.telegram, settings.twilio
    assert (telegram.token, telegram.mode, telegram.base_url, telegram.rate) == (None, Mode.POLLING, None, 30)
    assert (settings.sms.provider, twilio.account_sid, twilio.base_url, twilio.rate) == (None, None, None, 1)
    seconds = settings.lease_seconds, settings.send_timeout_seconds, settings.ask_after_seconds, settings.look_seconds
    assert (*seconds, settings.workers_concurrency, settings.clock_file) == (40, 10, 120, 5, 50, None)


@pytest.mark.parametrize(("env", "provider"), [("demo", Provider.CONSOLE), ("test", None)])
def test_in_the_demo_text_messages_are_printed_unless_said_otherwise(
    given: dict[str, str], env: str, provider: Provider | None
) -> None:
    given["MEDVIND_ENV"] = env
    assert load().sms.provider is provider


def test_every_setting_has_an_example_of_itself(given: dict[str, str]) -> None:
    """So that whoever gets one wrong can put it right without the documents."""
    given.update(TEST)
    known = {f"MEDVIND_{name}".upper(): info for name, info in Settings.model_fields.items()}
    inner = {
        f"{name}__{field.alias or part}".upper()
        for name, info in known.items()
        for part, field in getattr(info.annotation, "model_fields", {}).items()
    }
    nested = {name for name, info in known.items() if hasattr(info.annotation, "model_fields")}
    names = (known.keys() - nested) | inner
    print(f"looked at {len(names)} settings")
    assert names <= EXAMPLES.keys()
    assert EXAMPLES.keys() - names == {"MEDVIND_CONFIG", "MEDVIND_SECRETS_DIR"}


def test_a_log_format_is_taken(given: dict[str, str]) -> None:
    given.update(TEST | {"MEDVIND_LOG_FORMAT": "json"})
    assert load().log_format is LogFormat.JSON
