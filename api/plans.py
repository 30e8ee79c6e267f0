"""One person's plan: what will be sent, when and why; another time, left out, cancelled, and taken back."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AliasChoices, AwareDatetime, BaseModel, ConfigDict, Field

from api.examples import MOVE, PLAN_ITEM, example, page_of
from api.paging import PageOut
from api.participants import Name
from api.people import PUBLIC_ID
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Renewing, Writing
from medvind.flows import steer
from medvind.flows.steer import FARTHEST, Message, Standing
from medvind.model import Adjust, ChannelName, GaveWay
from medvind.store.views import Page

router = APIRouter(route_class=Repeatable, prefix="/v1/participants/{participant_id}/plan", tags=["plan"])
Item = Annotated[str, Path(pattern=PUBLIC_ID, description="The `id` of a message of the plan")]
Days = Annotated[int, Query(ge=1, le=FARTHEST, description="How many days ahead")]
USUAL_DAYS = 90


class GaveWayOut(BaseModel):
    """Why a message that is owed is not sent."""

    reason: GaveWay
    text: str | None = Field(description="The same as a sentence")


class AdjustmentOut(BaseModel):
    """What a coach decided."""

    action: Adjust = Field(description="`cancel` leaves out the rest of the chain too")
    key: str = Field(description="The message it was decided about; of a cancelled chain, the first that is left out")
    at: datetime | None = Field(validation_alias=AliasChoices("when", "at"), description="Where it was moved to; else null")


class PlanItemOut(BaseModel):
    """A message of the plan."""

    model_config = example(PLAN_ITEM)

    id: str
    kind: str
    key: str = Field(description="Made of facts, so that the same message keeps it")
    at: datetime = Field(description="When it leaves, in UTC")
    local: datetime = Field(description="The same on the person's own clock")
    valid_until: datetime = Field(description="Later than this it would be true no longer, and isn't sent")
    channel: ChannelName | None = Field(description="As things are now; null: there is no way to reach them")
    state: Standing = Field(description="`planned`: it will be sent. `gave_way`: it is owed and will not")
    why: str | None = Field(description="Why it is owed, as a sentence")
    carried_by: str | None = Field(description="The key of the message that it goes along with; null: it goes alone")
    gave_way: GaveWayOut | None
    adjustment: AdjustmentOut | None


class Plan(PageOut[PlanItemOut]):
    """What lies ahead, in the order in which it leaves; all of it on one page."""

    model_config = page_of(PLAN_ITEM)


class MoveIn(BaseModel):
    """Another time for a message."""

    model_config = ConfigDict(**example(MOVE), extra="forbid")

    at: AwareDatetime = Field(description="With its zone; in quiet hours it leaves at their end")


@router.get(
    "",
    operation_id="show_plan",
    summary="What will be sent to one person",
    response_model=Plan,
    responses=responses(401, 404, 422, 503),
)
async def show(participant_id: Name, reader: Reading, tx: Renewing, days: Days = USUAL_DAYS) -> Page[Message]:
    """Each message with its time and why, and what gave way. The plan is made up to date first: this is what will be sent."""
    return Page(tuple(await steer.show(tx, reader, participant_id, days)))


@router.post(
    "/{item_id}/move",
    operation_id="move_message",
    summary="Another time for one message",
    response_model=PlanItemOut,
    responses=responses(401, 404, 409, 422, 503),
)
async def move(participant_id: Name, item_id: Item, to: MoveIn, reader: Reading, tx: Writing) -> Message:
    """Before it would be true no longer, and not into the past. Out of quiet hours, and within what a day and a week allow."""
    return await steer.move(tx, reader, participant_id, item_id, to.at)


@router.post(
    "/{item_id}/skip",
    operation_id="skip_message",
    summary="Leave one message out",
    response_model=PlanItemOut,
    responses=responses(401, 404, 409, 422, 503),
)
async def skip(participant_id: Name, item_id: Item, reader: Reading, tx: Writing) -> Message:
    """This one is not sent; what comes after it in the same chain is."""
    return await steer.skip(tx, reader, participant_id, item_id)


@router.post(
    "/{item_id}/cancel",
    operation_id="cancel_message",
    summary="Leave out one message and the rest of its chain",
    response_model=PlanItemOut,
    responses=responses(401, 404, 409, 422, 503),
)
async def cancel(participant_id: Name, item_id: Item, reader: Reading, tx: Writing) -> Message:
    """This one is not sent, and neither is what comes after it in the same chain: no more about this deadline, say."""
    return await steer.cancel(tx, reader, participant_id, item_id)


@router.delete(
    "/{item_id}/adjustment",
    operation_id="undo_adjustment",
    summary="Take back what was decided about one message",
    response_model=PlanItemOut,
    responses=responses(401, 404, 409, 422, 503),
)
async def undo(participant_id: Name, item_id: Item, reader: Reading, tx: Writing) -> Message:
    """The message is planned as if nothing had been decided; of a cancelled chain, the whole of it. Again is harmless."""
    return await steer.undo(tx, reader, participant_id, item_id)
