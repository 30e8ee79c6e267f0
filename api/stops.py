"""A stop that somebody has asked their coach for."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.examples import STOPPED, example
from api.participants import Name
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Writing
from medvind.flows import resting
from medvind.model import ChannelName

router = APIRouter(route_class=Repeatable, prefix="/v1/participants/{participant_id}/stop", tags=["participants"])


class StoppedOut(BaseModel):
    """Nothing more is sent."""

    model_config = example(STOPPED)

    told: ChannelName | None = Field(description="Where the one confirmation goes; null: nowhere")


@router.post(
    "",
    operation_id="stop_messages",
    summary="Stop everything, as they have asked you to",
    responses=responses(401, 404, 422, 503),
)
async def post(participant_id: Name, reader: Reading, tx: Writing) -> StoppedOut:
    """The same as their own STOP: no more messages on any way, and what was planned is cancelled.

    It is confirmed once, with the way back, but not at a quiet hour and not to whom nothing went. Only they can take it back,
    with START; doing it again is harmless.
    """
    return StoppedOut(told=await resting.stop_for(tx, reader.viewer, participant_id, reader.now))
