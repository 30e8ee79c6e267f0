"""`medvind doctor`: what is wrong, and its cure."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from http import HTTPStatus
from urllib.request import urlopen

import typer

from medvind.channels import Examined
from medvind.errors import MedvindError
from medvind.flows import wording
from medvind.main import bot_room, clock_of, keys_of, open_database, open_lines
from medvind.model import Language
from medvind.settings import Provider, Settings, load
from medvind.store import beats, copies
from medvind.store.database import Database
from medvind.store.schema import fault
from medvind.texts import shipped, untranslated

SKEW = timedelta(seconds=30)
QUIET = timedelta(minutes=5)
HEALTH = "/healthz"
PATIENCE = 5.0
"""Seconds that the public address is waited for."""


def register(root: typer.Typer) -> None:
    """Adds it."""
    root.command("doctor", help="Checks settings, database and providers, and says the cure of each fault")(start)


def start() -> None:
    """Looks at everything that a start needs. Exit 1 where something is wrong."""
    settings = load()
    print("ok    settings")
    sys.exit(asyncio.run(_examine(settings)))


async def _examine(settings: Settings) -> int:
    wrong = 0
    async for good, what in _findings(settings):
        print(f"{'ok   ' if good else 'wrong'} {what}")
        wrong += not good
    for what in by_hand(settings):
        print(f"look  {what}")
    return 1 if wrong else 0


def by_hand(settings: Settings) -> Iterator[str]:
    """What nothing can ask for and somebody must look at once, with the cure. It counts as no fault."""
    if settings.sms.provider is Provider.TWILIO:
        yield (
            "twilio: the words that the account itself answers can't be read from here, so look once in its console, under "
            "Opt-Out Management of the Messaging Service, else ask Twilio's support about the number. YES and JA must be no "
            "words to opt in with (they answer a question here; START and TILMELD opt in), and HELP and INFO must be answered "
            "by Medvind: take them out there. STOP and its kin may stay: a stop that only Twilio has heard holds here too"
        )


async def _findings(settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    try:
        keys_of(settings)
        yield True, "keys"
        async with open_database(settings) as db:
            async for finding in _database(db, settings):
                yield finding
    except MedvindError as error:
        yield False, str(error)
    lacking = untranslated({language: shipped(language) for language in Language})
    yield not lacking, f"texts: {', '.join(lacking)} written in Danish; translate them" if lacking else "texts"
    async for finding in _channels(settings):
        yield finding
    if settings.public_url is not None:
        yield await asyncio.to_thread(_public, settings.public_url)


async def _database(db: Database, settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    now = clock_of(settings).now()
    async with db.read() as session:
        yield True, "database"
        says = await fault(session)
        yield says is None, says.removeprefix("the database's ") if says else "schema"
        if says:
            return
        theirs = await beats.database_time(session)
        skew = abs(theirs - now)
        near = skew < SKEW or settings.clock_file is not None
        yield near, "clocks" if near else f"clocks: this machine and the database differ by {skew}; set both by NTP"
        if stays := await copies.stuck(session, now):
            cure = "why stands in the log under 'copy_stays'; delete them in its console"
            yield False, f"copies: the provider still keeps {stays} messages of people erased a week ago; {cure}"
        for one in await wording.unusable(session):
            yield False, str(one)
        last = (await beats.last(session)).get("sweep")
        alive = last is not None and now - last < QUIET
        yield alive, "worker" if alive else "worker: no beat in the last 5 minutes; start 'medvind worker' or 'medvind serve'"


async def _channels(settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    """Asks each provider whether it would work for us."""
    async with open_lines(settings, clock_of(settings), bot_room(settings)) as lines:
        if not lines:
            yield False, "channels: none is set up; set MEDVIND_SMS__PROVIDER or MEDVIND_TELEGRAM__TOKEN"
        for name, line in lines.items():
            if isinstance(line.channel, Examined):
                fault = await line.channel.fault()
                yield fault is None, fault or f"channel {name}"
            else:
                yield False, f"channel {name}: messages are printed, not sent; set MEDVIND_SMS__PROVIDER=twilio"


def _public(url: str) -> tuple[bool, str]:
    """Whether the address that providers call leads to a running Medvind."""
    address = f"{url}{HEALTH}"
    try:
        with urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - the setting is checked to be http or https
            good = answer.status == HTTPStatus.OK
    except (OSError, ValueError):
        good = False
    cure = "start 'medvind api' or 'medvind serve', and see that the proxy passes it on"
    return good, "webhooks" if good else f"webhooks: nobody answers at {address}; {cure}"
