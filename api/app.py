"""The coaches' API, put together: guards outside, routes inside, every error a problem."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI

from api import (
    calendar,
    check_ins,
    coaches,
    condition,
    docs,
    erasures,
    health,
    inbox,
    invites,
    meetings,
    merges,
    messages,
    metrics,
    own_data,
    participants,
    pauses,
    plans,
    private_word,
    problems,
    signals,
    stops,
    support,
    tasks,
    texts,
)
from api.guards import BodyLimit, Calm, NoTokenInUrl, SafeHeaders
from api.house import House
from api.problems import Problem
from medvind.clock import Clock
from medvind.store.database import Database
from medvind.texts import Catalogue

VERSION = "1.0"
"""Of the interface, as in `/v1`: it rises when something is added, and the first digit only with the path."""
DESCRIPTION = (
    "For coaches: the people they follow, what was asked and answered, who could use a call and why, and what will be sent. "
    "Sign in with `Authorization: Bearer …`; a token in a URL is refused and revoked. "
    "Somebody else's person and one who doesn't exist give the same 404. "
    "Lists take `limit` and `cursor` and answer with `items` and `next`. "
    "Errors are `application/problem+json`, in Danish or with `Accept-Language: en` in English."
)
ROUTERS = (
    participants.router,
    invites.router,
    private_word.router,
    own_data.router,
    erasures.router,
    merges.router,
    messages.router,
    plans.router,
    pauses.router,
    check_ins.router,
    signals.router,
    stops.router,
    inbox.router,
    tasks.router,
    coaches.router,
    support.router,
    texts.router,
    calendar.router,
    meetings.router,
    condition.router,
    health.router,
    docs.router,
)
"""In the order of the document."""


class Api(FastAPI):
    """FastAPI, with the shape of a problem in its document: routes name it where no model of theirs does."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        document = super().openapi()
        document["components"]["schemas"].setdefault("Problem", Problem.model_json_schema())
        return document


def create_app(
    db: Database,
    catalogue: Catalogue,
    clock: Clock,
    *,
    extra: Sequence[APIRouter] = (),
    public_url: str | None = None,
    bot_name: str | None = None,
) -> FastAPI:
    """The app over an open database. `extra` are the webhooks of `bot` and `sms`: they stand behind the same guards.

    `public_url` and `bot_name` go into the addresses that are handed out; without them none is.
    """
    app = Api(
        title="Medvind",
        version=VERSION,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.house = house = House(db, catalogue, clock, public_url, bot_name)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    for router in (calendar.feeds, metrics.router, *extra):
        app.include_router(router, include_in_schema=False)
    return _guarded(app, house)


def create_health_app(db: Database, catalogue: Catalogue, clock: Clock) -> FastAPI:
    """Whether this process lives and the work gets done, in words and numbers: for a worker or a bot that machines watch."""
    app = FastAPI(title="Medvind", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.house = house = House(db, catalogue, clock)
    problems.install(app)
    app.include_router(health.router)
    app.include_router(metrics.router)
    return _guarded(app, house)


def _guarded(app: FastAPI, house: House) -> FastAPI:
    """The guards, the outermost last."""
    app.add_middleware(Calm)
    app.add_middleware(BodyLimit)
    app.add_middleware(NoTokenInUrl, house=house)
    app.add_middleware(SafeHeaders)
    return app
