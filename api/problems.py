"""What goes wrong, as `application/problem+json` (RFC 9457). It never repeats what was sent, nor whose it was.

But for words that may not go out as a text: whoever wrote them must see which ones, and they are nobody's.
"""

import http
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from api.faults import say
from api.language import language_of
from api.merge_problems import IN_THE_WAY
from api.shapes import field_of, shape_of
from medvind.errors import (
    ConflictError,
    DatabaseAwayError,
    FieldError,
    InvalidError,
    MergeRefusedError,
    NotAllowedError,
    NotFoundError,
    OtherSchemaError,
    SettingsError,
    WordsRefusedError,
)
from medvind.model import Language

MEDIA_TYPE = "application/problem+json"
EXAMPLE: Mapping[str, Any] = {
    "type": "/docs#invalid",
    "title": "The call can't be used as it is",
    "status": 422,
    "detail": "Mend what stands under errors and try again.",
    "errors": {"limit": ["at most 200"]},
}


class Problem(BaseModel):
    """What went wrong, in words for whoever made the call."""

    model_config = ConfigDict(json_schema_extra={"examples": [dict(EXAMPLE)]})

    type: str = Field(description="Which problem; the address leads to its line in /docs")
    title: str
    status: int
    detail: str
    errors: dict[str, list[str]] | None = Field(
        None, description="What is wrong with each field; absent where it isn't a field"
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """A problem's status, and its title and detail in each language."""

    status: int
    says: Mapping[Language, tuple[str, str]]


def _kind(status: int, danish: tuple[str, str], english: tuple[str, str]) -> Kind:
    return Kind(status, {Language.DA: danish, Language.EN: english})


KINDS: Mapping[str, Kind] = {
    "bad-request": _kind(
        400,
        ("Kaldet kan ikke læses", "Se i /docs, hvordan det skal se ud."),
        ("The call can't be read", "See /docs for what it looks like."),
    ),
    "token-in-url": _kind(
        400,
        (
            "En nøgle stod i adressen",
            "Adresser bliver gemt mange steder. Nøglen virker ikke mere; lav en ny, og send den i Authorization.",
        ),
        (
            "A token stood in the URL",
            "URLs are kept in many places. The token is revoked; make a new one and send it as Authorization.",
        ),
    ),
    "not-signed-in": _kind(
        401,
        ("Nøglen mangler eller virker ikke", "Send Authorization: Bearer med en nøgle, der ikke er udløbet."),
        ("No token, or one that doesn't work", "Send Authorization: Bearer with a token that has not expired."),
    ),
    "forbidden": _kind(
        403,
        ("Kaldet er afvist", "Underskriften passer ikke."),
        ("The call is refused", "Its signature doesn't fit."),
    ),
    "not-allowed": _kind(
        403,
        ("Det må du se, men ikke ændre", "Bed en, der har en nøgle med rollen admin."),
        ("You may see this, and not change it", "Ask somebody who has a token with the role admin."),
    ),
    "not-found": _kind(
        404,
        ("Ikke fundet", "Her er intet, du kan se."),
        ("Not found", "There is nothing here that you may see."),
    ),
    "method-not-allowed": _kind(
        405,
        ("Sådan kan adressen ikke bruges", "Se i /docs, hvad den kan."),
        ("This address doesn't take that", "See /docs for what it takes."),
    ),
    "conflict": _kind(
        409,
        ("Det er ændret imens", "Hent det igen, og begynd med det, der står der nu."),
        ("It has changed meanwhile", "Fetch it again and begin from what is there now."),
    ),
    "too-large": _kind(
        413,
        ("For stort", "Et kald må højst fylde 64 KiB. Intet er gemt."),
        ("Too large", "A call may have at most 64 KiB. Nothing was kept."),
    ),
    "invalid": _kind(
        422,
        ("Kaldet kan ikke bruges, som det er", "Ret det, der står under errors, og prøv igen."),
        (str(EXAMPLE["title"]), str(EXAMPLE["detail"])),
    ),
    "unexpected": _kind(
        500,
        ("Noget gik galt hos os", "Fejlen er noteret. Intet er gemt halvt."),
        ("Something went wrong on our side", "It has been noted. Nothing was kept half done."),
    ),
    "away": _kind(
        503,
        ("Databasen svarer ikke", "Prøv igen om lidt. Intet er gemt halvt."),
        ("The database doesn't answer", "Try again in a moment. Nothing was kept half done."),
    ),
    "other-schema": _kind(
        503,
        (
            "Databasen hører til en anden udgave af Medvind",
            "Den, der driver Medvind, skal starte den udgave eller køre 'medvind migrate'. Intet er gemt halvt.",
        ),
        (
            "The database belongs to another version of Medvind",
            "Whoever runs Medvind must start that version or run 'medvind migrate'. Nothing was kept half done.",
        ),
    ),
    "not-set-up": _kind(
        503,
        ("Det er ikke sat op her", "Den, der driver Medvind, skal først sætte MEDVIND_PUBLIC_URL."),
        ("This is not set up here", "Whoever runs Medvind must set MEDVIND_PUBLIC_URL first."),
    ),
    **{name: _kind(409, *says) for name, says in IN_THE_WAY.items()},
}
PASSING = frozenset({"away", "other-schema"})
"""What goes over without the caller's doing: they are told when to try again."""
BY_STATUS = {kind.status: name for name, kind in reversed(list(KINDS.items()))}


def problem(
    name: str,
    language: Language,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer that says so."""
    kind = KINDS[name]
    title, detail = kind.says[language]
    body: dict[str, Any] = {"type": f"/docs#{name}", "title": title, "status": kind.status, "detail": detail}
    if errors:
        body["errors"] = errors
    wait = {"Retry-After": "5"} if name in PASSING else {}
    return JSONResponse(body, kind.status, headers={**wait, **(headers or {})}, media_type=MEDIA_TYPE)


def responses(*problems: int | str) -> dict[int | str, dict[str, Any]]:
    """The problems that a route can answer with, by status or by name, for the OpenAPI document."""
    schema = {"$ref": "#/components/schemas/Problem"}
    names = [BY_STATUS[one] if isinstance(one, int) else one for one in problems]
    return {
        KINDS[name].status: {
            "description": KINDS[name].says[Language.EN][0],
            "content": {MEDIA_TYPE: {"schema": schema, "example": _example(name)}},
        }
        for name in names
    }


def install(app: FastAPI) -> None:
    """Turns the errors of the rooms below into problems, in one place."""
    app.add_exception_handler(NotFoundError, _not_found)
    app.add_exception_handler(ConflictError, _conflict)
    app.add_exception_handler(MergeRefusedError, _merge_refused)
    app.add_exception_handler(NotAllowedError, _not_allowed)
    app.add_exception_handler(InvalidError, _invalid)
    app.add_exception_handler(RequestValidationError, _faults)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(DatabaseAwayError, _away)
    app.add_exception_handler(OtherSchemaError, _other_schema)
    app.add_exception_handler(SettingsError, _not_set_up)


def _example(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    title, detail = kind.says[Language.EN]
    example = {"type": f"/docs#{name}", "title": title, "status": kind.status, "detail": detail}
    return example | ({"errors": EXAMPLE["errors"]} if kind.status == EXAMPLE["status"] else {})


def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))


async def _not_found(request: Request, _error: Exception) -> JSONResponse:
    return problem("not-found", _language(request))


async def _conflict(request: Request, _error: Exception) -> JSONResponse:
    return problem("conflict", _language(request))


async def _merge_refused(request: Request, error: Exception) -> JSONResponse:
    """Where the record is part of another one, with that one's external id, which whoever asks may see."""
    if not isinstance(error, MergeRefusedError):
        raise error
    errors = {"participant_id": [error.into]} if error.into else None
    return problem(error.why, _language(request), errors=errors)


async def _away(request: Request, _error: Exception) -> JSONResponse:
    return problem("away", _language(request))


async def _other_schema(request: Request, _error: Exception) -> JSONResponse:
    return problem("other-schema", _language(request))


async def _not_set_up(request: Request, _error: Exception) -> JSONResponse:
    return problem("not-set-up", _language(request))


async def _not_allowed(request: Request, _error: Exception) -> JSONResponse:
    return problem("not-allowed", _language(request))


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """By field where it is one. What else is wrong is for whoever runs the service, and isn't passed on."""
    language = _language(request)
    match error:
        case WordsRefusedError():
            errors = {field: [say(fault, language) for fault in faults] for field, faults in error.faults.items()}
            return problem("invalid", language, errors=errors)
        case FieldError():
            return problem("invalid", language, errors={error.field: [say(error.saying, language)]})
        case _:
            return problem("invalid", language)


async def _faults(request: Request, error: Exception) -> JSONResponse:
    """By field, in our words: pydantic's own would repeat what was sent."""
    language = _language(request)
    errors: dict[str, list[str]] = {}
    for fault in error.errors() if isinstance(error, RequestValidationError) else ():
        said = say(shape_of(fault["type"], fault.get("ctx", {})), language)
        known = errors.setdefault(field_of(fault["loc"]), [])
        known += [said] if said not in known else []
    return problem("invalid", language, errors=errors)


async def _by_status(request: Request, error: Exception) -> JSONResponse:
    """What the framework or a webhook refuses. Its own words are not passed on."""
    if not isinstance(error, HTTPException):
        raise error
    language = _language(request)
    if error.status_code in BY_STATUS:
        return problem(BY_STATUS[error.status_code], language, headers=error.headers)
    title = http.HTTPStatus(error.status_code).phrase
    body = {"type": "about:blank", "title": title, "status": error.status_code, "detail": title}
    return JSONResponse(body, error.status_code, headers=error.headers, media_type=MEDIA_TYPE)
