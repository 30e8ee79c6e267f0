"""`medvind timeline` and `medvind invite`: one person."""

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from medvind.commands.duties import as_utc
from medvind.flows import join, steer, wording
from medvind.flows.report import Reader
from medvind.flows.steer import FARTHEST, Message
from medvind.main import bot_name, clock_of, open_database
from medvind.model import Role, Viewer
from medvind.settings import load
from medvind.store.participants import get_id
from medvind.store.schema import require_current
from medvind.texts import Catalogue

UNNAMED = "YOUR_BOT"
OPERATOR = Viewer(None, Role.ADMIN)
"""Whoever may type commands reads any plan; they hold nobody's token."""


def register(root: typer.Typer) -> None:
    """Adds both."""
    root.command("timeline", help="What will be sent to one person, when and why")(timeline)
    root.command("invite", help="A one-use code that joins a Telegram account to a person")(invite)


def timeline(
    participant: str,
    *,
    days: Annotated[int, typer.Option(min=1, max=FARTHEST)] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """What will be sent to one person in the days to come, when, and why; and what gave way. Times are the person's own.

    As JSON it is the plan that the API shows, with times in UTC beside them.
    """
    for message in asyncio.run(_timeline(participant, days)):
        print(json.dumps(plain(message), ensure_ascii=False) if as_json else _line(message))


async def _timeline(participant: str, days: int) -> list[Message]:
    settings = load()
    async with open_database(settings) as db:
        await require_current(db)
        async with db.begin() as session:
            catalogue = await wording.current(session, Catalogue.load())
            reader = Reader(OPERATOR, settings.language, catalogue, clock_of(settings).now())
            return await steer.timeline(session, reader, await get_id(session, participant), days)


def _line(message: Message) -> str:
    told = [message.why or "", f"[{message.gave_way.text}]" if message.gave_way else ""]
    return f"{message.local:%Y-%m-%d %H:%M}  {message.key:<28}  {' '.join(filter(None, told))}"


def plain(message: Message) -> dict[str, Any]:
    """The fields of the API, under the same names."""
    decided = message.adjustment
    return asdict(message) | {
        "at": as_utc(message.at),
        "local": message.local.isoformat(),
        "valid_until": as_utc(message.valid_until),
        "adjustment": {"action": decided.action, "key": decided.key, "at": as_utc(decided.when)} if decided else None,
    }


def invite(
    participant: str,
    *,
    change: Annotated[bool, typer.Option("--change", help="For another account than the one that is joined")] = False,
) -> None:
    """Prints the code, good once and for seven days, and the link that carries it. Earlier codes are good no more."""
    code, name = asyncio.run(_invite(participant, change=change))
    print(f"https://t.me/{name or UNNAMED}?start={code}")
    print(f"code: {code}")
    if name is None:
        print(f"put the bot's name for {UNNAMED}, or set MEDVIND_TELEGRAM__USERNAME", file=sys.stderr)


async def _invite(participant: str, *, change: bool) -> tuple[str, str | None]:
    settings = load()
    clock = clock_of(settings)
    async with open_database(settings) as db:
        await require_current(db)
        async with db.begin() as session:
            made = await join.hand_out(session, await get_id(session, participant), clock.now(), change=change)
    return made.code, await bot_name(settings)
