"""`medvind plan` and `medvind outbox`: what is owed, and what became of it."""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from medvind.errors import InvalidError
from medvind.flows.plan import HORIZON, plan_all
from medvind.main import clock_of, open_database
from medvind.model import RecipientType, State
from medvind.settings import load
from medvind.store import listing
from medvind.store.listing import Listed
from medvind.store.participants import external_ids, get_id
from medvind.store.schema import require_current

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line")]


def register(root: typer.Typer) -> None:
    """Adds both."""
    root.command("plan", help="Makes the plan up to date")(plan)
    root.command("outbox", help="The duties as they stand")(show)


def plan(
    *, until: Annotated[str | None, typer.Option(help="A date, else 90 days from now")] = None, as_json: Json = False
) -> None:
    """Looks at everybody, and prints what was added, moved, withdrawn and left unchanged. Exit 1 where a rule failed."""
    counts = asdict(asyncio.run(_plan(until)))
    print(json.dumps(counts) if as_json else ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in counts.items()))
    if counts["failed"]:
        print(
            f"{counts['failed']} could not be planned: each is a task on the coach's list, and a line in the log",
            file=sys.stderr,
        )
        sys.exit(1)


async def _plan(until: str | None) -> Any:
    settings = load()
    clock = clock_of(settings)
    async with open_database(settings) as db:
        await require_current(db)
        return await plan_all(db, clock, until=_span(until, clock.now(), settings.zone), anew=until is not None)


def _span(until: str | None, now: datetime, zone: str) -> timedelta:
    if until is None:
        return HORIZON
    try:
        span = datetime.combine(date.fromisoformat(until) + timedelta(days=1), time(), ZoneInfo(zone)) - now
    except ValueError:
        raise InvalidError(f"--until: {until!r} is no date (for example: 2027-03-01)") from None
    if span <= timedelta():
        raise InvalidError(f"--until: {until} is past")
    return span


def show(
    *,
    as_json: Json = False,
    state: Annotated[State | None, typer.Option(help="Only duties in this state")] = None,
    participant: Annotated[str | None, typer.Option(help="Only this person's, by external id")] = None,
) -> None:
    """All duties, or some of them. No names and no texts."""
    for row in asyncio.run(_rows(state, participant)):
        line = f"{row['due_at']}  {row['state']:<11}  {row['participant'] or '-':<12}  {row['key']}"
        print(json.dumps(row) if as_json else line)


async def _rows(state: State | None, participant: str | None) -> list[Mapping[str, Any]]:
    async with open_database(load()) as db:
        await require_current(db)
        async with db.read(limit=None) as session:
            person = await get_id(session, participant) if participant else None
            names = await external_ids(session)
            rows = await listing.listed(session, state=state, participant_id=person)
    return [as_json(row, names) for row in rows]


def as_json(row: Listed, names: Mapping[int, str]) -> Mapping[str, Any]:
    """A duty in the shape that scripts rely on; times are UTC with `Z`."""
    theirs = row.recipient_type == RecipientType.PARTICIPANT
    return {
        "id": row.id,
        "participant": names.get(row.recipient_id) if theirs else None,
        "coach": row.recipient_id if row.recipient_type == RecipientType.COACH else None,
        "kind": row.kind,
        "key": row.key,
        "channel": row.channel,
        "state": row.state,
        "due_at": as_utc(row.due_at),
        "valid_until": as_utc(row.valid_until),
        "sent_at": as_utc(row.sent_at),
        "provider_id": row.provider_id,
        "attempts": row.attempts,
        "reason": row.reason,
        "carried_by": row.carried_by,
    }


def as_utc(moment: datetime | None) -> str | None:
    """A moment as scripts read it: UTC with `Z`."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
