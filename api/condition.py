"""How the house is doing, for everybody who signs in: what coaches' pages show at the top while something is wrong."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.examples import STATUS, example
from api.problems import responses
from api.security import Reading, Tx
from medvind.flows.away import away, capped
from medvind.model import ChannelName

router = APIRouter(prefix="/v1/status", tags=["status"])


class AwayOut(BaseModel):
    """A channel on which nothing goes out now."""

    channel: ChannelName
    since: datetime = Field(description="When the first call failed")
    long: bool = Field(description="For more than a quarter of an hour: by then whoever keeps the service running was told")
    says: str | None = Field(description="The banner, as a sentence")


class CappedOut(BaseModel):
    """Today's SMS are used up: what is neither an answer nor urgent waits for tomorrow."""

    since: datetime = Field(description="When the first one had to wait")
    segments: int = Field(description="SMS segments handed over today, with the answers and the urgent ones since then")
    says: str | None = Field(description="The banner, as a sentence")


class StatusOut(BaseModel):
    """How the house is doing; nothing is wrong where `away` is empty and `capped` is null."""

    model_config = example(STATUS)

    away: list[AwayOut]
    capped: CappedOut | None


@router.get(
    "",
    operation_id="status",
    summary="How the house is doing",
    response_model=StatusOut,
    responses=responses(401, 404, 422, 503),
)
async def status(reader: Reading, tx: Tx) -> dict[str, object]:
    """Whether a channel's provider is away, and since when, or the day's SMS are used up.

    Messages wait meanwhile; what waits too long is a task.
    """
    return {"away": await away(tx, reader), "capped": await capped(tx, reader)}
