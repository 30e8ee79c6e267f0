"""`medvind token`: keys to the API."""

import asyncio
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer

from medvind.errors import InvalidError
from medvind.flows import cells
from medvind.flows.phones import to_e164
from medvind.main import clock_of, open_database
from medvind.model import Role
from medvind.settings import Settings, load
from medvind.store import coaches, tokens
from medvind.store.database import Session
from medvind.store.schema import require_current
from medvind.store.tokens import NewToken

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line")]


def register(root: typer.Typer) -> None:
    """Adds `token create`, `list` and `revoke`."""
    group = typer.Typer(help="Keys to the API", no_args_is_help=True)
    group.command("create")(create)
    group.command("list")(show)
    group.command("revoke")(revoke)
    root.add_typer(group, name="token")


def create(
    *,
    role: Annotated[Role, typer.Option(help="What its holder may see")],
    email: Annotated[str | None, typer.Option(help="Whose; a coach who does not exist yet is made")] = None,
    first_name: Annotated[str | None, typer.Option(help="Stands in texts")] = None,
    phone: Annotated[str | None, typer.Option(help="Stands in texts; without it duty_phone does")] = None,
    scope: Annotated[str | None, typer.Option(help="For the role service: participants:read, ...")] = None,
    test: Annotated[bool, typer.Option("--test", help="To try out: what its calls write is answered, and taken back")] = False,
    days: Annotated[int, typer.Option(min=1, max=3660)] = 90,
    as_json: Json = False,
) -> None:
    """Prints a new token, once."""
    if (role == Role.SERVICE) == (email is not None):
        raise InvalidError("--email: needed for coach, lead and admin, and not taken for service (for example: k@kommune.dk)")
    new = asyncio.run(_create(role, email, first_name, phone, scope, days, test=test))
    print(json.dumps({"id": new.id, "token": new.token}) if as_json else f"id: {new.id}\ntoken: {new.token}")


async def _create(
    role: Role, email: str | None, first_name: str | None, phone: str | None, scope: str | None, days: int, *, test: bool
) -> NewToken:
    settings = load()
    async with open_database(settings) as db:
        await require_current(db)
        async with db.begin() as session:
            coach_id = await _coach(session, settings, role, email, first_name, phone) if email else None
            now = clock_of(settings).now()
            return await tokens.create(session, role, coach_id=coach_id, scope=scope, test=test, days=days, now=now)


async def _coach(
    session: Session, settings: Settings, role: Role, email: str, first_name: str | None, phone: str | None
) -> int:
    """Whoever has this address, made where nobody has. A name or a number that is given replaces the one before."""
    address = _option("--email", cells.mail, email)
    number = _option("--phone", partial(to_e164, env=settings.env), phone) if phone else None
    name = _option("--first-name", cells.text(cells.LONGEST_NAME), first_name.strip()) if first_name else None
    known = await coaches.find_by_email(session, address)
    if known is None:
        return await coaches.add(session, role, address, name or _name_in(address), number, clock_of(settings).now())
    if known.role != role:
        raise InvalidError(f"--role: this address belongs to a {known.role}")
    await coaches.change(session, known, name, number)
    return known.id


def _option(name: str, read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except InvalidError as error:
        raise InvalidError(f"{name}: {error}") from None


def _name_in(address: str) -> str:
    """What most addresses begin with: `karin.holm@kommune.dk` is Karin's."""
    return re.split(r"[^a-zæøåäöüé]", address, maxsplit=1)[0].capitalize() or address.partition("@")[0]


def show(*, as_json: Json = False) -> None:
    """All tokens: whose, until when, last used. Never the token itself."""
    for row in asyncio.run(_rows()):
        fields = {name: None if value is None else str(value) for name, value in row.items()}
        print(json.dumps(fields) if as_json else "  ".join(f"{value or '-'}" for value in fields.values()))


async def _rows() -> list[dict[str, object]]:
    async with open_database(load()) as db:
        await require_current(db)
        async with db.read() as session:
            found = await tokens.listed(session)
    return [
        {
            "id": one.id,
            "role": one.role,
            "coach": one.coach_id,
            "scope": one.scope,
            "test": one.test or None,
            "expires_at": one.expires_at,
            "last_used_at": one.last_used_at,
            "revoked_at": one.revoked_at,
        }
        for one in found
    ]


def revoke(token_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Dead from now on."""
    asyncio.run(_revoke(token_id))


async def _revoke(token_id: str) -> None:
    settings = load()
    async with open_database(settings) as db:
        await require_current(db)
        async with db.begin() as session:
            await tokens.revoke(session, token_id, clock_of(settings).now())
