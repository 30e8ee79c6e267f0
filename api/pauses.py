"""Peace for one person: until a day, of one topic or of all messages."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.examples import PAUSE, PAUSE_WISH, example, page_of
from api.paging import PageOut
from api.participants import Name
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Tx, Writing
from medvind.flows import steer
from medvind.model import PauseReason, Topic
from medvind.store.pauses import Running
from medvind.store.views import Page

router = APIRouter(route_class=Repeatable, prefix="/v1/participants/{participant_id}/pause", tags=["pauses"])


def _spelled(topic: object) -> object:
    """`check-ins`, as in addresses, is `check_ins`."""
    return topic.replace("-", "_") if isinstance(topic, str) else topic


AnyTopic = Annotated[Topic | None, BeforeValidator(_spelled)]
OfTopic = Annotated[AnyTopic, Query(description="Which pause; without it the one of all messages")]


class PauseOut(BaseModel):
    """A pause that holds now."""

    model_config = example(PAUSE)

    topic: Topic | None = Field(description="What rests; null: everything")
    since: datetime
    until: date = Field(description="The day on which messages begin again")
    reason: PauseReason


class PausePage(PageOut[PauseOut]):
    """The pauses that hold now, the oldest first; all of them on one page."""

    model_config = page_of(PAUSE)


class PauseIn(BaseModel):
    """A pause that is wished for."""

    model_config = ConfigDict(**example(PAUSE_WISH), extra="forbid")

    until: date = Field(description="The day on which messages begin again, at most a year ahead")
    reason: Literal[PauseReason.AWAY, PauseReason.HOLIDAY, PauseReason.OTHER]
    topic: AnyTopic = Field(None, description="What rests; null: everything")


@router.get(
    "",
    operation_id="list_pauses",
    summary="The pauses that hold now",
    response_model=PausePage,
    responses=responses(401, 404, 422, 503),
)
async def index(participant_id: Name, reader: Reading, tx: Tx) -> Page[Running]:
    """At most one of each topic and one of all. A pause that is over is not among them."""
    return Page(tuple(await steer.paused(tx, reader, participant_id)))


@router.put(
    "",
    operation_id="pause",
    summary="Peace until a day",
    response_model=PauseOut,
    responses=responses(401, 404, 422, 503),
)
async def put(participant_id: Name, wish: PauseIn, reader: Reading, tx: Writing) -> Running:
    """Nothing of this topic is sent until that day, then at most one message of all that waited. A second call changes it."""
    return await steer.pause(tx, reader, participant_id, wish.topic, wish.until, wish.reason)


@router.delete(
    "",
    operation_id="resume",
    summary="End a pause now",
    response_model=PausePage,
    responses=responses(401, 404, 422, 503),
)
async def delete(participant_id: Name, reader: Reading, tx: Writing, topic: OfTopic = None) -> Page[Running]:
    """Of all that waited at most one message goes. Answers with the pauses that still hold; doing it again is harmless."""
    return Page(tuple(await steer.resume(tx, reader, participant_id, topic)))
