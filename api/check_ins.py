"""Check-ins: what was asked, and what came."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.examples import CHECK_IN, example, page_of
from api.paging import PageOut, Wanted
from api.people import SomebodyOut
from api.problems import responses
from api.security import Reading, Tx
from medvind.model import ChannelName, State
from medvind.store import threads
from medvind.store.threads import CheckIn
from medvind.store.views import Page

router = APIRouter(prefix="/v1/check-ins", tags=["check-ins"])


class CheckInOut(BaseModel):
    """One check-in and its answer."""

    model_config = example(CHECK_IN)

    id: str
    participant: SomebodyOut
    asked_at: datetime
    state: State = Field(description="How far the question came")
    channel: ChannelName | None
    value: int | None = Field(description="1 to 5, the last one that was given; null: no answer")
    answered_at: datetime | None


class CheckInPage(PageOut[CheckInOut]):
    """Check-ins, the newest first."""

    model_config = page_of(CHECK_IN)


@router.get(
    "",
    operation_id="list_check_ins",
    summary="Check-ins and their answers",
    response_model=CheckInPage,
    responses=responses(401, 404, 422, 503),
)
async def index(reader: Reading, tx: Tx, wanted: Wanted) -> Page[CheckIn]:
    """What your people were asked and what they answered, the newest question first. Silence is told as no answer."""
    return await threads.check_ins(tx, seen_by=reader.viewer, after=wanted.after, limit=wanted.limit)
