"""Puts the house together: real clock, database, channels, and the processes that run on them."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto
from functools import partial
from pathlib import Path
from types import ModuleType

import structlog
from fastapi import APIRouter, FastAPI

from api.app import create_app, create_health_app
from api.server import listen, serve
from medvind.clock import Clock, ShiftedClock, SystemClock
from medvind.errors import NotReadyError
from medvind.flows import wording
from medvind.flows.deliver import Machine
from medvind.flows.status import record
from medvind.flows.turns import Line
from medvind.model import ChannelName, new_id
from medvind.rules.calendar import public_holidays
from medvind.settings import Mode, Provider, Settings
from medvind.store.database import Database
from medvind.store.schema import require_current
from medvind.store.vault import Keys, Vault
from medvind.store.wake import hear, is_told
from medvind.texts import Catalogue
from scheduler.clockwork import beats
from scheduler.leaps import Watch, always
from scheduler.ticker import Ticker
from scheduler.worker import work
from sms import webhook as sms_webhook
from sms.sandbox import Sandbox
from sms.signature import Signature
from sms.twilio import TwilioSms

LOOK_APART = 1.0
"""The longest sleep, in seconds, of a worker that other processes write for and that nobody tells."""
LOOKS_FOR_GARBAGE = (20_000, 20, 50)
"""New objects before the youngest are looked through, and so many such looks before the older ones are."""
LEAP = timedelta(minutes=2)
"""After a leap of the clock all calls have ended by then, however long the lease is set."""

log = structlog.get_logger()


class Part(Enum):
    """What a process may be; `serve` is all of them."""

    WORKER = auto()
    API = auto()
    BOT = auto()


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that is open while Medvind runs."""

    settings: Settings
    db: Database
    catalogue: Catalogue
    clock: Clock
    machine: Machine
    bot: ModuleType | None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    wake: asyncio.Event = field(default_factory=asyncio.Event)


def clock_of(settings: Settings) -> Clock:
    """The machine's clock, or in `test` and `demo` one that a file shifts."""
    return ShiftedClock(settings.clock_file) if settings.clock_file else SystemClock()


def keys_of(settings: Settings) -> Keys:
    """The keys that are set; in `demo` and `test` made on the fly and kept beside the SQLite file. Raises NotReadyError."""
    if settings.encryption_keys and settings.index_key:
        return Keys.parse(settings.encryption_keys.get_secret_value(), settings.index_key.get_secret_value())
    if not settings.database_url.startswith("sqlite:///"):
        raise NotReadyError("MEDVIND_ENCRYPTION_KEYS and MEDVIND_INDEX_KEY: missing; 'medvind keys new' prints a set")
    path = Path(f"{settings.database_url.removeprefix('sqlite:///')}.keys")
    try:
        if not path.exists():
            _keep(Keys.new(), path)
        named, _, index = path.read_text(encoding="ascii").partition("\n")
    except (OSError, ValueError) as error:
        raise NotReadyError(f"MEDVIND_DATABASE_URL: no keys can be kept at {path}: {type(error).__name__}") from None
    return Keys.parse(named, index)


def _keep(keys: Keys, path: Path) -> None:
    """Whole or not at all, and the first one wins: two processes may start at once."""
    part = path.with_suffix(f".{new_id()}")
    part.touch(mode=0o600)
    part.write_text("\n".join(keys.texts()), encoding="ascii")
    with suppress(FileExistsError):
        path.hardlink_to(part)
    part.unlink()


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database with its keys. Raises NotReadyError where the settings don't allow it."""
    async with Database.open(settings.database_url, Vault(keys_of(settings))) as db:
        yield db


@asynccontextmanager
async def install(settings: Settings) -> AsyncIterator[Installation]:
    """Opens all of it. Raises NotReadyError where the schema is old or a setting is wrong."""
    async with AsyncExitStack() as stack:
        clock = clock_of(settings)
        db = await stack.enter_async_context(open_database(settings))
        await require_current(db)
        async with db.read() as session:
            await wording.current(session, Catalogue.load())  # looked at once, before anything waits for it
        bot = bot_room(settings)
        lines = await stack.enter_async_context(open_lines(settings, clock, bot))
        machine = Machine(
            worker=f"{socket.gethostname()[:20]}:{os.getpid()}:{new_id()[:6]}",
            lines=lines,
            lease=timedelta(seconds=settings.lease_seconds),
            patience=settings.send_timeout_seconds,
            ask_after=timedelta(seconds=settings.ask_after_seconds),
            concurrency=settings.workers_concurrency,
        )
        yield Installation(settings, db, Catalogue.load(), clock, machine, bot)


def bot_room(settings: Settings) -> ModuleType | None:
    """The one late import: aiogram costs seconds and memory that an installation without Telegram need not pay."""
    if settings.telegram.token is None:
        return None
    import bot.edge

    return bot.edge


async def bot_name(settings: Settings) -> str | None:
    """The bot's name as links spell it: as it is set, else as Telegram says; None where neither is to be had now."""
    bot, telegram = bot_room(settings), settings.telegram
    if telegram.username or bot is None or telegram.token is None:
        return telegram.username
    token, patience = telegram.token.get_secret_value(), settings.send_timeout_seconds
    async with bot.Telegram.open(token, telegram.base_url, patience) as channel:
        name: str | None = await channel.username()
    return name


@asynccontextmanager
async def open_lines(settings: Settings, clock: Clock, bot: ModuleType | None) -> AsyncIterator[Mapping[ChannelName, Line]]:
    """The ways out that are set up, opened. `bot` is what `bot_room` gave."""
    lines: dict[ChannelName, Line] = {}
    telegram, twilio = settings.telegram, settings.twilio
    async with AsyncExitStack() as stack:
        if bot is not None and telegram.token:
            opened = bot.Telegram.open(telegram.token.get_secret_value(), telegram.base_url, settings.send_timeout_seconds)
            lines[ChannelName.TELEGRAM] = Line(await stack.enter_async_context(opened), telegram.rate)
        match settings.sms.provider:
            case Provider.TWILIO if twilio.account_sid and twilio.auth_token:
                sms = TwilioSms.open(
                    account_sid=twilio.account_sid,
                    auth_token=twilio.auth_token.get_secret_value(),
                    sender=twilio.from_ or twilio.messaging_service_sid or "",
                    base_url=twilio.base_url,
                    public_url=settings.public_url,
                    timeout=settings.send_timeout_seconds,
                    clock=clock,
                )
                lines[ChannelName.SMS] = Line(await stack.enter_async_context(sms), twilio.rate)
            case Provider.CONSOLE:
                lines[ChannelName.SMS] = Line(Sandbox(), twilio.rate)
            case _:
                pass
        yield lines


async def run(settings: Settings, parts: frozenset[Part], ready: Callable[[], None] = lambda: None) -> None:
    """Runs these parts until SIGTERM or SIGINT, then drains. Raises NotReadyError where the start is refused."""
    _refuse_polling(settings, parts)
    with _listen(settings, parts) as listening:
        await _run(settings, parts, listening, ready)


async def _run(settings: Settings, parts: frozenset[Part], listening: socket.socket | None, ready: Callable[[], None]) -> None:
    async with install(settings) as here:
        _have_all_at_hand(here.clock.now().date())
        app = await _app(here, parts)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, here.stop.set)
        async with asyncio.TaskGroup() as tasks:
            if Part.WORKER in parts:
                _start_worker(tasks, here, alone=len(parts) == 1)
            if listening is not None:
                tasks.create_task(serve(app, listening, here.stop))
            polls = settings.telegram.mode is Mode.POLLING
            if here.bot is not None and (Part.BOT if polls else Part.API) in parts:
                telegram = here.machine.lines[ChannelName.TELEGRAM].channel
                tasks.create_task(here.bot.show_menu(telegram, here.catalogue, settings.language))
                if polls:
                    tasks.create_task(_poll(here, here.bot))
            log.info("started", parts=sorted(part.name.lower() for part in parts))
            ready()
    log.info("stopped")


def _listen(settings: Settings, parts: frozenset[Part]) -> AbstractContextManager[socket.socket | None]:
    """Where this process answers, held before anything else starts; a worker and a bot listen only where told to."""
    if Part.API in parts:
        return listen(settings.host, settings.port)
    if settings.metrics_port is None:
        return nullcontext()
    return listen(settings.host, settings.metrics_port, "MEDVIND_METRICS_PORT")


async def _app(here: Installation, parts: frozenset[Part]) -> FastAPI:
    """What it answers: everything, or whether it lives."""
    if Part.API in parts:
        extra, public_url = await _webhooks(here), here.settings.public_url
        name = await bot_name(here.settings)
        return create_app(here.db, here.catalogue, here.clock, extra=extra, public_url=public_url, bot_name=name)
    return create_health_app(here.db, here.catalogue, here.clock)


def _have_all_at_hand(today: date) -> None:
    """Loads what its library loads at the first question only, and would hold up every call by then: a year's holidays.

    What was imported stays for good: looked through again and again, it would hold them up too. And Python looks for garbage
    that refers to itself after every 700 new objects: while messages leave, again and again, among objects that are all in use.
    """
    public_holidays(today.year)
    gc.freeze()
    gc.set_threshold(*LOOKS_FOR_GARBAGE)


def _refuse_polling(settings: Settings, parts: frozenset[Part]) -> None:
    if parts != {Part.BOT}:
        return
    if settings.telegram.token is None:
        raise NotReadyError("MEDVIND_TELEGRAM__TOKEN: missing, so there is no bot to run")
    if settings.telegram.mode is Mode.WEBHOOK:
        raise NotReadyError("MEDVIND_TELEGRAM__MODE: webhook, so Telegram calls 'medvind api'; there is nothing to poll")


def _start_worker(tasks: asyncio.TaskGroup, here: Installation, *, alone: bool) -> None:
    """On PostgreSQL it is told what other processes write; on SQLite one that runs by itself looks often."""
    look = here.settings.look_seconds
    if is_told(here.db):
        tasks.create_task(hear(here.db, here.wake.set, here.stop, apart=LOOK_APART))
    elif alone:
        look = min(look, LOOK_APART)
    watch = Watch(here.db, here.clock, min(here.machine.lease, LEAP))
    clock, trust = (here.clock, always) if here.settings.clock_file else (watch, watch.believes)
    sending = work(here.db, here.machine, here.catalogue, clock, wake=here.wake, stop=here.stop, look=look, trust=trust)
    tasks.create_task(sending)
    ticker = Ticker(here.db, here.machine.worker, clock, beats(here.db, here.machine, clock, here.stop), trust=trust)
    tasks.create_task(ticker.run(here.stop))
    sms = here.machine.lines.get(ChannelName.SMS)
    if sms is not None and isinstance(sms.channel, Sandbox):
        tasks.create_task(sms.channel.report(partial(record, here.db, clock=here.clock), here.stop))


async def _webhooks(here: Installation) -> list[APIRouter]:
    """The providers' doors, as far as they are set up."""
    settings, routers = here.settings, list[APIRouter]()
    if settings.sms.provider is Provider.TWILIO and settings.twilio.auth_token and settings.public_url:
        signature = Signature(settings.twilio.auth_token.get_secret_value(), settings.public_url)
        routers.append(sms_webhook.router(here.db, here.clock, signature, here.wake.set))
    telegram = settings.telegram
    if here.bot is not None and telegram.mode is Mode.WEBHOOK and telegram.webhook_secret and settings.public_url:
        secret = telegram.webhook_secret.get_secret_value()
        channel = here.machine.lines[ChannelName.TELEGRAM].channel
        await here.bot.register(channel, settings.public_url, secret)
        routers.append(here.bot.router(here.db, here.clock, secret, here.wake.set, channel))
    return routers


async def _poll(here: Installation, bot: ModuleType) -> None:
    """Asks Telegram for updates, while no other process does."""
    channel = here.machine.lines[ChannelName.TELEGRAM].channel

    async def poll(stop: asyncio.Event) -> None:
        await bot.poll(channel, here.db, here.clock, here.wake.set, stop)

    await bot.in_turn(here.db, here.clock, here.machine.worker, here.stop, poll)
