"""`medvind timeline` and `medvind invite`: one person."""

import asyncio
import json
import sys
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from medvind.flows.plan import load_policy, plan_people
from medvind.main import bot_name, clock_of, open_database
from medvind.model import Why
from medvind.settings import load
from medvind.store import invites, outbox
from medvind.store.facts import facts_of
from medvind.store.participants import get_id
from medvind.store.schema import require_current
from medvind.texts import Catalogue

UNNAMED = "YOUR_BOT"


def register(root: typer.Typer) -> None:
    """Adds both."""
    root.command("timeline", help="What will be sent to one person, when and why")(timeline)
    root.command("invite", help="A one-use code that joins a Telegram account to a person")(invite)


def timeline(
    participant: str,
    *,
    days: Annotated[int, typer.Option(min=1, max=366)] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """What will be sent to one person in the days to come, when, and why."""
    for row in asyncio.run(_timeline(participant, days)):
        print(json.dumps(row, ensure_ascii=False) if as_json else f"{row['at']}  {row['key']:<28}  {row['why']}")


async def _timeline(participant: str, days: int) -> list[dict[str, Any]]:
    settings, catalogue = load(), Catalogue.load()
    now = clock_of(settings).now()
    until = now + timedelta(days=days)
    async with open_database(settings) as db:
        await require_current(db)
        async with db.begin() as session:
            person = await get_id(session, participant)
            await plan_people(session, [person], await load_policy(session), now, horizon=timedelta(days=days))
            facts = (await facts_of(session, [person]))[person]
            rows = await outbox.listed(session, participant_id=person)
    zone = ZoneInfo(facts.zone)
    return [
        {
            "at": row.due_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
            "kind": row.kind,
            "key": row.key,
            "state": row.state,
            "why": catalogue.why(Why(row.why["key"], row.why["values"]), facts.language),
        }
        for row in rows
        if now <= row.due_at <= until and row.state == "planned"
    ]


def invite(participant: str) -> None:
    """Prints the code, good once and for seven days, and the link that carries it. Earlier codes are good no more."""
    code, name = asyncio.run(_invite(participant))
    print(f"https://t.me/{name or UNNAMED}?start={code}")
    print(f"code: {code}")
    if name is None:
        print(f"put the bot's name for {UNNAMED}, or set MEDVIND_TELEGRAM__USERNAME", file=sys.stderr)


async def _invite(participant: str) -> tuple[str, str | None]:
    settings = load()
    clock = clock_of(settings)
    async with open_database(settings) as db:
        await require_current(db)
        async with db.begin() as session:
            code = await invites.create(session, await get_id(session, participant), clock.now())
    return code, await bot_name(settings)
