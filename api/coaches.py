"""Coaches: who stands in for whom and until when, and the days on which somebody is away."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.examples import ABSENCE, ABSENCE_WISH, COLLEAGUE, DEPUTY, DEPUTY_WISH, example, page_of
from api.paging import PageOut, Wanted
from api.people import PUBLIC_ID
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Tx, Writing
from medvind.flows import cover
from medvind.store.deputies import Absence, Colleague, Deputy
from medvind.store.views import Page

router = APIRouter(route_class=Repeatable, prefix="/v1/coaches", tags=["coaches"])
CoachName = Annotated[str, Path(pattern=PUBLIC_ID, description="The coach's `id`")]
AbsenceName = Annotated[str, Path(pattern=PUBLIC_ID, description="The absence's `id`")]


class DeputyOut(BaseModel):
    """Who stands in."""

    model_config = example(DEPUTY)

    id: str
    first_name: str | None
    last_day: date = Field(description="The last day of it")


class CoachOut(BaseModel):
    """A coach, and how they are covered."""

    model_config = example(COLLEAGUE)

    id: str
    first_name: str | None
    deputy: DeputyOut | None = Field(description="Who stands in today; null: nobody")
    away: bool = Field(description="Whether they are away today")


class CoachPage(PageOut[CoachOut]):
    """Coaches, by their id."""

    model_config = page_of(COLLEAGUE)


class DeputyIn(BaseModel):
    """Who shall stand in."""

    model_config = ConfigDict(**example(DEPUTY_WISH), extra="forbid")

    deputy_email: str = Field(max_length=200, description="The address that another coach signs in with")
    last_day: date = Field(description="The last day of it, at most a year ahead")


class AbsenceIn(BaseModel):
    """When a coach is away."""

    model_config = ConfigDict(**example(ABSENCE_WISH), extra="forbid")

    first_day: date
    last_day: date = Field(description="The last day away, at most a year ahead")


class AbsenceOut(BaseModel):
    """Days on which a coach is away, the first and the last included."""

    model_config = example(ABSENCE)

    id: str
    first_day: date
    last_day: date


class AbsencePage(PageOut[AbsenceOut]):
    """One coach's absences that are not over, the next one first; all of them on one page."""

    model_config = page_of(ABSENCE)


@router.get(
    "",
    operation_id="list_coaches",
    summary="You, or for an administrator all coaches",
    response_model=CoachPage,
    responses=responses(401, 404, 422, 503),
)
async def index(reader: Reading, tx: Tx, wanted: Wanted) -> Page[Colleague]:
    """A coach finds themself here, and the `id` that the other calls take."""
    return await cover.everybody(tx, reader.viewer, reader.now, wanted.after, wanted.limit)


@router.put(
    "/{coach_id}/deputy",
    operation_id="set_deputy",
    summary="Somebody stands in, until a day",
    response_model=DeputyOut,
    responses=responses(401, 404, 422, 503),
)
async def put_deputy(coach_id: CoachName, wish: DeputyIn, reader: Reading, tx: Writing) -> Deputy:
    """From now on up to and with that day they see and serve your people as you do, and are told of danger with you.

    In place of an earlier deputy. You set your own; an administrator sets anybody's.
    """
    return await cover.stand_in(tx, reader.viewer, coach_id, wish.deputy_email, wish.last_day, reader.now)


@router.delete(
    "/{coach_id}/deputy",
    status_code=204,
    operation_id="end_deputy",
    summary="Nobody stands in any more",
    responses=responses(401, 404, 422, 503),
)
async def end_deputy(coach_id: CoachName, reader: Reading, tx: Writing) -> None:
    """From now on your people are nobody's but yours. Doing it again is harmless."""
    await cover.end(tx, reader.viewer, coach_id)


@router.get(
    "/{coach_id}/absences",
    operation_id="list_absences",
    summary="When a coach is away",
    response_model=AbsencePage,
    responses=responses(401, 404, 422, 503),
)
async def absences(coach_id: CoachName, reader: Reading, tx: Tx) -> Page[Absence]:
    """Your own, for an administrator anybody's. What is over is not among them."""
    return Page(tuple(await cover.absences(tx, reader.viewer, coach_id, reader.now)))


@router.post(
    "/{coach_id}/absences",
    status_code=201,
    operation_id="add_absence",
    summary="Be away for some days",
    response_model=AbsenceOut,
    responses=responses(401, 404, 422, 503),
)
async def add_absence(coach_id: CoachName, wish: AbsenceIn, reader: Reading, tx: Writing) -> Absence:
    """On these days the deputy is told first, and without a deputy whoever is on duty. The same call again changes nothing."""
    return await cover.be_away(tx, reader.viewer, coach_id, wish.first_day, wish.last_day, reader.now)


@router.delete(
    "/{coach_id}/absences/{absence_id}",
    status_code=204,
    operation_id="take_back_absence",
    summary="Be there after all",
    responses=responses(401, 404, 422, 503),
)
async def take_back_absence(coach_id: CoachName, absence_id: AbsenceName, reader: Reading, tx: Writing) -> None:
    """For one that was a mistake, or is shorter than it was thought: then note the days that are left anew."""
    await cover.be_back(tx, reader.viewer, coach_id, absence_id)
