"""What the operator sets: from the environment, a TOML file or secret files. Read by `main` and the commands alone."""

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as SourceError

from medvind.errors import SettingsError
from medvind.model import Language
from medvind.sources import PREFIX, NamedValues, config_file, refuse_unknown, secret_files, wrong

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
OFFICIAL = {"MEDVIND_TELEGRAM__BASE_URL": "https://api.telegram.org", "MEDVIND_TWILIO__BASE_URL": "https://api.twilio.com"}
MARGIN = 30
"""Seconds that a lease outlives the time limit of a call in production, so that a slow call is never sent twice."""


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


def _sid(kind: str) -> AfterValidator:
    """A name that Twilio gave: two letters, then as a rule 32 hexadecimal digits."""

    def check(value: str) -> str:
        if not re.fullmatch(f"{kind}[0-9A-Za-z]+", value):
            raise ValueError(f"expected {kind} and 32 hexadecimal digits")
        return value

    return AfterValidator(check)


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value.get_secret_value()):
        raise ValueError("expected digits, a colon, then letters, digits, _ and -")
    return value


Url = Annotated[str, AfterValidator(_url)]
Port = Annotated[int, Field(ge=1, le=65535)]
Rate = Annotated[float, Field(gt=0, le=10_000_000)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Token = Annotated[SecretStr, AfterValidator(_token)]


class Telegram(BaseModel):
    """The bot; without a token there is none."""

    token: Token | None = None
    username: str | None = None
    mode: Mode = Mode.POLLING
    webhook_secret: SecretStr | None = None
    base_url: Url | None = None
    rate: Rate = 30.0


class Sms(BaseModel):
    """Who takes text messages; nobody, unless said."""

    provider: Provider | None = None


class Twilio(BaseModel):
    """The account and its sender."""

    account_sid: Annotated[str, _sid("AC")] | None = None
    auth_token: SecretStr | None = None
    from_: Annotated[str | None, Field(alias="from")] = None
    messaging_service_sid: Annotated[str, _sid("MG")] | None = None
    base_url: Url | None = None
    rate: Rate = 1.0


class Settings(BaseSettings):
    """Everything at once. A secret never stands in a message, a log or a repr."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", hide_input_in_errors=True, validate_default=False
    )

    env: Env = Env.PRODUCTION
    database_url: Annotated[str, Field(repr=False)] = "sqlite:///medvind.db"
    public_url: Url | None = None
    host: str = "127.0.0.1"
    port: Port = 8000
    metrics_port: Port | None = None
    encryption_keys: SecretStr | None = None
    index_key: SecretStr | None = None
    telegram: Telegram = Telegram()
    sms: Sms = Sms()
    twilio: Twilio = Twilio()
    zone: str = "Europe/Copenhagen"
    language: Language = Language.DA
    lease_seconds: Seconds = 40.0
    send_timeout_seconds: Seconds = 10.0
    ask_after_seconds: Seconds = 120.0
    look_seconds: Annotated[float, Field(gt=0, le=60)] = 5.0
    workers_concurrency: Annotated[int, Field(ge=1, le=1000)] = 50
    clock_file: Path | None = None
    log_format: LogFormat | None = None

    @model_validator(mode="after")
    def _printed_in_the_demo(self) -> Self:
        """Whoever tries it out sees the text messages on the terminal; elsewhere nobody is written to unless said."""
        if self.env is Env.DEMO and self.sms.provider is None:
            self.sms = Sms(provider=Provider.CONSOLE)
        return self

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
        secrets, file = secret_files(), config_file()
        refuse_unknown([*os.environ, *secrets, *file], _names())
        return env_settings, NamedValues(settings_cls, secrets), NamedValues(settings_cls, file)


def load() -> Settings:
    """The settings of this process. Raises SettingsError with one line: which, what is wrong, an example."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "__".join(str(part).upper() for part in first["loc"])
        raise wrong(name, first["msg"].removeprefix("Value error, ")) from None
    except SourceError:
        raise SettingsError(f"{PREFIX}…: a value can't be read; nested settings are spelt {PREFIX}TELEGRAM__TOKEN") from None
    _check(settings)
    return settings


def _names() -> set[str]:
    names = {"MEDVIND_CONFIG", "MEDVIND_SECRETS_DIR"}
    for field, info in Settings.model_fields.items():
        inner = getattr(info.annotation, "model_fields", None)
        names |= {f"{PREFIX}{field}".upper()} if inner is None else set()
        names |= {f"{PREFIX}{field}__{info.alias or name}".upper() for name, info in (inner or {}).items()}
    return names


def _check(settings: Settings) -> None:
    """What one setting alone can't show."""
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong("MEDVIND_ZONE", "no such time zone") from None
    for name, url in zip(OFFICIAL, (settings.telegram.base_url, settings.twilio.base_url), strict=True):
        _check_base_url(name, url, settings.env)
    if settings.env is Env.PRODUCTION:
        _check_production(settings)
    if settings.sms.provider is Provider.TWILIO:
        _check_twilio(settings)
    if settings.telegram.mode is Mode.WEBHOOK:
        _check_webhook(settings)


def _check_webhook(settings: Settings) -> None:
    secret = settings.telegram.webhook_secret
    if secret is None or not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise wrong("MEDVIND_TELEGRAM__WEBHOOK_SECRET", "webhook mode needs 1-256 of A-Z a-z 0-9 _ -")
    if settings.telegram.token and not settings.public_url:
        raise wrong("MEDVIND_PUBLIC_URL", "needed where Telegram calls us (mode webhook)")


def _check_base_url(name: str, url: str | None, env: Env) -> None:
    if url in {None, OFFICIAL[name]}:
        return
    if env is Env.PRODUCTION:
        raise wrong(name, "only the official address is allowed in production: leave it unset")
    if urlsplit(url).hostname not in LOOPBACK:
        raise wrong(name, "outside production it must be on this machine, such as http://127.0.0.1:8081")


def _check_production(settings: Settings) -> None:
    for name in ("encryption_keys", "index_key"):
        if getattr(settings, name) is None:
            raise wrong(f"MEDVIND_{name.upper()}", "missing")
    if settings.clock_file is not None:
        raise wrong("MEDVIND_CLOCK_FILE", "refused in production: time must be true there")
    if settings.public_url is not None and not settings.public_url.startswith("https://"):
        raise wrong("MEDVIND_PUBLIC_URL", "must begin with https:// in production: what people write comes over it")
    if settings.lease_seconds < settings.send_timeout_seconds + MARGIN:
        least = settings.send_timeout_seconds + MARGIN
        raise wrong("MEDVIND_LEASE_SECONDS", f"must be at least the time limit of a call and {MARGIN} s more, {least:g}")


def _check_twilio(settings: Settings) -> None:
    twilio = settings.twilio
    needed = {"ACCOUNT_SID": twilio.account_sid, "AUTH_TOKEN": twilio.auth_token}
    for name, value in needed.items():
        if value is None:
            raise wrong(f"MEDVIND_TWILIO__{name}", "missing, and MEDVIND_SMS__PROVIDER is twilio")
    if (twilio.from_ is None) == (twilio.messaging_service_sid is None):
        raise wrong("MEDVIND_TWILIO__FROM", "give this or MEDVIND_TWILIO__MESSAGING_SERVICE_SID, one of the two")
    if twilio.from_ is not None and not re.fullmatch(r"\+\d{8,15}", twilio.from_):
        raise wrong("MEDVIND_TWILIO__FROM", "must be a number that can receive: nobody could answer STOP to a name")
    if settings.public_url is None:
        raise wrong("MEDVIND_PUBLIC_URL", "needed where Twilio calls us")
