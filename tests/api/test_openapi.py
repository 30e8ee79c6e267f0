"""The document tells the truth: every route is in it, says who may call it, and its examples can be read."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import create_async_engine

from api import (
    calendar,
    check_ins,
    coaches,
    condition,
    erasures,
    health,
    inbox,
    invites,
    meetings,
    merges,
    messages,
    own_data,
    participants,
    pauses,
    plans,
    private_word,
    signals,
    stops,
    support,
    tasks,
    texts,
)
from api.app import create_app
from api.problems import KINDS, Problem
from medvind.clock import SystemClock
from medvind.store.database import Database
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.api.calling import Api

OPEN = {"/healthz", "/readyz"}
PARTS = (
    participants,
    invites,
    private_word,
    own_data,
    erasures,
    messages,
    check_ins,
    signals,
    stops,
    inbox,
    tasks,
    coaches,
    plans,
    pauses,
    support,
    texts,
    calendar,
    meetings,
    merges,
    condition,
    health,
)
ROUTES = [route for part in PARTS for route in part.router.routes if isinstance(route, APIRoute)]
WITH_A_BODY = [route for route in ROUTES if route.response_model is not None]
"""A file is no JSON, and what was ended answers with nothing."""


@pytest.fixture(scope="session")
def document(catalogue: Catalogue, vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Made once: no database is asked for it."""
    address = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('openapi') / 'never.db'}"
    return create_app(Database(create_async_engine(address), vault), catalogue, SystemClock()).openapi()


async def test_the_document_is_served(api: Api, document: Any) -> None:
    assert (await api.get("/openapi.json")).json() == document


def calls_of(document: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in document["paths"].items():
        for call in methods.values():
            yield path, call


async def test_the_document_is_one_that_openapi_allows(document: Any) -> None:
    assert OpenAPI.model_validate(document).openapi.startswith("3.1")
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])


async def test_every_route_is_in_it_and_described(document: Any) -> None:
    assert set(document["paths"]) == {route.path for route in ROUTES}
    names = [call["operationId"] for _, call in calls_of(document)]
    assert len(names) == len(set(names))
    for path, call in calls_of(document):
        assert call["summary"], path
        assert call["tags"], path
        assert len(call["description"]) > 30, path


async def test_everything_but_health_asks_for_a_token(document: Any, api: Api) -> None:
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            assert (call.get("security") == [{"token": []}]) == (path not in OPEN), path
            answer = await api.client.request(method.upper(), re.sub(r"\{\w+\}", "x", path))
            assert (answer.status_code == 401) == (path not in OPEN), (method, path)


@pytest.mark.parametrize("route", WITH_A_BODY, ids=lambda route: str(route.operation_id))
async def test_the_example_of_an_answer_is_such_an_answer(route: APIRoute, document: Any) -> None:
    model = route.response_model
    assert isinstance(model, type)
    assert issubclass(model, BaseModel)
    [example] = document["components"]["schemas"][model.__name__]["examples"]
    again = model.model_validate(example, strict=False, extra="forbid").model_dump(mode="json", exclude_unset=True)
    assert again | {"next": None} == example | {"next": None}


async def test_the_examples_of_problems_are_such_problems(document: Any) -> None:
    looked = 0
    for path, call in calls_of(document):
        for status, answer in call["responses"].items():
            content = answer.get("content", {}).get("application/problem+json")
            if content is not None:
                assert Problem.model_validate(content["example"], extra="forbid").status == int(status), path
                looked += 1
        assert path in OPEN or {"401", "404", "422", "503"} <= set(call["responses"]), path
    assert looked >= 4 * len(ROUTES) - 8


class Page(HTMLParser):
    """What a page names, and what it would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.fetches: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.add(given.get("id") or "")
        if tag in {"script", "link", "style", "img", "iframe"} or "src" in given or "style" in given:
            self.fetches.append(tag)


async def test_the_page_of_documents_has_every_call_and_problem_and_fetches_nothing(api: Api, document: Any) -> None:
    answer = await api.get("/docs")
    page = Page()
    page.feed(answer.text)
    assert "<code>Authorization: Bearer …</code>" in answer.text
    assert "&lt;code&gt;" not in answer.text
    assert page.fetches == []
    assert {call["operationId"] for _, call in calls_of(document)} | set(KINDS) <= page.ids
