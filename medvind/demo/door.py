"""The way to the phones: a page, and what it asks for. For the browser on this machine and for no other site's page."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from medvind.demo.hands import Hands, Span
from medvind.demo.view import View, look
from medvind.model import ChannelName

SECRET = "X-Medvind-Phones"  # noqa: S105 - the header's name
PLACE = "@SECRET@"
LONGEST = 5000
"""Letters in one message: more than the service reads, so that one can see what it says to that."""
PAGE = Path(__file__).parent / "page"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = {path.name: path.read_bytes() for path in sorted(PAGE.iterdir()) if path.suffix in KINDS}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Door:
    """Whose hands, and who may come in. `hosts`: this server's own addresses; a name that leads here is not among them.

    Other sites' pages can make a browser call this machine. They can't read the page, so they don't know its secret.
    """

    hands: Hands
    hosts: frozenset[str]
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


def _door(request: Request) -> Door:
    """Refuses a call under any other name than our own: a stranger's name may be made to lead to this machine."""
    door: Door = request.app.state.door
    if request.headers.get("host") not in door.hosts:
        raise HTTPException(403)
    return door


async def _inside(request: Request, door: Annotated[Door, Depends(_door)]) -> Door:
    """Refuses whoever doesn't know the page's secret, and another site's page even if it did."""
    known = secrets.compare_digest(request.headers.get(SECRET, "").encode(), door.secret.encode())
    own = request.headers.get("origin") in {None, *(f"http://{host}" for host in door.hosts)}
    json = request.method == "GET" or request.headers.get("content-type", "").partition(";")[0] == "application/json"
    if not (known and own and json):
        raise HTTPException(403)
    return door


Here = Annotated[Door, Depends(_door)]
Inside = Annotated[Door, Depends(_inside)]


class Chosen(BaseModel):
    """Which phone, by its owner's external id."""

    phone: str = Field(max_length=20)


class Written(Chosen):
    """Words typed on it."""

    channel: ChannelName
    text: str = Field(min_length=1, max_length=LONGEST)


class Tapped(Chosen):
    """A button of it."""

    data: str = Field(max_length=64)


class Passed(Chosen):
    """Time that goes by while one looks at it."""

    span: Span


router = APIRouter(prefix="/phones")


@router.get("")
async def page(door: Here) -> Response:
    """The page, with the secret that its calls bring along."""
    text = FILES["phones.html"].decode().replace(PLACE, door.secret)
    return Response(text, media_type=KINDS[".html"], headers=HEADERS)


@router.get("/file/{name}", dependencies=[Depends(_door)])
async def file(name: str) -> Response:
    """What the page is made of."""
    if name not in FILES or name.endswith(".html"):
        raise HTTPException(404)
    return Response(FILES[name], media_type=KINDS[Path(name).suffix], headers=HEADERS)


@router.get("/view")
async def view(door: Inside, phone: str | None = None) -> View:
    """How things stand, with that phone or the first one whole."""
    return await _look(door, phone or door.hands.wait.cast[0].external_id)


@router.post("/write")
async def write(door: Inside, written: Written) -> View:
    """Types words and sends them."""
    await door.hands.write(written.phone, written.channel, written.text)
    return await _look(door, written.phone)


@router.post("/tap")
async def tap(door: Inside, tapped: Tapped) -> View:
    """Taps a button under a message."""
    await door.hands.tap(tapped.phone, tapped.data)
    return await _look(door, tapped.phone)


@router.post("/join")
async def join(door: Inside, chosen: Chosen) -> View:
    """Joins Telegram with a code."""
    await door.hands.join(chosen.phone)
    return await _look(door, chosen.phone)


@router.post("/pass")
async def pass_by(door: Inside, passed: Passed) -> View:
    """Lets time go on."""
    door.hands.owner(passed.phone)
    await door.hands.pass_by(passed.span)
    return await _look(door, passed.phone)


async def _look(door: Door, phone: str) -> View:
    return await look(door.hands.wait, door.hands.owner(phone))
