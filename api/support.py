"""The support for starting a business: extensions that a coach records, and what they do to its end."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.examples import EXTENDED, EXTENSION, example, page_of
from api.paging import PageOut
from api.participants import Name, SupportOut
from api.people import PUBLIC_ID
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Tx, Writing
from medvind.flows import support
from medvind.flows.support import Extended, Support
from medvind.store.support import Granted
from medvind.store.views import Page

LONGEST = 12
"""Months in one extension: a short one was meant."""

router = APIRouter(route_class=Repeatable, prefix="/v1/participants/{participant_id}/support-periods", tags=["support"])
ExtensionName = Annotated[str, Path(pattern=PUBLIC_ID, description="The extension's `id`")]


class ExtensionIn(BaseModel):
    """What was granted."""

    model_config = ConfigDict(extra="forbid")

    months: int = Field(ge=1, le=LONGEST, strict=True, description="How many months more")
    granted_on: date = Field(description="The day of the decision: from the start of the business to the end that it puts off")


class ExtensionOut(BaseModel):
    """More months of support."""

    model_config = example(EXTENSION)

    id: str
    months: int
    granted_on: date


class ExtensionPage(PageOut[ExtensionOut]):
    """One person's extensions, in the order in which they were recorded; all of them on one page."""

    model_config = page_of(EXTENSION)


class ExtendedOut(ExtensionOut):
    """An extension, and what it makes of the end."""

    model_config = example(EXTENDED)

    ends_on: date | None = Field(description="The last day of support, with all extensions")


@router.get(
    "",
    operation_id="list_support_periods",
    summary="One person's extensions",
    response_model=ExtensionPage,
    responses=responses(401, 404, 422, 503),
)
async def index(participant_id: Name, reader: Reading, tx: Tx) -> Page[Granted]:
    """All extensions of one of your own people. When the support ends stands on the card."""
    return Page(tuple(await support.extensions(tx, reader.viewer, participant_id)))


@router.post(
    "",
    status_code=201,
    operation_id="grant_support_period",
    summary="Record an extension",
    response_model=ExtendedOut,
    responses=responses(401, 404, 422, 503),
)
async def grant(participant_id: Name, body: ExtensionIn, reader: Reading, tx: Writing) -> Extended:
    """Puts off the end by so many months. The person is told, and the alerts before the end move with it.

    There is at most one extension of a day, so the same call again changes nothing and gives the same answer.
    """
    return await support.grant(tx, reader.viewer, participant_id, body.months, body.granted_on, reader.now)


@router.delete(
    "/{extension_id}",
    operation_id="take_back_support_period",
    summary="Take back the last extension",
    response_model=SupportOut,
    responses=responses(401, 404, 422, 503),
)
async def take_back(participant_id: Name, extension_id: ExtensionName, reader: Reading, tx: Writing) -> Support:
    """For one that was recorded by mistake; only the last one can be taken back. The alerts before the end move with it.

    Where the person has been told of the longer period, a call stands on your list: nobody is told of this in writing.
    """
    return await support.take_back(tx, reader.viewer, participant_id, extension_id, reader.now)
