"""What the operator sets: from the environment, a TOML file or secret files. Read by `main` and the commands alone."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as SourceError

from medvind.errors import SettingsError
from medvind.model import Language

PREFIX = "MEDVIND_"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
OFFICIAL = {"https://api.telegram.org", "https://api.twilio.com"}
MARGIN = 30
"""Seconds that a lease outlives the time limit of a call in production, so that a slow call is never sent twice."""
EXAMPLES = {
    "MEDVIND_ENV": "production",
    "MEDVIND_DATABASE_URL": "sqlite:///medvind.db",
    "MEDVIND_PUBLIC_URL": "https://medvind.example.dk",
    "MEDVIND_PORT": "8000",
    "MEDVIND_ENCRYPTION_KEYS": "what 'medvind keys new' prints",
    "MEDVIND_INDEX_KEY": "what 'medvind keys new' prints",
    "MEDVIND_TELEGRAM__TOKEN": "123456:ABC-DEF, from BotFather",
    "MEDVIND_TELEGRAM__MODE": "polling",
    "MEDVIND_TELEGRAM__WEBHOOK_SECRET": "32 letters and digits",
    "MEDVIND_SMS__PROVIDER": "twilio",
    "MEDVIND_TWILIO__ACCOUNT_SID": "AC and 32 hexadecimal digits",
    "MEDVIND_TWILIO__AUTH_TOKEN": "from Twilio's console",
    "MEDVIND_TWILIO__FROM": "+4520304050",
    "MEDVIND_ZONE": "Europe/Copenhagen",
    "MEDVIND_LEASE_SECONDS": "40",
    "MEDVIND_CLOCK_FILE": "clock.txt, in test and demo only",
}


class Env(StrEnum):
    """How careful the start is. Only `production` sends to real providers."""

    PRODUCTION = "production"
    TEST = "test"
    DEMO = "demo"


class Mode(StrEnum):
    """How Telegram's updates arrive."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class Provider(StrEnum):
    """Who takes text messages."""

    TWILIO = "twilio"
    CONSOLE = "console"


class LogFormat(StrEnum):
    """For people, or for machines."""

    CONSOLE = "console"
    JSON = "json"


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected an address such as https://medvind.example.dk")
    return value.rstrip("/")


Url = Annotated[str, AfterValidator(_url)]
Rate = Annotated[float, Field(gt=0)]


class Telegram(BaseModel):
    """The bot; without a token there is none."""

    token: SecretStr | None = None
    username: str | None = None
    mode: Mode = Mode.POLLING
    webhook_secret: SecretStr | None = None
    base_url: Url | None = None
    rate: Rate = 30.0

    @model_validator(mode="after")
    def _secret(self) -> Self:
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        if self.mode is Mode.WEBHOOK and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise ValueError("webhook mode needs webhook_secret: 1-256 of A-Z a-z 0-9 _ -")
        return self


class Sms(BaseModel):
    """Who takes text messages; nobody, unless said."""

    provider: Provider | None = None


class Twilio(BaseModel):
    """The account and its sender."""

    account_sid: str | None = None
    auth_token: SecretStr | None = None
    from_: Annotated[str | None, Field(alias="from")] = None
    messaging_service_sid: str | None = None
    base_url: Url | None = None
    rate: Rate = 1.0


class NamedValues(EnvSettingsSource):
    """Settings under their environment names, from somewhere else than the environment."""

    def __init__(self, settings: type[BaseSettings], values: Mapping[str, str]) -> None:
        super().__init__(settings)
        self.env_vars = {name.lower(): value for name, value in values.items()}


class Settings(BaseSettings):
    """Everything at once. A secret never stands in a message, a log or a repr."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", hide_input_in_errors=True, validate_default=False
    )

    env: Env = Env.PRODUCTION
    database_url: str = "sqlite:///medvind.db"
    public_url: Url | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    encryption_keys: SecretStr | None = None
    index_key: SecretStr | None = None
    telegram: Telegram = Telegram()
    sms: Sms = Sms()
    twilio: Twilio = Twilio()
    zone: str = "Europe/Copenhagen"
    language: Language = Language.DA
    lease_seconds: Annotated[float, Field(gt=0)] = 40.0
    send_timeout_seconds: Annotated[float, Field(gt=0)] = 10.0
    ask_after_seconds: Annotated[float, Field(gt=0)] = 120.0
    look_seconds: Annotated[float, Field(gt=0, le=60)] = 5.0
    workers_concurrency: Annotated[int, Field(ge=1, le=1000)] = 50
    clock_file: Path | None = None
    log_format: LogFormat | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over secret files, those over the TOML file."""
        del init_settings, dotenv_settings, file_secret_settings
        secrets, file = _secret_files(), _config_file()
        _refuse_unknown([*os.environ, *secrets, *file])
        return env_settings, NamedValues(settings_cls, secrets), NamedValues(settings_cls, file)


def load() -> Settings:
    """The settings of this process. Raises SettingsError with one line: which, what is wrong, an example."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "__".join(str(part).upper() for part in first["loc"])
        raise _wrong(name, first["msg"].removeprefix("Value error, ")) from None
    except SourceError as error:
        raise SettingsError(f"{PREFIX}…: {error}") from None
    _check(settings)
    return settings


def _wrong(name: str, problem: str) -> SettingsError:
    example = f" (for example: {EXAMPLES[name]})" if name in EXAMPLES else ""
    return SettingsError(f"{name}: {problem}{example}")


def _names() -> set[str]:
    names = {"MEDVIND_CONFIG", "MEDVIND_SECRETS_DIR"}
    for field, info in Settings.model_fields.items():
        inner = getattr(info.annotation, "model_fields", None)
        names |= {f"{PREFIX}{field}".upper()} if inner is None else set()
        names |= {f"{PREFIX}{field}__{info.alias or name}".upper() for name, info in (inner or {}).items()}
    return names


def _refuse_unknown(given: Iterable[str]) -> None:
    """A misspelt setting would otherwise count as not set."""
    known = _names()
    for name in given:
        if name.upper().startswith(PREFIX) and name.upper() not in known and not name.upper().startswith("MEDVIND_TEST_"):
            near = difflib.get_close_matches(name.upper(), known, 1)
            raise SettingsError(f"{name}: no such setting" + (f"; did you mean {near[0]}?" if near else ""))


def _secret_files() -> dict[str, str]:
    folder = os.environ.get("MEDVIND_SECRETS_DIR")
    if not folder:
        return {}
    try:
        files = [path for path in Path(folder).iterdir() if path.name.upper().startswith(PREFIX)]
        return {path.name: path.read_text(encoding="utf-8").strip() for path in files}
    except OSError as error:
        raise SettingsError(f"MEDVIND_SECRETS_DIR: {error.strerror or 'unreadable'}: {folder}") from None


def _config_file() -> dict[str, str]:
    path = os.environ.get("MEDVIND_CONFIG")
    if not path:
        return {}
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"MEDVIND_CONFIG: {error.strerror or 'unreadable'}: {path}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"MEDVIND_CONFIG: {path} is no TOML: {error}") from None
    for name, value in values.items():
        if not name.upper().startswith(PREFIX) or isinstance(value, dict | list):
            raise SettingsError(f"MEDVIND_CONFIG: {path}: {name}: expected lines such as MEDVIND_PORT = 8000")
    return {name: str(value) for name, value in values.items()}


def _check(settings: Settings) -> None:
    """What one setting alone can't show."""
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise _wrong("MEDVIND_ZONE", "no such time zone") from None
    for name, url in (("TELEGRAM", settings.telegram.base_url), ("TWILIO", settings.twilio.base_url)):
        _check_base_url(f"MEDVIND_{name}__BASE_URL", url, settings.env)
    if settings.env is Env.PRODUCTION:
        _check_production(settings)
    if settings.sms.provider is Provider.TWILIO:
        _check_twilio(settings)
    if settings.telegram.token and settings.telegram.mode is Mode.WEBHOOK and not settings.public_url:
        raise _wrong("MEDVIND_PUBLIC_URL", "needed where Telegram calls us (mode webhook)")


def _check_base_url(name: str, url: str | None, env: Env) -> None:
    if url is None or url in OFFICIAL:
        return
    if env is Env.PRODUCTION:
        raise _wrong(name, "only the official address is allowed in production: leave it unset")
    if urlsplit(url).hostname not in LOOPBACK:
        raise _wrong(name, "outside production it must be on this machine, such as http://127.0.0.1:8081")


def _check_production(settings: Settings) -> None:
    for name in ("encryption_keys", "index_key"):
        if getattr(settings, name) is None:
            raise _wrong(f"MEDVIND_{name.upper()}", "missing")
    if settings.clock_file is not None:
        raise _wrong("MEDVIND_CLOCK_FILE", "refused in production: time must be true there")
    if settings.lease_seconds < settings.send_timeout_seconds + MARGIN:
        least = settings.send_timeout_seconds + MARGIN
        raise _wrong("MEDVIND_LEASE_SECONDS", f"must be at least the time limit of a call and {MARGIN} s more, {least:g}")


def _check_twilio(settings: Settings) -> None:
    twilio = settings.twilio
    needed = {"ACCOUNT_SID": twilio.account_sid, "AUTH_TOKEN": twilio.auth_token}
    for name, value in needed.items():
        if value is None:
            raise _wrong(f"MEDVIND_TWILIO__{name}", "missing, and MEDVIND_SMS__PROVIDER is twilio")
    if (twilio.from_ is None) == (twilio.messaging_service_sid is None):
        raise _wrong("MEDVIND_TWILIO__FROM", "give this or MEDVIND_TWILIO__MESSAGING_SERVICE_SID, one of the two")
    if twilio.from_ is not None and not re.fullmatch(r"\+\d{8,15}", twilio.from_):
        raise _wrong("MEDVIND_TWILIO__FROM", "must be a number that can receive: nobody could answer STOP to a name")
    if settings.public_url is None:
        raise _wrong("MEDVIND_PUBLIC_URL", "needed where Twilio calls us")
