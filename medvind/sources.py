"""Where the operator's settings come from besides the environment, and what is said of a wrong one."""

import difflib
import os
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from pydantic_settings import BaseSettings, EnvSettingsSource

from medvind.errors import SettingsError

PREFIX = "MEDVIND_"
EXAMPLES = {
    "MEDVIND_ENV": "production",
    "MEDVIND_DATABASE_URL": "sqlite:///medvind.db",
    "MEDVIND_PUBLIC_URL": "https://medvind.example.dk",
    "MEDVIND_HOST": "127.0.0.1",
    "MEDVIND_PORT": "8000",
    "MEDVIND_METRICS_PORT": "9100",
    "MEDVIND_ENCRYPTION_KEYS": "what 'medvind keys new' prints",
    "MEDVIND_INDEX_KEY": "what 'medvind keys new' prints",
    "MEDVIND_TELEGRAM__TOKEN": "123456:ABC-DEF, from BotFather",
    "MEDVIND_TELEGRAM__USERNAME": "MedvindBot",
    "MEDVIND_TELEGRAM__MODE": "polling",
    "MEDVIND_TELEGRAM__WEBHOOK_SECRET": "32 letters and digits",
    "MEDVIND_TELEGRAM__BASE_URL": "http://127.0.0.1:8081, in test and demo only",
    "MEDVIND_TELEGRAM__RATE": "30",
    "MEDVIND_SMS__PROVIDER": "twilio",
    "MEDVIND_TWILIO__ACCOUNT_SID": "AC and 32 hexadecimal digits",
    "MEDVIND_TWILIO__AUTH_TOKEN": "from Twilio's console",
    "MEDVIND_TWILIO__FROM": "+4520304050",
    "MEDVIND_TWILIO__MESSAGING_SERVICE_SID": "MG and 32 hexadecimal digits",
    "MEDVIND_TWILIO__BASE_URL": "http://127.0.0.1:8082, in test and demo only",
    "MEDVIND_TWILIO__RATE": "1",
    "MEDVIND_ZONE": "Europe/Copenhagen",
    "MEDVIND_LANGUAGE": "da",
    "MEDVIND_LEASE_SECONDS": "40",
    "MEDVIND_SEND_TIMEOUT_SECONDS": "10",
    "MEDVIND_ASK_AFTER_SECONDS": "120",
    "MEDVIND_LOOK_SECONDS": "5",
    "MEDVIND_WORKERS_CONCURRENCY": "50",
    "MEDVIND_CLOCK_FILE": "clock.txt, in test and demo only",
    "MEDVIND_LOG_FORMAT": "json",
    "MEDVIND_CONFIG": "medvind.toml",
    "MEDVIND_SECRETS_DIR": "/run/secrets",
}


def wrong(name: str, problem: str) -> SettingsError:
    """One line: which setting, what is wrong with it, an example. Never its value."""
    example = f" (for example: {EXAMPLES[name]})" if name in EXAMPLES else ""
    return SettingsError(f"{name}: {problem}{example}")


class NamedValues(EnvSettingsSource):
    """Settings under their environment names, from somewhere else than the environment."""

    def __init__(self, settings: type[BaseSettings], values: Mapping[str, str]) -> None:
        super().__init__(settings)
        self.env_vars = {name.lower(): value for name, value in values.items()}


def refuse_unknown(given: Iterable[str], known: Collection[str]) -> None:
    """A misspelt setting would otherwise count as not set. Raises SettingsError that names the nearest one."""
    for name in given:
        if name.upper().startswith(PREFIX) and name.upper() not in known and not name.upper().startswith("MEDVIND_TEST_"):
            near = difflib.get_close_matches(name.upper(), known, 1)
            raise SettingsError(f"{name}: no such setting" + (f"; did you mean {near[0]}?" if near else ""))


def secret_files() -> dict[str, str]:
    """What stands in the folder that MEDVIND_SECRETS_DIR names, a file a setting. Raises SettingsError."""
    folder = os.environ.get("MEDVIND_SECRETS_DIR")
    if not folder:
        return {}
    try:
        files = [path for path in Path(folder).iterdir() if path.name.upper().startswith(PREFIX)]
        return {path.name: path.read_text(encoding="utf-8").strip() for path in files}
    except OSError as error:
        raise wrong("MEDVIND_SECRETS_DIR", f"{error.strerror or 'unreadable'}: {error.filename or folder}") from None
    except UnicodeDecodeError:
        raise wrong("MEDVIND_SECRETS_DIR", f"a file in {folder} is no text in UTF-8") from None


def config_file() -> dict[str, str]:
    """What stands in the TOML file that MEDVIND_CONFIG names. Raises SettingsError with the line, never with its words."""
    path = os.environ.get("MEDVIND_CONFIG")
    if not path:
        return {}
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise wrong("MEDVIND_CONFIG", f"{error.strerror or 'unreadable'}: {path}") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line \d+", str(error))
        raise wrong("MEDVIND_CONFIG", f"{path} is no TOML{f', see {place[0]}' if place else ''}") from None
    except UnicodeDecodeError:
        raise wrong("MEDVIND_CONFIG", f"{path} is no text in UTF-8") from None
    for name, value in values.items():
        if not name.upper().startswith(PREFIX) or isinstance(value, dict | list):
            raise SettingsError(f"MEDVIND_CONFIG: {path}: {name}: expected lines such as MEDVIND_PORT = 8000")
    return {name: str(value) for name, value in values.items()}
